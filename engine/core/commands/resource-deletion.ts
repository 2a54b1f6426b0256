import type { CommandOf } from '../../protocol/records.ts'
import { bind } from '../behaviors/calls.ts'
import { listen, startTimers, stopListening, stopTimers } from '../behaviors/start-events.ts'
import { type Processing, refuse } from '../processing.ts'
import type { DecisionRequirements, Form, ProcessDefinition } from '../state/rows.ts'

/**
 * Deletes a definition, a decision model or a form. When it was the latest, the version before listens again.
 * Emits RESOURCE_DELETION DELETING, PROCESS DELETING and DELETED (or DECISION…, FORM DELETED), RESOURCE_DELETION DELETED.
 * Rejects: NOT_FOUND; INVALID_STATE while instances of the definition run.
 */
export function deleteResource(p: Processing, command: CommandOf<'RESOURCE_DELETION'>): void {
  const resourceKey = command.value.resourceKey ?? -1
  const live = <R extends { readonly deleted: boolean }>(row: R | undefined) =>
    row === undefined || row.deleted ? undefined : row
  const process = live(p.state.get('processDefinition', resourceKey))
  const requirements = live(p.state.get('decisionRequirements', resourceKey))
  const form = live(p.state.get('form', resourceKey))
  const value = { resourceKey, tenantId: (process ?? requirements ?? form)?.tenantId ?? '<default>' }
  if (process !== undefined && p.state.has('instancesOf', process.key)) {
    refuse(
      'INVALID_STATE',
      `Expected to delete resource with key \`${resourceKey}\` but there are still running instances`,
    )
  }
  const eventKey = p.newKey()
  const deleting = () => p.emit('RESOURCE_DELETION', 'DELETING', eventKey, value)
  if (process !== undefined) {
    deleting()
    deleteProcess(p, process)
  } else if (requirements !== undefined) {
    deleting()
    deleteDecisions(p, requirements)
  } else if (form !== undefined) {
    deleting()
    deleteForm(p, form)
  } else refuse('NOT_FOUND', `Expected to delete resource but no resource found with key \`${resourceKey}\``)
  p.emit('RESOURCE_DELETION', 'DELETED', eventKey, value)
}

function deleteProcess(p: Processing, process: ProcessDefinition): void {
  const latest = () =>
    bind(p.state.find('processesWithId', process.tenantId, process.bpmnProcessId).values(), { type: 'latest' }, -1)
  const wasLatest = latest()?.key === process.key
  const { deleted: _, createdAt: __, name: ___, key, ...value } = process
  p.emit('PROCESS', 'DELETING', key, value)
  stopTimers(p, key)
  stopListening(p, key)
  const before = [...p.state.find('processesWithId', process.tenantId, process.bpmnProcessId).values()].filter(
    (row) => row.key !== key,
  )
  const next = bind(before, { type: 'latest' }, -1)
  if (wasLatest && next !== undefined) {
    startTimers(p, next)
    listen(p, next)
  }
  p.emit('PROCESS', 'DELETED', key, value)
}

function deleteDecisions(p: Processing, requirements: DecisionRequirements): void {
  for (const { deleted: _, key, ...value } of [...p.state.find('decisionsOf', requirements.key).values()])
    p.emit('DECISION', 'DELETED', key, value)
  const { deleted: _, key, ...value } = requirements
  p.emit('DECISION_REQUIREMENTS', 'DELETED', key, value)
}

function deleteForm(p: Processing, form: Form): void {
  const { deleted: _, key, ...value } = form
  p.emit('FORM', 'DELETED', key, value)
}
