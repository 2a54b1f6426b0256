/** What is to be paid stands on the practice's page, to citizen and office; it is paid at pagoPA's, and nothing else proves that it was. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { practicesIn } from '../../forms/server/store/practices.ts'
import { PROCESS_ID } from './declaration.ts'
import { openTown, type TownUnderTest, untilShown } from './town.ts'

let town: TownUnderTest
before(async () => {
  town = await openTown({ at: '2027-05-06T08:00:00Z' })
  const content = Buffer.from(PAYS)
  await town.gateway.deployResources({ resources: [{ name: 'prova.bpmn', content }] })
})
after(() => town.close())

const GIVEN = ['pratica', 'richiedente', 'termine', 'oggetto', 'ufficio', 'voci']
/** A procedure of the registry office that asks for money and then goes on. */
const PAYS = `<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="prova" targetNamespace="prova"><bpmn:process id="${PROCESS_ID}" isExecutable="true"><bpmn:startEvent id="inizio" /><bpmn:sequenceFlow id="f1" sourceRef="inizio" targetRef="paga" /><bpmn:callActivity id="paga"><bpmn:extensionElements><zeebe:calledElement processId="ca-pagamento" propagateAllParentVariables="false" propagateAllChildVariables="false" /><zeebe:ioMapping>${GIVEN.map((name) => `<zeebe:input source="=${name}" target="${name}" />`).join('')}<zeebe:output source="=pagamento" target="pagamento" /></zeebe:ioMapping></bpmn:extensionElements></bpmn:callActivity><bpmn:sequenceFlow id="f2" sourceRef="paga" targetRef="rilascia" /><bpmn:userTask id="rilascia"><bpmn:extensionElements><zeebe:userTask /></bpmn:extensionElements></bpmn:userTask></bpmn:process></bpmn:definitions>`

/** Of Mario Rossi; answers its id and instance. */
async function ask() {
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
  const { processInstanceKey } = await town.gateway.createProcessInstance({ bpmnProcessId: PROCESS_ID, variables })
  await practices.start(id, processInstanceKey)
  return { id, processInstanceKey }
}

const OWED =
  /Da pagare 78,00 € entro il 21\/05\/2027, avviso pagoPA 301\d{15} Voce Importo Canone 1,30 € × 20 mq × 1 giorno 26,00 € Bollo <b>due<\/b> 52,00 €/

test('what is owed, why, until when; pagoPA’s page; and only what pagoPA says makes it paid', async () => {
  const { id, processInstanceKey } = await ask()
  const page = `/pratiche/${id}`
  const citizen = await town.browser().signIn('Mario Rossi')
  await untilShown(citizen, page, /Scarica l’avviso \(PDF\)/)
  assert.match(citizen.text, OWED)
  assert.match(citizen.text, /Stato: da pagare.*Aspetta te Paga quanto dovuto entro il 21\/05\/2027/)
  assert.match(citizen.text, /Paga quanto dovuto Previsto: 21\/05\/2027/)
  const paper = await citizen.twin().follow('Scarica l’avviso (PDF)')
  assert.equal(paper.headers.get('content-type'), 'application/pdf')

  const clerk = await town.browser().signIn('Ugo Ferri')
  await clerk.open(`/scrivania/pratiche/${processInstanceKey}`)
  assert.match(clerk.text, OWED)

  await citizen.open(`${page}?pagamento=fatto`)
  assert.match(citizen.text, /Appena pagoPA ci conferma il pagamento/)
  assert.match(citizen.text, OWED, 'who says so has not paid')

  await citizen.follow('Paga online')
  assert.match(citizen.markup, /Paga 78,00/, 'the page of the platform')
  const [button] = /Paga 78,00\s€/.exec(citizen.text) ?? []
  await citizen.press(button ?? '')
  assert.equal(new URL(citizen.address).pathname + new URL(citizen.address).search, `${page}?pagamento=fatto`)
  await untilShown(citizen, page, /Hai pagato Fatto: 06\/05\/2027/)
  assert.doesNotMatch(citizen.text, /Da pagare|Paga online/)
  assert.match(citizen.text, /Pagati in tutto 78,00 €.*Canone.*ricevuta/)
  await clerk.open(`/scrivania/pratiche/${processInstanceKey}`)
  assert.doesNotMatch(clerk.text, /Da pagare/)
  assert.equal((await citizen.open(`${page}/pagamento`)).status, 200)
  assert.equal(new URL(citizen.address).pathname, page, 'nothing is left to pay')
})

test('a page that does not open is said, and the notice stays; whose practice it is not pays nothing', async () => {
  const { id } = await ask()
  const page = `/pratiche/${id}`
  const citizen = await town.browser().signIn('Mario Rossi')
  await untilShown(citizen, page, /Paga online/)
  await town.plan('pagopa', { operation: 'carrello', kind: 'error-before', times: 1 })
  await citizen.follow('Paga online')
  assert.match(citizen.text, /La pagina di pagamento di pagoPA adesso non risponde/)
  assert.match(citizen.text, OWED)
  const lucia = await town.browser().signIn('Lucia Bianchi')
  assert.equal((await lucia.open(`${page}/pagamento`)).status, 404)
})

test('in the personal area a notice waits with its day, in English too', async () => {
  const { id } = await ask()
  const citizen = await town.browser().signIn('Mario Rossi')
  await untilShown(citizen, `/pratiche/${id}`, /Paga online/)
  await citizen.open('/area')
  assert.match(citizen.text, /Paga quanto dovuto entro il 21\/05\/2027/)
  await citizen.open('/lingua/en')
  await citizen.open(`/pratiche/${id}`)
  assert.match(citizen.text, /To be paid.*€ 78,00 by 21\/05\/2027.*Pay online|Pay online.*€ 78,00 by 21\/05\/2027/)
})
