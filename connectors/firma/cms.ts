/**
 * The CMS of a baseline signature (CAdES B-B, as PAdES B-B embeds it), built around a signature made elsewhere.
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

/** What is signed in the document's stead, as it stands in the CMS. Its DER as a SET is what the key signs. */
function attributes(documentHash: Uint8Array, certificate: Uint8Array): readonly BaseBlock[] {
  // SHA-256 is the default of ESSCertIDv2, and a default is left out in DER.
  const essCertId = sequence(new OctetString({ valueHex: sha256(certificate) }))
  const all = [
    attribute(OID.contentType, oid(OID.data)),
    attribute(OID.messageDigest, new OctetString({ valueHex: documentHash })),
    attribute(OID.signingCertificateV2, sequence(sequence(essCertId))),
  ]
  return all.sort((one, other) => Buffer.compare(bytesOf(one), bytesOf(other)))
}

const holderOf = ({ certificates: [first] }: Credential): Uint8Array => {
  if (first) return first
  throw new RangeError('Expected a credential with its certificate, but it has none.')
}

const signedBytes = (documentHash: Uint8Array, credential: Credential): Buffer =>
  bytesOf(set(...attributes(documentHash, holderOf(credential))))

/** SHA-256 of the attributes: what the key is asked to sign. */
export const hashToSign = (documentHash: Uint8Array, credential: Credential): Buffer =>
  sha256(signedBytes(documentHash, credential))

/** Whether the credential's own key has signed that document: services answer many signatures at once, and may mistake one for another. */
export function isSignatureOf(signature: Uint8Array, documentHash: Uint8Array, credential: Credential): boolean {
  const { publicKey } = new X509Certificate(holderOf(credential))
  return verify('sha256', signedBytes(documentHash, credential), publicKey, signature)
}

/** The detached CMS (DER). */
export function cmsOf(documentHash: Uint8Array, credential: Credential, signature: Uint8Array): Buffer {
  const holder = holderOf(credential)
  const { issuer, serialNumber } = Certificate.fromBER(Buffer.from(holder))
  const digest = sequence(oid(OID.sha256))
  const signed = attributes(documentHash, holder)
  const algorithm = credential.algorithm === 'RSA' ? [oid(SIGNATURE_OID.RSA), new Null()] : [oid(SIGNATURE_OID.ECDSA)]
  const signer = sequence(
    new Integer({ value: 1 }),
    sequence(issuer.toSchema() as BaseBlock, serialNumber),
    digest,
    tagged(0, ...signed),
    sequence(...algorithm),
    new OctetString({ valueHex: signature }),
  )
  const certificates = credential.certificates.map((certificate) => fromBER(Buffer.from(certificate)).result)
  const data = sequence(
    new Integer({ value: 1 }),
    set(digest),
    sequence(oid(OID.data)),
    tagged(0, ...certificates),
    set(signer),
  )
  return bytesOf(sequence(oid(OID.signedData), tagged(0, data)))
}

/** Room that the CMS surely fits in. */
export const cmsRoom = ({ certificates }: Credential): number =>
  certificates.reduce((sum, { byteLength }) => sum + byteLength, 0) + 2048
