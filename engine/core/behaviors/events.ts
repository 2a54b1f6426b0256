/**
 * An event has come for an element instance: whether it still acts, and what it leads to. Knows triggers, which wait on the instance
 * until what they begin can begin. Opening and closing is awaited-events.ts.
 */
import type {
  BoundaryEvent,
  EventSubProcess,
  ExecutableElement,
  IntermediateCatchEvent,
  StartEvent,
} from '../../model/executable.ts'
import type { Json } from '../../protocol/records.ts'
import { entriesOf } from '../documents.ts'
import type { Processing } from '../processing.ts'
import type { ElementInstance } from '../state/rows.ts'
import { unsubscribe } from './awaited-events.ts'
import { terminateChildren } from './batches.ts'
import { holdTrigger } from './holding.ts'
import { enter, requestActivation, requestCompletion, requestTermination, transition } from './lifecycle.ts'
import { mergeLocal } from './variables.ts'

/**
 * True when the event may still act: its instance and the scope around it are active, and no interrupting event has come to either.
 * Boundary events act on a scope that an event sub-process has interrupted, too. Zeebe lets an event act in a scope that is terminating;
 * what begins there when all children have been told to end stays for ever (docs/differences-from-zeebe.md).
 */
export function canBeTriggered(
  p: Processing,
  instance: ElementInstance | undefined,
  targetElementId: string,
): instance is ElementInstance {
  if (instance === undefined || instance.state !== 'ACTIVATED') return false
  const target = p.elementOf(instance.processDefinitionKey, targetElementId)
  if (isAwaitedAlone(target) && instance.triggers.length > 0) return false
  const mayStill = isCancelled(p, instance) && target.kind === 'boundary-event' && isThrown(target)
  if (pendingBoundaryEvent(p, instance) !== null && !mayStill) return false
  if (instance.interruptingElementId !== '' && target.kind !== 'boundary-event') return false
  const scope = instance.flowScopeKey > 0 ? p.state.get('elementInstance', instance.flowScopeKey) : undefined
  if (scope === undefined) return true
  if (scope.state !== 'ACTIVATED') return false
  return scope.interruptingElementId === '' || (isCancelled(p, scope) && isHandler(p.element(instance)))
}

/** An activity that undoes another, or an event sub-process that undoes what is around it. */
export const isHandler = (element: ExecutableElement): boolean =>
  element.bpmnEventType === 'COMPENSATION' && ('boundaryEvents' in element || element.kind === 'event-sub-process')

/** Errors and escalations of what undoes reach the boundary of a cancelled transaction; nothing else does any more. */
const isThrown = ({ event }: BoundaryEvent) => event.type === 'error' || event.type === 'escalation'

/** A transaction whose cancel event has come: what was under way in it terminates, or what had completed is being undone. */
export const isCancelled = (p: Processing, instance: ElementInstance): boolean =>
  instance.state === 'ACTIVATED' && pendingBoundaryEvent(p, instance)?.event.type === 'cancel'

/** Behind a gateway, in a path or of a receive task the first event ends the wait; a second may come in the same turn. */
const isAwaitedAlone = ({ kind }: ExecutableElement): boolean =>
  kind === 'intermediate-catch-event' || kind === 'receive-task'

/**
 * An event has come for `target`, which `instance` waits for.
 * Emits PROCESS_EVENT TRIGGERING; a non-interrupting boundary event is activated at once, an interrupting one when the activity
 * has terminated, that of a cancelled transaction after undoing, an event sub-process by a command of its own; any other element
 * completes.
 */
