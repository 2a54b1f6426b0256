/** Signatures: the service behind the port, what it promises, the PDF it makes, and what a verification finds in what was tampered with. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { PDFDocument, PDFName } from '@cantoo/pdf-lib'
import { documentWriter } from '../../connectors/documento/client.ts'
import { Refused } from '../../connectors/effect.ts'
import { signingService } from '../../connectors/firma/client.ts'
import { documentSigner } from '../../connectors/firma/signer.ts'
import { openPlatforms } from './platforms.ts'
import { detachedIn, opinionOnCms, withoutOpenssl } from './second-opinion.ts'
import { signatureIn, signedPdf } from './signed.ts'

const NOON = Date.parse('2027-03-01T12:00:00Z')
const MINUTE = 60_000
const opened = await openPlatforms({ now: () => NOON })
const { platforms } = opened
/** Without a time-stamping authority, so that the same is signed to the same bytes. */
const signer = documentSigner({
  service: signingService(platforms.firma),
  trusted: platforms.firma.autorita.map((der) => Buffer.from(der, 'base64')),
})
const writer = documentWriter()
after(async () => {
  await writer.close()
  await signer.close()
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
      ...{
        dichiarataIl: new Date(NOON).toISOString(),
        marca: null,
        integra: true,
        attendibile: true,
        copreTutto: true,
      },
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
    skip: withoutOpenssl,
  }, async () => {
    const { cms, data } = detachedIn(once)
    const trust = { root: platforms.firma.autorita[0]!, at: NOON }
    const opinion = await opinionOnCms(cms, trust, data)
    assert.ok(opinion.isGood, opinion.said)
    const changed = await opinionOnCms(cms, trust, flipped(data, 900))
    assert.ok(!changed.isGood)
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
  test('what was not prepared is not signed', async () => {
    const credential = await signer.credentialOf('ente')
    for (const bytes of [Buffer.alloc(0), plain]) assert.throws(() => signer.toSign(bytes, credential), /no place/)
  })
  test('a signed document is not stamped', async () => {
    const stamp = { ente: 'c', numero: '1', anno: 2027, registro: 'r', data: '2027-03-01T09:00:00Z' }
    await assert.rejects(writer.stamp(once, stamp), { name: Refused.name, code: 'NotStampable' })
  })
})

test('an envelope (.p7m) is opened and verified, in DER and in base64; a changed one is found out', async () => {
  const content = Buffer.from('una dichiarazione')
  const credential = await signer.credentialOf('ente')
  const prepared = signer.prepareEnvelope(content, credential, NOON)
  const [outcome] = await signer.sign([signer.toSign(prepared, credential)], credential)
  const envelope = Buffer.from(await signer.complete(prepared, credential, signatureIn(outcome)))
  for (const bytes of [envelope, Buffer.from(envelope.toString('base64'))]) {
    const { firme, contenuto } = await signer.verify(bytes, NOON)
    assert.deepEqual(Buffer.from(contenuto!), content)
    assert.deepEqual(
      firme.map(({ formato, esito, dichiarataIl }) => [formato, esito, dichiarataIl]),
      [['CAdES', 'VALIDA', new Date(NOON).toISOString()]],
    )
  }
  const changed = Buffer.from(envelope)
  changed[changed.indexOf('dichiarazione')] = 0x44
  assert.equal((await signer.verify(changed, NOON)).firme[0]?.integra, false)
})

test('what is in an envelope may be a PDF, signed itself or not: the envelope is what is verified', async () => {
  const credential = await signer.credentialOf('ente')
  for (const content of [await write('# Atto'), await sealed(await write('# Atto'))]) {
    const prepared = signer.prepareEnvelope(content, credential, NOON)
    const [outcome] = await signer.sign([signer.toSign(prepared, credential)], credential)
    const envelope = await signer.complete(prepared, credential, signatureIn(outcome))
    const { firme, contenuto } = await signer.verify(envelope, NOON)
    assert.deepEqual(
      firme.map(({ formato, esito }) => [formato, esito]),
      [['CAdES', 'VALIDA']],
    )
    assert.deepEqual(Buffer.from(contenuto!), Buffer.from(content))
    const filled = Buffer.concat([envelope, Buffer.from('\0\r\n')])
    assert.equal((await signer.verify(filled, NOON)).firme[0]?.esito, 'VALIDA')
    const [followed] = (await signer.verify(Buffer.concat([envelope, content]), NOON)).firme
    assert.deepEqual([followed?.esito, followed?.copreTutto], ['NON_VALIDA', false])
    assert.match(String(followed?.motivi), /nessuno ha firmato/)
  }
})

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
