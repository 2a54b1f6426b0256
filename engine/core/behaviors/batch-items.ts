/** What a batch operation does to one of its items: the command that a client would send. */
import type { BatchOperationItem } from '../../protocol/batch-operations.ts'
import type { CommandOf, Key } from '../../protocol/records.ts'
import type { Processing } from '../processing.ts'
import type { BatchOperation, ElementInstance } from '../state/rows.ts'

export type ItemCommand =
  | CommandOf<'PROCESS_INSTANCE'>
  | CommandOf<'PROCESS_INSTANCE_MIGRATION'>
  | CommandOf<'PROCESS_INSTANCE_MODIFICATION'>
  | CommandOf<'INCIDENT'>

export function commandFor(p: Processing, batch: BatchOperation, { itemKey: key }: BatchOperationItem): ItemCommand {
  switch (batch.batchOperationType) {
    case 'CANCEL_PROCESS_INSTANCE':
      return { valueType: 'PROCESS_INSTANCE', intent: 'CANCEL', key, value: { processInstanceKey: key } }
    case 'MIGRATE_PROCESS_INSTANCE': {
      const value = { processInstanceKey: key, ...batch.migrationPlan }
      return { valueType: 'PROCESS_INSTANCE_MIGRATION', intent: 'MIGRATE', key, value }
    }
    case 'MODIFY_PROCESS_INSTANCE':
      return { valueType: 'PROCESS_INSTANCE_MODIFICATION', intent: 'MODIFY', key, value: moves(p, batch, key) }
    case 'RESOLVE_INCIDENT':
      return { valueType: 'INCIDENT', intent: 'RESOLVE', key, value: {} }
  }
}

/** The incident of a job that has no retries left can only be resolved once it has one. Whether it is refused counts for nothing. */
export function giveRetry(p: Processing, { itemKey }: BatchOperationItem): void {
  const jobKey = p.state.get('incident', itemKey)?.jobKey ?? -1
  if (jobKey > 0) p.attempt({ valueType: 'JOB', intent: 'UPDATE_RETRIES', key: jobKey, value: { retries: 1 } })
}

/** Every element instance that a move names begins as the move's target, under the same scope, and ends. */
function moves(
  p: Processing,
  { moveInstructions }: BatchOperation,
  processInstanceKey: Key,
): CommandOf<'PROCESS_INSTANCE_MODIFICATION'>['value'] {
  const targets = new Map(moveInstructions.map((move) => [move.sourceElementId, move.targetElementId]))
  const moved = within(p, processInstanceKey).filter(({ elementId }) => targets.has(elementId))
  return {
    processInstanceKey,
    activateInstructions: moved.map(({ elementId, flowScopeKey }) => ({
      elementId: targets.get(elementId)!,
      ancestorScopeKey: flowScopeKey,
      ancestorScopeKeys: [],
      variableInstructions: [],
    })),
    terminateInstructions: moved.map(({ key }) => ({ elementInstanceKey: key })),
  }
}

/** All element instances of a process instance, outer ones first. */
function within(p: Processing, processInstanceKey: Key): readonly ElementInstance[] {
  const found: ElementInstance[] = []
  const scopes = [processInstanceKey]
  for (let scope = scopes.shift(); scope !== undefined; scope = scopes.shift()) {
    for (const child of p.state.find('childrenOf', scope).values()) {
      found.push(child)
      scopes.push(child.key)
    }
  }
  return found
}
