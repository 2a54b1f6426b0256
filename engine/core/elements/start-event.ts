import type { ContainerElement, StartEvent } from '../../model/executable.ts'
import { catchersOf, subscribe } from '../behaviors/awaited-events.ts'
import { leave } from '../behaviors/flow.ts'
import { applyOutputs } from '../behaviors/mappings.ts'
import { closeIncidents, passOn } from './pass-through.ts'
import type { ElementProcessor } from './processor.ts'

/**
 * Where a process, sub-process or event sub-process begins. When it completes, the event sub-processes of its scope and the
 * boundary events on it begin to listen.
 * Emits the four transitions; between COMPLETING and COMPLETED the subscriptions of the scope.
 * Incidents: EXTRACT_VALUE_ERROR of what the scope listens to (on the start event), IO_MAPPING_ERROR.
 * Source: BPMN 2.0.2 §10.5.2; Camunda docs › BPMN › Event subprocess.
 */
export const startEvent: ElementProcessor<StartEvent> = {
  activate: passOn,
  conclude: applyOutputs,
  complete: (p, element, instance) => {
    const container = p.element(p.instance(instance.flowScopeKey)) as ContainerElement
    const unsubscribed = subscribe(p, p.instance(instance.flowScopeKey), catchersOf(container))
    if (unsubscribed !== null) return unsubscribed
    return leave(p, element, instance)
  },
  terminate: closeIncidents,
}
