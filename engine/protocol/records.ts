/**
 * The words of the record log: value types, intents and values, verbatim as Zeebe 8.8's exporters write them.
 * Batch operations have a page of their own. Keys are safe integers (partitions 1–3 fit 2^53); `-1` and `''` mean "none", as on Zeebe's wire.
 * Variables are JSON text throughout: a number never passes through a JavaScript number where it would lose a digit.
 */

import type { BatchOperationCommands, BatchOperationEvents, BatchOperationValues } from './batch-operations.ts'

/** An engine-assigned identity: `partition * 2^51 + n`. Text in JSON and REST, int64 in gRPC and SQL. */
export type Key = number & { readonly __key?: never }
/** JSON text of any value. */
export type Json = string
/** A key as clients see it. */
export type KeyText = string
/** Epoch milliseconds. */
export type Instant = number

export const DEFAULT_TENANT = '<default>'
export const NO_KEY: Key = -1

export type BpmnElementType =
  | 'PROCESS'
  | 'MULTI_INSTANCE_BODY'
  | 'AD_HOC_SUB_PROCESS'
  | 'AD_HOC_SUB_PROCESS_INNER_INSTANCE'
  | 'SUB_PROCESS'
  | 'EVENT_SUB_PROCESS'
  | 'START_EVENT'
  | 'INTERMEDIATE_CATCH_EVENT'
  | 'INTERMEDIATE_THROW_EVENT'
  | 'BOUNDARY_EVENT'
  | 'END_EVENT'
  | 'SERVICE_TASK'
  | 'RECEIVE_TASK'
  | 'USER_TASK'
  | 'MANUAL_TASK'
  | 'TASK'
  | 'SCRIPT_TASK'
  | 'BUSINESS_RULE_TASK'
  | 'SEND_TASK'
  | 'EXCLUSIVE_GATEWAY'
  | 'PARALLEL_GATEWAY'
  | 'EVENT_BASED_GATEWAY'
  | 'INCLUSIVE_GATEWAY'
  | 'SEQUENCE_FLOW'
  | 'CALL_ACTIVITY'

export type BpmnEventType =
  | 'UNSPECIFIED'
  | 'NONE'
  | 'MESSAGE'
  | 'TIMER'
  | 'ERROR'
  | 'SIGNAL'
  | 'TERMINATE'
  | 'LINK'
  | 'ESCALATION'
  | 'COMPENSATION'
  /** Ours: no Zeebe has transactions. */
  | 'CANCEL'
  /** 8.9's. */
  | 'CONDITIONAL'

export type RejectionType =
  | 'INVALID_ARGUMENT'
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'INVALID_STATE'
  | 'PROCESSING_ERROR'
  | 'EXCEEDED_BATCH_RECORD_SIZE'

export type ErrorType =
  | 'UNKNOWN'
  | 'IO_MAPPING_ERROR'
  | 'JOB_NO_RETRIES'
  | 'EXECUTION_LISTENER_NO_RETRIES'
  | 'TASK_LISTENER_NO_RETRIES'
  | 'AD_HOC_SUB_PROCESS_NO_RETRIES'
  | 'CONDITION_ERROR'
  | 'EXTRACT_VALUE_ERROR'
  | 'CALLED_ELEMENT_ERROR'
  | 'UNHANDLED_ERROR_EVENT'
  | 'MESSAGE_SIZE_EXCEEDED'
  | 'CALLED_DECISION_ERROR'
  | 'DECISION_EVALUATION_ERROR'
  | 'FORM_NOT_FOUND'
  | 'RESOURCE_NOT_FOUND'

