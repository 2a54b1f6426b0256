/** What the engine keeps, row by row. A row is never mutated (S1): what changes is a new row under the same key. */
import type {
  BatchMigrationPlan,
  BatchOperationError,
  BatchOperationItem,
  BatchOperationType,
  ElementMapping,
} from '../../protocol/batch-operations.ts'
import type {
  BpmnElementType,
  DecisionMetadata,
  DecisionRequirementsMetadata,
  ErrorType,
  FormMetadata,
  HeldCommandContent,
  Instant,
  JobKind,
  JobListenerEventType,
  Json,
  Key,
  ProcessMetadata,
  SuspensionKind,
  UserTaskValue,
  VariableEvent,
} from '../../protocol/records.ts'

export type ElementState = 'ACTIVATING' | 'ACTIVATED' | 'COMPLETING' | 'COMPLETED' | 'TERMINATING' | 'TERMINATED'

/** An event that has happened to a scope and has not been taken up yet. */
export interface Trigger {
  readonly key: Key
  readonly targetElementId: string
  readonly variables: Json
}

/** An element instance; the process instance itself is the one of type PROCESS (key = processInstanceKey). */
export interface ElementInstance {
  readonly key: Key
  readonly tenantId: string
  readonly processInstanceKey: Key
  readonly rootProcessInstanceKey: Key
  readonly processDefinitionKey: Key
  readonly elementId: string
  readonly bpmnElementType: BpmnElementType
  readonly state: ElementState
  readonly flowScopeKey: Key
  /** Of a called process: the calling instance and call activity. */
  readonly parentProcessInstanceKey: Key
  readonly parentElementInstanceKey: Key
  /** Of a call activity: the called process instance. */
  readonly calledProcessInstanceKey: Key
  readonly childCount: number
  /** Flows on their way into a child, by flow id; those that wait before a join stay here. */
  readonly takenFlows: Readonly<Record<string, number>>
  /** The terminate end event, or the start event of the event sub-process, that has interrupted this scope; '' when none has. */
  readonly interruptingElementId: string
  readonly triggers: readonly Trigger[]
  /** Of an ad-hoc sub-process: its worker has said that it is done. */
  readonly isFulfilled: boolean
  /** Of a multi-instance body: children begun so far. Of a child: which it is, from 1. Else 0. */
  readonly loopCounter: number
  /** Of a multi-instance body. */
  readonly completedChildren: number
  /** What a later turn goes on to do with the children; '' when nothing is left. */
  readonly batch: '' | 'ACTIVATE' | 'TERMINATE'
  /** PROCESS only: how much of it waits for the end of a suspension. */
  readonly held: number
  readonly jobKey: Key
  readonly userTaskKey: Key
  readonly startedAt: Instant
  readonly endedAt: Instant
  /** PROCESS only: ids of all flows ever taken in the instance, each once. */
  readonly sequenceFlows: readonly string[]
  readonly tags: readonly string[]
  /** PROCESS only, handed on to whom it calls; '' when it has none. */
  readonly businessId: string
  /**
   * PROCESS only: how many conditions in the instance read each variable; under '' those that read none, which any change concerns. So
   * a change that concerns nobody is known to at once.
   */
  readonly awaitedVariables: Readonly<Record<string, number>>
  /** PROCESS only: terminate once one of these has completed. */
  readonly terminateAfter: readonly string[]
  /** PROCESS only: someone waits for the result, wanting these variables ([] = all); null when nobody does. */
  readonly awaitsResult: readonly string[] | null
}

export interface Variable {
  readonly key: Key
  readonly tenantId: string
  readonly scopeKey: Key
  readonly processInstanceKey: Key
  readonly processDefinitionKey: Key
  readonly name: string
  /** Null: a list in parts, which are found under this row's key (lists.ts). */
  readonly value: Json | null
}

/** A part of a list (lists.ts). */
export interface ListPart {
  readonly key: Key
  readonly tenantId: string
  /** The multi-instance body whose input, or the variable whose value the list is. */
  readonly listKey: Key
  /** Each item as JSON text. */
  readonly items: readonly Json[]
}

