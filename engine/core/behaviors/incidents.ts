/** Raising and closing incidents. */
import type { IncidentValue } from '../../protocol/records.ts'
import type { Failure, Processing } from '../processing.ts'
import type { ElementInstance, Incident } from '../state/rows.ts'

/** Emits INCIDENT CREATED: the element instance stays where it is until someone resolves it. */
export function raise(
  p: Processing,
  instance: ElementInstance,
  { errorType, message, jobKey, variableScopeKey }: Failure,
): void {
  p.emit('INCIDENT', 'CREATED', p.newKey(), {
    errorType,
    errorMessage: message,
    processInstanceKey: instance.processInstanceKey,
    processDefinitionKey: instance.processDefinitionKey,
    elementId: instance.elementId,
    elementInstanceKey: instance.key,
    jobKey: jobKey ?? -1,
    variableScopeKey: variableScopeKey ?? instance.key,
    tenantId: instance.tenantId,
  })
}

/** Emits INCIDENT RESOLVED for what is open on the instance, because the instance goes. */
export function close(p: Processing, instance: ElementInstance): void {
  for (const incident of [...p.state.find('incidentsOf', instance.key).values()])
    p.emit('INCIDENT', 'RESOLVED', incident.key, incidentValue(incident))
}

/** What its records say: without what its row alone knows. */
export function incidentValue(incident: Incident): Partial<IncidentValue> {
  const { key: _, state: __, createdAt: ___, endedAt: ____, rootProcessInstanceKey: _____, ...value } = incident
  return value
}
