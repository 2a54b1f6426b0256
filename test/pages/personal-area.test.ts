/** A citizen's own place: drafts that can be left and resumed, what nobody is asked twice, messages, dates, the answer to the office, the rating. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Resident } from '../../forms/server/register.ts'
import type { Browser } from './browser.ts'
import { ADDRESS, draftIn, FORM, fileOnline, fillIn, isSummary, PROCESS_ID } from './declaration.ts'
import { grantGround } from './granted.ts'
import { pdfFile } from './pdf-file.ts'
import { openTown, type TownUnderTest, until, untilShown } from './town.ts'

const GIULIA = { cf: 'RSSGLI18P54G999I', nome: 'Giulia', cognome: 'Rossi', parentela: 'FIGLIO', nascita: '2018-09-14' }
const RESIDENT: Resident = { comune: 'Prato', via: 'via Garibaldi', civico: '3', famiglia: [GIULIA] }
const TITLE = pdfFile('contratto.pdf')

let town: TownUnderTest
/** What the register is asked, and what it answers; an error is thrown. */
const asked: { cf: string; reference: string }[] = []
let answer: Resident | null | Error = null

before(async () => {
  town = await openTown({
    at: '2027-03-01T09:00:00Z',
    register: async (cf, reference) => {
      asked.push({ cf, reference })
      if (answer instanceof Error) throw answer
      return answer
    },
  })
})
after(() => town.close())

const position = ({ text }: Browser): string => /Passo (\d+) di \d+/.exec(text)?.[1] ?? ''
/** To the step with that position, everything before it filled in. */
async function stepTo(browser: Browser, step: number): Promise<void> {
  await fillIn(browser)
  await browser.open(`${FORM}?bozza=${draftIn(browser)}&passo=${step}`)
}

test('a draft is left on any step, one value invalid, and resumed after signing in anew: the same step and values', async () => {
  const browser = await town.browser().signIn('Mario Rossi', FORM)
  await browser.press('Salva la bozza')
  assert.match(browser.text, /Richiesta salvata con successo/, 'before the notice is read')
  await browser.press('Avanti', { 'informativa-letta': true })
  await browser.press('Avanti')
  await browser.press('Avanti', ADDRESS)
  await browser.press('Salva la bozza', { 'istanza.tipo': 'ESTERO', 'istanza.dataTrasferimento': 'ieri' })
  assert.match(browser.text, /Richiesta salvata con successo\. La teniamo fino al 30\/04\/2027/)
  assert.equal(browser.status, 200, 'saving never validates')
  const draft = draftIn(browser)
  await browser.press('Esci')
  const later = await town.browser().signIn('Mario Rossi', '/pratiche')
  await later.follow('Riprendi Cambio di residenza')
  assert.equal(draftIn(later), draft)
  assert.equal(position(later), '4')
  assert.deepEqual(later.values().get('istanza.dataTrasferimento'), ['ieri'])
  assert.deepEqual(later.values().get('istanza.tipo')?.filter(Boolean), ['ESTERO'])
  await later.press('Indietro')
  assert.equal(position(later), '3')
})

test('back, change and on again: what other steps hold stays, and the summary shows the change', async () => {
  const browser = await town.browser().signIn('Mario Rossi')
  await stepTo(browser, 2)
  await browser.press('Avanti', { 'richiedente.email': 'nuova@posta.example' })
  await browser.open(`${FORM}?bozza=${draftIn(browser)}&passo=riepilogo`)
  assert.ok(isSummary(browser))
  assert.match(browser.text, /nuova@posta\.example.*via Libertà/)
})

test('two windows on one draft lose nothing of each other', async () => {
  const browser = await town.browser().signIn('Mario Rossi')
  await stepTo(browser, 3)
  const other = browser.twin()
  await other.open(`${FORM}?bozza=${draftIn(browser)}&passo=2`)
  await browser.press('Salva la bozza', { 'istanza.indirizzo.via': 'via Roma' })
  await other.press('Salva la bozza', { 'richiedente.email': 'altra@posta.example' })
  await browser.open(`${FORM}?bozza=${draftIn(browser)}&passo=riepilogo`)
  assert.match(browser.text, /altra@posta\.example.*via Roma/)
})

