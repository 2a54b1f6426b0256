/** Signatures that an authority has stamped with the time, in a PDF and around any file: what we find of them, and what other programs do. */
import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Boolean as Asn1Boolean, Integer, Null, ObjectIdentifier, OctetString, Sequence } from 'asn1js'
import { documentWriter } from '../../connectors/documento/client.ts'
import { Refused, Unavailable, UnknownOutcome } from '../../connectors/effect.ts'
import { cmsOf, OID, sha256 } from '../../connectors/firma/cms.ts'
import { partsOf } from '../../connectors/firma/envelope.ts'
import { signedDataIn } from '../../connectors/firma/judge.ts'
import { certify, derOf, kept, newKey } from '../../connectors/firma/sandbox/authority.ts'
import { openKeys, type StampingKey } from '../../connectors/firma/sandbox/holders.ts'
import { stampOn } from '../../connectors/firma/sandbox/tsa.ts'
import { timestampAuthority } from '../../connectors/firma/timestamp.ts'
import { readToken } from '../../connectors/firma/timestamp-token.ts'
import { openPlatforms } from './platforms.ts'
import {
  detachedIn,
  opinionOnCms,
  opinionOnPdf,
  opinionOnToken,
  withoutOpenssl,
  withoutPdfsig,
} from './second-opinion.ts'
import { signatureIn, signedPdf } from './signed.ts'

const NOON = Date.parse('2027-03-01T12:00:00Z')
/** The signers' certificates are over, their authority's and the stamp's are not. */
const LATER = Date.parse('2040-01-01T00:00:00Z')
const opened = await openPlatforms({ now: () => NOON })
const { firma } = opened.platforms
const { signer } = opened.connectors
const trusted = firma.autorita.map((der) => Buffer.from(der, 'base64'))
const trust = { root: firma.autorita[0]!, at: NOON }
const writer = documentWriter()
after(async () => {
  await writer.close()
  await opened[Symbol.asyncDispose]()
})

const letterhead = { ente: 'Comune', ufficio: null, recapiti: [] }
const plain = await writer.write({ source: { text: '# Titolo\n\ntesto', parts: {} }, data: {}, letterhead, at: NOON })
const STAMPED = {
  istante: new Date(NOON).toISOString(),
  autorita: 'Marca temporale di prova',
  valida: true,
  motivi: [],
}

/** The first signature's value, and the token over it. */
function tokenOf(cms: Uint8Array): { readonly signature: Uint8Array; readonly token: Uint8Array } {
  const info = signedDataIn(cms)!.signerInfos[0]!
  const attribute = info.unsignedAttrs!.attributes.find(({ type }) => type === OID.timestampToken)!
  return { signature: new Uint8Array(info.signature.getValue()), token: new Uint8Array(attribute.values[0].toBER()) }
}

async function enveloped(content: Uint8Array): Promise<Buffer> {
  const credential = await signer.credentialOf('ente')
  const prepared = signer.prepareEnvelope(content, credential, NOON)
  const [outcome] = await signer.sign([signer.toSign(prepared, credential)], credential)
  return Buffer.from(await signer.complete(prepared, credential, signatureIn(outcome)))
}