/** Events of each value type: what happened. */
export interface Events extends BatchOperationEvents {
  PROCESS_INSTANCE:
    | 'SEQUENCE_FLOW_TAKEN'
    | 'ELEMENT_ACTIVATING'
    | 'ELEMENT_ACTIVATED'
    | 'ELEMENT_COMPLETING'
    | 'ELEMENT_COMPLETED'
    | 'ELEMENT_TERMINATING'
    | 'ELEMENT_TERMINATED'
    | 'ELEMENT_MIGRATED'
    | 'ANCESTOR_MIGRATED'
    | 'SEQUENCE_FLOW_DELETED'
    | 'SUSPENDED'
    | 'RESUMED'
  PROCESS_INSTANCE_CREATION: 'CREATED'
  PROCESS_INSTANCE_RESULT: 'COMPLETED'
  PROCESS_INSTANCE_MODIFICATION: 'MODIFIED'
  PROCESS_INSTANCE_MIGRATION: 'MIGRATED'
  PROCESS_EVENT: 'TRIGGERING' | 'TRIGGERED'
  VARIABLE: 'CREATED' | 'UPDATED' | 'MIGRATED'
  VARIABLE_DOCUMENT: 'UPDATING' | 'UPDATED' | 'UPDATE_DENIED'
  JOB:
    | 'CREATED'
    | 'COMPLETED'
    | 'TIMED_OUT'
    | 'FAILED'
    | 'RETRIES_UPDATED'
    | 'CANCELED'
    | 'ERROR_THROWN'
    | 'RECURRED_AFTER_BACKOFF'
    | 'YIELDED'
    | 'TIMEOUT_UPDATED'
    | 'MIGRATED'
  JOB_BATCH: 'ACTIVATED'
  INCIDENT: 'CREATED' | 'RESOLVED' | 'MIGRATED'
  TIMER: 'CREATED' | 'TRIGGERED' | 'CANCELED' | 'MIGRATED' | 'RESCHEDULED'
  MESSAGE: 'PUBLISHED' | 'EXPIRED'
  MESSAGE_SUBSCRIPTION: 'CREATED' | 'CORRELATING' | 'CORRELATED' | 'REJECTED' | 'DELETED' | 'MIGRATED'
  PROCESS_MESSAGE_SUBSCRIPTION: 'CREATING' | 'CREATED' | 'CORRELATED' | 'DELETING' | 'DELETED' | 'MIGRATED'
  MESSAGE_START_EVENT_SUBSCRIPTION: 'CREATED' | 'CORRELATED' | 'DELETED'
  MESSAGE_CORRELATION: 'CORRELATING' | 'CORRELATED' | 'NOT_CORRELATED'
  SIGNAL: 'BROADCASTED'
  SIGNAL_SUBSCRIPTION: 'CREATED' | 'DELETED' | 'MIGRATED'
  /** 8.9's, as are CONDITIONAL_EVALUATION and their fields. */
  CONDITIONAL_SUBSCRIPTION: 'CREATED' | 'TRIGGERED' | 'DELETED' | 'MIGRATED'
  CONDITIONAL_EVALUATION: 'EVALUATED'
  ESCALATION: 'ESCALATED' | 'NOT_ESCALATED'
  COMPENSATION_SUBSCRIPTION: 'CREATED' | 'TRIGGERED' | 'COMPLETED' | 'DELETED' | 'MIGRATED'
  USER_TASK:
    | 'CREATING'
    | 'CREATED'
    | 'ASSIGNING'
    | 'CLAIMING'
    | 'ASSIGNED'
    | 'UPDATING'
    | 'UPDATED'
    | 'COMPLETING'
    | 'COMPLETED'
    | 'CANCELING'
    | 'CANCELED'
    | 'CORRECTED'
    | 'ASSIGNMENT_DENIED'
    | 'UPDATE_DENIED'
    | 'COMPLETION_DENIED'
    | 'MIGRATED'
  DECISION_EVALUATION: 'EVALUATED' | 'FAILED'
  DEPLOYMENT: 'CREATED'
  PROCESS: 'CREATED' | 'DELETING' | 'DELETED'
  DECISION: 'CREATED' | 'DELETED'
  DECISION_REQUIREMENTS: 'CREATED' | 'DELETED'
  FORM: 'CREATED' | 'DELETED'
  RESOURCE_DELETION: 'DELETING' | 'DELETED'
  RUNTIME_INSTRUCTION: 'INTERRUPTED'
  MULTI_INSTANCE: 'INPUT_COLLECTION_EVALUATED'
  AD_HOC_SUB_PROCESS_INSTRUCTION: 'ACTIVATED' | 'COMPLETED'
  /** Ours: what is suspended, and the commands that wait for its end. RESUMING comes once more for each turn that leaves some. */
  SUSPENSION: 'SUSPENDED' | 'RESUMING' | 'RESUMED' | 'HELD' | 'RELEASED' | 'MIGRATED'
  /** Ours: ACTIVATING and TERMINATING, when a turn leaves the rest to a later one; shown as the command that Zeebe has in its place. */
  PROCESS_INSTANCE_BATCH: 'ACTIVATING' | 'ACTIVATED' | 'TERMINATING' | 'TERMINATED'
}