export function trigger(p: Processing, instance: ElementInstance, target: ExecutableElement, variables: Json): void {
  if (holdTrigger(p, instance, target.id, variables)) return
  const key = p.newKey()
  const cancels = target.kind === 'boundary-event' && target.event.type === 'cancel'
  const interrupting = cancels || (target.kind === 'start-event' && target.interrupting)
  const { processInstanceKey, processDefinitionKey, tenantId } = instance
  const value = {
    scopeKey: instance.key,
    targetElementId: target.id,
    variables,
    processInstanceKey,
    processDefinitionKey,
    tenantId,
  }
  p.emit('PROCESS_EVENT', 'TRIGGERING', key, { ...value, ...(interrupting && { interrupting }) })
  if (cancels) {
    unsubscribe(p, instance)
    terminateChildren(p, p.instance(instance.key))
  } else if (target.kind === 'boundary-event') {
    if (target.interrupting) requestTermination(p, instance.key)
    else takeUp(p, instance, target, p.instance(instance.flowScopeKey))
  } else if (target.kind === 'start-event') triggerEventSubProcess(p, p.instance(instance.key), target)
  else requestCompletion(p, instance.key)
}

/** As in Zeebe, so many children are asked to terminate by a command each; of more, later turns ask the rest (batches.ts). */
const AT_ONCE_MAX = 100

/** An interrupting one waits until everything else in its scope has terminated. */
function triggerEventSubProcess(p: Processing, scope: ElementInstance, start: StartEvent): void {
  const eventSubProcess = p.elementOfKind('event-sub-process', scope.processDefinitionKey, start.flowScope!)
  if (!start.interrupting) {
    requestActivation(p, eventSubProcess, scope)
    return
  }
  unsubscribe(p, scope, (id) => p.elementOf(scope.processDefinitionKey, id).kind === 'start-event')
  if (scope.childCount === 0) requestActivation(p, eventSubProcess, scope)
  else if (scope.childCount > AT_ONCE_MAX) terminateChildren(p, scope)
  else for (const child of p.state.find('childrenOf', scope.key).values()) requestTermination(p, child.key)
}

/** The event sub-process that has interrupted the scope and is still to be activated. */
export function pendingInterruption(p: Processing, scope: ElementInstance): EventSubProcess | null {
  if (
    scope.interruptingElementId === '' ||
    !scope.triggers.some((t) => t.targetElementId === scope.interruptingElementId)
  )
    return null
  const start = p.elementOf(scope.processDefinitionKey, scope.interruptingElementId)
  if (start.kind !== 'start-event') return null
  return p.elementOfKind('event-sub-process', scope.processDefinitionKey, start.flowScope!)
}

/**
 * The boundary event that has interrupted the activity, when it is still to be activated. Of two the later: what undoes a cancelled
 * transaction has failed.
 */
export function pendingBoundaryEvent(p: Processing, instance: ElementInstance): BoundaryEvent | null {
  for (const { targetElementId } of instance.triggers.toReversed()) {
    const target = p.elementOf(instance.processDefinitionKey, targetElementId)
    if (target.kind === 'boundary-event' && target.interrupting) return target
  }
  return null
}

/**
 * Takes the pending trigger of `instance` for `event` and activates the event with the trigger's variables local to it.
 * Emits PROCESS_EVENT TRIGGERED, ELEMENT_ACTIVATING, ELEMENT_ACTIVATED, VARIABLE CREATED.
 */
export function takeUp(
  p: Processing,
  instance: ElementInstance,
  event: BoundaryEvent | IntermediateCatchEvent,
  scope: ElementInstance,
): void {
  const pending = (p.state.get('elementInstance', instance.key) ?? instance).triggers.find(
    (t) => t.targetElementId === event.id,
  )
  if (pending === undefined) throw new Error(`No trigger for '${event.id}' on ${instance.key}`)
  const { processInstanceKey, processDefinitionKey, tenantId } = instance
  p.emit('PROCESS_EVENT', 'TRIGGERED', pending.key, {
    scopeKey: instance.key,
    targetElementId: event.id,
    processInstanceKey,
    processDefinitionKey,
    tenantId,
  })
  activateWith(p, event, scope, pending.variables)
}

/** Activates an event at once, its variables local, and lets it complete by a command of its own. */
export function activateWith(
  p: Processing,
  event: BoundaryEvent | IntermediateCatchEvent | StartEvent,
  scope: ElementInstance,
  variables: Json,
): void {
  const born = enter(p, event, scope, false)
  const active = transition(p, 'ELEMENT_ACTIVATED', event, born)
  mergeLocal(p, active, entriesOf(variables))
  requestCompletion(p, active.key)
}
