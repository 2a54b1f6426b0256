/** What is waited for and what has come of it: timers, messages, signals, conditions, what can be undone. */
import type { Instant, Json, Key, VariableEvent } from '../../../protocol/records.ts'

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
