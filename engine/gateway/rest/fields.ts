/**
 * The resources that can be searched and the fields of their rows: one description from which come the checks of filters and
 * sorts (search.ts), the types of rows, and the list against which the SQL side of `Query` is checked. Facts of Camunda 8.8, and
 * `businessId`, which 8.9 has on process instances: here it is found wherever something belongs to one.
 *
 * A field is `<type>[?][, <use>]`. `?`: a row may lack it. Use: none = shown, filtered, sorted by; `unsorted` = shown and filtered;
 * `unfiltered` = shown and sorted by; `hidden` = filtered and sorted by; `shown` = in rows only; `filter` = in filters only. An `id` is
 * text that is compared for equality alone. Keys are decimal text, dates ISO text in UTC, `text[]` lists of text.
 * A filter on a list field holds when an element satisfies it.
 */
import type { Row, SearchResource } from '../../protocol/query.ts'

export const enums = {
  InstanceState: ['ACTIVE', 'COMPLETED', 'TERMINATED'],
  /** SUSPENDED: Camunda 8.10's word; nothing shows it before something was suspended. */
  ProcessInstanceState: ['ACTIVE', 'COMPLETED', 'SUSPENDED', 'TERMINATED'],
  IncidentErrorType: [
    'UNSPECIFIED',
    'UNKNOWN',
    'IO_MAPPING_ERROR',
    'JOB_NO_RETRIES',
    'EXECUTION_LISTENER_NO_RETRIES',
    'TASK_LISTENER_NO_RETRIES',
    'AD_HOC_SUB_PROCESS_NO_RETRIES',
    'CONDITION_ERROR',
    'EXTRACT_VALUE_ERROR',
    'CALLED_ELEMENT_ERROR',
    'UNHANDLED_ERROR_EVENT',
    'MESSAGE_SIZE_EXCEEDED',
    'CALLED_DECISION_ERROR',
    'DECISION_EVALUATION_ERROR',
    'FORM_NOT_FOUND',
    'RESOURCE_NOT_FOUND',
  ],
  IncidentState: ['ACTIVE', 'MIGRATED', 'RESOLVED', 'PENDING'],
  ElementType: [
    'UNSPECIFIED',
    'PROCESS',
    'SUB_PROCESS',
    'EVENT_SUB_PROCESS',
    'AD_HOC_SUB_PROCESS',
    'AD_HOC_SUB_PROCESS_INNER_INSTANCE',
    'START_EVENT',
    'INTERMEDIATE_CATCH_EVENT',
    'INTERMEDIATE_THROW_EVENT',
    'BOUNDARY_EVENT',
    'END_EVENT',
    'SERVICE_TASK',
    'RECEIVE_TASK',
    'USER_TASK',
    'MANUAL_TASK',
    'TASK',
    'EXCLUSIVE_GATEWAY',
    'INCLUSIVE_GATEWAY',
    'PARALLEL_GATEWAY',
    'EVENT_BASED_GATEWAY',
    'SEQUENCE_FLOW',
    'MULTI_INSTANCE_BODY',
    'CALL_ACTIVITY',
    'BUSINESS_RULE_TASK',
    'SCRIPT_TASK',
    'SEND_TASK',
    'UNKNOWN',
  ],
  UserTaskState: [
    'CREATING',
    'CREATED',
    'ASSIGNING',
    'UPDATING',
    'COMPLETING',
    'COMPLETED',
    'CANCELING',
    'CANCELED',
    'FAILED',
  ],
  JobKind: ['BPMN_ELEMENT', 'EXECUTION_LISTENER', 'TASK_LISTENER', 'AD_HOC_SUB_PROCESS'],
  ListenerEvent: ['ASSIGNING', 'CANCELING', 'COMPLETING', 'CREATING', 'END', 'START', 'UNSPECIFIED', 'UPDATING'],
  JobState: ['CANCELED', 'COMPLETED', 'CREATED', 'ERROR_THROWN', 'FAILED', 'MIGRATED', 'RETRIES_UPDATED', 'TIMED_OUT'],
  MessageSubscriptionState: ['CORRELATED', 'CREATED', 'DELETED', 'MIGRATED'],
  /** Ours. */
  SuspensionKind: ['PROCESS_INSTANCE', 'PROCESS_DEFINITION', 'PROCESS', 'ELEMENT', 'JOB_TYPE'],
  SuspensionState: ['SUSPENDED', 'RESUMING'],
  DecisionInstanceState: ['EVALUATED', 'FAILED', 'UNSPECIFIED', 'UNKNOWN'],
  BatchOperationType: [
    'CANCEL_PROCESS_INSTANCE',
    'RESOLVE_INCIDENT',
    'MIGRATE_PROCESS_INSTANCE',
    'MODIFY_PROCESS_INSTANCE',
    'DELETE_PROCESS_INSTANCE',
    'ADD_VARIABLE',
    'UPDATE_VARIABLE',
    'DELETE_DECISION_DEFINITION',
    'DELETE_PROCESS_DEFINITION',
  ],
  BatchOperationState: ['ACTIVE', 'CANCELED', 'COMPLETED', 'CREATED', 'FAILED', 'PARTIALLY_COMPLETED', 'SUSPENDED'],
  BatchItemState: ['ACTIVE', 'COMPLETED', 'SKIPPED', 'CANCELED', 'FAILED'],
  DecisionType: ['DECISION_TABLE', 'LITERAL_EXPRESSION', 'UNSPECIFIED', 'UNKNOWN'],
} as const