test('an incomplete request has no summary: the first step that lacks something is shown instead, and says what', async () => {
  const browser = await town.browser().signIn('Mario Rossi', FORM)
  await browser.press('Avanti', { 'informativa-letta': true })
  await browser.open(`${FORM}?bozza=${draftIn(browser)}&passo=riepilogo`)
  assert.equal(position(browser), '3')
  assert.match(browser.text, /Via o piazza: Compila questo campo/)
})

test('what the summary did not show is not sent', async () => {
  const browser = await town.browser().signIn('Mario Rossi')
  await fillIn(browser)
  const summary = browser.twin()
  await browser.open(`${FORM}?bozza=${draftIn(browser)}&passo=3`)
  await browser.press('Avanti', { 'istanza.indirizzo.via': 'via Roma' })
  await summary.press('Conferma e invia')
  assert.match(summary.text, /Non è stato inviato nulla.*via Roma/)
  await summary.press('Conferma e invia')
  assert.match(summary.path, /ricevuta$/)
})

test('a draft is deleted after a question, with the file attached to it; what was sent keeps its files', async () => {
  const browser = await town.browser().signIn('Mario Rossi')
  await stepTo(browser, 5)
  await browser.press('Salva la bozza', { 'istanza.titolo.copia': TITLE })
  assert.match(browser.text, /contratto\.pdf/)
  const [before] = await town.database
    .raw("SELECT id, practice FROM document.document WHERE name = 'contratto.pdf'")
    .then(rowsOf)
  assert.equal(before?.practice, null, 'nobody’s until it is sent')
  await browser.open(`/bozze/${draftIn(browser)}/elimina`)
  await browser.press('Elimina la bozza')
  assert.match(browser.text, /La bozza è stata eliminata/)
  assert.deepEqual(
    await town.database.raw("SELECT id FROM document.document WHERE name = 'contratto.pdf'").then(rowsOf),
    [],
  )
})
const rowsOf = ({ rows }: { readonly rows: readonly { readonly id: string; readonly practice?: string | null }[] }) =>
  rows

test('drafts have an end, and a person has only so many', async () => {
  const browser = await town.browser().signIn('Lucia Bianchi')
  for (let count = 0; count < 20; count++) {
    await browser.open(FORM)
    await browser.press('Salva la bozza')
  }
  await browser.open(FORM)
  await browser.press('Salva la bozza')
  assert.equal(browser.status, 409)
  assert.match(browser.text, /Hai troppe bozze/)
  const owned = () => town.database('draft').where({ owner: 'BNCLCU90E45G999C' })
  await owned().update({ expires_at: new Date('2027-03-01T08:00:00Z') })
  assert.doesNotMatch((await browser.open('/pratiche')).text, /Bozze/)
  await browser.open(FORM)
  await browser.press('Salva la bozza')
  assert.equal(browser.status, 200)
  assert.equal((await owned()).length, 1, 'those whose time is over are gone')
  await owned().delete()
})

