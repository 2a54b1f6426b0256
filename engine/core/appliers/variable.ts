import { putItem, putList, removeList } from '../lists.ts'
import { type Appliers, given } from './applier.ts'

export const variableAppliers: Appliers<'VARIABLE'> = {
  MIGRATED: (state, key, value) => {
    const row = state.get('variable', key)
    const processDefinitionKey = given(value.processDefinitionKey, 'processDefinitionKey')
    if (row !== undefined) state.put('variable', { ...row, processDefinitionKey })
  },
  CREATED: (state, key, value) => {
    const { nulls, tenantId = '<default>' } = value
    state.put('variable', {
      key,
      tenantId,
      scopeKey: given(value.scopeKey, 'scopeKey'),
      processInstanceKey: given(value.processInstanceKey, 'processInstanceKey'),
      processDefinitionKey: given(value.processDefinitionKey, 'processDefinitionKey'),
      name: given(value.name, 'name'),
      value: nulls === undefined ? given(value.value, 'value') : null,
    })
    if (nulls !== undefined)
      putList(state, { key, tenantId, partsFrom: nulls.partsFrom }, new Array(nulls.length).fill('null'))
  },
  UPDATED: (state, key, value) => {
    const row = state.get('variable', key)
    if (row === undefined) return
    if (value.item !== undefined) {
      putItem(state, key, value.item.index, value.item.value)
      return
    }
    if (row.value === null) removeList(state, key)
    state.put('variable', { ...row, value: given(value.value, 'value') })
  },
}
