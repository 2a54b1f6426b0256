/** What is to be paid stands on the practice's page, to citizen and office; it is paid at pagoPA's, and nothing else proves that it was. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { PROCESS_ID } from './declaration.ts'
import { owe, procedureThatCharges } from './owing.ts'
import { openTown, type TownUnderTest, untilShown } from './town.ts'

let town: TownUnderTest
before(async () => {
  town = await openTown({ at: '2027-05-06T08:00:00Z' })
  const resource = { name: 'prova.bpmn', content: procedureThatCharges(PROCESS_ID) }
  await town.gateway.deployResources({ resources: [resource] })
})
after(() => town.close())

const OWED =
  /Da pagare 78,00 € entro il 21\/05\/2027, avviso pagoPA 301\d{15} Voce Importo Canone 1,30 € × 20 mq × 1 giorno 26,00 € Bollo <b>due<\/b> 52,00 €/

test('what is owed, why, until when; pagoPA’s page; and only what pagoPA says makes it paid', async () => {
  const { id, processInstanceKey } = await owe(town)
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
  const { id } = await owe(town)
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
  const { id } = await owe(town)
  const citizen = await town.browser().signIn('Mario Rossi')
  await untilShown(citizen, `/pratiche/${id}`, /Paga online/)
  await citizen.open('/area')
  assert.match(citizen.text, /Paga quanto dovuto entro il 21\/05\/2027/)
  await citizen.open('/lingua/en')
  await citizen.open(`/pratiche/${id}`)
  assert.match(citizen.text, /To be paid.*€ 78,00 by 21\/05\/2027.*Pay online|Pay online.*€ 78,00 by 21\/05\/2027/)
})
