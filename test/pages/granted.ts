/** Public ground that was granted to Lucia Bianchi from the first to the tenth of April 2027, as the request's procedure tells it. */
import { randomUUID } from 'node:crypto'
import { practicesIn } from '../../forms/server/store/practices.ts'
import { LAND_USE_ID } from './declaration.ts'
import type { TownUnderTest } from './town.ts'

export const LUCIA = {
  ...{ cf: 'BNCLCU90E45G999C', nome: 'Lucia', cognome: 'Bianchi', natura: 'PRIVATO' },
  ...{ email: 'lucia.bianchi@posta.example', domicilioDigitale: 'lucia.bianchi@pec.example' },
}
const protocollo = { numero: '0000001', anno: 2027, registro: 'PROTOCOLLO', data: '2027-03-01T09:00:00Z' }

/** Her request, which has ended with the concession, in place of the delivered procedure; resolves with its id and the key of its instance. */
export async function grantedRequest(town: TownUnderTest): Promise<{ readonly id: string; readonly key: string }> {
  await town.gateway.deployResources({ resources: [{ name: 'concessa.bpmn', content: CONCEDED }] })
  const practices = practicesIn(town.database)
  const id = randomUUID()
  const filed = { filedBy: LUCIA.cf, filedAt: new Date(town.now()), owner: LUCIA.cf, applicant: null }
  await practices.add({ id, processId: LAND_USE_ID, channel: 'online', ...filed })
  const variables = { pratica: { id, tipo: LAND_USE_ID, protocollo }, richiedente: LUCIA, esito: 'CONCESSA' }
  const started = { bpmnProcessId: LAND_USE_ID, variables: JSON.stringify(variables) }
  const { processInstanceKey: key } = await town.gateway.createProcessInstance(started)
  await practices.start(id, key)
  return { id, key }
}
const CONCEDED = new TextEncoder().encode(
  `<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="prova-concessa" targetNamespace="prova"><bpmn:process id="${LAND_USE_ID}" isExecutable="true"><bpmn:startEvent id="inizio" /><bpmn:sequenceFlow id="f1" sourceRef="inizio" targetRef="fine" /><bpmn:endEvent id="fine" /></bpmn:process></bpmn:definitions>`,
)

/** What follows the concession begins for that practice. `richiedente`: to whom it was granted. */
export async function grantGround(town: TownUnderTest, id: string, richiedente: object = LUCIA): Promise<void> {
  const occupazione = {
    tipo: 'CANTIERE',
    durata: 'TEMPORANEA',
    dal: '2027-04-01',
    al: '2027-04-10',
    viabilita: 'NESSUNA',
  }
  const poligono =
    'POLYGON((11.0979000 43.8820400, 11.0980200 43.8820400, 11.0980200 43.8820600, 11.0979000 43.8820600, 11.0979000 43.8820400))'
  const variables = {
    pratica: { id, tipo: LAND_USE_ID, protocollo },
    richiedente,
    istanza: { occupazione, area: { via: 'via Garibaldi', civico: '3', mq: 20 } },
    luogo: { zona: 'A', mq: 20, poligono },
    canone: { voci: [], totale: 0, centesimi: 0 },
    concessione: { numero: '0000001/2027', protocollo },
    prescrizioni: '',
  }
  await town.gateway.publishMessage({
    ...{ name: 'concessione.rilasciata', correlationKey: id, messageId: '', timeToLiveMs: 0 },
    variables: JSON.stringify(variables),
  })
}
