/** The town's workers against the sandboxes: what they complete with, and what becomes of each kind of trouble. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { loadTown } from '../../processes/town.ts'
import { mailTexts } from '../../workers/email/texts.ts'
import { startWorkers } from '../../workers/index.ts'
import { jobBoard } from '../connectors/job-board.ts'
import { memoryLedger } from '../connectors/memory-ledger.ts'
import { openPlatforms } from '../connectors/platforms.ts'
import { openWorkbench } from './workbench.ts'

const now = () => Date.parse('2027-03-01T09:00:00Z')
const ledger = memoryLedger()
const opened = await openPlatforms({ now, ledger })
const { platforms, connectors, journal, plan } = opened
const town = await loadTown()
after(() => opened[Symbol.asyncDispose]())

const { board, workers, logged, jobOf, work, completed } = openWorkbench({ town, connectors, now })

const pratica = { id: 'p-1', tipo: 'comune.anagrafe.residenza' }
const richiedente = { cf: 'RSSMRA85C01G273I', nome: 'Mario', cognome: 'Rossi', email: 'mario.rossi@posta.example' }
const entry = {
  pratica,
  verso: 'IN',
  oggetto: 'Dichiarazione',
  corrispondente: { nome: 'Mario Rossi', codiceFiscale: null, email: null },
  documento: { richiedente },
}

test('every job type in the diagrams has a worker, and every error they catch a worker that throws it', () => {
  const diagrams = globSync('processes/**/*.bpmn').map((file) => readFileSync(file, 'utf8'))
  assert.ok(diagrams.length > 0)
  const wanted = diagrams.flatMap((xml) =>
    [...xml.matchAll(/zeebe:taskDefinition type="([^"]+)"/g)].map(([, type]) => type),
  )
  const known = new Set(workers.map(({ type }) => type))
  assert.deepEqual(
    wanted.filter((type) => type !== undefined && !known.has(type)),
    [],
  )
})

test('termini.calcola: the terms of a declaration of 1 March 2027', async () => {
  const regole = [
    { nome: 'registrazione', giorni: 2, computo: 'lavorativi', slitta: false, momento: 'fine' },
    { nome: 'termine', giorni: 45, computo: 'calendario', slitta: true, momento: 'fine' },
  ]
  const end = (giorno: string, istante: string) => ({ giorno, istante, contato: { giorno, istante } })
  assert.deepEqual(await completed(jobOf('termini.calcola', { inizio: '2027-03-01T10:00:00+01:00', regole })), {
    giornoInizio: '2027-03-01',
    scadenze: {
      registrazione: { giorni: 2, computo: 'lavorativi', ...end('2027-03-03', '2027-03-03T23:00:00Z') },
      termine: { giorni: 45, computo: 'calendario', ...end('2027-04-15', '2027-04-15T22:00:00Z') },
    },
  })
})

test('protocollo.registra: the same job takes one number however often it runs', async () => {
  const job = jobOf('protocollo.registra', entry)
  const { protocollo } = await completed(job)
  assert.deepEqual([protocollo.numero, protocollo.anno, protocollo.registro], ['0000001', 2027, 'PROTOCOLLO'])
  assert.deepEqual((await completed(job)).protocollo, protocollo)
  assert.equal((await completed(jobOf('protocollo.registra', entry))).protocollo.numero, '0000002')
})

test('protocollo.registra: a lost answer is found at the next attempt, without a second number', async () => {
  const before = (await journal('protocollo')).length
  const job = jobOf('protocollo.registra', entry)
  await plan('protocollo', 'registra', 'drop-after')
  const first = await work(job)
  assert.ok(first.kind === 'failed' && first.retries === 2 && first.retryBackOffMs === 10_000)
  await completed({ ...job, retries: 2 })
  assert.equal((await journal('protocollo')).length, before + 1)
})

test('protocollo.registra: killed before the answer, the next attempt waits until the register has settled', async () => {
  const job = jobOf('protocollo.registra', entry)
  await ledger.intend(`p-1/${job.elementId}/${job.key}`, 'protocollo.registra')
  const early = await work(job)
  assert.ok(early.kind === 'failed' && early.retries === 3 && early.retryBackOffMs === 30_000)
  ledger.advance(30_000)
  await completed(job)
})

test('a platform that says when to come again is left alone until then', async () => {
  const job = jobOf('protocollo.registra', entry)
  for (const [seconds, backOffMs] of [
    [3, 10_000],
    [40, 40_000],
  ] as const) {
    const fault = { operation: 'registra', kind: 'too-many', delayMs: seconds * 1000 }
    await fetch(`${platforms.protocollo.url}/_sandbox/faults`, { method: 'POST', body: JSON.stringify(fault) })
    const outcome = await work(job)
    assert.ok(outcome.kind === 'failed' && outcome.retries === 2 && outcome.retryBackOffMs === backOffMs)
  }
})

test('technical trouble uses up a retry, with growing back-off; the last one leaves an incident', async () => {
  const job = jobOf('anpr.registra', { pratica, richiedente, istanza: { nucleo: null }, decorrenza: '2027-03-01' })
  await plan('anagrafe', 'registra', 'error-before', 3)
  const outcomes = [await work(job), await work({ ...job, retries: 2 }), await work({ ...job, retries: 1 })]
  assert.deepEqual(
    outcomes.map((outcome) => outcome.kind === 'failed' && [outcome.retries, outcome.retryBackOffMs]),
    [
      [2, 10_000],
      [1, 60_000],
      [0, 360_000],
    ],
  )
})

