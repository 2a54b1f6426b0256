/**
 * Every way in which the town's workers come to a signed document, by each protocol of a signing service: we find it good, and so do openssl
 * and pdfsig, who know nothing of us; one byte changed, and nobody does.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { signedDataIn } from '../../connectors/firma/judge.ts'
import { arssAt } from '../../connectors/firma/sandbox/arss.ts'
import { CSC_PROTOCOLS, type SignatureReport, type SigningSettings } from '../../connectors/firma/types.ts'
import type { Connectors } from '../../connectors/index.ts'
import { loadTown } from '../../processes/town.ts'
import { documentTemplates } from '../../workers/documento/templates.ts'
import { connectorsTo, openPlatforms } from '../connectors/platforms.ts'
import { detachedIn, opinionOnCms, opinionOnPdf, withoutOpenssl, withoutPdfsig } from '../connectors/second-opinion.ts'
import { openWorkbench } from './workbench.ts'

const NOON = Date.parse('2027-03-01T12:00:00Z')
const now = () => NOON
const opened = await openPlatforms({ now })
const { platforms, journal } = opened
const { firma } = platforms
assert.ok(firma.protocollo !== 'arss' && firma.marca)
after(() => opened[Symbol.asyncDispose]())
const town = await loadTown()
const issuer = (await opened.connectors.signer.credentialOf('ente')).certificates[1]!

const { autorita, marca, ...csc } = firma
/** ARSS hands out the holder's certificate alone: whoever issued it is trusted. */
const SERVICES: readonly (readonly [name: string, settings: SigningSettings])[] = [
  ...CSC_PROTOCOLS.map((protocollo) => [protocollo, { ...csc, protocollo, autorita, marca }] as const),
  ['arss', { ...arssAt(csc.url), autorita: [...autorita, Buffer.from(issuer).toString('base64')], marca }],
  ['csc-v1 without a time stamp', { ...csc, autorita }],
]

const dati = documentTemplates().example('residenza.ricevuta')
const { pratica } = dati
const dirigente = 'dina.dirigente'

interface Signed {
  readonly bytes: Buffer
  readonly firme: readonly SignatureReport[]
}
type Way =
  | 'alone'
  | 'in a batch'
  | 'sealed'
  | 'stamped by the protocol, then signed'
  | 'signed, then sealed'
  | 'in an envelope'
const WAYS: readonly Way[] = [
  ...(['alone', 'in a batch', 'sealed', 'stamped by the protocol, then signed'] as const),
  ...(['signed, then sealed', 'in an envelope'] as const),
]

function office(connectors: Connectors) {
  const { jobOf, completed, work } = openWorkbench({ town, connectors, now })
  const run = async (type: string, more: object) => completed(jobOf(type, { pratica, ...more }))
  const drafted = async () => (await run('documento.genera', { modello: 'residenza.ricevuta', dati })).documento
  const code = async () => {
    await run('firma.invia-otp', { firmatario: dirigente })
    return String((await journal('firma')).findLast(({ kind }) => kind === 'otp')?.code)
  }
  const signed = async (documento: object, more: object = {}) =>
    (await run('firma.remota', { documento, firmatario: dirigente, otp: await code(), ...more })).documento
  const sealed = async (documento: object) => (await run('sigillo.appone', { documento })).documento
  const protocollo = { numero: '0000009', anno: 2027, registro: 'PROTOCOLLO', data: '2027-03-01T09:00:00Z' }
  const stamp = (documento: object) => jobOf('documento.timbra', { pratica, documento, protocollo })
  const made: Readonly<Record<Way, () => Promise<{ readonly id: string }>>> = {
    alone: async () => signed(await drafted()),
    async 'in a batch'() {
      const documenti = [{ documento: await drafted() }, { documento: await drafted() }]
      const { firme } = await run('firma.massiva', { documenti, firmatario: dirigente, otp: await code() })
      return firme[1].firmato
    },
    sealed: async () => sealed(await drafted()),
    'stamped by the protocol, then signed': async () => signed((await completed(stamp(await drafted()))).documento),
    'signed, then sealed': async () => sealed(await signed(await drafted())),
    'in an envelope': async () => signed(await drafted(), { formato: 'CADES' }),
  }
  const bytesOf = async (id: string) => Buffer.from((await connectors.documents.read(id))!)
  return {
    async come(way: Way): Promise<Signed> {
      const bytes = await bytesOf((await made[way]()).id)
      return { bytes, firme: (await connectors.signer.verify(bytes, NOON)).firme }
    },
    /** What the protocol register makes of a document that is signed already. */
    async stampSigned() {
      const { id } = await made.alone()
      const before = await bytesOf(id)
      const outcome = await work(stamp({ id }))
      return { outcome, before, after: await bytesOf(id) }
    },
  }
}