describe('a stamped PDF', () => {
  let signed: Buffer
  let onceStamped: Buffer
  let twice: Buffer
  before(async () => {
    const credential = await signer.credentialOf('ente')
    const signing = { credential, firmatario: 'Comune di Esempio', motivo: 'prova', at: NOON }
    signed = await signedPdf(signer, plain, signing)
    const protocol = { ente: 'Comune', numero: '1', anno: 2027, registro: 'PROTOCOLLO', data: '2027-03-01T09:00:00Z' }
    onceStamped = await signedPdf(signer, await writer.stamp(plain, protocol), signing)
    twice = await signedPdf(signer, signed, { ...signing, firmatario: 'Altro', at: NOON + 60_000 })
  })
  test('says when the signature was there, and is judged by that time once its certificate is over', async () => {
    for (const at of [NOON, LATER]) {
      const [report] = (await signer.verify(signed, at)).firme
      assert.deepEqual([report?.esito, report?.marca], ['VALIDA', STAMPED])
    }
  })
  test('openssl finds the signature good, and the stamp, of that signature alone', {
    skip: withoutOpenssl,
  }, async () => {
    for (const pdf of [signed, onceStamped]) {
      const { cms, data } = detachedIn(pdf)
      const { signature, token } = tokenOf(cms)
      const [ofCms, ofToken] = [await opinionOnCms(cms, trust, data), await opinionOnToken(token, signature, trust)]
      assert.ok(ofCms.isGood, ofCms.said)
      assert.ok(ofToken.isGood, ofToken.said)
      assert.ok(!(await opinionOnToken(token, Buffer.from('altro'), trust)).isGood)
    }
  })
  test('pdfsig finds it whole, with the stamp of the protocol that came before or another signature that came after; a changed one not', {
    skip: withoutPdfsig,
  }, async () => {
    for (const pdf of [signed, onceStamped, twice]) {
      const opinion = await opinionOnPdf(pdf)
      assert.ok(opinion.isGood, opinion.said)
      assert.match(opinion.said, /Total document signed/)
      assert.match(opinion.said, /ETSI\.CAdES\.detached/)
      const changed = Buffer.from(pdf)
      const at = changed.indexOf('stream') + 20
      changed[at] = changed[at]! ^ 1
      assert.ok(!(await opinionOnPdf(changed)).isGood)
    }
  })
})

describe('a stamped envelope', () => {
  const content = Buffer.from('una determinazione')
  test('says who signed and when, and gives out what is inside; openssl as well', {
    skip: withoutOpenssl,
  }, async () => {
    const envelope = await enveloped(content)
    const { firme, contenuto } = await signer.verify(envelope, LATER)
    assert.deepEqual([firme[0]?.formato, firme[0]?.esito, firme[0]?.marca], ['CAdES', 'VALIDA', STAMPED])
    assert.deepEqual(Buffer.from(contenuto!), content)
    const opinion = await opinionOnCms(envelope, trust)
    assert.ok(opinion.isGood, opinion.said)
    assert.deepEqual(opinion.content, content)
    const { signature, token } = tokenOf(envelope)
    assert.ok((await opinionOnToken(token, signature, trust)).isGood)
    const changed = Buffer.from(envelope)
    changed[changed.indexOf('determinazione')] = 0x44
    assert.ok(!(await opinionOnCms(changed, trust)).isGood)
    assert.equal((await signer.verify(changed, NOON)).firme[0]?.esito, 'NON_VALIDA')
  })
  test('a stamp of another signature is told, and not believed', async () => {
    const { token } = tokenOf(await enveloped(Buffer.from('altro')))
    const envelope = await enveloped(content)
    const credential = await signer.credentialOf('ente')
    const { signature } = tokenOf(envelope)
    const swapped = cmsOf({ ...partsOf(envelope), signer: credential, signature, token })
    const [report] = (await signer.verify(swapped, NOON)).firme
    assert.deepEqual([report?.integra, report?.esito, report?.marca?.valida], [true, 'NON_VALIDA', false])
    assert.match(String(report?.motivi), /è di altro/)
    assert.match(String((await signer.verify(swapped, LATER)).firme[0]?.motivi), /non era valido/)
  })
})

