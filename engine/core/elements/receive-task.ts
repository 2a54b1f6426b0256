import type { ReceiveTask } from '../../model/executable.ts'
import { subscribe } from '../behaviors/awaited-events.ts'
import { transition } from '../behaviors/lifecycle.ts'
import { applyInputs } from '../behaviors/mappings.ts'
import { abandon, goOn, mapAndClose } from './activity.ts'
import type { ElementProcessor } from './processor.ts'

/**
 * Waits for its message.
 * Emits ELEMENT_ACTIVATING, PROCESS_MESSAGE_SUBSCRIPTION CREATING, ELEMENT_ACTIVATED.
 * Incidents: IO_MAPPING_ERROR, EXTRACT_VALUE_ERROR (name, correlation key).
 * Source: BPMN 2.0.2 §10.3.3; Camunda docs › BPMN › Receive tasks.
 */
export const receiveTask: ElementProcessor<ReceiveTask> = {
  prepare: applyInputs,
  activate: (p, element, instance) => {
    const failure = subscribe(p, instance, [element, ...element.boundaryEvents])
    if (failure === null) transition(p, 'ELEMENT_ACTIVATED', element, instance)
    return failure
  },
  conclude: mapAndClose,
  complete: goOn,
  terminate: (p, _element, instance) => abandon(p, instance),
}
