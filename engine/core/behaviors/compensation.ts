/**
 * Undoing what has completed. A completed activity with a handler leaves a subscription, and so does a sub-process in which there are
 * some; compensation that is thrown in a scope triggers those of the scope and, of a sub-process, those within. Handlers run in the
 * scope of the thrower, as in Zeebe, and the thrower completes with the last of them.
 */
import type { ActivityElement, BoundaryEvent } from '../../model/executable.ts'
import type { Key } from '../../protocol/records.ts'
import type { Processing } from '../processing.ts'
import type { CompensationSubscription, ElementInstance } from '../state/rows.ts'
import { enter, requestCompletion, transition } from './lifecycle.ts'

/** Of the process instance, oldest first. */
const subscriptionsOf = (p: Processing, processInstanceKey: Key): readonly CompensationSubscription[] => [
  ...p.state.find('compensationsOf', processInstanceKey).values(),
]
const within = (rows: readonly CompensationSubscription[], scopeKey: Key) =>
  rows.filter((row) => row.compensableActivityScopeKey === scopeKey)

function compensationEventOn(activity: ActivityElement): BoundaryEvent | undefined {
  return activity.boundaryEvents.find(({ event }) => event.type === 'compensation')
}

/** Emits COMPENSATION_SUBSCRIPTION CREATED when the activity, which is about to complete, or something in it can be undone. */
export function canBeCompensated(p: Processing, activity: ActivityElement, instance: ElementInstance): void {
  const { key, processInstanceKey, processDefinitionKey, flowScopeKey, tenantId } = instance
  const boundary = compensationEventOn(activity)
  if (boundary === undefined) {
    const isScope = instance.bpmnElementType === 'SUB_PROCESS' || instance.bpmnElementType === 'MULTI_INSTANCE_BODY'
    if (!isScope || within(subscriptionsOf(p, processInstanceKey), key).length === 0) return
  }
  p.emit('COMPENSATION_SUBSCRIPTION', 'CREATED', p.newKey(), {
    processInstanceKey,
    processDefinitionKey,
    compensableActivityId: activity.id,
    compensableActivityInstanceKey: key,
    compensableActivityScopeKey: flowScopeKey,
    compensationHandlerId: boundary?.handler ?? '',
    tenantId,
  })
}

/**
 * Throws compensation, for all of the thrower's scope or for one activity in it; inside an event sub-process also for the scope around.
 * Emits for each subscription the four transitions of its boundary event and COMPENSATION_SUBSCRIPTION TRIGGERED; handlers begin by
 * commands. Answers whether there was any.
 */
export function compensate(p: Processing, thrower: ElementInstance, activityId: string | null): boolean {
  const open = subscriptionsOf(p, thrower.processInstanceKey).filter(({ throwEventId }) => throwEventId === '')
  const scope = p.instance(thrower.flowScopeKey)
  const scopes = scope.bpmnElementType === 'EVENT_SUB_PROCESS' ? [scope.key, scope.flowScopeKey] : [scope.key]
  const aimed = open.filter(
    (row) =>
      scopes.includes(row.compensableActivityScopeKey) &&
      (activityId === null || row.compensableActivityId === activityId),
  )
  for (const row of aimed) trigger(p, thrower, scope, open, row)
  return aimed.length > 0
}

function trigger(
  p: Processing,
  thrower: ElementInstance,
  scope: ElementInstance,
  open: readonly CompensationSubscription[],
  row: CompensationSubscription,
): void {
  const compensationHandlerInstanceKey = row.compensationHandlerId === '' ? -1 : beginHandler(p, scope, row)
  const { key, ...value } = row
  p.emit('COMPENSATION_SUBSCRIPTION', 'TRIGGERED', key, {
    ...value,
    compensationHandlerInstanceKey,
    throwEventId: thrower.elementId,
    throwEventInstanceKey: thrower.key,
  })
  for (const inner of within(open, row.compensableActivityInstanceKey)) trigger(p, thrower, scope, open, inner)
}

/** The boundary event has no wait; the handler's key is known before it begins. */
function beginHandler(p: Processing, scope: ElementInstance, row: CompensationSubscription): Key {
  const activity = p.elementOf(row.processDefinitionKey, row.compensableActivityId)
  const boundary = 'boundaryEvents' in activity ? compensationEventOn(activity) : undefined
  if (boundary === undefined) throw new Error(`Expected '${activity.id}' to have a compensation event`)
  const entered = enter(p, boundary, p.instance(scope.key), false)
  const active = transition(p, 'ELEMENT_ACTIVATED', boundary, entered)
  const completing = transition(p, 'ELEMENT_COMPLETING', boundary, active)
  transition(p, 'ELEMENT_COMPLETED', boundary, completing)
  const key = p.newKey()
  const value = { elementId: row.compensationHandlerId, flowScopeKey: scope.key }
  p.follow('PROCESS_INSTANCE', 'ACTIVATE_ELEMENT', key, value)
  return key
}

/**
 * A handler has completed.
 * Emits COMPENSATION_SUBSCRIPTION COMPLETED for what it has undone and for each sub-process of which nothing is left to undo; the
 * thrower completes when nothing of its is left.
 */
export function hasCompensated(p: Processing, handler: ElementInstance): void {
  const { processInstanceKey } = handler
  const row = subscriptionsOf(p, processInstanceKey).find(
    ({ compensationHandlerInstanceKey }) => compensationHandlerInstanceKey === handler.key,
  )
  if (row === undefined) return
  end(p, 'COMPLETED', row)
  completeScope(p, processInstanceKey, row.compensableActivityScopeKey)
  const isLeft = subscriptionsOf(p, processInstanceKey).some(
    ({ throwEventInstanceKey }) => throwEventInstanceKey === row.throwEventInstanceKey,
  )
  if (!isLeft) requestCompletion(p, row.throwEventInstanceKey)
}

function completeScope(p: Processing, processInstanceKey: Key, scopeKey: Key): void {
  const rows = subscriptionsOf(p, processInstanceKey)
  if (within(rows, scopeKey).length > 0) return
  const scope = rows.find((row) => row.compensableActivityInstanceKey === scopeKey && row.compensationHandlerId === '')
  if (scope === undefined) return
  end(p, 'COMPLETED', scope)
  completeScope(p, processInstanceKey, scope.compensableActivityScopeKey)
}

/** Nothing of the process instance can be undone any more. Emits COMPENSATION_SUBSCRIPTION DELETED. */
export function forgetCompensation(p: Processing, processInstanceKey: Key): void {
  for (const row of subscriptionsOf(p, processInstanceKey)) end(p, 'DELETED', row)
}

/** The same for what has completed in a scope that terminates. */
export function forgetCompensationWithin(p: Processing, scope: ElementInstance): void {
  const rows = subscriptionsOf(p, scope.processInstanceKey)
  const forget = (scopeKey: Key): void => {
    for (const row of within(rows, scopeKey)) {
      end(p, 'DELETED', row)
      forget(row.compensableActivityInstanceKey)
    }
  }
  forget(scope.key)
}

function end(p: Processing, intent: 'COMPLETED' | 'DELETED', { key, ...value }: CompensationSubscription): void {
  p.emit('COMPENSATION_SUBSCRIPTION', intent, key, value)
}
