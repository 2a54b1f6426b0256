/**
 * The face of an engine that speaks Zeebe's protocol: what workers, forms and pages program against, whether the engine is in
 * this process, behind gRPC or behind REST. Keys are decimal text (they exceed what some clients hold in a number); variables
 * are JSON text of an object; instants are epoch milliseconds. Every call may be refused with a `GatewayError`.
 */
import type { Conditions, Query } from './query.ts'
import type { JobKind, JobListenerEventType, Json, KeyText } from './records.ts'

export type { KeyText }

/** Statuses a gateway answers with, in gRPC's words; REST maps them to HTTP. */
export type GatewayStatus =
  | 'INVALID_ARGUMENT'
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'FAILED_PRECONDITION'
  | 'PERMISSION_DENIED'
  | 'UNAUTHENTICATED'
  | 'RESOURCE_EXHAUSTED'
  | 'DEADLINE_EXCEEDED'
  | 'UNAVAILABLE'
  | 'UNIMPLEMENTED'
  | 'INTERNAL'
  | 'CANCELLED'
  | 'UNKNOWN'

/** A refused or failed call. `message` is the text a client sees. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError'
  readonly status: GatewayStatus
  constructor(status: GatewayStatus, message: string) {
    super(message)
    this.status = status
  }
}

export interface Topology {
  readonly brokers: readonly {
    readonly nodeId: number
    readonly host: string
    readonly port: number
    readonly version: string
    readonly partitions: readonly {
      readonly partitionId: number
      readonly role: 'LEADER'
      readonly health: 'HEALTHY' | 'UNHEALTHY'
    }[]
  }[]
  readonly clusterSize: number
  readonly partitionsCount: number
  readonly replicationFactor: number
  readonly gatewayVersion: string
}

export interface DeployRequest {
  readonly resources: readonly { readonly name: string; readonly content: Uint8Array }[]
  readonly tenantId?: string
}
export type Deployed =
  | {
      readonly kind: 'process'
      readonly bpmnProcessId: string
      readonly version: number
      readonly processDefinitionKey: KeyText
      readonly resourceName: string
      readonly tenantId: string
    }
  | {
      readonly kind: 'decision'
      readonly decisionId: string
      readonly decisionName: string
      readonly version: number
      readonly decisionKey: KeyText
      readonly decisionRequirementsId: string
      readonly decisionRequirementsKey: KeyText
      readonly tenantId: string
    }
  | {
      readonly kind: 'decisionRequirements'
      readonly decisionRequirementsId: string
      readonly decisionRequirementsName: string
      readonly version: number
      readonly decisionRequirementsKey: KeyText
      readonly resourceName: string
      readonly tenantId: string
    }
  | {
      readonly kind: 'form'
      readonly formId: string
      readonly version: number
      readonly formKey: KeyText
      readonly resourceName: string
      readonly tenantId: string
    }
export interface DeployResponse {
  readonly deploymentKey: KeyText
  readonly deployments: readonly Deployed[]
  readonly tenantId: string
}

export interface CreateInstanceRequest {
  readonly processDefinitionKey?: KeyText
  readonly bpmnProcessId?: string
  /** -1 or absent: the latest. */
  readonly version?: number
  readonly variables?: Json
  readonly startInstructions?: readonly { readonly elementId: string }[]
  readonly runtimeInstructions?: readonly { readonly afterElementId: string }[]
  readonly tags?: readonly string[]
  /** Of 8.9: what the instance is called outside, e.g. the number of a practice. At most 256 characters. */
  readonly businessId?: string
  readonly tenantId?: string
}
export interface CreateInstanceResponse {
  readonly processDefinitionKey: KeyText
  readonly bpmnProcessId: string
  readonly version: number
  readonly processInstanceKey: KeyText
  readonly tags: readonly string[]
  /** Absent when it has none. */
  readonly businessId?: string
  readonly tenantId: string
}
export interface CreateInstanceWithResultResponse extends CreateInstanceResponse {
  readonly variables: Json
}

export interface ActivateJobsRequest {
  readonly type: string
  readonly worker: string
  readonly timeoutMs: number
  readonly maxJobsToActivate: number
  readonly fetchVariables?: readonly string[]
  /** 0 = the gateway's default long poll (10 s); negative = answer at once. */
  readonly requestTimeoutMs?: number
  readonly tenantIds?: readonly string[]
}
export type StreamJobsRequest = Omit<ActivateJobsRequest, 'maxJobsToActivate' | 'requestTimeoutMs'>
/** The user task whose transition a task listener is told of, as it shall become. */
export interface ListenedUserTask {
  readonly action?: string
  readonly assignee?: string
  readonly candidateGroups: readonly string[]
  readonly candidateUsers: readonly string[]
  readonly changedAttributes: readonly string[]
  readonly dueDate?: string
  readonly followUpDate?: string
  readonly formKey?: KeyText
  readonly priority?: number
  readonly userTaskKey?: KeyText
}
/** What the job of a task listener or of an ad-hoc sub-process answers besides variables. An absent correction corrects nothing. */
export type JobResult =
  | {
      readonly type: 'userTask'
      readonly denied?: boolean
      readonly deniedReason?: string
      readonly corrections?: {
        readonly assignee?: string
        readonly dueDate?: string
        readonly followUpDate?: string
        readonly candidateUsers?: readonly string[]
        readonly candidateGroups?: readonly string[]
        readonly priority?: number
      }
    }
  | {
      readonly type: 'adHocSubProcess'
      readonly activateElements?: readonly { readonly elementId: string; readonly variables?: Json }[]
      readonly isCompletionConditionFulfilled?: boolean
      readonly isCancelRemainingInstances?: boolean
    }

