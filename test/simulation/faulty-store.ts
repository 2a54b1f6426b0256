/**
 * A store as a program meets it over a network: it answers late, loads in another order than they were asked for, errors, and
 * connections that break when nobody knows what has been written. What it forwards to keeps the promises of store.ts, and so does this.
 */
import type { Want } from '../../engine/core/state/miss.ts'
import type { Loaded } from '../../engine/core/state/state.ts'
import type { BatchOperationItem } from '../../engine/protocol/batch-operations.ts'
import type { Query } from '../../engine/protocol/query.ts'
import type { Instant, Key } from '../../engine/protocol/records.ts'
import type { Pace } from '../../engine/runtime/pace.ts'
import {
  type BatchWrite,
  type Due,
  type Entry,
  type Opened,
  type Selection,
  type Store,
  StoreError,
} from '../../engine/store/store.ts'
import type { Chance } from './random.ts'

/** How often, of all times. Each names what the engine is told, or not told. */
export interface Faults {
  readonly slow: number
  /** `open`, `load` and `dueUntil`. */
  readonly readFails: number
  /** The store was away; nothing was written. */
  readonly writeFails: number
  /** The database would answer the same to the same batch for ever: it is refused until it comes in another shape. */
  readonly writeRefused: number
  /** The connection broke while the batch was on its way, and was back in time to read what stands: half of them were written. */
  readonly outcomeFound: number
  /** It was not back in time: the engine may not go on. Half of them were written. */
  readonly outcomeLost: number
}
export const NO_FAULTS: Faults = {
  slow: 0,
  readFails: 0,
  writeFails: 0,
  writeRefused: 0,
  outcomeFound: 0,
  outcomeLost: 0,
}

/** Milliseconds. */
const USUAL_MAX = 4
const SLOW_MAX = 400
const OUTAGE_MAX = 3_000

export interface FaultyStoreParts {
  readonly inner: Store
  readonly pace: Pace
  readonly chance: Chance
  readonly faults: Faults
  readonly happened: (what: string) => void
}

export class FaultyStore implements Store {
  readonly #parts: FaultyStoreParts
  /** O2: a batch is sent once the one before it has been answered. */
  #before: Promise<void> = Promise.resolve()

  constructor(parts: FaultyStoreParts) {
    this.#parts = parts
  }
  get query(): Query {
    return this.#parts.inner.query
  }

  open(): Promise<Opened> {
    return this.#read('open', () => this.#parts.inner.open())
  }
  load(wants: readonly Want[]): Promise<Loaded> {
    return this.#read('load', () => this.#parts.inner.load(wants))
  }
  dueUntil(horizon: Instant, limit: number): Promise<readonly Due[]> {
    return this.#read('due', () => this.#parts.inner.dueUntil(horizon, limit))
  }
  select(selection: Selection): Promise<readonly BatchOperationItem[]> {
    return this.#read('select', () => this.#parts.inner.select(selection))
  }
  /** What is read is true at some moment between question and answer. */
  async #read<T>(what: string, read: () => Promise<T>): Promise<T> {
    await this.#way()
    if (this.#happens('readFails')) throw this.#away(`${what} failed`)
    const answer = await read()
    await this.#way()
    return answer
  }

  append(batch: BatchWrite): Promise<void> {
    const written = this.#before.then(() => this.#write(batch))
    this.#before = written.catch(() => {}) // its caller hears of it
    return written
  }
  async #write(batch: BatchWrite): Promise<void> {
    const { inner, chance } = this.#parts
    await this.#way()
    if (this.#happens('writeFails')) throw this.#away('write failed')
    if (this.#happens('writeRefused')) {
      this.#parts.happened('write refused')
      throw new StoreError('refused', 'The database refuses its data')
    }
    const isFound = this.#happens('outcomeFound')
    const isLost = !isFound && this.#happens('outcomeLost')
    const isWritten = !(isFound || isLost) || chance.happens(0.5)
    if (isWritten) await inner.append(batch)
    if (isLost) {
      this.#parts.happened(isWritten ? 'outcome lost, written' : 'outcome lost, not written')
      throw new StoreError('unknown-outcome-lost', 'Whether the last batch was written cannot be learned')
    }
    await this.#way()
    if (!isFound) return
    await this.#wait(chance.below(OUTAGE_MAX))
    this.#parts.happened(isWritten ? 'outcome found, written' : 'outcome found, not written')
    if (!isWritten) throw new StoreError('unavailable', 'The connection broke before the batch was written')
  }

  read(after: number, limit: number): Promise<readonly Entry[]> {
    return this.#parts.inner.read(after, limit)
  }
  readInstance(processInstanceKey: Key): Promise<readonly Entry[]> {
    return this.#parts.inner.readInstance(processInstanceKey)
  }
  async close(): Promise<void> {
    await this.#before
    await this.#parts.inner.close()
  }

  #happens(fault: keyof Faults): boolean {
    const often = this.#parts.faults[fault]
    return often > 0 && this.#parts.chance.happens(often)
  }
  #away(what: string): StoreError {
    this.#parts.happened(what)
    return new StoreError('unavailable', `The store is away: ${what}`)
  }
  /** There or back. */
  #way(): Promise<void> {
    if (this.#parts.faults === NO_FAULTS) return Promise.resolve()
    const most = this.#happens('slow') ? SLOW_MAX : USUAL_MAX
    return this.#wait(this.#parts.chance.below(most))
  }
  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.#parts.pace.after(ms, resolve))
  }
}
