/** Signatures: the service behind the port, what it promises, the PDF it makes, and what a verification finds in what was tampered with. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { type KeyObject, publicDecrypt, X509Certificate } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { PDFDocument, PDFName } from '@cantoo/pdf-lib'
import { documentWriter } from '../../connectors/documento/client.ts'
import { Refused, Unavailable, UnknownOutcome } from '../../connectors/effect.ts'
import { signingService } from '../../connectors/firma/client.ts'
import { cmsOf, hashToSign, SIGNATURE_OID, sha256 } from '../../connectors/firma/cms.ts'
import { documentSigner } from '../../connectors/firma/signer.ts'
import {
  HASHES_MAX,
  type HashOutcome,
  type SigningService,
  type SignRequest,
  signingEffects,
} from '../../connectors/firma/types.ts'
import { officialApi, withoutSpecs } from './official-api.ts'
import { openPlatforms } from './platforms.ts'
import { exchangesWith } from './recorded-exchange.ts'
import { signatureIn, signedPdf, signOne } from './signed.ts'

const NOON = Date.parse('2027-03-01T12:00:00Z')
const MINUTE = 60_000
let time = NOON
const opened = await openPlatforms({ now: () => time })
const { platforms, plan, journal } = opened
const { signer } = opened.connectors
const service = signingService(platforms.firma)
const writer = documentWriter()
after(async () => {
  await writer.close()
  await opened[Symbol.asyncDispose]()
})

const hash = (text: string): Buffer => sha256(Buffer.from(text))
const signed = async () => (await journal('firma')).filter(({ kind }) => kind === 'signed')
const lastCode = async (): Promise<string> =>
  String((await journal('firma')).findLast(({ kind }) => kind === 'otp')?.code)
async function codeFor(id: string): Promise<string> {
  await service.sendOtp(id)
  return lastCode()
}

describe('remote signature', () => {
  test('a code is good once, for five minutes, and only the last one', async () => {
    const credential = await service.credentialOf('ugo.ufficiale')
    assert.equal(credential.otp, true)
    const first = await codeFor(credential.id)
    const otp = await codeFor(credential.id)
    const wrong = { name: Refused.name, code: 'OTP_ERRATO' }
    if (first !== otp) await assert.rejects(signOne(service, { credential, hash: hash('a'), otp: first }), wrong)
    assert.ok((await signOne(service, { credential, hash: hash('a'), otp })).byteLength > 0)
    await assert.rejects(signOne(service, { credential, hash: hash('b'), otp }), wrong)
    const late = await codeFor(credential.id)
    time += 5 * MINUTE + 1
    await assert.rejects(signOne(service, { credential, hash: hash('b'), otp: late }), wrong)
    await signOne(service, { credential, hash: hash('b'), otp: await codeFor(credential.id) })
  })
  test('three wrong codes lock the credential for half an hour', async () => {
    const credential = await service.credentialOf('carla.comandante')
    for (let count = 0; count < 3; count++)
      await assert.rejects(signOne(service, { credential, hash: hash('a'), otp: 'no' }), { code: 'OTP_ERRATO' })
    await assert.rejects(signOne(service, { credential, hash: hash('a'), otp: 'no' }), { code: 'CREDENZIALE_BLOCCATA' })
    await assert.rejects(service.credentialOf('carla.comandante'), { code: 'CREDENZIALE_BLOCCATA' })
    await assert.rejects(service.sendOtp(credential.id), { code: 'CREDENZIALE_BLOCCATA' })
    time += 31 * MINUTE
    await signOne(service, { credential, hash: hash('a'), otp: await codeFor(credential.id) })
  })
  test('who has no credential, a disabled or an expired one', async () => {
    await assert.rejects(service.credentialOf('nessuno'), { name: Refused.name, code: 'CREDENZIALE_ASSENTE' })
    await assert.rejects(service.credentialOf('esempio.bloccato'), { code: 'CREDENZIALE_BLOCCATA' })
    await assert.rejects(service.credentialOf('esempio.scaduto'), { code: 'CERTIFICATO_SCADUTO' })
  })
  test('signing is keyed by what is signed: the same key over the same hash is the same signature, not a second one', async () => {
    assert.equal(signingEffects.sign, 'keyed')
    const credential = await service.credentialOf('ente')
    assert.equal(credential.otp, false)
    await plan('firma', 'signatures/signHash', 'drop-after')
    const before = (await signed()).length
    await assert.rejects(signOne(service, { credential, hash: hash('sigillo') }), UnknownOutcome)
    const again = await signOne(service, { credential, hash: hash('sigillo') })
    assert.deepEqual(await signOne(service, { credential, hash: hash('sigillo') }), again)
    assert.equal((await signed()).length, before + 1)
  })
  test('sending a code is neither: a repeat sends another', async () => {
    assert.equal(signingEffects.sendOtp, 'neither')
    const { id } = await service.credentialOf('dina.dirigente')
    const codes = async () => (await journal('firma')).filter(({ kind }) => kind === 'otp').length
    const before = await codes()
    await plan('firma', 'credentials/sendOTP', 'drop-after')
    await assert.rejects(service.sendOtp(id), UnknownOutcome)
    await service.sendOtp(id)
    assert.equal(await codes(), before + 2)
  })
  test('failures say what may have been done', async () => {
    const credential = await service.credentialOf('ente')
    await plan('firma', 'credentials/authorize', 'error-before')
    await assert.rejects(signOne(service, { credential, hash: hash('x') }), Unavailable)
    await plan('firma', 'signatures/signHash', 'error-after')
    await assert.rejects(signOne(service, { credential, hash: hash('x') }), UnknownOutcome)
    const nowhere = signingService({ ...platforms.firma, url: 'http://127.0.0.1:4' })
    await assert.rejects(nowhere.credentialOf('ente'), Unavailable)
    await assert.rejects(signingService({ ...platforms.firma, token: 'altro' }).credentialOf('ente'), { code: '401' })
    const wrongPin = signingService({ ...platforms.firma, pins: { ente: '0000' } })
    await assert.rejects(signOne(wrongPin, { credential: await wrongPin.credentialOf('ente'), hash: hash('x') }), {
      code: 'invalid_pin',
    })
  })
  test('one code signs many hashes, and what was authorised are these alone', async () => {
    const credential = await service.credentialOf('dina.dirigente')
    assert.equal(credential.atOnce, HASHES_MAX)
    const hashes = Array.from({ length: HASHES_MAX }, (_, index) => hash(`atto ${index}`))
    const released = async () => (await journal('firma')).filter(({ kind }) => kind === 'released').length
    const before = await released()
    const outcomes = await service.sign({ credential, hashes, otp: await codeFor(credential.id) })
    assert.equal(await released(), before + 1)
    const { publicKey } = new X509Certificate(Buffer.from(credential.certificates[0]!))
    for (const [index, outcome] of outcomes.entries()) assert.deepEqual(decrypted(publicKey, outcome), hashes[index])
    const one = await service.credentialOf('carla.comandante')
    assert.equal(one.atOnce, 1)
    const two = { credential: one, hashes: hashes.slice(0, 2), otp: await codeFor(one.id) }
    await assert.rejects(service.sign(two), { name: Refused.name, code: 'invalid_request' })
  })
  test('an activation is good for its hashes, for five minutes, once', async () => {
    const { id: credentialID } = await service.credentialOf('ente')
    const post = async (path: string, body: object) => {
      const headers = { authorization: 'Bearer sandbox' }
      const init = { method: 'POST', headers, body: JSON.stringify({ credentialID, ...body }) }
      return (await fetch(`${platforms.firma.url}/csc/v1/${path}`, init)).json() as Promise<Record<string, unknown>>
    }
    const [a, b] = [hash('a'), hash('b')].map((each) => each.toString('base64'))
    const authorise = async (hashes: readonly unknown[], numSignatures = hashes.length) =>
      post('credentials/authorize', { PIN: platforms.firma.pins.ente, hash: hashes, numSignatures })
    const sign = (SAD: unknown, hashes: readonly unknown[]) =>
      post('signatures/signHash', { SAD, hash: hashes, signAlgo: SIGNATURE_OID.RSA })
    assert.match(String((await authorise([a], 2)).error_description), /hash/)
    const { SAD } = await authorise([a])
    assert.match(String((await sign(SAD, [a, b])).error_description), /not authorized/)
    assert.match(String((await sign(SAD, [a])).error_description), /SAD/)
    const { SAD: late } = await authorise([a])
    time += 5 * MINUTE + 1
    assert.match(String((await sign(late, [a])).error_description), /expired/)
    const { SAD: good } = await authorise([a, b])
    assert.equal(((await sign(good, [a, b])).signatures as unknown[]).length, 2)
    assert.match(String((await sign(good, [a, b])).error_description), /SAD/)
  })
  test('once a code was taken, no failure says that the call may simply be made again', async () => {
    const credential = await service.credentialOf('ugo.ufficiale')
    await plan('firma', 'signatures/signHash', 'error-before')
    const request = { credential, hash: hash('preso'), otp: await codeFor(credential.id) }
    await assert.rejects(signOne(service, request), UnknownOutcome)
    await plan('firma', 'credentials/authorize', 'error-before')
    await assert.rejects(signOne(service, { ...request, otp: await codeFor(credential.id) }), Unavailable)
  })
  test('a signature that is of another document, or of another key, is not taken for one', async () => {
    const credential = await service.credentialOf('ente')
    const documents = [hash('uno'), hash('due')]
    const crossed = {
      ...service,
      sign: async (request: SignRequest) => (await service.sign(request)).toReversed(),
    } satisfies SigningService
    const mistaken = documentSigner(crossed, [])
    const foreign = { kind: 'refused', code: 'FIRMA_ESTRANEA' }
    assert.deepEqual(await mistaken.sign(documents, credential), [foreign, foreign])
    const other = { ...(await service.credentialOf('ugo.ufficiale')), id: (await signer.credentialOf('ente')).id }
    assert.deepEqual(await signer.sign(documents, other), [foreign, foreign])
    await mistaken.close()
    const outcomes = await signer.sign(documents, credential)
    assert.deepEqual(
      outcomes.map(({ kind }) => kind),
      ['signed', 'signed'],
    )
  })
  test("the codes are on the sandbox's page, as on a telephone", async () => {
    const { id } = await service.credentialOf('ugo.ufficiale')
    const code = await codeFor(id)
    assert.match(await (await fetch(platforms.firma.url)).text(), new RegExp(`${id}.*${code}`))
  })
  test('the exchanges are as the CSC describes them', { skip: withoutSpecs }, async () => {
    const api = officialApi('firma/csc/csc_openapi_v1.0.3.0.json')
    const heard = await exchangesWith(platforms.firma.url, async (url) => {
      const client = signingService({ ...platforms.firma, url })
      const credential = await client.credentialOf('ugo.ufficiale')
      await client.sendOtp(credential.id)
      await client.sign({ credential, hashes: [hash('csc'), hash('csc 2')], otp: await lastCode() })
    })
    assert.equal(heard.length, 5)
    const faults = heard.flatMap((exchange) => api.faults({ ...exchange, path: exchange.path.replace('/csc/v1', '') }))
    // Of the file's own: it gives sendOTP no 204, and a field's length as text.
    assert.deepEqual(
      faults.filter((fault) => !/sendOTP.*204/.test(fault)),
      [],
    )
  })
})

/** The digest that an RSA signature is over. */
const decrypted = (key: KeyObject, outcome: HashOutcome): Buffer =>
  publicDecrypt(key, Buffer.from(signatureIn(outcome))).subarray(-32)

