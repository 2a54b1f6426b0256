/** Certified mail: sent once whatever happens, and each receipt told once to the process that waits. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { JobOutcome } from '../../connectors/zeebe/index.ts'
import { GatewayError } from '../../engine/protocol/gateway.ts'
import { loadTown } from '../../processes/town.ts'
import { jobWorkers } from '../../workers/index.ts'
import { mailReader } from '../../workers/pec/ricevute.ts'
import { jobBoard } from '../connectors/job-board.ts'
import { memoryDocuments } from '../connectors/memory-documents.ts'
import { memoryLedger } from '../connectors/memory-ledger.ts'
import { openPlatforms } from '../connectors/platforms.ts'
import { publishing } from './publishing.ts'
import { completedWith } from './workbench.ts'

const SETTLE_MS = 60_000
let time = Date.parse('2027-03-01T09:00:00Z')
const now = () => time
const ledger = memoryLedger()
const documents = memoryDocuments(now)
const opened = await openPlatforms({ now, ledger, documents })
const { connectors, journal, plan, platforms } = opened
after(() => opened[Symbol.asyncDispose]())

const board = jobBoard()
const town = await loadTown()
const [worker] = jobWorkers({ gateway: board, town, connectors, now, log: () => {}, settleMs: SETTLE_MS }).filter(
  ({ type }) => type === 'pec.invia',
)
const jobTo = (domicilioDigitale: string, more: object = {}) => {
  const message = { oggetto: 'Notifica', testo: 'Si notifica.', documenti: [], destinatario: { domicilioDigitale } }
  return board.add({ type: 'pec.invia', variables: JSON.stringify({ pratica: { id: 'p-1' }, ...message, ...more }) })
}
const work = (job: ReturnType<typeof jobTo>): Promise<JobOutcome> => worker!.handle(job)
const sent = async (job: ReturnType<typeof jobTo>): Promise<{ readonly messageId: string }> =>
  completedWith(await work(job)).pec
const countOf = async (messageId: string) =>
  (await journal('pec')).filter((mail) => mail.messageId === messageId).length

test('pec.invia: the documents of the practice are attached', async () => {
  const content = Buffer.from('%PDF-1.7')
  const { id } = await documents.put(content, { nome: 'atto.pdf', tipo: 'application/pdf', pratica: 'p-1' })
  const { messageId } = await sent(jobTo('mario@pec.example', { documenti: [id] }))
  const mail = (await journal('pec')).find((entry) => entry.messageId === messageId)
  const raw = Buffer.from(String(mail?.raw), 'base64').toString('latin1')
  assert.match(raw, /filename=atto\.pdf/)
  assert.ok(raw.includes(content.toString('base64')))
  assert.deepEqual(mail?.to, ['mario@pec.example'])
})

test('pec.invia: what is missing or too long stops the practice before anything leaves', async () => {
  const before = (await journal('pec')).length
  const long = await documents.put(Buffer.alloc(21 * 1024 * 1024), { nome: 'a', tipo: 'x/y', pratica: 'p-1' })
  for (const documenti of [['sconosciuto'], [long.id]]) {
    const outcome = await work(jobTo('mario@pec.example', { documenti }))
    assert.ok(outcome.kind === 'failed' && outcome.retries === 0)
  }
  assert.equal((await journal('pec')).length, before)
})

test('pec.invia: an address that cannot be one is a modelled outcome', async () => {
  for (const to of ['mario', 'mario@', '', 'a@b.example, c@d.example']) {
    const outcome = await work(jobTo(to))
    assert.ok(outcome.kind === 'error' && outcome.errorCode === 'PEC_RIFIUTATA', to)
  }
})

test('pec.invia: of a lost answer the receipt tells, and nothing is sent again', async () => {
  await plan('pec', 'invia', 'drop-after')
  const job = jobTo('mario@pec.example')
  const first = await work(job)
  assert.ok(first.kind === 'failed' && first.retries === 2)
  const { messageId } = await sent(job)
  await sent(job)
  assert.equal(await countOf(messageId), 1)
})

test('pec.invia: without a receipt it waits until the provider can have nothing, then sends', async () => {
  await plan('pec', 'invia', 'error-before')
  const job = jobTo('mario@pec.example')
  assert.equal((await work(job)).kind, 'failed')
  const waiting = await work(job)
  assert.ok(waiting.kind === 'failed' && waiting.retries === 3 && waiting.retryBackOffMs > 0)
  ledger.advance(SETTLE_MS)
  const { messageId } = await sent(job)
  assert.equal(await countOf(messageId), 1)
})

test('pec.invia: while the mailbox cannot be read, nothing is sent again', async () => {
  await plan('pec', 'invia', 'drop-after')
  const job = jobTo('mario@pec.example')
  await work(job)
  ledger.advance(SETTLE_MS)
  await plan('pec', 'leggi', 'error-before')
  assert.equal((await work(job)).kind, 'failed')
  assert.equal(await countOf((await sent(job)).messageId), 1)
})

const engine = publishing()
const reader = mailReader({ gateway: engine, connectors, now })

test('the mailbox: each deciding receipt is told once, with its evidence among the documents of the practice', async () => {
  await reader.read()
  const before = engine.taken.size
  const delivered = await sent(jobTo('lucia@pec.example', { pratica: { id: 'p/2 è' } }))
  const full = await sent(jobTo('piena@pec.example', { pratica: { id: 'p/2 è' } }))
  engine.fail('before', 'after')
  // A reader that dies begins again where it stood.
  for (const _ of ['before', 'after']) await assert.rejects(reader.read(), GatewayError)
  await reader.read()
  assert.equal(await reader.read(), 0)
  const told = [...engine.taken.values()].slice(before).map(({ name, correlationKey, variables }) => ({
    ...{ name, correlationKey, ricevuta: JSON.parse(variables ?? '{}').ricevuta },
  }))
  assert.deepEqual(
    told.map(({ name, correlationKey, ricevuta }) => [name, correlationKey, ricevuta.tipo, ricevuta.motivo]),
    [
      ['pec.consegnata', delivered.messageId, 'avvenuta-consegna', null],
      ['pec.fallita', full.messageId, 'errore-consegna', 'NON_CONSEGNATA'],
    ],
  )
  const [{ ricevuta }] = told as [(typeof told)[number]]
  assert.equal(ricevuta.istante, '2027-03-01T10:00:00+01:00')
  const evidence = Buffer.from((await documents.read(ricevuta.documento.id)) ?? []).toString('latin1')
  assert.match(evidence, /multipart\/signed/)
  const kept = (await documents.ofPractice('p/2 è')).map(({ nome }) => nome)
  assert.deepEqual(kept.sort(), [
    ...['pec-accettazione.eml', 'pec-accettazione.eml', 'pec-avvenuta-consegna.eml'],
    ...['pec-errore-consegna.eml', 'pec-presa-in-carico.eml', 'pec-presa-in-carico.eml'],
  ])
})

test('the mailbox: a delay decides nothing, its end does', async () => {
  await reader.read()
  const before = engine.taken.size
  await sent(jobTo('muta@pec.example'))
  time += 13 * 3_600_000
  assert.equal(await reader.read(), 2)
  assert.equal(engine.taken.size, before)
  time += 12 * 3_600_000
  await reader.read()
  assert.deepEqual(
    [...engine.taken.values()].slice(before).map(({ name }) => name),
    ['pec.fallita'],
  )
})

test('the mailbox: what citizens write is kept apart, once, and told to nobody', async () => {
  const { mailroom } = connectors
  await reader.read()
  const before = engine.taken.size
  for (const certificata of [true, false]) {
    const body = JSON.stringify({ da: 'lucia@pec.example', oggetto: 'Osservazioni', testo: 'Ecco.', certificata })
    assert.equal((await fetch(`${platforms.pec.url}/in-arrivo`, { method: 'POST', body })).status, 200)
  }
  await reader.read()
  await mailroom.advance(`${town.pec}/INBOX`, { uidValidity: 'another', uid: 0 })
  await reader.read()
  const letters = await mailroom.letters()
  assert.deepEqual(letters.map(({ kind, subject }) => [kind, subject]).sort(), [
    ['ANOMALIA', 'ANOMALIA MESSAGGIO: Osservazioni'],
    ['POSTA_CERTIFICATA', 'Osservazioni'],
  ])
  for (const { document } of letters) assert.equal((await documents.describe(document ?? ''))?.pratica, null)
  assert.equal(engine.taken.size, before)
})
