/** Signing and sealing in a procedure: once however often the job runs, trouble as the diagram catches it, and what a verification tells. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { ActivatedJob } from '../../engine/protocol/gateway.ts'
import { loadTown } from '../../processes/town.ts'
import { documentTemplates } from '../../workers/documento/templates.ts'
import { memoryLedger } from '../connectors/memory-ledger.ts'
import { openPlatforms } from '../connectors/platforms.ts'
import { openWorkbench } from './workbench.ts'

const START = Date.parse('2027-03-01T09:00:00Z')
let time = START
const ledger = memoryLedger()
const opened = await openPlatforms({ now: () => time, ledger })
const { connectors, journal, calls, plan } = opened
const { documents } = connectors
after(() => opened[Symbol.asyncDispose]())

const { jobOf, completed, work } = openWorkbench({ town: await loadTown(), connectors, now: () => time })
const errorOf = async (job: ActivatedJob) => {
  const outcome = await work(job)
  assert.equal(outcome.kind, 'error', JSON.stringify(outcome))
  return outcome.kind === 'error' && outcome.errorCode
}

const dati = documentTemplates().example('residenza.ricevuta')
const { pratica } = dati
const { documento } = await completed(jobOf('documento.genera', { pratica, modello: 'residenza.ricevuta', dati }))
const signed = async () => (await journal('firma')).filter(({ kind }) => kind === 'signed').length
const count = async () => (await documents.ofPractice(pratica.id)).length
const verify = async (signedDocument: object, more: object = {}) =>
  (await completed(jobOf('documento.verifica-firma', { pratica, documento: signedDocument, ...more }))).verifica
async function codeFor(firmatario: string): Promise<string> {
  assert.equal((await completed(jobOf('firma.invia-otp', { pratica, firmatario }))).invioOtp, 'INVIATO')
  return String((await journal('firma')).findLast(({ kind }) => kind === 'otp')?.code)
}

test('sigillo.appone: once, even when the answer and then the outcome were lost, and at a later hour', async () => {
  const before = [await signed(), await count()]
  const job = jobOf('sigillo.appone', { pratica, documento })
  await plan('firma', 'signatures/signHash', 'drop-after')
  const lost = await work(job)
  assert.ok(lost.kind === 'failed' && lost.retries === 2)
  time += 3_600_000
  const sealed = (await completed({ ...job, retries: 2 })).documento
  const again = await completed({ ...job, key: job.key })
  assert.deepEqual(again.documento, sealed)
  assert.deepEqual([await signed(), await count()], [before[0]! + 1, before[1]! + 1])
  const { esito, firme } = await verify(sealed)
  assert.equal(esito, 'VALIDA')
  assert.deepEqual([firme[0].firmatario, firme[0].dichiarataIl], ['Comune di Esempio', new Date(START).toISOString()])
})

test('sigillo.appone: another attempt at the same job signs and clears up meanwhile: one signature', async () => {
  const before = [await signed(), await count()]
  const job = jobOf('sigillo.appone', { pratica, documento })
  const [looked, finished] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const late = openWorkbench({
    town: await loadTown(),
    now: () => time,
    connectors: {
      ...connectors,
      documents: {
        ...documents,
        async madeBy(key) {
          const found = await documents.madeBy(key)
          if (!key.endsWith('/preparato')) return found
          looked.resolve()
          await finished.promise
          return found
        },
      },
    },
  })
  const slow = late.completed(job)
  await looked.promise
  const sealed = (await completed(job)).documento
  time += 60_000
  finished.resolve()
  assert.deepEqual((await slow).documento, sealed)
  assert.deepEqual([await signed(), await count()], [before[0]! + 1, before[1]! + 1])
})

test('sigillo.appone: killed after the document was kept, before its outcome was: the document is found, nothing is signed again', async () => {
  const job = jobOf('sigillo.appone', { pratica, documento })
  const key = `${pratica.id}/${job.elementId}/${job.key}`
  await ledger.intend(key, 'sigillo.appone')
  const kept = await documents.put(
    new Uint8Array([1]),
    { nome: 'x.pdf', tipo: 'application/pdf', pratica: pratica.id },
    key,
  )
  const before = await signed()
  assert.equal((await completed(job)).documento.id, kept.id)
  assert.equal(await signed(), before)
})

const prepared = (holder: string, { id }: { readonly id: string } = documento) =>
  documents.madeBy(`${pratica.id}/firma/PADES/${id}/${holder}/preparato`)

test('firma.remota: with the code the signer received; what was prepared is not left behind', async () => {
  const otp = await codeFor('dina.dirigente')
  const job = jobOf('firma.remota', { pratica, documento, firmatario: 'dina.dirigente', otp, motivo: 'Provvedimento' })
  const signedDocument = (await completed(job)).documento
  assert.notEqual(signedDocument.id, documento.id)
  assert.equal(await prepared('dina.dirigente'), null)
  const { firme } = await verify(signedDocument)
  assert.deepEqual([firme[0].firmatario, firme[0].esito], ['Dina Greco', 'VALIDA'])
  const sealed = (await completed(jobOf('sigillo.appone', { pratica, documento: signedDocument }))).documento
  const both = await verify(sealed)
  assert.deepEqual([both.esito, both.firme.length, both.firme[0].modifiche], ['VALIDA', 2, 'SOLO_FIRME'])
})

test('firma.remota: a wrong code, a locked, an expired and no credential are errors the diagram catches', async () => {
  const sign = (firmatario: string, otp = '000000') => jobOf('firma.remota', { pratica, documento, firmatario, otp })
  const before = await count()
  for (let wrong = 0; wrong < 3; wrong++) assert.equal(await errorOf(sign('carla.comandante')), 'OTP_ERRATO')
  for (const holder of ['carla.comandante', 'esempio.bloccato', 'esempio.scaduto', 'sara.sportello'])
    assert.equal(await errorOf(sign(holder)), 'FIRMA_RIFIUTATA', holder)
  assert.equal(await errorOf(jobOf('firma.invia-otp', { pratica, firmatario: 'esempio.bloccato' })), 'FIRMA_RIFIUTATA')
  assert.equal(await count(), before)
})

test('firma.remota: killed between the answer to a wrong code and what is told of it: the code is not tried again', async () => {
  const wrong = async () => (await journal('firma')).filter(({ kind }) => kind === 'wrong').length
  const before = await wrong()
  const job = jobOf('firma.remota', { pratica, documento, firmatario: 'ugo.ufficiale', otp: '000000' })
  for (const _ of ['told to nobody', 'after the kill']) assert.equal(await errorOf(job), 'OTP_ERRATO')
  assert.equal(await wrong(), before + 1)
})

test('firma.remota: an answer lost costs the code, not the document: a new code signs', async () => {
  const signatures = await signed()
  const otp = await codeFor('ugo.ufficiale')
  const job = jobOf('firma.remota', { pratica, documento, firmatario: 'ugo.ufficiale', otp })
  await plan('firma', 'signatures/signHash', 'drop-after')
  assert.equal((await work(job)).kind, 'failed')
  const asked = async () =>
    (await calls('firma')).filter(({ operation }) => operation === 'credentials/authorize').length
  const before = await asked()
  const early = await work({ ...job, retries: 2 })
  assert.ok(early.kind === 'failed' && early.retries === 2, 'another attempt may still be waiting')
  ledger.advance(61_000)
  assert.equal(await errorOf({ ...job, retries: 2 }), 'OTP_ERRATO')
  assert.equal(await asked(), before, 'no machine tries a code twice')
  const again = { pratica, documento, firmatario: 'ugo.ufficiale', otp: await codeFor('ugo.ufficiale') }
  const signedDocument = (await completed(jobOf('firma.remota', again))).documento
  assert.equal((await verify(signedDocument)).esito, 'VALIDA')
  assert.equal(await signed(), signatures + 1, 'the other code signed the same hash')
  assert.equal(await prepared('ugo.ufficiale'), null)
  const documenti = [{ documento }]
  const lot = jobOf('firma.massiva', { pratica, documenti, firmatario: 'ugo.ufficiale', otp: '000000' })
  assert.deepEqual(
    (await completed(lot)).firme[0].firmato,
    signedDocument,
    'what was signed alone is not signed in a lot',
  )
})

let copies = 0
/** Each other than the rest, by a blank line at its end. */
async function aPdf(of = pratica.id) {
  const content = [(await documents.read(documento.id))!, Buffer.from('\n'.repeat(++copies))]
  return documents.put(Buffer.concat(content), { nome: 'Atto.pdf', tipo: 'application/pdf', pratica: of })
}
const codesTaken = async () => (await journal('firma')).filter(({ kind }) => kind === 'released').length
const outcomes = async (job: ActivatedJob) =>
  (await completed(job)).firme.map(({ esito, motivo }: Record<string, unknown>) => [esito, motivo])

