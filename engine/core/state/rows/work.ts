/** What workers and people have to do. */
import type { Instant, JobKind, JobListenerEventType, Key, UserTaskValue } from '../../../protocol/records.ts'

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