/** Commands: what is wished. Those of clients and of the clock enter by the queue, the rest follow from other commands. */
export interface Commands extends BatchOperationCommands {
  PROCESS_INSTANCE:
    | 'CANCEL'
    | 'SUSPEND'
    | 'RESUME'
    | 'ACTIVATE_ELEMENT'
    | 'COMPLETE_ELEMENT'
    | 'TERMINATE_ELEMENT'
    | 'COMPLETE_EXECUTION_LISTENER'
    | 'CONTINUE_TERMINATING_ELEMENT'
  PROCESS_INSTANCE_BATCH: 'ACTIVATE' | 'TERMINATE'
  /** Ours: an event that came while it could not be taken. */
  PROCESS_EVENT: 'TRIGGER' | 'START'
  SUSPENSION: 'SUSPEND' | 'RESUME' | 'RELEASE'
  PROCESS_INSTANCE_CREATION: 'CREATE' | 'CREATE_WITH_AWAITING_RESULT'
  PROCESS_INSTANCE_MODIFICATION: 'MODIFY'
  PROCESS_INSTANCE_MIGRATION: 'MIGRATE'
  VARIABLE_DOCUMENT: 'UPDATE'
  JOB:
    | 'COMPLETE'
    | 'FAIL'
    | 'THROW_ERROR'
    | 'UPDATE_RETRIES'
    | 'UPDATE_TIMEOUT'
    | 'TIME_OUT'
    | 'RECUR_AFTER_BACKOFF'
    | 'YIELD'
    | 'RESUME'
  JOB_BATCH: 'ACTIVATE'
  INCIDENT: 'RESOLVE'
  TIMER: 'TRIGGER'
  MESSAGE: 'PUBLISH' | 'EXPIRE'
  MESSAGE_CORRELATION: 'CORRELATE'
  MESSAGE_SUBSCRIPTION: 'CREATE' | 'CORRELATE' | 'REJECT' | 'DELETE' | 'MIGRATE'
  PROCESS_MESSAGE_SUBSCRIPTION: 'CREATE' | 'CORRELATE' | 'DELETE'
  SIGNAL: 'BROADCAST'
  CONDITIONAL_SUBSCRIPTION: 'TRIGGER'
  CONDITIONAL_EVALUATION: 'EVALUATE'
  AD_HOC_SUB_PROCESS_INSTRUCTION: 'ACTIVATE'
  USER_TASK: 'ASSIGN' | 'CLAIM' | 'UPDATE' | 'COMPLETE'
  DECISION_EVALUATION: 'EVALUATE'
  DEPLOYMENT: 'CREATE'
  RESOURCE_DELETION: 'DELETE'
}

