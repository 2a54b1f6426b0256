/** What may not go on, and what came meanwhile. */
import type { HeldCommandContent, Instant, Key, SuspensionKind } from '../../../protocol/records.ts'

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
