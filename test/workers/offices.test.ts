/** The jobs that tell other offices: what leaves, at most how often, and how they give up without holding a practice up. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { JobOutcome } from '../../connectors/zeebe/index.ts'
import type { ActivatedJob } from '../../engine/protocol/gateway.ts'
import { loadTown } from '../../processes/town.ts'
import { jobWorkers } from '../../workers/index.ts'
import { jobBoard } from '../connectors/job-board.ts'
import { memoryLedger } from '../connectors/memory-ledger.ts'
import { connectorsTo, openPlatforms } from '../connectors/platforms.ts'
import { completedWith } from './workbench.ts'

const now = () => Date.parse('2027-03-01T09:00:00Z')
const ledger = memoryLedger()
const opened = await openPlatforms({ now, ledger })
const { connectors, journal, plan } = opened
after(() => opened[Symbol.asyncDispose]())
const board = jobBoard()
const town = await loadTown()
const workers = jobWorkers({ gateway: board, town, connectors, now, log: () => {} })
const work = (job: ActivatedJob, among = workers): Promise<JobOutcome> =>
  among.find(({ type }) => type === job.type)!.handle(job)

const change = {
  pratica: { id: 'p-1', tipo: 'comune.anagrafe.residenza' },
  richiedente: {
    ...{ cf: 'RSSMRA85C01G273I', nome: 'Mario', cognome: "D'Angelo", email: 'mario@posta.example', cell: '333' },
  },
  istanza: {
    indirizzo: { via: 'via Libertà', civico: '12', interno: null, scala: 'B' },
    nucleo: [
      { cf: 'RSSGLI15D45G273X', nome: 'Giulia', cognome: "D'Angelo", parentela: 'FIGLIO', cittadinanza: 'IT' },
      { cf: 'RSSLCU05A01G273X', nome: 'Luca', cognome: "D'Angelo", parentela: 'FIGLIO', cittadinanza: 'IT' },
      { cf: 'BNCLCU90E45G999C', nome: 'Lucia', cognome: 'Bianchi', parentela: 'CONIUGE', cittadinanza: 'IT' },
    ],
    titolo: { tipo: 'LOCAZIONE' },
  },
  decorrenza: '2027-03-01',
}
const jobOf = (type: string, variables: object = change, retries = 3): ActivatedJob =>
  board.add({ type, variables: JSON.stringify(variables), retries })
const entered = async (servizio: string) =>
  (await journal('uffici')).filter((entry) => entry.servizio === servizio && entry.operazione === 'registra')

const OFFICES = [
  { type: 'tari.registra', servizio: 'tributi', variable: 'tari' },
  { type: 'scuola.notifica', servizio: 'scuola', variable: 'scuola' },
  { type: 'sociale.notifica', servizio: 'sociale', variable: 'sociale' },
  { type: 'utenze.inoltra', servizio: 'utenze', variable: 'utenze' },
  { type: 'motorizzazione.comunica', servizio: 'motorizzazione', variable: 'motorizzazione' },
] as const

const address = { via: 'via Libertà', civico: '12', interno: null }
const common = { pratica: 'p-1', indirizzo: address, decorrenza: '2027-03-01' }
const mario = { cf: 'RSSMRA85C01G273I', nome: 'Mario', cognome: "D'Angelo" }
const giulia = { cf: 'RSSGLI15D45G273X', nome: 'Giulia', cognome: "D'Angelo" }
const luca = { cf: 'RSSLCU05A01G273X', nome: 'Luca', cognome: "D'Angelo" }
const lucia = { cf: 'BNCLCU90E45G999C', nome: 'Lucia', cognome: 'Bianchi' }

test('each office is told what it needs and nothing else', async () => {
  for (const { type, variable } of OFFICES) {
    const receipt = completedWith(await work(jobOf(type)))[variable]
    assert.equal(receipt.esito, 'FATTO')
    assert.equal(receipt.riferimento === null, type === 'utenze.inoltra', type)
  }
  const told = async (servizio: string) => (await entered(servizio))[0]?.dati
  assert.deepEqual(await told('tributi'), { ...common, intestatario: mario, occupanti: 4 })
  const { riferimento, ...school } = (await told('scuola')) as Record<string, unknown>
  assert.match(String(riferimento), /^p-1\./)
  assert.deepEqual(school, { ...common, alunni: [giulia] })
  assert.deepEqual(await told('sociale'), { ...common, persone: [mario, giulia, luca, lucia] })
  assert.deepEqual(await told('utenze'), { ...common, richiedente: mario })
  assert.deepEqual(await told('motorizzazione'), { ...common, codiciFiscali: [mario.cf, giulia.cf, luca.cf, lucia.cf] })
})

test('who moves alone has no household', async () => {
  const alone = { ...change, pratica: { id: 'p-2' }, istanza: { indirizzo: change.istanza.indirizzo } }
  for (const { type } of OFFICES) assert.equal((await work(jobOf(type, alone))).kind, 'completed', type)
  const last = (await entered('tributi')).at(-1)?.dati as { occupanti: number }
  assert.equal(last.occupanti, 1)
})

test('a lost answer never tells an office twice', async () => {
  for (const { type, servizio } of OFFICES) {
    const before = (await entered(servizio)).length
    const job = jobOf(type)
    await plan('uffici', `${servizio}.registra`, 'drop-after')
    assert.equal((await work(job)).kind, 'failed', type)
    const again = await work({ ...job, retries: 2 })
    // Utilities cannot say whether they have it: a person asks them.
    assert.equal(again.kind, type === 'utenze.inoltra' ? 'error' : 'completed', type)
    assert.equal((await entered(servizio)).length, before + 1, type)
  }
})

test('a service that is down for good holds nothing up: after the last attempt its office goes on by hand', async () => {
  for (const { type, servizio } of OFFICES) {
    await plan('uffici', `${servizio}.registra`, 'error-before', 3)
    const job = jobOf(type)
    const outcomes = [await work(job), await work({ ...job, retries: 2 }), await work({ ...job, retries: 1 })]
    assert.deepEqual(
      outcomes.map(({ kind }) => kind),
      ['failed', 'failed', 'error'],
      type,
    )
    const last = outcomes[2]!
    assert.ok(last.kind === 'error' && last.errorCode === 'SERVIZIO_NON_DISPONIBILE')
    assert.match(JSON.parse(last.variables ?? '{}').messaggio, /a mano/)
  }
})

test('what an office refuses it refuses at once, and the reason shown names no person', async () => {
  const nowhere = { ...change, istanza: { ...change.istanza, indirizzo: { via: '', civico: '' } } }
  for (const { type } of OFFICES) {
    const outcome = await work(jobOf(type, nowhere))
    assert.ok(outcome.kind === 'error' && outcome.errorCode === 'SERVIZIO_NON_DISPONIBILE', type)
    assert.match(outcome.errorMessage, /rifiutato \(422\)/)
    assert.doesNotMatch(JSON.stringify(outcome), /RSSMRA|Mario/)
  }
})

test('a service the town has not configured is told by hand', async () => {
  const { chiamate: _, ...body } = await loadTown()
  const bare = await connectorsTo(opened.platforms, { body: { ...body, chiamate: {} } })
  const own = jobWorkers({ gateway: board, town, connectors: bare, now, log: () => {} })
  const outcome = await work(jobOf('tari.registra'), own)
  assert.ok(outcome.kind === 'error' && /non ha configurato/.test(outcome.errorMessage))
  const undone = completedWith(await work(jobOf('tari.annulla', { pratica: { id: 'p-1' }, riferimento: null }), own))
  assert.equal(undone.annullamento.esito, 'DA_FARE')
  bare.close()
})

test('what was told is taken back, once however often, and also when its reference was never learnt', async () => {
  const annulled = async (servizio: string, id: string) =>
    (await journal('uffici')).filter(
      (entry) => entry.servizio === servizio && entry.operazione === 'annulla' && entry.pratica === id,
    ).length
  for (const { type, servizio, variable } of OFFICES.filter((office) => office.type !== 'utenze.inoltra')) {
    const pratica = { id: `annulla-${servizio}` }
    const { riferimento } = completedWith(await work(jobOf(type, { ...change, pratica })))[variable]
    for (const known of [riferimento, null]) {
      const { annullamento } = completedWith(await work(jobOf(`${variable}.annulla`, { pratica, riferimento: known })))
      assert.deepEqual(annullamento, { esito: 'ANNULLATO', riferimento, messaggio: null }, type)
    }
    assert.equal(await annulled(servizio, pratica.id), 1, type)
  }
})

test('taking back never ends in an error: what the service refuses or does not answer is left to do', async () => {
  const pratica = { id: 'p-1' }
  const refused = completedWith(await work(jobOf('tari.annulla', { pratica, riferimento: 'TARI-999999' })))
  assert.equal(refused.annullamento.esito, 'DA_FARE')
  await plan('uffici', 'tributi.annulla', 'error-before')
  const down = completedWith(await work(jobOf('tari.annulla', { pratica, riferimento: null }, 1)))
  assert.deepEqual([down.annullamento.esito, down.annullamento.riferimento], ['DA_FARE', null])
})

test('rest.chiama: any configured call; a refusal is the diagram’s, an unknown outcome a person’s', async () => {
  const { pratica, ...rest } = change
  const dati = { ...rest, pratica }
  const ask = (chiamata: string, given: object = dati) => jobOf('rest.chiama', { pratica, chiamata, dati: given })
  assert.match(completedWith(await work(ask('tari.registra'))).risposta.riferimento, /^TARI-/)
  const refused = await work(ask('tari.registra', { pratica }))
  assert.ok(refused.kind === 'error' && refused.errorCode === 'CHIAMATA_RIFIUTATA')
  const unknown = await work(ask('catasto.cerca'))
  assert.ok(unknown.kind === 'failed' && /catasto\.cerca/.test(unknown.errorMessage))
  const job = ask('utenze.inoltra')
  await plan('uffici', 'utenze.registra', 'drop-after')
  await work(job)
  const undecidable = await work({ ...job, retries: 2 })
  assert.ok(undecidable.kind === 'failed' && undecidable.retries === 0 && /esito ignoto/.test(undecidable.errorMessage))
})