const letterhead = { ente: 'Comune', ufficio: null, recapiti: [] }
const write = (text: string) => writer.write({ source: { text, parts: {} }, data: {}, letterhead, at: NOON })
async function sealed(pdf: Uint8Array, firmatario = 'Comune di Esempio', at = NOON): Promise<Buffer> {
  const credential = await signer.credentialOf('ente')
  return signedPdf(signer, pdf, { credential, firmatario, motivo: 'prova', at })
}

describe('signed PDF', () => {
  let plain: Uint8Array
  let once: Buffer
  before(async () => {
    plain = await write('# Titolo\n\ntesto')
    once = await sealed(plain)
  })
  test('what was there stays byte for byte, and the same is signed to the same bytes', async () => {
    assert.deepEqual(once.subarray(0, plain.byteLength), Buffer.from(plain))
    assert.deepEqual(await sealed(plain), once)
  })
  test('one, then two signatures: each valid, the first followed by signatures alone', async () => {
    const [report, ...more] = (await signer.verify(once, NOON)).firme
    assert.deepEqual(more, [])
    assert.deepEqual(report, {
      ...{ formato: 'PAdES', firmatario: 'Comune di Esempio', emittente: 'Autorità di prova' },
      ...{ dichiarataIl: new Date(NOON).toISOString(), integra: true, attendibile: true, copreTutto: true },
      ...{ modifiche: 'NESSUNA', esito: 'VALIDA', motivi: [] },
    })
    const twice = (await signer.verify(await sealed(once, 'Altro', NOON + MINUTE), NOON)).firme
    assert.deepEqual(
      twice.map(({ esito, modifiche }) => [esito, modifiche]),
      [
        ['VALIDA', 'SOLO_FIRME'],
        ['VALIDA', 'NESSUNA'],
      ],
    )
  })
  test('another program finds the CMS good, its certificate named in it (CAdES)', {
    skip: withoutOpenssl(),
  }, async () => {
    const directory = await mkdtemp('/tmp/iter-firma-')
    const [, a, b, c, d] = /ByteRange \[ (\d+) (\d+) (\d+) (\d+)/.exec(once.toString('latin1'))!.map(Number)
    const cms = Buffer.from(once.subarray(b! + 1, c! - 1).toString('latin1'), 'hex')
    const root = new X509Certificate(Buffer.from(platforms.firma.autorita[0]!, 'base64'))
    const file = (name: string) => join(directory, name)
    await writeFile(file('cms'), cms)
    await writeFile(file('data'), Buffer.concat([once.subarray(a, b), once.subarray(c, c! + d!)]))
    await writeFile(file('root'), root.toString())
    const options = [
      'cms',
      '-verify',
      '-cades',
      '-binary',
      '-inform',
      'DER',
      '-purpose',
      'any',
      '-attime',
      String(NOON / 1000),
    ]
    const files = ['-in', file('cms'), '-content', file('data'), '-CAfile', file('root'), '-out', file('out')]
    const { status, stderr } = spawnSync('openssl', [...options, ...files], { encoding: 'utf8' })
    await rm(directory, { recursive: true })
    assert.equal(status, 0, stderr)
  })
  test('a certificate that was not valid then, and an authority that nobody trusts', async () => {
    const [early] = (await signer.verify(once, Date.parse('2025-01-01T00:00:00Z'))).firme
    assert.deepEqual([early?.integra, early?.attendibile, early?.esito], [true, false, 'NON_VALIDA'])
    assert.match(String(early?.motivi), /non era valido/)
    const other = await openPlatforms({ now: () => time })
    const [stranger] = (await other.connectors.signer.verify(once, NOON)).firme
    await other[Symbol.asyncDispose]()
    assert.deepEqual(stranger?.motivi, ['il certificato non viene da un’autorità riconosciuta'])
  })

  const tampered: readonly (readonly [string, (pdf: Buffer) => Promise<Buffer> | Buffer, RegExp])[] = [
    ['one byte of the content', (pdf) => flipped(pdf, pdf.indexOf('stream') + 20), /non è quello firmato/],
    [
      'one byte of the signature',
      (pdf) => flippedHex(pdf, pdf.indexOf('/Contents <3') + 700),
      /firma|firmato|certificato/,
    ],
    [
      'the hole made wider',
      (pdf) => replaced(pdf, /\/ByteRange \[ 0 (\d+)/, (n) => `/ByteRange [ 0 ${n - 1}`),
      /non copre|firmato/,
    ],
    [
      'the second range cut short',
      (pdf) => replaced(pdf, /(\d+) *\]\n\/Contents/, (n) => `${n - 9} ]\n/Contents`),
      /non copre|firmato/,
    ],
    [
      'a page changed in a later revision',
      (pdf) =>
        revised(pdf, (document) => void document.getPage(0).setRotation({ type: 'degrees' as never, angle: 90 })),
      /modificato dopo la firma/,
    ],
    [
      'a page added in a later revision',
      (pdf) => revised(pdf, (document) => void document.addPage()),
      /modificato dopo la firma/,
    ],
    ['an annotation laid over the page', (pdf) => revised(pdf, overlaid), /modificato dopo la firma/],
    [
      'the title changed in a later revision',
      (pdf) => revised(pdf, (document) => document.setTitle('Altro')),
      /modificato dopo la firma/,
    ],
  ]
  for (const [name, tamper, why] of tampered)
    test(`${name} is found`, async () => {
      const pdf = await tamper(Buffer.from(once))
      assert.notDeepEqual(pdf, once)
      const { firme } = await signer.verify(pdf, NOON)
      assert.equal(firme[0]?.esito, 'NON_VALIDA', JSON.stringify(firme))
      assert.match(String(firme[0]?.motivi), why)
    })

  test('what has no signature has none; what is broken is refused, not believed', async () => {
    assert.deepEqual((await signer.verify(plain, NOON)).firme, [])
    assert.deepEqual((await signer.verify(Buffer.from('ciao'), NOON)).firme, [])
    await assert.rejects(signer.verify(Buffer.from('%PDF-1.7\nnulla'), NOON), Refused)
    const credential = await signer.credentialOf('ente')
    const signing = { credential, firmatario: 'x', motivo: 'x', at: NOON }
    await assert.rejects(signer.prepare(Buffer.from('ciao'), signing), { name: Refused.name, code: 'NotSignable' })
  })
  test('what was not prepared has no hash to sign', () => {
    for (const bytes of [Buffer.alloc(0), plain]) assert.throws(() => signer.hashOf(bytes), /no place/)
  })
  test('a signed document is not stamped', async () => {
    const stamp = { ente: 'c', numero: '1', anno: 2027, registro: 'r', data: '2027-03-01T09:00:00Z' }
    await assert.rejects(writer.stamp(once, stamp), { name: Refused.name, code: 'NotStampable' })
  })
})

test('an envelope (.p7m) is opened and verified, in DER and in base64; a changed one is found out', async () => {
  const content = Buffer.from('una dichiarazione')
  const credential = await service.credentialOf('ente')
  const signature = await signOne(service, { credential, hash: hashToSign(sha256(content), credential) })
  const envelope = enveloped(cmsOf(sha256(content), credential, signature), content)
  for (const bytes of [envelope, Buffer.from(envelope.toString('base64'))]) {
    const { firme, contenuto } = await signer.verify(bytes, NOON)
    assert.deepEqual(Buffer.from(contenuto!), content)
    assert.deepEqual(
      firme.map(({ formato, esito }) => [formato, esito]),
      [['CAdES', 'VALIDA']],
    )
  }
  const changed = Buffer.from(envelope)
  changed[changed.indexOf('dichiarazione')] = 0x44
  assert.equal((await signer.verify(changed, NOON)).firme[0]?.integra, false)
})

function withoutOpenssl(): string | false {
  return spawnSync('openssl', ['version']).status === 0 ? false : 'no openssl: the second opinion is not asked'
}

function flipped(pdf: Buffer, at: number): Buffer {
  pdf[at] = pdf[at]! ^ 1
  return pdf
}

function flippedHex(pdf: Buffer, at: number): Buffer {
  pdf[at] = pdf[at] === 0x30 ? 0x31 : 0x30
  return pdf
}

/** The same length, so that every offset stays. */
function replaced(pdf: Buffer, pattern: RegExp, by: (value: number) => string): Buffer {
  const text = pdf.toString('latin1')
  return Buffer.from(
    text.replace(pattern, (all, value) => by(Number(value)).padEnd(all.length).slice(0, all.length)),
    'latin1',
  )
}

async function revised(pdf: Buffer, change: (document: PDFDocument) => void): Promise<Buffer> {
  const document = await PDFDocument.load(pdf, { updateMetadata: false, forIncrementalUpdate: true })
  const snapshot = document.context.snapshot!
  const page = document.getPage(0)
  change(document)
  snapshot.markRefsForSave([
    page.ref,
    document.context.trailerInfo.Info as never,
    document.catalog.get(PDFName.of('Pages')) as never,
  ])
  return Buffer.concat([pdf, await document.saveIncremental(snapshot, { useObjectStreams: false })])
}

function overlaid(document: PDFDocument): void {
  const { context } = document
  const note = context.obj({ Type: 'Annot', Subtype: 'FreeText', Rect: [0, 0, 600, 800], Contents: 'altro' })
  document.getPage(0).node.Annots()?.push(context.register(note))
}

/** The CMS with what it signs inside: DER lengths grow from the inside out. */
function enveloped(cms: Buffer, content: Buffer): Buffer {
  const tlv = (tag: number, value: Buffer): Buffer => {
    const size = value.byteLength
    const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255]
    return Buffer.concat([Buffer.from([tag, ...length]), value])
  }
  const head = cms.indexOf(Buffer.from('300b06092a864886f70d010701', 'hex'))
  const start = cms.indexOf(Buffer.from('020101', 'hex'))
  const dataOid = cms.subarray(head + 2, head + 13)
  const inner = tlv(0x30, Buffer.concat([dataOid, tlv(0xa0, tlv(0x04, content))]))
  const signedData = tlv(0x30, Buffer.concat([cms.subarray(start, head), inner, cms.subarray(head + 13)]))
  return tlv(0x30, Buffer.concat([Buffer.from('06092a864886f70d010702', 'hex'), tlv(0xa0, signedData)]))
}
