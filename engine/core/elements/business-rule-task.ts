import type { BusinessRuleTask } from '../../model/executable.ts'
import { deploymentOf } from '../behaviors/calls.ts'
import { evaluateAndRecord, findDecision } from '../behaviors/decisions.ts'
import { evaluationIn, extractText } from '../behaviors/expressions.ts'
import { applyInputs, applyOutputs } from '../behaviors/mappings.ts'
import { leaveResult } from '../behaviors/results.ts'
import { visible } from '../behaviors/variables.ts'
import { documentOf } from '../documents.ts'
import { type Failure, failure, type Processing } from '../processing.ts'
import type { ElementInstance } from '../state/rows.ts'
import { goOn } from './activity.ts'
import { closeIncidents, passOn } from './pass-through.ts'
import type { ElementProcessor } from './processor.ts'

/**
 * Evaluates a deployed decision; its output becomes the result variable. Boundary events never open: there is no wait, as in Zeebe.
 * Emits DECISION_EVALUATION EVALUATED or FAILED, PROCESS_EVENT TRIGGERING with the result, then the transitions.
 * Incidents: CALLED_DECISION_ERROR (no such decision), DECISION_EVALUATION_ERROR, EXTRACT_VALUE_ERROR (the id).
 * Source: BPMN 2.0.2 §10.3.3; Camunda docs › BPMN › Business rule tasks.
 */
export const businessRuleTask: ElementProcessor<BusinessRuleTask> = {
  prepare: applyInputs,
  activate: (p, element, instance) => decide(p, element, instance) ?? passOn(p, element, instance),
  conclude: applyOutputs,
  complete: goOn,
  terminate: closeIncidents,
}

function decide(p: Processing, element: BusinessRuleTask, instance: ElementInstance): Failure | null {
  const id = extractText(p, instance.key, element.decisionId)
  if (!id.ok) return id.failure
  const decision = findDecision(p, instance.tenantId, id.value, element.binding, deploymentOf(p, instance))
  if (typeof decision === 'string') return failure('CALLED_DECISION_ERROR', decision)
  const origin = {
    bpmnProcessId: p.process(instance.processDefinitionKey).id,
    processDefinitionKey: instance.processDefinitionKey,
    processInstanceKey: instance.processInstanceKey,
    elementInstanceKey: instance.key,
    elementId: element.id,
  }
  const { outcome, output } = evaluateAndRecord(
    p,
    decision,
    evaluationIn(p, instance.key),
    origin,
    visible(p, instance.key),
  )
  if (outcome.failure !== undefined) return failure('DECISION_EVALUATION_ERROR', outcome.failure.message)
  leaveResult(p, instance, documentOf([{ name: element.resultVariable, value: output }]))
  return null
}
