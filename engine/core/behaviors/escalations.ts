/** Who catches an escalation. Nobody has to. */
import type { Key } from '../../protocol/records.ts'
import type { Processing } from '../processing.ts'
import type { ElementInstance } from '../state/rows.ts'
import { canBeTriggered, trigger } from './events.ts'
import { type Caught, callerOf, catcherIn, catching, isOpen } from './thrown.ts'

/**
 * Throws an escalation from an event.
 * Emits PROCESS_EVENT TRIGGERING and ESCALATION ESCALATED or, when nobody catches or the catcher hears no more, NOT_ESCALATED.
 * Answers whether the thrower goes on: it does not where the catcher interrupts.
 */
export function escalate(p: Processing, thrower: ElementInstance, escalationCode: string): boolean {
  const key = p.newKey()
  const caught = catcherOf(p, thrower.flowScopeKey, escalationCode)
  const isHeard = caught !== null && canBeTriggered(p, caught.instance, caught.catcher.id)
  if (isHeard) trigger(p, caught.instance, caught.catcher, '{}')
  p.emit('ESCALATION', isHeard ? 'ESCALATED' : 'NOT_ESCALATED', key, {
    processInstanceKey: thrower.processInstanceKey,
    escalationCode,
    throwElementId: thrower.elementId,
    catchElementId: caught?.catcher.id ?? '',
    tenantId: thrower.tenantId,
  })
  return caught === null || !caught.catcher.interrupting
}

/** The nearest in the scopes outward, up to one that was interrupted; then from the call activity outward in the same way. */
function catcherOf(p: Processing, scopeKey: Key, code: string): Caught | null {
  let instance: ElementInstance | undefined = p.instance(scopeKey)
  while (instance !== undefined) {
    const catcher = catcherIn(catching(p, instance), 'escalation', code)
    if (catcher !== null) return { instance, catcher }
    instance = outwards(p, instance)
  }
  return null
}
function outwards(p: Processing, instance: ElementInstance): ElementInstance | undefined {
  const goesOn = instance.state === 'ACTIVATED' && isOpen(p, instance)
  return goesOn && instance.flowScopeKey > 0 ? p.instance(instance.flowScopeKey) : callerOf(p, instance)
}
