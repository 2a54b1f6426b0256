/**
 * Vouchers of the exchange: asked for with a signed assertion (RFC 7523), kept until shortly before they end.
 * Invariants
 * V1 A voucher that carries the digest of an evidence serves one call: each evidence is another (AUDIT_REST_02).
 * V2 Callers that need the same voucher at the same time share one request.
 * V3 Without a voucher nothing was done: whatever the authorization server leaves open is `Unavailable` for who wanted to call.
 */
import { z } from 'zod'
import { Refused, Unavailable, UnknownOutcome } from '../effect.ts'
import { exchange, type HttpAnswer } from '../http.ts'
import type { EvidenceDigest } from './modi.ts'
import type { Prover } from './proof.ts'
import { type SigningKey, signed } from './signing-key.ts'
import type { PdndSettings } from './types.ts'

/** A voucher with less than this left, in milliseconds, is not used any more: clocks differ and calls take time. */
const REMAINING_MS_MIN = 30_000
const TIMEOUT_MS = 10_000
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

const answerSchema = z.object({
  access_token: z.string().min(1),
  token_type: z.enum(['Bearer', 'DPoP']),
  expires_in: z.int().min(1),
})
const problemSchema = z.object({
  title: z.string(),
  errors: z.array(z.object({ code: z.string(), detail: z.string() })).default([]),
})

export interface Voucher {
  readonly token: string
  readonly scheme: 'Bearer' | 'DPoP'
  /** Epoch milliseconds, by our clock. */
  readonly until: number
}
export interface VoucherNeed {
  readonly purposeId: string
  readonly digest: EvidenceDigest | null
  /** Bound to the key of the prover. */
  readonly isBound: boolean
}
export interface Vouchers {
  /** `isFresh` when it was just made. */
  get(need: VoucherNeed): Promise<{ readonly voucher: Voucher; readonly isFresh: boolean }>
  /** The e-service did not take it: the next call gets another. */
  forget(need: VoucherNeed): void
}

export interface VouchersOptions {
  readonly settings: PdndSettings
  readonly key: () => Promise<SigningKey>
  readonly prove: Prover
  /** Real time, epoch milliseconds. */
  readonly now: () => number
}

export function newVouchers(options: VouchersOptions): Vouchers {
  const kept = new Map<string, Promise<Voucher>>()
  return {
    async get(need) {
      if (need.digest !== null) return { voucher: await request(options, need), isFresh: true }
      const name = nameOf(need)
      const last = kept.get(name)
      const found = await last?.catch(() => null)
      if (found && found.until - options.now() >= REMAINING_MS_MIN) return { voucher: found, isFresh: false }
      // Another caller may have asked meanwhile: only what was found wanting goes.
      if (kept.get(name) === last) kept.delete(name)
      const asked = kept.get(name) ?? request(options, need)
      kept.set(name, asked)
      // What was refused is not kept; who waits for it is told below.
      asked.catch(() => kept.get(name) === asked && kept.delete(name))
      return { voucher: await asked, isFresh: true }
    },
    forget: (need) => void kept.delete(nameOf(need)),
  }
}

const nameOf = ({ purposeId, isBound }: VoucherNeed): string => `${purposeId} ${isBound}`

async function request(options: VouchersOptions, need: VoucherNeed): Promise<Voucher> {
  const { settings, key, prove, now } = options
  const { clientId, audience } = settings
  const identity = { iss: clientId, sub: clientId, aud: audience, purposeId: need.purposeId }
  const assertion = await signed(await key(), now(), { ...identity, ...(need.digest && { digest: need.digest }) })
  const form = {
    client_id: clientId,
    client_assertion: assertion,
    client_assertion_type: ASSERTION_TYPE,
    grant_type: 'client_credentials',
  }
  const url = new URL('token.oauth2', withSlash(settings.url))
  const proof: Record<string, string> = need.isBound ? { DPoP: await prove({ method: 'POST', url }) } : {}
  const asked = now()
  const answer = await certain(() =>
    exchange({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json', ...proof },
      body: new URLSearchParams(form).toString(),
      timeoutMs: TIMEOUT_MS,
      answers: [400, 401],
    }),
  )
  if (answer.status === 400 || answer.status === 401) throw refusal(answer)
  return voucherIn(answer.text, asked)
}

/** Addresses are written with and without a slash at their end. */
export const withSlash = (url: string): string => (url.endsWith('/') ? url : `${url}/`)

async function certain(ask: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
  try {
    return await ask()
  } catch (error) {
    throw error instanceof UnknownOutcome ? new Unavailable(`No voucher: ${error.message}`) : error
  }
}

/** The codes say what is wrong with key, purpose or agreement; they are no secret, unlike the assertion. */
function refusal({ status, text }: HttpAnswer): Refused {
  const problem = problemSchema.safeParse(jsonIn(text))
  const codes = problem.success ? problem.data.errors.map(({ code }) => code) : []
  const what = codes.length > 0 ? codes.join(', ') : String(status)
  return new Refused(
    codes[0] ?? String(status),
    `Expected a voucher of the PDND, but it answered ${what}. Check client, key and purpose at the PDND.`,
  )
}

function voucherIn(text: string, asked: number): Voucher {
  const answer = answerSchema.safeParse(jsonIn(text))
  if (!answer.success) throw new Unavailable('The PDND answered with something that is no voucher')
  const { access_token: token, token_type: scheme, expires_in: seconds } = answer.data
  return { token, scheme, until: asked + seconds * 1000 }
}

/** Null when it is no JSON. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
