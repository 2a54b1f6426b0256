/**
 * The engine as its gateway sees it: commands in, committed answers out, the log, the clock. Owns only the interface;
 * loop.ts implements it. No wire formats here.
 */

import type { Answer, HandedJob } from '../core/processing.ts'
import type { Query } from '../protocol/query.ts'
import type { Command, Key, LogRecord } from '../protocol/records.ts'

export type { Answer, HandedJob }

export interface JobRequest {
  readonly type: string
  readonly worker: string
  readonly timeout: number
  readonly fetchVariables: readonly string[]
  readonly tenantIds: readonly string[]
}
/** A stored record with its envelope. */
export interface StoredRecord {
  readonly position: number
  readonly sourceRecordPosition: number
  readonly timestamp: number
  readonly record: LogRecord
}

export interface EngineClock {
  /** Epoch ms. */
  now(): number
  /** Throws when the engine was not started with a controlled clock. */
  pin(at: number): void
  reset(): void
}

export interface Engine {
  /**
   * Queues a client's command; resolves when its batch has committed. Throws GatewayError RESOURCE_EXHAUSTED when the queue is
   * full and UNAVAILABLE while the database is away. CREATE_WITH_AWAITING_RESULT resolves with PROCESS_INSTANCE_RESULT COMPLETED.
   */
  submit(command: Command, signal?: AbortSignal): Promise<Answer>
  /** Long poll: resolves with at least one job, or with none once `waitMs` has passed (0 = at once). */
  activateJobs(
    request: JobRequest,
    maxJobs: number,
    waitMs: number,
    signal?: AbortSignal,
  ): Promise<readonly HandedJob[]>
  /** Calls `push` with each job handed to this stream until aborted; `push` returns false when the client takes no more now. */
  streamJobs(request: JobRequest, push: (job: HandedJob) => boolean, signal: AbortSignal): void
  readonly query: Query
  /** Expanded to Zeebe's JSON by the gateway. Oldest first, positions above `after`; fewer when they are large, none only at the end. */
  records(after: number, limit: number): Promise<readonly StoredRecord[]>
  /** All records of one process instance, oldest first. */
  instanceRecords(processInstanceKey: Key): Promise<readonly StoredRecord[]>
  readonly clock: EngineClock
  /** Resolves when no command waits, no due timer is unfired and the last batch is committed. */
  idle(): Promise<void>
  health(): { readonly healthy: boolean; readonly detail: string }
}
