import { type Appliers, given, migrated } from './applier.ts'

export const incidentAppliers: Appliers<'INCIDENT'> = {
  CREATED: (state, key, value, at) => {
    const processInstanceKey = given(value.processInstanceKey, 'processInstanceKey')
    const instance = state.get('elementInstance', given(value.elementInstanceKey, 'elementInstanceKey'))
    state.put('incident', {
      key,
      tenantId: value.tenantId ?? '<default>',
      state: 'ACTIVE',
      errorType: given(value.errorType, 'errorType'),
      errorMessage: value.errorMessage ?? '',
      elementId: given(value.elementId, 'elementId'),
      elementInstanceKey: given(value.elementInstanceKey, 'elementInstanceKey'),
      processInstanceKey,
      rootProcessInstanceKey: instance?.rootProcessInstanceKey ?? processInstanceKey,
      processDefinitionKey: given(value.processDefinitionKey, 'processDefinitionKey'),
      jobKey: value.jobKey ?? -1,
      createdAt: at,
      endedAt: -1,
    })
  },
  MIGRATED: (state, key, value) => {
    const row = state.get('incident', key)
    if (row !== undefined) state.put('incident', { ...row, ...migrated(value) })
  },
  /** A job that stopped is offered again. */
  RESOLVED: (state, key, _value, at) => {
    const row = state.get('incident', key)
    if (row === undefined) return
    state.remove('incident', key, { ...row, state: 'RESOLVED', endedAt: at })
    const job = row.jobKey > 0 ? state.get('job', row.jobKey) : undefined
    if (job !== undefined && (job.state === 'FAILED' || job.state === 'ERROR_THROWN')) {
      state.put('job', { ...job, state: 'ACTIVATABLE', deadline: -1, recurringTime: -1 })
    }
  },
}
