/** What is under way: element instances with what is in their scope, and where they stand still. */
import type { BpmnElementType, ErrorType, Instant, Json, Key } from '../../../protocol/records.ts'

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

export interface Incident {
  readonly key: Key
  readonly tenantId: string
  readonly state: 'ACTIVE' | 'RESOLVED'
  readonly errorType: ErrorType
  readonly errorMessage: string
  readonly elementId: string
  readonly elementInstanceKey: Key
  readonly processInstanceKey: Key
  readonly rootProcessInstanceKey: Key
  readonly processDefinitionKey: Key
  readonly jobKey: Key
  readonly createdAt: Instant
  readonly endedAt: Instant
}