test('firma.massiva: one code signs documents of several practices; of each it is told what became of it', async () => {
  const [first, second, text] = [
    await aPdf(),
    await aPdf('altra'),
    await documents.put(Buffer.from('ciao'), { nome: 'a.txt', tipo: 'text/plain', pratica: pratica.id }),
  ]
  const documenti = [
    { documento: first },
    { documento: second, pratica: { id: 'altra' } },
    { documento: text },
    { documento: second },
    { documento: { id: 'nessuno' } },
    { documento: first },
  ]
  const before = [await codesTaken(), await signed()]
  const asked = { pratica, documenti, firmatario: 'dina.dirigente', otp: await codeFor('dina.dirigente') }
  const job = jobOf('firma.massiva', { ...asked, motivo: 'Provvedimento' })
  const { firme } = await completed(job)
  assert.deepEqual(
    firme.map(({ documento, esito, motivo }: Record<string, unknown>) => [documento, esito, motivo]),
    [
      [first.id, 'FIRMATO', null],
      [second.id, 'FIRMATO', null],
      [text.id, 'NON_FIRMATO', 'NON_FIRMABILE'],
      [second.id, 'NON_FIRMATO', 'DOCUMENTO_ASSENTE'],
      ['nessuno', 'NON_FIRMATO', 'DOCUMENTO_ASSENTE'],
      [first.id, 'FIRMATO', null],
    ],
  )
  assert.deepEqual([await codesTaken(), await signed()], [before[0]! + 1, before[1]! + 2])
  assert.deepEqual(firme[5].firmato, firme[0].firmato)
  const { esito, firme: found } = await verify(firme[0].firmato)
  assert.deepEqual([esito, found[0].firmatario], ['VALIDA', 'Dina Greco'])
  const other = await documents.describe(firme[1].firmato.id)
  assert.deepEqual([other?.pratica, other?.sostituisce], ['altra', { documento: second.id, senza: 'firma' }])
  assert.equal(await prepared('dina.dirigente', first), null)
  assert.deepEqual((await completed(job)).firme, firme, 'the same job again')
  const later = jobOf('firma.massiva', { ...asked, documenti: documenti.slice(0, 2), otp: '000000' })
  assert.deepEqual((await completed(later)).firme, firme.slice(0, 2), 'no act is signed twice, and no code is needed')
  assert.deepEqual([await codesTaken(), await signed()], [before[0]! + 1, before[1]! + 2])
})

