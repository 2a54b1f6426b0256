/**
 * The imperative shell: queue → turns → one batch → commit → answers. The core and the store meet only here.
 *
 * Owns: order, positions, misses, what happens when a commit fails. Does not own: deciding (core), durability (store), time (timers).
 * Invariants
 * E5 Nothing leaves before the batch it belongs to has committed, in the order of the batches.
 * L1 While a batch commits the next is computed; there are never more than two on their way.
 * L2 A failed commit takes back its batch and every later one, last first; their commands run again.
 * L3 What the store removed is forgotten (`settle`) only while no load is under way, so that an older answer cannot bring it back.
 * L4 A batch that the store will never take runs again command by command; the one that fails alone is refused, the others go on.
 * L5 Commands take effect in the order in which they came, whatever has to be loaded for them.
 */
import type { Settings, Workers } from '../core/processing.ts'
import { Miss, type Want } from '../core/state/miss.ts'
import type { State } from '../core/state/state.ts'
import { step, type Turn } from '../core/step.ts'
import { GatewayError } from '../protocol/gateway.ts'
import type { Instant } from '../protocol/records.ts'
import { type BatchWrite, type Store, StoreError } from '../store/store.ts'
import { type Computed, entriesOf, type Finished, type Pending } from './batch.ts'
import type { CompiledModels } from './models.ts'
import type { Pace } from './pace.ts'

/** Commands that wait; beyond it clients are told to come back. */
const QUEUE_MAX = 10_000
/** Commands, records and characters of one batch; the last of its turns may go beyond. A field of the database ends at 1 GB. */
const BATCH_COMMANDS_MAX = 256
const BATCH_RECORDS_MAX = 20_000
const BATCH_CHARACTERS_MAX = 16_000_000
const DEPTH = 2
/** Rows kept in memory; beyond it memory starts afresh and loads what it needs. */
const RESIDENT_ROWS_MAX = 1_000_000
const RETRY_FIRST_MS = 50
const RETRY_MAX_MS = 1_000
/** So long a client's command waits for a database that is away. */
const PATIENCE_MS = 10_000

export interface LoopParts {
  readonly store: Store
  readonly state: State
  readonly models: CompiledModels
  readonly settings: Settings
  readonly lastPosition: number
  readonly now: () => Instant
  readonly pace: Pace
  readonly claim: Workers['claim']
  readonly giveBack: (claims: readonly number[]) => void
  /** The batch has committed: answers, jobs, timers. */
  readonly committed: (computed: Computed) => void
  /** This engine has written its last batch. */
  readonly failed: (error: StoreError) => void
  readonly log: (message: string) => void
}

/** The batch under way was taken back, because one before it failed. */
class TakenBack extends Error {}

const FATAL: ReadonlySet<StoreError['reason']> = new Set(['fenced', 'unknown-outcome-lost', 'schema-newer'])

/** What commands missed, each once. */
type Wants = ReadonlyMap<string, Want>

interface Flight {
  readonly computed: Computed
  readonly committed: Promise<void>
}

export class Loop {
  readonly #parts: LoopParts
  readonly #queue: Pending[] = []
  /** Commands of a failed batch: they run before anything else. */
  readonly #returned: Pending[] = []
  readonly #inFlight: Flight[] = []
  readonly #committed: Computed[] = []
  readonly #quiet = new Set<() => void>()
  #position: number
  #isLoading = false
  #isComputing = false
  /** Counts failed commits. */
  #failures = 0
  /** Commands that run alone, because one among them broke its batch. */
  #suspects = 0
  #retryMs = 0
  #trouble: { readonly message: string; readonly since: number } | null = null
  /** This engine may no longer write. */
  #fatal: StoreError | null = null
  #isClosed = false
  #wake = () => {}
  readonly running: Promise<void>

  constructor(parts: LoopParts) {
    this.#parts = parts
    this.#position = parts.lastPosition
    this.running = this.#run()
  }