/** SUSPENDED: set aside, because it would have been handed out while it may not be. */
export type JobState = 'ACTIVATABLE' | 'ACTIVATED' | 'FAILED' | 'ERROR_THROWN' | 'COMPLETED' | 'CANCELED' | 'SUSPENDED'
export interface Job {
  readonly key: Key
  readonly tenantId: string
  readonly state: JobState
  readonly type: string
  readonly retries: number
  readonly worker: string
  /** -1 while not activated. */
  readonly deadline: Instant
  /** Back-off ends here; -1 when not backing off. */
  readonly recurringTime: Instant
  readonly retryBackoff: number
  /** How often it has failed since it was created, or since its retries were last set. */
  readonly failures: number
  readonly customHeaders: Readonly<Record<string, string>>
  readonly errorMessage: string
  readonly errorCode: string
  /** What a task listener has answered. */
  readonly isDenied: boolean
  readonly deniedReason: string
  readonly jobKind: JobKind
  readonly jobListenerEventType: JobListenerEventType
  /** Its place among the listeners of the event, from 0; 0 for other jobs. */
  readonly listenerIndex: number
  readonly elementId: string
  readonly elementInstanceKey: Key
  readonly processInstanceKey: Key
  readonly processDefinitionKey: Key
  readonly tags: readonly string[]
  readonly createdAt: Instant
  readonly endedAt: Instant
}

export type OpenTaskState = 'CREATING' | 'CREATED' | 'ASSIGNING' | 'CLAIMING' | 'UPDATING' | 'COMPLETING' | 'CANCELING'
export type UserTaskState = OpenTaskState | 'COMPLETED' | 'CANCELED'
/** What people and listeners may change of a user task, in the order in which records name it. */
export const taskAttributes = [
  'assignee',
  'candidateGroupsList',
  'candidateUsersList',
  'dueDate',
  'followUpDate',
  'priority',
] as const
/** What a user task shall become once the listeners of the transition under way are done. */
export type TaskTransition = Partial<
  Pick<
    UserTaskValue,
    | (typeof taskAttributes)[number]
    | 'action'
    | 'variables'
    | 'changedAttributes'
    | 'updateSemantics'
    | 'variableDocumentKey'
  >
> & {
  /** Of a task that is being created: the assignee of the model. */
  readonly initialAssignee?: string
}
export interface UserTask {
  readonly key: Key
  readonly tenantId: string
  readonly state: UserTaskState
  readonly assignee: string
  readonly candidateGroupsList: readonly string[]
  readonly candidateUsersList: readonly string[]
  readonly dueDate: string
  readonly followUpDate: string
  readonly priority: number
  readonly formKey: Key
  readonly externalFormReference: string
  readonly customHeaders: Readonly<Record<string, string>>
  readonly action: string
  /** {} while the task is CREATED. */
  readonly transition: TaskTransition
  readonly elementId: string
  /** Before any migration: its completion names it still, as in Zeebe (zeebe-traces: mig-user-task). */
  readonly createdAsElementId: string
  readonly elementInstanceKey: Key
  readonly processInstanceKey: Key
  readonly processDefinitionKey: Key
  readonly creationTimestamp: Instant
  readonly endedAt: Instant
}

export interface Incident {
  readonly key: Key
  readonly tenantId: string
  readonly state: 'ACTIVE' | 'RESOLVED'
  readonly errorType: ErrorType
  readonly errorMessage: string
  readonly elementId: string
  readonly elementInstanceKey: Key
  readonly processInstanceKey: Key
  readonly processDefinitionKey: Key
  readonly jobKey: Key
  readonly createdAt: Instant
  readonly endedAt: Instant
}

/** `elementInstanceKey` is -1 for start timers of a definition. */
export interface Timer {
  readonly key: Key
  readonly tenantId: string
  readonly elementInstanceKey: Key
  readonly processInstanceKey: Key
  readonly processDefinitionKey: Key
  readonly targetElementId: string
  /** -1: it fell due while its instance was suspended, and waits for the end of that. */
  readonly dueDate: Instant
  /** Suspensions since then are still to be added to `dueDate`. */
  readonly countedFrom: Instant
  /** -1 = endless. */
  readonly repetitions: number
}

/** Both sides of a message subscription in one row: there is one partition, so they live and die together. */
export interface Subscription {
  readonly key: Key
  readonly tenantId: string
  readonly state: 'CREATING' | 'CREATED' | 'CORRELATING' | 'DELETING'
  /** The message side is open (MESSAGE_SUBSCRIPTION CREATED); its own key. */
  readonly messageSubscriptionKey: Key
  readonly messageName: string
  readonly correlationKey: string
  readonly interrupting: boolean
  readonly elementId: string
  readonly elementInstanceKey: Key
  readonly processInstanceKey: Key
  readonly processDefinitionKey: Key
  readonly bpmnProcessId: string
  /** The message being correlated; -1 when none. */
  readonly messageKey: Key
  readonly createdAt: Instant
}

