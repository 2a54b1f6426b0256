import type { CommandOf } from '../../protocol/records.ts'
import { mergeLocal, mergeUp } from '../behaviors/variables.ts'
import { entriesOf } from '../documents.ts'
import { type Processing, refuse } from '../processing.ts'

/**
 * Emits VARIABLE events, then VARIABLE_DOCUMENT UPDATED. LOCAL writes into the scope itself, PROPAGATE updates where the names
 * exist and creates the rest at the process instance.
 * Rejects: NOT_FOUND (no such scope).
 */
export function update(p: Processing, command: CommandOf<'VARIABLE_DOCUMENT'>): void {
  const { scopeKey = -1, updateSemantics = 'PROPAGATE', variables = '{}' } = command.value
  const scope = p.state.get('elementInstance', scopeKey)
  if (scope === undefined)
    refuse(
      'NOT_FOUND',
      `Expected to update variables for element with key '${scopeKey}', but no such element was found`,
    )
  if (updateSemantics === 'LOCAL') mergeLocal(p, scope, entriesOf(variables))
  else mergeUp(p, scope.key, entriesOf(variables))
  p.emit('VARIABLE_DOCUMENT', 'UPDATED', p.newKey(), { scopeKey, updateSemantics, variables, tenantId: scope.tenantId })
}
