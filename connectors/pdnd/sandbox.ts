/**
 * The authorization server of the exchange: checks assertion, key and purpose, and gives vouchers of ten minutes. Codes are those of
 * the platform's own validation. Stricter in one thing: an assertion is taken once, as RFC 7523 allows (the platform only asks for a jti).
 * Tokens are judged by real time, whatever day the town plays.
 */
import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { JOSEError, JWTExpired } from 'jose/errors'
import { z } from 'zod'
import type { Journal } from '../journal.ts'
import {
  journalOf,
  json,
  type Platform,
  type PlatformAnswer,
  type PlatformCall,
  type Sandbox,
  type SandboxOptions,
  startPlatform,
} from '../sandbox.ts'
import { type SandboxKeys, sandboxKeys } from './sandbox-keys.ts'
import { boundKey } from './sandbox-proof.ts'
import type { Eservice, PdndSettings } from './types.ts'

const VOUCHER_S = 600
const CALLS_PER_INTERVAL_MAX = 100
const INTERVAL_MS = 1000
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const AUDIENCE = 'auth.sandbox.interop.example/client-assertion'

/** A purpose of the town as the exchange knows it; `audience` is the `aud` of its vouchers. */
export interface Purpose extends Pick<Eservice, 'purposeId' | 'audience'> {
  readonly isSuspended?: boolean
}

/** What the e-services of the sandbox rely on. */
export interface Trust {
  readonly keys: SandboxKeys
  /** Real time, epoch milliseconds. */
  readonly now: () => number
}
export interface PdndSandbox extends Sandbox {
  /** As the town is given them. */
  readonly settings: PdndSettings
  readonly trust: Trust
}
export interface PdndSandboxOptions extends SandboxOptions {
  readonly purposes: readonly Purpose[]
  /** By which tokens are judged. */
  readonly tokenNow: () => number
}

/** One line of the journal: a voucher given. The assertion's id is kept so that it is not taken twice. */
export interface VoucherEntry {
  readonly at: string
  readonly purposeId: string
  readonly jti: string
  readonly voucher: string
  readonly digest: boolean
  readonly bound: boolean
}

export async function start(options: PdndSandboxOptions): Promise<PdndSandbox> {
  const keys = await sandboxKeys(resolve(options.directory))
  const server: Server = { ...options, keys, journal: journalOf(options, 'pdnd'), recent: [] }
  const sandbox = await startPlatform(options, authorizationServer(server))
  const { clientId, clientFile: keyFile } = keys
  const identity = { url: sandbox.url, audience: AUDIENCE, clientId, keyFile }
  const evidence = { userLocation: 'iter', LoA: 'SUBSTANTIAL' }
  return { ...sandbox, settings: { ...identity, evidence, eservices: {} }, trust: { keys, now: options.tokenNow } }
}

interface Server extends Pick<PdndSandboxOptions, 'purposes' | 'tokenNow'> {
  readonly keys: SandboxKeys
  readonly journal: Journal<VoucherEntry>
  /** When the last calls came. */
  readonly recent: number[]
}

const OPERATIONS: Readonly<Record<string, string>> = { 'POST /token.oauth2': 'voucher', 'GET /status': 'stato' }

function authorizationServer(server: Server): Platform {
  return {
    name: 'pdnd',
    entries: server.journal.entries,
    operationOf: ({ method, url }) => OPERATIONS[`${method} ${url.pathname}`] ?? 'sconosciuta',
    async answer(operation, call) {
      if (operation === 'voucher') return limited(server, () => giveVoucher(server, call))
      if (operation === 'stato') return problem(200, 'Service status', [])
      return problem(404, 'Unknown operation', [])
    },
  }
}

async function limited(server: Server, answer: () => Promise<PlatformAnswer>): Promise<PlatformAnswer> {
  const now = server.tokenNow()
  const { recent } = server
  while (recent[0] !== undefined && recent[0] <= now - INTERVAL_MS) recent.shift()
  const left = CALLS_PER_INTERVAL_MAX - recent.length
  if (left > 0) recent.push(now)
  const headers = {
    'x-rate-limit-limit': String(CALLS_PER_INTERVAL_MAX),
    'x-rate-limit-remaining': String(Math.max(left - 1, 0)),
    'x-rate-limit-interval': String(INTERVAL_MS),
  }
  return { ...(left > 0 ? await answer() : problem(429, 'Too Many Requests', [])), headers }
}

