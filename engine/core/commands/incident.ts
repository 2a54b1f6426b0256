import type { CommandOf } from '../../protocol/records.ts'
import { incidentValue } from '../behaviors/incidents.ts'
import { offer } from '../behaviors/jobs.ts'
import { resume } from '../behaviors/task-transitions.ts'
import { type Processing, refuse } from '../processing.ts'

/**
 * Emits INCIDENT RESOLVED, then the step that failed runs again: a job is offered again, an element repeats its activation or
 * completion, a user task its transition, and may raise another incident.
 * Rejects: NOT_FOUND; INVALID_STATE when the job has no retries left.
 */
export function resolve(p: Processing, command: CommandOf<'INCIDENT'>): void {
  const incident = p.state.get('incident', command.key)
  if (incident === undefined) {
    refuse('NOT_FOUND', `Expected to resolve incident with key '${command.key}', but no such incident was found`)
  }
  const job = incident.jobKey > 0 ? p.state.get('job', incident.jobKey) : undefined
  if (job !== undefined && job.retries <= 0) {
    refuse(
      'INVALID_STATE',
      `Expected to resolve incident with key '${command.key}', but job with key '${job.key}' has no retries left. Please update the job retries and retry resolving the incident`,
    )
  }
  p.emit('INCIDENT', 'RESOLVED', incident.key, incidentValue(incident))
  if (incident.jobKey > 0) {
    offer(p, incident.jobKey)
    return
  }
  const instance = p.state.get('elementInstance', incident.elementInstanceKey)
  if (instance === undefined) return
  if (instance.state === 'ACTIVATED' || instance.state === 'TERMINATING') {
    if (instance.userTaskKey > 0) resume(p, instance.userTaskKey)
    return
  }
  if (instance.state === 'ACTIVATING') p.follow('PROCESS_INSTANCE', 'ACTIVATE_ELEMENT', instance.key, {})
  if (instance.state === 'COMPLETING') p.follow('PROCESS_INSTANCE', 'COMPLETE_ELEMENT', instance.key, {})
}
