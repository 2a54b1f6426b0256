import type { ExclusiveGateway, SequenceFlow } from '../../model/executable.ts'
import { extractBoolean, failed, type Result, value } from '../behaviors/expressions.ts'
import { leave } from '../behaviors/flow.ts'
import { transition } from '../behaviors/lifecycle.ts'
import type { Processing } from '../processing.ts'
import type { ElementInstance } from '../state/rows.ts'
import { closeIncidents } from './pass-through.ts'
import type { ElementProcessor } from './processor.ts'

/**
 * Routes to exactly one outgoing flow: the first whose condition is true, in model order (Zeebe's: file order reversed), else the default.
 * Emits: ELEMENT_ACTIVATED, ELEMENT_COMPLETING, ELEMENT_COMPLETED, then SEQUENCE_FLOW_TAKEN (none if it has no outgoing flow).
 * Incidents: CONDITION_ERROR (none true and no default), EXTRACT_VALUE_ERROR (condition not boolean). Retried on resolve.
 * Source: BPMN 2.0.2 §13.4.2; Camunda docs › BPMN › Exclusive gateway.
 */
export const exclusiveGateway: ElementProcessor<ExclusiveGateway> = {
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

function choose(p: Processing, element: ExclusiveGateway, instance: ElementInstance): Result<readonly SequenceFlow[]> {
  if (element.outgoing.length === 0) return value([])
  const [only] = element.outgoing
  if (element.outgoing.length === 1 && only!.condition === null) return value([only!])
  for (const flow of element.outgoing) {
    if (flow.condition === null || flow === element.defaultFlow) continue
    const holds = extractBoolean(p, instance.key, flow.condition)
    if (!holds.ok) return holds
    if (holds.value) return value([flow])
  }
  if (element.defaultFlow !== null) return value([element.defaultFlow])
  return failed('CONDITION_ERROR', 'Expected at least one condition to evaluate to true, or to have a default flow')
}
