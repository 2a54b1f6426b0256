/**
 * Who waits for jobs: long polls and streams. A job that appears while somebody waits is born activated (`claim`).
 *
 * Owns: the queue of waiting workers, and handing jobs over once their batch has committed. Does not own: jobs.
 * Invariants
 * J1 A claim is either handed over after its batch committed or given back when the batch was taken back.
 * J2 A job that cannot be handed over, because its worker has gone, is yielded, so that the next one gets it at once.
 * J3 A stream that was full asks for what it left once it has rested: no job waits for a worker that waits for a job.
 */
import type { HandedJob, JobTarget } from '../core/processing.ts'
import type { Command, Key } from '../protocol/records.ts'
import type { JobRequest } from './engine.ts'
import type { Pace } from './pace.ts'

/** A stream whose client takes no more is left alone for so long; then it gets so many of the jobs that it left. */
const FULL_STREAM_PAUSE_MS = 100
const CATCH_UP_JOBS = 32

/** Takes the jobs of one batch, and answers those it could not take. */
type Take = (jobs: readonly HandedJob[]) => readonly HandedJob[]

type Activate = (request: JobRequest, maxJobs: number) => Promise<readonly HandedJob[]>

interface Waiting extends JobTarget {
  readonly request: JobRequest
  readonly isStream: boolean
  /** How many more jobs it takes; a stream's room has no end. */
  room: number
  /** Ends the rest of a full stream, which gets nothing until then. */
  rest: (() => void) | null
  readonly take: Take
}

const placeOf = (tenantId: string, type: string) => `${tenantId}\u0000${type}`

export class WaitingWorkers {
  readonly #places = new Map<string, Set<Waiting>>()
  readonly #byId = new Map<number, Waiting>()
  readonly #submit: (command: Command) => void
  readonly #activate: Activate
  readonly #pace: Pace
  #nextId = 1

  constructor(submit: (command: Command) => void, activate: Activate, pace: Pace) {
    this.#submit = submit
    this.#activate = activate
    this.#pace = pace
  }

  /** Stands in line until `leave`. */
  wait(request: JobRequest, room: number | 'stream', take: Take): number {
    const { worker, timeout, fetchVariables } = request
    const isStream = room === 'stream'
    const id = this.#nextId++
    const common = { id, worker, timeout, fetchVariables, request, take, rest: null }
    const waiting: Waiting = { ...common, isStream, room: isStream ? Number.POSITIVE_INFINITY : room }
    this.#byId.set(id, waiting)
    for (const tenantId of request.tenantIds) {
      const place = placeOf(tenantId, request.type)
      const known = this.#places.get(place)
      if (known) known.add(waiting)
      else this.#places.set(place, new Set([waiting]))
    }
    return id
  }

  leave(id: number): void {
    const waiting = this.#byId.get(id)
    if (waiting === undefined) return
    this.#byId.delete(id)
    waiting.rest?.()
    for (const tenantId of waiting.request.tenantIds) {
      const place = placeOf(tenantId, waiting.request.type)
      const set = this.#places.get(place)
      set?.delete(waiting)
      if (set?.size === 0) this.#places.delete(place)
    }
  }

  /** Streams first, in turn; then polls in the order in which they came. */
  claim(tenantId: string, type: string): JobTarget | null {
    const line = this.#places.get(placeOf(tenantId, type))
    if (line === undefined) return null
    let poll: Waiting | null = null
    for (const waiting of line) {
      if (waiting.isStream && waiting.rest === null) {
        line.delete(waiting)
        line.add(waiting)
        return waiting
      }
      if (!waiting.isStream && waiting.room > 0) poll ??= waiting
    }
    if (poll !== null) poll.room--
    return poll
  }

  /** The turn of these claims was taken back. */
  giveBack(targets: readonly number[]): void {
    for (const id of targets) {
      const waiting = this.#byId.get(id)
      if (waiting !== undefined) waiting.room++
    }
  }

  /** The batch has committed: its jobs go to those who claimed them. */
  handOver(handed: ReadonlyMap<number, readonly HandedJob[]>): void {
    for (const [id, jobs] of handed) this.#give(this.#byId.get(id), jobs)
  }
  /** Answers whether all were taken. */
  #give(waiting: Waiting | undefined, jobs: readonly HandedJob[]): boolean {
    const left = waiting === undefined ? jobs : waiting.take(jobs)
    for (const { key } of left) this.#submit(yieldJob(key))
    if (waiting?.isStream && left.length > 0) this.#rest(waiting)
    return left.length === 0
  }

  #rest(waiting: Waiting): void {
    waiting.rest ??= this.#pace.after(FULL_STREAM_PAUSE_MS, () => {
      waiting.rest = null
      // When it cannot be asked now, the next job that fills the stream brings it here again.
      this.#catchUp(waiting).catch(() => {})
    })
  }
  async #catchUp(waiting: Waiting): Promise<void> {
    while (this.#byId.has(waiting.id)) {
      const jobs = await this.#activate(waiting.request, CATCH_UP_JOBS)
      const isTaken = this.#give(this.#byId.get(waiting.id), jobs)
      if (!isTaken || jobs.length < CATCH_UP_JOBS) return
    }
  }
}

export const yieldJob = (key: Key): Command => ({ valueType: 'JOB', intent: 'YIELD', key, value: {} })
