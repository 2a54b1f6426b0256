/**
 * The life of batch operations: created with a filter, filled with what the filter finds (runtime/batch-filling.ts asks the store),
 * worked off (batch-operation-execution.ts), suspended, resumed, cancelled. Source: Camunda docs › Concepts › Batch operations.
 *
 * Invariant
 * B3 A chunk is taken only where the one before it ended, so that what a filter finds is taken once, and stands before it is touched.
 */
import type { CommandOf, Key } from '../../protocol/records.ts'
import { type Processing, refuse } from '../processing.ts'
import type { BatchOperation, BatchOperationState } from '../state/rows.ts'

const PARTITION_IDS = [1]

/** Emits BATCH_OPERATION_CREATION CREATED. Rejects: INVALID_ARGUMENT (no filter). */
export function create(p: Processing, { value }: CommandOf<'BATCH_OPERATION_CREATION'>): void {
  if (value.entityFilter === undefined || value.entityFilter === '{}')
    refuse('INVALID_ARGUMENT', 'Given filter is empty')
  const key = p.newKey()
  p.emit('BATCH_OPERATION_CREATION', 'CREATED', key, { ...value, batchOperationKey: key, partitionIds: PARTITION_IDS })
}

/** More of what the filter has found; nothing when that was added before, or is no longer wanted. Emits BATCH_OPERATION_CHUNK CREATED. */
export function addChunk(p: Processing, { value }: CommandOf<'BATCH_OPERATION_CHUNK'>): void {
  const { batchOperationKey = -1, items = [], after } = value
  const batch = p.state.get('batchOperation', batchOperationKey)
  if (batch?.state !== 'CREATED' || batch.readUpTo !== after || items.length === 0) return
  p.emit('BATCH_OPERATION_CHUNK', 'CREATED', batch.key, { batchOperationKey, items, chunkKey: p.newKey() })
}

/** The filter has found no more. Emits BATCH_OPERATION_INITIALIZATION INITIALIZED; the clock goes on with the items. */
export function finishInitialization(p: Processing, { value }: CommandOf<'BATCH_OPERATION_INITIALIZATION'>): void {
  const { batchOperationKey = -1 } = value
  if (p.state.get('batchOperation', batchOperationKey)?.state !== 'CREATED') return
  p.emit('BATCH_OPERATION_INITIALIZATION', 'INITIALIZED', batchOperationKey, value)
}

/** The filter cannot be answered. Emits BATCH_OPERATION_PARTITION_LIFECYCLE PARTITION_FAILED and, of the only partition, FAILED. */
export function fail(p: Processing, { value }: CommandOf<'BATCH_OPERATION_PARTITION_LIFECYCLE'>): void {
  const { batchOperationKey = -1 } = value
  if (p.state.get('batchOperation', batchOperationKey)?.state !== 'CREATED') return
  p.emit('BATCH_OPERATION_PARTITION_LIFECYCLE', 'PARTITION_FAILED', batchOperationKey, value)
  const errors = p.state.get('batchOperation', batchOperationKey)?.errors ?? []
  p.emit('BATCH_OPERATION_LIFECYCLE_MANAGEMENT', 'FAILED', batchOperationKey, { batchOperationKey, errors })
}

type Lifecycle = CommandOf<'BATCH_OPERATION_LIFECYCLE_MANAGEMENT'>

/** Emits BATCH_OPERATION_LIFECYCLE_MANAGEMENT CANCELED. What is under way is done, the other items are not. Rejects: NOT_FOUND. */
export function cancel(p: Processing, command: Lifecycle): void {
  open(p, command, 'cancel')
  emit(p, command, 'CANCELED')
}
/** Emits BATCH_OPERATION_LIFECYCLE_MANAGEMENT SUSPENDED. Rejects: NOT_FOUND; INVALID_STATE (suspended already). */
export function suspend(p: Processing, command: Lifecycle): void {
  const batch = open(p, command, 'suspend')
  if (batch.state === 'SUSPENDED') refuseState(batch, 'suspend')
  emit(p, command, 'SUSPENDED')
}
/** Emits BATCH_OPERATION_LIFECYCLE_MANAGEMENT RESUMED. Rejects: NOT_FOUND; INVALID_STATE (not suspended). */
export function resume(p: Processing, command: Lifecycle): void {
  const batch = open(p, command, 'resume')
  if (batch.state !== 'SUSPENDED') refuseState(batch, 'resume')
  emit(p, command, 'RESUMED')
}

const emit = (p: Processing, { value }: Lifecycle, intent: 'CANCELED' | 'SUSPENDED' | 'RESUMED') =>
  p.emit('BATCH_OPERATION_LIFECYCLE_MANAGEMENT', intent, p.newKey(), value)

const openStates: ReadonlySet<BatchOperationState> = new Set(['CREATED', 'ACTIVE', 'SUSPENDED'])

function open(p: Processing, { value }: Lifecycle, verb: string): BatchOperation {
  const key: Key = value.batchOperationKey ?? -1
  const batch = p.state.get('batchOperation', key)
  if (batch !== undefined && openStates.has(batch.state)) return batch
  const end = verb === 'suspend' ? '.' : ''
  refuse(
    'NOT_FOUND',
    `Expected to ${verb} a batch operation with key '${key}', but no such batch operation was found${end}`,
  )
}
/** In the words of Zeebe's engine, where one that is at work is INITIALIZED. */
function refuseState({ key, state }: BatchOperation, verb: string): never {
  const found = state === 'ACTIVE' ? 'INITIALIZED' : state
  refuse(
    'INVALID_STATE',
    `Expected to ${verb} a batch operation with key '${key}', but it has an invalid state '${found}'.`,
  )
}
