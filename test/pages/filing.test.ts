/** From the sign-in to the receipt and beyond, as a citizen does it: the real engine, database, workers and sandboxes. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ProtocolJournalEntry } from '../../connectors/protocollo/sandbox.ts'
import { ADDRESS, draftIn, FORM, fileOnline, fillIn, isSummary, PROCESS_ID } from './declaration.ts'
import { pdfFile } from './pdf-file.ts'
import { openTown, type TownUnderTest, until, untilShown } from './town.ts'

const MARIO = 'RSSMRA85C01G273I'

let town: TownUnderTest
before(async () => {
  town = await openTown({ at: '2027-03-01T09:00:00Z' })
})
after(() => town.close())

const instancesOf = async (id: string): Promise<number> => {
  const filter = [{ field: 'tags', operator: '$eq' as const, value: `pratica:${id}` }]
  return (await town.gateway.query.search('process-instances', { filter, sort: [], page: { limit: 10 } })).totalItems
}

test('a deep link leads through the sign-in to the form, prefilled with what the identity provider vouches for', async () => {
  const browser = town.browser()
  await browser.signIn('Mario Rossi', FORM)
  assert.equal(browser.path, FORM)
  assert.match(browser.markup, /<h1>Cambio di residenza<\/h1>/)
  assert.match(browser.text, /Passo 1 di \d/)
  await browser.press('Avanti', { 'informativa-letta': true })
  assert.match(browser.text, /RSSMRA85C01G273I/)
  assert.equal(browser.values().has('richiedente.cf'), false, 'the tax code is no control')
})

test('the sheet says who may ask, what is needed and by when, and leads into the form of this service', async () => {
  const browser = await town.browser().open('/')
  await browser.follow('Cambio di residenza')
  assert.match(browser.text, /A chi è rivolto.*Cosa serve.*Tempi e scadenze.*45 giorni.*silenzio-assenso.*Ugo Ferri/)
  assert.match(browser.title, /^Cambio di residenza – Comune di Esempio$/)
  await browser.signIn('Mario Rossi', browser.linkTo('Accedi e compila la richiesta'))
  assert.equal(browser.path, FORM)
})

test('questions that an answer adds are asked before the next step, without blame', async () => {
  const browser = await town.browser().signIn('Mario Rossi', FORM)
  await browser.press('Avanti', { 'informativa-letta': true })
  await browser.press('Avanti')
  await browser.press('Avanti', ADDRESS)
  await browser.press('Avanti', { 'istanza.tipo': 'ALTRO_COMUNE', 'istanza.dataTrasferimento': '2027-02-20' })
  assert.equal(browser.status, 200)
  assert.match(browser.text, /Ci sono altre domande.*Comune di provenienza/)
  assert.doesNotMatch(browser.text, /Compila questo campo/)
  assert.match(browser.markup, /href="#campo-istanza-comuneProvenienza"/)
  await browser.press('Avanti')
  assert.match(browser.text, /Comune di provenienza: Compila questo campo/)
  await browser.press('Avanti', { 'istanza.comuneProvenienza': 'Prato' })
  assert.match(browser.text, /Passo 5 di \d/)
})

test('what is missing or wrong is told at the top of its step, with a link to the field, and nothing typed is lost', async () => {
  const browser = await town.browser().signIn('Mario Rossi')
  await fillIn(browser, { 'istanza.dataTrasferimento': 'ieri' })
  assert.equal(browser.status, 422)
  assert.match(browser.title, /^Errore: Il trasferimento – Cambio di residenza/)
  assert.match(browser.markup, /href="#campo-istanza-dataTrasferimento"/)
  assert.match(browser.markup, /id="campo-istanza-dataTrasferimento"/)
  assert.deepEqual(browser.values().get('istanza.dataTrasferimento'), ['ieri'])
  assert.equal((await town.database('practice').count('* as n'))[0]?.n, '0')
})

test('summary, receipt with number, term and effect of silence, then the practice among one’s own', async () => {
  const browser = town.browser()
  await browser.signIn('Mario Rossi')
  await fillIn(browser)
  assert.match(browser.text, /via Libertà/)
  assert.match(browser.text, /Verifica che siano corrette/)
  await browser.follow('Modifica Il nuovo indirizzo')
  assert.deepEqual(browser.values().get('istanza.indirizzo.via'), ['via Libertà'])
  await browser.press('Avanti', { 'istanza.indirizzo.via': 'via Roma' })
  assert.ok(isSummary(browser), 'back to the summary')
  assert.match(browser.text, /via Roma/)
  await browser.press('Conferma e invia')
  const receipt = browser.path
  assert.match(browser.text, /Ugo Ferri/)
  const shown = await untilShown(browser, receipt, /\d+\/2027.*15\/04\/2027/)
  assert.match(shown, /preavviso di rigetto/)
  const id = receipt.split('/')[2]!
  await browser.open('/pratiche')
  assert.match(browser.text, /in lavorazione/)
  await browser.open(`/pratiche/${id}`)
  assert.match(browser.text, /Registrata in anagrafe.*entro|Registrata in anagrafe Previsto: 03\/03\/2027/)
  await browser.open(`/pratiche/${id}/ricevuta.txt`)
  assert.match(browser.headers.get('content-disposition') ?? '', /attachment/)
  assert.match(browser.markup, /RSSMRA85C01G273I/)
  const actions = await town.database('access_log').where({ practice: id }).pluck('action')
  for (const action of ['file', 'read', 'download']) assert.ok(actions.includes(action), action)
})

test('what is attached is registered with the declaration, by its name and fingerprint', async () => {
  const browser = await town.browser().signIn('Mario Rossi')
  const contract = pdfFile('contratto.pdf')
  const id = await fileOnline(browser, { 'istanza.titolo.copia': contract })
  await untilShown(browser, `/pratiche/${id}/ricevuta`, /\d{7}\/2027/)
  const [attached] = (await town.documents.ofPractice(id)).filter(({ nome }) => nome === 'contratto.pdf')
  const journal = (await town.journal('protocollo')) as readonly ProtocolJournalEntry[]
  const registered = journal.flatMap((line) => (line.operazione === 'registra' ? line.registrazione.documenti : []))
  assert.equal(registered.find(({ nome }) => nome === 'contratto.pdf')?.impronta, attached?.impronta)
})

test('pressed twice, at once or later, it is one practice and one instance', async () => {
  const browser = town.browser()
  await browser.signIn('Lucia Bianchi')
  await fillIn(browser)
  const [again, atOnce] = [browser.twin(), browser.twin()]
  await Promise.all([browser.press('Conferma e invia'), atOnce.press('Conferma e invia')])
  await again.press('Conferma e invia')
  assert.equal(again.path, browser.path)
  assert.equal(atOnce.path, browser.path)
  assert.equal(await instancesOf(browser.path.split('/')[2]!), 1)
})

test('a program that died between the row and its instance is made good by the next press; until then nothing was filed', async () => {
  const browser = await town.browser().signIn('Mario Rossi')
  await fillIn(browser)
  const id = draftIn(browser)
  const row = { id, process_id: PROCESS_ID, channel: 'online', owner: MARIO, filed_by: MARIO }
  await town.database('practice').insert({ ...row, filed_at: new Date('2027-03-01T09:00:00Z') })
  const other = browser.twin()
  assert.equal((await other.open(`/pratiche/${id}`)).status, 404)
  assert.doesNotMatch((await other.open('/pratiche')).markup, new RegExp(`/pratiche/${id}`))
  await browser.press('Conferma e invia')
  assert.equal(browser.path, `/pratiche/${id}/ricevuta`)
  assert.equal(await instancesOf(id), 1)
})

test('a program that died after the instance, before its key was written, joins the two when it starts again', async () => {
  const browser = await town.browser().signIn('Mario Rossi')
  await fillIn(browser)
  const summary = browser.twin()
  await browser.press('Conferma e invia')
  const id = browser.path.split('/')[2]!
  const forget = () => town.database('practice').where({ id }).update({ process_instance_key: null })
  await forget()
  await town.openPages()
  assert.equal((await browser.open(`/pratiche/${id}`)).status, 200)
  await forget()
  await summary.press('Conferma e invia')
  assert.equal(summary.path, `/pratiche/${id}/ricevuta`, 'or at the next press')
  assert.equal(await instancesOf(id), 1)
})

test('renounced with a confirmation, once: the procedure ends, the page says so', async () => {
  const browser = town.browser()
  await browser.signIn('Mario Rossi')
  const id = await fileOnline(browser)
  await untilShown(browser, `/pratiche/${id}`, /in lavorazione/)
  await browser.follow('Rinuncia alla pratica')
  const twin = browser.twin()
  await browser.press('Conferma la rinuncia')
  await twin.press('Conferma la rinuncia')
  await untilShown(browser, `/pratiche/${id}`, /Stato: rinunciata/)
  assert.doesNotMatch(browser.text, /Rinuncia alla pratica$/)
  assert.equal(
    (await browser.open(`/pratiche/${id}/rinuncia`)).path,
    `/pratiche/${id}`,
    'there is nothing left to renounce',
  )
})

test('R5 at the counter: what the paper lacks is filed all the same, and found not receivable', async () => {
  const clerk = town.browser()
  await clerk.signIn('Ugo Ferri')
  await clerk.open(`/scrivania/sportello/${PROCESS_ID}`)
  await clerk.press('Aggiorna le domande', { 'istanza.tipo': 'ALTRO_COMUNE', 'istanza.titolo.tipo': 'LOCAZIONE' })
  await clerk.press('Presenta', {
    'richiedente.nome': 'Mario',
    'richiedente.cognome': 'Rossi',
    'richiedente.cf': 'RSSMRA85C01G273I',
    'richiedente.email': 'mario.rossi@posta.example',
    'istanza.dataTrasferimento': '2027-02-20',
    'istanza.indirizzo.via': 'via Libertà',
    'istanza.comuneProvenienza': 'Prato',
  })
  assert.equal(clerk.status, 200, clerk.text)
  const citizen = town.browser()
  await citizen.signIn('Mario Rossi')
  const shown = await until(
    async () => (await citizen.open('/pratiche')).text,
    (text) => /irricevibile/.test(text),
  )
  assert.match(shown, /irricevibile/)
})
