/**
 * The engine in this process: store, core and clock joined. What its gateway sees is engine.ts.
 *
 * Owns: opening and closing, answers after the commit, waiting polls, streams and results. Does not own: wire formats, ports.
 */
import type { Prepared } from '../core/prepared.ts'
import type { HandedJob } from '../core/processing.ts'
import { State } from '../core/state/state.ts'
import type { Turn } from '../core/step.ts'
import type { Dialect, Locality } from '../feel/index.ts'
import { compileBpmn } from '../model/compile-resource.ts'
import { GatewayError } from '../protocol/gateway.ts'
import type { Command, CommandOf, Key } from '../protocol/records.ts'
import type { Store } from '../store/store.ts'
import { type Computed, handedJobs } from './batch.ts'
import { BatchFilling } from './batch-filling.ts'
import { engineClock } from './clock.ts'
import type { Answer, Engine, JobRequest } from './engine.ts'
import { latestWithNamespace, textOf } from './imported-models.ts'
import { Loop } from './loop.ts'
import { CompiledModels } from './models.ts'
import { type Pace, realPace } from './pace.ts'
import { prepare } from './prepare.ts'
import { Timers } from './timers.ts'
import { WaitingWorkers, yieldJob } from './waiting-workers.ts'

export interface EngineOptions {
  readonly store: Store
  readonly isClockControlled?: boolean
  /** Where a controlled clock stands until it is set (ms since 1970), so that no timer sees another time before. Null: where the real one is. */
  readonly clockAt?: number | null
  /** Of all decision models; null: each says its own. */
  readonly dmnDialect?: Dialect | null
  /** Zone and calendar of timers and FEEL; without them all is as in Zeebe. When they change, a timer that is set keeps its due date. */
  readonly locality?: Locality
  readonly hasUniqueBusinessIds?: boolean
  readonly log?: (message: string) => void
  readonly pace?: Pace
  /** Engines of one program may share what has been compiled. */
  readonly compile?: typeof compileBpmn
}
export interface RunningEngine extends Engine {
  /** Resolves when this engine may no longer write: another has taken over, or it lost track. It answers UNAVAILABLE from then on. */
  readonly failed: Promise<Error>
  /** Commits what waits and lets go of the store; waiting polls end with no job. */
  close(): Promise<void>
}

/** Opens the store: from here on an older owner of it can no longer write. Rejects: StoreError. */
export async function startEngine({
  store,
  isClockControlled = false,
  clockAt = null,
  dmnDialect = null,
  locality = {},
  hasUniqueBusinessIds = false,
  log = () => {},
  pace = realPace,
  compile = compileBpmn,
}: EngineOptions): Promise<RunningEngine> {
  const { nextKey, lastPosition, resident } = await store.open()
  const state = new State({ firstKey: nextKey, whole: false })
  state.load(resident)
  return new EmbeddedEngine(store, state, lastPosition, {
    ...{ isClockControlled, clockAt, dmnDialect, locality, hasUniqueBusinessIds, log, pace, compile },
  })
}

class EmbeddedEngine implements RunningEngine {
  readonly clock
  readonly query
  readonly failed: Promise<Error>
  readonly #store: Store
  readonly #state: State
  readonly #dmnDialect: Dialect | null
  readonly #log: (message: string) => void
  readonly #pace: Pace
  readonly #compile: typeof compileBpmn
  readonly #loop: Loop
  readonly #timers: Timers
  readonly #workers: WaitingWorkers
  readonly #filling: BatchFilling
  /** Clients whose answer comes in a later turn, by the key it is about. */
  readonly #awaited = new Map<Key, (answer: Answer) => void>()
  /** Ends each waiting poll. */
  readonly #polls = new Set<() => void>()
  #isClosing = false

