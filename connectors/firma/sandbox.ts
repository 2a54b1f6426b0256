/**
 * A remote signing service as the Cloud Signature Consortium describes it (v1), with its own authority: codes that live five minutes
 * and once, three wrong ones that lock, credentials that are disabled or expired, an activation (SAD) that is good for the hashes it
 * was given for, once. The page at its address shows the codes, as a telephone would.
 */
import { randomInt, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import type { Journal } from '../journal.ts'
import {
  journalOf,
  json,
  type Platform,
  type PlatformAnswer,
  parseJson,
  type Sandbox,
  type SandboxOptions,
  startPlatform,
} from '../sandbox.ts'
import { escapeXml } from '../xml.ts'
import { OID, SIGNATURE_OID } from './cms.ts'
import { HOLDERS, type Holder, type KeyStore, lifeOf, openKeys } from './holders.ts'
import type { SigningSettings } from './types.ts'

const TOKEN = 'sandbox'
const PIN = '1234'
const OTP_LIFE_MS = 5 * 60_000
const WRONG_MAX = 3
const LOCK_MS = 30 * 60_000
const SAD_LIFE_MS = 5 * 60_000
/** One line of the journal. A signature over the same hash is the same one, and has one line. */
export type SigningEntry = { readonly at: string; readonly credentialID: string } & (
  | { readonly kind: 'otp'; readonly code: string }
  | { readonly kind: 'released' | 'wrong' }
  | { readonly kind: 'signed'; readonly hash: string; readonly signature: string }
)

export interface RunningSigningService extends Sandbox {
  readonly settings: SigningSettings
}

export async function start(options: SandboxOptions): Promise<RunningSigningService> {
  const keys = await openKeys(join(options.directory, 'firma.keys.json'))
  const journal = journalOf<SigningEntry>(options, 'firma')
  const sandbox = await startPlatform(options, service({ keys, journal, now: options.now, sads: new Map() }))
  return { ...sandbox, settings: { url: sandbox.url, token: TOKEN, pins: { ente: PIN }, autorita: [keys.root] } }
}

interface Service {
  readonly keys: KeyStore
  readonly journal: Journal<SigningEntry>
  readonly now: () => number
  /** What each activation is good for. */
  readonly sads: Map<string, Activation>
}
interface Activation {
  readonly credentialID: string
  readonly hashes: readonly string[]
  /** Epoch milliseconds. */
  readonly until: number
}

const PATH = '/csc/v1/'

function service(it: Service): Platform {
  return {
    name: 'firma',
    entries: it.journal.entries,
    operationOf: ({ url }) => (url.pathname.startsWith(PATH) ? url.pathname.slice(PATH.length) : url.pathname),
    async answer(operation, { method, headers, body }) {
      if (method === 'GET' && operation === '/') return page(it)
      if (headers.authorization !== `Bearer ${TOKEN}`) return json(401, { error: 'invalid_token' })
      const act = Object.hasOwn(OPERATIONS, operation) ? OPERATIONS[operation] : undefined
      return act ? act(it, parseJson(body)) : json(404, { error: 'invalid_request' })
    },
  }
}

type Operation = (it: Service, body: unknown) => PlatformAnswer | Promise<PlatformAnswer>

const OPERATIONS: Readonly<Record<string, Operation>> = {
  'credentials/list': (_, body) => {
    const asked = z.object({ userID: z.string() }).safeParse(body)
    if (!asked.success) return invalid('Missing userID')
    return json(200, { credentialIDs: HOLDERS.filter(({ userId }) => userId === asked.data.userID).map(idOf) })
  },
  'credentials/info': (it, body) => withHolder(body, (holder) => info(it, holder)),
  'credentials/sendOTP': (it, body) =>
    withHolder(body, (holder) => {
      const stop = trouble(it, holder)
      if (stop) return stop
      note(it, holder, { kind: 'otp', code: String(randomInt(1_000_000)).padStart(6, '0') })
      return { status: 204, type: 'application/json', body: '' }
    }),
  'credentials/authorize': (it, body) => withHolder(body, (holder) => authorize(it, holder, body)),
  'signatures/signHash': (it, body) => withHolder(body, (holder) => signHash(it, holder, body)),
}

const idOf = ({ userId }: Holder): string => `cred.${userId}`
const invalid = (error_description: string, error = 'invalid_request'): PlatformAnswer =>
  json(400, { error, error_description })

function withHolder(body: unknown, act: (holder: Holder) => PlatformAnswer | Promise<PlatformAnswer>) {
  const asked = z.object({ credentialID: z.string() }).safeParse(body)
  const holder = asked.success ? HOLDERS.find((one) => idOf(one) === asked.data.credentialID) : undefined
  return holder ? act(holder) : invalid('Invalid parameter credentialID')
}

function note(
  { journal, now }: Service,
  holder: Holder,
  what: { readonly kind: 'otp'; readonly code: string } | { readonly kind: 'released' | 'wrong' },
): void {
  journal.append({ at: new Date(now()).toISOString(), credentialID: idOf(holder), ...what })
}

const entriesOf = ({ journal }: Service, holder: Holder): readonly SigningEntry[] =>
  journal.entries.filter(({ credentialID }) => credentialID === idOf(holder))

/** Three wrong codes in a row lock for half an hour. */
function isLocked(it: Service, holder: Holder): boolean {
  const last = entriesOf(it, holder)
    .filter(({ kind }) => kind === 'wrong' || kind === 'released')
    .slice(-WRONG_MAX)
  const wrong = last.filter(({ kind }) => kind === 'wrong')
  return wrong.length === WRONG_MAX && it.now() - Date.parse(wrong.at(-1)!.at) < LOCK_MS
}

const isExpired = ({ now }: Service, holder: Holder): boolean => now() > Date.parse(lifeOf(holder).to)

function trouble(it: Service, holder: Holder): PlatformAnswer | null {
  if (holder.state === 'disabled') return invalid('The credential is disabled')
  if (isExpired(it, holder)) return invalid('The certificate is expired')
  return isLocked(it, holder) ? invalid('The OTP is locked') : null
}

async function info(it: Service, holder: Holder): Promise<PlatformAnswer> {
  const isOtp = holder.release === 'otp'
  const isOpen = holder.state !== 'disabled' && !isLocked(it, holder)
  return json(200, {
    key: { status: isOpen ? 'enabled' : 'disabled', algo: [SIGNATURE_OID.RSA], len: 2048 },
    cert: { status: isExpired(it, holder) ? 'expired' : 'valid', certificates: await it.keys.chainOf(holder) },
    authMode: 'explicit',
    SCAL: '2',
    PIN: { presence: isOtp ? 'false' : 'true', format: 'A', label: 'PIN' },
    OTP: { presence: isOtp ? 'true' : 'false', type: 'online', format: 'N', label: 'OTP' },
    multisign: holder.atOnce > 1,
    lang: 'it-IT',
  })
}

const authorizeSchema = z.object({
  numSignatures: z.int().min(1),
  hash: z.array(z.base64()),
  PIN: z.string().optional(),
  OTP: z.string().optional(),
})

function authorize(it: Service, holder: Holder, body: unknown): PlatformAnswer {
  const asked = authorizeSchema.safeParse(body)
  if (!asked.success) return invalid('Missing or invalid parameter')
  const { numSignatures, hash, PIN: pin, OTP: otp } = asked.data
  // Sole control of level 2: what is authorised is these hashes, not a number of any.
  if (hash.length !== numSignatures) return invalid('Invalid parameter hash')
  if (numSignatures > holder.atOnce) return invalid('Invalid parameter numSignatures')
  const stop = trouble(it, holder)
  if (stop) return stop
  if (holder.release === 'pin' && pin !== PIN) return invalid('The PIN is invalid', 'invalid_pin')
  if (holder.release === 'otp') {
    if (!isCode(it, holder, otp)) {
      note(it, holder, { kind: 'wrong' })
      return invalid('The OTP is invalid', 'invalid_otp')
    }
    note(it, holder, { kind: 'released' })
  }
  const SAD = randomUUID()
  it.sads.set(SAD, { credentialID: idOf(holder), hashes: hash, until: it.now() + SAD_LIFE_MS })
  return json(200, { SAD, expiresIn: SAD_LIFE_MS / 1000 })
}

/** The last code sent, if it was not used since and is not too old. */
function isCode(it: Service, holder: Holder, otp: string | undefined): boolean {
  const last = entriesOf(it, holder).findLast(({ kind }) => kind === 'otp' || kind === 'released')
  return last?.kind === 'otp' && last.code === otp && it.now() - Date.parse(last.at) <= OTP_LIFE_MS
}

const signSchema = z.object({
  SAD: z.string(),
  hash: z.array(z.base64()).min(1),
  hashAlgo: z.literal(OID.sha256).optional(),
  signAlgo: z.literal(SIGNATURE_OID.RSA),
})

async function signHash(it: Service, holder: Holder, body: unknown): Promise<PlatformAnswer> {
  const asked = signSchema.safeParse(body)
  if (!asked.success) return invalid('Missing or invalid parameter')
  const { SAD, hash: hashes } = asked.data
  const activation = it.sads.get(SAD)
  it.sads.delete(SAD)
  if (activation?.credentialID !== idOf(holder)) return invalid('Invalid parameter SAD')
  if (it.now() > activation.until) return invalid('The SAD is expired')
  if (!hashes.every((hash) => activation.hashes.includes(hash))) return invalid('Hash is not authorized by the SAD')
  if (!hashes.every((hash) => Buffer.from(hash, 'base64').byteLength === HASH_BYTES))
    return invalid('Invalid parameter hash')
  const signatures: string[] = []
  for (const hash of hashes) signatures.push(await signatureOver(it, holder, hash))
  return json(200, { signatures })
}

const HASH_BYTES = 32

async function signatureOver(it: Service, holder: Holder, hash: string): Promise<string> {
  const signature = Buffer.from(await it.keys.sign(holder, Buffer.from(hash, 'base64'))).toString('base64')
  // Looked for after the signing: of two that ask at once the second finds the first.
  const known = entriesOf(it, holder).find((entry) => entry.kind === 'signed' && entry.hash === hash)
  if (known?.kind === 'signed') return known.signature
  const at = new Date(it.now()).toISOString()
  it.journal.append({ at, credentialID: idOf(holder), kind: 'signed', hash, signature })
  return signature
}

function page(it: Service): PlatformAnswer {
  const codes = it.journal.entries.flatMap((entry) => (entry.kind === 'otp' ? [entry] : []))
  const rows = codes.map(
    ({ at, credentialID, code }) =>
      `<tr><td>${escapeXml(at)}</td><td>${escapeXml(credentialID)}</td><td><code>${escapeXml(code)}</code></td></tr>`,
  )
  const head =
    '<thead><tr><th scope="col">Inviato</th><th scope="col">Credenziale</th><th scope="col">Codice</th></tr></thead>'
  const table = `<table><caption>Codici inviati</caption>${head}<tbody>${rows.reverse().join('')}</tbody></table>`
  const title = 'Firma remota di prova'
  const body = `<!doctype html><html lang="it"><head><meta charset="utf-8"><title>${title}</title></head><body><h1>${title}</h1>${table}</body></html>`
  return { status: 200, type: 'text/html', body }
}