export interface ProcessInstanceValue {
  bpmnElementType: BpmnElementType
  bpmnEventType: BpmnEventType
  elementId: string
  bpmnProcessId: string
  version: number
  processDefinitionKey: Key
  processInstanceKey: Key
  flowScopeKey: Key
  parentProcessInstanceKey: Key
  parentElementInstanceKey: Key
  tenantId: string
  tags: readonly string[]
  /** Of 8.9, on PROCESS only; absent when it has none. */
  businessId?: string
  elementInstancePath: readonly (readonly Key[])[]
  processDefinitionPath: readonly Key[]
  callingElementPath: readonly number[]
  /** Ours, never shown: who has interrupted the migrated scope. */
  interruptingElementId?: string
  /** Ours, never shown: the flows of which this activation consumes tokens; wishes of the creator, on PROCESS only. */
  incoming?: readonly string[]
  terminateAfter?: readonly string[]
  awaitsResult?: readonly string[] | null
  /** Ours, never shown, on PROCESS only: the event that began the instance, kept while start listeners work. */
  trigger?: { readonly key: Key; readonly targetElementId: string; readonly variables: Json }
  /** Ours, of COMPLETE_EXECUTION_LISTENER: the place of the listener that is done. */
  listenerIndex?: number
}
export interface ProcessInstanceCreationValue {
  bpmnProcessId: string
  version: number
  processDefinitionKey: Key
  processInstanceKey: Key
  variables: Json
  fetchVariables: readonly string[]
  startInstructions: readonly { elementId: string }[]
  runtimeInstructions: readonly { type: 'TERMINATE_PROCESS_INSTANCE'; afterElementId: string }[]
  tags: readonly string[]
  /** Of 8.9; absent when it has none. */
  businessId?: string
  tenantId: string
}
export interface ProcessInstanceResultValue {
  bpmnProcessId: string
  version: number
  processDefinitionKey: Key
  processInstanceKey: Key
  variables: Json
  tags: readonly string[]
  businessId?: string
  tenantId: string
}
export interface ActivateInstruction {
  elementId: string
  /** The instance of a scope around the element under which it shall begin; -1 where there is no choice. */
  ancestorScopeKey: Key
  /** The scopes it begins in, as MODIFIED tells. */
  ancestorScopeKeys: readonly Key[]
  /** `elementId` '' is the process instance. */
  variableInstructions: readonly { variables: Json; elementId: string }[]
}
export interface ProcessInstanceModificationValue {
  processInstanceKey: Key
  activateInstructions: readonly ActivateInstruction[]
  terminateInstructions: readonly { elementInstanceKey: Key }[]
  ancestorScopeKeys: readonly Key[]
  tenantId: string
}
export interface MappingInstruction {
  sourceElementId: string
  targetElementId: string
}
export interface ProcessInstanceMigrationValue {
  processInstanceKey: Key
  targetProcessDefinitionKey: Key
  mappingInstructions: readonly MappingInstruction[]
}
export interface ProcessEventValue {
  scopeKey: Key
  targetElementId: string
  variables: Json
  processDefinitionKey: Key
  processInstanceKey: Key
  tenantId: string
  /** Ours, never shown: the target is the start of an interrupting event sub-process of the scope. */
  interrupting?: boolean
  /** Ours, never shown: the element that takes the event up, where the record names the one before a migration. */
  takenUpBy?: string
  /** Ours, of START: the message that begins an instance, and the start event's subscription. */
  message?: { readonly key: Key; readonly startKey: Key; readonly name: string; readonly correlationKey: string }
}
export interface VariableValue {
  name: string
  value: Json
  scopeKey: Key
  processInstanceKey: Key
  processDefinitionKey: Key
  bpmnProcessId: string
  tenantId: string
  /** Ours, never shown: instead of `value`, a list of so many nulls, kept in parts with keys from `partsFrom` on. */
  nulls?: { readonly length: number; readonly partsFrom: Key }
  /** Ours, never shown: instead of `value`, what has changed in such a list. */
  item?: { readonly index: number; readonly value: Json }
}
/** PROPAGATE updates where the names exist and creates the rest at the process instance, LOCAL writes into the scope itself. */
export type UpdateSemantics = 'PROPAGATE' | 'LOCAL'
export interface VariableDocumentValue {
  scopeKey: Key
  updateSemantics: UpdateSemantics
  variables: Json
  tenantId: string
}
export type JobKind = 'BPMN_ELEMENT' | 'EXECUTION_LISTENER' | 'TASK_LISTENER' | 'AD_HOC_SUB_PROCESS'
export type JobListenerEventType =
  | 'UNSPECIFIED'
  | 'START'
  | 'END'
  | 'CREATING'
  | 'ASSIGNING'
  | 'UPDATING'
  | 'COMPLETING'
  | 'CANCELING'
