import type { InclusiveGateway, SequenceFlow } from '../../model/executable.ts'
import { extractBoolean, failed, type Result, value } from '../behaviors/expressions.ts'
import { leave } from '../behaviors/flow.ts'
import { transition } from '../behaviors/lifecycle.ts'
import type { Processing } from '../processing.ts'
import type { ElementInstance } from '../state/rows.ts'
import { closeIncidents } from './pass-through.ts'
import type { ElementProcessor } from './processor.ts'

/**
 * Takes every outgoing flow whose condition is true, else the default. As a join it is activated once no other token can arrive
 * (behaviors/reach.ts); it is looked at only when a flow into it is taken.
 * Emits: ELEMENT_ACTIVATED, ELEMENT_COMPLETING, ELEMENT_COMPLETED, then SEQUENCE_FLOW_TAKEN for each flow.
 * Incidents: CONDITION_ERROR (none true and no default), EXTRACT_VALUE_ERROR (a condition not boolean, even beside a true one).
 * Source: BPMN 2.0.2 §13.4.3; Camunda docs › BPMN › Inclusive gateway.
 */
export const inclusiveGateway: ElementProcessor<InclusiveGateway> = {
  activate: (p, element, instance) => {
    const chosen = choose(p, element, instance)
    if (!chosen.ok) return chosen.failure
    const active = transition(p, 'ELEMENT_ACTIVATED', element, instance)
    const completing = transition(p, 'ELEMENT_COMPLETING', element, active)
    return leave(p, element, completing, chosen.value)
  },
  complete: () => null,
  terminate: closeIncidents,
}

function choose(p: Processing, element: InclusiveGateway, instance: ElementInstance): Result<readonly SequenceFlow[]> {
  if (element.outgoing.length === 0) return value([])
  const [only] = element.outgoing
  if (element.outgoing.length === 1 && only!.condition === null) return value([only!])
  const taken: SequenceFlow[] = []
  for (const flow of element.outgoing) {
    if (flow.condition === null || flow === element.defaultFlow) continue
    const holds = extractBoolean(p, instance.key, flow.condition)
    if (!holds.ok) return holds
    if (holds.value) taken.push(flow)
  }
  if (taken.length > 0) return value(taken)
  if (element.defaultFlow !== null) return value([element.defaultFlow])
  return failed('CONDITION_ERROR', 'Expected at least one condition to evaluate to true, or to have a default flow')
}
