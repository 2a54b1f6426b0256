import type { IntermediateCatchEvent } from '../../model/executable.ts'
import { subscribe, unsubscribe } from '../behaviors/events.ts'
import { leave } from '../behaviors/flow.ts'
import { close } from '../behaviors/incidents.ts'
import { transition } from '../behaviors/lifecycle.ts'
import { applyInputs, applyOutputs } from '../behaviors/mappings.ts'
import type { ElementProcessor } from './processor.ts'

/**
 * Waits for its event. Behind an event-based gateway it is activated with the event already there and only completes.
 * Emits ELEMENT_ACTIVATING, subscription or TIMER CREATED, ELEMENT_ACTIVATED; completes when the event comes.
 * Incidents: IO_MAPPING_ERROR, EXTRACT_VALUE_ERROR (the definition).
 * Source: BPMN 2.0.2 §10.5.4; Camunda docs › BPMN › Message and timer events.
 */
export const intermediateCatchEvent: ElementProcessor<IntermediateCatchEvent> = {
  activate: (p, element, instance) => {
    const failure = applyInputs(p, element, instance) ?? subscribe(p, instance, [element])
    if (failure === null) transition(p, 'ELEMENT_ACTIVATED', element, instance)
    return failure
  },
  complete: (p, element, instance) => {
    const failure = applyOutputs(p, element, instance)
    if (failure !== null) return failure
    unsubscribe(p, instance)
    leave(p, element, instance)
    return null
  },
  terminate: (p, _element, instance) => {
    unsubscribe(p, instance)
    close(p, instance)
    return 'ended'
  },
}
