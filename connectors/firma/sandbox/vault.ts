/**
 * What a remote signing service keeps, whatever it speaks: codes that live five minutes and once, three wrong ones that lock for half an
 * hour, credentials that are disabled or expired, activations (SAD) that are good for the hashes they were given for, once.
 *
 * Owns the journal and what may be done. Does not own the keys (holders.ts) nor how it is said (csc-v1.ts, csc-v2.ts).
 */
import { randomInt, randomUUID } from 'node:crypto'
import type { Journal } from '../../journal.ts'
import { HOLDERS, type Holder, type KeyStore, lifeOf } from './holders.ts'

/** Of the seal, which no person releases. */
export const PIN = '1234'
const OTP_LIFE_MS = 5 * 60_000
const WRONG_MAX = 3
const LOCK_MS = 30 * 60_000
export const SAD_LIFE_MS = 5 * 60_000
const HASH_BYTES = 32

/** One line of the journal. A signature over the same hash is the same one, and has one line. */
export type SigningEntry = { readonly at: string; readonly credentialID: string } & (
  | { readonly kind: 'otp'; readonly code: string }
  | { readonly kind: 'released' | 'wrong' }
  | { readonly kind: 'signed'; readonly hash: string; readonly signature: string }
)
/** Why it is not done. */
export type Trouble =
  | 'disabled'
  | 'expired'
  | 'locked'
  | 'wrong PIN'
  | 'wrong code'
  | 'too many'
  | 'other number of hashes'
  | 'no such activation'
  | 'activation expired'
  | 'hash not authorised'
  | 'no SHA-256'
export type Result<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  | { readonly kind: 'trouble'; readonly trouble: Trouble }
const done = <Value>(value: Value): Result<Value> => ({ kind: 'done', value })
const no = (trouble: Trouble): Result<never> => ({ kind: 'trouble', trouble })

export interface Release {
  /** Base64. */
  readonly hashes: readonly string[]
  readonly numSignatures: number
  readonly pin?: string
  readonly otp?: string
}
export interface Vault {
  readonly keys: KeyStore
  readonly journal: Journal<SigningEntry>
  holderOf(credentialID: unknown): Holder | undefined
  isEnabled(holder: Holder): boolean
  isExpired(holder: Holder): boolean
  sendCode(holder: Holder): Result<null>
  /** Resolves with the SAD. */
  authorise(holder: Holder, release: Release): Result<string>
  /** Good for any hashes until it is closed, or for as long as an activation. Resolves with its id. */
  openSession(holder: Holder, release: Pick<Release, 'pin' | 'otp'>): Result<string>
  closeSession(id: string): void
  /** Base64, in the order of the hashes. */
  sign(holder: Holder, sad: string, hashes: readonly string[]): Promise<Result<readonly string[]>>
}

export const credentialIdOf = ({ userId }: Holder): string => `cred.${userId}`

interface Activation {
  readonly credentialID: string
  /** Null in a session: any. */
  readonly hashes: readonly string[] | null
  /** Epoch milliseconds. */
  readonly until: number
}

