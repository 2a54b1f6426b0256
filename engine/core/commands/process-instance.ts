/**
 * The life of element instances: activate, complete, terminate (from inside a turn) and cancel (from clients).
 * A command that comes too late (its scope is gone, interrupted or terminating) is dropped: its token ended elsewhere.
 */
import type { ExecutableElement } from '../../model/executable.ts'
import type { CommandOf, Key } from '../../protocol/records.ts'
import { isUndoing, keepUndoable } from '../behaviors/compensation.ts'
import { isCancelled, pendingBoundaryEvent, takeUp } from '../behaviors/events.ts'
import { listen, takeResult } from '../behaviors/execution-listeners.ts'
import { tokensSuffice } from '../behaviors/flow.ts'
import { raise } from '../behaviors/incidents.ts'
import { cancelJob } from '../behaviors/jobs.ts'
import { enter, requestTermination, transition } from '../behaviors/lifecycle.ts'
import { startNextBuffered } from '../behaviors/messages.ts'
import { enterLoop } from '../behaviors/multi-instance.ts'
import { childTerminated } from '../behaviors/scopes.ts'
import { processorOf } from '../elements/index.ts'
import { type Failure, type Follow, type Processing, refuse } from '../processing.ts'
import type { ElementInstance } from '../state/rows.ts'

type Command = CommandOf<'PROCESS_INSTANCE'> & Follow

export function activateElement(p: Processing, command: Command): void {
  const existing = command.key > 0 ? p.state.get('elementInstance', command.key) : undefined
  const instance =
    existing ?? (command.value.bpmnElementType === 'PROCESS' ? beginProcess(p, command) : beginChild(p, command))
  if (instance === null || instance.state !== 'ACTIVATING') return
  if (instance.jobKey > 0) return
  const element = p.element(instance)
  const body = p.bodyOf(instance.flowScopeKey > 0 ? p.state.get('elementInstance', instance.flowScopeKey) : undefined)
  if (body !== null) enterLoop(p, body, instance)
  const unprepared = processorOf(element).prepare?.(p, element, instance) ?? null
  settle(p, instance.key, unprepared ?? activateAfterListeners(p, element, instance.key, 0, command))
}

function activateAfterListeners(
  p: Processing,
  element: ExecutableElement,
  key: Key,
  listenerIndex: number,
  command: Command,
): Failure | null {
  const listened = listen(p, p.instance(key), 'start', listenerIndex, element.listeners)
  if (listened === 'waits') return null
  return listened === 'done' ? processorOf(element).activate(p, element, p.instance(key), command) : listened
}

/**
 * A scope lets a child begin while it is active; once interrupted, only the event sub-process that did it; once cancelled, only what
 * undoes. A join that a flow leads to waits until its tokens suffice.
 */
function beginChild(p: Processing, command: Command): ElementInstance | null {
  const scope = p.state.get('elementInstance', command.value.flowScopeKey ?? -1)
  if (scope === undefined) return null
  if (command.value.incoming === undefined) p.landed(scope.key, command.value.elementId!)
  const element = p.bodyOf(scope)?.inner ?? p.elementOf(scope.processDefinitionKey, command.value.elementId!)
  if (!letsGoOn(p, scope, element, command.key)) return null
  const isLed = command.value.incoming !== undefined
  if (isLed && !tokensSuffice(p, element, scope)) return null
  return enter(p, element, scope, isLed, command.key > 0 ? command.key : p.newKey())
}
/** What encloses an instance: its flow scope or, of a called process, the call activity. */
const outerOf = (instance: ElementInstance): Key =>
  instance.flowScopeKey > 0 ? instance.flowScopeKey : instance.parentElementInstanceKey
const letsGoOn = (p: Processing, scope: ElementInstance, element: ExecutableElement, key: Key) =>
  scope.state === 'ACTIVATED' &&
  (scope.interruptingElementId === '' ||
    isInterrupter(element, scope) ||
    (isCancelled(p, scope) && isUndoing(p, scope, key)))
const isInterrupter = (element: ExecutableElement, scope: ElementInstance) =>
  element.kind === 'event-sub-process' && element.startEvent.id === scope.interruptingElementId

function beginProcess(p: Processing, command: Command): ElementInstance | null {
  const { key, value } = command
  const caller = value.parentElementInstanceKey ?? -1
  if (caller > 0 && p.state.get('elementInstance', caller)?.state !== 'ACTIVATED') return null
  const element = p.process(value.processDefinitionKey!).process
  p.emit('PROCESS_INSTANCE', 'ELEMENT_ACTIVATING', key, {
    ...value,
    bpmnElementType: 'PROCESS',
    elementId: element.id,
    flowScopeKey: -1,
    ...(command.trigger && element.listeners.start.length > 0 && { trigger: command.trigger }),
  })
  return p.instance(key)
}

