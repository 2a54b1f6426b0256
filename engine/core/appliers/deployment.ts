import { type Appliers, given } from './applier.ts'

export const processAppliers: Appliers<'PROCESS'> = {
  CREATED: (state, key, value, at) => {
    const tenantId = value.tenantId ?? '<default>'
    state.put('processDefinition', {
      key,
      deleted: false,
      name: value.name ?? '',
      elementNames: value.elementNames ?? {},
      startFormId: value.startFormId ?? '',
      createdAt: at,
      bpmnProcessId: given(value.bpmnProcessId, 'bpmnProcessId'),
      version: given(value.version, 'version'),
      versionTag: value.versionTag ?? '',
      processDefinitionKey: key,
      resourceName: given(value.resourceName, 'resourceName'),
      checksum: given(value.checksum, 'checksum'),
      duplicate: false,
      deploymentKey: given(value.deploymentKey, 'deploymentKey'),
      tenantId,
    })
    state.put('resource', { key, tenantId, text: given(value.resource, 'resource') })
  },
  DELETING: () => {},
  DELETED: (state, key) => {
    const row = state.get('processDefinition', key)
    if (row !== undefined) state.put('processDefinition', { ...row, deleted: true })
  },
}

export const decisionAppliers: Appliers<'DECISION'> = {
  CREATED: (state, key, value) =>
    state.put('decision', {
      key,
      deleted: false,
      decisionId: given(value.decisionId, 'decisionId'),
      decisionName: given(value.decisionName, 'decisionName'),
      version: given(value.version, 'version'),
      versionTag: value.versionTag ?? '',
      decisionKey: key,
      decisionRequirementsId: given(value.decisionRequirementsId, 'decisionRequirementsId'),
      decisionRequirementsKey: given(value.decisionRequirementsKey, 'decisionRequirementsKey'),
      duplicate: false,
      deploymentKey: given(value.deploymentKey, 'deploymentKey'),
      tenantId: value.tenantId ?? '<default>',
    }),
  DELETED: (state, _key, value) => {
    const row = state.get('decision', given(value.decisionKey, 'decisionKey'))
    if (row !== undefined) state.put('decision', { ...row, deleted: true })
  },
}

export const decisionRequirementsAppliers: Appliers<'DECISION_REQUIREMENTS'> = {
  CREATED: (state, key, value) => {
    const tenantId = value.tenantId ?? '<default>'
    state.put('decisionRequirements', {
      key,
      deleted: false,
      decisionRequirementsId: given(value.decisionRequirementsId, 'decisionRequirementsId'),
      decisionRequirementsName: given(value.decisionRequirementsName, 'decisionRequirementsName'),
      decisionRequirementsVersion: given(value.decisionRequirementsVersion, 'decisionRequirementsVersion'),
      decisionRequirementsKey: key,
      namespace: value.namespace ?? '',
      resourceName: given(value.resourceName, 'resourceName'),
      checksum: given(value.checksum, 'checksum'),
      duplicate: false,
      tenantId,
    })
    state.put('resource', { key, tenantId, text: given(value.resource, 'resource') })
  },
  DELETED: (state, _key, value) => {
    const row = state.get('decisionRequirements', given(value.decisionRequirementsKey, 'decisionRequirementsKey'))
    if (row !== undefined) state.put('decisionRequirements', { ...row, deleted: true })
  },
}

export const formAppliers: Appliers<'FORM'> = {
  CREATED: (state, key, value) => {
    const tenantId = value.tenantId ?? '<default>'
    state.put('form', {
      key,
      deleted: false,
      formId: given(value.formId, 'formId'),
      version: given(value.version, 'version'),
      versionTag: value.versionTag ?? '',
      formKey: key,
      resourceName: given(value.resourceName, 'resourceName'),
      checksum: given(value.checksum, 'checksum'),
      duplicate: false,
      deploymentKey: given(value.deploymentKey, 'deploymentKey'),
      tenantId,
    })
    state.put('resource', { key, tenantId, text: given(value.resource, 'resource') })
  },
  DELETED: (state, _key, value) => {
    const row = state.get('form', given(value.formKey, 'formKey'))
    if (row !== undefined) state.put('form', { ...row, deleted: true })
  },
}
