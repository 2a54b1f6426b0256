/** Workers before the protocol register: real documents, one number however often it is asked for, and what happens while it is down. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { ProtocolJournalEntry } from '../../connectors/protocollo/sandbox.ts'
import { readSegnatura } from '../../connectors/protocollo/segnatura.ts'
import type { ActivatedJob } from '../../engine/protocol/gateway.ts'
import { loadTown } from '../../processes/town.ts'
import { jobWorkers } from '../../workers/index.ts'
import { memoryLedger } from '../connectors/memory-ledger.ts'
import { openPlatforms } from '../connectors/platforms.ts'
import { openWorkbench } from './workbench.ts'

const HOUR = 3_600_000
let time = Date.parse('2027-03-01T09:00:00Z')
const now = () => time
const ledger = memoryLedger()
const opened = await openPlatforms({ now, ledger })
const { connectors, journal, plan, takeDown } = opened
const { documents } = connectors
const town = await loadTown()
after(() => opened[Symbol.asyncDispose]())

const { board, workers, jobOf, work, completed } = openWorkbench({ town, connectors, now })
const workersOf = (of: typeof town) => jobWorkers({ gateway: board, town: of, connectors, now, log: () => {} })
/** What the diagram catches. */
async function thrown(job: ActivatedJob, by = workers) {
  const outcome = await work(job, by)
  assert.equal(outcome.kind, 'error', JSON.stringify(outcome))
  return outcome.kind === 'error' ? { code: outcome.errorCode, ...JSON.parse(outcome.variables ?? '{}') } : {}
}
const registered = async () =>
  ((await journal('protocollo')) as readonly JournalLine[]).flatMap((line) =>
    line.operazione === 'registra' ? [line.registrazione] : [],
  )
type JournalLine = ProtocolJournalEntry

const pratica = { id: 'p-1', tipo: 'comune.anagrafe.residenza' }
const attached = await documents.put(Buffer.from('titolo'), {
  nome: 'titolo.pdf',
  tipo: 'application/pdf',
  pratica: 'p-1',
})
const foreign = await documents.put(Buffer.from('altrui'), { nome: 'a.pdf', tipo: 'application/pdf', pratica: 'p-2' })
const registration = {
  pratica,
  verso: 'IN',
  oggetto: 'Dichiarazione: "residenza"',
  corrispondente: { nome: 'Mario Rossi', codiceFiscale: null, email: null },
  documento: { richiedente: 'Mario' },
  documenti: [attached.id],
}
const last = (variables: object) => jobOf('protocollo.registra', variables, { retries: 1 })

describe('documents', () => {
  test('what is registered becomes a document of the practice; it and its attachments go with their digests', async () => {
    await completed(jobOf('protocollo.registra', registration))
    const [entry] = await registered()
    const primary = (await documents.ofPractice('p-1')).find(({ tipo }) => tipo === 'application/json')
    assert.deepEqual(
      entry?.documenti.map(({ nome, impronta }) => [nome, impronta]),
      [
        ['Dichiarazione residenza.json', primary?.impronta],
        ['titolo.pdf', attached.impronta],
      ],
    )
    assert.equal(entry?.classifica, 'XI.2')
    assert.equal(String(await documents.read(primary?.id ?? '')), '{"richiedente":"Mario"}')
  })
  test('a document of the practice is registered as it is, once', async () => {
    const documento = { id: attached.id, nome: 'titolo.pdf', tipo: 'application/pdf', impronta: attached.impronta }
    const before = (await documents.ofPractice('p-1')).length
    await completed(jobOf('protocollo.registra', { ...registration, documento }))
    assert.deepEqual(
      (await registered()).at(-1)?.documenti.map(({ nome }) => nome),
      ['titolo.pdf'],
    )
    assert.equal((await documents.ofPractice('p-1')).length, before)
  })
  test("another practice's document, or none, is registered by nobody", async () => {
    const before = (await registered()).length
    for (const id of [foreign.id, crypto.randomUUID(), '../etc/passwd']) {
      const outcome = await work(last({ ...registration, documenti: [id] }))
      assert.ok(outcome.kind === 'failed' && outcome.errorMessage.includes(id))
    }
    assert.equal((await registered()).length, before)
  })
})