describe('a time-stamping authority', () => {
  const data = Buffer.from('qualcosa')
  const authority = timestampAuthority(firma.marca!, trusted)
  /** One that gives whatever it is told to. */
  async function answering(bytes: Uint8Array, ask: (url: string) => Promise<void>): Promise<void> {
    const server = createServer((_, response) => void response.end(bytes))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    try {
      await ask(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`)
    } finally {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }
  const query = (algorithm: string): Buffer => {
    const of = new Sequence({ value: [new ObjectIdentifier({ value: algorithm }), new Null()] })
    const imprint = new Sequence({ value: [of, new OctetString({ valueHex: sha256(data) })] })
    return Buffer.from(
      new Sequence({ value: [new Integer({ value: 1 }), imprint, new Asn1Boolean({ value: true })] }).toBER(),
    )
  }
  const ask = async (body: Uint8Array): Promise<Buffer> => {
    const answer = await fetch(firma.marca!.url, { method: 'POST', body: new Uint8Array(body) })
    return Buffer.from(await answer.arrayBuffer())
  }

  const tokenBy = (stamping: StampingKey): Buffer => {
    const { file } = stampOn(query(OID.sha256), stamping, NOON)
    // The token follows the status, five bytes long, within the answer.
    return Buffer.from(file!).subarray(file![1]! & 0x80 ? 2 + (file![1]! & 0x7f) + 5 : 7)
  }

  test('what it stamps is of the data asked for, and each time another token', async () => {
    const [one, other] = [await authority.stamp(data), await authority.stamp(data)]
    assert.notDeepEqual(one, other)
    assert.deepEqual((await readToken(one, data, trusted)).report, STAMPED)
    assert.equal((await readToken(one, Buffer.from('altro'), trusted)).report.valida, false)
    assert.equal((await readToken(one, data, [])).report.valida, false)
    assert.equal((await readToken(Buffer.from('niente'), data, trusted)).report.istante, null)
  })
  test('an answer to another request, a refusal and what is no answer are told apart', async () => {
    const to = (url: string) => timestampAuthority({ url }, trusted)
    await answering(await ask(query(OID.sha256)), async (url) =>
      assert.rejects(to(url).stamp(data), { name: Refused.name, code: 'MARCA_NON_VALIDA' }),
    )
    await answering(await ask(query('1.3.14.3.2.26')), async (url) =>
      assert.rejects(to(url).stamp(data), { name: Refused.name, code: 'MARCA_RIFIUTATA' }),
    )
    await answering(Buffer.from('ciao'), async (url) => assert.rejects(to(url).stamp(data), UnknownOutcome))
    await assert.rejects(to('http://127.0.0.1:4').stamp(data), Unavailable)
  })
  test('keys that were kept before there were time stamps are kept on, and stamp', async () => {
    const directory = await mkdtemp('/tmp/iter-firma-')
    const file = join(directory, 'keys.json')
    const { root } = await openKeys(file)
    const { stamper: _, ...before } = JSON.parse(await readFile(file, 'utf8'))
    await writeFile(file, JSON.stringify(before))
    const again = await openKeys(file)
    await rm(directory, { recursive: true })
    assert.equal(again.root, root)
    const { report } = await readToken(tokenBy(again.stamping), data, [Buffer.from(root, 'base64')])
    assert.deepEqual(report.motivi, [])
  })
  test('a certificate that is not for stamping, or not for that alone, does not stamp', async () => {
    const directory = await mkdtemp('/tmp/iter-firma-')
    const keys = await openKeys(join(directory, 'keys.json'))
    await rm(directory, { recursive: true })
    const pair = await newKey('EC')
    const life = { from: '2026-01-01T00:00:00Z', to: '2036-01-01T00:00:00Z' }
    const named = { subject: { commonName: 'Altra' }, ...life, kind: 'root', serial: 9 } as const
    const own = await certify(pair, named, { certificate: null, key: pair.privateKey })
    const { key } = await kept(pair, own)
    const wrong: StampingKey = {
      privateKey: createPrivateKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'pkcs8' }),
      certificates: [derOf(own)],
      nextSerial: () => 1,
    }
    const good = await readToken(tokenBy(keys.stamping), data, [Buffer.from(keys.root, 'base64')])
    assert.deepEqual(good.report.motivi, [])
    const bad = await readToken(tokenBy(wrong), data, [derOf(own)])
    assert.deepEqual(bad.report.motivi, ['il certificato della marca temporale non è per marcare'])
  })
})
