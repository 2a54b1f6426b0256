/**
 * What falls due, as commands for the queue. A clock only asks: whether a timer still stands is for the core to say.
 *
 * Owns: a window of the near future, filled from the store and kept current by what commits. Never touches state.
 * Invariant T1: everything that falls due before `horizon` is in the window; beyond it the store knows.
 */
import type { Changes, TableChanges } from '../core/state/journal.ts'
import type { BatchOperationState, ElementInstance, Job, Suspension, Timer } from '../core/state/rows.ts'
import type { Tables } from '../core/state/tables.ts'
import type { Command, Instant, Key } from '../protocol/records.ts'
import type { Due } from '../store/store.ts'
import type { WatchedClock } from './clock.ts'
import type { Pace } from './pace.ts'
import { PriorityQueue } from './priority-queue.ts'

/** How far ahead the window reaches, how much it takes from the store at once, how often it is looked at. */
const WINDOW_MS = 30_000
const REFILL_MAX = 10_000
const TICK_MS = 50

const commandOf: { readonly [K in Due['kind']]: (key: Key) => Command } = {
  timer: (key) => ({ valueType: 'TIMER', intent: 'TRIGGER', key, value: {} }),
  jobDeadline: (key) => ({ valueType: 'JOB', intent: 'TIME_OUT', key, value: {} }),
  jobBackoff: (key) => ({ valueType: 'JOB', intent: 'RECUR_AFTER_BACKOFF', key, value: {} }),
  message: (key) => ({ valueType: 'MESSAGE', intent: 'EXPIRE', key, value: {} }),
  activateBatch: (key) => ({ valueType: 'PROCESS_INSTANCE_BATCH', intent: 'ACTIVATE', key, value: {} }),
  batchOperation: (key) => ({ valueType: 'BATCH_OPERATION_EXECUTION', intent: 'EXECUTE', key, value: {} }),
  release: (key) => ({ valueType: 'SUSPENSION', intent: 'RELEASE', key, value: {} }),
  terminateBatch: (key) => ({ valueType: 'PROCESS_INSTANCE_BATCH', intent: 'TERMINATE', key, value: {} }),
}

const jobDue = ({ key, state, deadline, recurringTime }: Job): Due | null => {
  if (state === 'ACTIVATED') return { kind: 'jobDeadline', key, at: deadline }
  return recurringTime >= 0 ? { kind: 'jobBackoff', key, at: recurringTime } : null
}
/** What a turn left to a later one is due at once. */
const batchDue = ({ key, batch }: ElementInstance): Due | null =>
  batch === '' ? null : { kind: batch === 'ACTIVATE' ? 'activateBatch' : 'terminateBatch', key, at: 0 }

/** Items are left, to be worked on or to be dropped. */
const isAtWork = (state: BatchOperationState) => state === 'ACTIVE' || state === 'CANCELED' || state === 'FAILED'

/** One that is held has no hour. */
const timerDue = ({ key, dueDate }: Timer): Due | null => (dueDate < 0 ? null : { kind: 'timer', key, at: dueDate })
const releaseDue = ({ key, state }: Suspension): Due | null =>
  state === 'RESUMING' ? { kind: 'release', key, at: 0 } : null

const watched = ['timer', 'job', 'message', 'elementInstance', 'batchOperation', 'suspension'] as const
type Watched = (typeof watched)[number]
const dueOf: { readonly [T in Watched]: (row: Tables[T]) => Due | null } = {
  elementInstance: batchDue,
  timer: timerDue,
  suspension: releaseDue,
  job: jobDue,
  message: ({ key, deadline }) => ({ kind: 'message', key, at: deadline }),
  batchOperation: ({ key, state }) => (isAtWork(state) ? { kind: 'batchOperation', key, at: 0 } : null),
}

/** Of two that fall due together the older goes first, as in Zeebe (zeebe-traces: two-boundary-order). */
const isSooner = (one: Due, other: Due): boolean => one.at < other.at || (one.at === other.at && one.key < other.key)

