import type { EventSubProcess } from '../../model/executable.ts'
import { unsubscribe } from '../behaviors/awaited-events.ts'
import { terminateChildren } from '../behaviors/batches.ts'
import { recall } from '../behaviors/compensation.ts'
import { isHandler } from '../behaviors/events.ts'
import { close } from '../behaviors/incidents.ts'
import { requestActivation, transition } from '../behaviors/lifecycle.ts'
import { applyInputs } from '../behaviors/mappings.ts'
import { goOn, mapAndClose } from './activity.ts'
import type { ElementProcessor } from './processor.ts'

/**
 * Begins when the event of its start event comes to the enclosing scope; an interrupting one once all else there has terminated. One
 * that compensation starts begins where compensation is thrown, once its scope has completed (behaviors/compensation.ts).
 * Emits the transitions; the event itself is taken up by the start event.
 * Incidents: IO_MAPPING_ERROR.
 * Source: BPMN 2.0.2 §10.3.5; Camunda docs › BPMN › Event subprocess.
 */
export const eventSubProcess: ElementProcessor<EventSubProcess> = {
  prepare: (p, element, instance) => {
    if (isHandler(element)) recall(p, instance)
    return applyInputs(p, element, instance)
  },
  activate: (p, element, instance) => {
    const active = transition(p, 'ELEMENT_ACTIVATED', element, instance)
    requestActivation(p, element.startEvent, active)
    return null
  },
  conclude: mapAndClose,
  complete: goOn,
  terminate: (p, _element, instance) => {
    unsubscribe(p, instance)
    if (terminateChildren(p, instance)) return 'waits'
    close(p, instance)
    return 'ended'
  },
}
