/**
 * One signature of a CMS: whether the signed bytes are those that were signed, and whether its certificate leads to a trusted authority.
 * Invariants
 * J1 Nothing that was not checked counts as valid. Revocation is not asked, and nothing says it was.
 * J2 The certificate is the one the signature names in its signed attributes (signing-certificate-v2), not any that comes with it.
 */
import { X509Certificate } from 'node:crypto'
import { OctetString, Sequence } from 'asn1js'
import { type Attribute, Certificate, ContentInfo, SignedData } from 'pkijs'
import { OID, sha256 } from './cms.ts'

export interface VerifyOptions {
  /** DER of the authorities that are trusted. */
  readonly trusted: readonly Uint8Array[]
  /** Epoch milliseconds: when certificates must have been valid. */
  readonly at: number
}
export interface Judged {
  readonly holder: Certificate | null
  readonly integra: boolean
  readonly attendibile: boolean
  /** Italian; why not. */
  readonly motivi: readonly string[]
}
export const UNREADABLE: Judged = {
  ...{ holder: null, integra: false, attendibile: false },
  motivi: ['la firma non è leggibile'],
}

export function signedDataIn(cms: Uint8Array): SignedData | null {
  try {
    const { contentType, content } = ContentInfo.fromBER(Buffer.from(cms))
    return contentType === OID.signedData ? new SignedData({ schema: content }) : null
  } catch {
    return null
  }
}

/** `data`: what is signed; of a time-stamp token what was stamped. */
export async function judge(
  signed: SignedData,
  index: number,
  data: Uint8Array,
  { trusted, at }: VerifyOptions,
): Promise<Judged> {
  const holder = namedHolder(signed, index)
  if (!holder) return { ...UNREADABLE, motivi: ['il certificato non è quello che la firma indica'] }
  const { eContent, eContentType } = signed.encapContentInfo
  const isApart = !eContent || eContentType === OID.timestampInfo
  const content = isApart ? Uint8Array.from(data).buffer : undefined
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

export const attributeOf = ({ signerInfos }: SignedData, index: number, type: string): Attribute | undefined =>
  signerInfos[index]?.signedAttrs?.attributes.find((attribute) => attribute.type === type)

/** When the signer says to have signed; null where it does not say. */
export function claimedIn(time: Attribute | undefined): Date | null {
  const value = time?.values[0]
  return value && 'toDate' in value ? (value as { toDate(): Date }).toDate() : null
}

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

const COMMON_NAME = '2.5.4.3'
export const nameIn = (names: Certificate['subject'] | undefined): string =>
  String(names?.typesAndValues.find(({ type }) => type === COMMON_NAME)?.value.valueBlock.value ?? '')