test('what the identity, the register and the last request say is not asked: with a full register no such control is empty', async () => {
  answer = RESIDENT
  asked.length = 0
  const browser = await town.browser().signIn('Mario Rossi', FORM)
  await browser.press('Avanti', { 'informativa-letta': true })
  const shown = browser.values()
  for (const name of ['richiedente.nome', 'richiedente.cognome', 'richiedente.cf'])
    assert.equal(shown.has(name), false, `${name} is text`)
  assert.match(browser.text, /Fonte: SPID o CIE/)
  assert.deepEqual(shown.get('richiedente.cell'), ['+393331234567'])
  assert.equal(shown.get('richiedente.email')?.[0], 'mario.rossi@posta.example')
  await browser.press('Avanti', { 'richiedente.email': 'mario@altra.example' })
  await browser.press('Avanti', { ...ADDRESS, 'istanza.indirizzo.civico': '' })
  assert.equal(browser.status, 422)
  assert.deepEqual(asked, [], 'nobody is looked up before a step that the register can fill in')
  await browser.press('Avanti', ADDRESS)
  assert.deepEqual(browser.values().get('istanza.tipo')?.filter(Boolean), ['ALTRO_COMUNE'])
  assert.equal(browser.values().has('istanza.comuneProvenienza'), false)
  assert.match(browser.text, /Comune di provenienza Prato Fonte: ANPR/)
  const draft = draftIn(browser)
  assert.deepEqual(new Set(asked.map(({ cf }) => cf)), new Set(['RSSMRA85C01G273I']))
  assert.equal(asked.length, 1)
  const actions = await town.database('access_log').where({ practice: draft }).pluck('action')
  assert.deepEqual(actions, ['prefill'], 'who asked the register is recorded')
  await stepTo(browser, 6)
  await browser.press('Aggiungi Giulia Rossi')
  assert.deepEqual(browser.values().get('istanza.nucleo[0].cf'), [GIULIA.cf])
  assert.deepEqual(browser.values().get('istanza.nucleo[0].nascita'), [GIULIA.nascita])
  assert.doesNotMatch(browser.text, /Aggiungi Giulia/)
  assert.equal(new Set(asked.map(({ reference }) => reference)).size, asked.length, 'once for a draft')
  answer = null
})

test('a register that is away asks the person, and stops nobody', async () => {
  answer = new Error('away')
  const browser = await town.browser().signIn('Mario Rossi')
  await fillIn(browser)
  assert.ok(isSummary(browser))
  answer = null
})

test('a second request shows the contacts of the first', async () => {
  const browser = await town.browser().signIn('Lucia Bianchi')
  await fileOnline(browser, { 'richiedente.email': 'lucia@nuova.example' })
  await until(
    async () => {
      await browser.open(FORM)
      await browser.press('Avanti', { 'informativa-letta': true })
      return browser.values().get('richiedente.email')?.[0]
    },
    (email) => email === 'lucia@nuova.example',
  )
})

test('the receipt is to be kept as the PDF that the procedure makes, and a document of the practice', async () => {
  const browser = await town.browser().signIn('Lucia Bianchi', '/pratiche')
  const { id } = await town.database('practice').where({ owner: 'BNCLCU90E45G999C' }).first()
  const shown = await untilShown(browser, `/pratiche/${id}/ricevuta`, /Scarica la ricevuta \(PDF, \d+ kB\)/)
  await browser.follow(/Scarica la ricevuta \(PDF, \d+ kB\)/.exec(shown)![0])
  assert.equal(browser.headers.get('content-type'), 'application/pdf')
  assert.match((await browser.open(`/pratiche/${id}`)).text, /Documenti Apri la ricevuta .*\(PDF, \d+ kB\)/)
})

test('a message says what has arrived, unread until it is opened', async () => {
  const browser = await town.browser().signIn('Lucia Bianchi')
  await untilShown(browser, '/messaggi', /Da leggere Richiesta ricevuta: Cambio di residenza .*\d+\/2027/)
  assert.match(browser.text, /1 da leggere/)
  await browser.follow('Richiesta ricevuta: Cambio di residenza')
  assert.match(
    browser.text,
    /Numero di protocollo: \d+\/2027\. Responsabile del procedimento: Ugo Ferri.*silenzio-assenso/,
  )
  assert.match((await browser.open('/messaggi')).text, /Letto Richiesta ricevuta/)
  assert.doesNotMatch(browser.text, /\d da leggere/)
  assert.match((await browser.open('/scadenze')).text, /15\/04\/2027 Termine entro cui la pratica verrà conclusa/)
})

