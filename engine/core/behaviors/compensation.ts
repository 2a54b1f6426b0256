/**
 * Undoing what has completed. A completed activity with a handler leaves a subscription, and so does a sub-process in which there are
 * some; compensation that is thrown in a scope triggers those of the scope and, of a sub-process, those within. Handlers run in the
 * scope of the thrower, as in Zeebe, and the thrower completes with the last of them.
 * What no Zeebe has: a cancelled transaction undoes all that has completed in it, one after the other; an event sub-process that
 * compensation starts decides what of its sub-process is undone, and sees the variables that it had.
 */
import type { BoundaryEvent, EventSubProcess, ExecutableElement } from '../../model/executable.ts'
import type { BpmnElementType, Key } from '../../protocol/records.ts'
import { entriesOf } from '../documents.ts'
import type { Processing } from '../processing.ts'
import type { CompensationSubscription, ElementInstance } from '../state/rows.ts'
import { postpone } from './batches.ts'
import { isCancelled, isHandler } from './events.ts'
import { enter, requestCompletion, requestTermination, transition } from './lifecycle.ts'
import { isInCancelled, isInTransaction } from './transactions.ts'
import { localDocument, mergeLocal } from './variables.ts'

/** Of the process instance, oldest first. */
const subscriptionsOf = (p: Processing, processInstanceKey: Key): readonly CompensationSubscription[] => [
  ...p.state.find('compensationsOf', processInstanceKey).values(),
]
type InScope = (scopeKey: Key) => readonly CompensationSubscription[]
/** Those that have completed in a scope; grouped once, because there may be thousands. */
function byScope(rows: readonly CompensationSubscription[]): InScope {
  const groups = Map.groupBy(rows, ({ compensableActivityScopeKey }) => compensableActivityScopeKey)
  return (scopeKey) => groups.get(scopeKey) ?? []
}
const holdsAny = (rows: readonly CompensationSubscription[], scopeKey: Key): boolean =>
  rows.some(({ compensableActivityScopeKey }) => compensableActivityScopeKey === scopeKey)
const handledBy = (rows: readonly CompensationSubscription[], handlerKey: Key) =>
  rows.findLast(({ compensationHandlerInstanceKey }) => compensationHandlerInstanceKey === handlerKey)

function compensationEventOn(element: ExecutableElement): BoundaryEvent | undefined {
  return 'boundaryEvents' in element
    ? element.boundaryEvents.find(({ event }) => event.type === 'compensation')
    : undefined
}

export function compensationSubProcessOf(element: ExecutableElement): EventSubProcess | undefined {
  return 'eventSubProcesses' in element
    ? element.eventSubProcesses.find(({ startEvent }) => startEvent.event.type === 'compensation')
    : undefined
}

/** In Zeebe compensation finds what has completed in these; in a transaction, of which nothing may stay done, in all scopes. */
const reachable: readonly BpmnElementType[] = [
  'SUB_PROCESS',
  'MULTI_INSTANCE_BODY',
  'AD_HOC_SUB_PROCESS',
  'AD_HOC_SUB_PROCESS_INNER_INSTANCE',
]
const reachableInTransaction: readonly BpmnElementType[] = [...reachable, 'EVENT_SUB_PROCESS']
function holdsUndoable(p: Processing, instance: ElementInstance): boolean {
  const { bpmnElementType, processInstanceKey, key } = instance
  if (!reachableInTransaction.includes(bpmnElementType)) return false
  const isUndoneAgain = isInTransaction(p, instance)
  if (!isUndoneAgain && !reachable.includes(bpmnElementType)) return false
  const rows = subscriptionsOf(p, processInstanceKey)
  return holdsAny(isUndoneAgain ? rows : rows.filter((row) => !isGivenUp(p, row)), key)
}
/** A throw event had begun to undo it and has been ended: it stays as it is, but for a transaction, which undoes it again. */
const isGivenUp = (p: Processing, { throwEventId, throwEventInstanceKey }: CompensationSubscription): boolean =>
  throwEventId !== '' && p.state.get('elementInstance', throwEventInstanceKey) === undefined

/**
 * Emits COMPENSATION_SUBSCRIPTION CREATED when the element, which is about to complete, or something in it can be undone; not for what
 * has just undone something of a cancelled transaction.
 */
export function canBeCompensated(p: Processing, element: ExecutableElement, instance: ElementInstance): void {
  if (isHandler(element) && isInCancelled(p, instance)) return
  const boundary = compensationEventOn(element)
  const eventSubProcess = compensationSubProcessOf(element)
  if (boundary !== undefined) remember(p, element, instance, boundary.handler ?? '')
  else if (eventSubProcess !== undefined)
    remember(p, element, instance, eventSubProcess.id, localDocument(p, instance.key))
  else if (holdsUndoable(p, instance)) remember(p, element, instance, '')
}
/** The same for a scope that terminates because the transaction around it is cancelled: what has completed in it is to be undone. */
export function keepUndoable(p: Processing, element: ExecutableElement, instance: ElementInstance): void {
  if (reachableInTransaction.includes(instance.bpmnElementType) && isInCancelled(p, instance))
    if (holdsUndoable(p, instance)) remember(p, element, instance, '')
}

