import type { ParallelGateway } from '../../model/executable.ts'
import { leave } from '../behaviors/flow.ts'
import { transition } from '../behaviors/lifecycle.ts'
import { closeIncidents } from './pass-through.ts'
import type { ElementProcessor } from './processor.ts'

/**
 * Waits for a token on each incoming flow, takes every outgoing flow. The waiting is done by the flows: the gateway begins once
 * tokens suffice (behaviors/flow.ts).
 * Emits: the four transitions at once, then SEQUENCE_FLOW_TAKEN for each flow.
 * Source: BPMN 2.0.2 §13.4.1; Camunda docs › BPMN › Parallel gateway.
 */
export const parallelGateway: ElementProcessor<ParallelGateway> = {
  activate: (p, element, instance) => {
    const active = transition(p, 'ELEMENT_ACTIVATED', element, instance)
    const completing = transition(p, 'ELEMENT_COMPLETING', element, active)
    return leave(p, element, completing)
  },
  complete: () => null,
  terminate: closeIncidents,
}
