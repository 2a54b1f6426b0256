/** What elements with a wait have in common: mappings and subscriptions around the work. */
import type { ExecutableElement } from '../../model/executable.ts'
import { unsubscribe } from '../behaviors/awaited-events.ts'
import { leave } from '../behaviors/flow.ts'
import { close } from '../behaviors/incidents.ts'
import { applyOutputs } from '../behaviors/mappings.ts'
import type { Failure, Processing } from '../processing.ts'
import type { ElementInstance } from '../state/rows.ts'

/** Outputs, then closing. */
export function mapAndClose(p: Processing, element: ExecutableElement, instance: ElementInstance): Failure | null {
  const failure = applyOutputs(p, element, instance)
  if (failure === null) unsubscribe(p, instance)
  return failure
}

/** Out along the flows. */
export const goOn = (p: Processing, element: ExecutableElement, instance: ElementInstance): Failure | null =>
  leave(p, element, instance)

export function abandon(p: Processing, instance: ElementInstance): 'ended' {
  unsubscribe(p, instance)
  close(p, instance)
  return 'ended'
}
