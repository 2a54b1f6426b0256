/** What goes on after a concession stands on the page of its request, to its holder and to the office: state, notices, acts, account. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { codeOf } from './acts.ts'
import type { Browser } from './browser.ts'
import { grantedRequest, grantGround, LUCIA } from './granted.ts'
import { openTown, type TownUnderTest, until, untilShown } from './town.ts'

let town: TownUnderTest
let lucia: Browser
before(async () => {
  town = await openTown({ at: '2027-04-05T08:00:00Z', mailPollMs: 200 })
  lucia = await town.browser().signIn('Lucia Bianchi')
})
after(() => town.close())

/** The newest open task of that element, whatever instance it is in. */
async function taskOf(elementId: string): Promise<string> {
  const filter = [
    { field: 'elementId', operator: '$eq' as const, value: elementId },
    { field: 'state', operator: '$eq' as const, value: 'CREATED' },
  ]
  const sort = [{ field: 'creationDate', order: 'DESC' as const }]
  const { items } = await until(
    () => town.gateway.query.search('user-tasks', { filter, sort, page: { limit: 1 } }),
    (found) => found.items.length > 0,
  )
  return String(items[0]!.userTaskKey)
}

const complete = async (elementId: string, variables: object): Promise<void> =>
  town.gateway.completeUserTask(await taskOf(elementId), JSON.stringify(variables))

async function sign(firmatario: string): Promise<void> {
  await complete('verifica-bozza', { verifica: { esito: 'FIRMA' } })
  await complete('firma-atto', { firma: { decisione: 'FIRMA', firmatario } })
  const task = await taskOf('scrivi-codice')
  const otp = await until(
    () => codeOf(town, firmatario),
    (code) => code !== '',
  )
  await town.gateway.completeUserTask(task, JSON.stringify({ codice: { azione: 'FIRMA', otp } }))
}

/** The instance that goes on after that practice. */
async function lifeOf(id: string): Promise<string> {
  const filter = [{ field: 'correlationKey', operator: '$eq' as const, value: id }]
  const search = { filter, sort: [], page: { limit: 1 } }
  const { items } = await town.gateway.query.search('correlated-message-subscriptions', search)
  return String(items[0]?.processInstanceKey)
}