describe('while the protocol is down', () => {
  test('the last attempt is a modelled outcome, and what was asked again later has one number', async () => {
    await plan('protocollo', 'registra', 'drop-after')
    const lost = await thrown(last(registration))
    assert.equal(lost.code, 'PROTOCOLLO_NON_DISPONIBILE')
    const before = (await registered()).length
    const again = jobOf('protocollo.registra', { ...registration, riferimento: lost.riferimento })
    const { protocollo } = await completed(again)
    assert.equal((await registered()).length, before)
    assert.equal((await registered()).at(-1)?.numero, protocollo.numero)
  })
  test('an entry takes an emergency number, and later an ordinary one that cites it', async () => {
    await takeDown('protocollo', time + 5 * HOUR)
    const down = await thrown(last(registration))
    assert.equal((await journal('protocollo')).filter(({ operazione }) => operazione === 'registra').length, 3)
    const job = jobOf('emergenza.registra', { ...registration, riferimento: down.riferimento })
    const { protocollo, emergenza } = await completed(job)
    assert.deepEqual(protocollo, {
      numero: 'E0000001',
      anno: 2027,
      registro: 'EMERGENZA',
      data: new Date(time).toISOString(),
    })
    assert.deepEqual(await completed(job), { protocollo, emergenza })
    assert.equal(emergenza.prima, true)
    const { voci } = await completed(jobOf('emergenza.elenca', { interruzione: emergenza.interruzione }))
    assert.deepEqual(voci, [{ numero: 'E0000001', anno: 2027, pratica: { id: 'p-1' } }])
    time += HOUR
    const recover = jobOf('emergenza.recupera', { voce: voci[0] }, { retries: 1 })
    assert.equal((await thrown(recover)).code, 'PROTOCOLLO_NON_DISPONIBILE')
    const open = await completed(jobOf('emergenza.chiudi', { interruzione: emergenza.interruzione }))
    assert.equal(open.emergenza.chiusa, false)

    time += 4 * HOUR
    const final = (await completed(recover)).protocollo
    assert.deepEqual(await completed(recover), { protocollo: final })
    const entry = (await registered()).at(-1)
    assert.deepEqual([entry?.numero, entry?.data], [final.numero, new Date(time).toISOString()])
    assert.deepEqual(entry?.emergenza, protocollo)
    assert.deepEqual(final.emergenza, protocollo)
    assert.equal(entry?.riferimento, down.riferimento)
    assert.deepEqual(
      entry?.documenti.map(({ nome }) => nome),
      ['Dichiarazione residenza.json', 'titolo.pdf'],
    )
    const { emergenza: closed } = await completed(jobOf('emergenza.chiudi', { interruzione: emergenza.interruzione }))
    assert.deepEqual(closed, {
      chiusa: true,
      causa: town.protocollo.emergenza.causa,
      inizio: protocollo.data,
      ripristino: new Date(time).toISOString(),
      registrazioni: 1,
      giornate: [{ giorno: '2027-03-01', registrazioni: 1 }],
    })
  })
  test('an attempt without answer that had been done is found, and takes no second number', async () => {
    await plan('protocollo', 'registra', 'drop-after')
    const lost = await thrown(last({ ...registration, oggetto: 'Perduta' }))
    const { protocollo, emergenza } = await completed(
      jobOf('emergenza.registra', { ...registration, oggetto: 'Perduta', riferimento: lost.riferimento }),
    )
    assert.equal(protocollo.numero, 'E0000002')
    const before = (await registered()).length
    const voce = { numero: protocollo.numero, anno: protocollo.anno, pratica }
    const final = (await completed(jobOf('emergenza.recupera', { voce }))).protocollo
    assert.equal((await registered()).length, before)
    assert.equal((await registered()).at(-1)?.numero, final.numero)
    assert.deepEqual(final.emergenza, protocollo)
    await completed(jobOf('emergenza.chiudi', { interruzione: emergenza.interruzione }))
  })
  test('after a day the rule of the town is not enough: the responsible person decides, for days', async () => {
    const enter = () => jobOf('emergenza.registra', registration)
    const { emergenza } = await completed(enter())
    time += 24 * HOUR
    assert.equal((await thrown(enter())).code, 'EMERGENZA_NON_AUTORIZZATA')
    await completed(jobOf('emergenza.apri', { autorizzazione: { causa: 'guasto', estremi: 'det. 2', giorni: 7 } }))
    assert.equal((await completed(enter())).emergenza.interruzione, emergenza.interruzione)
    time += 7 * 24 * HOUR
    assert.equal((await thrown(enter())).code, 'EMERGENZA_NON_AUTORIZZATA')
    const tooLong = await work(jobOf('emergenza.apri', { autorizzazione: { causa: 'x', estremi: 'y', giorni: 8 } }))
    assert.ok(tooLong.kind === 'failed' && tooLong.retries === 0)
    const { voci } = await completed(jobOf('emergenza.elenca', { interruzione: emergenza.interruzione }))
    for (const voce of voci) await completed(jobOf('emergenza.recupera', { voce }))
    await completed(jobOf('emergenza.chiudi', { interruzione: emergenza.interruzione }))
  })
  test('a town without a rule opens it by a person alone', async () => {
    const protocollo = {
      ...town.protocollo,
      emergenza: { ...town.protocollo.emergenza, apertura: 'RESPONSABILE' as const },
    }
    const strict = workersOf({ ...town, protocollo })
    const job = jobOf('emergenza.registra', registration)
    assert.equal((await thrown(job, strict)).code, 'EMERGENZA_NON_AUTORIZZATA')
    await completed(jobOf('emergenza.apri', { autorizzazione: { causa: 'guasto', estremi: 'det. 3' } }))
    assert.equal((await work(job, strict)).kind, 'completed')
  })
})

