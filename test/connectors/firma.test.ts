/** Signatures: the service behind the port, what it promises, the PDF it makes, and what a verification finds in what was tampered with. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { PDFDocument, PDFName } from '@cantoo/pdf-lib'
import { documentWriter } from '../../connectors/documento/client.ts'
import { Refused } from '../../connectors/effect.ts'
import { signingService } from '../../connectors/firma/client.ts'
import { cmsOf, hashToSign, sha256 } from '../../connectors/firma/cms.ts'
import { openPlatforms } from './platforms.ts'
import { signedPdf, signOne } from './signed.ts'

const NOON = Date.parse('2027-03-01T12:00:00Z')
const MINUTE = 60_000
const opened = await openPlatforms({ now: () => NOON })
const { platforms } = opened
const { signer } = opened.connectors
const service = signingService(platforms.firma)
const writer = documentWriter()
after(async () => {
  await writer.close()
  await opened[Symbol.asyncDispose]()
})

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
    const other = await openPlatforms({ now: () => NOON })
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
