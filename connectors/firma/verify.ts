/**
 * Whether what is signed is what was signed, by whom and when: PAdES in a PDF, CAdES around any file (.p7m).
 * Owns the report. Does not own the judgement of one signature (judge.ts) nor where signatures stand in a PDF (pdf-signatures.ts).
 */
import { fromBER } from 'asn1js'
import type { SignedData } from 'pkijs'
import { OID } from './cms.ts'
import {
  attributeOf,
  claimedIn,
  type Judged,
  judge,
  nameIn,
  signedDataIn,
  UNREADABLE,
  type VerifyOptions,
} from './judge.ts'
import { signaturesIn } from './pdf-signatures.ts'
import { readToken } from './timestamp-token.ts'
import type { SignatureReport, TimestampReport } from './types.ts'

export type { VerifyOptions } from './judge.ts'

export interface Verification {
  readonly firme: readonly SignatureReport[]
  /** What is inside a CAdES envelope. */
  readonly contenuto: Uint8Array | null
}

/** A document that is neither a PDF nor an envelope has no signatures. */
export async function verifyDocument(document: Uint8Array, options: VerifyOptions): Promise<Verification> {
  const bytes = Buffer.from(document)
  // First: what is in an envelope begins within as many bytes, and mostly is a PDF.
  if (bytes[0] === SEQUENCE && signedDataIn(bytes)) return verifyEnvelope(bytes, options)
  if (bytes.subarray(0, 1024).includes('%PDF-')) return { firme: await verifyPdf(bytes, options), contenuto: null }
  return verifyEnvelope(envelopeIn(bytes), options)
}

async function verifyPdf(pdf: Uint8Array, options: VerifyOptions): Promise<readonly SignatureReport[]> {
  const reports: SignatureReport[] = []
  for (const { cms, signedBytes, claimedAt, coversRevision, later } of await signaturesIn(pdf)) {
    const signed = signedDataIn(cms)
    const judged = signed ? await judgeStamped(signed, 0, signedBytes, options) : WITHOUT_STAMP
    const more = [
      ...(coversRevision ? [] : ['la firma non copre tutto il documento']),
      ...(later === 'ALTRE' ? ['il documento è stato modificato dopo la firma'] : []),
      ...(signed && signed.signerInfos.length !== 1 ? ['la firma non ha un solo firmatario'] : []),
    ]
    reports.push(
      report('PAdES', judged, more, { copreTutto: coversRevision, modifiche: later, dichiarataIl: claimedAt }),
    )
  }
  return reports
}

async function verifyEnvelope(cms: Uint8Array | null, options: VerifyOptions): Promise<Verification> {
  const signed = cms && signedDataIn(cms)
  if (!signed) return { firme: [], contenuto: null }
  const inside = signed.encapContentInfo.eContent?.getValue()
  const contenuto = inside ? Buffer.from(inside) : null
  const copreTutto = isAlone(cms)
  const more = copreTutto ? [] : ['dopo la busta c’è altro, che nessuno ha firmato']
  const firme: SignatureReport[] = []
  for (const index of signed.signerInfos.keys()) {
    const judged = contenuto ? await judgeStamped(signed, index, contenuto, options) : WITHOUT_STAMP
    const at = claimedIn(attributeOf(signed, index, OID.signingTime))?.toISOString() ?? null
    firme.push(report('CAdES', judged, more, { copreTutto, modifiche: 'NESSUNA', dichiarataIl: at }))
  }
  return { firme, contenuto }
}

/** Whether nothing follows it but what fills a file up: another document there would pass for what is signed. */
function isAlone(envelope: Uint8Array): boolean {
  const { offset } = fromBER(Uint8Array.from(envelope))
  return Buffer.from(envelope).subarray(offset).toString('latin1').replaceAll('\0', '').trim() === ''
}

/** With which DER begins. */
const SEQUENCE = 0x30

/** DER, or the same in base64. */
function envelopeIn(bytes: Buffer): Buffer | null {
  if (bytes[0] === SEQUENCE) return bytes
  const text = bytes
    .toString('latin1')
    .replaceAll(/-----[^-]+-----/g, '')
    .replaceAll(/\s/g, '')
  return /^MI[A-Za-z0-9+/]+=*$/.test(text) ? Buffer.from(text, 'base64') : null
}

interface Stamped extends Judged {
  readonly marca: TimestampReport | null
}
const WITHOUT_STAMP = { ...UNREADABLE, marca: null } satisfies Stamped

/** A signature that was there at a time that an authority vouches for is judged by that time. */
async function judgeStamped(
  signed: SignedData,
  index: number,
  data: Uint8Array,
  { trusted, at }: VerifyOptions,
): Promise<Stamped> {
  const info = signed.signerInfos[index]
  const token = info?.unsignedAttrs?.attributes.find(({ type }) => type === OID.timestampToken)?.values[0]
  if (!info || !token) return { ...(await judge(signed, index, data, { trusted, at })), marca: null }
  const signature = new Uint8Array(info.signature.getValue())
  const stamp = await readToken(new Uint8Array(token.toBER()), signature, trusted)
  const then = stamp.report.valida && stamp.at !== null ? stamp.at : at
  const judged = await judge(signed, index, data, { trusted, at: then })
  return { ...judged, motivi: [...judged.motivi, ...stamp.report.motivi], marca: stamp.report }
}

function report(
  formato: SignatureReport['formato'],
  { holder, integra, attendibile, motivi, marca }: Stamped,
  more: readonly string[],
  coverage: Pick<SignatureReport, 'copreTutto' | 'modifiche' | 'dichiarataIl'>,
): SignatureReport {
  const all = [...motivi, ...more]
  const names = { firmatario: nameIn(holder?.subject), emittente: nameIn(holder?.issuer) }
  return {
    formato,
    ...names,
    integra,
    attendibile,
    marca,
    ...coverage,
    esito: all.length === 0 ? 'VALIDA' : 'NON_VALIDA',
    motivi: all,
  }
}