export interface JobResultActivateElement {
  elementId: string
  variables: Json
}
/** What a listener or the worker of an ad-hoc sub-process answers with its job, besides variables. */
export interface JobResult {
  type: 'USER_TASK' | 'AD_HOC_SUB_PROCESS'
  denied: boolean
  deniedReason: string
  /** Of these only the `correctedAttributes` count. */
  corrections: Partial<
    Pick<
      UserTaskValue,
      'assignee' | 'dueDate' | 'followUpDate' | 'candidateUsersList' | 'candidateGroupsList' | 'priority'
    >
  >
  correctedAttributes: readonly (keyof JobResult['corrections'])[]
  activateElements: readonly JobResultActivateElement[]
  completionConditionFulfilled: boolean
  cancelRemainingInstances: boolean
}
export interface JobValue {
  type: string
  retries: number
  worker: string
  deadline: Instant
  timeout: number
  variables: Json
  customHeaders: Readonly<Record<string, string>>
  errorMessage: string
  errorCode: string
  retryBackoff: number
  recurringTime: Instant
  result?: Partial<JobResult>
  jobKind: JobKind
  jobListenerEventType: JobListenerEventType
  elementId: string
  elementInstanceKey: Key
  bpmnProcessId: string
  processDefinitionVersion: number
  processDefinitionKey: Key
  processInstanceKey: Key
  tags: readonly string[]
  tenantId: string
  /** Ours, never shown: the thrown error has a catcher, so that the job is done. */
  caught?: boolean
  /** Ours, never shown: the place of a listener among those of its event, from 0. */
  listenerIndex?: number
}
export interface JobBatchValue {
  type: string
  worker: string
  timeout: number
  maxJobsToActivate: number
  jobKeys: readonly Key[]
  jobs: readonly Partial<JobValue>[]
  fetchVariables: readonly string[]
  truncated: boolean
  tenantIds: readonly string[]
}
export interface IncidentValue {
  errorType: ErrorType
  errorMessage: string
  bpmnProcessId: string
  processDefinitionKey: Key
  processInstanceKey: Key
  elementId: string
  elementInstanceKey: Key
  jobKey: Key
  variableScopeKey: Key
  elementInstancePath: readonly (readonly Key[])[]
  processDefinitionPath: readonly Key[]
  callingElementPath: readonly number[]
  tenantId: string
}
export interface TimerValue {
  elementInstanceKey: Key
  processInstanceKey: Key
  processDefinitionKey: Key
  dueDate: Instant
  targetElementId: string
  repetitions: number
  tenantId: string
}
export interface MessageValue {
  name: string
  correlationKey: string
  timeToLive: number
  deadline: Instant
  messageId: string
  variables: Json
  tenantId: string
}
export interface MessageCorrelationValue {
  name: string
  correlationKey: string
  variables: Json
  messageKey: Key
  processInstanceKey: Key
  tenantId: string
}
export interface MessageSubscriptionValue {
  processInstanceKey: Key
  elementInstanceKey: Key
  bpmnProcessId: string
  messageKey: Key
  messageName: string
  correlationKey: string
  interrupting: boolean
  variables: Json
  tenantId: string
  /** Ours, never shown: the key of the process side, under which the row of both lies. */
  processMessageSubscriptionKey?: Key
}
export interface ProcessMessageSubscriptionValue extends MessageSubscriptionValue {
  elementId: string
  /** Ours, never shown. */
  processDefinitionKey?: Key
}
export interface MessageStartEventSubscriptionValue {
  processDefinitionKey: Key
  bpmnProcessId: string
  startEventId: string
  messageName: string
  messageKey: Key
  correlationKey: string
  processInstanceKey: Key
  variables: Json
  tenantId: string
}
export interface SignalValue {
  signalName: string
  variables: Json
  tenantId: string
}
/** Of an element instance that waits or, with `catchEventInstanceKey` -1, of a start event. */
export interface SignalSubscriptionValue {
  signalName: string
  processDefinitionKey: Key
  bpmnProcessId: string
  catchEventId: string
  catchEventInstanceKey: Key
  tenantId: string
  /** Ours, never shown. */
  processInstanceKey?: Key
}
export type VariableEvent = 'create' | 'update'
/** Of an element instance that waits or, with `elementInstanceKey` -1, of a start event. */
export interface ConditionalSubscriptionValue {
  /** The scope in which the condition is evaluated: the element instance that waits. */
  scopeKey: Key
  elementInstanceKey: Key
  processInstanceKey: Key
  processDefinitionKey: Key
  catchEventId: string
  interrupting: boolean
  /** FEEL with its leading `=`. */
  condition: string
  /** The variables that the condition reads; it is evaluated when one of them changes, or any when it reads none. */
  variableNames: readonly string[]
  /** The changes that count; [] for all. */
  variableEvents: readonly VariableEvent[]
  tenantId: string
}
export interface ConditionalEvaluationValue {
  /** Whose start events are looked at; -1 for those of all definitions. */
  processDefinitionKey: Key
  /** In which conditions are evaluated, and what the instances begin with. */
  variables: Json
  startedProcessInstances: readonly { readonly processDefinitionKey: Key; readonly processInstanceKey: Key }[]
  tenantId: string
}
export interface EscalationValue {
  processInstanceKey: Key
  escalationCode: string
  throwElementId: string
  /** '' when nobody caught it. */
  catchElementId: string
  tenantId: string
}
export interface CompensationSubscriptionValue {
  processInstanceKey: Key
  processDefinitionKey: Key
  compensableActivityId: string
  compensableActivityInstanceKey: Key
  compensableActivityScopeKey: Key
  /** '' for a sub-process: what has completed in it is compensated. */
  compensationHandlerId: string
  compensationHandlerInstanceKey: Key
  throwEventId: string
  throwEventInstanceKey: Key
  /** Always {} in 8.8; of a sub-process with a compensation event sub-process, which is ours, those it had when it completed. */
  variables: Json
  tenantId: string
}
export interface UserTaskValue {
  userTaskKey: Key
  assignee: string
  candidateGroupsList: readonly string[]
  candidateUsersList: readonly string[]
  dueDate: string
  followUpDate: string
  priority: number
  formKey: Key
  externalFormReference: string
  customHeaders: Readonly<Record<string, string>>
  changedAttributes: readonly string[]
  action: string
  variables: Json
  deniedReason: string
  creationTimestamp: Instant
  elementId: string
  elementInstanceKey: Key
  bpmnProcessId: string
  processDefinitionVersion: number
  processDefinitionKey: Key
  processInstanceKey: Key
  tenantId: string
  /** Ours, never shown: the update of variables that the transition waits for. */
  updateSemantics?: UpdateSemantics
  variableDocumentKey?: Key
}
export interface AdHocSubProcessInstructionValue {
  adHocSubProcessInstanceKey: Key
  activateElements: readonly JobResultActivateElement[]
  cancelRemainingInstances: boolean
  completionConditionFulfilled: boolean
  tenantId: string
}
export interface EvaluatedInput {
  inputId: string
  inputName: string
  inputValue: Json
}
export interface EvaluatedOutput {
  outputId: string
  outputName: string
  outputValue: Json
}
export interface MatchedRule {
  ruleId: string
  ruleIndex: number
  evaluatedOutputs: readonly EvaluatedOutput[]
}
export interface EvaluatedDecisionValue {
  decisionId: string
  decisionName: string
  decisionKey: Key
  decisionVersion: number
  decisionType: string
  decisionOutput: Json
  tenantId: string
  evaluatedInputs: readonly EvaluatedInput[]
  matchedRules: readonly MatchedRule[]
}
export interface DecisionEvaluationValue {
  decisionKey: Key
  decisionId: string
  decisionName: string
  decisionVersion: number
  decisionRequirementsId: string
  decisionRequirementsKey: Key
  decisionOutput: Json
  variables: Json
  evaluatedDecisions: readonly EvaluatedDecisionValue[]
  failedDecisionId: string
  evaluationFailureMessage: string
  bpmnProcessId: string
  processDefinitionKey: Key
  processInstanceKey: Key
  elementInstanceKey: Key
  elementId: string
  tenantId: string
}
export interface ProcessMetadata {
  bpmnProcessId: string
  version: number
  versionTag: string
  processDefinitionKey: Key
  resourceName: string
  /** Base64 of the MD5 digest of the content. */
  checksum: string
  duplicate: boolean
  deploymentKey: Key
  tenantId: string
}
export interface DecisionMetadata {
  decisionId: string
  decisionName: string
  version: number
  versionTag: string
  decisionKey: Key
  decisionRequirementsId: string
  decisionRequirementsKey: Key
  duplicate: boolean
  deploymentKey: Key
  tenantId: string
}
export interface DecisionRequirementsMetadata {
  decisionRequirementsId: string
  decisionRequirementsName: string
  decisionRequirementsVersion: number
  decisionRequirementsKey: Key
  namespace: string
  resourceName: string
  checksum: string
  duplicate: boolean
  tenantId: string
}
export interface FormMetadata {
  formId: string
  version: number
  versionTag: string
  formKey: Key
  resourceName: string
  checksum: string
  duplicate: boolean
  deploymentKey: Key
  tenantId: string
}
export interface DeploymentResource {
  resourceName: string
  /** Base64 of the content. */
  resource: string
}
export interface DeploymentValue {
  resources: readonly DeploymentResource[]
  processesMetadata: readonly ProcessMetadata[]
  decisionsMetadata: readonly DecisionMetadata[]
  decisionRequirementsMetadata: readonly DecisionRequirementsMetadata[]
  formMetadata: readonly FormMetadata[]
  deploymentKey: Key
  tenantId: string
}
export interface ProcessValue extends ProcessMetadata {
  resource: string
  /** Ours, never shown: the names of the process and of its elements, by id, and the form of its none start event. */
  name?: string
  elementNames?: Readonly<Record<string, string>>
  startFormId?: string
}
export interface DecisionRequirementsValue extends DecisionRequirementsMetadata {
  resource: string
}
export interface FormValue extends FormMetadata {
  resource: string
}
export interface ResourceDeletionValue {
  resourceKey: Key
  tenantId: string
}
export interface RuntimeInstructionValue {
  processInstanceKey: Key
  elementId: string
  tenantId: string
}

