/** Conditions that hold: of those who wait in an instance, and of start events when a client asks. */
import type { CommandOf, Key } from '../../protocol/records.ts'
import { conditionalValue, heldBy } from '../behaviors/conditions.ts'
import { canBeTriggered, trigger as triggerEvent } from '../behaviors/events.ts'
import { startByEvent } from '../behaviors/start-events.ts'
import { stoppingStart } from '../behaviors/suspensions.ts'
import { type Processing, refuse } from '../processing.ts'
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

/**
 * Starts an instance for each conditional start event, of the definition or of all latest ones, that reads one of the variables, or
 * none at all, and whose condition holds among them. A condition without a boolean value does not hold; a suspended definition begins none.
 * Emits PROCESS_EVENT TRIGGERING for each, CONDITIONAL_EVALUATION EVALUATED; the instances follow by commands.
 * Rejects: NOT_FOUND (definition).
 */
export function evaluate(p: Processing, command: CommandOf<'CONDITIONAL_EVALUATION'>): void {
  const { processDefinitionKey = -1, variables = '{}', tenantId = '<default>' } = command.value
  const definition = processDefinitionKey > 0 ? p.state.get('processDefinition', processDefinitionKey) : null
  if (definition === undefined || definition?.deleted === true || (definition?.tenantId ?? tenantId) !== tenantId)
    refuse(
      'NOT_FOUND',
      `Expected to evaluate conditional with command key '${command.key}' for process definition key '${processDefinitionKey}', but no such process was found.`,
    )
  const starts =
    definition === null
      ? p.state.find('conditionalStartsFor', tenantId)
      : p.state.find('conditionalSubscriptionsOf', definition.key)
  const open = [...starts.values()].filter((row) => stoppingStart(p, row.processDefinitionKey) === null)
  const started = heldBy(p, open, variables).map((row) => {
    const processInstanceKey = p.newKey()
    const start = { processDefinitionKey: row.processDefinitionKey, startEventId: row.catchEventId, variables }
    startByEvent(p, tenantId, processInstanceKey, start)
    return { processDefinitionKey: row.processDefinitionKey, processInstanceKey }
  })
  const value = { processDefinitionKey, variables, tenantId, startedProcessInstances: started }
  p.emit('CONDITIONAL_EVALUATION', 'EVALUATED', p.newKey(), value)
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