export interface ActivatedJob {
  readonly key: KeyText
  readonly type: string
  readonly processInstanceKey: KeyText
  readonly bpmnProcessId: string
  readonly processDefinitionVersion: number
  readonly processDefinitionKey: KeyText
  readonly elementId: string
  readonly elementInstanceKey: KeyText
  readonly customHeaders: Readonly<Record<string, string>>
  readonly worker: string
  readonly retries: number
  readonly deadline: number
  readonly variables: Json
  /** Absent: BPMN_ELEMENT and UNSPECIFIED, the job of an element. */
  readonly kind?: JobKind
  readonly listenerEventType?: JobListenerEventType
  /** On jobs of task listeners only. */
  readonly userTask?: ListenedUserTask
  readonly tags: readonly string[]
  readonly tenantId: string
}

export interface PublishMessageRequest {
  readonly name: string
  readonly correlationKey: string
  readonly timeToLiveMs: number
  readonly messageId?: string
  readonly variables?: Json
  readonly tenantId?: string
}

export interface EvaluatedDecision {
  readonly decisionKey: KeyText
  readonly decisionId: string
  readonly decisionName: string
  readonly decisionVersion: number
  readonly decisionType: string
  readonly decisionOutput: Json
  readonly decisionEvaluationInstanceKey: string
  readonly matchedRules: readonly {
    readonly ruleId: string
    readonly ruleIndex: number
    readonly evaluatedOutputs: readonly {
      readonly outputId: string
      readonly outputName: string
      readonly outputValue: Json
    }[]
  }[]
  readonly evaluatedInputs: readonly {
    readonly inputId: string
    readonly inputName: string
    readonly inputValue: Json
  }[]
  readonly tenantId: string
}
export interface EvaluateConditionalsResponse {
  readonly conditionalEvaluationKey: KeyText
  readonly processInstances: readonly { readonly processDefinitionKey: KeyText; readonly processInstanceKey: KeyText }[]
  readonly tenantId: string
}
export interface EvaluateDecisionResponse {
  readonly decisionKey: KeyText
  readonly decisionId: string
  readonly decisionName: string
  readonly decisionVersion: number
  readonly decisionRequirementsId: string
  readonly decisionRequirementsKey: KeyText
  readonly decisionOutput: Json
  readonly evaluatedDecisions: readonly EvaluatedDecision[]
  readonly failedDecisionId: string
  readonly failureMessage: string
  readonly decisionEvaluationKey: KeyText
  readonly tenantId: string
}

export interface UserTaskChangeset {
  readonly candidateGroups?: readonly string[] | null
  readonly candidateUsers?: readonly string[] | null
  readonly dueDate?: string | null
  readonly followUpDate?: string | null
  readonly priority?: number | null
}

export interface ModificationRequest {
  readonly activateInstructions?: readonly {
    readonly elementId: string
    /** An instance of a scope around the element; needed only where there are several. */
    readonly ancestorElementInstanceKey?: KeyText
    /** `scopeId` names the element whose instance gets the variables; absent, the process instance does. */
    readonly variableInstructions?: readonly { readonly variables: Json; readonly scopeId?: string }[]
  }[]
  readonly terminateInstructions?: readonly { readonly elementInstanceKey: KeyText }[]
}

export interface MigrationRequest {
  readonly targetProcessDefinitionKey: KeyText
  readonly mappingInstructions: readonly { readonly sourceElementId: string; readonly targetElementId: string }[]
}

/** What is done to every process instance that meets the conditions, or to its incidents. */
export type BatchOperationRequest = { readonly filter: Conditions } & (
  | { readonly type: 'CANCEL_PROCESS_INSTANCE' | 'RESOLVE_INCIDENT' }
  | { readonly type: 'MIGRATE_PROCESS_INSTANCE'; readonly migrationPlan: MigrationRequest }
  | {
      readonly type: 'MODIFY_PROCESS_INSTANCE'
      readonly moveInstructions: readonly { readonly sourceElementId: string; readonly targetElementId: string }[]
    }
)

/** What can be suspended. An instance stands for all that it has called as well. */
export type SuspensionTarget =
  | { readonly kind: 'process-instance'; readonly processInstanceKey: KeyText }
  | {
      readonly kind: 'process-definition'
      readonly processDefinitionKey: KeyText
      /** All versions of its process, those still to be deployed as well. */
      readonly allVersions?: boolean
      /** New instances are let in and stand still at their start; else none begins. */
      readonly admitNewInstances?: boolean
    }
  | { readonly kind: 'element'; readonly processDefinitionKey: KeyText; readonly elementId: string }
  /** A type that ends with `*` means all that begin so. */
  | { readonly kind: 'job-type'; readonly type: string; readonly tenantId?: string }

