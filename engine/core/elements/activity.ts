/** What activities with a wait have in common: mappings and boundary events around the work. */
import type { ActivityElement } from '../../model/executable.ts'
import { subscribe, unsubscribe } from '../behaviors/events.ts'
import { leave } from '../behaviors/flow.ts'
import { close } from '../behaviors/incidents.ts'
import { applyInputs, applyOutputs } from '../behaviors/mappings.ts'
import type { Failure, Processing } from '../processing.ts'
import type { ElementInstance } from '../state.ts'

/** Inputs, then the subscriptions of the boundary events. */
export function open(p: Processing, element: ActivityElement, instance: ElementInstance): Failure | null {
  return applyInputs(p, element, instance) ?? subscribe(p, instance, element.boundaryEvents)
}

/** Outputs, then closing, then out along the flows. */
export function finish(p: Processing, element: ActivityElement, instance: ElementInstance): Failure | null {
  const failure = applyOutputs(p, element, instance)
  if (failure !== null) return failure
  unsubscribe(p, instance)
  leave(p, element, instance)
  return null
}

export function abandon(p: Processing, instance: ElementInstance): 'ended' {
  unsubscribe(p, instance)
  close(p, instance)
  return 'ended'
}
