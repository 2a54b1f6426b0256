/**
 * How rows lie in PostgreSQL: for each table the type of each field. A table is the snake case of its name, a column that of its
 * field; a new field that is missing here does not compile. The SQL in migrations/ says the same to the database.
 *
 * `none` types hold NULL for the protocol's "none": -1, '', [] and {}. So an index leaves such rows out and `IS NULL` asks for them.
 */
import type { TableName, Tables } from '../core/state/tables.ts'

export type FieldType =
  | 'int8'
  | 'int8 or none'
  | 'int4'
  | 'bool'
  | 'text'
  | 'text or none'
  | 'text or null'
  | 'text[] or none'
  | 'text[] or null'
  | 'json object or none'
  | 'json list or none'
type TypesFor<V> = [V] extends [boolean]
  ? 'bool'
  : [V] extends [number]
    ? 'int8' | 'int8 or none' | 'int4'
    : [V] extends [string]
      ? 'text' | 'text or none'
      : null extends V
        ? [V] extends [string | null]
          ? 'text or null'
          : 'text[] or null'
        : [V] extends [readonly string[]]
          ? 'text[] or none'
          : [V] extends [readonly unknown[]]
            ? 'json list or none'
            : 'json object or none'
export type FieldsOf<Row> = { readonly [F in keyof Row]: TypesFor<Row[F]> }

/** A decision that was evaluated, once for each decision the evaluation needed. Written from the log, never read by the core. */
export interface DecisionInstance {
  readonly key: number
  /** Place among the evaluated decisions, from 1. */
  readonly evaluationIndex: number
  readonly tenantId: string
  readonly state: 'EVALUATED' | 'FAILED'
  readonly evaluatedAt: number
  readonly evaluationFailure: string
  readonly decisionKey: number
  readonly decisionId: string
  readonly decisionName: string
  readonly decisionVersion: number
  readonly decisionType: string
  readonly decisionRequirementsKey: number
  readonly decisionOutput: string
  /** JSON text of the lists as Zeebe records them. */
  readonly evaluatedInputs: string
  readonly matchedRules: string
  readonly elementId: string
  readonly elementInstanceKey: number
  readonly processInstanceKey: number
  readonly processDefinitionKey: number
}

/** An item of a batch operation that is done. Written from the log, never read by the core. */
export interface BatchOperationItem {
  /** Of the batch operation. */
  readonly key: number
  readonly itemKey: number
  readonly processInstanceKey: number
  readonly tenantId: string
  readonly state: 'COMPLETED' | 'FAILED'
  readonly batchOperationType: string
  readonly processedAt: number
  readonly errorMessage: string
}

/** A message that was taken by who waited for it. Written from the log, never read by the core. */
export interface CorrelatedSubscription {
  /** Of the subscription. */
  readonly key: number
  readonly messageKey: number
  readonly correlatedAt: number
  readonly tenantId: string
  readonly messageName: string
  readonly correlationKey: string
  /** Of a message that has started an instance: the start event, which has no instance here. */
  readonly elementId: string
  readonly elementInstanceKey: number
  readonly processInstanceKey: number
  readonly processDefinitionKey: number
  readonly bpmnProcessId: string
}

export interface StoredTables extends Tables {
  decisionInstance: DecisionInstance
  batchOperationItem: BatchOperationItem
  correlatedSubscription: CorrelatedSubscription
}
export type StoredTableName = keyof StoredTables