export type EnumName = keyof typeof enums
export type ValueType = 'text' | 'id' | 'key' | 'int' | 'bool' | 'date' | 'text[]' | 'headers' | 'objects' | EnumName
type Use = 'unsorted' | 'unfiltered' | 'hidden' | 'shown' | 'filter'
type FieldSpec = `${ValueType}${'' | '?'}${'' | `, ${Use}`}`

export const fields = {
  'process-definitions': {
    processDefinitionKey: 'key',
    processDefinitionId: 'text',
    name: 'text?',
    version: 'int',
    versionTag: 'text?',
    resourceName: 'text',
    tenantId: 'text',
    hasStartForm: 'bool, unsorted',
    isLatestVersion: 'bool, filter',
  },
  'process-instances': {
    processInstanceKey: 'key',
    processDefinitionKey: 'key',
    processDefinitionId: 'text',
    processDefinitionName: 'text',
    processDefinitionVersion: 'int',
    processDefinitionVersionTag: 'text?',
    startDate: 'date',
    endDate: 'date?',
    state: 'ProcessInstanceState',
    hasIncident: 'bool',
    parentProcessInstanceKey: 'key?',
    parentElementInstanceKey: 'key?',
    tenantId: 'text',
    tags: 'text[]?, unsorted',
    businessId: 'text?',
    errorMessage: 'text, filter',
    hasRetriesLeft: 'bool, filter',
    elementId: 'text, filter',
    elementInstanceState: 'InstanceState, filter',
    hasElementInstanceIncident: 'bool, filter',
    incidentErrorHashCode: 'int, filter',
    batchOperationId: 'text, filter',
  },
  'element-instances': {
    elementInstanceKey: 'key',
    processInstanceKey: 'key',
    processDefinitionKey: 'key',
    processDefinitionId: 'text',
    elementId: 'text',
    elementName: 'text',
    type: 'ElementType',
    state: 'InstanceState',
    startDate: 'date',
    endDate: 'date?',
    hasIncident: 'bool, unsorted',
    incidentKey: 'key?',
    tenantId: 'text',
    elementInstanceScopeKey: 'key, filter',
    businessId: 'text, filter',
  },
  jobs: {
    jobKey: 'key',
    type: 'text',
    worker: 'text',
    state: 'JobState',
    kind: 'JobKind',
    listenerEventType: 'ListenerEvent',
    retries: 'int',
    deadline: 'date?',
    endTime: 'date?',
    errorCode: 'text?',
    errorMessage: 'text?',
    isDenied: 'bool?',
    deniedReason: 'text?',
    hasFailedWithRetriesLeft: 'bool, unsorted',
    customHeaders: 'headers, shown',
    elementId: 'text',
    elementInstanceKey: 'key',
    processInstanceKey: 'key',
    processDefinitionKey: 'key',
    processDefinitionId: 'text',
    tenantId: 'text',
    businessId: 'text?, unsorted',
  },
  'user-tasks': {
    userTaskKey: 'key, unsorted',
    name: 'text?',
    state: 'UserTaskState, unsorted',
    assignee: 'text?, unsorted',
    candidateGroups: 'text[]?, shown',
    candidateUsers: 'text[]?, shown',
    creationDate: 'date',
    completionDate: 'date?',
    dueDate: 'date?',
    followUpDate: 'date?',
    priority: 'int',
    formKey: 'key?, shown',
    externalFormReference: 'text?, shown',
    customHeaders: 'headers?, shown',
    elementId: 'text, unsorted',
    elementInstanceKey: 'key, unsorted',
    processInstanceKey: 'key, unsorted',
    processDefinitionKey: 'key, unsorted',
    processDefinitionId: 'text, unsorted',
    processDefinitionVersion: 'int, shown',
    processName: 'text?, shown',
    tenantId: 'text, unsorted',
    candidateGroup: 'text, filter',
    candidateUser: 'text, filter',
    businessId: 'text?, unsorted',
  },
  variables: {
    variableKey: 'key',
    name: 'text',
    value: 'text',
    isTruncated: 'bool, unsorted',
    scopeKey: 'key',
    processInstanceKey: 'key',
    tenantId: 'text',
    businessId: 'text, filter',
  },
  incidents: {
    incidentKey: 'key',
    errorType: 'IncidentErrorType',
    errorMessage: 'text',
    state: 'IncidentState',
    creationTime: 'date',
    elementId: 'text',
    elementInstanceKey: 'key',
    jobKey: 'key?',
    processInstanceKey: 'key',
    processDefinitionKey: 'key',
    processDefinitionId: 'text',
    tenantId: 'text',
    /** Ours: the instance, or any instance that called it at whatever distance. */
    callingProcessInstanceKey: 'key, filter',
    businessId: 'text?, unsorted',
  },
  'decision-definitions': {
    decisionDefinitionKey: 'key',
    decisionDefinitionId: 'text',
    name: 'text',
    version: 'int',
    decisionRequirementsId: 'text',
    decisionRequirementsKey: 'key',
    tenantId: 'text',
  },
  'decision-requirements': {
    decisionRequirementsKey: 'key',
    decisionRequirementsId: 'text',
    decisionRequirementsName: 'text',
    version: 'int',
    resourceName: 'text, unsorted',
    tenantId: 'text',
  },
  'decision-instances': {
    decisionEvaluationInstanceKey: 'text',
    decisionEvaluationKey: 'key',
    state: 'DecisionInstanceState',
    evaluationDate: 'date',
    evaluationFailure: 'text?',
    decisionDefinitionKey: 'key',
    decisionDefinitionId: 'text',
    decisionDefinitionName: 'text',
    decisionDefinitionVersion: 'int',
    decisionDefinitionType: 'DecisionType',
    result: 'text, shown',
    elementInstanceKey: 'key?',
    processInstanceKey: 'key?',
    processDefinitionKey: 'key?',
    tenantId: 'text',
    businessId: 'text, filter',
  },
  'message-subscriptions': {
    messageSubscriptionKey: 'key',
    messageName: 'text',
    correlationKey: 'text',
    messageSubscriptionState: 'MessageSubscriptionState',
    lastUpdatedDate: 'date',
    elementId: 'text',
    elementInstanceKey: 'key?',
    processInstanceKey: 'key?',
    processDefinitionKey: 'key, shown',
    processDefinitionId: 'text',
    tenantId: 'text',
    businessId: 'text, filter',
  },
  'correlated-message-subscriptions': {
    subscriptionKey: 'key',
    messageKey: 'key',
    messageName: 'text',
    correlationKey: 'text',
    correlationTime: 'date',
    elementId: 'text',
    elementInstanceKey: 'key?',
    partitionId: 'int',
    processDefinitionId: 'text',
    processDefinitionKey: 'key?',
    processInstanceKey: 'key',
    tenantId: 'text',
  },
  'batch-operations': {
    batchOperationKey: 'id',
    state: 'BatchOperationState',
    batchOperationType: 'BatchOperationType, shown',
    startDate: 'date?, unfiltered',
    endDate: 'date?, unfiltered',
    operationsTotalCount: 'int, shown',
    operationsFailedCount: 'int, shown',
    operationsCompletedCount: 'int, shown',
    errors: 'objects, shown',
    operationType: 'BatchOperationType, hidden',
  },
  'batch-operation-items': {
    itemKey: 'id',
    batchOperationKey: 'id',
    processInstanceKey: 'key',
    operationType: 'BatchOperationType, shown',
    state: 'BatchItemState',
    processedDate: 'date?, shown',
    errorMessage: 'text?, shown',
  },
  /** Ours. */
  suspensions: {
    suspensionKey: 'key',
    kind: 'SuspensionKind',
    state: 'SuspensionState',
    suspensionDate: 'date',
    processInstanceKey: 'key?',
    processDefinitionKey: 'key?',
    processDefinitionId: 'text?',
    elementId: 'text?',
    jobType: 'text?',
    admitsNewInstances: 'bool',
    waitingCount: 'int, shown',
    tenantId: 'text',
  },
} as const satisfies Readonly<Record<SearchResource, Readonly<Record<string, FieldSpec>>>>

