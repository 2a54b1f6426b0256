/**
 * Fills new batch operations with what their filter finds: a page of keys from the store, handed to the core chunk by chunk. The core
 * cannot search, and takes a chunk only where the one before it ended, so that a crash loses none and repeats none.
 *
 * Owns: paging through the answer to a filter. Does not own: what is done to the items (core/commands/batch-operation-execution.ts).
 * What a batch operation works on is older than itself: each page is one snapshot of the committed state, and whatever begins after
 * the batch operation has a higher key.
 */

import type { BatchOperation } from '../core/state/rows.ts'
import type { BatchOperationItem } from '../protocol/batch-operations.ts'
import { GatewayError } from '../protocol/gateway.ts'
import type { Condition, Conditions } from '../protocol/query.ts'
import type { Command, Key } from '../protocol/records.ts'
import { type Store, StoreError } from '../store/store.ts'
import type { Pace } from './pace.ts'

const PAGE_ITEMS = 10_000
const CHUNK_ITEMS = 100
/** So long until a database that was away is asked again. */
const RETRY_MS = 1_000
const PARTITION_ID = 1

export interface FillingParts {
  readonly row: (key: Key) => BatchOperation | undefined
  readonly select: Store['select']
  /** Resolves once the command is done with, one way or the other. */
  readonly submit: (command: Command) => Promise<void>
  readonly pace: Pace
}

export class BatchFilling {
  readonly #parts: FillingParts
  readonly #underWay = new Map<Key, Promise<void>>()
  #isClosed = false

  constructor(parts: FillingParts) {
    this.#parts = parts
  }

  /** Takes up what has begun or goes on. */
  observe(rows: Iterable<BatchOperation>): void {
    for (const { key, state } of rows)
      if (state === 'CREATED' && !this.#underWay.has(key)) this.#underWay.set(key, this.#fill(key))
  }
  get isBusy(): boolean {
    return this.#underWay.size > 0
  }
  /** Resolves once all that is under way now has ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay.values())
  }
  close(): void {
    this.#isClosed = true
  }

  async #fill(key: Key): Promise<void> {
    // Its caller first notes that this is under way.
    await null
    for (let batch = this.#wanted(key); batch !== null; batch = this.#wanted(key)) {
      await this.#fillPage(batch)
      if (this.#wanted(key) === batch) await this.#pause()
    }
    // In the same breath as the last look at the row: what is resumed from now on begins anew.
    this.#underWay.delete(key)
  }
  #wanted(key: Key): BatchOperation | null {
    const batch = this.#parts.row(key)
    return batch?.state === 'CREATED' && !this.#isClosed ? batch : null
  }
  /** Nothing has changed: the database is away, or did not take what was written. */
  #pause(): Promise<void> {
    return new Promise((resolve) => void this.#parts.pace.after(RETRY_MS, resolve))
  }

  async #fillPage(batch: BatchOperation): Promise<void> {
    const { key } = batch
    const found = await this.#select(batch)
    if (found === null) return
    for (let at = 0; at < found.length; at += CHUNK_ITEMS)
      if (!(await this.#add(key, found.slice(at, at + CHUNK_ITEMS)))) return
    if (found.length === PAGE_ITEMS) return
    const value = { batchOperationKey: key }
    await this.#parts.submit({
      valueType: 'BATCH_OPERATION_INITIALIZATION',
      intent: 'FINISH_INITIALIZATION',
      key,
      value,
    })
  }

  /** Answers whether the chunk was taken. */
  async #add(key: Key, items: readonly BatchOperationItem[]): Promise<boolean> {
    const value = { batchOperationKey: key, items, after: this.#parts.row(key)?.readUpTo ?? -1 }
    await this.#parts.submit({ valueType: 'BATCH_OPERATION_CHUNK', intent: 'CREATE', key, value })
    return this.#wanted(key)?.readUpTo === items.at(-1)?.itemKey
  }

  /** Null when there is no answer now. */
  async #select(batch: BatchOperation): Promise<readonly BatchOperationItem[] | null> {
    const { key, readUpTo } = batch
    try {
      return await this.#parts.select({
        of: batch.batchOperationType === 'RESOLVE_INCIDENT' ? 'incidents' : 'process-instances',
        conditions: conditionsOf(batch),
        after: readUpTo,
        before: key,
        limit: PAGE_ITEMS,
      })
    } catch (error) {
      if (!isAway(error)) await this.#parts.submit(failed(key, error))
      return null
    }
  }
}

const isAway = (error: unknown): boolean =>
  error instanceof StoreError || (error instanceof GatewayError && error.status === 'UNAVAILABLE')

/** Only what is open can be worked on, and a called instance cannot be cancelled alone: as in Zeebe this goes before the client's own words. */
function conditionsOf({ entityFilter, batchOperationType }: BatchOperation): Conditions {
  const { filter, ...rest } = JSON.parse(entityFilter) as Conditions
  const always: Condition[] = [{ field: 'state', operator: '$eq', value: 'ACTIVE' }]
  if (batchOperationType === 'CANCEL_PROCESS_INSTANCE')
    always.push({ field: 'parentProcessInstanceKey', operator: '$exists', value: false })
  const replaced = new Set(always.map(({ field }) => field))
  return { ...rest, filter: [...filter.filter(({ field }) => !replaced.has(field)), ...always] }
}

/** Of a bug only its class: its text may quote what a client sent. */
const messageOf = (error: unknown): string =>
  error instanceof GatewayError ? error.message : `Expected to answer the filter, but: ${(error as Error).name}`

const failed = (batchOperationKey: Key, error: unknown): Command => ({
  valueType: 'BATCH_OPERATION_PARTITION_LIFECYCLE',
  intent: 'FAIL',
  key: batchOperationKey,
  value: {
    batchOperationKey,
    sourcePartitionId: PARTITION_ID,
    error: { partitionId: PARTITION_ID, type: 'QUERY_FAILED', message: messageOf(error) },
  },
})
