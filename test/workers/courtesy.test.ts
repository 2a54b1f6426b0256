/** `io.invia-messaggio` and `sms.invia` against the sandboxes: what they send, to whom not, and that they never send twice. */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { loadTown } from '../../processes/town.ts'
import { mailTexts } from '../../workers/email/texts.ts'
import { openPlatforms } from '../connectors/platforms.ts'
import { openWorkbench } from './workbench.ts'

const now = () => Date.parse('2027-03-01T09:00:00Z')
const opened = await openPlatforms({ now })
const { connectors, journal, calls, plan } = opened
const town = await loadTown()
after(() => opened[Symbol.asyncDispose]())

const { logged, work, ...bench } = openWorkbench({ town, connectors, now })
const pratica = { id: 'p-1', tipo: 'comune.anagrafe.residenza' }
const dati = {
  pratica: { ...pratica, protocollo: { numero: '0000001', anno: 2027 } },
  richiedente: { nome: 'Anna', cognome: '[Verdi](https://truffa.example)' },
  termine: { inizio: '2027-03-01', scadenza: '2027-04-15', giorni: 45 },
  scadenze: { registrazione: { giorno: '2027-03-03' } },
}
const asked = { pratica, messaggio: 'residenza.ricevuta', dati }
const ANNA = { cf: 'VRDNNA78M52G999V', cell: '333 123 4567' }

const jobOf = (type: string, destinatario: object, more: object = {}) =>
  bench.jobOf(type, { ...asked, destinatario, ...more })
const sending = async (job: ReturnType<typeof jobOf>) => (await bench.completed(job)).invio
const PLATFORM = { 'io.invia-messaggio': 'io', 'sms.invia': 'sms' } as const

test('io.invia-messaggio: the text of the mail, in which what a person wrote stays text, with the day to remember', async () => {
  const invio = await sending(jobOf('io.invia-messaggio', ANNA, { scadenza: '2027-04-15T22:00:00+02:00' }))
  assert.equal(invio.esito, 'INVIATA')
  const [taken] = (await journal('io')) as readonly { id?: string; messaggio?: { content: Record<string, string> } }[]
  assert.equal(taken?.id, invio.messageId)
  const { subject = '', markdown = '', due_date } = taken?.messaggio?.content ?? {}
  assert.ok(subject.includes('0000001/2027'), subject)
  for (const said of ['Ugo Ferri', '15 aprile 2027', '\\[Verdi\\](https://truffa.example)', 'silenzio-assenso'])
    assert.ok(markdown.includes(said), `${said}\n${markdown}`)
  assert.equal(due_date, '2027-04-15T20:00:00.000Z')
})

test('io.invia-messaggio: a notice of pagoPA can be paid in the app, until its last day', async () => {
  const pagamento = { numeroAvviso: '301000000000000144', centesimi: 7800, entro: '2027-05-21T21:59:59Z' }
  assert.equal((await sending(jobOf('io.invia-messaggio', ANNA, { pagamento }))).esito, 'INVIATA')
  const taken = (await journal('io')).at(-1) as { readonly messaggio: { readonly content: Record<string, unknown> } }
  const { due_date, payment_data } = taken.messaggio.content
  assert.equal(due_date, '2027-05-21T21:59:59.000Z')
  assert.deepEqual(payment_data, {
    ...{ amount: 7800, notice_number: '301000000000000144', invalid_after_due_date: true },
    payee: { fiscal_code: connectors.payee.codiceFiscale },
  })
})

test('sms.invia: one segment says from whom and about what, names nobody and has no link', async () => {
  assert.equal((await sending(jobOf('sms.invia', ANNA))).esito, 'INVIATA')
  const [taken] = (await journal('sms')) as readonly { to?: string; body?: string }[]
  assert.equal(taken?.to, '+393331234567')
  assert.match(taken?.body ?? '', /^Comune di Esempio: .*0000001\/2027/)
  assert.ok((taken?.body ?? '').length <= 160)
  assert.doesNotMatch(taken?.body ?? '', /Anna|Verdi|http/)
})