test('firma.massiva: killed between the answer and what is kept of it: nothing is asked again', async () => {
  const pdfs = [await aPdf(), await aPdf()]
  const asked = { pratica, documenti: pdfs.map((documento) => ({ documento })), firmatario: 'dina.dirigente' }
  const job = jobOf('firma.massiva', { ...asked, otp: await codeFor('dina.dirigente') })
  let puts = 0
  const dying = openWorkbench({
    town: await loadTown(),
    now: () => time,
    connectors: {
      ...connectors,
      documents: {
        ...documents,
        put: (content, description, key) =>
          description.sostituisce && ++puts > 1
            ? Promise.reject(new Error('killed'))
            : documents.put(content, description, key),
      },
    },
  })
  assert.equal((await dying.work(job)).kind, 'failed')
  const before = [(await calls('firma')).length, await count()]
  time += 60_000
  assert.deepEqual(await outcomes({ ...job, retries: 2 }), Array(2).fill(['FIRMATO', null]))
  const added = (await calls('firma')).slice(before[0]).map(({ operation }) => operation)
  assert.deepEqual(added, ['credentials/list', 'credentials/info', '/tsa'])
  assert.equal(await count(), before[1]! + 1)
})

test('firma.massiva: an answer lost costs the code: each document says so, and another code signs them all', async () => {
  const pdfs = [await aPdf(), await aPdf()]
  const signatures = await signed()
  const asked = { pratica, documenti: pdfs.map((documento) => ({ documento })), firmatario: 'dina.dirigente' }
  const job = jobOf('firma.massiva', { ...asked, otp: await codeFor('dina.dirigente') })
  await plan('firma', 'signatures/signHash', 'drop-after')
  assert.equal((await work(job)).kind, 'failed')
  ledger.advance(61_000)
  const taken = await codesTaken()
  assert.deepEqual(await outcomes({ ...job, retries: 2 }), Array(2).fill(['NON_FIRMATO', 'CODICE_USATO']))
  assert.equal(await codesTaken(), taken)
  const wrong = jobOf('firma.massiva', { ...asked, otp: '000000' })
  assert.equal(await errorOf(wrong), 'OTP_ERRATO')
  const again = jobOf('firma.massiva', { ...asked, otp: await codeFor('dina.dirigente') })
  assert.deepEqual(await outcomes(again), Array(2).fill(['FIRMATO', null]))
  assert.equal(
    await signed(),
    signatures + 2,
    'each act is signed once, though another code was needed, and one was wrong',
  )
})

