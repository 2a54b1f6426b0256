import { toJson } from '../../feel/index.ts'
import type { ScriptTask } from '../../model/executable.ts'
import { evaluateIn, evaluationFailure } from '../behaviors/expressions.ts'
import { applyInputs, applyOutputs } from '../behaviors/mappings.ts'
import { leaveResult } from '../behaviors/results.ts'
import { documentOf } from '../documents.ts'
import { failure } from '../processing.ts'
import { goOn } from './activity.ts'
import { closeIncidents, passOn } from './pass-through.ts'
import type { ElementProcessor } from './processor.ts'

/**
 * Evaluates a FEEL expression; its value becomes the result variable. Boundary events never open: there is no wait, as in Zeebe.
 * Emits PROCESS_EVENT TRIGGERING with the result, then the transitions. Incident: EXTRACT_VALUE_ERROR when it cannot be evaluated.
 * Source: BPMN 2.0.2 §10.3.3; Camunda docs › BPMN › Script tasks.
 */
export const scriptTask: ElementProcessor<ScriptTask> = {
  prepare: applyInputs,
  activate: (p, element, instance) => {
    const outcome = evaluateIn(p, instance.key, element.expression)
    if (!outcome.ok)
      return failure(
        'EXTRACT_VALUE_ERROR',
        evaluationFailure(element.expression.kind === 'feel' ? element.expression.source : '', outcome),
      )
    leaveResult(p, instance, documentOf([{ name: element.resultVariable, value: toJson(outcome.value) }]))
    return passOn(p, element, instance)
  },
  conclude: applyOutputs,
  complete: goOn,
  terminate: closeIncidents,
}
