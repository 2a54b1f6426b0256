/** Conditions that hold. */
import type { CommandOf, Key } from '../../protocol/records.ts'
import { conditionalValue } from '../behaviors/conditions.ts'
import { canBeTriggered, trigger as triggerEvent } from '../behaviors/events.ts'
import type { Processing } from '../processing.ts'
import type { ConditionalSubscription } from '../state/rows.ts'

/** How often an event beside may happen in one turn: what it leads to may change the variables that its condition reads. */
const TRIGGERS_MAX = 1_000
const triggers = new WeakMap<Processing, Map<Key, number>>()

/**
 * The condition of a subscription was true when this command was written. One that is gone, or whose instance no longer waits, is left
 * alone: so what an activity writes when it completes never triggers its own boundary events.
 * Emits CONDITIONAL_SUBSCRIPTION TRIGGERED, then what `trigger` of behaviors/events.ts emits. Rejects: PROCESSING_ERROR, the whole
 * turn, when the event keeps its own condition true.
 */
export function trigger(p: Processing, { key }: CommandOf<'CONDITIONAL_SUBSCRIPTION'>): void {
  const row = p.state.get('conditionalSubscription', key)
  if (row === undefined) return
  const instance = p.state.get('elementInstance', row.elementInstanceKey)
  if (!canBeTriggered(p, instance, row.catchEventId)) return
  countTrigger(p, row)
  p.emit('CONDITIONAL_SUBSCRIPTION', 'TRIGGERED', key, conditionalValue(row))
  triggerEvent(p, instance, p.elementOf(instance.processDefinitionKey, row.catchEventId), '{}')
}

function countTrigger(p: Processing, { key, catchEventId, condition }: ConditionalSubscription): void {
  const counts = triggers.get(p) ?? new Map<Key, number>()
  triggers.set(p, counts)
  const count = (counts.get(key) ?? 0) + 1
  counts.set(key, count)
  if (count > TRIGGERS_MAX)
    throw new Error(
      `Conditional event '${catchEventId}' with condition '${condition}' was triggered more than ${TRIGGERS_MAX} times by one command. Let what it leads to make the condition false, or change other variables.`,
    )
}
