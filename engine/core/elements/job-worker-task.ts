import type { JobWorkerTask } from '../../model/executable.ts'
import { subscribe } from '../behaviors/awaited-events.ts'
import { createJob, jobProperties } from '../behaviors/jobs.ts'
import { transition } from '../behaviors/lifecycle.ts'
import { applyInputs } from '../behaviors/mappings.ts'
import { taskHeaders } from '../behaviors/user-tasks.ts'
import { abandon, goOn, mapAndClose } from './activity.ts'
import type { ElementProcessor } from './processor.ts'

/**
 * A task that a worker does: service and send task, and script, business rule or user task with a task definition.
 * Emits ELEMENT_ACTIVATING, VARIABLE (inputs), subscriptions, JOB CREATED, ELEMENT_ACTIVATED; completes when its job does.
 * Incidents: IO_MAPPING_ERROR, EXTRACT_VALUE_ERROR (type, retries, a boundary event's definition).
 * Source: BPMN 2.0.2 §10.3.3; Camunda docs › BPMN › Service tasks.
 */
export const jobWorkerTask: ElementProcessor<JobWorkerTask> = {
  prepare: applyInputs,
  activate: (p, element, instance) => {
    const properties = jobProperties(p, instance, element.job)
    if (!properties.ok) return properties.failure
    const headers = taskHeaders(p, instance, element)
    if (!headers.ok) return headers.failure
    const unsubscribed = subscribe(p, instance, element.boundaryEvents)
    if (unsubscribed !== null) return unsubscribed
    createJob(p, instance, properties.value, headers.value)
    transition(p, 'ELEMENT_ACTIVATED', element, instance)
    return null
  },
  conclude: mapAndClose,
  complete: goOn,
  terminate: (p, _element, instance) => abandon(p, instance),
}
