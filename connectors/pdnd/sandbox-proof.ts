/** How the sandboxes check a proof of possession (RFC 9449): made for this request, by the key it names, just now, and once. */
import { createHash } from 'node:crypto'
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose'
import type { PlatformCall } from '../sandbox.ts'

/** As the platform: none from the future, none older than a minute. */
const AGE_S_MAX = 60

/** The thumbprint of the key that proved, or null when the proof does not hold. */
export async function boundKey(
  proof: string,
  { method, url, headers }: Pick<PlatformCall, 'method' | 'url' | 'headers'>,
  nowMs: number,
  voucher?: string,
): Promise<string | null> {
  try {
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      ...{ typ: 'dpop+jwt', algorithms: ['RS256', 'ES256'], requiredClaims: ['iat', 'jti', 'htm', 'htu'] },
      currentDate: new Date(nowMs),
    })
    const { jwk } = protectedHeader
    const now = nowMs / 1000
    const iat = Number(payload.iat)
    const ath = voucher === undefined ? undefined : createHash('sha256').update(voucher).digest('base64url')
    const holds = [
      jwk !== undefined && jwk.alg === protectedHeader.alg,
      payload.htm === method,
      payload.htu === `http://${String(headers.host)}${url.pathname}`,
      iat <= now && iat >= now - AGE_S_MAX,
      payload.ath === ath,
    ]
    return jwk !== undefined && holds.every(Boolean) ? calculateJwkThumbprint(jwk) : null
  } catch {
    return null
  }
}
