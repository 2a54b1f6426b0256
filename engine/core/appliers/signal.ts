import { type Appliers, given } from './applier.ts'

/** One subscription for each signal and each who waits: a later one takes the place of an earlier (zeebe-traces: esp-boundary-race). */
export const signalSubscriptionAppliers: Appliers<'SIGNAL_SUBSCRIPTION'> = {
  CREATED: (state, key, value) => {
    const signalName = given(value.signalName, 'signalName')
    const processDefinitionKey = given(value.processDefinitionKey, 'processDefinitionKey')
    const catchEventInstanceKey = value.catchEventInstanceKey ?? -1
    const waiting = catchEventInstanceKey > 0 ? catchEventInstanceKey : processDefinitionKey
    for (const row of [...state.find('signalSubscriptionsOf', waiting).values()])
      if (row.signalName === signalName) state.remove('signalSubscription', row.key)
    state.put('signalSubscription', {
      key,
      tenantId: value.tenantId ?? '<default>',
      signalName,
      catchEventId: given(value.catchEventId, 'catchEventId'),
      catchEventInstanceKey,
      processInstanceKey: value.processInstanceKey ?? -1,
      processDefinitionKey,
      bpmnProcessId: given(value.bpmnProcessId, 'bpmnProcessId'),
    })
  },
  MIGRATED: (state, key, value) => {
    const row = state.get('signalSubscription', key)
    if (row === undefined) return
    const { bpmnProcessId = row.bpmnProcessId, catchEventId = row.catchEventId } = value
    const processDefinitionKey = given(value.processDefinitionKey, 'processDefinitionKey')
    state.put('signalSubscription', { ...row, bpmnProcessId, catchEventId, processDefinitionKey })
  },
  DELETED: (state, key) => state.remove('signalSubscription', key),
}
