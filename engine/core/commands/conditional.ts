/** Conditions that hold. */
import type { CommandOf } from '../../protocol/records.ts'
import { conditionalValue } from '../behaviors/conditions.ts'
import { canBeTriggered, trigger as triggerEvent } from '../behaviors/events.ts'
import type { Processing } from '../processing.ts'

/**
 * The condition of a subscription was true when this command was written. One that is gone, or whose instance no longer waits, is left
 * alone: so what an activity writes when it completes never triggers its own boundary events.
 * Emits CONDITIONAL_SUBSCRIPTION TRIGGERED, then what `trigger` of behaviors/events.ts emits.
 */
export function trigger(p: Processing, { key }: CommandOf<'CONDITIONAL_SUBSCRIPTION'>): void {
  const row = p.state.get('conditionalSubscription', key)
  if (row === undefined) return
  const instance = p.state.get('elementInstance', row.elementInstanceKey)
  if (!canBeTriggered(p, instance, row.catchEventId)) return
  p.emit('CONDITIONAL_SUBSCRIPTION', 'TRIGGERED', key, conditionalValue(row))
  triggerEvent(p, instance, p.elementOf(instance.processDefinitionKey, row.catchEventId), '{}')
}