test('what the office asks for is answered item by item, saved on the way, sent once; state, dates and message follow', async () => {
  const browser = await town.browser().signIn('Lucia Bianchi')
  const { id, process_instance_key: key } = await practiceOfLucia()
  const task = (element: string) =>
    until(
      async () => {
        const filter = [
          { field: 'elementId', operator: '$eq' as const, value: element },
          { field: 'state', operator: '$eq' as const, value: 'CREATED' },
        ]
        return (await town.gateway.query.search('user-tasks', { filter, sort: [], page: { limit: 50 } })).items
      },
      (items) => items.length > 0,
    )
  const registering = (await task('registra')).find((row) => row.processInstanceKey === String(key))!
  const answers = { registrazione: { decisione: 'INTEGRAZIONE', conferma: false } }
  await town.gateway.completeUserTask(String(registering.userTaskKey), JSON.stringify(answers))
  const [writing] = await task('scrivi-richiesta')
  const documents = [
    { documento: '=1+1 {{7*7}} <b>Contratto</b>', motivo: 'Manca la registrazione' },
    { documento: 'Assenso', motivo: 'Non è firmato' },
  ]
  const request = { integrazione: { richiesta: { voci: documents } } }
  await town.gateway.completeUserTask(String(writing!.userTaskKey), JSON.stringify(request))
  // Both: between the delivery, from which the last day is known, and the wait for the answer the procedure stops the legal clock.
  const served =
    /^(?=.*Rispondi alla richiesta di integrazione).*Stato: da integrare.*Chiesti altri documenti.*Invia i documenti chiesti Previsto: 31\/03\/2027/
  await untilShown(browser, `/pratiche/${id}`, served)
  assert.match(
    (await browser.open('/area')).text,
    /Aspetta te Cambio di residenza Invia i documenti chiesti entro il 31\/03\/2027/,
  )
  await browser.follow('Rispondi alla richiesta di integrazione Cambio di residenza')
  assert.match(
    browser.text,
    /=1\+1 \{\{7\*7\}\} <b>Contratto<\/b> Manca la registrazione/,
    'what the office wrote is text',
  )
  await browser.press('Salva la bozza', { 'voci.v0.testo': 'Registrato a Prato, n. 1234' })
  assert.match(browser.text, /Risposta salvata, non ancora inviata/)
  await browser.press('Invia la risposta')
  assert.equal(browser.status, 422)
  assert.match(browser.text, /Assenso: allega un documento o scrivi una risposta/)
  const twin = browser.twin()
  await browser.press('Invia la risposta', { 'voci.v1.documenti': TITLE })
  assert.equal(browser.path, `/pratiche/${id}`, browser.text)
  await twin.press('Invia la risposta', { 'voci.v1.testo': 'di nuovo' })
  await untilShown(browser, `/pratiche/${id}`, /Hai inviato i documenti chiesti Fatto/)
  assert.doesNotMatch(browser.text, /Rispondi alla richiesta/)
  assert.match(browser.text, /contratto\.pdf \(PDF/)
  await browser.follow(/contratto\.pdf \([^)]*\)/.exec(browser.text)![0])
  assert.match(browser.headers.get('content-disposition') ?? '', /contratto\.pdf/)
  const filter = [{ field: 'name', operator: '$eq' as const, value: 'integrazione' }]
  const { items } = await town.gateway.query.search('variables', { filter, sort: [], page: { limit: 50 } })
  const given = items.map(({ value }) => JSON.parse(String(value))).find(({ risposte }) => risposte !== undefined)
  assert.deepEqual(
    given.risposte.map(({ voce, testo, documenti }: Record<string, unknown>) => [
      voce,
      testo,
      (documenti as []).length,
    ]),
    [
      ['1', 'Registrato a Prato, n. 1234', 0],
      ['2', '', 1],
    ],
  )
  assert.equal((await town.documents.describe(given.risposte[1].documenti[0].id))?.pratica, id)
  assert.match((await browser.open('/messaggi')).text, /Servono altri documenti: Cambio di residenza/)
})

