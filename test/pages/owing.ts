/** A procedure that asks for money, and a practice of Mario Rossi that owes it. */
import { randomUUID } from 'node:crypto'
import { practicesIn } from '../../forms/server/store/practices.ts'
import { PROCESS_ID } from './declaration.ts'
import type { TownUnderTest } from './town.ts'

const GIVEN = ['pratica', 'richiedente', 'termine', 'oggetto', 'ufficio', 'voci']
/** Under that id: it asks for money and then goes on. */
export const procedureThatCharges = (id: string): Uint8Array =>
  new TextEncoder().encode(
    `<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="prova" targetNamespace="prova"><bpmn:process id="${id}" isExecutable="true"><bpmn:startEvent id="inizio" /><bpmn:sequenceFlow id="f1" sourceRef="inizio" targetRef="paga" /><bpmn:callActivity id="paga"><bpmn:extensionElements><zeebe:calledElement processId="ca-pagamento" propagateAllParentVariables="false" propagateAllChildVariables="false" /><zeebe:ioMapping>${GIVEN.map((name) => `<zeebe:input source="=${name}" target="${name}" />`).join('')}<zeebe:output source="=pagamento" target="pagamento" /></zeebe:ioMapping></bpmn:extensionElements></bpmn:callActivity><bpmn:sequenceFlow id="f2" sourceRef="paga" targetRef="rilascia" /><bpmn:userTask id="rilascia"><bpmn:extensionElements><zeebe:userTask /></bpmn:extensionElements></bpmn:userTask></bpmn:process></bpmn:definitions>`,
  )

/** A practice of the registry office, in an instance of the procedure with that id. */
export async function owe(town: TownUnderTest, bpmnProcessId = PROCESS_ID) {
  const id = randomUUID()
  const filedAt = new Date(town.now())
  const owner = 'RSSMRA85C01G273I'
  const practices = practicesIn(town.database)
  await practices.add({ id, processId: PROCESS_ID, channel: 'online', owner, filedBy: 'x', filedAt, applicant: null })
  const end = { giorno: '2027-06-02', istante: '2027-06-02T22:00:00Z' }
  const variables = JSON.stringify({
    pratica: { id, tipo: PROCESS_ID, protocollo: { numero: '0000001', anno: 2027, data: '2027-05-03T07:00:00Z' } },
    richiedente: { cf: owner, nome: 'Mario', cognome: 'Rossi', email: 'mario.rossi@posta.example' },
    termine: {
      ...{ inizio: '2027-05-03', giorni: 30, tipo: 'calendario', scadenza: '2027-06-03', sospensioni: [], allarmi: [] },
      ...{ effetto: '2027-06-03T22:00:00Z', contato: end },
    },
    ...{ oggetto: 'Occupazione di suolo pubblico', ufficio: 'tributi.operatori' },
    voci: [
      { voce: 'Canone', importo: 26, centesimi: 2600, motivo: '1,30 € × 20 mq × 1 giorno' },
      { voce: 'Bollo <b>due</b>', importo: 52, centesimi: 5200, motivo: null },
    ],
  })
  const { processInstanceKey } = await town.gateway.createProcessInstance({ bpmnProcessId, variables })
  await practices.start(id, processInstanceKey)
  return { id, processInstanceKey }
}
