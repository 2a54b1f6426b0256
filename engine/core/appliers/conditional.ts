import type { Key } from '../../protocol/records.ts'
import type { ConditionalSubscription } from '../state/rows.ts'
import type { State } from '../state/state.ts'
import { type Appliers, given } from './applier.ts'

export const conditionalSubscriptionAppliers: Appliers<'CONDITIONAL_SUBSCRIPTION'> = {
  CREATED: (state, key, value) => {
    const row: ConditionalSubscription = {
      key,
      tenantId: value.tenantId ?? '<default>',
      elementInstanceKey: value.elementInstanceKey ?? -1,
      processInstanceKey: value.processInstanceKey ?? -1,
      processDefinitionKey: given(value.processDefinitionKey, 'processDefinitionKey'),
      catchEventId: given(value.catchEventId, 'catchEventId'),
      interrupting: given(value.interrupting, 'interrupting'),
      condition: given(value.condition, 'condition'),
      variableNames: value.variableNames ?? [],
      variableEvents: value.variableEvents ?? [],
    }
    state.put('conditionalSubscription', row)
    count(state, row, 1)
  },
  /** What may run beside goes on waiting. */
  TRIGGERED: (state, key) => {
    if (state.get('conditionalSubscription', key)?.interrupting === true) close(state, key)
  },
  MIGRATED: (state, key, value) => {
    const row = state.get('conditionalSubscription', key)
    if (row === undefined) return
    state.put('conditionalSubscription', {
      ...row,
      processDefinitionKey: given(value.processDefinitionKey, 'processDefinitionKey'),
      catchEventId: given(value.catchEventId, 'catchEventId'),
      interrupting: given(value.interrupting, 'interrupting'),
    })
  },
  DELETED: (state, key) => close(state, key),
}

function close(state: State, key: Key): void {
  const row = state.get('conditionalSubscription', key)
  state.remove('conditionalSubscription', key)
  if (row !== undefined) count(state, row, -1)
}

/** Start events wait in no instance. */
function count(state: State, { processInstanceKey, variableNames }: ConditionalSubscription, by: 1 | -1): void {
  const instance = processInstanceKey > 0 ? state.get('elementInstance', processInstanceKey) : undefined
  if (instance === undefined) return
  // A map, because a variable may bear the name of something that every object has.
  const awaited = new Map(Object.entries(instance.awaitedVariables))
  for (const name of variableNames.length > 0 ? variableNames : ['']) {
    const waiting = (awaited.get(name) ?? 0) + by
    if (waiting > 0) awaited.set(name, waiting)
    else awaited.delete(name)
  }
  state.put('elementInstance', { ...instance, awaitedVariables: Object.fromEntries(awaited) })
}
