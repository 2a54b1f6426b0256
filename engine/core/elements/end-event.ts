import type { EndEvent } from '../../model/executable.ts'
import { terminateChildren } from '../behaviors/batches.ts'
import { leave, pathEnded } from '../behaviors/flow.ts'
import { transition } from '../behaviors/lifecycle.ts'
import type { Processing } from '../processing.ts'
import type { ElementInstance } from '../state/rows.ts'
import { closeIncidents } from './pass-through.ts'
import type { ElementProcessor } from './processor.ts'
import { mapThrown, prepareThrow, throwEvent } from './throw-event.ts'

/**
 * Ends a path and throws its event (throw-event.ts). Terminate: everything else in the scope terminates, then the scope *completes*.
 * Source: BPMN 2.0.2 §10.5.3; Camunda docs › BPMN › Error, terminate, message, signal, escalation, compensation events.
 */
export const endEvent: ElementProcessor<EndEvent> = {
  prepare: prepareThrow,
  activate: throwEvent,
  conclude: mapThrown,
  complete: (p, element, instance) => {
    if (element.event.type !== 'terminate') return leave(p, element, instance)
    terminateScope(p, element, instance)
    return null
  },
  terminate: closeIncidents,
}

/** The scope ends when the last of the others has. */
function terminateScope(p: Processing, element: EndEvent, instance: ElementInstance): void {
  transition(p, 'ELEMENT_COMPLETED', element, instance)
  terminateChildren(p, p.instance(instance.flowScopeKey))
  pathEnded(p, instance.flowScopeKey)
}
