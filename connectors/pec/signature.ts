/**
 * Who signed a mail (S/MIME, RFC 8551, detached CMS of RFC 5652), and whether the authorities we trust vouch for them.
 * Not checked: revocation. A provider that loses its key is taken from the list of authorities by the administrator.
 */
import { X509Certificate } from 'node:crypto'
import { Certificate, ContentInfo, id_ContentType_SignedData, SignedData } from 'pkijs'

const SIGNATURE_BYTES_MAX = 256 * 1024
const CHAIN_LENGTH_MAX = 5
/** SHA-256, 384, 512. What was signed with anything older proves nothing any more. */
const DIGESTS: ReadonlySet<string> = new Set([
  '2.16.840.1.101.3.4.2.1',
  '2.16.840.1.101.3.4.2.2',
  '2.16.840.1.101.3.4.2.3',
])
const EMAIL_PROTECTION = '1.3.6.1.5.5.7.3.4'

/** The mail is not what it says it is. The message names the reason, and nothing of the mail. */
export class NotBelieved extends Error {
  override readonly name = 'NotBelieved'
}

export interface Trust {
  /** PEM; whoever these have certified for mail, directly or through others, is believed. */
  readonly authorities: readonly string[]
  /** Epoch milliseconds: certificates must be valid then. */
  readonly at: number
}

/** Resolves with the signer's certificate. Rejects with `NotBelieved`. */
export async function signerOf(content: Buffer, signature: Buffer, trust: Trust): Promise<X509Certificate> {
  if (signature.byteLength > SIGNATURE_BYTES_MAX) throw new NotBelieved('the signature is too long')
  const signed = signedData(signature)
  const [signer] = signed.signerInfos
  // With a content of its own a signature would be held against that instead of the mail.
  if (signed.encapContentInfo.eContent !== undefined) throw new NotBelieved('the signature is not of this mail')
  if (signer === undefined || signed.signerInfos.length !== 1) throw new NotBelieved('there is not one signer')
  if (!DIGESTS.has(signer.digestAlgorithm.algorithmId)) throw new NotBelieved('the digest is out of date')
  const included = (signed.certificates ?? []).filter((found) => found instanceof Certificate).map(certificateOf)
  const { signerCertificate } = await signed
    .verify({ signer: 0, data: new Uint8Array(content).buffer, checkChain: false, extendedMode: true })
    .catch(() => ({ signerCertificate: null }))
  if (!signerCertificate) throw new NotBelieved('the signature does not hold')
  const certificate = certificateOf(signerCertificate)
  if (certificate.keyUsage !== undefined && !certificate.keyUsage.includes(EMAIL_PROTECTION))
    throw new NotBelieved('the signer may not sign mail')
  vouched(certificate, included, trust)
  return certificate
}

function signedData(signature: Buffer): SignedData {
  try {
    const { contentType, content } = ContentInfo.fromBER(new Uint8Array(signature))
    if (contentType === id_ContentType_SignedData) return new SignedData({ schema: content })
  } catch {
    // What is no CMS has no author.
  }
  throw new NotBelieved('the signature cannot be read')
}

const certificateOf = (certificate: Certificate): X509Certificate =>
  new X509Certificate(Buffer.from(certificate.toSchema().toBER()))

/** Climbs from issuer to issuer until one of ours has signed. */
function vouched(leaf: X509Certificate, included: readonly X509Certificate[], { authorities, at }: Trust): void {
  const trusted = authorities.map((pem) => new X509Certificate(pem))
  let certificate = leaf
  for (let length = 0; length < CHAIN_LENGTH_MAX; length++) {
    if (!isValid(certificate, at)) throw new NotBelieved('a certificate is not valid at this time')
    const issuer = issuerOf(certificate, trusted)
    if (issuer !== undefined) {
      if (isValid(issuer, at)) return
      throw new NotBelieved('an authority is not valid at this time')
    }
    const between = issuerOf(certificate, included)
    if (between === undefined || between.fingerprint256 === certificate.fingerprint256) break
    certificate = between
  }
  throw new NotBelieved('no authority that is trusted vouches for the signer')
}

const issuerOf = (certificate: X509Certificate, among: readonly X509Certificate[]): X509Certificate | undefined =>
  among.find((issuer) => issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey))

const isValid = ({ validFromDate, validToDate }: X509Certificate, at: number): boolean =>
  validFromDate.getTime() <= at && at <= validToDate.getTime()
