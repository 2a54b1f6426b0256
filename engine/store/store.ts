/**
 * The port of durability. The core's rows and the log go through here and nowhere else.
 *
 * Invariants
 * D1 `append` is atomic: rows, history and log of a batch become durable together or not at all.
 * D2 Batches are durable in the order of their positions, without a gap; the log's key is the fence against a second writer.
 * D3 `load` answers completely: every row a want names, the empty answer included.
 */
import type { Changes } from '../core/state/journal.ts'
import type { Want } from '../core/state/miss.ts'
import type { Loaded } from '../core/state/state.ts'
import type { BatchOperationItem } from '../protocol/batch-operations.ts'
import type { Conditions, Query } from '../protocol/query.ts'
import type { Instant, Key, LogRecord } from '../protocol/records.ts'

/** A record on its way into the log. Positions count from 1, one per record, without a gap but one for each epoch. */
export interface Entry {
  readonly position: number
  /** Position of the client's command that led here; -1 for a command itself. */
  readonly sourceRecordPosition: number
  readonly timestamp: Instant
  /** The process instance the record belongs to; -1 for deployments and messages. Its section of the log. */
  readonly processInstanceKey: Key
  /** Under whose salt the variables of the section are encrypted; -1 when there is no instance. */
  readonly rootProcessInstanceKey: Key
  readonly record: LogRecord
}

export interface BatchWrite {
  readonly entries: readonly Entry[]
  readonly changes: Changes
  /** The next unused key after this batch. */
  readonly nextKey: Key
}

/** What falls due: timers, job deadlines, back-offs, message ends; at once, what a turn left to a later one or a suspension has held. */
export interface Due {
  readonly kind:
    | 'timer'
    | 'jobDeadline'
    | 'jobBackoff'
    | 'message'
    | 'activateBatch'
    | 'terminateBatch'
    | 'batchOperation'
    | 'release'
  readonly key: Key
  readonly at: Instant
}

/** What a batch operation is to work on: open process instances that meet the conditions, or the open incidents of such. */
export interface Selection {
  readonly of: 'process-instances' | 'incidents'
  readonly conditions: Conditions
  /** Keys between these two. */
  readonly after: Key
  readonly before: Key
  readonly limit: number
}

export interface Opened {
  readonly nextKey: Key
  readonly lastPosition: number
  /** All rows of the resident tables. */
  readonly resident: Loaded
}

/**
 * The database is away, or another engine has taken over. `fenced`: this process must stop writing for good. `refused`: the database
 * answered, and would answer the same to the same batch for ever.
 */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly reason: 'unavailable' | 'refused' | 'fenced' | 'schema-newer' | 'other-secret' | 'unknown-outcome-lost'
  constructor(reason: StoreError['reason'], message: string, options: ErrorOptions = {}) {
    super(message, options)
    this.reason = reason
  }
}

export interface Store {
  /** Takes ownership of the partition by an epoch row; from here on an older owner cannot append. */
  open(): Promise<Opened>
  /** One round trip, whatever the number of wants. */
  load(wants: readonly Want[]): Promise<Loaded>
  /**
   * Resolves when durable. May be called again before the first has resolved (depth 2); a rejection means that neither this nor
   * any later batch was written.
   */
  append(batch: BatchWrite): Promise<void>
  /** All that falls due up to the horizon, soonest first, at most `limit`. */
  dueUntil(horizon: Instant, limit: number): Promise<readonly Due[]>
  /** In the order of keys, of what is committed. Rejects: GatewayError. */
  select(selection: Selection): Promise<readonly BatchOperationItem[]>
  /** Log entries above the position, oldest first; fewer than `limit` when they are large, none only at the end. */
  read(after: number, limit: number): Promise<readonly Entry[]>
  /** The log of one process instance, oldest first. */
  readInstance(processInstanceKey: Key): Promise<readonly Entry[]>
  readonly query: Query
  close(): Promise<void>
}
