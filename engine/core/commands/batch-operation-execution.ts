/**
 * Working off the items of a batch operation, a few in a turn; the clock brings the next turn (runtime/timers.ts), also after a crash.
 *
 * Invariants
 * B1 An item and what it leads to are durable together or not at all: none is lost, none is done twice.
 * B2 What an item is refused stays with that item.
 */
import type { BatchOperationItem } from '../../protocol/batch-operations.ts'
import type { CommandOf, Key } from '../../protocol/records.ts'
import { commandFor, giveRetry } from '../behaviors/batch-items.ts'
import type { Processing } from '../processing.ts'
import { together } from '../state/miss.ts'
import type { BatchOperation } from '../state/rows.ts'

/** Zeebe's number; others get their turn after so many. */
const ITEMS_AT_ONCE = 10
const CHUNKS_DROPPED_AT_ONCE = 100
const PARTITION_ID = 1

/**
 * Emits BATCH_OPERATION_EXECUTION EXECUTING and EXECUTED, then what the commands of the items lead to; a refused one is noted and the
 * others go on. When no item is left, PARTITION_COMPLETED and COMPLETED.
 */
export function execute(p: Processing, { key }: CommandOf<'BATCH_OPERATION_EXECUTION'>): void {
  const batch = p.state.get('batchOperation', key)
  if (batch?.state === 'CANCELED' || batch?.state === 'FAILED') dropItems(p, batch)
  if (batch?.state !== 'ACTIVE') return
  const items = nextItems(p, batch)
  const itemKeys = items.map(({ itemKey }) => itemKey)
  if (items.length > 0) p.emit('BATCH_OPERATION_EXECUTION', 'EXECUTING', key, { batchOperationKey: key, itemKeys })
  p.emit('BATCH_OPERATION_EXECUTION', 'EXECUTED', key, { batchOperationKey: key, itemKeys })
  // What all of them miss is loaded at once.
  together(items.map((item) => () => workOn(p, batch, item)))
  if (items.length === 0) complete(p, key)
}

function complete(p: Processing, batchOperationKey: Key): void {
  const sourcePartitionId = PARTITION_ID
  p.emit('BATCH_OPERATION_PARTITION_LIFECYCLE', 'PARTITION_COMPLETED', batchOperationKey, {
    batchOperationKey,
    sourcePartitionId,
  })
  p.emit('BATCH_OPERATION_LIFECYCLE_MANAGEMENT', 'COMPLETED', batchOperationKey, { batchOperationKey })
}

function nextItems(p: Processing, { firstChunkKey, chunkOffset }: BatchOperation): readonly BatchOperationItem[] {
  const chunk = firstChunkKey > 0 ? p.state.get('batchOperationChunk', firstChunkKey) : undefined
  return chunk?.items.slice(chunkOffset, chunkOffset + ITEMS_AT_ONCE) ?? []
}

function dropItems(p: Processing, { key }: BatchOperation): void {
  for (let count = 0; count < CHUNKS_DROPPED_AT_ONCE; count++) {
    if (p.state.get('batchOperation', key) === undefined) return
    p.emit('BATCH_OPERATION_EXECUTION', 'ITEMS_DROPPED', key, { batchOperationKey: key })
  }
}

function workOn(p: Processing, batch: BatchOperation, item: BatchOperationItem): void {
  const { key: batchOperationKey, batchOperationType } = batch
  if (batchOperationType === 'RESOLVE_INCIDENT') giveRetry(p, item)
  const command = commandFor(p, batch, item)
  const outcome = { batchOperationKey, itemKeys: [item.itemKey], item, batchOperationType, command }
  const rejection = p.attempt(command, batchOperationKey, () =>
    p.emit('BATCH_OPERATION_EXECUTION', 'ITEM_ACCEPTED', batchOperationKey, outcome),
  )
  if (rejection !== null)
    p.emit('BATCH_OPERATION_EXECUTION', 'ITEM_REFUSED', batchOperationKey, { ...outcome, rejection })
}