export const tables: { readonly [T in StoredTableName]: FieldsOf<StoredTables[T]> } = {
  elementInstance: {
    key: 'int8',
    tenantId: 'text',
    processInstanceKey: 'int8',
    rootProcessInstanceKey: 'int8',
    processDefinitionKey: 'int8',
    elementId: 'text',
    bpmnElementType: 'text',
    state: 'text',
    flowScopeKey: 'int8 or none',
    parentProcessInstanceKey: 'int8 or none',
    parentElementInstanceKey: 'int8 or none',
    calledProcessInstanceKey: 'int8 or none',
    childCount: 'int4',
    takenFlows: 'json object or none',
    interruptingElementId: 'text or none',
    triggers: 'json list or none',
    isFulfilled: 'bool',
    loopCounter: 'int4',
    completedChildren: 'int4',
    batch: 'text or none',
    held: 'int4',
    jobKey: 'int8 or none',
    userTaskKey: 'int8 or none',
    startedAt: 'int8',
    endedAt: 'int8 or none',
    sequenceFlows: 'text[] or none',
    tags: 'text[] or none',
    businessId: 'text or none',
    awaitedVariables: 'json object or none',
    terminateAfter: 'text[] or none',
    awaitsResult: 'text[] or null',
  },
  variable: {
    key: 'int8',
    tenantId: 'text',
    scopeKey: 'int8',
    processInstanceKey: 'int8',
    processDefinitionKey: 'int8',
    name: 'text',
    value: 'text or null',
  },
  listPart: { key: 'int8', tenantId: 'text', listKey: 'int8', items: 'text[] or none' },
  job: {
    key: 'int8',
    tenantId: 'text',
    state: 'text',
    type: 'text',
    retries: 'int4',
    worker: 'text or none',
    deadline: 'int8 or none',
    recurringTime: 'int8 or none',
    retryBackoff: 'int8',
    failures: 'int4',
    customHeaders: 'json object or none',
    errorMessage: 'text or none',
    errorCode: 'text or none',
    isDenied: 'bool',
    deniedReason: 'text or none',
    jobKind: 'text',
    jobListenerEventType: 'text',
    listenerIndex: 'int4',
    elementId: 'text',
    elementInstanceKey: 'int8',
    processInstanceKey: 'int8',
    processDefinitionKey: 'int8',
    tags: 'text[] or none',
    createdAt: 'int8',
    endedAt: 'int8 or none',
  },
  userTask: {
    key: 'int8',
    tenantId: 'text',
    state: 'text',
    assignee: 'text or none',
    candidateGroupsList: 'text[] or none',
    candidateUsersList: 'text[] or none',
    dueDate: 'text or none',
    followUpDate: 'text or none',
    priority: 'int4',
    formKey: 'int8 or none',
    externalFormReference: 'text or none',
    customHeaders: 'json object or none',
    action: 'text or none',
    transition: 'json object or none',
    elementId: 'text',
    createdAsElementId: 'text',
    elementInstanceKey: 'int8',
    processInstanceKey: 'int8',
    processDefinitionKey: 'int8',
    creationTimestamp: 'int8',
    endedAt: 'int8 or none',
  },
  incident: {
    key: 'int8',
    tenantId: 'text',
    state: 'text',
    errorType: 'text',
    errorMessage: 'text or none',
    elementId: 'text or none',
    elementInstanceKey: 'int8 or none',
    processInstanceKey: 'int8',
    rootProcessInstanceKey: 'int8',
    processDefinitionKey: 'int8',
    jobKey: 'int8 or none',
    createdAt: 'int8',
    endedAt: 'int8 or none',
  },
  timer: {
    key: 'int8',
    tenantId: 'text',
    elementInstanceKey: 'int8 or none',
    processInstanceKey: 'int8 or none',
    processDefinitionKey: 'int8',
    targetElementId: 'text',
    dueDate: 'int8 or none',
    countedFrom: 'int8',
    repetitions: 'int8',
  },
  subscription: {
    key: 'int8',
    tenantId: 'text',
    state: 'text',
    messageSubscriptionKey: 'int8 or none',
    messageName: 'text',
    correlationKey: 'text',
    interrupting: 'bool',
    elementId: 'text',
    elementInstanceKey: 'int8',
    processInstanceKey: 'int8',
    processDefinitionKey: 'int8',
    bpmnProcessId: 'text',
    messageKey: 'int8 or none',
    createdAt: 'int8',
  },
  message: {
    key: 'int8',
    tenantId: 'text',
    name: 'text',
    correlationKey: 'text',
    messageId: 'text or none',
    timeToLive: 'int8',
    deadline: 'int8',
    variables: 'text',
    correlatedTo: 'text[] or none',
  },
  messageStart: {
    key: 'int8',
    tenantId: 'text',
    messageName: 'text',
    processDefinitionKey: 'int8',
    bpmnProcessId: 'text',
    startEventId: 'text',
  },
  signalSubscription: {
    key: 'int8',
    tenantId: 'text',
    signalName: 'text',
    catchEventId: 'text',
    catchEventInstanceKey: 'int8 or none',
    processInstanceKey: 'int8 or none',
    processDefinitionKey: 'int8',
    bpmnProcessId: 'text',
  },
  conditionalSubscription: {
    key: 'int8',
    tenantId: 'text',
    elementInstanceKey: 'int8 or none',
    processInstanceKey: 'int8 or none',
    processDefinitionKey: 'int8',
    catchEventId: 'text',
    interrupting: 'bool',
    condition: 'text',
    variableNames: 'text[] or none',
    variableEvents: 'text[] or none',
  },
  compensationSubscription: {
    key: 'int8',
    tenantId: 'text',
    processInstanceKey: 'int8',
    processDefinitionKey: 'int8',
    compensableActivityId: 'text',
    compensableActivityInstanceKey: 'int8',
    compensableActivityScopeKey: 'int8',
    compensationHandlerId: 'text or none',
    compensationHandlerInstanceKey: 'int8 or none',
    variables: 'text',
    throwEventId: 'text or none',
    throwEventInstanceKey: 'int8 or none',
  },
  startLock: {
    key: 'int8',
    tenantId: 'text',
    bpmnProcessId: 'text',
    messageName: 'text',
    correlationKey: 'text',
  },
  suspension: {
    key: 'int8',
    tenantId: 'text',
    kind: 'text',
    state: 'text',
    processInstanceKey: 'int8 or none',
    processDefinitionKey: 'int8 or none',
    bpmnProcessId: 'text or none',
    elementId: 'text or none',
    jobType: 'text or none',
    admitsNewInstances: 'bool',
    suspendedAt: 'int8',
    resumedAt: 'int8 or none',
  },
  heldCommand: {
    key: 'int8',
    tenantId: 'text',
    suspensionKey: 'int8',
    processInstanceKey: 'int8 or none',
    rootProcessInstanceKey: 'int8 or none',
    command: 'json object or none',
  },
  processDefinition: {
    key: 'int8',
    tenantId: 'text',
    bpmnProcessId: 'text',
    version: 'int4',
    versionTag: 'text or none',
    processDefinitionKey: 'int8',
    resourceName: 'text',
    checksum: 'text',
    duplicate: 'bool',
    deploymentKey: 'int8',
    name: 'text or none',
    elementNames: 'json object or none',
    startFormId: 'text or none',
    createdAt: 'int8',
    deleted: 'bool',
  },
  decision: {
    key: 'int8',
    tenantId: 'text',
    decisionId: 'text',
    decisionName: 'text or none',
    version: 'int4',
    versionTag: 'text or none',
    decisionKey: 'int8',
    decisionRequirementsId: 'text',
    decisionRequirementsKey: 'int8',
    duplicate: 'bool',
    deploymentKey: 'int8',
    deleted: 'bool',
  },
  decisionRequirements: {
    key: 'int8',
    tenantId: 'text',
    decisionRequirementsId: 'text',
    decisionRequirementsName: 'text or none',
    decisionRequirementsVersion: 'int4',
    decisionRequirementsKey: 'int8',
    namespace: 'text or none',
    resourceName: 'text',
    checksum: 'text',
    duplicate: 'bool',
    deleted: 'bool',
  },
  form: {
    key: 'int8',
    tenantId: 'text',
    formId: 'text',
    version: 'int4',
    versionTag: 'text or none',
    formKey: 'int8',
    resourceName: 'text',
    checksum: 'text',
    duplicate: 'bool',
    deploymentKey: 'int8',
    deleted: 'bool',
  },
  resource: { key: 'int8', tenantId: 'text', text: 'text' },
  batchOperation: {
    key: 'int8',
    tenantId: 'text',
    state: 'text',
    batchOperationType: 'text',
    entityFilter: 'text',
    migrationPlan: 'json object or none',
    moveInstructions: 'json list or none',
    isInitialized: 'bool',
    readUpTo: 'int8 or none',
    firstChunkKey: 'int8 or none',
    lastChunkKey: 'int8 or none',
    chunkOffset: 'int4',
    totalCount: 'int4',
    completedCount: 'int4',
    failedCount: 'int4',
    errors: 'json list or none',
    startedAt: 'int8 or none',
    endedAt: 'int8 or none',
  },
  batchOperationChunk: {
    key: 'int8',
    tenantId: 'text',
    batchOperationKey: 'int8',
    nextChunkKey: 'int8 or none',
    items: 'json list or none',
  },
  correlatedSubscription: {
    key: 'int8',
    messageKey: 'int8',
    correlatedAt: 'int8',
    tenantId: 'text',
    messageName: 'text',
    correlationKey: 'text or none',
    elementId: 'text',
    elementInstanceKey: 'int8 or none',
    processInstanceKey: 'int8',
    processDefinitionKey: 'int8 or none',
    bpmnProcessId: 'text',
  },
  batchOperationItem: {
    key: 'int8',
    itemKey: 'int8',
    processInstanceKey: 'int8',
    tenantId: 'text',
    state: 'text',
    batchOperationType: 'text',
    processedAt: 'int8',
    errorMessage: 'text or none',
  },
  decisionInstance: {
    key: 'int8',
    evaluationIndex: 'int4',
    tenantId: 'text',
    state: 'text',
    evaluatedAt: 'int8',
    evaluationFailure: 'text or none',
    decisionKey: 'int8',
    decisionId: 'text',
    decisionName: 'text or none',
    decisionVersion: 'int4',
    decisionType: 'text',
    decisionRequirementsKey: 'int8',
    decisionOutput: 'text',
    evaluatedInputs: 'text',
    matchedRules: 'text',
    elementId: 'text or none',
    elementInstanceKey: 'int8 or none',
    processInstanceKey: 'int8 or none',
    processDefinitionKey: 'int8 or none',
  },
}

/** Tables whose ended rows live on in `<name>_history`; `<name>_all` is both. Decision instances, correlations and items that are done are history from their birth. */
export const tablesWithHistory = [
  'elementInstance',
  'variable',
  'job',
  'userTask',
  'incident',
  'batchOperation',
  'batchOperationChunk',
] as const satisfies readonly TableName[]

export const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
