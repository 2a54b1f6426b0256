/**
 * The certification authority of the sandbox: a root, one that issues, and certificates of people and of the body. For tests and
 * trials alone: nobody trusts it but who is told to.
 */
import { createHash, webcrypto } from 'node:crypto'
import { BitString, Integer, OctetString, PrintableString, Utf8String } from 'asn1js'
import {
  AttributeTypeAndValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  Extension,
  ExtKeyUsage,
  RelativeDistinguishedNames,
} from 'pkijs'
import { OID } from '../cms.ts'

export interface Subject {
  readonly commonName: string
  readonly givenName?: string
  readonly surname?: string
  /** As ETSI EN 319 412-1 writes it: TINIT-… of a person, VATIT-… or CF:IT-… of a body. */
  readonly serialNumber?: string
}
/** What is kept of a key and its certificate: base64 of PKCS#8 and of DER. */
export interface KeptKey {
  readonly key: string
  readonly certificate: string
}
interface Issuing {
  readonly subject: Subject
  readonly from: string
  readonly to: string
  readonly kind: 'root' | 'authority' | 'holder' | 'stamper'
  readonly serial: number
}

const NAMES: Readonly<Record<keyof Subject, string>> = {
  commonName: '2.5.4.3',
  surname: '2.5.4.4',
  serialNumber: '2.5.4.5',
  givenName: '2.5.4.42',
}
const EC = { name: 'ECDSA', namedCurve: 'P-256' } as const
const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
} as const

export const newKey = (kind: 'EC' | 'RSA'): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(kind === 'EC' ? EC : RSA, true, ['sign', 'verify'])

/** Certifies the public key; the issuer signs (itself, for a root). */
export async function certify(
  { publicKey }: webcrypto.CryptoKeyPair,
  { subject, from, to, kind, serial }: Issuing,
  issuer: { readonly certificate: Certificate | null; readonly key: webcrypto.CryptoKey },
): Promise<Certificate> {
  const certificate = new Certificate()
  certificate.version = 2
  certificate.serialNumber = new Integer({ value: serial })
  certificate.subject = nameOf(subject)
  certificate.issuer = issuer.certificate?.subject ?? certificate.subject
  certificate.notBefore.value = new Date(from)
  certificate.notAfter.value = new Date(to)
  await certificate.subjectPublicKeyInfo.importKey(publicKey as CryptoKey)
  const identifier = identifierOf(certificate)
  const isAuthority = kind === 'root' || kind === 'authority'
  certificate.extensions = [
    extension('2.5.29.19', true, new BasicConstraints({ cA: isAuthority }).toSchema()),
    // keyCertSign and cRLSign, or contentCommitment: what a signature needs that stands for a handwritten one.
    extension(
      '2.5.29.15',
      true,
      new BitString({
        valueHex: new Uint8Array([isAuthority ? 0x06 : 0x40]),
        unusedBits: isAuthority ? 1 : 6,
      }),
    ),
    extension('2.5.29.14', false, new OctetString({ valueHex: identifier })),
    extension(
      '2.5.29.35',
      false,
      new AuthorityKeyIdentifier({
        keyIdentifier: new OctetString({
          valueHex: issuer.certificate ? identifierOf(issuer.certificate) : identifier,
        }),
      }).toSchema(),
    ),
    ...(kind === 'stamper'
      ? [extension(OID.extendedKeyUsage, true, new ExtKeyUsage({ keyPurposes: [OID.timestamping] }).toSchema())]
      : []),
  ]
  await certificate.sign(issuer.key as CryptoKey, 'SHA-256')
  return certificate
}

const identifierOf = ({ subjectPublicKeyInfo }: Certificate): Buffer =>
  createHash('sha1').update(Buffer.from(subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView)).digest()

const extension = (extnID: string, critical: boolean, value: { toBER(): ArrayBuffer }): Extension =>
  new Extension({ extnID, critical, extnValue: value.toBER() })

function nameOf(subject: Subject): RelativeDistinguishedNames {
  const named = Object.entries(NAMES).flatMap(([name, type]) => {
    const value = subject[name as keyof Subject]
    return value === undefined ? [] : [new AttributeTypeAndValue({ type, value: new Utf8String({ value }) })]
  })
  const country = new AttributeTypeAndValue({ type: '2.5.4.6', value: new PrintableString({ value: 'IT' }) })
  return new RelativeDistinguishedNames({ typesAndValues: [country, ...named] })
}

export const derOf = (certificate: Certificate): Buffer => Buffer.from(certificate.toSchema(true).toBER())

export async function kept({ privateKey }: webcrypto.CryptoKeyPair, certificate: Certificate): Promise<KeptKey> {
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', privateKey)
  return { key: Buffer.from(pkcs8).toString('base64'), certificate: derOf(certificate).toString('base64') }
}

export const signingKey = ({ key }: KeptKey, kind: 'EC' | 'RSA'): Promise<webcrypto.CryptoKey> =>
  webcrypto.subtle.importKey('pkcs8', Buffer.from(key, 'base64'), kind === 'EC' ? EC : RSA, false, ['sign'])

export const certificateOf = ({ certificate }: KeptKey): Certificate =>
  Certificate.fromBER(Buffer.from(certificate, 'base64'))
