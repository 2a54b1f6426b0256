/** Notices through SEND: asked for once whatever happens, and each state told once to the process that waits. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { GatewayError } from '../../engine/protocol/gateway.ts'
import { loadTown } from '../../processes/town.ts'
import { noticeReader } from '../../workers/send/stati.ts'
import { memoryDocuments } from '../connectors/memory-documents.ts'
import { openPlatforms } from '../connectors/platforms.ts'
import { publishing } from './publishing.ts'
import { completedWith, openWorkbench } from './workbench.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
let time = Date.parse('2027-03-01T09:00:00Z')
let tokenTime = Date.now()
const now = () => time
const documents = memoryDocuments(now)
const opened = await openPlatforms({ now, tokenNow: () => tokenTime, documents })
const { connectors, journal, plan, platforms } = opened
after(() => opened[Symbol.asyncDispose]())
const bench = openWorkbench({ town: await loadTown(), connectors, now })

const { id: act } = await documents.put(Buffer.from('%PDF-1.7 atto'), {
  ...{ nome: 'atto.pdf', tipo: 'application/pdf', pratica: 'p-1' },
})
const jobFor = (destinatario: object = {}, more: object = {}) =>
  bench.jobOf('send.notifica', {
    pratica: { id: 'p-1', protocollo: { numero: '0000012', anno: 2027 } },
    destinatario: {
      ...{ cf: 'RSSMRA85C01G273I', nome: 'Mario Rossi', domicilioDigitale: 'mario@pec.example' },
      indirizzo: { via: 'via Libertà', civico: '12', cap: '90139', comune: 'Palermo' },
      ...destinatario,
    },
    ...{ oggetto: 'Cambio di residenza', tassonomia: '010202N', documenti: [act], ...more },
  })
type Job = ReturnType<typeof jobFor>
const requests = async () => (await journal('send')).filter(({ operazione }) => operazione === 'richiesta')

const engine = publishing()
const reader = noticeReader({ gateway: engine, connectors, now })
const read = async () => {
  tokenTime += 2_000
  return reader.read()
}
const toldOf = (iun: string) =>
  [...engine.taken.values()]
    .filter(({ correlationKey }) => correlationKey === iun)
    .map(
      ({ variables }) =>
        JSON.parse(variables ?? '{}').statoNotifica as { stato: string; istante: string; atti: { id: string }[] },
    )

/** Judged by then, and told by the stream. */
async function accepted(job: Job): Promise<{ readonly iun: string; readonly requestId: string }> {
  const waiting = await bench.work(job)
  assert.ok(
    waiting.kind === 'failed' && waiting.retries === job.retries && waiting.retryBackOffMs > 0,
    JSON.stringify(waiting),
  )
  time += 3 * MINUTE_MS
  await read()
  return completedWith(await bench.work(job)).send
}

test('it waits for the judgement without using up a retry, then knows the IUN; the stream alone is asked', async () => {
  const job = jobFor()
  const { iun } = await accepted(job)
  assert.match(iun, /^[A-Z]{4}-[A-Z]{4}-[A-Z]{4}-202703-[A-Z]-1$/)
  const calls = (await opened.calls('send')).map(({ operation }) => operation)
  assert.ok(!calls.includes('stato'))
  const [asked] = (await requests()) as { richiesta?: { paProtocolNumber?: string; documents?: unknown[] } }[]
  assert.equal(asked?.richiesta?.paProtocolNumber, '0000012/2027')
  assert.equal(asked?.richiesta?.documents?.length, 1)
})

test('when the stream is late the platform is asked', async () => {
  const job = jobFor()
  assert.equal((await bench.work(job)).kind, 'failed')
  time += 16 * MINUTE_MS
  const { iun } = completedWith(await bench.work(job)).send
  await read()
  assert.equal(toldOf(iun)[0]?.stato, 'ACCEPTED')
})