export function completeElement(p: Processing, command: Command): void {
  const instance = p.state.get('elementInstance', command.key)
  if (instance === undefined || (instance.state !== 'ACTIVATED' && instance.state !== 'COMPLETING')) return
  // Asked for when nothing was active in it; what has begun since, because a suspension had held it, asks again when it ends.
  if (instance.state === 'ACTIVATED' && instance.childCount > 0) return
  const element = p.element(instance)
  if (!mayGoOn(p, element, instance)) return
  if (instance.state === 'COMPLETING' && instance.jobKey > 0) return
  const completing = instance.state === 'ACTIVATED' ? transition(p, 'ELEMENT_COMPLETING', element, instance) : instance
  const unconcluded = processorOf(element).conclude?.(p, element, completing) ?? null
  settle(p, instance.key, unconcluded ?? completeAfterListeners(p, element, instance.key, 0))
}

function completeAfterListeners(
  p: Processing,
  element: ExecutableElement,
  key: Key,
  listenerIndex: number,
): Failure | null {
  const listened = listen(p, p.instance(key), 'end', listenerIndex, element.listeners)
  if (listened === 'waits') return null
  return listened === 'done' ? processorOf(element).complete(p, element, p.instance(key)) : listened
}

/** A listener is done: the next one begins or, after the last, the element goes on. */
export function completeExecutionListener(p: Processing, command: Command): void {
  const instance = p.state.get('elementInstance', command.key)
  if (instance === undefined) return
  const element = p.element(instance)
  if (!mayGoOn(p, element, instance)) return
  const next = (command.value.listenerIndex ?? 0) + 1
  if (instance.state === 'ACTIVATING') {
    takeResult(p, instance, 'start')
    settle(p, instance.key, activateAfterListeners(p, element, instance.key, next, command))
  }
  if (instance.state === 'COMPLETING') {
    takeResult(p, instance, 'end')
    settle(p, instance.key, completeAfterListeners(p, element, instance.key, next))
  }
}

function mayGoOn(p: Processing, element: ExecutableElement, instance: ElementInstance): boolean {
  const outer = outerOf(instance)
  if (outer <= 0) return true
  const scope = p.state.get('elementInstance', outer)
  return scope !== undefined && letsGoOn(p, scope, element, instance.key)
}

function settle(p: Processing, key: Key, failure: Failure | null): void {
  if (failure !== null) raise(p, p.instance(key), failure)
}

export function terminateElement(p: Processing, command: Command): void {
  const instance = p.state.get('elementInstance', command.key)
  if (instance === undefined || instance.state === 'TERMINATING') return
  const element = p.element(instance)
  const terminating = transition(p, 'ELEMENT_TERMINATING', element, instance)
  cancelJob(p, terminating)
  if (processorOf(element).terminate(p, element, terminating) === 'ended') end(p, element, p.instance(instance.key))
}

/** What the termination waited for is done. */
export function continueTerminating(p: Processing, command: Command): void {
  const instance = p.state.get('elementInstance', command.key)
  if (instance?.state === 'TERMINATING') end(p, p.element(instance), instance)
}

/**
 * Emits ELEMENT_TERMINATED; then what was waiting for it goes on: the interrupting boundary event, the scope, the calling activity,
 * the next buffered message of the key that had started the instance.
 */
function end(p: Processing, element: ExecutableElement, instance: ElementInstance): void {
  const lock = element.kind === 'process' ? p.state.get('startLock', instance.key) : undefined
  keepUndoable(p, element, instance)
  transition(p, 'ELEMENT_TERMINATED', element, instance)
  if (lock !== undefined) startNextBuffered(p, lock)
  const outer = outerOf(instance)
  const scope = outer > 0 ? p.state.get('elementInstance', outer) : undefined
  if (scope === undefined) return
  if (scope.state === 'ACTIVATED' && scope.interruptingElementId === '') {
    const boundary = pendingBoundaryEvent(p, instance)
    if (boundary !== null) {
      takeUp(p, instance, boundary, scope)
      return
    }
  }
  const scopeElement = p.element(scope)
  if (scopeElement.kind === 'call-activity') {
    if (scope.state === 'TERMINATING') end(p, scopeElement, scope)
  } else if (childTerminated(p, scope) === 'ends') {
    closeScope(p, scopeElement, scope)
  }
}

/** The last child is gone: incidents that were raised on the scope itself go with it. */
function closeScope(p: Processing, element: ExecutableElement, scope: ElementInstance): void {
  if (processorOf(element).terminate(p, element, scope) === 'ended') end(p, element, p.instance(scope.key))
}

/** Client command. Rejects: NOT_FOUND (no such instance, or already on its way out), INVALID_STATE (called by a parent: cancel the root). */
export function cancel(p: Processing, command: Command): void {
  const instance = p.state.get('elementInstance', command.key)
  if (instance === undefined || instance.bpmnElementType !== 'PROCESS' || instance.state === 'TERMINATING') {
    refuse(
      'NOT_FOUND',
      `Expected to cancel a process instance with key '${command.key}', but no such process was found`,
    )
  }
  if (instance.parentProcessInstanceKey > 0) {
    refuse(
      'INVALID_STATE',
      `Expected to cancel a process instance with key '${command.key}', but it is created by a parent process instance. Cancel the root process instance '${instance.rootProcessInstanceKey}' instead.`,
    )
  }
  requestTermination(p, instance.key)
}
