import { date, int, key, object, optional, type Resource, text } from '../resource.ts'
import { sql } from '../sql.ts'
import { byBusinessId } from './business-id.ts'

export const decisionDefinitions: Resource = {
  id: 'decisionDefinitionKey',
  rows: () => sql`engine.decision`,
  from: (rows) => sql`${rows} d`,
  shown: {
    decisionDefinitionKey: key(sql`d.key`),
    decisionDefinitionId: text(sql`d.decision_id`),
    name: text(sql`coalesce(d.decision_name, d.decision_id)`),
    version: int(sql`d.version`),
    decisionRequirementsId: text(sql`d.decision_requirements_id`),
    decisionRequirementsKey: key(sql`d.decision_requirements_key`),
    tenantId: text(sql`d.tenant_id`),
  },
}

export const decisionRequirements: Resource = {
  id: 'decisionRequirementsKey',
  rows: () => sql`engine.decision_requirements`,
  from: (rows) => sql`${rows} r`,
  shown: {
    decisionRequirementsKey: key(sql`r.key`),
    decisionRequirementsId: text(sql`r.decision_requirements_id`),
    decisionRequirementsName: text(sql`coalesce(r.decision_requirements_name, r.decision_requirements_id)`),
    version: int(sql`r.decision_requirements_version`),
    resourceName: text(sql`r.resource_name`),
    tenantId: text(sql`r.tenant_id`),
  },
}

/** One row for each decision of an evaluation; its key is the evaluation's and a number. */
export const decisionInstances: Resource = {
  id: 'decisionEvaluationInstanceKey',
  named: (id) => [
    { field: 'decisionEvaluationKey', operator: '$eq', value: id.split('-')[0]! },
    { field: 'decisionEvaluationInstanceKey', operator: '$eq', value: id },
  ],
  rows: () => sql`engine.decision_instance`,
  from: (rows) => sql`${rows} e`,
  shown: {
    decisionEvaluationInstanceKey: text(sql`(e.key || '-' || e.evaluation_index)`),
    decisionEvaluationKey: key(sql`e.key`),
    state: text(sql`e.state`),
    evaluationDate: date(sql`e.evaluated_at`),
    evaluationFailure: optional(text(sql`e.evaluation_failure`)),
    decisionDefinitionKey: key(sql`e.decision_key`),
    decisionDefinitionId: text(sql`e.decision_id`),
    decisionDefinitionName: text(sql`coalesce(e.decision_name, e.decision_id)`),
    decisionDefinitionVersion: int(sql`e.decision_version`),
    decisionDefinitionType: text(sql`e.decision_type`),
    result: text(sql`e.decision_output`),
    elementInstanceKey: optional(key(sql`e.element_instance_key`)),
    processInstanceKey: optional(key(sql`e.process_instance_key`)),
    processDefinitionKey: optional(key(sql`e.process_definition_key`)),
    tenantId: text(sql`e.tenant_id`),
  },
  filters: { businessId: byBusinessId(sql`e`) },
  detail: {
    evaluatedInputs: object(sql`e.evaluated_inputs::json`),
    matchedRules: object(sql`e.matched_rules::json`),
  },
}