function remember(
  p: Processing,
  element: ExecutableElement,
  { key, processInstanceKey, processDefinitionKey, flowScopeKey, tenantId }: ElementInstance,
  compensationHandlerId: string,
  variables = '{}',
): void {
  p.emit('COMPENSATION_SUBSCRIPTION', 'CREATED', p.newKey(), {
    processInstanceKey,
    processDefinitionKey,
    compensableActivityId: element.id,
    compensableActivityInstanceKey: key,
    compensableActivityScopeKey: flowScopeKey,
    compensationHandlerId,
    variables,
    tenantId,
  })
}

/**
 * Throws compensation, for all of the thrower's scope or for one activity in it; inside an event sub-process also for the scope around,
 * or for the completed one that it undoes.
 * Emits for each subscription the four transitions of its boundary event and COMPENSATION_SUBSCRIPTION TRIGGERED; handlers begin by
 * commands. Answers whether there was any.
 */
export function compensate(p: Processing, thrower: ElementInstance, activityId: string | null): boolean {
  const rows = subscriptionsOf(p, thrower.processInstanceKey)
  const open = rows.filter(({ throwEventId }) => throwEventId === '')
  const scope = p.instance(thrower.flowScopeKey)
  const around = handledBy(rows, scope.key)?.compensableActivityInstanceKey ?? scope.flowScopeKey
  const scopes = scope.bpmnElementType === 'EVENT_SUB_PROCESS' ? [scope.key, around] : [scope.key]
  const aimed = open.filter(
    (row) =>
      scopes.includes(row.compensableActivityScopeKey) &&
      (activityId === null || row.compensableActivityId === activityId),
  )
  const inScope = byScope(open)
  for (const row of aimed) triggerAll(p, thrower, scope, inScope, row)
  return aimed.length > 0
}

function triggerAll(
  p: Processing,
  thrower: ElementInstance,
  scope: ElementInstance,
  inScope: InScope,
  row: CompensationSubscription,
): void {
  trigger(p, thrower, scope, row)
  for (const inner of leftToEngine(p, inScope, row)) triggerAll(p, thrower, scope, inScope, inner)
}
/** What is undone with the row without being told to: an event sub-process decides for itself. */
const leftToEngine = (p: Processing, inScope: InScope, row: CompensationSubscription) =>
  isByEventSubProcess(p, row) ? [] : inScope(row.compensableActivityInstanceKey)
const isByEventSubProcess = (p: Processing, row: CompensationSubscription): boolean =>
  row.compensationHandlerId !== '' &&
  p.elementOf(row.processDefinitionKey, row.compensationHandlerId).kind === 'event-sub-process'

function trigger(p: Processing, thrower: ElementInstance, scope: ElementInstance, row: CompensationSubscription): void {
  const compensationHandlerInstanceKey = row.compensationHandlerId === '' ? -1 : beginHandler(p, scope, row)
  const { key, ...value } = row
  p.emit('COMPENSATION_SUBSCRIPTION', 'TRIGGERED', key, {
    ...value,
    compensationHandlerInstanceKey,
    throwEventId: thrower.elementId,
    throwEventInstanceKey: thrower.key,
  })
}

/**
 * Goes on undoing a cancelled transaction in which nothing is left: what has completed last comes next, and handlers run in the
 * transaction. What an earlier throw event had begun to undo is undone again, because its handler has been terminated.
 * Emits what `compensate` does for one handler; without one the transaction terminates by a command. A long turn leaves the rest to a
 * later one.
 */
export function undoNext(p: Processing, transaction: ElementInstance): void {
  if (p.isLong) {
    postpone(p, transaction, 'TERMINATE', -1)
    return
  }
  const rows = subscriptionsOf(p, transaction.processInstanceKey)
  for (const row of rows.toReversed()) {
    if (row.key < transaction.key) break
    if (row.throwEventInstanceKey === transaction.key || !isInside(p, transaction, rows, row)) continue
    trigger(p, transaction, transaction, row)
    if (row.compensationHandlerId !== '') return
  }
  requestTermination(p, transaction.key)
}
/** Whether it is undone with the transaction: no event sub-process decides about it. */
function isInside(
  p: Processing,
  transaction: ElementInstance,
  rows: readonly CompensationSubscription[],
  row: CompensationSubscription,
): boolean {
  const { compensableActivityScopeKey: scopeKey } = row
  if (scopeKey === transaction.key) return true
  // What it had completed in has completed after it.
  const around = rows.findLast(({ compensableActivityInstanceKey }) => compensableActivityInstanceKey === scopeKey)
  return around !== undefined && !isByEventSubProcess(p, around) && isInside(p, transaction, rows, around)
}

