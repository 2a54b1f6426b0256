/** What elements without a wait have in common. */
import type { ExecutableElement } from '../../model/executable.ts'
import { close } from '../behaviors/incidents.ts'
import { requestCompletion, transition } from '../behaviors/lifecycle.ts'
import type { Processing } from '../processing.ts'
import type { ElementInstance } from '../state/rows.ts'

/** Emits ELEMENT_ACTIVATED and lets the element complete by a command of its own. */
export function passOn(p: Processing, element: ExecutableElement, instance: ElementInstance): null {
  transition(p, 'ELEMENT_ACTIVATED', element, instance)
  requestCompletion(p, instance.key)
  return null
}

export function closeIncidents(p: Processing, _element: ExecutableElement, instance: ElementInstance): 'ended' {
  close(p, instance)
  return 'ended'
}
