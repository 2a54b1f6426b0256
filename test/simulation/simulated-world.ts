/**
 * An engine in a world that goes wrong: it is killed wherever it waits, started again, shut out by another while it still believes to be
 * the owner, on a store with faults. Everything waits by virtual time.
 */
import assert from 'node:assert/strict'
import type { compileBpmn } from '../../engine/model/compile-resource.ts'
import { type Gateway, GatewayError } from '../../engine/protocol/gateway.ts'
import { MemoryStore } from '../../engine/store/memory.ts'
import { type Faults, FaultyStore } from './faulty-store.ts'
import { Fold, rowsOf } from './fold.ts'
import { Life, type Running } from './life.ts'
import type { Chance } from './random.ts'
import type { VirtualTime } from './virtual-time.ts'

export const STARTED_AT = Date.UTC(2026, 0, 1)
/** A client that was told to come back comes back. */
const RETRY_MS = 20
/** So long an engine that was shut out lives on. */
const AFTERLIFE_MAX_MS = 200

export interface WorldOptions {
  readonly time: VirtualTime
  readonly chance: Chance
  readonly faults: Faults
  readonly compile: typeof compileBpmn
  /** Called for each thing that goes wrong. */
  readonly happened: (what: string) => void
  /**
   * A client that is alone sees in the log whether a command that got no answer was carried out, and gives it again only if not: for it
   * nothing has gone wrong. Others are told UNAVAILABLE.
   */
  readonly isAlone: boolean
}

/** A call of a client that has not been answered. */
interface Asked {
  readonly name: keyof Gateway
  readonly args: readonly unknown[]
  /** So long was the log when it was made. */
  after: number
}

export class SimulatedWorld {
  readonly store = new MemoryStore()
  /** What clients see. */
  readonly fold = new Fold(this.store)
  readonly client: Gateway
  readonly #options: WorldOptions
  readonly #lives = new Set<Life>()
  #owner: Life
  readonly #asked = new Set<Asked>()
  #now = STARTED_AT

  constructor(options: WorldOptions) {
    this.#options = options
    this.client = new Proxy({} as Gateway, {
      get:
        (_, name: keyof Gateway) =>
        (...args: readonly unknown[]) =>
          this.#ask({ name, args, after: 0 }),
    })
    this.#owner = this.#started()
  }

  get now(): number {
    return this.#now
  }
  /** Moves the clock of all engines. */
  advance(ms: number): void {
    this.#now += ms
    for (const { running } of this.#lives) running?.engine.clock.pin(this.#now)
  }

  /** Ends the engine, and starts the next. */
  crash(): void {
    this.#options.happened('crash')
    this.#ended(this.#owner)
  }
  /** Starts another engine while the one before lives on for a while, not knowing. */
  async takeOver(): Promise<void> {
    this.#options.happened('take-over')
    const old = this.#owner
    this.#owner = this.#started()
    await this.#options.time.pause(this.#options.chance.below(AFTERLIFE_MAX_MS))
    this.#ended(old)
  }
  #ended(life: Life): void {
    life.die()
    this.#lives.delete(life)
    if (this.#owner === life) this.#owner = this.#started()
  }
  #started(): Life {
    const { time, chance, faults, compile, happened } = this.#options
    const life = new Life(time.lifetime())
    this.#lives.add(life)
    const store = new FaultyStore({ inner: this.store.session(), pace: life.pace, chance, faults, happened })
    void this.#lookAfter(life, life.start({ store, compile }))
    return life
  }
  async #lookAfter(life: Life, starts: Promise<Running>): Promise<void> {
    const { engine } = await starts
    engine.clock.pin(this.#now)
    await engine.failed
    this.#ended(life)
  }
  /** The engine that now works, once it does. */
  async #working(): Promise<Running & Pick<Life, 'died'>> {
    for (;;) {
      const { running, died } = this.#owner
      if (running !== null) return { ...running, died }
      await this.#options.time.pause(1)
    }
  }

  /** Resolves when every command has been carried out or refused and the engine waits for somebody. */
  async idle(): Promise<void> {
    for (;;) {
      const { engine, died } = await this.#working()
      const isIdle = await Promise.race([engine.idle().then(truly, falsely), died.then(falsely)])
      await this.fold.catchUp()
      if (isIdle && (!this.#options.isAlone || [...this.#asked].every((asked) => this.#isRecorded(asked)))) return
      await this.#options.time.pause(1)
    }
  }
  /** E1. */
  async check(): Promise<void> {
    await this.fold.catchUp()
    assert.deepEqual(rowsOf(this.store), rowsOf(this.fold), 'the log says what the rows say')
  }

  async #ask(asked: Asked): Promise<unknown> {
    this.#asked.add(asked)
    try {
      for (;;) {
        const { gateway, died } = await this.#working()
        await this.fold.catchUp()
        asked.after = this.fold.entries.length
        const call = gateway[asked.name] as (...args: readonly unknown[]) => Promise<unknown>
        const answer = await Promise.race([call(...asked.args).then(answered, notCarriedOut), died])
        await this.fold.catchUp()
        if (answer !== null && answer !== 'died') {
          const isRecorded = this.#isRecorded(asked) || (asked.name === 'activateJobs' && isEmpty(answer.is))
          assert.ok(isRecorded, `E5: the answer of ${asked.name} has come before its commit`)
          return answer.is
        }
        if (!this.#options.isAlone) throw new GatewayError('UNAVAILABLE', 'The engine has gone')
        if (this.#isRecorded(asked)) return undefined
        await this.#options.time.pause(RETRY_MS)
      }
    } finally {
      this.#asked.delete(asked)
    }
  }
  #isRecorded({ name, after }: Asked): boolean {
    const isActivation = name === 'activateJobs'
    return this.fold.entries
      .slice(after)
      .some(({ record }) => (isActivation ? record.valueType === 'JOB_BATCH' : record.recordType === 'COMMAND'))
  }
}

const answered = (is: unknown) => ({ is })
const isEmpty = (answer: unknown) => Array.isArray(answer) && answer.length === 0
/** Null when it is certain that nothing of the command remains. Throws what else the engine answers. */
function notCarriedOut(error: unknown): null {
  const isOfStore = error instanceof GatewayError && error.message.includes('the database does not take it')
  if (isOfStore || (error instanceof GatewayError && error.status === 'UNAVAILABLE')) return null
  throw error
}
const truly = () => true
const falsely = () => false
