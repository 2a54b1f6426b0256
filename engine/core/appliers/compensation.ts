import { type Appliers, given } from './applier.ts'

export const compensationSubscriptionAppliers: Appliers<'COMPENSATION_SUBSCRIPTION'> = {
  CREATED: (state, key, value) =>
    state.put('compensationSubscription', {
      key,
      tenantId: value.tenantId ?? '<default>',
      processInstanceKey: given(value.processInstanceKey, 'processInstanceKey'),
      processDefinitionKey: given(value.processDefinitionKey, 'processDefinitionKey'),
      compensableActivityId: given(value.compensableActivityId, 'compensableActivityId'),
      compensableActivityInstanceKey: given(value.compensableActivityInstanceKey, 'compensableActivityInstanceKey'),
      compensableActivityScopeKey: given(value.compensableActivityScopeKey, 'compensableActivityScopeKey'),
      compensationHandlerId: value.compensationHandlerId ?? '',
      compensationHandlerInstanceKey: -1,
      variables: value.variables ?? '{}',
      throwEventId: '',
      throwEventInstanceKey: -1,
    }),
  TRIGGERED: (state, key, value) => {
    const row = state.get('compensationSubscription', key)
    if (row === undefined) return
    state.put('compensationSubscription', {
      ...row,
      compensationHandlerInstanceKey: value.compensationHandlerInstanceKey ?? -1,
      throwEventId: given(value.throwEventId, 'throwEventId'),
      throwEventInstanceKey: given(value.throwEventInstanceKey, 'throwEventInstanceKey'),
    })
  },
  MIGRATED: (state, key, value) => {
    const row = state.get('compensationSubscription', key)
    if (row === undefined) return
    const { compensableActivityId = '', compensationHandlerId = '' } = value
    const processDefinitionKey = given(value.processDefinitionKey, 'processDefinitionKey')
    state.put('compensationSubscription', {
      ...row,
      processDefinitionKey,
      compensableActivityId,
      compensationHandlerId,
    })
  },
  COMPLETED: (state, key) => state.remove('compensationSubscription', key),
  DELETED: (state, key) => state.remove('compensationSubscription', key),
}