export class Timers {
  readonly #clock: WatchedClock
  readonly #dueUntil: (horizon: Instant, limit: number) => Promise<readonly Due[]>
  readonly #submit: (command: Command, settled: () => void) => void
  readonly #queue = new PriorityQueue<Due>(isSooner)
  /** When each key falls due; an entry of the queue that says otherwise is out of date. */
  readonly #dueAt = new Map<Key, Instant>()
  /** Submitted and not yet settled: the store may still say that they are due. */
  readonly #underWay = new Set<Key>()
  readonly #stopTicking: () => void
  #horizon: Instant = Number.NEGATIVE_INFINITY
  #refilling: Promise<void> | null = null

  constructor(
    clock: WatchedClock,
    pace: Pace,
    dueUntil: (horizon: Instant, limit: number) => Promise<readonly Due[]>,
    submit: (command: Command, settled: () => void) => void,
  ) {
    this.#clock = clock
    this.#dueUntil = dueUntil
    this.#submit = submit
    clock.onJump(() => this.#tick())
    this.#stopTicking = pace.every(TICK_MS, () => this.#tick())
  }

  /** Takes up what a committed batch made due or undid. */
  observe(changes: Changes): void {
    for (const table of watched) this.#observeTable(table, changes[table])
    // What a turn left to a later one does not wait for the clock.
    if (this.#queue.peek()?.at === 0) this.#fireWindow()
  }
  #observeTable<T extends Watched>(table: T, changes: TableChanges<Tables[T]> | undefined): void {
    if (changes === undefined) return
    const of = dueOf[table] as (row: Tables[T]) => Due | null
    for (const row of [...changes.inserted, ...changes.updated]) this.#expect(row.key, of(row))
    for (const key of changes.deleted) this.#dueAt.delete(key)
  }
  #expect(key: Key, due: Due | null): void {
    if (due === null || due.at > this.#horizon) {
      this.#dueAt.delete(key)
      return
    }
    if (this.#dueAt.get(key) === due.at || (due.at === 0 && this.#underWay.has(key))) return
    this.#dueAt.set(key, due.at)
    this.#queue.add(due)
  }

  /** More may be due than is known: the store is to be asked again once what is under way has been settled. */
  get isBehind(): boolean {
    return this.#refilling !== null || this.#horizon <= this.#clock.now()
  }
  /** Submits what is known to be due, and resolves with how much that was. */
  async fire(): Promise<number> {
    const fired = this.#fireWindow()
    if (!this.isBehind) return fired
    await this.#refill()
    return fired + this.#fireWindow()
  }

  #tick(): void {
    this.#fireWindow()
    const isShort = this.#horizon - this.#clock.now() < WINDOW_MS / 2
    if (isShort && this.#underWay.size < REFILL_MAX / 2) this.#refill().catch(() => {})
  }

  #fireWindow(): number {
    const now = this.#clock.now()
    let fired = 0
    for (let due = this.#queue.peek(); due !== undefined && due.at <= now; due = this.#queue.peek()) {
      this.#queue.take()
      if (this.#dueAt.get(due.key) !== due.at) continue
      this.#dueAt.delete(due.key)
      this.#underWay.add(due.key)
      this.#submit(commandOf[due.kind](due.key), () => this.#underWay.delete(due.key))
      fired++
    }
    return fired
  }

  /** Moves the horizon. What commits meanwhile is seen by `observe`, since the horizon is moved first. */
  #refill(): Promise<void> {
    this.#refilling ??= this.#load().finally(() => {
      this.#refilling = null
    })
    return this.#refilling
  }
  async #load(): Promise<void> {
    const before = this.#horizon
    const wanted = this.#clock.now() + WINDOW_MS
    this.#horizon = wanted
    try {
      const due = await this.#dueUntil(wanted, REFILL_MAX)
      for (const one of due) if (!this.#dueAt.has(one.key) && !this.#underWay.has(one.key)) this.#expect(one.key, one)
      // More may fall due at the last instant than one answer holds: they are asked for again from there.
      if (due.length === REFILL_MAX) this.#horizon = due.at(-1)!.at - 1
    } catch (error) {
      this.#horizon = before
      throw error
    }
  }

  close(): void {
    this.#stopTicking()
  }
}