describe('files and annulments', () => {
  const opening = { pratica: { ...pratica, id: 'p-9' }, oggetto: 'Cambio di residenza' }
  test('a practice has one file, under the class of its procedure', async () => {
    await plan('protocollo', 'apri-fascicolo', 'drop-after')
    const job = jobOf('fascicolo.crea', opening)
    assert.equal((await work(job)).kind, 'failed')
    const { fascicolo } = await completed({ ...job, retries: 2 })
    assert.deepEqual([fascicolo.classifica, fascicolo.chiuso], ['XI.2', null])
    assert.deepEqual((await completed(jobOf('fascicolo.crea', opening))).fascicolo, fascicolo)
    const opened = (await journal('protocollo')).filter(({ operazione }) => operazione === 'apri-fascicolo')
    assert.equal(opened.length, 1)
    const unknown = await work(jobOf('fascicolo.crea', { ...opening, pratica: { id: 'p-8', tipo: 'ignoto' } }))
    assert.ok(unknown.kind === 'failed' && /class for the files of ignoto/.test(unknown.errorMessage))
  })
  test('entries go in, emergency ones under their final number, until it is closed', async () => {
    const { fascicolo } = await completed(jobOf('fascicolo.crea', opening))
    const add = (protocollo: object) => jobOf('fascicolo.aggiungi', { pratica, fascicolo, protocollo })
    await completed(add({ numero: '0000001', anno: 2027, registro: 'PROTOCOLLO' }))
    await completed(add({ numero: 'E0000001', anno: 2027, registro: 'EMERGENZA' }))
    const within = await completed(
      jobOf('protocollo.registra', {
        ...registration,
        pratica: { ...pratica, fascicolo: { codice: fascicolo.codice } },
      }),
    )
    const waiting = (await completed(jobOf('emergenza.registra', { ...registration, oggetto: 'Nuova' }))).protocollo
    const early = await work(add(waiting))
    assert.ok(early.kind === 'failed' && early.retries === 3 && early.retryBackOffMs === 15 * 60_000)
    const closed = (await completed(jobOf('fascicolo.chiudi', { pratica, fascicolo }))).fascicolo
    assert.equal(closed.chiuso, new Date(time).toISOString())
    const file = await connectors.protocol.findFile('p-9/fascicolo')
    const cited = (await registered()).find(({ emergenza }) => emergenza?.numero === 'E0000001')
    assert.deepEqual(
      file?.registrazioni.map(({ numero }) => numero),
      ['0000001', cited?.numero, within.protocollo.numero],
    )
    const late = await work(add({ numero: '0000002', anno: 2027, registro: 'PROTOCOLLO' }))
    assert.ok(late.kind === 'failed' && late.retries === 0 && /FASCICOLO_CHIUSO/.test(late.errorMessage))
  })
  test('protocollo.annulla: once, with its reason', async () => {
    const { protocollo } = await completed(jobOf('protocollo.registra', registration))
    await plan('protocollo', 'annulla', 'drop-after')
    const job = jobOf('protocollo.annulla', { pratica, protocollo, motivo: 'registrata due volte' })
    assert.equal((await work(job)).kind, 'failed')
    assert.equal((await completed({ ...job, retries: 2 })).annullamento.motivo, 'registrata due volte')
    const annulled = (await journal('protocollo')).filter(({ operazione }) => operazione === 'annulla')
    assert.equal(annulled.length, 1)
  })
})

