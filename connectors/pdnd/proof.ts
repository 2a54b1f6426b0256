/** DPoP (RFC 9449): proof that who holds a voucher also holds a key. The key lives as long as the program and never leaves it. */
import { createHash, randomUUID } from 'node:crypto'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

/** The exchange takes no proof from the future, nor one older than a minute. */
const BACKDATED_S = 5

/** Makes a proof for one request; with the voucher when there is one already. */
export type Prover = (request: {
  readonly method: string
  readonly url: URL
  readonly voucher?: string
}) => Promise<string>

export function newProver(now: () => number): Prover {
  let making: ReturnType<typeof makeKey> | null = null
  return async ({ method, url, voucher }) => {
    making ??= makeKey()
    const { key, jwk } = await making
    const claims = {
      jti: randomUUID(),
      htm: method,
      // Without query and fragment, as the RFC asks.
      htu: `${url.origin}${url.pathname}`,
      iat: Math.floor(now() / 1000) - BACKDATED_S,
      ...(voucher !== undefined && { ath: createHash('sha256').update(voucher).digest('base64url') }),
    }
    return new SignJWT(claims).setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk }).sign(key)
  }
}

async function makeKey() {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  // The exchange wants the algorithm within the key as well.
  return { key: privateKey, jwk: { ...(await exportJWK(publicKey)), alg: 'ES256' } }
}
