import type { PassThroughTask } from '../../model/executable.ts'
import { abandon, finish, open } from './activity.ts'
import { passOn } from './pass-through.ts'
import type { ElementProcessor } from './processor.ts'

/**
 * Undefined and manual task: nothing to do for the engine.
 * Emits the four transitions; inputs and outputs are mapped.
 * Source: BPMN 2.0.2 §10.3.3; Camunda docs › BPMN › Manual and undefined tasks.
 */
export const task: ElementProcessor<PassThroughTask> = {
  activate: (p, element, instance) => open(p, element, instance) ?? passOn(p, element, instance),
  complete: finish,
  terminate: (p, _element, instance) => abandon(p, instance),
}