export interface Message {
  readonly key: Key
  readonly tenantId: string
  readonly name: string
  readonly correlationKey: string
  readonly messageId: string
  readonly timeToLive: number
  readonly deadline: Instant
  readonly variables: Json
  /** Ids of the processes that have taken it. */
  readonly correlatedTo: readonly string[]
}

export interface MessageStart {
  readonly key: Key
  readonly tenantId: string
  readonly messageName: string
  readonly processDefinitionKey: Key
  readonly bpmnProcessId: string
  readonly startEventId: string
}

/** Who hears a signal: an element instance that waits or, with `catchEventInstanceKey` -1, a start event of the definition. */
export interface SignalSubscription {
  readonly key: Key
  readonly tenantId: string
  readonly signalName: string
  readonly catchEventId: string
  readonly catchEventInstanceKey: Key
  readonly processInstanceKey: Key
  readonly processDefinitionKey: Key
  readonly bpmnProcessId: string
}

/** Who waits for a condition: an element instance or, with `elementInstanceKey` -1, a start event of the definition. */
export interface ConditionalSubscription {
  readonly key: Key
  readonly tenantId: string
  /** Also the scope in which the condition is evaluated. */
  readonly elementInstanceKey: Key
  readonly processInstanceKey: Key
  readonly processDefinitionKey: Key
  readonly catchEventId: string
  readonly interrupting: boolean
  /** FEEL with its leading `=`. A migrated instance keeps the condition it has waited for. */
  readonly condition: string
  readonly variableNames: readonly string[]
  readonly variableEvents: readonly VariableEvent[]
}

/**
 * A completed activity that can be undone, or a completed sub-process with such activities in it (`compensationHandlerId` ''). The handler
 * of a sub-process may be an event sub-process in it.
 */
export interface CompensationSubscription {
  readonly key: Key
  readonly tenantId: string
  readonly processInstanceKey: Key
  readonly processDefinitionKey: Key
  readonly compensableActivityId: string
  readonly compensableActivityInstanceKey: Key
  readonly compensableActivityScopeKey: Key
  readonly compensationHandlerId: string
  readonly compensationHandlerInstanceKey: Key
  /** What an event sub-process shall find: the variables that the sub-process had. */
  readonly variables: Json
  /** '' until compensation is thrown. */
  readonly throwEventId: string
  readonly throwEventInstanceKey: Key
}

/** A running instance that was started by a message with a correlation key: no second one for the same key. Key = the instance's. */
export interface StartLock {
  readonly key: Key
  readonly tenantId: string
  readonly bpmnProcessId: string
  readonly messageName: string
  readonly correlationKey: string
}

/** Key fields that do not name what is suspended are -1 or ''. */
export interface Suspension {
  readonly key: Key
  readonly tenantId: string
  readonly kind: SuspensionKind
  /** RESUMED: it is over, and kept for timers that have lived through it. */
  readonly state: 'SUSPENDED' | 'RESUMING' | 'RESUMED'
  readonly processInstanceKey: Key
  readonly processDefinitionKey: Key
  readonly bpmnProcessId: string
  readonly elementId: string
  readonly jobType: string
  readonly admitsNewInstances: boolean
  readonly suspendedAt: Instant
  /** -1 while it lasts. */
  readonly resumedAt: Instant
}

/** A command that runs when the suspension is over. */
export interface HeldCommand {
  readonly key: Key
  readonly tenantId: string
  readonly suspensionKey: Key
  /** -1: it would begin an instance. */
  readonly processInstanceKey: Key
  readonly rootProcessInstanceKey: Key
  readonly command: HeldCommandContent
}

interface Deployed {
  readonly key: Key
  /** A deleted definition keeps its row, so that its number is not used again and its history stays readable. */
  readonly deleted: boolean
}
export type ProcessDefinition = ProcessMetadata &
  Deployed & {
    readonly name: string
    /** Names of the elements that have one, by element id; what searches show beside the id. */
    readonly elementNames: Readonly<Record<string, string>>
    /** The form linked to the none start event; '' when there is none. */
    readonly startFormId: string
    readonly createdAt: Instant
  }
export type Decision = DecisionMetadata & Deployed
export type DecisionRequirements = DecisionRequirementsMetadata & Deployed
export type Form = FormMetadata & Deployed
/** The text of a deployed resource, by the key of its definition. */
export interface Resource {
  readonly key: Key
  readonly tenantId: string
  readonly text: string
}

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
