/**
 * What signers know of their codes, from the telephone that the sandbox's journal is: the last that came, whether it is worth anything
 * still, whether the service has locked them out. Owns the account of the codes that people wrote, by which a machine's retry is found.
 */
import type { SigningEntry } from '../../connectors/firma/sandbox.ts'
import { signingIn } from './journals.ts'

/** As the service has it. */
const WRONG_MAX = 3
const LOCK_MS = 31 * 60_000
/** So long a code may be on its way: a quarter of a real minute. Whatever has not arrived then was lost with a program that was killed. */
const ON_ITS_WAY_MS = 5 * 60_000

export class Codes {
  readonly #directory: string
  readonly #now: () => number
  readonly #written = new Map<string, string[]>()
  /** When each signer wrote the last one (epoch milliseconds, the town's). */
  readonly #lastWritten = new Map<string, number>()

  /** `now`: epoch milliseconds, the town's. */
  constructor(directory: string, now: () => number) {
    this.#directory = directory
    this.#now = now
  }
  #of(signer: string): readonly SigningEntry[] {
    return signingIn(this.#directory).filter(({ credentialID }) => credentialID === `cred.${signer}`)
  }

  /** The last code sent; null when none was. */
  last(signer: string): string | null {
    const last = this.#of(signer).findLast(({ kind }) => kind === 'otp')
    return last?.kind === 'otp' ? last.code : null
  }
  /** The last code, unless it was used or written already. */
  fresh(signer: string): string | null {
    const last = this.#of(signer).findLast(({ kind }) => kind === 'otp' || kind === 'released')
    return last?.kind === 'otp' && !this.#written.get(signer)?.includes(last.code) ? last.code : null
  }
  /** Three wrong ones in a row, not long ago. */
  isLocked(signer: string): boolean {
    const last = this.#tried(signer).slice(-WRONG_MAX)
    const isWrong = last.length === WRONG_MAX && last.every(({ kind }) => kind === 'wrong')
    return isWrong && this.#now() - Date.parse(last.at(-1)!.at) < LOCK_MS
  }
  /** Whoever was wrong the last time takes care. */
  mayMistype(signer: string): boolean {
    return this.#tried(signer).at(-1)?.kind !== 'wrong'
  }
  /**
   * Written, and neither accepted nor refused yet. Whoever has several acts before them begins no other meanwhile and asks for no other code,
   * which would make this one worthless: two acts in step could make each other's wrong for ever.
   */
  isOnItsWay(signer: string): boolean {
    const writtenAt = this.#lastWritten.get(signer)
    if (writtenAt === undefined || this.#now() - writtenAt > ON_ITS_WAY_MS) return false
    const last = this.#tried(signer).at(-1)
    return last === undefined || Date.parse(last.at) < writtenAt
  }
  #tried(signer: string): readonly SigningEntry[] {
    return this.#of(signer).filter(({ kind }) => kind === 'wrong' || kind === 'released')
  }

  /** Before it is known whether it arrived. */
  note(signer: string, otp: string): void {
    this.#written.set(signer, [...(this.#written.get(signer) ?? []), otp])
    this.#lastWritten.set(signer, this.#now())
  }
  /** How many codes each signer wrote. */
  get written(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#written].map(([signer, codes]) => [signer, codes.length]))
  }
}

/** A code that is not this one. */
export const mistyped = (otp: string): string => String((Number(otp) + 1) % 1_000_000).padStart(6, '0')
