/**
 * A certification authority of the sandboxes, made at their first start: it certifies servers, providers and signers that exist only
 * on this machine. Nobody outside trusts it, and nothing it has certified proves anything outside.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { BitString, Integer, OctetString, PrintableString } from 'asn1js'
import {
  AttributeTypeAndValue,
  BasicConstraints,
  Certificate,
  Extension,
  ExtKeyUsage,
  GeneralName,
  GeneralNames,
  type RelativeDistinguishedNames,
} from 'pkijs'

export interface Identity {
  /** PEM, PKCS #8. */
  readonly key: string
  /** PEM. */
  readonly certificate: string
}
export interface CertificateRequest {
  readonly name: string
  /** For mail: the address that signs. */
  readonly email?: string
  /** For servers: names and IPv4 addresses. */
  readonly hosts?: readonly string[]
}
export interface TestAuthority {
  /** PEM. */
  readonly certificate: string
  issue(request: CertificateRequest): Promise<Identity>
}

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' }
/** Sandboxes live in any year a test sets. */
const VALID = { from: new Date('2000-01-01T00:00:00Z'), to: new Date('2049-12-31T23:59:59Z') }
const COMMON_NAME = '2.5.4.3'
const EXTENSION = {
  keyUsage: '2.5.29.15',
  alternativeName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  extendedKeyUsage: '2.5.29.37',
}
const PURPOSE = { server: '1.3.6.1.5.5.7.3.1', mail: '1.3.6.1.5.5.7.3.4' }
/** First bits of KeyUsage: digitalSignature; keyCertSign and cRLSign. */
const USAGE = { end: 0x80, authority: 0x06 }

/** Reads the authority from the file, or makes one and writes it there, readable by its owner alone. */
export async function openTestAuthority(file: string, name: string): Promise<TestAuthority> {
  const identity = readIdentity(file) ?? (await newIdentity({ name }, null))
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(identity), { mode: 0o600 })
  return { certificate: identity.certificate, issue: (request) => newIdentity(request, identity) }
}

function readIdentity(file: string): Identity | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Identity
  } catch {
    return null
  }
}

/** Without an issuer it is an authority that certifies itself. */
async function newIdentity(request: CertificateRequest, issuer: Identity | null): Promise<Identity> {
  const keys = await crypto.subtle.generateKey(CURVE, true, ['sign', 'verify'])
  const certificate = new Certificate({ version: 2 })
  certificate.serialNumber = new Integer({ valueHex: serialNumber() })
  certificate.notBefore.value = VALID.from
  certificate.notAfter.value = VALID.to
  nameIt(certificate.subject, request.name)
  if (issuer === null) nameIt(certificate.issuer, request.name)
  else certificate.issuer = Certificate.fromBER(derOf(issuer.certificate)).subject
  await certificate.subjectPublicKeyInfo.importKey(keys.publicKey)
  certificate.extensions = extensionsFor(request, issuer === null)
  await certificate.sign(issuer === null ? keys.privateKey : await signingKey(issuer), 'SHA-256')
  return {
    key: pem('PRIVATE KEY', await crypto.subtle.exportKey('pkcs8', keys.privateKey)),
    certificate: pem('CERTIFICATE', certificate.toSchema(true).toBER()),
  }
}

/** The private key of an identity, as the signing functions of the platform take it. */
export const signingKey = ({ key }: Identity): Promise<CryptoKey> =>
  crypto.subtle.importKey('pkcs8', derOf(key), CURVE, false, ['sign'])

export const derOf = (text: string): ArrayBuffer =>
  new Uint8Array(Buffer.from(text.replace(/-----[^-]+-----/g, ''), 'base64')).buffer

const pem = (label: string, der: ArrayBuffer): string =>
  `-----BEGIN ${label}-----\n${Buffer.from(der)
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n')}\n-----END ${label}-----\n`

/** Positive: the first bit is not set. */
function serialNumber(): ArrayBuffer {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[0] = (bytes[0]! & 0x3f) | 0x40
  return bytes.buffer
}

function nameIt(names: RelativeDistinguishedNames, value: string): void {
  names.typesAndValues = [new AttributeTypeAndValue({ type: COMMON_NAME, value: new PrintableString({ value }) })]
}

function extensionsFor({ email, hosts = [] }: CertificateRequest, isAuthority: boolean): Extension[] {
  const bits = isAuthority ? USAGE.authority : USAGE.end
  const names = [
    ...(email === undefined ? [] : [new GeneralName({ type: 1, value: email })]),
    ...hosts.map((host) => generalName(host)),
  ]
  const purposes = [...(email === undefined ? [] : [PURPOSE.mail]), ...(hosts.length > 0 ? [PURPOSE.server] : [])]
  const extension = (extnID: string, critical: boolean, value: ArrayBuffer) =>
    new Extension({ extnID, critical, extnValue: value })
  return [
    extension(EXTENSION.basicConstraints, true, new BasicConstraints({ cA: isAuthority }).toSchema().toBER()),
    extension(EXTENSION.keyUsage, true, new BitString({ valueHex: new Uint8Array([bits]).buffer }).toBER()),
    ...(names.length === 0
      ? []
      : [extension(EXTENSION.alternativeName, false, new GeneralNames({ names }).toSchema().toBER())]),
    ...(purposes.length === 0
      ? []
      : [extension(EXTENSION.extendedKeyUsage, false, new ExtKeyUsage({ keyPurposes: purposes }).toSchema().toBER())]),
  ]
}

function generalName(host: string): GeneralName {
  const octets = host.split('.').map(Number)
  const isAddress = octets.length === 4 && octets.every((octet) => Number.isInteger(octet))
  return isAddress
    ? new GeneralName({ type: 7, value: new OctetString({ valueHex: new Uint8Array(octets).buffer }) })
    : new GeneralName({ type: 2, value: host })
}