interface ValueOf extends Record<EnumName, string> {
  text: string
  id: string
  key: string
  int: number
  bool: boolean
  date: string
  'text[]': readonly string[]
  headers: Readonly<Record<string, string>>
  objects: readonly object[]
}
type TypeIn<S> = S extends `${infer T extends ValueType}${'' | '?'}${'' | `, ${string}`}` ? T : never
type Shown<R extends SearchResource> = {
  [F in keyof (typeof fields)[R]]: (typeof fields)[R][F] extends `${string}, ${'filter' | 'hidden'}` ? never : F
}[keyof (typeof fields)[R]]
type Optional<R extends SearchResource> = {
  [F in Shown<R>]: (typeof fields)[R][F] extends `${string}?${string}` ? F : never
}[Shown<R>]

/** A row of a resource: what the SQL side answers, less the optional fields without a value. */
export type RowOf<R extends SearchResource> = {
  readonly [F in Exclude<Shown<R>, Optional<R>>]: ValueOf[TypeIn<(typeof fields)[R][F]>]
} & { readonly [F in Optional<R>]?: ValueOf[TypeIn<(typeof fields)[R][F]>] | null }

export interface Field {
  readonly type: ValueType
  readonly isOptional: boolean
  readonly isShown: boolean
  readonly isFilter: boolean
  readonly isSort: boolean
}

function parseField(spec: string): Field {
  const [typed, use] = spec.split(', ')
  return {
    type: typed!.replace('?', '') as ValueType,
    isOptional: typed!.endsWith('?'),
    isShown: use !== 'filter' && use !== 'hidden',
    isFilter: use !== 'shown' && use !== 'unfiltered',
    isSort: use === undefined || use === 'unfiltered' || use === 'hidden',
  }
}

const parsed = Object.fromEntries(
  Object.entries(fields).map(([resource, specs]) => [
    resource,
    new Map(Object.entries(specs).map(([name, spec]) => [name, parseField(spec)])),
  ]),
)
export const fieldsOf = (resource: SearchResource): ReadonlyMap<string, Field> => parsed[resource]!

/** Leaves out what has no value: clients' schemas know optional fields, but few nullable ones. */
export const withoutNulls = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))
