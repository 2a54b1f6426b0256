/**
 * Whether what is signed is what was signed, and by whom: PAdES in a PDF, CAdES around any file (.p7m).
 *
 * Owns the judgement. Does not own where signatures stand in a PDF (pdf-signatures.ts).
 * Invariants
 * J1 Nothing that was not checked counts as valid. Revocation is not asked, and the report does not say it was.
 * J2 The certificate is the one the signature names in its signed attributes (signing-certificate-v2), not any that comes with it.
 */
import { X509Certificate } from 'node:crypto'
import { OctetString, Sequence } from 'asn1js'
import { type Attribute, Certificate, ContentInfo, SignedData } from 'pkijs'
import { OID, sha256 } from './cms.ts'
import { signaturesIn } from './pdf-signatures.ts'
import type { SignatureReport } from './types.ts'

export interface Verification {
  readonly firme: readonly SignatureReport[]
  /** What is inside a CAdES envelope. */
  readonly contenuto: Uint8Array | null
}
export interface VerifyOptions {
  /** DER of the authorities that are trusted. */
  readonly trusted: readonly Uint8Array[]
  /** Epoch milliseconds: when certificates must have been valid. */
  readonly at: number
}

/** A document that is neither a PDF nor an envelope has no signatures. */
export async function verifyDocument(document: Uint8Array, options: VerifyOptions): Promise<Verification> {
  const bytes = Buffer.from(document)
  if (bytes.subarray(0, 1024).includes('%PDF-')) return { firme: await verifyPdf(bytes, options), contenuto: null }
  return verifyEnvelope(envelopeIn(bytes), options)
}

async function verifyPdf(pdf: Uint8Array, options: VerifyOptions): Promise<readonly SignatureReport[]> {
  const reports: SignatureReport[] = []
  for (const { cms, signedBytes, claimedAt, coversRevision, later } of await signaturesIn(pdf)) {
    const signed = signedDataIn(cms)
    const judged = signed ? await judge(signed, 0, signedBytes, options) : UNREADABLE
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
  const firme: SignatureReport[] = []
  for (const index of signed.signerInfos.keys()) {
    const judged = contenuto ? await judge(signed, index, contenuto, options) : UNREADABLE
    const claimed = attributeOf(signed, index, OID.signingTime)?.values[0]
    const at = claimed && 'toDate' in claimed ? (claimed as { toDate(): Date }).toDate().toISOString() : null
    firme.push(report('CAdES', judged, [], { copreTutto: true, modifiche: 'NESSUNA', dichiarataIl: at }))
  }
  return { firme, contenuto }
}

/** DER, or the same in base64. */
function envelopeIn(bytes: Buffer): Buffer | null {
  if (bytes[0] === 0x30) return bytes
  const text = bytes
    .toString('latin1')
    .replaceAll(/-----[^-]+-----/g, '')
    .replaceAll(/\s/g, '')
  return /^MI[A-Za-z0-9+/]+=*$/.test(text) ? Buffer.from(text, 'base64') : null
}

function signedDataIn(cms: Uint8Array): SignedData | null {
  try {
    const { contentType, content } = ContentInfo.fromBER(Buffer.from(cms))
    return contentType === OID.signedData ? new SignedData({ schema: content }) : null
  } catch {
    return null
  }
}

interface Judged {
  readonly holder: Certificate | null
  readonly integra: boolean
  readonly attendibile: boolean
  readonly motivi: readonly string[]
}
const UNREADABLE: Judged = { holder: null, integra: false, attendibile: false, motivi: ['la firma non è leggibile'] }

async function judge(
  signed: SignedData,
  index: number,
  data: Uint8Array,
  { trusted, at }: VerifyOptions,
): Promise<Judged> {
  const holder = namedHolder(signed, index)
  if (!holder) return { ...UNREADABLE, motivi: ['il certificato non è quello che la firma indica'] }
  const content = signed.encapContentInfo.eContent ? undefined : Uint8Array.from(data).buffer
  const integra = await holds(signed.verify({ signer: index, ...(content && { data: content }), checkChain: false }))
  const strong = STRONG.has(signed.signerInfos[index]?.digestAlgorithm.algorithmId ?? '')
  const chained = chainOf(holder, signed, trusted, at)
  return {
    holder,
    integra: integra && strong,
    attendibile: chained.length === 0,
    motivi: [
      ...(integra ? [] : ['il documento non è quello firmato']),
      ...(strong ? [] : ['l’algoritmo di impronta è debole']),
      ...chained,
    ],
  }
}

const STRONG: ReadonlySet<string> = new Set([OID.sha256, '2.16.840.1.101.3.4.2.2', '2.16.840.1.101.3.4.2.3'])

const holds = (verifying: Promise<boolean>): Promise<boolean> => verifying.catch(() => false)

const attributeOf = ({ signerInfos }: SignedData, index: number, type: string): Attribute | undefined =>
  signerInfos[index]?.signedAttrs?.attributes.find((attribute) => attribute.type === type)

/** The certificate whose SHA-256 the signed attributes hold, if it is the signer's. */
function namedHolder(signed: SignedData, index: number): Certificate | null {
  const value: unknown = attributeOf(signed, index, OID.signingCertificateV2)?.values[0]
  const [list] = value instanceof Sequence ? value.valueBlock.value : []
  const [first] = list instanceof Sequence ? list.valueBlock.value : []
  const fields = first instanceof Sequence ? first.valueBlock.value : []
  // Another algorithm than the default SHA-256 stands first, and is not accepted.
  const hash = fields[0] instanceof OctetString ? Buffer.from(fields[0].valueBlock.valueHexView) : null
  const certificates = (signed.certificates ?? []).filter((one) => one instanceof Certificate)
  return (hash && certificates.find((one) => sha256(derOf(one)).equals(hash))) || null
}

const derOf = (certificate: Certificate): Buffer => Buffer.from(certificate.toSchema().toBER())

const CHAIN_MAX = 6

/** Why the holder's certificate does not lead to a trusted authority, each valid then; empty when it does. */
function chainOf(
  holder: Certificate,
  signed: SignedData,
  trusted: readonly Uint8Array[],
  at: number,
): readonly string[] {
  const anchors = trusted.map((der) => new X509Certificate(der))
  const known = (signed.certificates ?? [])
    .filter((one) => one instanceof Certificate)
    .map((one) => new X509Certificate(derOf(one)))
  const then = new Date(at)
  let current = new X509Certificate(derOf(holder))
  for (let length = 0; length < CHAIN_MAX; length++) {
    if (then < current.validFromDate || then > current.validToDate)
      return [
        length === 0 ? 'il certificato non era valido in quel momento' : 'un’autorità non era valida in quel momento',
      ]
    if (anchors.some((anchor) => anchor.raw.equals(current.raw))) return []
    const issuer = [...anchors, ...known].find(
      (one) => one.ca && current.checkIssued(one) && current.verify(one.publicKey),
    )
    if (!issuer || issuer.raw.equals(current.raw)) break
    current = issuer
  }
  return ['il certificato non viene da un’autorità riconosciuta']
}

function report(
  formato: SignatureReport['formato'],
  { holder, integra, attendibile, motivi }: Judged,
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
    ...coverage,
    esito: all.length === 0 ? 'VALIDA' : 'NON_VALIDA',
    motivi: all,
  }
}

const COMMON_NAME = '2.5.4.3'
const nameIn = (names: Certificate['subject'] | undefined): string =>
  String(names?.typesAndValues.find(({ type }) => type === COMMON_NAME)?.value.valueBlock.value ?? '')