for (const kind of ['drop-after', 'error-after', 'error-before'] as const)
  test(`${kind}: asked again, and there is one request`, async () => {
    const before = (await requests()).length
    await plan('send', 'richiedi', kind)
    const job = jobFor()
    const first = await bench.work(job)
    assert.ok(first.kind === 'failed' && first.retries === 2)
    await accepted(job)
    assert.equal((await requests()).length, before + 1)
  })

test('a stream whose answer was lost is found, not made again', async () => {
  const made = (await journal('send')).filter(({ operazione }) => operazione === 'flusso').length
  assert.equal(made, 1)
  const known = await connectors.noticeInbox.stream('Iter')
  await connectors.noticeInbox.forget('Iter', known?.id ?? '')
  await accepted(jobFor())
  assert.deepEqual((await connectors.noticeInbox.stream('Iter'))?.id, known?.id)
})

test('a refusal is a modelled outcome, with the reasons', async () => {
  const job = jobFor({ indirizzo: null })
  assert.equal((await bench.work(job)).kind, 'failed')
  time += 3 * MINUTE_MS
  await read()
  const outcome = await bench.work(job)
  assert.ok(outcome.kind === 'error' && outcome.errorCode === 'SEND_RIFIUTATA')
  assert.match(outcome.variables ?? '', /ADDRESS_NOT_FOUND/)
})

test('whom SEND cannot notify is a modelled outcome, and nothing is asked for', async () => {
  const before = (await requests()).length
  for (const destinatario of [{ cf: null }, { cf: 'rossi' }, { tipo: 'PG' }, { nome: 'Владимир' }, { nome: '' }]) {
    const outcome = await bench.work(jobFor(destinatario))
    assert.ok(outcome.kind === 'error' && outcome.errorCode === 'SEND_RIFIUTATA', JSON.stringify(destinatario))
  }
  assert.equal((await requests()).length, before)
})

test('a missing document stops the practice, one that SEND does not take is for another channel; nothing leaves', async () => {
  const before = (await journal('send')).length
  const { id } = await documents.put(Buffer.from('a'), { nome: 'a.txt', tipo: 'text/plain', pratica: 'p-1' })
  const missing = await bench.work(jobFor({}, { documenti: ['sconosciuto'] }))
  assert.ok(missing.kind === 'failed' && missing.retries === 0)
  const other = await bench.work(jobFor({}, { documenti: [act, id] }))
  assert.ok(other.kind === 'error' && other.errorCode === 'SEND_RIFIUTATA')
  assert.match(other.variables ?? '', /a\.txt non è un PDF/)
  assert.equal((await journal('send')).length, before)
})

test('a body that does not notify through SEND asks for nothing', async () => {
  const before = (await opened.calls('send')).length
  const town = { ...(await loadTown()), notifiche: { send: null, daVerificare: [] } }
  const outcome = await openWorkbench({ town, connectors, now }).work(jobFor())
  assert.ok(outcome.kind === 'error' && outcome.errorCode === 'SEND_RIFIUTATA')
  assert.match(outcome.variables ?? '', /NON_ATTIVA/)
  assert.equal((await opened.calls('send')).length, before)
})

test('what an address within the town lacks is the town’s, and so is the taxonomy', async () => {
  const job = jobFor({ indirizzo: { via: 'via Libertà', civico: '12' } }, { tassonomia: null })
  await accepted(job)
  const last = (await requests()).at(-1) as {
    richiesta?: { taxonomyCode?: string; recipients?: { physicalAddress?: object }[] }
  }
  assert.equal(last.richiesta?.taxonomyCode, '010202N')
  assert.deepEqual(last.richiesta?.recipients?.[0]?.physicalAddress, {
    ...{ address: 'via Libertà 12', zip: '99900', municipality: 'Esempio', province: 'ES' },
  })
  const elsewhere = jobFor({ indirizzo: { via: 'via Roma', comune: 'Monreale' } })
  assert.equal((await bench.work(elsewhere)).kind, 'failed')
  time += 3 * MINUTE_MS
  await read()
  const outcome = await bench.work(elsewhere)
  assert.ok(outcome.kind === 'error' && /NOT_VALID_ADDRESS/.test(outcome.variables ?? ''))
})

