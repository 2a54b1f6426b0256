import { type Evaluation, fromJson, type Value } from '../../feel/index.ts'
import type { CommandOf, Json } from '../../protocol/records.ts'
import { evaluateAndRecord, findDecision } from '../behaviors/decisions.ts'
import { entriesOf } from '../documents.ts'
import { type Processing, refuse } from '../processing.ts'
import type { Decision } from '../state/rows.ts'

/**
 * Emits DECISION_EVALUATION EVALUATED, or FAILED: a decision that fails is an answer too.
 * Rejects: NOT_FOUND (unknown decision), INVALID_ARGUMENT (neither id nor key).
 */
export function evaluate(p: Processing, command: CommandOf<'DECISION_EVALUATION'>): void {
  const { variables = '{}' } = command.value
  const origin = {
    bpmnProcessId: '',
    processDefinitionKey: -1,
    processInstanceKey: -1,
    elementInstanceKey: -1,
    elementId: '',
  }
  evaluateAndRecord(p, wanted(p, command), evaluationOf(p, variables), origin, variables)
}

function wanted(p: Processing, command: CommandOf<'DECISION_EVALUATION'>): Decision {
  const { decisionId = '', decisionKey = -1, tenantId = '<default>' } = command.value
  if (decisionId === '' && decisionKey < 0)
    refuse('INVALID_ARGUMENT', 'Expected either a decision id or a valid decision key, but none provided')
  if (decisionId === '') {
    const row = p.state.get('decision', decisionKey)
    return row !== undefined && !row.deleted
      ? row
      : refuse(
          'NOT_FOUND',
          `Expected to evaluate decision '${decisionKey}', but no decision found for key '${decisionKey}'`,
        )
  }
  const found = findDecision(p, tenantId, decisionId, { type: 'latest' }, -1)
  return typeof found === 'string' ? refuse('NOT_FOUND', found) : found
}

function evaluationOf(p: Processing, variables: Json): Evaluation {
  const values = new Map<string, Value>(entriesOf(variables).map(([name, value]) => [name, fromJson(value)]))
  return { lookup: (name) => values.get(name), now: p.now, random: () => p.random(), ...p.settings.locality }
}
