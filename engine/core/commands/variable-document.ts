import type { CommandOf } from '../../protocol/records.ts'
import { begin } from '../behaviors/task-transitions.ts'
import { setVariables } from '../behaviors/variables.ts'
import { type Processing, refuse } from '../processing.ts'

/**
 * Emits VARIABLE events, then VARIABLE_DOCUMENT UPDATED. In the scope of a native user task it is an update of the task too:
 * VARIABLE_DOCUMENT UPDATING, USER_TASK UPDATING, its listeners, VARIABLE events, USER_TASK UPDATED, VARIABLE_DOCUMENT UPDATED.
 * Rejects: NOT_FOUND (no such scope), INVALID_STATE (another change of the user task is under way, or a listener denies this one).
 */
export function update(p: Processing, command: CommandOf<'VARIABLE_DOCUMENT'>): void {
  const { scopeKey = -1, updateSemantics = 'PROPAGATE', variables = '{}' } = command.value
  const scope = p.state.get('elementInstance', scopeKey)
  if (scope === undefined)
    refuse(
      'NOT_FOUND',
      `Expected to update variables for element with key '${scopeKey}', but no such element was found`,
    )
  const document = { scopeKey, updateSemantics, variables, tenantId: scope.tenantId }
  const task = scope.userTaskKey > 0 ? p.state.get('userTask', scope.userTaskKey) : undefined
  if (task === undefined) {
    setVariables(p, scope, updateSemantics, variables)
    p.emit('VARIABLE_DOCUMENT', 'UPDATED', p.newKey(), document)
    return
  }
  if (task.state !== 'CREATED')
    refuse(
      'INVALID_STATE',
      `Expected to trigger update transition for user task with key '${task.key}', but it is in state '${task.state}'`,
    )
  const variableDocumentKey = p.newKey()
  p.emit('VARIABLE_DOCUMENT', 'UPDATING', variableDocumentKey, document)
  const changedAttributes = variables === '{}' ? [] : ['variables']
  const change = { variables, changedAttributes, updateSemantics, variableDocumentKey }
  if (begin(p, task, 'UPDATING', change) === 'waits') p.notice({ kind: 'answerLater', key: task.key })
}
