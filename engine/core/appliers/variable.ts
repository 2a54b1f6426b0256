import { type Appliers, given } from './applier.ts'

export const variableAppliers: Appliers<'VARIABLE'> = {
  CREATED: (state, key, value) =>
    state.put('variable', {
      key,
      tenantId: value.tenantId ?? '<default>',
      scopeKey: given(value.scopeKey, 'scopeKey'),
      processInstanceKey: given(value.processInstanceKey, 'processInstanceKey'),
      processDefinitionKey: given(value.processDefinitionKey, 'processDefinitionKey'),
      name: given(value.name, 'name'),
      value: given(value.value, 'value'),
    }),
  UPDATED: (state, key, value) => {
    const row = state.get('variable', key)
    if (row !== undefined) state.put('variable', { ...row, value: given(value.value, 'value') })
  },
}