export function openVault(keys: KeyStore, journal: Journal<SigningEntry>, now: () => number): Vault {
  const activations = new Map<string, Activation>()
  const { troubleWith, isReleased, ...credentials } = credentialsIn(journal, now)
  const signatureOver = async (holder: Holder, hash: string): Promise<string> => {
    const signature = Buffer.from(await keys.sign(holder, Buffer.from(hash, 'base64'))).toString('base64')
    // Looked for after the signing: of two that ask at once the second finds the first.
    const known = entriesOf(journal, holder).find((entry) => entry.kind === 'signed' && entry.hash === hash)
    if (known?.kind === 'signed') return known.signature
    const at = new Date(now()).toISOString()
    journal.append({ at, credentialID: credentialIdOf(holder), kind: 'signed', hash, signature })
    return signature
  }
  const activated = (holder: Holder, hashes: Activation['hashes']): Result<string> => {
    const sad = randomUUID()
    activations.set(sad, { credentialID: credentialIdOf(holder), hashes, until: now() + SAD_LIFE_MS })
    return done(sad)
  }
  const released = (holder: Holder, release: Pick<Release, 'pin' | 'otp'>): Result<null> => {
    const trouble = troubleWith(holder)
    if (trouble) return no(trouble)
    if (isReleased(holder, release)) return done(null)
    return no(holder.release === 'pin' ? 'wrong PIN' : 'wrong code')
  }
  return {
    ...credentials,
    keys,
    journal,
    holderOf: (credentialID) => HOLDERS.find((holder) => credentialIdOf(holder) === credentialID),
    authorise(holder, release) {
      const { hashes, numSignatures } = release
      // Sole control of level 2: what is authorised is these hashes, not a number of any.
      if (hashes.length !== numSignatures) return no('other number of hashes')
      if (numSignatures > holder.atOnce) return no('too many')
      const result = released(holder, release)
      return result.kind === 'done' ? activated(holder, hashes) : result
    },
    openSession(holder, release) {
      const result = released(holder, release)
      return result.kind === 'done' ? activated(holder, null) : result
    },
    closeSession: (id) => void activations.delete(id),
    async sign(holder, sad, hashes) {
      const activation = activations.get(sad)
      if (activation?.hashes) activations.delete(sad)
      if (activation?.credentialID !== credentialIdOf(holder)) return no('no such activation')
      if (now() > activation.until) return no('activation expired')
      const { hashes: authorised } = activation
      if (authorised && !hashes.every((hash) => authorised.includes(hash))) return no('hash not authorised')
      if (!hashes.every((hash) => Buffer.from(hash, 'base64').byteLength === HASH_BYTES)) return no('no SHA-256')
      const signatures: string[] = []
      for (const hash of hashes) signatures.push(await signatureOver(holder, hash))
      return done(signatures)
    },
  }
}

const entriesOf = ({ entries }: Journal<SigningEntry>, holder: Holder): readonly SigningEntry[] =>
  entries.filter(({ credentialID }) => credentialID === credentialIdOf(holder))

/** Whether a credential is in order, and its codes. */
function credentialsIn(journal: Journal<SigningEntry>, now: () => number) {
  const note = (holder: Holder, what: { kind: 'otp'; code: string } | { kind: 'released' | 'wrong' }) =>
    journal.append({ at: new Date(now()).toISOString(), credentialID: credentialIdOf(holder), ...what })
  /** Three wrong codes in a row. */
  const isLocked = (holder: Holder): boolean => {
    const tried = entriesOf(journal, holder).filter(({ kind }) => kind === 'wrong' || kind === 'released')
    const wrong = tried.slice(-WRONG_MAX).filter(({ kind }) => kind === 'wrong')
    return wrong.length === WRONG_MAX && now() - Date.parse(wrong.at(-1)!.at) < LOCK_MS
  }
  const isExpired = (holder: Holder): boolean => now() > Date.parse(lifeOf(holder).to)
  const troubleWith = (holder: Holder): Trouble | null => {
    if (holder.state === 'disabled') return 'disabled'
    if (isExpired(holder)) return 'expired'
    return isLocked(holder) ? 'locked' : null
  }
  /** The last code sent, if it was not used since and is not too old. */
  const isCode = (holder: Holder, otp: string | undefined): boolean => {
    const last = entriesOf(journal, holder).findLast(({ kind }) => kind === 'otp' || kind === 'released')
    return last?.kind === 'otp' && last.code === otp && now() - Date.parse(last.at) <= OTP_LIFE_MS
  }
  return {
    troubleWith,
    isExpired,
    isEnabled: (holder: Holder): boolean => holder.state !== 'disabled' && !isLocked(holder),
    isReleased(holder: Holder, { pin, otp }: Pick<Release, 'pin' | 'otp'>): boolean {
      if (holder.release === 'pin') return pin === PIN
      const isRight = isCode(holder, otp)
      note(holder, { kind: isRight ? 'released' : 'wrong' })
      return isRight
    },
    sendCode(holder: Holder): Result<null> {
      const trouble = troubleWith(holder)
      if (trouble) return no(trouble)
      note(holder, { kind: 'otp', code: String(randomInt(1_000_000)).padStart(6, '0') })
      return done(null)
    },
  }
}
