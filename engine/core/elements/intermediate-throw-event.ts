import type { IntermediateThrowEvent } from '../../model/executable.ts'
import { jump, leave } from '../behaviors/flow.ts'
import { closeIncidents } from './pass-through.ts'
import type { ElementProcessor } from './processor.ts'
import { mapThrown, prepareThrow, throwEvent } from './throw-event.ts'

/**
 * Throws its event (throw-event.ts) and goes on: along its flows or, of a link, at the catch event of that name.
 * Source: BPMN 2.0.2 §10.5.4; Camunda docs › BPMN › Message, signal, escalation, compensation, link events.
 */
export const intermediateThrowEvent: ElementProcessor<IntermediateThrowEvent> = {
  prepare: prepareThrow,
  activate: throwEvent,
  conclude: mapThrown,
  complete: (p, element, instance) => {
    if (element.event.type === 'link') jump(p, element, instance, element.event.target!)
    else leave(p, element, instance)
    return null
  },
  terminate: closeIncidents,
}
