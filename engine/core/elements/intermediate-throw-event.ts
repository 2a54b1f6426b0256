import type { IntermediateThrowEvent } from '../../model/executable.ts'
import { createJob, jobProperties } from '../behaviors/jobs.ts'
import { transition } from '../behaviors/lifecycle.ts'
import { applyInputs, applyOutputs } from '../behaviors/mappings.ts'
import { goOn } from './activity.ts'
import { closeIncidents, passOn } from './pass-through.ts'
import type { ElementProcessor } from './processor.ts'

/**
 * None: passes through. Message: a job sends it, and the event completes when the job does.
 * Incidents: IO_MAPPING_ERROR, EXTRACT_VALUE_ERROR (type, retries).
 * Source: BPMN 2.0.2 §10.5.4; Camunda docs › BPMN › Message events.
 */
export const intermediateThrowEvent: ElementProcessor<IntermediateThrowEvent> = {
  prepare: applyInputs,
  activate: (p, element, instance) => {
    if (element.job === null) return passOn(p, element, instance)
    const properties = jobProperties(p, instance, element.job)
    if (!properties.ok) return properties.failure
    createJob(p, instance, properties.value, element.job.headers)
    transition(p, 'ELEMENT_ACTIVATED', element, instance)
    return null
  },
  conclude: applyOutputs,
  complete: goOn,
  terminate: closeIncidents,
}