test('each state is told once, in order, with its attestations among the documents of the practice', async () => {
  await read()
  const job = jobFor({}, { pratica: { id: 'p/2 è' } })
  assert.equal((await bench.work(job)).kind, 'failed')
  time += 10 * MINUTE_MS
  // A reader that dies begins again where it stood: what was read is kept.
  for (const moment of ['before', 'after'] as const) {
    engine.fail(moment)
    await assert.rejects(read(), GatewayError)
  }
  await read()
  const { iun } = completedWith(await bench.work(job)).send
  assert.deepEqual(
    toldOf(iun).map(({ stato }) => stato),
    ['ACCEPTED', 'DELIVERING', 'DELIVERED'],
  )
  const opening = await fetch(`${platforms.send.url}/notifiche/${iun}/accesso`, { method: 'POST', redirect: 'manual' })
  assert.equal(opening.status, 303)
  time += MINUTE_MS
  await read()
  await read()
  const last = toldOf(iun).at(-1)
  assert.deepEqual([toldOf(iun).length, last?.stato, last?.atti.length], [4, 'VIEWED', 3])
  assert.equal(last?.istante, new Date(time - MINUTE_MS).toISOString())
  const kept = (await documents.ofPractice('p/2 è')).map(({ nome, tipo }) => `${nome} ${tipo}`)
  assert.deepEqual(kept.sort(), [
    'Attestazione SEND, accesso del destinatario.pdf application/pdf',
    'Attestazione SEND, consegna digitale.pdf application/pdf',
    'Attestazione SEND, presa in carico.pdf application/pdf',
  ])
})

test('an attestation that cannot be had holds up its own notification alone, and nothing is lost', async () => {
  const jobs = [jobFor(), jobFor()]
  for (const job of jobs) assert.equal((await bench.work(job)).kind, 'failed')
  time += 3 * MINUTE_MS
  await plan('send', 'atto', 'error-before')
  await assert.rejects(read(), { name: 'Unavailable' })
  const iuns: string[] = []
  for (const job of jobs) iuns.push(completedWith(await bench.work(job)).send.iun)
  assert.deepEqual(
    iuns.map((iun) => toldOf(iun).length > 0),
    [false, true],
  )
  await read()
  for (const iun of iuns) assert.equal(toldOf(iun)[0]?.stato, 'ACCEPTED')
})

test('an answer of the stream that is lost loses no state', async () => {
  const job = jobFor()
  assert.equal((await bench.work(job)).kind, 'failed')
  time += 10 * MINUTE_MS
  await plan('send', 'eventi', 'drop-after')
  await assert.rejects(read(), { name: 'UnknownOutcome' })
  await read()
  const { iun } = completedWith(await bench.work(job)).send
  assert.equal(toldOf(iun).length, 3)
})

const statesTold = (iun: string) => toldOf(iun).map(({ stato }) => stato)
const readAlone = async () => (await opened.calls('send')).filter(({ operation }) => operation === 'leggi').length

test('what SEND keeps no longer for whoever stood still for weeks is asked for, once and of the silent alone', async () => {
  const silent = await accepted(jobFor())
  const before = await readAlone()
  await read()
  assert.equal(await readAlone(), before)
  const asked = time
  time += 20 * DAY_MS
  const heard = await accepted(jobFor())
  assert.deepEqual(statesTold(silent.iun), ['ACCEPTED', 'DELIVERING', 'DELIVERED', 'EFFECTIVE_DATE'])
  const effect = Date.parse(toldOf(silent.iun).at(-1)?.istante ?? '')
  assert.ok(effect > asked + 7 * DAY_MS && effect < asked + 8 * DAY_MS, 'the instant is SEND’s')
  const calls = await readAlone()
  await read()
  assert.equal(await readAlone(), calls)
  assert.equal(statesTold(heard.iun)[0], 'ACCEPTED')
})

