import type { PassThroughTask } from '../../model/executable.ts'
import { goOn } from './activity.ts'
import { closeIncidents, passOn } from './pass-through.ts'
import type { ElementProcessor } from './processor.ts'

/**
 * Undefined and manual task: nothing to do for the engine.
 * Emits the four transitions. Its mappings are not applied: Zeebe's are not either (zeebe-traces: task-pass-mappings).
 * Source: BPMN 2.0.2 §10.3.3; Camunda docs › BPMN › Manual and undefined tasks.
 */
export const task: ElementProcessor<PassThroughTask> = {
  activate: passOn,
  complete: goOn,
  terminate: closeIncidents,
}