/** Commands. A resolved promise means the change is committed. */
export interface Gateway {
  topology(): Promise<Topology>
  deployResources(request: DeployRequest): Promise<DeployResponse>
  deleteResource(resourceKey: KeyText): Promise<void>
  createProcessInstance(request: CreateInstanceRequest): Promise<CreateInstanceResponse>
  /** Rejects with DEADLINE_EXCEEDED when the instance has not completed in time; the instance goes on. */
  createProcessInstanceWithResult(
    request: CreateInstanceRequest,
    fetchVariables: readonly string[],
    requestTimeoutMs: number,
  ): Promise<CreateInstanceWithResultResponse>
  cancelProcessInstance(processInstanceKey: KeyText): Promise<void>
  migrateProcessInstance(processInstanceKey: KeyText, plan: MigrationRequest): Promise<void>
  /** All instructions or none. */
  modifyProcessInstance(processInstanceKey: KeyText, modification: ModificationRequest): Promise<void>
  /** What came meanwhile is kept; timers keep the time that was left to them. Only Iter has this, and Camunda 8.10 for instances. */
  suspend(target: SuspensionTarget): Promise<void>
  resume(target: SuspensionTarget): Promise<void>
  /** Waits up to the request timeout for the first job; resolves with an empty list after it. Aborting leaves the queue. */
  activateJobs(request: ActivateJobsRequest, signal?: AbortSignal): Promise<readonly ActivatedJob[]>
  /** Pushes jobs as they appear, until aborted. */
  streamJobs(request: StreamJobsRequest, signal: AbortSignal): AsyncIterable<ActivatedJob>
  completeJob(jobKey: KeyText, variables?: Json, result?: JobResult): Promise<void>
  failJob(
    jobKey: KeyText,
    failure: {
      readonly retries: number
      readonly errorMessage?: string
      readonly retryBackOffMs?: number
      readonly variables?: Json
    },
  ): Promise<void>
  throwError(
    jobKey: KeyText,
    error: { readonly errorCode: string; readonly errorMessage?: string; readonly variables?: Json },
  ): Promise<void>
  updateJobRetries(jobKey: KeyText, retries: number): Promise<void>
  updateJobTimeout(jobKey: KeyText, timeoutMs: number): Promise<void>
  publishMessage(request: PublishMessageRequest): Promise<{ readonly messageKey: KeyText; readonly tenantId: string }>
  correlateMessage(
    request: Omit<PublishMessageRequest, 'timeToLiveMs' | 'messageId'>,
  ): Promise<{ readonly messageKey: KeyText; readonly processInstanceKey: KeyText; readonly tenantId: string }>
  /** To everybody who waits for it; nothing is kept for later. */
  broadcastSignal(request: {
    readonly signalName: string
    readonly variables?: Json
    readonly tenantId?: string
  }): Promise<{ readonly signalKey: KeyText; readonly tenantId: string }>
  /** Starts what the conditions of start events say; without a definition those of all. Zeebe 8.9's. */
  evaluateConditionals(request: {
    readonly processDefinitionKey?: KeyText
    readonly variables?: Json
    readonly tenantId?: string
  }): Promise<EvaluateConditionalsResponse>
  setVariables(elementInstanceKey: KeyText, variables: Json, local: boolean): Promise<{ readonly key: KeyText }>
  resolveIncident(incidentKey: KeyText): Promise<void>
  /** Resolves once the wish is committed; how the work goes on is found by `query`. */
  createBatchOperation(request: BatchOperationRequest): Promise<{
    readonly batchOperationKey: KeyText
    readonly batchOperationType: BatchOperationRequest['type']
  }>
  /** What is under way is finished, the other items are left alone. */
  cancelBatchOperation(batchOperationKey: KeyText): Promise<void>
  suspendBatchOperation(batchOperationKey: KeyText): Promise<void>
  resumeBatchOperation(batchOperationKey: KeyText): Promise<void>
  /** Lets elements of an ad-hoc sub-process begin, each with variables of its own. */
  activateAdHocActivities(
    adHocSubProcessInstanceKey: KeyText,
    elements: readonly { readonly elementId: string; readonly variables?: Json }[],
    cancelRemainingInstances: boolean,
  ): Promise<void>
  evaluateDecision(request: {
    readonly decisionKey?: KeyText
    readonly decisionId?: string
    readonly variables?: Json
    readonly tenantId?: string
  }): Promise<EvaluateDecisionResponse>
  assignUserTask(
    userTaskKey: KeyText,
    assignment: { readonly assignee: string; readonly allowOverride?: boolean; readonly action?: string },
  ): Promise<void>
  unassignUserTask(userTaskKey: KeyText): Promise<void>
  updateUserTask(userTaskKey: KeyText, changeset: UserTaskChangeset, action?: string): Promise<void>
  completeUserTask(userTaskKey: KeyText, variables?: Json, action?: string): Promise<void>
  /** Searches and gets: see query.ts. */
  readonly query: Query
}
