/**
 * The CMS of a baseline signature (CAdES B-B and B-T, detached as PAdES embeds it), built around a signature made elsewhere.
 * Source: RFC 5652 §5, RFC 5035 (signing-certificate-v2), ETSI EN 319 122-1 §5. Deterministic: the same input is the same bytes.
 */
import { createHash, verify, X509Certificate } from 'node:crypto'
import {
  Set as Asn1Set,
  type BaseBlock,
  Constructed,
  fromBER,
  Integer,
  Null,
  ObjectIdentifier,
  OctetString,
  Sequence,
  UTCTime,
} from 'asn1js'
import { Certificate } from 'pkijs'
import type { Credential, KeyAlgorithm } from './types.ts'

export const OID = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  timestampToken: '1.2.840.113549.1.9.16.2.14',
  timestampInfo: '1.2.840.113549.1.9.16.1.4',
  timestamping: '1.3.6.1.5.5.7.3.8',
  extendedKeyUsage: '2.5.29.37',
  sha256: '2.16.840.1.101.3.4.2.1',
} as const
export const SIGNATURE_OID: Readonly<Record<KeyAlgorithm, string>> = {
  RSA: '1.2.840.113549.1.1.11',
  ECDSA: '1.2.840.10045.4.3.2',
}

const oid = (value: string) => new ObjectIdentifier({ value })
const sequence = (...value: BaseBlock[]) => new Sequence({ value })
const set = (...value: BaseBlock[]) => new Asn1Set({ value })
const tagged = (tagNumber: number, ...value: BaseBlock[]) =>
  new Constructed({ idBlock: { tagClass: 3, tagNumber }, value })
const bytesOf = (block: BaseBlock): Buffer => Buffer.from(block.toBER())
export const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

const attribute = (type: string, value: BaseBlock) => sequence(oid(type), set(value))

/** What a signature is of. */
export interface Signed {
  /** SHA-256 of the content. */
  readonly hash: Uint8Array
  /** When an envelope says it was signed, epoch milliseconds; a PDF says so elsewhere. */
  readonly at?: number
  /** OID of the content's type; plain data unless said. */
  readonly type?: string
}
/** Whose key signs, and with what. */
export type Signer = Pick<Credential, 'algorithm' | 'certificates'>

/** What is signed in the content's stead, as it stands in the CMS. Its DER as a SET is what the key signs. */
function attributes({ hash, at, type = OID.data }: Signed, certificate: Uint8Array): readonly BaseBlock[] {
  // SHA-256 is the default of ESSCertIDv2, and a default is left out in DER.
  const essCertId = sequence(new OctetString({ valueHex: sha256(certificate) }))
  const all = [
    attribute(OID.contentType, oid(type)),
    attribute(OID.messageDigest, new OctetString({ valueHex: hash })),
    attribute(OID.signingCertificateV2, sequence(sequence(essCertId))),
    ...(at === undefined ? [] : [attribute(OID.signingTime, new UTCTime({ valueDate: new Date(at) }))]),
  ]
  return all.sort((one, other) => Buffer.compare(bytesOf(one), bytesOf(other)))
}

const holderOf = ({ certificates: [first] }: Signer): Uint8Array => {
  if (first) return first
  throw new RangeError('Expected a credential with its certificate, but it has none.')
}

/** What the key signs. */
export const toBeSigned = (signed: Signed, signer: Signer): Buffer =>
  bytesOf(set(...attributes(signed, holderOf(signer))))

/** Whether the signer's own key has signed that: services answer many signatures at once, and may mistake one for another. */
export function isSignatureOf(signature: Uint8Array, bytes: Uint8Array, signer: Signer): boolean {
  const { publicKey } = new X509Certificate(holderOf(signer))
  return verify('sha256', bytes, publicKey, signature)
}

export interface CmsParts {
  readonly signed: Signed
  readonly signer: Signer
  readonly signature: Uint8Array
  /** What is inside; detached without it. */
  readonly content?: Uint8Array
  /** A time-stamp token (DER) over the signature. */
  readonly token?: Uint8Array | null
}

/** DER. */
export function cmsOf({ signed, signer, signature, content, token }: CmsParts): Buffer {
  const holder = holderOf(signer)
  const { issuer, serialNumber } = Certificate.fromBER(Buffer.from(holder))
  const { type = OID.data } = signed
  const digest = sequence(oid(OID.sha256))
  const algorithm = signer.algorithm === 'RSA' ? [oid(SIGNATURE_OID.RSA), new Null()] : [oid(SIGNATURE_OID.ECDSA)]
  const info = sequence(
    new Integer({ value: 1 }),
    sequence(issuer.toSchema() as BaseBlock, serialNumber),
    digest,
    tagged(0, ...attributes(signed, holder)),
    sequence(...algorithm),
    new OctetString({ valueHex: signature }),
    ...(token ? [tagged(1, attribute(OID.timestampToken, der(token)))] : []),
  )
  const inside = content ? [tagged(0, new OctetString({ valueHex: content }))] : []
  const data = sequence(
    // Version 3 where the content is not plain data.
    new Integer({ value: type === OID.data ? 1 : 3 }),
    set(digest),
    sequence(oid(type), ...inside),
    tagged(0, ...signer.certificates.map(der)),
    set(info),
  )
  return bytesOf(sequence(oid(OID.signedData), tagged(0, data)))
}

const der = (bytes: Uint8Array): BaseBlock => fromBER(Buffer.from(bytes)).result

/** A time-stamp token is at most so long. */
export const TOKEN_BYTES_MAX = 12 * 1024

/** Room that the CMS surely fits in, but for a time-stamp token. */
export const cmsRoom = ({ certificates }: Signer): number =>
  certificates.reduce((sum, { byteLength }) => sum + byteLength, 0) + 2048
