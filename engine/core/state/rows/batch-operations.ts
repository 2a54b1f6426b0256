/** Work on all that a filter has found. */
import type {
  BatchMigrationPlan,
  BatchOperationError,
  BatchOperationItem,
  BatchOperationType,
  ElementMapping,
} from '../../../protocol/batch-operations.ts'
import type { Instant, Json, Key } from '../../../protocol/records.ts'

export type BatchOperationState = 'CREATED' | 'ACTIVE' | 'SUSPENDED' | 'CANCELED' | 'COMPLETED' | 'FAILED'
/**
 * Work on all that a filter has found. The items stand in chunks, which are worked off from the first; each names the next. One that was
 * cancelled stays until its last chunk is gone.
 */
export interface BatchOperation {
  readonly key: Key
  readonly tenantId: string
  readonly state: BatchOperationState
  readonly batchOperationType: BatchOperationType
  readonly entityFilter: Json
  readonly migrationPlan: Partial<BatchMigrationPlan>
  readonly moveInstructions: readonly ElementMapping[]
  /** All that the filter finds stands in chunks. */
  readonly isInitialized: boolean
  /** Until then: the answer to the filter, in the order of keys, is read up to this one. */
  readonly readUpTo: Key
  readonly firstChunkKey: Key
  readonly lastChunkKey: Key
  /** How many items of the first chunk are done. */
  readonly chunkOffset: number
  readonly totalCount: number
  readonly completedCount: number
  readonly failedCount: number
  readonly errors: readonly BatchOperationError[]
  /** -1 until it is initialized. */
  readonly startedAt: Instant
  readonly endedAt: Instant
}
export interface BatchOperationChunk {
  readonly key: Key
  readonly tenantId: string
  readonly batchOperationKey: Key
  readonly nextChunkKey: Key
  readonly items: readonly BatchOperationItem[]
}
