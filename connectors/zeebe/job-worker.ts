/**
 * The worker loop of Zeebe's protocol: takes jobs of one type from a stream and, for those created before it opened, by polls;
 * hands each to its handler; reports what became of it.
 *
 * Owns how many jobs run at once, what happens while the gateway is away, and the end. Does not own what a job means.
 * Invariants
 * W1 Never more than `maxJobs` handlers run; what a stream pushes beyond that waits here.
 * W2 A report that the gateway refuses as unknown is dropped: the job was cancelled, or timed out and is another's.
 * W3 A report that cannot reach the gateway is repeated for a while; a job left unreported comes again by itself when it times out.
 * W4 `close` takes no new job and resolves when the running ones have been reported or the gateway has refused to hear of them.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { type ActivatedJob, type Gateway, GatewayError } from '../../engine/protocol/gateway.ts'
import type { Json } from '../../engine/protocol/records.ts'

export type JobOutcome =
  | { readonly kind: 'completed'; readonly variables?: Json }
  | {
      readonly kind: 'failed'
      readonly retries: number
      readonly errorMessage: string
      readonly retryBackOffMs: number
    }
  | {
      readonly kind: 'error'
      readonly errorCode: string
      readonly errorMessage: string
      readonly variables?: Json
    }

export interface JobWorker {
  readonly type: string
  /** Does not throw: trouble is an outcome too. */
  handle(job: ActivatedJob): Promise<JobOutcome>
}
export interface JobWorkerOptions {
  readonly name: string
  readonly maxJobs: number
  /** How long a job stays ours before the engine hands it to another. */
  readonly timeoutMs: number
  readonly log: (line: string) => void
}
export interface RunningWorker {
  close(): Promise<void>
}
export type JobGateway = Pick<Gateway, 'activateJobs' | 'streamJobs' | 'completeJob' | 'failJob' | 'throwError'>

const RETRY_MS = 1_000
const POLL_MS = 10_000
const REPORT_TRIES_MAX = 60

export function runWorker(gateway: JobGateway, worker: JobWorker, options: JobWorkerOptions): RunningWorker {
  const { name, maxJobs, timeoutMs, log } = options
  const closing = new AbortController()
  const { signal } = closing
  const slots = slotsFor(maxJobs)
  const running = new Set<Promise<void>>()
  const request = { type: worker.type, worker: name, timeoutMs }

  const start = (job: ActivatedJob): void => {
    const done = work(gateway, worker, job, log, signal).finally(() => {
      running.delete(done)
      slots.release()
    })
    running.add(done)
  }
  const stream = async () => {
    for await (const job of gateway.streamJobs(request, signal)) {
      await slots.take()
      start(job)
    }
  }
  const poll = async () => {
    const poll = { ...request, maxJobsToActivate: maxJobs, requestTimeoutMs: POLL_MS }
    for (const job of await gateway.activateJobs(poll, signal)) {
      await slots.take()
      start(job)
    }
  }
  const loops = [stream, poll].map((turn) => repeat(turn, signal, (error) => log(`${worker.type}: ${reason(error)}`)))
  return {
    async close() {
      closing.abort()
      await Promise.all(loops)
      await Promise.all(running)
    },
  }
}

/** Turns until aborted; after a failure it waits a little, for the gateway may be starting or gone. */
async function repeat(turn: () => Promise<void>, signal: AbortSignal, failed: (error: unknown) => void): Promise<void> {
  while (!signal.aborted) {
    try {
      await turn()
    } catch (error) {
      if (signal.aborted) return
      failed(error)
      await pause(RETRY_MS, undefined, { signal }).catch(() => {})
    }
  }
}

async function work(
  gateway: JobGateway,
  worker: JobWorker,
  job: ActivatedJob,
  log: (line: string) => void,
  closing: AbortSignal,
): Promise<void> {
  const outcome = await worker.handle(job)
  for (let tries = 1; tries <= REPORT_TRIES_MAX; tries++) {
    try {
      return await report(gateway, job, outcome)
    } catch (error) {
      log(`${worker.type}: job ${job.key} not reported: ${reason(error)}`)
      if (!(error instanceof GatewayError) || !MAY_PASS.has(error.status) || closing.aborted) return
      await pause(RETRY_MS, undefined, { signal: closing }).catch(() => {})
    }
  }
}

const MAY_PASS: ReadonlySet<GatewayError['status']> = new Set([
  'UNAVAILABLE',
  'RESOURCE_EXHAUSTED',
  'DEADLINE_EXCEEDED',
])

/** Tells the gateway, once. Rejects with its refusal. */
export function report(
  gateway: Pick<JobGateway, 'completeJob' | 'failJob' | 'throwError'>,
  { key }: ActivatedJob,
  outcome: JobOutcome,
): Promise<void> {
  switch (outcome.kind) {
    case 'completed':
      return gateway.completeJob(key, outcome.variables)
    case 'failed': {
      const { kind: _, ...failure } = outcome
      return gateway.failJob(key, failure)
    }
    case 'error': {
      const { kind: _, ...error } = outcome
      return gateway.throwError(key, error)
    }
  }
}

const reason = (error: unknown): string =>
  error instanceof GatewayError ? `${error.status} ${error.message}` : error instanceof Error ? error.name : 'unknown'

interface Slots {
  take(): Promise<void>
  release(): void
}
function slotsFor(count: number): Slots {
  let free = count
  const waiting: (() => void)[] = []
  return {
    async take() {
      if (free > 0) free--
      else await new Promise<void>((resolve) => waiting.push(resolve))
    },
    release() {
      const next = waiting.shift()
      if (next) next()
      else free++
    },
  }
}