test('firma.massiva: a wrong code is tried once and signs nothing; a credential signs as many as it may', async () => {
  time += 31 * 60_000
  const pdfs = [await aPdf(), await aPdf()]
  const asked = { pratica, documenti: pdfs.map((documento) => ({ documento })), firmatario: 'carla.comandante' }
  const sign = async () => outcomes(jobOf('firma.massiva', { ...asked, otp: await codeFor('carla.comandante') }))
  assert.deepEqual(await sign(), [
    ['FIRMATO', null],
    ['NON_FIRMATO', 'OLTRE_IL_LIMITE'],
  ])
  assert.deepEqual(await sign(), Array(2).fill(['FIRMATO', null]))
  const wrong = async () => (await journal('firma')).filter(({ kind }) => kind === 'wrong').length
  const another = { ...asked, documenti: [{ documento: await aPdf() }], otp: '000000' }
  const before = [await wrong(), await count()]
  assert.equal(await errorOf(jobOf('firma.massiva', another)), 'OTP_ERRATO')
  assert.deepEqual([await wrong(), await count()], [before[0]! + 1, before[1]])
  assert.equal(
    await errorOf(jobOf('firma.massiva', { ...asked, firmatario: 'esempio.scaduto', otp: '000000' })),
    'FIRMA_RIFIUTATA',
  )
})

test('firma.remota: any file in an envelope, which says when it was signed and stamped', async () => {
  const text = await documents.put(Buffer.from('delibera'), { nome: 'a.txt', tipo: 'text/plain', pratica: pratica.id })
  const asked = { pratica, documento: text, firmatario: 'dina.dirigente', formato: 'CADES' }
  const job = jobOf('firma.remota', { ...asked, otp: await codeFor('dina.dirigente') })
  await plan('firma', '/tsa', 'error-before')
  const before = [await codesTaken(), await signed()]
  assert.equal((await work(job)).kind, 'failed', 'without its time stamp it is not kept')
  time += 60_000
  const envelope = (await completed({ ...job, retries: 2 })).documento
  assert.deepEqual(
    [await codesTaken(), await signed()],
    [before[0]! + 1, before[1]! + 1],
    'the code is not asked for again',
  )
  assert.deepEqual([envelope.nome, envelope.tipo], ['a.txt.p7m', 'application/pkcs7-mime'])
  const { esito, firme } = await verify(envelope)
  assert.deepEqual([esito, firme[0].formato, firme[0].marca.valida], ['VALIDA', 'CAdES', true])
  assert.equal(Date.parse(firme[0].marca.istante), Math.floor(time / 1000) * 1000)
})

test('firma.invia-otp: not repeated when its outcome is unknown; the seal needs no code', async () => {
  const job = jobOf('firma.invia-otp', { pratica, firmatario: 'ugo.ufficiale' })
  await plan('firma', 'credentials/sendOTP', 'drop-after')
  const codes = async () => (await journal('firma')).filter(({ kind }) => kind === 'otp').length
  const before = await codes()
  assert.equal((await completed(job)).invioOtp, 'IGNOTO')
  assert.equal((await completed(job)).invioOtp, 'IGNOTO')
  assert.equal(await codes(), before + 1)
  assert.equal((await completed(jobOf('firma.invia-otp', { pratica, firmatario: 'ente' }))).invioOtp, 'NON_RICHIESTO')
})

test('what is no PDF cannot be signed; what is not signed, or not readable, has no signature', async () => {
  const put = (content: string, nome: string) =>
    documents.put(Buffer.from(content), { nome, tipo: 'text/plain', pratica: pratica.id })
  const text = await put('ciao', 'a.txt')
  assert.equal(await errorOf(jobOf('sigillo.appone', { pratica, documento: { id: text.id } })), 'FIRMA_RIFIUTATA')
  const found = (id: string, esito: string) => ({ documento: id, esito, firme: [] })
  assert.deepEqual(await verify({ id: text.id }), found(text.id, 'ASSENTE'))
  const broken = (await put('%PDF-1.7\nrotto', 'b.pdf')).id
  assert.deepEqual(await verify({ id: broken }), found(broken, 'NON_VERIFICABILE'))
  const empty = { nome: 'c.p7m', tipo: 'application/pkcs7-mime', pratica: pratica.id }
  const envelope = (await documents.put(new Uint8Array([0x30, 0]), empty)).id
  assert.deepEqual(await verify({ id: envelope }), found(envelope, 'NON_VERIFICABILE'))
  const foreign = await completed(jobOf('documento.verifica-firma', { pratica: { id: 'altra' }, documento }))
  assert.deepEqual(foreign.verifica, found(documento.id, 'NON_VERIFICABILE'))
})
