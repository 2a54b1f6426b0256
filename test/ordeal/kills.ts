/**
 * The kills of an ordeal: at moments of a platform's calls, and at random ones, of the program or of its database. Owns how many there
 * are, when they strike and the account of them. Does not own how a program dies and comes back (iter-process.ts).
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { IterProcess } from './iter-process.ts'

export type KillCounts = Readonly<Record<'sandbox' | 'timed' | 'database', number>>

/** Every so many-th call of a sandbox may be the last thing the program sees of it. */
const SANDBOX_CHANCE = 0.03
/** Where money and signatures are made: there what is between the effect and our note of it is worth more kills. */
const CRITICAL_CHANCE = 0.12
const CRITICAL = /^(?:pagopa\.(?:crea|annulla)|firma\.)/
const KILL_EVERY_MS = [400, 3_000] as const
/** One in so many timed kills hits the database. */
const DATABASE_CHANCE = 0.15
/** And one in so many the program before it serves: what it was about to repair is repaired by the next. */
const START_CHANCE = 0.15

export interface KillsOptions {
  readonly chance: () => number
  readonly signal: AbortSignal
  readonly log: (line: string) => void
}

export class Kills {
  readonly #counts = { sandbox: 0, timed: 0, database: 0 }
  readonly #struck: string[] = []
  readonly #options: KillsOptions
  readonly #began = performance.now()
  #allowed = 0

  constructor(options: KillsOptions) {
    this.#options = options
  }
  get counts(): KillCounts {
    return { ...this.#counts }
  }
  /** What was killed when, in seconds from the beginning; oldest first. */
  get struck(): readonly string[] {
    return this.#struck
  }
  get left(): number {
    const { sandbox, timed, database } = this.#counts
    return this.#allowed - sandbox - timed - database
  }
  /** In all, from now on. */
  allow(count: number): void {
    this.#allowed = count
  }

  /** By chance, in the middle of a call. */
  perhaps(iter: IterProcess | null, moment: string): void {
    const likely = CRITICAL.test(moment) ? CRITICAL_CHANCE : SANDBOX_CHANCE
    // Workers are at work before the program says that it serves.
    const isStruck = this.left > 0 && this.#options.chance() < likely && iter?.kill({ atStart: true })
    if (isStruck) this.#count('sandbox', moment)
  }
  /** Until none is left. The database dies at any moment, while the program starts too; the program itself mostly once it serves. */
  async atRandom(iter: IterProcess): Promise<void> {
    const { chance, signal } = this.#options
    while (this.left > 0 && !signal.aborted) {
      const [least, most] = KILL_EVERY_MS
      await pause(least + chance() * (most - least), undefined, { signal })
      if (chance() < DATABASE_CHANCE) {
        if (this.left > 0 && iter.killDatabase()) this.#count('database', iter.isServing ? 'in service' : 'at a start')
        continue
      }
      if (!iter.isServing && chance() < START_CHANCE) {
        if (this.left > 0 && iter.kill({ atStart: true })) this.#count('timed', 'at a start')
        continue
      }
      await iter.serving
      if (this.left > 0 && iter.kill()) this.#count('timed', 'in service')
    }
  }
  #count(kind: keyof KillCounts, moment: string): void {
    this.#counts[kind]++
    const seconds = ((performance.now() - this.#began) / 1000).toFixed(0)
    this.#struck.push(`${seconds} s: ${kind === 'database' ? 'database' : 'Iter'}, ${moment}`)
    if (this.#struck.length % 10 === 0) this.#options.log(`${seconds} s: ${JSON.stringify(this.#counts)}`)
  }
}