export interface MultiInstanceValue {
  /** Each item as JSON text. */
  inputCollection: readonly Json[]
  /** Ours, never shown: whose section of the log it is, and the key of the first part in which the list is kept. */
  processInstanceKey?: Key
  partsFrom?: Key
}
export interface ProcessInstanceBatchValue {
  processInstanceKey: Key
  tenantId: string
  /** The scope whose children are meant. */
  batchElementInstanceKey: Key
  /** ACTIVATE: how many are left. TERMINATE: the key of the next child. */
  index: number
  /** Ours, on commands: children that were read ahead. */
  childKeys?: readonly Key[]
}

/** What may be suspended: an instance with all it calls, a version of a process, all versions, an element of a version, a job type. */
export type SuspensionKind = 'PROCESS_INSTANCE' | 'PROCESS_DEFINITION' | 'PROCESS' | 'ELEMENT' | 'JOB_TYPE'
/** A command with what was handed along inside the engine. */
export type HeldCommandContent = Command & {
  readonly trigger?: { readonly key: Key; readonly targetElementId: string; readonly variables: Json }
}
export interface SuspensionValue {
  kind: SuspensionKind
  processInstanceKey: Key
  processDefinitionKey: Key
  bpmnProcessId: string
  elementId: string
  /** One that ends with `*` means all that begin so. */
  jobType: string
  /** Of a definition: new instances are let in, and stand still at their start. */
  admitsNewInstances: boolean
  tenantId: string
  /** Of MIGRATED: how long the instance stood still under its old definition. */
  suspendedAt: Instant
  resumedAt: Instant
  /** Of HELD and RELEASED. */
  suspensionKey: Key
  rootProcessInstanceKey: Key
  command: HeldCommandContent
}
export interface Values extends BatchOperationValues {
  PROCESS_INSTANCE: ProcessInstanceValue
  PROCESS_INSTANCE_CREATION: ProcessInstanceCreationValue
  PROCESS_INSTANCE_RESULT: ProcessInstanceResultValue
  PROCESS_INSTANCE_MODIFICATION: ProcessInstanceModificationValue
  PROCESS_INSTANCE_MIGRATION: ProcessInstanceMigrationValue
  PROCESS_EVENT: ProcessEventValue
  VARIABLE: VariableValue
  VARIABLE_DOCUMENT: VariableDocumentValue
  JOB: JobValue
  JOB_BATCH: JobBatchValue
  INCIDENT: IncidentValue
  TIMER: TimerValue
  MESSAGE: MessageValue
  MESSAGE_CORRELATION: MessageCorrelationValue
  MESSAGE_SUBSCRIPTION: MessageSubscriptionValue
  PROCESS_MESSAGE_SUBSCRIPTION: ProcessMessageSubscriptionValue
  MESSAGE_START_EVENT_SUBSCRIPTION: MessageStartEventSubscriptionValue
  SIGNAL: SignalValue
  SIGNAL_SUBSCRIPTION: SignalSubscriptionValue
  CONDITIONAL_SUBSCRIPTION: ConditionalSubscriptionValue
  CONDITIONAL_EVALUATION: ConditionalEvaluationValue
  ESCALATION: EscalationValue
  COMPENSATION_SUBSCRIPTION: CompensationSubscriptionValue
  USER_TASK: UserTaskValue
  DECISION_EVALUATION: DecisionEvaluationValue
  DEPLOYMENT: DeploymentValue
  PROCESS: ProcessValue
  DECISION: DecisionMetadata
  DECISION_REQUIREMENTS: DecisionRequirementsValue
  FORM: FormValue
  RESOURCE_DELETION: ResourceDeletionValue
  RUNTIME_INSTRUCTION: RuntimeInstructionValue
  MULTI_INSTANCE: MultiInstanceValue
  AD_HOC_SUB_PROCESS_INSTRUCTION: AdHocSubProcessInstructionValue
  PROCESS_INSTANCE_BATCH: ProcessInstanceBatchValue
  SUSPENSION: SuspensionValue
}
interface Referring {
  /** The batch operation whose item has led to the record. */
  readonly batchOperationReference?: Key
}
export type ValueType = keyof Values
export type EventType = keyof Events
export type CommandType = keyof Commands

/**
 * An event as the core writes it: only the fields that carry information, in Zeebe's names. What follows from the definition or
 * the instance (ids, versions, paths, tenant) and Zeebe's defaults are added where a record is shown (gateway/expand.ts).
 */
export type EventOf<V extends EventType> = {
  readonly recordType: 'EVENT'
  readonly valueType: V
  readonly intent: Events[V]
  readonly key: Key
  readonly value: Readonly<Partial<Values[V]>>
} & Referring
export type Event = { [V in EventType]: EventOf<V> }[EventType]

export type CommandOf<V extends CommandType> = {
  readonly valueType: V
  readonly intent: Commands[V]
  readonly key: Key
  readonly value: Readonly<Partial<Values[V]>>
}
export type Command = { [V in CommandType]: CommandOf<V> }[CommandType]

export interface Rejection {
  readonly type: RejectionType
  readonly reason: string
}

/** One stored record. Clients' commands, their rejections and all events are stored; follow-up commands are not. */
export type LogRecord =
  | Event
  | (Command & Referring & { readonly recordType: 'COMMAND' })
  | (Command & Referring & { readonly recordType: 'COMMAND_REJECTION'; readonly rejection: Rejection })