  constructor(
    store: Store,
    state: State,
    lastPosition: number,
    {
      isClockControlled,
      clockAt,
      dmnDialect,
      locality,
      hasUniqueBusinessIds,
      log,
      pace,
      compile,
    }: Required<Omit<EngineOptions, 'store'>>,
  ) {
    this.#store = store
    this.#state = state
    this.#dmnDialect = dmnDialect
    this.#log = log
    this.#pace = pace
    this.#compile = (resourceName, text) => compile(resourceName, text, locality)
    this.query = store.query
    this.clock = engineClock(isClockControlled, clockAt)
    const submit = (command: Command, settled?: () => void) => this.#submitOwn(command, settled)
    const { promise: failed, resolve: fail } = Promise.withResolvers<Error>()
    this.failed = failed
    this.#workers = new WaitingWorkers(submit, (request, maxJobs) => this.activateJobs(request, maxJobs, 0), pace)
    this.#loop = new Loop({
      store,
      state,
      models: new CompiledModels(store, { dialect: dmnDialect, compile: this.#compile }),
      settings: { locality, hasUniqueBusinessIds },
      lastPosition,
      now: this.clock.now,
      pace,
      claim: (tenantId, type) => this.#workers.claim(tenantId, type),
      giveBack: (claims) => this.#workers.giveBack(claims),
      committed: (computed) => this.#committed(computed),
      failed: fail,
      log,
    })
    this.#timers = new Timers(this.clock, pace, (horizon, limit) => store.dueUntil(horizon, limit), submit)
    this.#filling = new BatchFilling({
      row: (key) => state.get('batchOperation', key),
      select: (selection) => store.select(selection),
      submit: (command) => new Promise((settled) => submit(command, settled)),
      pace,
    })
    this.#filling.observe(state.rows('batchOperation'))
  }

  async submit(command: Command, signal?: AbortSignal): Promise<Answer> {
    const prepared = command.valueType === 'DEPLOYMENT' ? await this.#prepare(command.value) : null
    return new Promise((resolve, reject) => {
      const settle = (turn: Turn) => {
        const later = turn.notices.find((notice) => notice.kind === 'answerLater')
        const answer = answerOf(turn)
        if (later !== undefined) this.#await(later.key, resolve, signal)
        else if (answer !== null) resolve(answer)
        else
          reject(
            new GatewayError(
              'INTERNAL',
              `Expected an answer to ${command.valueType} ${command.intent}, but nothing came of it`,
            ),
          )
      }
      this.#loop.submit({ command, prepared, isStored: true, dropsEmpty: false, settle, fail: reject })
    })
  }
  #prepare({ resources = [], tenantId = '<default>' }: CommandOf<'DEPLOYMENT'>['value']): Promise<Prepared> {
    const deployed = async (namespace: string) => {
      const row = latestWithNamespace(this.#state, tenantId, namespace)
      return row === undefined || row.deleted ? null : textOf(this.#state, this.#store, row.key)
    }
    return prepare(resources, { compile: this.#compile, dialect: this.#dmnDialect, deployed, log: this.#log })
  }
  #await(key: Key, resolve: (answer: Answer) => void, signal: AbortSignal | undefined): void {
    this.#awaited.set(key, resolve)
    signal?.addEventListener('abort', () => this.#awaited.delete(key), { once: true })
  }

  /** Commands of the clock and of the workers' desk. They say nothing to anybody, and come again by themselves if they get lost. */
  #submitOwn(command: Command, settled = () => {}): void {
    const common = { command, prepared: null, isStored: false, dropsEmpty: false }
    try {
      this.#loop.submit({ ...common, settle: settled, fail: settled })
    } catch (error) {
      settled()
      if (!(error instanceof GatewayError)) throw error
    }
  }

  #committed(computed: Computed): void {
    for (const { pending, turn } of computed.finished) {
      pending.settle(turn)
      for (const notice of turn.notices) {
        if (notice.kind !== 'answered') continue
        this.#awaited.get(notice.key)?.(notice.answer)
        this.#awaited.delete(notice.key)
      }
    }
    // Once the clock's own commands are settled: what one of them left to a later turn is due again.
    this.#timers.observe(computed.journal.changes)
    const { inserted = [], updated = [] } = computed.journal.changes.batchOperation ?? {}
    this.#filling.observe([...inserted, ...updated])
    this.#workers.handOver(handedJobs(computed.finished))
  }

  async activateJobs(
    request: JobRequest,
    maxJobs: number,
    waitMs: number,
    signal?: AbortSignal,
  ): Promise<readonly HandedJob[]> {
    const { promise, resolve, reject } = Promise.withResolvers<readonly HandedJob[]>()
    const ended = () => signal?.aborted === true || this.#isClosing
    this.#loop.submit({
      command: {
        valueType: 'JOB_BATCH',
        intent: 'ACTIVATE',
        key: -1,
        value: { ...request, maxJobsToActivate: maxJobs },
      },
      prepared: null,
      isStored: false,
      dropsEmpty: true,
      settle: (turn) => {
        const jobs = activatedIn(turn)
        // It has only set jobs aside: there may be more behind them.
        if (jobs.length === 0 && turn.emitted.length > 0)
          resolve(ended() ? [] : this.activateJobs(request, maxJobs, waitMs, signal))
        else if (jobs.length === 0) resolve(waitMs > 0 && !ended() ? this.#poll(request, maxJobs, waitMs, signal) : [])
        else resolve(ended() ? this.#yield(jobs) : jobs)
      },
      fail: reject,
    })
    return promise
  }
  /** Jobs for a poll whose client has gone meanwhile go to the next one. */
  #yield(jobs: readonly HandedJob[]): readonly HandedJob[] {
    for (const { key } of jobs) this.#submitOwn(yieldJob(key))
    return []
  }
  #poll(
    request: JobRequest,
    maxJobs: number,
    waitMs: number,
    signal: AbortSignal | undefined,
  ): Promise<readonly HandedJob[]> {
    const { promise, resolve } = Promise.withResolvers<readonly HandedJob[]>()
    const end = (jobs: readonly HandedJob[]) => {
      stop()
      signal?.removeEventListener('abort', leave)
      this.#polls.delete(leave)
      this.#workers.leave(id)
      resolve(jobs)
      return []
    }
    const leave = () => void end([])
    const stop = this.#pace.after(waitMs, leave)
    signal?.addEventListener('abort', leave, { once: true })
    this.#polls.add(leave)
    const id = this.#workers.wait(request, maxJobs, end)
    return promise
  }

  streamJobs(request: JobRequest, push: (job: HandedJob) => boolean, signal: AbortSignal): void {
    if (signal.aborted) return
    const id = this.#workers.wait(request, 'stream', (jobs) => jobs.filter((job) => !push(job)))
    signal.addEventListener('abort', () => this.#workers.leave(id), { once: true })
  }

  records(after: number, limit: number) {
    return this.#store.read(after, limit)
  }
  instanceRecords(processInstanceKey: Key) {
    return this.#store.readInstance(processInstanceKey)
  }

  async idle(): Promise<void> {
    for (;;) {
      const fired = await this.#timers.fire()
      if (fired === 0 && this.#loop.isQuiet && !this.#timers.isBehind && !this.#filling.isBusy) return
      await this.#filling.settled()
      await this.#loop.quiet()
    }
  }

  health() {
    const { trouble } = this.#loop
    return { healthy: trouble === null, detail: trouble ?? '' }
  }

  async close(): Promise<void> {
    this.#timers.close()
    this.#filling.close()
    this.#isClosing = true
    for (const leave of [...this.#polls]) leave()
    await this.#loop.close()
    await this.#store.close()
  }
}

function answerOf(turn: Turn): Answer | null {
  if (turn.rejection !== null) return { ok: false, rejection: turn.rejection }
  return turn.answer === null ? null : { ok: true, event: turn.answer }
}
const activatedIn = (turn: Turn): readonly HandedJob[] =>
  turn.notices.flatMap((notice) => (notice.kind === 'jobsActivated' ? notice.jobs : []))
