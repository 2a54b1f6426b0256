import type { SubProcess } from '../../model/executable.ts'
import { unsubscribe } from '../behaviors/awaited-events.ts'
import { terminateChildren } from '../behaviors/batches.ts'
import { forgetCompensationWithin } from '../behaviors/compensation.ts'
import { requestActivation, transition } from '../behaviors/lifecycle.ts'
import { applyInputs } from '../behaviors/mappings.ts'
import { abandon, goOn, mapAndClose } from './activity.ts'
import type { ElementProcessor } from './processor.ts'

/**
 * A process inside a process with a scope of its own.
 * Emits ELEMENT_ACTIVATING, inputs, ELEMENT_ACTIVATED; then its start event, after which boundary events are subscribed to. Completes
 * when nothing in it is active.
 * Incidents: IO_MAPPING_ERROR.
 * Source: BPMN 2.0.2 §10.3.5; Camunda docs › BPMN › Embedded subprocess.
 */
export const subProcess: ElementProcessor<SubProcess> = {
  prepare: applyInputs,
  activate: (p, element, instance) => {
    const active = transition(p, 'ELEMENT_ACTIVATED', element, instance)
    requestActivation(p, element.startEvent!, active)
    return null
  },
  conclude: mapAndClose,
  complete: goOn,
  terminate: (p, _element, instance) => {
    unsubscribe(p, instance)
    forgetCompensationWithin(p, instance)
    return terminateChildren(p, instance) ? 'waits' : abandon(p, instance)
  },
}