test('while what was granted lasts, its holder asks for more days and gives it up, though the request has ended', async () => {
  const browser = await town.browser().signIn('Lucia Bianchi')
  const { id, process_instance_key: key } = await practiceOfLucia()
  const address = `/pratiche/${id}`
  assert.doesNotMatch((await browser.open(address)).text, /Chiedi una proroga/)
  await browser.open(`${address}/proroga`)
  assert.equal(browser.path, address, 'nobody waits for it')
  await town.gateway.cancelProcessInstance(String(key))
  await untilShown(browser, address, /Stato: conclusa/)
  assert.doesNotMatch(browser.text, /Rinuncia alla pratica/)
  await grantGround(town, id)
  await untilShown(browser, address, /Chiedi una proroga.*Rinuncia alla pratica/)
  await browser.follow('Chiedi una proroga')
  await browser.press('Chiedi la proroga', { motivo: 'I lavori sono in ritardo' })
  assert.match(browser.text, /Nuovo ultimo giorno: scegli un giorno/)
  await browser.press('Chiedi la proroga', { al: '2027-04-20', motivo: 'I lavori sono in ritardo' })
  assert.equal(browser.path, address)
  const asked = async () => (await valuesNamed('proroga')).find((one) => one.da !== undefined)
  const { al, motivo, da } = await until(asked, (found) => found !== undefined)
  assert.deepEqual([al, motivo, da], ['2027-04-20', 'I lavori sono in ritardo', '2027-04-10'])
  await browser.open(address)
  assert.doesNotMatch(browser.text, /Chiedi una proroga/, 'one at a time')
  await browser.follow('Rinuncia alla pratica')
  assert.match(browser.text, /finisce ciò che ti è stato concesso/)
  await browser.press('Conferma la rinuncia', { motivo: 'Non serve più' })
  const given = await until(
    async () => (await valuesNamed('rinuncia')).find((one) => one.motivo === 'Non serve più'),
    (found) => found !== undefined,
  )
  assert.ok(given.ricevutaIl)
})

/** The first that was filed. */
const practiceOfLucia = () =>
  town.database('practice').where({ owner: 'BNCLCU90E45G999C' }).whereNotNull('process_instance_key').first()

const valuesNamed = async (name: string) => {
  const filter = [{ field: 'name', operator: '$eq' as const, value: name }]
  const { items } = await town.gateway.query.search('variables', { filter, sort: [], page: { limit: 50 } })
  return items.map(({ value }) => JSON.parse(String(value)))
}

test('a service is rated by anybody, without a name; which answers count depends on the stars', async () => {
  const browser = await town.browser().open(`/servizi/${PROCESS_ID}`)
  await browser.press('Invia la valutazione')
  assert.equal(browser.status, 422)
  assert.match(browser.text, /Scegli da 1 a 5 stelle/)
  const answers = { 'motivo-negative': '2', 'motivo-positive': '3', dettagli: 'x'.repeat(500) }
  await browser.press('Invia la valutazione', { stelle: '2', ...answers })
  assert.match(browser.text, /Grazie, il tuo parere ci aiuterà a migliorare il servizio/)
  await browser.open(`/servizi/${PROCESS_ID}/valutazione`)
  await browser.press('Invia la valutazione', { stelle: '5', ...answers })
  const rows = await town.database('rating').orderBy('id')
  assert.deepEqual(
    rows.map(({ subject, stars, reason, details }) => [subject, stars, reason, details.length]),
    [
      ['pagina', 2, 2, 200],
      ['servizio', 5, 3, 200],
    ],
  )
  assert.deepEqual(Object.keys(rows[0]).sort(), [
    'details',
    'given_on',
    'id',
    'process_id',
    'reason',
    'stars',
    'subject',
  ])
})