test('an extension, from asking to the act that was notified, and an inspection beside it, are told on the one page', async () => {
  const { id, key } = await grantedRequest(town)
  const page = `/pratiche/${id}`
  await untilShown(lucia, page, /Stato: concessa(?!,)/)
  await grantGround(town, id)
  await untilShown(
    lucia,
    page,
    /Stato: concessa, occupazione in corso.*Ultimo giorno dell’occupazione Previsto: 10\/04\/2027/,
  )
  await lucia.open(`${page}/proroga`)
  await lucia.press('Chiedi la proroga', { al: '2027-04-20', motivo: 'I lavori sono in ritardo' })
  await complete('valuta-proroga', { valutazioneProroga: { esito: 'ACCOLTA' } })
  await untilShown(lucia, page, /Stato: da pagare.*338,00 € entro il 20\/04\/2027/)
  assert.match(lucia.text, /Proroga chiesta Fatto: 05\/04\/2027/)

  await town.gateway.publishMessage({
    ...{ name: 'controllo.disposto', correlationKey: id, messageId: '', timeToLiveMs: 0 },
    variables: JSON.stringify({ controllo: { motivo: 'Un vicino segnala', entro: '2027-04-06' } }),
  })
  const found = { esito: 'DIFFORME', misure: 30, data: '2027-04-05T10:30:00+02:00' }
  await complete('esegui-sopralluogo', { sopralluogo: found })
  await sign('carla.comandante')
  await untilShown(
    lucia,
    page,
    /Verbale di occupazione abusiva Protocollo \d{7}\/2027.*Notificato per PEC, consegnata il 05\/04\/2027/,
  )
  assert.match(lucia.text, /Ha effetto dal 05\/04\/2027/)
  await untilShown(lucia, page, /338,00 € entro.*1287,00 € entro|1287,00 € entro.*338,00 € entro/)
  assert.match((await lucia.open('/area')).text, /(Paga quanto dovuto.*){2}/)
  const clerk = await town.browser().signIn('Olga Testa')
  await clerk.open(`/scrivania/pratiche/${key}`)
  assert.match(clerk.text, /Da pagare.*338,00 € entro.*Verbale di occupazione abusiva.*Notificato per PEC/)
  await clerk.follow('Vita dell’occupazione di suolo pubblico')
  assert.match(
    clerk.text,
    /Lucia Bianchi.*Segui l’occupazione.*Verbale\.pdf.*338,00 € entro.*Verbale di occupazione abusiva/,
  )

  await lucia.open(page)
  const links = [...lucia.markup.matchAll(/href="([^"]*pagamento\?avviso=\d{18})"/g)].map(([, to]) => to!)
  assert.equal(new Set(links).size, 2, 'each notice is paid on its own')
  for (const link of links) {
    await lucia.open(link)
    await lucia.press(/Paga \d+,\d\d\s€/.exec(lucia.text)?.[0] ?? '')
  }
  await untilShown(lucia, page, /Proroga pagata Fatto: 05\/04\/2027/)
  await sign('dario.dirigente')
  await untilShown(lucia, page, /Proroga della concessione di suolo pubblico Protocollo.*Notificato per PEC/)
  await untilShown(lucia, page, /Pagati in tutto 1625,00 €/)
  assert.doesNotMatch(lucia.text, /Da pagare|Paga online/)
  assert.match(lucia.text, /Ultimo giorno dell’occupazione Previsto: 20\/04\/2027/)
  assert.match(lucia.text, /Proroga\.pdf \(PDF/)
  const act = await lucia.twin().follow('Proroga della concessione di suolo pubblico')
  assert.equal(act.headers.get('content-type'), 'application/pdf')

  const mario = await town.browser().signIn('Mario Rossi')
  assert.equal((await mario.open(page)).status, 404)
  assert.equal((await mario.open(act.path)).status, 404)
  assert.equal((await mario.open(links[0]!)).status, 404)
})

test('an extension is not refused before its holder could answer the reasons', async () => {
  const { id } = await grantedRequest(town)
  const page = `/pratiche/${id}`
  await grantGround(town, id)
  await untilShown(lucia, page, /Chiedi una proroga/)
  await lucia.open(`${page}/proroga`)
  await lucia.press('Chiedi la proroga', { al: '2027-04-30' })
  await complete('valuta-proroga', { valutazioneProroga: { esito: 'NEGATA', motivazione: 'Serve al mercato' } })
  await complete('scrivi-preavviso', { preavviso: { motivi: 'La via serve al mercato' } })
  await untilShown(
    lucia,
    page,
    /Stato: in attesa delle tue osservazioni.*Presenta le tue osservazioni entro il 15\/04\/2027/,
  )
  assert.match(lucia.text, /Preavviso di rigetto: Proroga.*Notificato per PEC, consegnata il 05\/04\/2027/)
  await lucia.open(`/messaggi/${id}.preavviso-seguito`)
  assert.match(lucia.text, /La via serve al mercato/)
  await lucia.open(`${page}/osservazioni`)
  await lucia.press('Invia le osservazioni', { testo: 'Il mercato è in un’altra via' })
  await untilShown(lucia, page, /Hai inviato le tue osservazioni Fatto/)
  const answer = { decisione: { esito: 'NON_ACCOLTE', motivazione: 'Il mercato si sposta' } }
  await complete('decidi-osservazioni', answer)
  await sign('dario.dirigente')
  await untilShown(lucia, page, /Diniego della proroga Protocollo.*Notificato per PEC/)
  assert.match(lucia.text, /Stato: concessa, occupazione in corso/)
})

test('once it is over, it stays on the page: what was given up, the area checked, the end', async () => {
  const { id } = await grantedRequest(town)
  const page = `/pratiche/${id}`
  await grantGround(town, id)
  await untilShown(lucia, page, /Rinuncia alla pratica/)
  await lucia.open(`${page}/rinuncia`)
  await lucia.press('Conferma la rinuncia', { motivo: 'Non serve più' })
  await untilShown(
    lucia,
    page,
    /Stato: occupazione finita per rinuncia.*Ultimo giorno dell’occupazione Fatto: 05\/04\/2027/,
  )
  await complete('esegui-sopralluogo', { sopralluogo: { esito: 'CONFORME', data: '2027-04-05T12:00:00+02:00' } })
  await untilShown(lucia, page, /Stato: occupazione conclusa.*Area verificata Fatto: 05\/04\/2027/)
  const life = await lifeOf(id)
  await until(
    () => town.gateway.query.get('process-instances', life),
    (instance) => instance?.state === 'COMPLETED',
  )
  assert.match((await lucia.open(page)).text, /Stato: occupazione conclusa/)
  await lucia.open('/lingua/en')
  assert.match((await lucia.open(page)).text, /State: occupation concluded.*Area checked/)
  await lucia.open('/lingua/it')
})

test('what another is asked to pay is not told to who filed the request', async () => {
  const { id } = await grantedRequest(town)
  const page = `/pratiche/${id}`
  const other = { cf: 'RSSMRA85C01G273I', nome: 'Mario', cognome: 'Rossi', natura: 'PRIVATO' }
  await grantGround(town, id, { ...LUCIA, ...other })
  await untilShown(lucia, page, /Chiedi una proroga/)
  await lucia.open(`${page}/proroga`)
  await lucia.press('Chiedi la proroga', { al: '2027-04-15' })
  await complete('valuta-proroga', { valutazioneProroga: { esito: 'ACCOLTA' } })
  const clerk = await town.browser().signIn('Olga Testa')
  await untilShown(clerk, `/scrivania/pratiche/${await lifeOf(id)}`, /Da pagare/)
  assert.doesNotMatch((await lucia.open(page)).text, /Da pagare|Paga online/)
})