/** The boundary event, where there is one, has no wait; the handler's key is known before it begins. */
function beginHandler(p: Processing, scope: ElementInstance, row: CompensationSubscription): Key {
  const boundary = compensationEventOn(p.elementOf(row.processDefinitionKey, row.compensableActivityId))
  if (boundary !== undefined) {
    const entered = enter(p, boundary, p.instance(scope.key), false)
    const active = transition(p, 'ELEMENT_ACTIVATED', boundary, entered)
    const completing = transition(p, 'ELEMENT_COMPLETING', boundary, active)
    transition(p, 'ELEMENT_COMPLETED', boundary, completing)
  }
  const key = p.newKey()
  const value = { elementId: row.compensationHandlerId, flowScopeKey: scope.key }
  p.follow('PROCESS_INSTANCE', 'ACTIVATE_ELEMENT', key, value)
  return key
}

/** Whether it is a handler that the cancelled transaction has begun, not one that somebody had begun before. */
export const isUndoing = (p: Processing, transaction: ElementInstance, handlerKey: Key): boolean =>
  handledBy(subscriptionsOf(p, transaction.processInstanceKey), handlerKey)?.throwEventInstanceKey === transaction.key

/** An event sub-process finds the variables that its sub-process had. Emits VARIABLE CREATED, local to it. */
export function recall(p: Processing, eventSubProcess: ElementInstance): void {
  const row = handledBy(subscriptionsOf(p, eventSubProcess.processInstanceKey), eventSubProcess.key)
  if (row !== undefined) mergeLocal(p, eventSubProcess, entriesOf(row.variables))
}

/**
 * A handler has completed.
 * Emits COMPENSATION_SUBSCRIPTION COMPLETED for what it has undone and for each sub-process of which nothing is left to undo, DELETED
 * for what an event sub-process has left as it was; the thrower completes when nothing of its is left.
 */
export function hasCompensated(p: Processing, handler: ElementInstance): void {
  const { processInstanceKey } = handler
  const rows = subscriptionsOf(p, processInstanceKey)
  const row = handledBy(rows, handler.key)
  if (row === undefined) return
  end(p, 'COMPLETED', row)
  if (isByEventSubProcess(p, row)) forget(p, byScope(rows), row.compensableActivityInstanceKey)
  completeScope(p, handler, row.compensableActivityScopeKey)
  const thrower = p.state.get('elementInstance', row.throwEventInstanceKey)
  if (thrower === undefined || isCancelled(p, thrower)) return
  const isLeft = subscriptionsOf(p, processInstanceKey).some(
    ({ throwEventInstanceKey }) => throwEventInstanceKey === thrower.key,
  )
  if (!isLeft) requestCompletion(p, thrower.key)
}

function completeScope(p: Processing, handler: ElementInstance, scopeKey: Key): void {
  const rows = subscriptionsOf(p, handler.processInstanceKey)
  const isUndoneAgain = isInTransaction(p, handler)
  const left = rows.filter((row) => row.compensableActivityScopeKey === scopeKey)
  if (left.some((row) => isUndoneAgain || !isGivenUp(p, row))) return
  const scope = rows.find((row) => row.compensableActivityInstanceKey === scopeKey && row.compensationHandlerId === '')
  if (scope === undefined) return
  end(p, 'COMPLETED', scope)
  completeScope(p, handler, scope.compensableActivityScopeKey)
}

/** Nothing of the process instance can be undone any more. Emits COMPENSATION_SUBSCRIPTION DELETED. */
export function forgetCompensation(p: Processing, processInstanceKey: Key): void {
  for (const row of subscriptionsOf(p, processInstanceKey)) end(p, 'DELETED', row)
}

/** The same for what has completed in a scope that terminates, unless it is to be undone with the transaction around it. */
export function forgetCompensationWithin(p: Processing, scope: ElementInstance): void {
  if (isInCancelled(p, scope)) return
  forget(p, byScope(subscriptionsOf(p, scope.processInstanceKey)), scope.key)
}
function forget(p: Processing, inScope: InScope, scopeKey: Key): void {
  for (const row of inScope(scopeKey)) {
    end(p, 'DELETED', row)
    forget(p, inScope, row.compensableActivityInstanceKey)
  }
}

function end(p: Processing, intent: 'COMPLETED' | 'DELETED', { key, ...value }: CompensationSubscription): void {
  p.emit('COMPENSATION_SUBSCRIPTION', intent, key, value)
}
