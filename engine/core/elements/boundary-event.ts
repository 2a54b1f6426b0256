import type { BoundaryEvent } from '../../model/executable.ts'
import { applyOutputs } from '../behaviors/mappings.ts'
import { goOn } from './activity.ts'
import { closeIncidents, passOn } from './pass-through.ts'
import type { ElementProcessor } from './processor.ts'

/**
 * The way out of an activity when its event comes. It is activated with the event's variables local to it (behaviors/events.ts).
 * Emits the four transitions; its variables leave when it completes, those of an error only by output mappings.
 * Incidents: IO_MAPPING_ERROR.
 * Source: BPMN 2.0.2 §10.5.4; Camunda docs › BPMN › Boundary events.
 */
export const boundaryEvent: ElementProcessor<BoundaryEvent> = {
  activate: passOn,
  conclude: applyOutputs,
  complete: goOn,
  terminate: closeIncidents,
}