describe('the protocol signature', () => {
  const asked = {
    ...{ pratica, oggetto: 'Trasmissione per competenza', documenti: [attached.id] },
    protocollo: { numero: '0000001', anno: 2027, registro: 'PROTOCOLLO', data: '2027-03-01T09:00:00Z' },
    destinatario: { nome: 'Comune di Prato', codiceIpa: 'c_g999', email: 'protocollo@pec.prato.example' },
  }
  const segnaturaIn = async (id: string) => readSegnatura(String(await documents.read(id)))
  test('names town, entry and documents by their digests, and is kept once', async () => {
    const job = jobOf('protocollo.segnatura', asked)
    const { documento } = await completed(job)
    assert.deepEqual(await completed(job), { documento })
    const read = await segnaturaIn(documento.id)
    assert.deepEqual(read.documenti, [{ nome: 'titolo.pdf', tipo: 'application/pdf', impronta: attached.impronta }])
    assert.deepEqual([read.codiceAmministrazione, read.classifica.codice], [town.codiceIpa, 'XI.2'])
    assert.deepEqual(read.registrazione, { ...asked.protocollo })
    assert.equal(read.destinatari[0].kind, 'amministrazione')
  })
  test('a person is told from an organisation by the tax code', async () => {
    const to = async (destinatario: object) =>
      (await segnaturaIn((await completed(jobOf('protocollo.segnatura', { ...asked, destinatario }))).documento.id))
        .destinatari[0]
    const person = { kind: 'persona', codiceFiscale: 'RSSMRA85C01G273I' }
    assert.deepEqual(await to({ nome: 'Mario Rossi', codiceFiscale: 'RSSMRA85C01G273I' }), {
      ...{ ...person, nome: 'Mario', cognome: 'Rossi' },
    })
    assert.deepEqual(await to({ nome: 'Rossi Mario', codiceFiscale: 'RSSMRA85C01G273I' }), {
      ...{ ...person, nome: 'Mario', cognome: 'Rossi' },
    })
    assert.deepEqual(await to({ nome: 'Anna Maria De Fo', codiceFiscale: 'DFENMR85C41G273I' }), {
      ...{ kind: 'persona', nome: 'Anna Maria', cognome: 'De Fo', codiceFiscale: 'DFENMR85C41G273I' },
    })
    assert.equal((await to({ nome: 'Utenze S.p.A.', codiceFiscale: '00000000000' })).kind, 'giuridica')
    assert.equal((await to({ nome: 'Mario Bianchi', codiceFiscale: 'RSSMRA85C01G273I' })).kind, 'giuridica')
  })
  test('an emergency number waits for the final one; a foreign document is not named', async () => {
    const waiting = { ...asked, protocollo: { ...asked.protocollo, numero: 'E0000001', registro: 'EMERGENZA' } }
    const early = await work(jobOf('protocollo.segnatura', waiting))
    assert.ok(early.kind === 'failed' && early.retries === 3)
    const outcome = await work(jobOf('protocollo.segnatura', { ...asked, documenti: [foreign.id] }))
    assert.ok(outcome.kind === 'failed' && outcome.errorMessage.includes(foreign.id))
  })
  test('one that was received is compared with what came with it', async () => {
    const sent = (await completed(jobOf('protocollo.segnatura', asked))).documento
    const read = (id: string) => jobOf('protocollo.leggi-segnatura', { pratica, segnatura: { id } })
    const { segnatura } = await completed(read(sent.id))
    assert.deepEqual(segnatura, {
      mittente: town.nome,
      oggetto: asked.oggetto,
      protocollo: asked.protocollo,
      documenti: [{ nome: 'titolo.pdf', id: attached.id }],
      concorda: true,
    })
    const text = String(await documents.read(sent.id))
    const put = (content: string) =>
      documents.put(Buffer.from(content), { nome: 's.xml', tipo: 'application/xml', pratica: 'p-1' })
    const other = await put(text.replace(attached.impronta, foreign.impronta))
    assert.equal((await completed(read(other.id))).segnatura.concorda, false)
    for (const content of [
      '',
      '<x/>',
      '\xff',
      text.replace('3.0.0', '2.0'),
      text.replace(/2027-03-01</, 'ieri<'),
      'x'.repeat(2 ** 20 + 1),
    ])
      assert.equal((await thrown(read((await put(content)).id))).code, 'SEGNATURA_ILLEGGIBILE', content.slice(0, 40))
    const outcome = await work(read(foreign.id))
    assert.ok(outcome.kind === 'failed' && outcome.errorMessage.includes(foreign.id))
  })
})
