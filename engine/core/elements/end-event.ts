import type { EndEvent } from '../../model/executable.ts'
import { catchError, findCatcher, uncaught } from '../behaviors/errors.ts'
import { extractText } from '../behaviors/expressions.ts'
import { leave, pathEnded } from '../behaviors/flow.ts'
import { createJob, jobProperties } from '../behaviors/jobs.ts'
import { requestCompletion, requestTermination, transition } from '../behaviors/lifecycle.ts'
import { applyInputs, applyOutputs } from '../behaviors/mappings.ts'
import { type Failure, failure, type Processing } from '../processing.ts'
import type { ElementInstance } from '../state.ts'
import { closeIncidents } from './pass-through.ts'
import type { ElementProcessor } from './processor.ts'

/**
 * Ends a path. None: just that. Message: a job sends it. Error: thrown to the nearest catcher; the event itself ends with its
 * scope. Terminate: everything else in the scope terminates, then the scope *completes*.
 * Incidents: UNHANDLED_ERROR_EVENT (the event stays ACTIVATING), IO_MAPPING_ERROR, EXTRACT_VALUE_ERROR.
 * Source: BPMN 2.0.2 §10.5.3; Camunda docs › BPMN › Error, terminate, message events.
 */
export const endEvent: ElementProcessor<EndEvent> = {
  prepare: applyInputs,
  activate: (p, element, instance) => {
    if (element.event.type === 'error') return throwError(p, element, instance)
    if (element.job !== null) {
      const properties = jobProperties(p, instance, element.job)
      if (!properties.ok) return properties.failure
      createJob(p, instance, properties.value, element.job.headers)
      transition(p, 'ELEMENT_ACTIVATED', element, instance)
      return null
    }
    transition(p, 'ELEMENT_ACTIVATED', element, instance)
    requestCompletion(p, instance.key)
    return null
  },
  conclude: applyOutputs,
  complete: (p, element, instance) => {
    if (element.event.type === 'terminate') terminateScope(p, element, instance)
    else leave(p, element, instance)
    return null
  },
  terminate: closeIncidents,
}

function throwError(p: Processing, element: EndEvent, instance: ElementInstance): Failure | null {
  const { event } = element
  const code = event.type === 'error' && event.code !== null ? extractText(p, instance.key, event.code) : null
  if (code === null) throw new Error(`Error end event '${element.id}' has no code`)
  if (!code.ok) return code.failure
  const found = findCatcher(p, instance, code.value)
  if (!('catcher' in found)) return failure('UNHANDLED_ERROR_EVENT', uncaught(code.value, '', found.message))
  transition(p, 'ELEMENT_ACTIVATED', element, instance)
  catchError(p, found, '{}')
  return null
}

/** The scope ends when the last of the others has. */
function terminateScope(p: Processing, element: EndEvent, instance: ElementInstance): void {
  transition(p, 'ELEMENT_COMPLETED', element, instance)
  for (const other of p.state.find('childrenOf', instance.flowScopeKey).values()) requestTermination(p, other.key)
  pathEnded(p, instance.flowScopeKey)
}
