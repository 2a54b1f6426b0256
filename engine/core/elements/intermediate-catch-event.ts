import type { IntermediateCatchEvent } from '../../model/executable.ts'
import { subscribe } from '../behaviors/awaited-events.ts'
import { transition } from '../behaviors/lifecycle.ts'
import { applyInputs } from '../behaviors/mappings.ts'
import { abandon, goOn, mapAndClose } from './activity.ts'
import { passOn } from './pass-through.ts'
import type { ElementProcessor } from './processor.ts'

/**
 * Waits for its event; a link is reached from a throw event and passes on. Behind an event-based gateway it is activated with the event already there and only completes.
 * Emits ELEMENT_ACTIVATING, subscription or TIMER CREATED, ELEMENT_ACTIVATED; completes when the event comes.
 * Incidents: IO_MAPPING_ERROR, EXTRACT_VALUE_ERROR (the definition).
 * Source: BPMN 2.0.2 §10.5.4; Camunda docs › BPMN › Message and timer events.
 */
export const intermediateCatchEvent: ElementProcessor<IntermediateCatchEvent> = {
  prepare: (p, element, instance) => (element.event.type === 'link' ? null : applyInputs(p, element, instance)),
  activate: (p, element, instance) => {
    if (element.event.type === 'link') return passOn(p, element, instance)
    const failure = subscribe(p, instance, [element])
    if (failure === null) transition(p, 'ELEMENT_ACTIVATED', element, instance)
    return failure
  },
  conclude: mapAndClose,
  complete: goOn,
  terminate: (p, _element, instance) => abandon(p, instance),
}
