/** Evaluating a decision and recording how it came out. */
import { type DecisionOutcome, type Evaluation, evaluateDecision, toJson, type Value } from '../../feel/index.ts'
import type { Binding } from '../../model/executable.ts'
import type { DecisionEvaluationValue, EvaluatedDecisionValue, Json, Key } from '../../protocol/records.ts'
import type { Processing } from '../processing.ts'
import type { Decision } from '../state/rows.ts'
import { bind, unbound } from './calls.ts'

/** The decision the binding names, or the text that says there is none. */
export function findDecision(
  p: Processing,
  tenantId: string,
  decisionId: string,
  binding: Binding,
  deploymentKey: Key,
): Decision | string {
  const decision = bind(p.state.find('decisionsWithId', tenantId, decisionId).values(), binding, deploymentKey)
  return (
    decision ??
    unbound('decision', decisionId, binding, deploymentKey) ??
    `Expected to evaluate decision '${decisionId}', but no decision found for id '${decisionId}'`
  )
}

/** Where a decision is evaluated from: an element instance, or a client (all keys -1). */
export type Origin = Pick<
  DecisionEvaluationValue,
  'bpmnProcessId' | 'processDefinitionKey' | 'processInstanceKey' | 'elementInstanceKey' | 'elementId'
>

export interface EvaluatedOutput {
  readonly outcome: DecisionOutcome
  readonly output: Json
}

/** Emits DECISION_EVALUATION EVALUATED or FAILED. */
export function evaluateAndRecord(
  p: Processing,
  decision: Decision,
  evaluation: Evaluation,
  origin: Origin,
  variables: Json,
): EvaluatedOutput {
  const model = p.decisions(decision.decisionRequirementsKey)
  const outcome = evaluateDecision(model, decision.decisionId, evaluation)
  const json = (value: Value): Json => toJson(value, model.dialect)
  const output = outcome.failure === undefined ? json(outcome.output) : 'null'
  p.emit('DECISION_EVALUATION', outcome.failure === undefined ? 'EVALUATED' : 'FAILED', p.newKey(), {
    ...origin,
    variables,
    decisionKey: decision.key,
    decisionId: decision.decisionId,
    decisionName: decision.decisionName,
    decisionVersion: decision.version,
    decisionRequirementsId: decision.decisionRequirementsId,
    decisionRequirementsKey: decision.decisionRequirementsKey,
    decisionOutput: output,
    evaluatedDecisions: outcome.evaluated.map((evaluated) => evaluatedValue(p, decision, evaluated, json)),
    failedDecisionId: outcome.failure?.decisionId ?? '',
    evaluationFailureMessage: outcome.failure?.message ?? '',
    tenantId: decision.tenantId,
  })
  return { outcome, output }
}

function evaluatedValue(
  p: Processing,
  root: Decision,
  evaluated: DecisionOutcome['evaluated'][number],
  json: (value: Value) => Json,
): EvaluatedDecisionValue {
  const own = deployedDecision(p, root, evaluated) ?? root
  return {
    decisionId: evaluated.decisionId,
    decisionName: evaluated.decisionName,
    decisionKey: own.key,
    decisionVersion: own.version,
    decisionType: evaluated.decisionType,
    decisionOutput: json(evaluated.output),
    tenantId: root.tenantId,
    evaluatedInputs: evaluated.inputs.map(({ id, name, value }) => ({
      inputId: id,
      inputName: name,
      inputValue: json(value),
    })),
    matchedRules: evaluated.matchedRules.map((rule) => ({
      ruleId: rule.id,
      ruleIndex: rule.index,
      evaluatedOutputs: rule.outputs.map(({ id, name, value }) => ({
        outputId: id,
        outputName: name,
        outputValue: json(value),
      })),
    })),
  }
}

/** A decision of the same model, or of one that it imports: then the latest that was deployed before. */
function deployedDecision(
  p: Processing,
  root: Decision,
  { decisionId, namespace }: DecisionOutcome['evaluated'][number],
): Decision | undefined {
  const siblings = [...p.state.find('decisionsOf', root.decisionRequirementsKey).values()]
  const rootNamespace = p.state.get('decisionRequirements', root.decisionRequirementsKey)?.namespace
  if (namespace === rootNamespace) return siblings.find((row) => row.decisionId === decisionId)
  const rows = [...p.state.find('decisionsWithId', root.tenantId, decisionId).values()]
  return rows.findLast(
    ({ decisionRequirementsKey }) =>
      decisionRequirementsKey < root.decisionRequirementsKey &&
      p.state.get('decisionRequirements', decisionRequirementsKey)?.namespace === namespace,
  )
}