for (const [type, destinatario, esito] of [
  ['io.invia-messaggio', {}, 'SENZA_RECAPITO'],
  ['io.invia-messaggio', { cf: null }, 'SENZA_RECAPITO'],
  ['io.invia-messaggio', { cf: 'RSSMRA85C01G273I' }, 'NON_ISCRITTO'],
  ['io.invia-messaggio', { cf: 'NRELSE88T60H501L' }, 'SERVIZIO_DISATTIVATO'],
  ['io.invia-messaggio', { cf: 'X' }, 'RIFIUTATA'],
  ['sms.invia', { cell: null }, 'SENZA_RECAPITO'],
  ['sms.invia', { cell: '06 1234567' }, 'SENZA_RECAPITO'],
  ['sms.invia', { cell: '+15005550004' }, 'RIFIUTATA'],
] as const) {
  test(`${type}: ${JSON.stringify(destinatario)} is ${esito}, and nothing was sent`, async () => {
    const before = (await journal(PLATFORM[type])).length
    const invio = await sending(jobOf(type, destinatario))
    assert.deepEqual([invio.esito, invio.messageId], [esito, null])
    assert.equal((await journal(PLATFORM[type])).length, before)
  })
}

for (const type of ['io.invia-messaggio', 'sms.invia'] as const) {
  test(`${type}: a lost answer is not asked for again, and nothing is sent twice`, async () => {
    const platform = PLATFORM[type]
    await plan(platform, 'invia', 'drop-after')
    const before = (await journal(platform)).length
    const job = jobOf(type, ANNA)
    assert.equal((await sending(job)).esito, 'IGNOTO')
    const asked = (await calls(platform)).length
    assert.equal((await sending(job)).esito, 'IGNOTO')
    assert.equal((await journal(platform)).length, before + 1)
    assert.equal((await calls(platform)).length, asked)
  })
  test(`${type}: what was sent is not sent again`, async () => {
    const job = jobOf(type, ANNA)
    const first = await sending(job)
    const before = (await journal(PLATFORM[type])).length
    assert.equal((await sending(job)).messageId, first.messageId)
    assert.equal((await journal(PLATFORM[type])).length, before)
  })
  test(`${type}: a platform that is down uses up the attempts, then the message is given up`, async () => {
    await plan(PLATFORM[type], 'invia', 'error-before', 2)
    const job = jobOf(type, ANNA)
    const first = await work(job)
    assert.ok(first.kind === 'failed' && first.retries === 2)
    const given = await sending({ ...job, retries: 1 })
    assert.deepEqual([given.esito, given.messageId], ['NON_DISPONIBILE', null])
  })
}

test('email.invia: a server that is down leaves no incident', async () => {
  await plan('mail', 'invia', 'error-before', 2)
  const job = jobOf('email.invia', { email: 'anna.verdi@posta.example' })
  assert.equal((await work(job)).kind, 'failed')
  assert.equal((await sending({ ...job, retries: 1 })).esito, 'NON_DISPONIBILE')
})

test('a text has its own words for App IO and for text messages where it gives them', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'iter-texts-'))
  context.after(() => rm(folder, { recursive: true }))
  const own = { io: ['Per {{nome}}:', 'in breve'], sms: 'Un avviso per te: {{oggetto}}' }
  const common = { oggetto: 'Avviso {{numero}}', testo: ['A lungo,', '{{nome}}'] }
  await writeFile(join(folder, 'messaggi.json'), JSON.stringify({ proprie: { ...common, ...own }, comuni: common }))
  const texts = mailTexts(pathToFileURL(`${folder}/`))
  const data = { nome: 'Anna', numero: 3, comune: { nome: 'Comune di Esempio' } }
  assert.deepEqual(texts('proprie', data), {
    ...{ subject: 'Avviso 3', text: 'A lungo,\nAnna' },
    ...{ io: 'Per Anna:\nin breve', sms: 'Un avviso per te: Avviso 3' },
  })
  const { io, sms } = texts('comuni', data)
  assert.equal(io, 'A lungo,\nAnna')
  assert.equal(sms, 'Comune di Esempio: Avviso 3. Dettagli in «Le mie pratiche», sul sito.')
})

test('nothing personal is logged', () => {
  assert.ok(logged.length > 0)
  assert.doesNotMatch(logged.join('\n'), /Anna|Verdi|VRDNNA|333/)
})