const isPdf = (bytes: Buffer): boolean => bytes.subarray(0, 5).toString() === '%PDF-'

/** One byte each: of what was signed, before and after the signature, and of the signature itself. */
function tampered(bytes: Buffer): readonly Buffer[] {
  const flipped = (at: number, by = 1) => {
    assert.ok(at >= 0)
    const changed = Buffer.from(bytes)
    changed[at] = changed[at]! ^ by
    return changed
  }
  const cms = isPdf(bytes) ? detachedIn(bytes).cms : bytes
  const value = Buffer.from(signedDataIn(cms)!.signerInfos[0]!.signature.getValue()).subarray(-16)
  if (!isPdf(bytes)) return [flipped(bytes.indexOf('%PDF-') + 600), flipped(bytes.indexOf(value))]
  const hex = bytes.lastIndexOf(value.toString('hex'))
  const atSignature = hex >= 0 ? hex : bytes.lastIndexOf(value.toString('hex').toUpperCase())
  const changed = Buffer.from(bytes)
  changed[atSignature] = changed[atSignature] === 0x30 ? 0x31 : 0x30
  assert.ok(atSignature >= 0)
  return [flipped(bytes.indexOf('stream') + 20), flipped(bytes.lastIndexOf('startxref') - 10), changed]
}

const opensslOn = (bytes: Buffer, { protocollo }: SigningSettings) => {
  const trust = { root: firma.autorita[0]!, at: NOON, ...(protocollo === 'arss' && { issuer }) }
  if (!isPdf(bytes)) return opinionOnCms(bytes, trust)
  const { cms, data } = detachedIn(bytes)
  return opinionOnCms(cms, trust, data)
}

for (const [name, settings] of SERVICES)
  describe(`signed by ${name}`, () => {
    let connectors: Connectors
    let acts: ReturnType<typeof office>
    const come = new Map<Way, Signed>()
    before(async () => {
      connectors = await connectorsTo({ ...platforms, firma: settings }, { now })
      acts = office(connectors)
      for (const way of WAYS) come.set(way, await acts.come(way))
    })
    after(() => connectors.close())

    for (const way of WAYS) {
      test(`${way}: we find it good, and changed ones not`, async () => {
        const { bytes, firme } = come.get(way)!
        assert.equal(firme.length, way === 'signed, then sealed' ? 2 : 1)
        for (const { esito, marca: stamped, formato } of firme) {
          assert.deepEqual([esito, stamped?.valida ?? null], ['VALIDA', settings.marca ? true : null])
          assert.equal(formato, way === 'in an envelope' ? 'CAdES' : 'PAdES')
        }
        for (const changed of tampered(bytes)) {
          const found = (await connectors.signer.verify(changed, NOON)).firme
          assert.ok(found.length > 0 && found.some(({ esito }) => esito === 'NON_VALIDA'))
        }
      })
      test(`${way}: openssl finds it good, and changed ones not`, { skip: withoutOpenssl }, async () => {
        const { bytes } = come.get(way)!
        const opinion = await opensslOn(bytes, settings)
        assert.ok(opinion.isGood, opinion.said)
        for (const changed of tampered(bytes)) assert.ok(!(await opensslOn(changed, settings)).isGood)
      })
      if (way !== 'in an envelope')
        test(`${way}: pdfsig finds it good, and changed ones not`, { skip: withoutPdfsig }, async () => {
          const { bytes } = come.get(way)!
          const opinion = await opinionOnPdf(bytes)
          assert.ok(opinion.isGood, opinion.said)
          assert.match(opinion.said, /Total document signed/)
          for (const changed of tampered(bytes)) assert.ok(!(await opinionOnPdf(changed)).isGood)
        })
    }
    test('what is signed is registered as it is: the protocol leaves no mark on it', async () => {
      const { outcome, before: was, after: is } = await acts.stampSigned()
      assert.equal(outcome.kind === 'error' && outcome.errorCode, 'DOCUMENTO_NON_TIMBRABILE')
      assert.deepEqual(is, was)
    })
  })
