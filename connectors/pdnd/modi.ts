/**
 * The signature patterns of ModI (AgID, Linee Guida sull'interoperabilità tecnica delle PA, allegato "Pattern di sicurezza"):
 * integrity of a request and of an answer, and evidence of who asks. Owns headers and claims; does not own vouchers (voucher.ts).
 * Invariant: what is signed are the bytes that are sent; nothing is serialised twice.
 */
import { createHash, randomInt } from 'node:crypto'
import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose'
import { z } from 'zod'
import { type SigningKey, signed } from './signing-key.ts'

/** Clocks may differ by this much, in seconds. */
export const CLOCK_TOLERANCE_S = 60

/** As the `Digest` header writes it (RFC 3230). */
export const digestOf = (body: string): string => `SHA-256=${createHash('sha256').update(body).digest('base64')}`

const signedHeadersSchema = z.array(z.record(z.string(), z.string()))

/** The headers of INTEGRITY_REST_02: the digest of the body, and a signature over it and the type of the content. */
export async function integrityHeaders(
  key: SigningKey,
  nowMs: number,
  claims: { readonly iss: string; readonly aud: string },
  body: string,
  contentType: string | null,
): Promise<Readonly<Record<string, string>>> {
  const digest = digestOf(body)
  const signed_headers = [{ digest }, ...(contentType === null ? [] : [{ 'content-type': contentType }])]
  return {
    digest,
    'agid-jwt-signature': await signed(key, nowMs, { ...claims, sub: claims.iss, signed_headers }),
  }
}

/** The claims of AUDIT_REST_01 and 02 beside times and id. */
export interface Evidence {
  readonly iss: string
  readonly aud: string
  readonly purposeId: string
  readonly userID: string
  readonly userLocation: string
  readonly LoA: string
}

/** Evidence of who asks; `dnonce` makes its digest say nothing about the person. */
export const trackingEvidence = (key: SigningKey, nowMs: number, evidence: Evidence): Promise<string> =>
  signed(key, nowMs, { ...evidence, dnonce: randomInt(10 ** 12, 10 ** 13) })

/** What the voucher says of the evidence under AUDIT_REST_02. */
export interface EvidenceDigest {
  readonly alg: 'SHA256'
  /** Hexadecimal. */
  readonly value: string
}
export const evidenceDigest = (evidence: string): EvidenceDigest => ({
  alg: 'SHA256',
  value: createHash('sha256').update(evidence).digest('hex'),
})

/** What must be true of a message for its signature to hold. */
export interface SignedMessage {
  readonly signature: string | null
  readonly digest: string | null
  readonly contentType: string | null
  readonly body: string
}

/**
 * The claims of a message whose signature holds: made by one of the keys, for this audience, in these minutes, over this very body
 * and type of content. Throws an `Error` that says in few words what does not hold.
 */
export async function verifiedIntegrity(
  { signature, digest, contentType, body }: SignedMessage,
  keys: JSONWebKeySet,
  audience: string,
  nowMs: number,
): Promise<JWTPayload> {
  if (signature === null) throw new Error('Agid-JWT-Signature is missing')
  const payload = await verifiedToken(signature, keys, audience, nowMs)
  const headers = signedHeadersSchema.safeParse(payload.signed_headers)
  if (!headers.success) throw new Error('signed_headers is not a list of headers')
  const covered = Object.assign({}, ...headers.data) as Record<string, string>
  if (digest === null || digest !== digestOf(body)) throw new Error('Digest is not that of the body')
  if (covered.digest !== digest) throw new Error('the digest is not signed')
  if (covered['content-type'] !== (contentType ?? undefined)) throw new Error('the content-type is not signed')
  return payload
}

/** The claims of a token that one of the keys signed for this audience and that is neither too old nor of the future. */
export async function verifiedToken(
  token: string,
  keys: JSONWebKeySet,
  audience: string,
  nowMs: number,
): Promise<JWTPayload> {
  const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
    ...{ algorithms: ['RS256', 'ES256'], audience, requiredClaims: ['iat', 'exp', 'jti'] },
    ...{ clockTolerance: CLOCK_TOLERANCE_S, currentDate: new Date(nowMs) },
  })
  if (Number(payload.iat) > nowMs / 1000 + CLOCK_TOLERANCE_S) throw new Error('"iat" is in the future')
  return payload
}