test('one that cannot be asked after holds up no other, and is asked after at the next look', async () => {
  const silent = [await accepted(jobFor()), await accepted(jobFor())]
  time += 20 * DAY_MS
  await plan('send', 'leggi', 'error-before')
  await assert.rejects(read(), { name: 'Unavailable' })
  const isTold = () => silent.map(({ iun }) => statesTold(iun).includes('EFFECTIVE_DATE'))
  assert.deepEqual(isTold().toSorted(), [false, true])
  await read()
  assert.deepEqual(isTold(), [true, true])
})

test('of a refusal that the stream no longer tells the job knows, and nothing more is awaited', async () => {
  const job = jobFor({ indirizzo: null, domicilioDigitale: null })
  assert.equal((await bench.work(job)).kind, 'failed')
  time += 20 * DAY_MS
  await read()
  const outcome = await bench.work(job)
  assert.ok(outcome.kind === 'error' && outcome.errorCode === 'SEND_RIFIUTATA')
  assert.match(outcome.variables ?? '', /ADDRESS_NOT_FOUND/)
})

const cancelling = (pratica: string) => bench.jobOf('send.annulla', { pratica: { id: pratica } })
const cancelledOf = async (iun: string) =>
  (await journal('send')).filter((line) => line.operazione === 'annullamento' && line.iun === iun).length

test('what a practice no longer wants is cancelled once, whatever answer is lost, and no other practice’s', async () => {
  const { iun } = await accepted(jobFor({}, { pratica: { id: 'p-3' } }))
  const other = await accepted(jobFor({}, { pratica: { id: 'p-4' } }))
  assert.deepEqual(completedWith(await bench.work(cancelling('p-3'))).annullamento, { notifiche: 1 })
  await plan('send', 'annulla', 'drop-after')
  await assert.rejects(read(), { name: 'UnknownOutcome' })
  await read()
  time += MINUTE_MS
  await read()
  assert.deepEqual([await cancelledOf(iun), await cancelledOf(other.iun)], [1, 0])
  assert.equal(statesTold(iun).at(-1), 'CANCELLED')
  assert.ok((await documents.ofPractice('p-3')).some(({ nome }) => nome === 'Attestazione SEND, annullamento.pdf'))
  assert.deepEqual(completedWith(await bench.work(cancelling('p-3'))).annullamento, { notifiche: 0 })
})

test('what SEND has not judged yet is cancelled when it has: nobody waits for that', async () => {
  const job = jobFor({}, { pratica: { id: 'p-5' } })
  assert.equal((await bench.work(job)).kind, 'failed')
  assert.deepEqual(completedWith(await bench.work(cancelling('p-5'))).annullamento, { notifiche: 1 })
  const before = (await opened.calls('send')).filter(({ operation }) => operation === 'annulla').length
  await read()
  assert.equal((await opened.calls('send')).filter(({ operation }) => operation === 'annulla').length, before)
  time += 3 * MINUTE_MS
  await read()
  const { iun } = completedWith(await bench.work(job)).send
  assert.equal(await cancelledOf(iun), 1)
})

test('who has read is notified: nothing is cancelled', async () => {
  const { iun } = await accepted(jobFor({}, { pratica: { id: 'p-6' } }))
  await fetch(`${platforms.send.url}/notifiche/${iun}/accesso`, { method: 'POST', redirect: 'manual' })
  time += MINUTE_MS
  await read()
  assert.deepEqual(completedWith(await bench.work(cancelling('p-6'))).annullamento, { notifiche: 0 })
  await read()
  assert.equal(await cancelledOf(iun), 0)
})

test('when nothing is to come any more the stream is left alone', async () => {
  time += 30 * DAY_MS
  await read()
  assert.equal(await connectors.noticeInbox.isAwaiting(), false)
  const before = (await opened.calls('send')).length
  assert.equal(await read(), 0)
  assert.equal((await opened.calls('send')).length, before)
  assert.ok([...engine.taken.values()].every(({ name }) => name === 'send.stato'))
})
