/**
 * The door of an e-service in the sandbox: what its ModI patterns ask is checked of every call, and its answers are signed.
 * Owns the memory of what was used already (jti); does not own what an e-service says when it refuses.
 */
import { randomUUID } from 'node:crypto'
import type { JWTPayload } from 'jose'
import type { PlatformAnswer, PlatformCall } from '../sandbox.ts'
import { contentTypeOf } from '../sandbox.ts'
import { digestOf, evidenceDigest, verifiedIntegrity, verifiedToken } from './modi.ts'
import type { Trust } from './sandbox.ts'
import { boundKey } from './sandbox-proof.ts'
import { signed } from './signing-key.ts'
import type { Eservice } from './types.ts'

export interface Gate {
  /** Null when the call may pass, else why not and with which status. */
  refuse(call: PlatformCall): Promise<{ readonly status: 400 | 401; readonly reason: string } | null>
  /** The answer as a provider that signs sends it. */
  sign(answer: PlatformAnswer): Promise<PlatformAnswer>
}

/** Why a call may not pass. */
class Barred extends Error {
  override readonly name = 'Barred'
  readonly status: 400 | 401
  constructor(status: 400 | 401, reason: string) {
    super(reason)
    this.status = status
  }
}

/** Of the e-service with this audience, purpose and patterns. */
export function newGate(trust: Trust, eservice: Pick<Eservice, 'audience' | 'purposeId' | 'patterns'>): Gate {
  const used = new Map<string, number>()
  return {
    async refuse(call) {
      try {
        await pass(trust, eservice, used, call)
        return null
      } catch (error) {
        if (error instanceof Barred) return { status: error.status, reason: error.message }
        throw error
      }
    },
    async sign(answer) {
      const { keys, now } = trust
      const digest = digestOf(answer.body)
      const signed_headers = [{ digest }, { 'content-type': contentTypeOf(answer) }]
      const claims = { iss: eservice.audience, aud: keys.clientId, jti: randomUUID(), signed_headers }
      const signature = await signed(keys.provider, now(), claims)
      return { ...answer, headers: { ...answer.headers, digest, 'agid-jwt-signature': signature } }
    },
  }
}

type Used = Map<string, number>

async function pass(
  trust: Trust,
  { audience, purposeId, patterns }: Pick<Eservice, 'audience' | 'purposeId' | 'patterns'>,
  used: Used,
  call: PlatformCall,
): Promise<void> {
  const voucher = await admitted(trust, audience, purposeId, call)
  if (patterns.includes('DPOP') && voucher.cnf === undefined) throw new Barred(401, 'the voucher is not bound (DPoP)')
  if (patterns.includes('INTEGRITY_REST_02')) await checkIntegrity(trust, audience, used, call)
  const correlated = patterns.includes('AUDIT_REST_02')
  if (correlated || patterns.includes('AUDIT_REST_01'))
    await checkEvidence(trust, audience, purposeId, used, call, correlated ? voucher : null)
}

const headerOf = ({ headers }: PlatformCall, name: string): string | null => {
  const value = headers[name]
  return typeof value === 'string' ? value : null
}

async function admitted(trust: Trust, audience: string, purposeId: string, call: PlatformCall): Promise<JWTPayload> {
  const [, scheme, token = ''] = /^(Bearer|DPoP) (\S+)$/.exec(headerOf(call, 'authorization') ?? '') ?? []
  if (scheme === undefined) throw new Barred(401, 'the voucher is missing')
  const claims = await barring(401, 'the voucher', verifiedToken(token, trust.keys.serverKeys, audience, trust.now()))
  if (claims.purposeId !== purposeId) throw new Barred(401, 'the voucher is for another purpose')
  const { cnf } = claims
  if (cnf === undefined) return claims
  const bound = typeof cnf === 'object' && cnf !== null && 'jkt' in cnf ? cnf.jkt : null
  const key = await boundKey(headerOf(call, 'dpop') ?? '', call, trust.now(), token)
  if (scheme !== 'DPoP' || key === null || key !== bound) throw new Barred(401, 'the proof of possession does not hold')
  return claims
}

async function checkIntegrity({ keys, now }: Trust, audience: string, used: Used, call: PlatformCall): Promise<void> {
  const message = {
    signature: headerOf(call, 'agid-jwt-signature'),
    digest: headerOf(call, 'digest'),
    contentType: headerOf(call, 'content-type'),
    body: call.body.toString('utf8'),
  }
  const claims = await barring(400, 'the signature', verifiedIntegrity(message, keys.clientKeys, audience, now()))
  useOnce(used, claims, now())
}

async function checkEvidence(
  { keys, now }: Trust,
  audience: string,
  purposeId: string,
  used: Used,
  call: PlatformCall,
  voucher: JWTPayload | null,
): Promise<void> {
  const evidence = headerOf(call, 'agid-jwt-trackingevidence')
  if (evidence === null) throw new Barred(400, 'Agid-JWT-TrackingEvidence is missing')
  const claims = await barring(400, 'the evidence', verifiedToken(evidence, keys.clientKeys, audience, now()))
  for (const name of ['userID', 'userLocation', 'LoA'])
    if (typeof claims[name] !== 'string' || claims[name] === '') throw new Barred(400, `the evidence has no ${name}`)
  if (claims.purposeId !== purposeId) throw new Barred(400, 'the evidence is for another purpose')
  useOnce(used, claims, now())
  const given = voucher?.digest
  const value = typeof given === 'object' && given !== null && 'value' in given ? given.value : null
  if (voucher !== null && value !== evidenceDigest(evidence).value)
    throw new Barred(400, 'the voucher does not carry the digest of the evidence')
}

/** A token is good for one call. What has ended is forgotten, being refused for its age. */
function useOnce(used: Used, { jti = '', exp = 0 }: JWTPayload, nowMs: number): void {
  for (const [old, until] of used) if (until < nowMs / 1000 - FORGET_AFTER_S) used.delete(old)
  if (used.has(jti)) throw new Barred(400, 'a signature was used before')
  used.set(jti, exp)
}
const FORGET_AFTER_S = 300

async function barring<T>(status: 400 | 401, what: string, verifying: Promise<T>): Promise<T> {
  try {
    return await verifying
  } catch (error) {
    throw new Barred(status, `${what} does not hold: ${error instanceof Error ? error.message : 'unreadable'}`)
  }
}
