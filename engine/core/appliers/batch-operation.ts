import type { BatchOperationError } from '../../protocol/batch-operations.ts'
import { DEFAULT_TENANT, type Instant, type Key } from '../../protocol/records.ts'
import type { BatchOperation, BatchOperationChunk } from '../state/rows.ts'
import type { State } from '../state/state.ts'
import { type Appliers, given, unchanged } from './applier.ts'

interface Named {
  readonly batchOperationKey?: Key
}

const batchOf = (state: State, { batchOperationKey }: Named): BatchOperation => {
  const key = given(batchOperationKey, 'batchOperationKey')
  return given(state.get('batchOperation', key), `row ${key}`)
}
const update = (state: State, named: Named, change: (row: BatchOperation) => Partial<BatchOperation>): void => {
  const row = batchOf(state, named)
  state.put('batchOperation', { ...row, ...change(row) })
}

/** The items of ended ones that were never worked on are to be dropped first. */
function end(state: State, named: Named, at: Instant, change: Partial<BatchOperation>): void {
  const ended = { ...batchOf(state, named), ...change, endedAt: at }
  if (ended.firstChunkKey > 0) state.put('batchOperation', ended)
  else state.remove('batchOperation', ended.key, ended)
}

const firstChunkOf = (state: State, row: BatchOperation): BatchOperationChunk =>
  given(state.get('batchOperationChunk', row.firstChunkKey), `row ${row.firstChunkKey}`)

/** The next chunk is the first from now on. */
const behind = ({ nextChunkKey }: BatchOperationChunk) => ({
  firstChunkKey: nextChunkKey,
  chunkOffset: 0,
  ...(nextChunkKey < 0 && { lastChunkKey: nextChunkKey }),
})

/** One item more is done. */
function advance(state: State, named: Named, outcome: 'completedCount' | 'failedCount'): void {
  const row = batchOf(state, named)
  const chunk = firstChunkOf(state, row)
  const chunkOffset = row.chunkOffset + 1
  const isDone = chunkOffset === chunk.items.length
  if (isDone) state.remove('batchOperationChunk', chunk.key)
  const place = isDone ? behind(chunk) : { chunkOffset }
  state.put('batchOperation', { ...row, ...place, [outcome]: row[outcome] + 1 })
}

export const batchOperationCreationAppliers: Appliers<'BATCH_OPERATION_CREATION'> = {
  CREATED: (state, key, value) =>
    state.put('batchOperation', {
      key,
      tenantId: DEFAULT_TENANT,
      state: 'CREATED',
      batchOperationType: given(value.batchOperationType, 'batchOperationType'),
      entityFilter: given(value.entityFilter, 'entityFilter'),
      migrationPlan: value.migrationPlan ?? {},
      moveInstructions: value.modificationPlan?.moveInstructions ?? [],
      isInitialized: false,
      readUpTo: -1,
      firstChunkKey: -1,
      lastChunkKey: -1,
      chunkOffset: 0,
      totalCount: 0,
      completedCount: 0,
      failedCount: 0,
      errors: [],
      startedAt: -1,
      endedAt: -1,
    }),
}

export const batchOperationChunkAppliers: Appliers<'BATCH_OPERATION_CHUNK'> = {
  CREATED: (state, _key, value) => {
    const chunkKey = given(value.chunkKey, 'chunkKey')
    const items = given(value.items, 'items')
    const row = batchOf(state, value)
    const last = row.lastChunkKey > 0 ? state.get('batchOperationChunk', row.lastChunkKey) : undefined
    if (last !== undefined) state.put('batchOperationChunk', { ...last, nextChunkKey: chunkKey })
    const { key: batchOperationKey, tenantId } = row
    state.put('batchOperationChunk', { key: chunkKey, tenantId, batchOperationKey, nextChunkKey: -1, items })
    state.put('batchOperation', {
      ...row,
      firstChunkKey: last === undefined ? chunkKey : row.firstChunkKey,
      lastChunkKey: chunkKey,
      readUpTo: items.at(-1)?.itemKey ?? row.readUpTo,
      totalCount: row.totalCount + items.length,
    })
  },
}

export const batchOperationInitializationAppliers: Appliers<'BATCH_OPERATION_INITIALIZATION'> = {
  INITIALIZED: (state, _key, value, at) =>
    update(state, value, () => ({ isInitialized: true, state: 'ACTIVE', startedAt: at })),
}

export const batchOperationExecutionAppliers: Appliers<'BATCH_OPERATION_EXECUTION'> = {
  EXECUTING: unchanged,
  EXECUTED: unchanged,
  ITEM_ACCEPTED: (state, _key, value) => advance(state, value, 'completedCount'),
  ITEM_REFUSED: (state, _key, value) => advance(state, value, 'failedCount'),
  /** History keeps which they were. */
  ITEMS_DROPPED: (state, _key, value) => {
    const row = batchOf(state, value)
    const chunk = firstChunkOf(state, row)
    state.remove('batchOperationChunk', chunk.key, { ...chunk, items: chunk.items.slice(row.chunkOffset) })
    const left = { ...row, ...behind(chunk) }
    if (left.firstChunkKey > 0) state.put('batchOperation', left)
    else state.remove('batchOperation', row.key, left)
  },
}

const noted = (error: BatchOperationError | undefined) => (error === undefined ? [] : [error])

export const batchOperationPartitionAppliers: Appliers<'BATCH_OPERATION_PARTITION_LIFECYCLE'> = {
  PARTITION_COMPLETED: unchanged,
  PARTITION_FAILED: (state, _key, value) =>
    update(state, value, ({ errors }) => ({ errors: [...errors, ...noted(value.error)] })),
}

export const batchOperationLifecycleAppliers: Appliers<'BATCH_OPERATION_LIFECYCLE_MANAGEMENT'> = {
  SUSPENDED: (state, _key, value) => update(state, value, () => ({ state: 'SUSPENDED' })),
  RESUMED: (state, _key, value) =>
    update(state, value, ({ isInitialized }) => ({ state: isInitialized ? 'ACTIVE' : 'CREATED' })),
  CANCELED: (state, _key, value, at) => end(state, value, at, { state: 'CANCELED' }),
  COMPLETED: (state, _key, value, at) => end(state, value, at, { state: 'COMPLETED' }),
  FAILED: (state, _key, value, at) => end(state, value, at, { state: 'FAILED' }),
}
