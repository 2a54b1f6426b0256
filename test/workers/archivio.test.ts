/** `archivio.versa`: the practice with all its documents, its receipt kept and compared, and what becomes of each refusal. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Deposited } from '../../connectors/conservazione/deposited.ts'
import type { Archive } from '../../connectors/conservazione/types.ts'
import type { JobOutcome } from '../../connectors/zeebe/index.ts'
import { loadTown } from '../../processes/town.ts'
import { jobWorkers } from '../../workers/index.ts'
import { jobBoard } from '../connectors/job-board.ts'
import { openPlatforms } from '../connectors/platforms.ts'
import { completedWith } from './workbench.ts'

const now = () => Date.parse('2027-03-20T09:00:00Z')
const opened = await openPlatforms({ now })
const { connectors, journal, plan } = opened
const { documents, emergency } = connectors
const town = await loadTown()
after(() => opened[Symbol.asyncDispose]())

const board = jobBoard()
const workerWith = (archive: Archive) =>
  jobWorkers({ gateway: board, town, connectors: { ...connectors, archive }, now, log: () => {} }).find(
    ({ type }) => type === 'archivio.versa',
  )!
const worker = workerWith(connectors.archive)
const jobOf = (variables: object) => board.add({ type: 'archivio.versa', variables: JSON.stringify(variables) })
const thrown = (outcome: JobOutcome) =>
  outcome.kind === 'error' ? [outcome.errorCode, JSON.parse(outcome.variables ?? '{}').messaggio] : outcome
const completed = async (outcome: Promise<JobOutcome>) => completedWith(await outcome).versamento

let practices = 0
async function practice(...names: readonly string[]) {
  const id = `p-${++practices}`
  for (const nome of names) await documents.put(Buffer.from(nome), { nome, tipo: 'application/pdf', pratica: id })
  const chiave = { numero: String(practices).padStart(7, '0'), anno: 2027, registro: 'PROTOCOLLO' }
  return {
    pratica: { id, tipo: 'comune.anagrafe.residenza' },
    chiave: { ...chiave, data: '2027-03-01T09:00:00Z' },
    documento: { esito: 'CONFERMATA' },
    fascicolo: { codice: '2027-XI.2-1', classifica: 'XI.2', oggetto: 'Cambio di residenza' },
  }
}
const deposits = async () => (await journal('conservazione')) as readonly JournalLine[]
type JournalLine = Deposited & Readonly<Record<string, unknown>>

test('all documents of the practice are deposited; the receipt becomes one of them', async () => {
  const variables = await practice('titolo.pdf', 'ricevuta.pdf.p7m')
  const versamento = await completed(worker.handle(jobOf(variables)))
  const [deposit] = await deposits()
  assert.equal(deposit?.tipologia, 'Cambio di residenza')
  assert.deepEqual(
    deposit?.componenti.map(({ nome, bytes }) => [nome, bytes]),
    [
      ['pratica-0000001-2027.json', 22],
      ['titolo.pdf', 10],
      ['ricevuta.pdf.p7m', 16],
    ],
  )
  const kept = await documents.describe(versamento.rapporto.id)
  assert.deepEqual(
    [kept?.nome, kept?.pratica, kept?.impronta],
    ['rapporto-di-versamento-0000001-2027.xml', variables.pratica.id, versamento.rapporto.impronta],
  )
  assert.match(String(await documents.read(versamento.rapporto.id)), /^<RapportoVersamento>/)
  assert.deepEqual([versamento.esito, versamento.giaVersata], ['POSITIVO', false])
  const again = await completed(worker.handle(jobOf(variables)))
  assert.equal(again.giaVersata, true, 'the receipt is not part of what is deposited')
  assert.equal((await deposits()).length, 1)
})

test('a lost answer is resolved by the next attempt, with one receipt', async () => {
  const variables = await practice('titolo.pdf')
  const job = jobOf(variables)
  await plan('conservazione', 'versa', 'drop-after')
  assert.equal((await worker.handle(job)).kind, 'failed')
  assert.equal((await completed(worker.handle({ ...job, retries: 2 }))).giaVersata, true)
  await completed(worker.handle({ ...job, retries: 1 }))
  const receipts = (await documents.ofPractice(variables.pratica.id)).filter(({ nome }) => nome.startsWith('rapporto'))
  assert.equal(receipts.length, 1)
})

test('what the service refuses is for the archivist, with its code', async () => {
  const variables = await practice()
  const foreign = { ...variables, chiave: { ...variables.chiave, registro: 'ALBO' } }
  const [code, messaggio] = thrown(await worker.handle(jobOf(foreign))) as readonly string[]
  assert.equal(code, 'VERSAMENTO_RIFIUTATO')
  assert.match(messaggio ?? '', /^UD-003-002/)
  await completed(worker.handle(jobOf(variables)))
  const [again, why] = thrown(
    await worker.handle(jobOf({ ...variables, documento: { esito: 'RIPRISTINATA' } })),
  ) as readonly string[]
  assert.equal(again, 'VERSAMENTO_RIFIUTATO')
  assert.match(why ?? '', /^UD-002-001/)
})

test('a receipt that does not agree is kept, and is for the archivist', async () => {
  const variables = await practice('titolo.pdf')
  const doubtful = workerWith({
    deposit: async (unit) => ({ ...(await connectors.archive.deposit(unit)), concorda: false }),
  })
  const [code, messaggio] = thrown(await doubtful.handle(jobOf(variables))) as readonly string[]
  assert.equal(code, 'VERSAMENTO_RIFIUTATO')
  assert.match(messaggio ?? '', /impronte/)
  const receipts = (await documents.ofPractice(variables.pratica.id)).filter(({ nome }) => nome.startsWith('rapporto'))
  assert.equal(receipts.length, 1)
})

test('a practice registered in emergency is filed under its ordinary number, and waits for it', async () => {
  const variables = await practice('titolo.pdf')
  const instants = { dal: '2027-03-01T09:00:00Z', fino: '2027-03-02T09:00:00Z' }
  await emergency.open({ causa: 'guasto', inizio: instants.dal }, { autorizzatoDa: 'x', estremi: 'y', ...instants })
  const entered = await emergency.enter(
    {
      ...{ pratica: variables.pratica.id, documenti: [] },
      registrazione: {
        ...{ riferimento: 'r', verso: 'IN', oggetto: 'o', corrispondente: { nome: 'n' } },
        documenti: [{ nome: 'd', tipo: 'text/plain', byte: 1, impronta: 'AAAA' }],
      },
    },
    instants.dal,
  )
  const { numero, anno, registro, data } = entered!
  const job = jobOf({ ...variables, chiave: { numero, anno, registro, data } })
  const early = await worker.handle(job)
  assert.ok(early.kind === 'failed' && early.retries === 3 && early.retryBackOffMs === 15 * 60_000)
  await emergency.settle(anno, numero, { numero: '0000077', anno, registro: 'PROTOCOLLO', data })
  await completed(worker.handle(job))
  assert.equal((await deposits()).at(-1)?.chiave.numero, '0000077')
})
