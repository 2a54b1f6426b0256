/** What elements without a wait have in common. */
import type { ExecutableElement } from '../../model/executable.ts'
import { leave } from '../behaviors/flow.ts'
import { close } from '../behaviors/incidents.ts'
import { requestCompletion, transition } from '../behaviors/lifecycle.ts'
import { applyInputs, applyOutputs } from '../behaviors/mappings.ts'
import type { Failure, Processing } from '../processing.ts'
import type { ElementInstance } from '../state.ts'

/** Emits ELEMENT_ACTIVATED and lets the element complete by a command of its own. */
export function passOn(p: Processing, element: ExecutableElement, instance: ElementInstance): null {
  transition(p, 'ELEMENT_ACTIVATED', element, instance)
  requestCompletion(p, instance.key)
  return null
}

export function mapAndPassOn(p: Processing, element: ExecutableElement, instance: ElementInstance): Failure | null {
  return applyInputs(p, element, instance) ?? passOn(p, element, instance)
}

export function mapAndLeave(p: Processing, element: ExecutableElement, instance: ElementInstance): Failure | null {
  const failure = applyOutputs(p, element, instance)
  if (failure === null) leave(p, element, instance)
  return failure
}

export function closeIncidents(p: Processing, _element: ExecutableElement, instance: ElementInstance): 'ended' {
  close(p, instance)
  return 'ended'
}