/** The platform's own reasons and their codes; `replayed` and `proof` are ours, under the codes nearest to them. */
const FAULTS = {
  assertionType: ['0004', 'Assertion type not valid'],
  grantType: ['0005', 'Grant type not valid'],
  audience: ['0007', 'Unexpected client assertion audience'],
  format: ['0008', 'Invalid format for Client assertion'],
  jti: ['0010', 'JTI not found in client assertion'],
  iat: ['0011', 'IAT not found in client assertion'],
  exp: ['0012', 'EXP not found in client assertion'],
  issuer: ['0013', 'Issuer not found in client assertion'],
  subject: ['0015', 'Subject claim does not correspond to provided client_id parameter'],
  purposeFormat: ['0016', 'Purpose Id claim is not a valid UUID'],
  kid: ['0017', 'KID not found in client assertion'],
  signature: ['0018', 'Client assertion signature not valid'],
  expired: ['0019', 'Token expired in client assertion signature validation'],
  replayed: ['0020', 'Client assertion already used'],
  purpose: ['0022', 'Purpose is not active'],
  digest: ['0028', 'Invalid format for digest claim'],
  hashLength: ['0029', 'Invalid hash length for algorithm SHA256'],
  hashAlgorithm: ['0030', 'Invalid hash algorithm'],
  algorithm: ['0032', 'Algorithm is not allowed'],
  purposeMissing: ['0033', 'Claim purposeId does not exist in this assertion'],
  proof: ['0036', 'DPoP proof not valid'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>
type Fault = keyof typeof FAULTS

const SERVICE = '015'
function refusal(faults: readonly Fault[]): PlatformAnswer {
  const errors = faults.map((fault) => ({ code: `${SERVICE}-${FAULTS[fault][0]}`, detail: FAULTS[fault][1] }))
  return problem(400, 'Client assertion validation failed', errors)
}
const problem = (status: number, title: string, errors: readonly object[]): PlatformAnswer => ({
  ...json(status, { type: 'about:blank', status, title, correlationId: randomUUID(), errors }),
  type: 'application/problem+json',
})

const uuid = z.uuid()
const claimsSchema = z.object({ jti: z.string().min(1), iat: z.number(), exp: z.number() })
const HEX_SHA256_CHARACTERS = 64

async function giveVoucher(server: Server, call: PlatformCall): Promise<PlatformAnswer> {
  const form = Object.fromEntries(new URLSearchParams(call.body.toString('utf8')))
  const asked = askedIn(form.client_assertion ?? '')
  if (asked === null) return refusal(['format'])
  const faults = [...formFaults(form), ...claimFaults(server, asked, form.client_id)]
  if (faults.length > 0) return refusal(faults)
  const signature = await signatureFault(server, form.client_assertion ?? '')
  if (signature !== null) return refusal([signature])
  const purpose = server.purposes.find(({ purposeId }) => purposeId === asked.claims.purposeId)
  if (purpose === undefined || purpose.isSuspended) return refusal(['purpose'])
  const { jti } = claimsSchema.parse(asked.claims)
  const proof = call.headers.dpop
  const bound = proof === undefined ? null : await boundKey(String(proof), call, server.tokenNow())
  if (proof !== undefined && bound === null) return refusal(['proof'])
  // From here to the journal nothing waits: of two calls with one assertion, one is first.
  if (server.journal.entries.some((entry) => entry.jti === jti)) return refusal(['replayed'])
  return voucherFor(server, purpose, asked.claims, bound)
}

interface Asked {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: JWTPayload
}
function askedIn(assertion: string): Asked | null {
  try {
    return { header: { ...decodeProtectedHeader(assertion) }, claims: decodeJwt(assertion) }
  } catch {
    return null
  }
}

const formFaults = (form: Readonly<Record<string, string>>): readonly Fault[] => [
  ...(form.client_assertion_type === ASSERTION_TYPE ? [] : (['assertionType'] as const)),
  ...(form.grant_type === 'client_credentials' ? [] : (['grantType'] as const)),
]

function claimFaults({ keys }: Server, { header, claims }: Asked, clientId: string | undefined): readonly Fault[] {
  const holds: Partial<Record<Fault, boolean>> = {
    jti: typeof claims.jti === 'string' && claims.jti !== '',
    iat: typeof claims.iat === 'number',
    exp: typeof claims.exp === 'number',
    issuer: typeof claims.iss === 'string',
    subject: claims.sub === keys.clientId && (clientId === undefined || clientId === claims.sub),
    audience: [claims.aud].flat().includes(AUDIENCE),
    kid: typeof header.kid === 'string' && header.kid !== '',
    algorithm: header.alg === 'RS256',
    purposeMissing: claims.purposeId !== undefined,
    purposeFormat: claims.purposeId === undefined || uuid.safeParse(claims.purposeId).success,
  }
  const faults = (Object.keys(holds) as Fault[]).filter((fault) => holds[fault] === false)
  return [...faults, ...digestFaults(claims.digest)]
}

function digestFaults(digest: unknown): readonly Fault[] {
  if (digest === undefined) return []
  const read = z.strictObject({ alg: z.string(), value: z.string() }).safeParse(digest)
  if (!read.success) return ['digest']
  if (read.data.alg !== 'SHA256') return ['hashAlgorithm']
  return read.data.value.length === HEX_SHA256_CHARACTERS ? [] : ['hashLength']
}

async function signatureFault({ keys, tokenNow }: Server, assertion: string): Promise<Fault | null> {
  try {
    const currentDate = new Date(tokenNow())
    await jwtVerify(assertion, createLocalJWKSet(keys.clientKeys), { algorithms: ['RS256'], currentDate })
    return null
  } catch (error) {
    if (error instanceof JWTExpired) return 'expired'
    if (error instanceof JOSEError) return 'signature'
    throw error
  }
}

async function voucherFor(
  { keys, journal, tokenNow }: Server,
  purpose: Purpose,
  { jti = '', digest }: JWTPayload,
  bound: string | null,
): Promise<PlatformAnswer> {
  const now = Math.floor(tokenNow() / 1000)
  const voucher = randomUUID()
  const [isDigest, isBound] = [digest !== undefined, bound !== null]
  const at = new Date(tokenNow()).toISOString()
  journal.append({ at, purposeId: purpose.purposeId, jti, voucher, digest: isDigest, bound: isBound })
  const claims = {
    ...{ iss: 'sandbox.interop.example', sub: keys.clientId, client_id: keys.clientId, aud: purpose.audience },
    ...{ jti: voucher, iat: now, nbf: now, exp: now + VOUCHER_S, purposeId: purpose.purposeId },
    ...(isDigest && { digest }),
    ...(isBound && { cnf: { jkt: bound } }),
  }
  const { alg, kid, key } = keys.server
  const access_token = await new SignJWT(claims).setProtectedHeader({ typ: 'at+jwt', alg, kid }).sign(key)
  return json(200, { access_token, token_type: isBound ? 'DPoP' : 'Bearer', expires_in: VOUCHER_S })
}