test('variables of the wrong shape are an incident at once, which names places and no values', async () => {
  const outcome = await work(jobOf('protocollo.registra', { ...entry, verso: 'segreto' }))
  assert.ok(outcome.kind === 'failed' && outcome.retries === 0)
  assert.match(outcome.errorMessage, /verso/)
  assert.doesNotMatch(outcome.errorMessage, /segreto/)
})

test('email.invia: the receipt states number, responsible person, deadline and the effect of silence', async () => {
  const dati = {
    pratica: { ...pratica, protocollo: { numero: '0000001', anno: 2027 } },
    richiedente,
    termine: { inizio: '2027-03-01', scadenza: '2027-04-15', giorni: 45 },
    scadenze: { registrazione: { giorno: '2027-03-03' } },
  }
  const job = jobOf('email.invia', {
    pratica,
    messaggio: 'residenza.ricevuta',
    destinatario: { email: richiedente.email },
    dati,
  })
  assert.equal((await completed(job)).invio.esito, 'INVIATA')
  const page = await (await fetch(`${platforms.mail.url}/messaggi/1`)).text()
  for (const said of ['0000001/2027', 'Ugo Ferri', '15 aprile 2027', '3 marzo 2027', 'silenzio-assenso'])
    assert.ok(page.includes(said), said)
})

test('email.invia: every text of the diagrams exists', async () => {
  const diagram = readFileSync('processes/residenza/residenza.bpmn', 'utf8')
  for (const [, messaggio] of diagram.matchAll(/source="([^"]+)" target="messaggio"/g)) {
    const job = jobOf('email.invia', { pratica, messaggio, destinatario: { gruppo: 'anagrafe.ufficiale' }, dati: {} })
    assert.equal((await completed(job)).invio.esito, 'INVIATA', `${messaggio}`)
  }
})

test('every outcome that is told has words, not a code', () => {
  const diagram = readFileSync('processes/residenza/residenza.bpmn', 'utf8')
  const outcomes = [...diagram.matchAll(/expression="=&#34;([A-Z_]+)&#34;" resultVariable="esito"/g)].map(
    ([, code]) => code!,
  )
  assert.ok(outcomes.length >= 5)
  for (const esito of outcomes.filter((code) => code !== 'RINUNCIATA')) {
    const { text } = mailTexts()('residenza.esito', { esito })
    assert.match(text, /si è conclusa: la /, esito)
    assert.ok(!text.includes(esito), esito)
  }
})

test('email.invia never holds a practice up and never sends twice', async () => {
  const send = { pratica, messaggio: 'residenza.esito', dati: { richiedente } }
  const to = (email: string | null) => jobOf('email.invia', { ...send, destinatario: { email } })
  assert.equal((await completed(to(null))).invio.esito, 'SENZA_RECAPITO')
  assert.equal((await completed(to('x@inesistente.example'))).invio.esito, 'RIFIUTATA')
  const before = (await journal('mail')).length
  await plan('mail', 'invia', 'drop-after')
  const lost = to(richiedente.email)
  assert.equal((await completed(lost)).invio.esito, 'IGNOTO')
  assert.equal((await completed(lost)).invio.esito, 'IGNOTO')
  assert.equal((await journal('mail')).length, before + 1)
})

test('a number beyond JavaScript keeps its digits on the way to what is hashed', async () => {
  const hashes = []
  for (const digits of ['9007199254740993', '9007199254740992']) {
    const documento = '"DOCUMENTO"'
    const text = JSON.stringify({ ...entry, documento: 'DOCUMENTO' }).replace(documento, `{"importo":${digits}}`)
    await completed(board.add({ type: 'protocollo.registra', variables: text }))
    const last = (await journal('protocollo')).at(-1) as { registrazione?: { documenti: { impronta: string }[] } }
    hashes.push(last.registrazione?.documenti[0]?.impronta)
  }
  assert.notEqual(hashes[0], hashes[1])
})

test('anpr and anagrafe: read, registered once, refused to the clerk, restored', async () => {
  const declaration = { pratica, richiedente, istanza: { nucleo: null }, decorrenza: '2027-03-01' }
  const { verificaAnpr } = await completed(jobOf('anpr.verifica', declaration))
  assert.deepEqual(verificaAnpr, [{ cf: richiedente.cf, esito: 'PRESENTE', differenze: '' }])
  const job = jobOf('anpr.registra', declaration)
  await plan('anagrafe', 'registra', 'drop-after')
  assert.equal((await work(job)).kind, 'failed')
  const { anpr } = await completed(job)
  assert.equal(anpr.decorrenza, '2027-03-01')
  assert.equal((await journal('anagrafe')).length, 1)
  const refused = await work(jobOf('anpr.registra', { ...declaration, richiedente: { cf: 'X' } }))
  assert.ok(refused.kind === 'error' && refused.errorCode === 'ANPR_RIFIUTO')
  assert.ok((await completed(jobOf('anpr.ripristina', declaration))).ripristino.idOperazione)
})

test('nothing personal is logged', () => {
  assert.ok(logged.length > 0)
  assert.doesNotMatch(logged.join('\n'), /Mario|Rossi|RSSMRA/)
})

test('started together, they take jobs from a gateway and stop', async () => {
  const gateway = jobBoard()
  const running = startWorkers({ gateway, town, connectors, now, log: () => {} })
  gateway.add({ type: 'protocollo.registra', variables: JSON.stringify(entry) })
  await gateway.reported(1)
  await running.close()
  assert.equal(gateway.reports[0]?.[0], 'complete')
})
