import { type Appliers, given } from './applier.ts'

export const timerAppliers: Appliers<'TIMER'> = {
  CREATED: (state, key, value, at) =>
    state.put('timer', {
      key,
      tenantId: value.tenantId ?? '<default>',
      elementInstanceKey: value.elementInstanceKey ?? -1,
      processInstanceKey: value.processInstanceKey ?? -1,
      processDefinitionKey: given(value.processDefinitionKey, 'processDefinitionKey'),
      targetElementId: given(value.targetElementId, 'targetElementId'),
      dueDate: given(value.dueDate, 'dueDate'),
      countedFrom: at,
      repetitions: given(value.repetitions, 'repetitions'),
    }),
  MIGRATED: (state, key, value) => {
    const row = state.get('timer', key)
    if (row === undefined) return
    const processDefinitionKey = given(value.processDefinitionKey, 'processDefinitionKey')
    const targetElementId = given(value.targetElementId, 'targetElementId')
    state.put('timer', { ...row, processDefinitionKey, targetElementId })
  },
  RESCHEDULED: (state, key, value, at) => {
    const row = state.get('timer', key)
    if (row !== undefined) state.put('timer', { ...row, dueDate: given(value.dueDate, 'dueDate'), countedFrom: at })
  },
  TRIGGERED: (state, key) => state.remove('timer', key),
  CANCELED: (state, key) => state.remove('timer', key),
}
