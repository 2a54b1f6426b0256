/**
 * The key with which the body signs, and the clock of what is signed. Owns: reading the key's file, algorithm and name (kid), the
 * short life of a signature. The key leaves this file only inside a signature; messages name the file, never what is in it.
 */
import { createPrivateKey, createPublicKey, type KeyObject, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { calculateJwkThumbprint, exportJWK, type JWTPayload, SignJWT } from 'jose'

export type Algorithm = 'RS256' | 'ES256'

export interface SigningKey {
  readonly key: KeyObject
  readonly alg: Algorithm
  readonly kid: string
}

/** Our clock may be ahead of theirs by this much, in seconds: what is dated in the future is refused. */
const BACKDATED_S = 10
const LIFE_S = 60

/** Reads a PKCS#8 PEM file. Throws one sentence when it is not there or holds no RSA or P-256 key. */
export async function loadSigningKey(file: string, kid?: string): Promise<SigningKey> {
  const key = await privateKeyIn(file)
  const alg = algorithmOf(key)
  if (alg === null)
    throw new Error(`Expected ${file} to hold an RSA or a P-256 key, but it is of another kind. Name another.`)
  return { key, alg, kid: kid ?? (await calculateJwkThumbprint(await exportJWK(createPublicKey(key)))) }
}

async function privateKeyIn(file: string): Promise<KeyObject> {
  try {
    return createPrivateKey(await readFile(file))
  } catch {
    // The cause could quote the file.
    throw new Error(
      `Expected ${file} to hold a private key (PKCS#8 PEM), but none could be read. Correct the configuration.`,
    )
  }
}

export function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): Algorithm | null {
  if (asymmetricKeyType === 'rsa') return 'RS256'
  return asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1' ? 'ES256' : null
}

/** A signed token (JWS) with an id of its own, good for a minute. `nowMs` is real time. */
export function signed({ key, alg, kid }: SigningKey, nowMs: number, claims: JWTPayload): Promise<string> {
  const now = Math.floor(nowMs / 1000)
  const times = { iat: now - BACKDATED_S, nbf: now - BACKDATED_S, exp: now + LIFE_S }
  return new SignJWT({ jti: randomUUID(), ...times, ...claims }).setProtectedHeader({ alg, kid, typ: 'JWT' }).sign(key)
}
