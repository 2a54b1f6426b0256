/** The words of batch operations: value types, intents and values, verbatim as in Zeebe 8.8; part of records.ts. Imports nothing. */

type Key = number

export type BatchOperationType =
  | 'CANCEL_PROCESS_INSTANCE'
  | 'RESOLVE_INCIDENT'
  | 'MIGRATE_PROCESS_INSTANCE'
  | 'MODIFY_PROCESS_INSTANCE'

export interface BatchOperationEvents {
  BATCH_OPERATION_CREATION: 'CREATED'
  BATCH_OPERATION_CHUNK: 'CREATED'
  BATCH_OPERATION_INITIALIZATION: 'INITIALIZED'
  /**
   * Ours: ITEM_ACCEPTED, ITEM_REFUSED and ITEMS_DROPPED. They are shown as what Zeebe has in their place: the command of an item, its
   * rejection, and the EXECUTE that finds the batch operation gone.
   */
  BATCH_OPERATION_EXECUTION: 'EXECUTING' | 'EXECUTED' | 'ITEM_ACCEPTED' | 'ITEM_REFUSED' | 'ITEMS_DROPPED'
  BATCH_OPERATION_PARTITION_LIFECYCLE: 'PARTITION_COMPLETED' | 'PARTITION_FAILED'
  BATCH_OPERATION_LIFECYCLE_MANAGEMENT: 'SUSPENDED' | 'RESUMED' | 'CANCELED' | 'COMPLETED' | 'FAILED'
}

export interface BatchOperationCommands {
  BATCH_OPERATION_CREATION: 'CREATE'
  BATCH_OPERATION_CHUNK: 'CREATE'
  BATCH_OPERATION_INITIALIZATION: 'FINISH_INITIALIZATION'
  BATCH_OPERATION_EXECUTION: 'EXECUTE'
  BATCH_OPERATION_PARTITION_LIFECYCLE: 'FAIL'
  BATCH_OPERATION_LIFECYCLE_MANAGEMENT: 'SUSPEND' | 'RESUME' | 'CANCEL'
}

export interface ElementMapping {
  readonly sourceElementId: string
  readonly targetElementId: string
}
export interface BatchMigrationPlan {
  readonly targetProcessDefinitionKey: Key
  readonly mappingInstructions: readonly ElementMapping[]
}
export interface BatchOperationError {
  readonly partitionId: number
  readonly type: 'QUERY_FAILED' | 'RESULT_BUFFER_SIZE_EXCEEDED' | 'UNKNOWN'
  readonly message: string
}
/** What is to be done to: a process instance (both keys are its own) or an incident of one. */
export interface BatchOperationItem {
  readonly itemKey: Key
  readonly processInstanceKey: Key
}

export interface BatchOperationCreationValue {
  batchOperationKey: Key
  batchOperationType: BatchOperationType
  /** JSON text of the conditions that process instances must meet. */
  entityFilter: string
  migrationPlan: BatchMigrationPlan
  modificationPlan: { readonly moveInstructions: readonly ElementMapping[] }
  partitionIds: readonly number[]
}
export interface BatchOperationChunkValue {
  batchOperationKey: Key
  items: readonly BatchOperationItem[]
  /** Ours, never shown: the key of the row. */
  chunkKey?: Key
  /** Ours, never shown, of the command: the answer to the filter is read up to this key; the chunk goes on from there. */
  after?: Key
}
export interface BatchOperationInitializationValue {
  batchOperationKey: Key
  searchResultCursor: string
  searchQueryPageSize: number
}
/** The command by which an item is worked on. */
export interface ItemCommand {
  readonly valueType: string
  readonly intent: string
  readonly key: Key
  readonly value: object
}
export interface BatchOperationExecutionValue {
  batchOperationKey: Key
  itemKeys: readonly Key[]
  /** Ours, never shown, of ITEM_ACCEPTED and ITEM_REFUSED. */
  item?: BatchOperationItem
  batchOperationType?: BatchOperationType
  command?: ItemCommand
  rejection?: { readonly type: string; readonly reason: string }
}
export interface BatchOperationPartitionLifecycleValue {
  batchOperationKey: Key
  sourcePartitionId: number
  error: BatchOperationError
}
export interface BatchOperationLifecycleManagementValue {
  batchOperationKey: Key
  errors: readonly BatchOperationError[]
}

export interface BatchOperationValues {
  BATCH_OPERATION_CREATION: BatchOperationCreationValue
  BATCH_OPERATION_CHUNK: BatchOperationChunkValue
  BATCH_OPERATION_INITIALIZATION: BatchOperationInitializationValue
  BATCH_OPERATION_EXECUTION: BatchOperationExecutionValue
  BATCH_OPERATION_PARTITION_LIFECYCLE: BatchOperationPartitionLifecycleValue
  BATCH_OPERATION_LIFECYCLE_MANAGEMENT: BatchOperationLifecycleManagementValue
}
