/**
 * The seal of a segnatura: an enveloped XAdES signature of baseline level B (ETSI EN 319 132-1), made by whoever holds the body's key.
 * Owns what is signed and where it stands. Does not own keys: a `Sealer` takes what is to be signed and gives a signature.
 */
import { createHash, createPrivateKey, sign, X509Certificate } from 'node:crypto'
import type { XmlNode } from '../xml.ts'
import { canonicalXml } from './canonical-xml.ts'
import { PROTOCOL_NAMESPACE, type Segnatura, segnaturaNode } from './segnatura.ts'

export interface Sealer {
  readonly algorithm: 'RSA' | 'ECDSA'
  /** DER, the body's own. */
  readonly certificate: Uint8Array
  /** By SHA-256. ECDSA as two numbers of equal length, one after the other (IEEE P1363). */
  sign(content: Uint8Array): Promise<Uint8Array>
}

const NAMESPACES = {
  prot: PROTOCOL_NAMESPACE,
  ds: 'http://www.w3.org/2000/09/xmldsig#',
  xades: 'http://uri.etsi.org/01903/v1.3.2#',
}
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256'
const SIGNED_PROPERTIES = 'http://uri.etsi.org/01903#SignedProperties'
const SIGNATURE_METHODS = {
  RSA: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  ECDSA: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256',
}
const PROPERTIES_ID = 'proprieta-firmate'
const SIGNATURE_ID = 'sigillo'

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
const sha256 = (content: string | Uint8Array): Buffer => createHash('sha256').update(content).digest()
const method = (name: string, algorithm: string): XmlNode => [name, '', { Algorithm: algorithm }]

/** The document, sealed at that instant (epoch milliseconds). */
export async function sealedSegnatura(segnatura: Segnatura, sealer: Sealer, now: number): Promise<string> {
  const root = segnaturaNode(segnatura)
  const properties = signedProperties(sealer.certificate, now)
  const signedInfo: XmlNode = [
    'ds:SignedInfo',
    [
      method('ds:CanonicalizationMethod', EXCLUSIVE),
      method('ds:SignatureMethod', SIGNATURE_METHODS[sealer.algorithm]),
      reference({ URI: '' }, [ENVELOPED, EXCLUSIVE], canonicalXml(root, NAMESPACES)),
      reference(
        { URI: `#${PROPERTIES_ID}`, Type: SIGNED_PROPERTIES },
        [EXCLUSIVE],
        canonicalXml(properties, NAMESPACES),
      ),
    ],
  ]
  const signature = await sealer.sign(new TextEncoder().encode(canonicalXml(signedInfo, NAMESPACES)))
  const seal: XmlNode = [
    'ds:Signature',
    [
      signedInfo,
      ['ds:SignatureValue', base64(signature)],
      ['ds:KeyInfo', [['ds:X509Data', [['ds:X509Certificate', base64(sealer.certificate)]]]]],
      ['ds:Object', [['xades:QualifyingProperties', [properties], { Target: `#${SIGNATURE_ID}` }]]],
    ],
    { Id: SIGNATURE_ID },
  ]
  const [name, content, attributes] = root
  const whole: XmlNode = [name, [...(typeof content === 'string' ? [] : content), seal], attributes]
  return `<?xml version="1.0" encoding="UTF-8"?>\n${canonicalXml(whole, NAMESPACES)}`
}

/** What the seal says of itself: when, and by which certificate. */
function signedProperties(certificate: Uint8Array, now: number): XmlNode {
  const digest: XmlNode = [
    'xades:CertDigest',
    [method('ds:DigestMethod', SHA256), ['ds:DigestValue', base64(sha256(certificate))]],
  ]
  return [
    'xades:SignedProperties',
    [
      [
        'xades:SignedSignatureProperties',
        [
          ['xades:SigningTime', Temporal.Instant.fromEpochMilliseconds(now).toString({ smallestUnit: 'second' })],
          ['xades:SigningCertificateV2', [['xades:Cert', [digest]]]],
        ],
      ],
    ],
    { Id: PROPERTIES_ID },
  ]
}

const reference = (
  attributes: Readonly<Record<string, string>>,
  transforms: readonly string[],
  canonical: string,
): XmlNode => [
  'ds:Reference',
  [
    ['ds:Transforms', transforms.map((algorithm) => method('ds:Transform', algorithm))],
    method('ds:DigestMethod', SHA256),
    ['ds:DigestValue', base64(sha256(canonical))],
  ],
  attributes,
]

/** PEM. */
export interface SealKey {
  readonly key: string
  readonly certificate: string
}

/** A key that the program itself holds: no qualified seal, which lies with a trust service. */
export function heldSealer({ key, certificate }: SealKey): Sealer {
  const { raw, publicKey } = new X509Certificate(certificate)
  const held = createPrivateKey(key)
  return {
    algorithm: publicKey.asymmetricKeyType === 'rsa' ? 'RSA' : 'ECDSA',
    certificate: raw,
    sign: async (content) => sign('sha256', content, { key: held, dsaEncoding: 'ieee-p1363' }),
  }
}
