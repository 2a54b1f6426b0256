/**
 * What a suspension holds: the step that would be next is kept as the command it is, and runs when the suspension is over. So nothing
 * that came meanwhile is lost, and only what came is written: neither jobs nor timers are touched before their hour.
 */
import type { CommandType, HeldCommandContent, Json, Key } from '../../protocol/records.ts'
import type { Follow, Processing } from '../processing.ts'
import type { ElementInstance, HeldCommand } from '../state/rows.ts'
import { stopping, stoppingElement, stoppingStart } from './suspensions.ts'

/** @param processInstanceKey -1 when it would begin an instance. Emits SUSPENSION HELD. */
export function hold(p: Processing, suspensionKey: Key, processInstanceKey: Key, command: HeldCommandContent): void {
  const { tenantId } = p.state.get('suspension', suspensionKey)!
  const rootProcessInstanceKey = p.rootOf(processInstanceKey)
  p.emit('SUSPENSION', 'HELD', p.newKey(), {
    suspensionKey,
    processInstanceKey,
    rootProcessInstanceKey,
    command,
    tenantId,
  })
}

/** Emits SUSPENSION RELEASED; what was held follows, or what has taken its place, or nothing. */
export function letGo(
  p: Processing,
  { key, suspensionKey, processInstanceKey, rootProcessInstanceKey, tenantId, command }: HeldCommand,
  follows: HeldCommandContent | null = command,
): void {
  const value = { suspensionKey, processInstanceKey, rootProcessInstanceKey, command, tenantId }
  p.emit('SUSPENSION', 'RELEASED', key, value)
  if (follows !== null) p.follow(follows.valueType, follows.intent, follows.key, follows.value, follows.trigger)
}

/** An event has come to an instance that stands still: it is taken up later. */
export function holdTrigger(
  p: Processing,
  instance: ElementInstance,
  targetElementId: string,
  variables: Json,
): boolean {
  const { key, processInstanceKey } = instance
  const suspensionKey = stopping(p, processInstanceKey)
  if (suspensionKey === null) return false
  const value = { targetElementId, variables }
  hold(p, suspensionKey, processInstanceKey, { valueType: 'PROCESS_EVENT', intent: 'TRIGGER', key, value })
  return true
}

interface Holding {
  readonly suspensionKey: Key | null
  readonly processInstanceKey: Key
  readonly command: HeldCommandContent
}
type Ask<V extends CommandType> = (p: Processing, command: Extract<Follow, { readonly valueType: V }>) => Holding | null

const inInstance = (p: Processing, processInstanceKey: Key, command: HeldCommandContent): Holding => ({
  suspensionKey: stopping(p, processInstanceKey),
  processInstanceKey,
  command,
})

/** Steps by which an instance moves. Whatever ends one passes: a suspended instance can be cancelled. */
const steps: { readonly [V in CommandType]?: Ask<V> } = {
  PROCESS_INSTANCE: (p, command) => {
    const { key, intent, value } = command
    if (intent !== 'ACTIVATE_ELEMENT' && intent !== 'COMPLETE_ELEMENT' && intent !== 'COMPLETE_EXECUTION_LISTENER')
      return null
    const existing = p.state.get('elementInstance', key)
    const scope = existing ?? p.state.get('elementInstance', value.flowScopeKey ?? -1)
    if (scope === undefined) return null
    const { processInstanceKey, processDefinitionKey } = scope
    const held = inInstance(p, processInstanceKey, command)
    // A child of a multi-instance body is where its token already was.
    const isToken = existing === undefined && scope.elementId !== value.elementId
    if (held.suspensionKey !== null || !isToken) return held
    return { ...held, suspensionKey: stoppingElement(p, processDefinitionKey, value.elementId ?? '') }
  },
  PROCESS_INSTANCE_BATCH: (p, command) => {
    const scope = command.intent === 'ACTIVATE' ? p.state.get('elementInstance', command.key) : undefined
    return scope === undefined ? null : inInstance(p, scope.processInstanceKey, command)
  },
  PROCESS_MESSAGE_SUBSCRIPTION: (p, command) => {
    const row = command.intent === 'CORRELATE' ? p.state.get('subscription', command.key) : undefined
    return row === undefined ? null : inInstance(p, row.processInstanceKey, command)
  },
  CONDITIONAL_SUBSCRIPTION: (p, command) => {
    const row = p.state.get('conditionalSubscription', command.key)
    return row === undefined ? null : inInstance(p, row.processInstanceKey, command)
  },
  PROCESS_EVENT: (p, command) => {
    if (command.intent === 'START') {
      const suspensionKey = stoppingStart(p, command.value.processDefinitionKey ?? -1)
      return { suspensionKey, processInstanceKey: -1, command }
    }
    const instance = p.state.get('elementInstance', command.key)
    return instance === undefined ? null : inInstance(p, instance.processInstanceKey, command)
  },
  TIMER: (p, command) => {
    const timer = p.state.get('timer', command.key)
    if (timer === undefined) return null
    const dueDate = timer.dueDate < 0 ? (command.value.dueDate ?? -1) : timer.dueDate
    if (dueDate < 0 || dueDate > p.now) return null
    const held = { ...command, value: { dueDate } }
    if (timer.elementInstanceKey > 0) return inInstance(p, timer.processInstanceKey, held)
    const suspensionKey = stoppingStart(p, timer.processDefinitionKey)
    return { suspensionKey, processInstanceKey: -1, command: held }
  },
}

/** Answers whether the command is one that has to wait, and keeps it. */
export function isHeld(p: Processing, command: Follow): boolean {
  if (p.state.count('suspension') === 0) return false
  const ask = steps[command.valueType] as ((p: Processing, command: Follow) => Holding | null) | undefined
  const holding = ask?.(p, command) ?? null
  if (holding === null || holding.suspensionKey === null) return false
  hold(p, holding.suspensionKey, holding.processInstanceKey, holding.command)
  return true
}