  get trouble(): string | null {
    return this.#trouble?.message ?? null
  }
  get isQuiet(): boolean {
    return this.#waiting === 0 && this.#inFlight.length === 0 && !this.#isComputing
  }
  get #waiting(): number {
    return this.#queue.length + this.#returned.length
  }
  /** Resolves at the next moment when nothing waits and the last batch has committed. */
  quiet(): Promise<void> {
    if (this.isQuiet) return Promise.resolve()
    return new Promise((resolve) => this.#quiet.add(resolve))
  }

  /** Throws RESOURCE_EXHAUSTED when too many wait, UNAVAILABLE when this engine may no longer write. */
  submit(pending: Pending): void {
    if (this.#isClosed || this.#fatal) throw unavailable(this.#fatal?.message ?? 'it is stopping')
    if (pending.isStored && this.#queue.length >= QUEUE_MAX) {
      throw new GatewayError(
        'RESOURCE_EXHAUSTED',
        `Expected fewer than ${QUEUE_MAX} waiting commands, but there are as many. Try again later.`,
      )
    }
    this.#queue.push(pending)
    this.#wake()
  }

  /** Commits what waits, then ends. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#wake()
    await this.running
  }

  async #run(): Promise<void> {
    for (;;) {
      if (this.#fatal) return this.#giveUp(this.#fatal)
      if (this.#waiting > 0 && this.#inFlight.length < DEPTH) {
        if (this.#retryMs > 0) await this.#waitForTheStore()
        await this.#makeRoom()
        await this.#next()
      } else {
        if (this.isQuiet && this.#isClosed) return
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
        // What the sockets bring in the same turn goes along: a commit for one command makes all others wait for the next.
        await this.#parts.pace.turn()
      }
    }
  }

  async #next(): Promise<void> {
    this.#queue.unshift(...this.#returned.splice(0))
    const taken = new Set(this.#queue.splice(0, this.#suspects > 0 ? 1 : BATCH_COMMANDS_MAX))
    if (this.#suspects > 0) this.#suspects--
    this.#isComputing = true
    try {
      await this.#compute(taken)
    } catch (error) {
      this.#broken(taken, error)
    } finally {
      this.#isComputing = false
    }
    this.#noticeQuiet()
  }

  /**
   * A batch that could not be computed: it was taken back, the store is away, or one of its commands is at fault.
   * @param taken those of its commands that have not been answered
   */
  #broken(taken: ReadonlySet<Pending>, error: unknown): void {
    this.#undoUncut()
    if (error instanceof TakenBack || error instanceof StoreError) {
      this.#queue.unshift(...taken)
      if (error instanceof StoreError) this.#note(error)
      return
    }
    this.#parts.log(`A batch of ${taken.size} commands failed: ${error instanceof Error ? error.stack : error}`)
    if (taken.size > 1) {
      this.#queue.unshift(...taken)
      this.#suspects = taken.size
    } else
      for (const { fail } of taken) fail(new GatewayError('INTERNAL', 'Expected to process the command, but it failed'))
  }

  #dispatch(computed: Computed): void {
    const { entries, journal, nextKey } = computed
    const write = { entries, changes: journal.changes, nextKey }
    const before = this.#inFlight.at(-1)?.committed ?? Promise.resolve()
    const committed = entries.length === 0 ? before : this.#append(write)
    this.#position += entries.length
    this.#inFlight.push({ computed, committed })
    committed.then(
      () => this.#landed(computed),
      (error: unknown) => this.#failed(computed, error),
    )
  }

  /** A batch that cannot even be made into bytes is a failed one. */
  async #append(write: BatchWrite): Promise<void> {
    await this.#parts.store.append(write)
  }

  #landed(computed: Computed): void {
    if (this.#inFlight[0]?.computed !== computed) return
    this.#inFlight.shift()
    this.#trouble = null
    this.#retryMs = 0
    this.#committed.push(computed)
    this.#settle()
    this.#parts.committed(computed)
    this.#wake()
    this.#noticeQuiet()
  }
  /** L3. */
  #settle(): void {
    if (this.#isLoading) return
    for (const { journal } of this.#committed.splice(0)) this.#parts.state.settle(journal)
  }

  /** L2. Later batches of the pipeline come here too and find themselves gone. */
  #failed(computed: Computed, error: unknown): void {
    const at = this.#inFlight.findIndex((flight) => flight.computed === computed)
    if (at < 0) return
    const lost = this.#inFlight.splice(at).map((flight) => flight.computed)
    this.#failures++
    this.#undoUncut()
    for (const { journal, claims, entries } of lost.toReversed()) {
      this.#parts.state.restore(journal)
      this.#parts.giveBack(claims)
      this.#position -= entries.length
    }
    const [own = [], ...later] = lost.map(({ finished }) => finished.map(({ pending }) => pending))
    // While an earlier batch is under way the fault may lie in what it left behind.
    const isAtFault = at === 0 && !isTransient(error)
    this.#returned.unshift(...(isAtFault ? this.#isolated(own, error) : own), ...later.flat())
    if (isTransient(error)) this.#note(error)
    this.#wake()
    this.#noticeQuiet()
  }

  /** L4. Answers the commands that run again. */
  #isolated(commands: readonly Pending[], error: unknown): readonly Pending[] {
    if (commands.length > 1) {
      this.#suspects = commands.length
      return commands
    }
    for (const { command, fail } of commands) {
      const name = `${command.valueType} ${command.intent}`
      this.#parts.log(`What ${name} leads to was not written: ${reasonOf(error)}`)
      fail(unstorable(name))
    }
    return []
  }

  /** Takes back what the batch under way has written so far. */
  #undoUncut(): void {
    const { state } = this.#parts
    state.undo({ length: 0, nextKey: state.nextKey })
  }

  #note(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    this.#trouble = { message, since: this.#trouble?.since ?? this.#parts.pace.elapsed() }
    this.#retryMs = Math.min(Math.max(RETRY_FIRST_MS, this.#retryMs * 2), RETRY_MAX_MS)
    this.#parts.log(`A batch was not written: ${message}`)
    // Of a batch whose outcome nobody could learn, nothing may be repeated here: the next start reads what stands.
    if (error instanceof StoreError && FATAL.has(error.reason)) this.#fatal = error
  }
  /** Clients that have waited long enough are told; what the clock wants waits on, until the engine closes. */
  async #waitForTheStore(): Promise<void> {
    const { pace } = this.#parts
    await new Promise<void>((resolve) => pace.after(this.#retryMs, resolve))
    if (this.#trouble === null) return
    const { message, since } = this.#trouble
    const isPatient = pace.elapsed() - since < PATIENCE_MS
    for (const pending of [...this.#returned.splice(0), ...this.#queue.splice(0)]) {
      if (pending.isStored ? isPatient : !this.#isClosed) this.#queue.push(pending)
      else pending.fail(unavailable(message))
    }
  }
  #giveUp(error: StoreError): void {
    for (const pending of [...this.#returned.splice(0), ...this.#queue.splice(0)])
      pending.fail(unavailable(error.message))
    this.#noticeQuiet()
    this.#parts.failed(error)
  }

  #noticeQuiet(): void {
    if (!this.isQuiet) return
    for (const resolve of this.#quiet) resolve()
    this.#quiet.clear()
  }

  /** Runs the commands in order, again and again from the first that misses a row, until everything missing was loaded (L5). */
  async #compute(taken: Set<Pending>): Promise<void> {
    const { state, now, giveBack } = this.#parts
    const failures = this.#failures
    const at = now()
    const finished: Finished[] = []
    const claims: number[] = []
    try {
      let left: Iterable<Pending> = taken
      let asked: Wants = new Map()
      for (;;) {
        const { waiting, dropped, wants } = this.#pass(left, at, finished, claims)
        for (const pending of dropped) taken.delete(pending)
        left = waiting
        if (wants.size === 0) break
        requireProgress(asked, wants)
        asked = wants
        await this.#load([...wants.values()])
        if (failures !== this.#failures) throw new TakenBack()
      }
      // What the bound on a batch's records left out comes first in the next.
      this.#queue.unshift(...left)
    } catch (error) {
      giveBack(claims)
      throw error
    }
    const entries = entriesOf(finished, this.#position + 1, at)
    // In the same breath: a batch that was cut and has not left would be missed when an earlier one fails.
    this.#dispatch({ finished, entries, journal: state.cut(), nextKey: state.nextKey, claims })
  }

  /**
   * Runs commands until one misses a row; of those behind it only what they will miss is learned. Once the batch is full the others are
   * left, as if they had missed nothing.
   */
  #pass(commands: Iterable<Pending>, now: Instant, finished: Finished[], claims: number[]) {
    const waiting: Pending[] = []
    const dropped: Pending[] = []
    const wants = new Map<string, Want>()
    let records = finished.reduce((sum, { turn }) => sum + turn.emitted.length, 0)
    let characters = finished.reduce((sum, { turn }) => sum + turn.characters, 0)
    for (const pending of commands) {
      const isFull = records > BATCH_RECORDS_MAX || characters > BATCH_CHARACTERS_MAX
      const turn = isFull ? null : waiting.length > 0 ? this.#foreseen(pending, now) : this.#turn(pending, now, claims)
      if (turn === null) waiting.push(pending)
      else if (turn instanceof Miss) {
        waiting.push(pending)
        for (const want of turn.wants) wants.set(nameOf(want), want)
      } else if (pending.dropsEmpty && turn.emitted.length === 0 && turn.rejection === null) {
        // At once: whoever now stands in line must not miss a job that a later turn of this batch brings.
        pending.settle(turn)
        dropped.push(pending)
      } else {
        records += turn.emitted.length
        characters += turn.characters
        finished.push({ pending, turn })
      }
    }
    return { waiting, dropped, wants }
  }
  /** What the command will miss, as far as it can be seen before those in front of it have run; null when that is nothing. */
  #foreseen(pending: Pending, now: Instant): Miss | null {
    const { state, giveBack } = this.#parts
    const mark = state.mark()
    const claims: number[] = []
    try {
      const turn = this.#turn(pending, now, claims)
      return turn instanceof Miss ? turn : null
    } catch {
      return null // it fails in its own turn, or does not
    } finally {
      state.undo(mark)
      giveBack(claims)
    }
  }

  #turn({ command, prepared, dropsEmpty }: Pending, now: Instant, claims: number[]): Turn | Miss {
    const { state, models, settings, claim, giveBack } = this.#parts
    const mark = state.mark()
    const claimed: number[] = []
    const workers: Workers = {
      claim(tenantId, type) {
        const target = claim(tenantId, type)
        if (target !== null) claimed.push(target.id)
        return target
      },
      giveBack(targets) {
        for (const target of targets) claimed.splice(claimed.indexOf(target), 1)
        giveBack(targets)
      },
    }
    try {
      const turn = step({ state, models, settings }, command, now, workers, prepared)
      if (turn.rejection !== null) giveBack(claimed)
      else claims.push(...claimed)
      if (!dropsEmpty || leavesTrace(turn)) return turn
      state.undo(mark)
      return { ...turn, emitted: [], notices: [] }
    } catch (thrown) {
      giveBack(claimed)
      if (thrown instanceof Miss) return thrown
      throw thrown
    }
  }

  async #load(wants: readonly Want[]): Promise<void> {
    const { store, state, models } = this.#parts
    this.#isLoading = true
    try {
      state.load(await store.load(wants))
      for (const want of wants) {
        if (want.kind === 'row' && want.table === 'resource') await models.bring(state, want.key)
      }
    } finally {
      this.#isLoading = false
      this.#settle()
    }
  }

  /** Memory is a cache of what is open; when it grows too large it starts afresh, between batches. */
  async #makeRoom(): Promise<void> {
    if (this.#parts.state.residentRows <= RESIDENT_ROWS_MAX) return
    await Promise.allSettled(this.#inFlight.map(({ committed }) => committed))
    if (this.#inFlight.length === 0) this.#parts.state.forget()
  }
}

/** An activation that has found jobs, or has set some aside that may not be handed out. */
const leavesTrace = ({ notices, emitted }: Turn): boolean =>
  notices.some((notice) => notice.kind === 'jobsActivated' && notice.jobs.length > 0) ||
  emitted.some(({ event }) => event.valueType === 'SUSPENSION')

/** A want that was answered and is wanted again at once would be wanted for ever. */
function requireProgress(before: Wants, now: Wants): void {
  for (const [name, want] of now) {
    if (before.has(name)) throw new Error(`The store was asked for ${JSON.stringify(want)} and it is still missing`)
  }
}
function nameOf(want: Want): string {
  switch (want.kind) {
    case 'row':
      return `${want.table} ${want.key}`
    case 'lookup':
    case 'some':
      return `${want.kind} ${want.lookup} ${want.at}`
    case 'jobs':
      return `jobs ${want.tenantId} ${want.type} ${want.above}`
  }
}

/** Trying again may help: the store is away, or says that this engine is to stop. */
const isTransient = (error: unknown) => error instanceof StoreError && error.reason !== 'refused'

/** Of a bug only its class: its text may quote what a client sent. */
const reasonOf = (error: unknown): string =>
  error instanceof StoreError ? error.message : error instanceof Error ? error.name : typeof error

const unstorable = (command: string) =>
  new GatewayError(
    'INVALID_ARGUMENT',
    `Expected to store what the command '${command}' leads to, but the database does not take it. Look for texts or numbers beyond all measure in it.`,
  )

const unavailable = (why: string) =>
  new GatewayError('UNAVAILABLE', `Expected an engine that can write, but ${why}. Try again later.`)
