import { z } from 'zod'
import type { EvaluateDecisionResponse, EvaluatedDecision } from '../../protocol/gateway.ts'
import { invalid } from '../rejection.ts'
import { found, gets, inquiry, keyIn, type Operation, operation, searches, xml } from './operation.ts'
import { key, optional, text, variables } from './shapes.ts'

const evaluation = z.object({
  decisionDefinitionId: optional(text),
  decisionDefinitionKey: optional(key),
  variables: optional(variables),
  tenantId: optional(text),
})

const evaluated = (decision: EvaluatedDecision) => ({
  decisionDefinitionId: decision.decisionId,
  decisionDefinitionName: decision.decisionName,
  decisionDefinitionVersion: decision.decisionVersion,
  decisionDefinitionType: decision.decisionType,
  decisionDefinitionKey: decision.decisionKey,
  decisionEvaluationInstanceKey: decision.decisionEvaluationInstanceKey,
  output: decision.decisionOutput,
  matchedRules: decision.matchedRules,
  evaluatedInputs: decision.evaluatedInputs,
  tenantId: decision.tenantId,
})

const evaluationReply = (decision: EvaluateDecisionResponse) => ({
  decisionDefinitionId: decision.decisionId,
  decisionDefinitionName: decision.decisionName,
  decisionDefinitionVersion: decision.decisionVersion,
  decisionDefinitionKey: decision.decisionKey,
  decisionRequirementsId: decision.decisionRequirementsId,
  decisionRequirementsKey: decision.decisionRequirementsKey,
  decisionEvaluationKey: decision.decisionEvaluationKey,
  decisionInstanceKey: decision.decisionEvaluationKey,
  output: decision.decisionOutput,
  evaluatedDecisions: decision.evaluatedDecisions.map(evaluated),
  failedDecisionDefinitionId: decision.failedDecisionId,
  failureMessage: decision.failureMessage,
  tenantId: decision.tenantId,
})

function getsXml(
  id: string,
  route: string,
  kind: 'decision-definition' | 'decision-requirements',
  name: string,
): Operation {
  return operation(id, route, async (request) => {
    const key = keyIn(request, name)
    return xml(found(await request.gateway.query.resourceText(kind, key), `a ${kind.replace('-', ' ')}`, key))
  })
}

const DEFINITION = '/decision-definitions/{decisionDefinitionKey}'
const REQUIREMENTS = '/decision-requirements/{decisionRequirementsKey}'

export const decisions: readonly Operation[] = [
  searches('searchDecisionDefinitions', 'POST /decision-definitions/search', 'decision-definitions'),
  gets('getDecisionDefinition', `GET ${DEFINITION}`, 'decision-definitions', 'a decision definition'),
  getsXml('getDecisionDefinitionXML', `GET ${DEFINITION}/xml`, 'decision-definition', 'decisionDefinitionKey'),
  searches('searchDecisionRequirements', 'POST /decision-requirements/search', 'decision-requirements'),
  gets('getDecisionRequirements', `GET ${REQUIREMENTS}`, 'decision-requirements', 'decision requirements'),
  getsXml('getDecisionRequirementsXML', `GET ${REQUIREMENTS}/xml`, 'decision-requirements', 'decisionRequirementsKey'),
  searches('searchDecisionInstances', 'POST /decision-instances/search', 'decision-instances'),
  gets(
    'getDecisionInstance',
    'GET /decision-instances/{decisionEvaluationInstanceKey}',
    'decision-instances',
    'a decision instance',
  ),
  inquiry('evaluateDecision', 'POST /decision-definitions/evaluation', evaluation, async (body, { gateway }) => {
    const { decisionDefinitionId: decisionId, decisionDefinitionKey: decisionKey, variables, tenantId } = body
    if ((decisionId === undefined) === (decisionKey === undefined)) {
      throw invalid('Expected either decisionDefinitionId or decisionDefinitionKey, but found none or both')
    }
    return evaluationReply(await gateway.evaluateDecision({ decisionId, decisionKey, variables, tenantId }))
  }),
]
