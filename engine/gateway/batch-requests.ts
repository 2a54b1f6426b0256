/** A client's wish for many process instances → the command for the engine, with the checks that need no state. */
import type { BatchOperationRequest } from '../protocol/gateway.ts'
import type { Conditions } from '../protocol/query.ts'
import { type Command, type CommandOf, type KeyText, NO_KEY } from '../protocol/records.ts'
import { invalid } from './rejection.ts'
import { key, name } from './requests.ts'

type Creation = CommandOf<'BATCH_OPERATION_CREATION'>['value']

export function createBatchOperation(request: BatchOperationRequest): Command {
  const value = { batchOperationType: request.type, entityFilter: filterText(request.filter), ...planOf(request) }
  return { valueType: 'BATCH_OPERATION_CREATION', intent: 'CREATE', key: NO_KEY, value }
}

/** Without a condition everything would be meant: that must be said. */
function filterText({ filter, or = [], variables = [] }: Conditions): string {
  if (filter.length + or.length + variables.length === 0)
    throw invalid('Expected a filter with at least one condition, but it has none')
  return JSON.stringify({ filter, ...(or.length > 0 && { or }), ...(variables.length > 0 && { variables }) })
}

function planOf(request: BatchOperationRequest): Creation {
  switch (request.type) {
    case 'CANCEL_PROCESS_INSTANCE':
    case 'RESOLVE_INCIDENT':
      return {}
    case 'MIGRATE_PROCESS_INSTANCE': {
      const { targetProcessDefinitionKey, mappingInstructions } = request.migrationPlan
      return {
        migrationPlan: {
          targetProcessDefinitionKey: key(targetProcessDefinitionKey, 'targetProcessDefinitionKey'),
          mappingInstructions: mappings(mappingInstructions, 'mappingInstructions'),
        },
      }
    }
    case 'MODIFY_PROCESS_INSTANCE':
      return { modificationPlan: { moveInstructions: mappings(request.moveInstructions, 'moveInstructions') } }
  }
}

type Mapping = { readonly sourceElementId: string; readonly targetElementId: string }

function mappings(given: readonly Mapping[], what: string): readonly Mapping[] {
  if (given.length === 0) throw invalid(`Expected ${what} to have at least one entry, but it has none`)
  const checked = given.map(({ sourceElementId, targetElementId }) => ({
    sourceElementId: name(sourceElementId, 'sourceElementId'),
    targetElementId: name(targetElementId, 'targetElementId'),
  }))
  const sources = checked.map(({ sourceElementId }) => sourceElementId)
  const twice = sources.find((source, at) => sources.indexOf(source) < at)
  if (twice === undefined) return checked
  throw invalid(`Expected each sourceElementId of ${what} once, but '${twice}' is there twice`)
}

export function batchLifecycle(
  intent: CommandOf<'BATCH_OPERATION_LIFECYCLE_MANAGEMENT'>['intent'],
  batch: KeyText,
): Command {
  const value = { batchOperationKey: key(batch, 'batchOperationKey') }
  return { valueType: 'BATCH_OPERATION_LIFECYCLE_MANAGEMENT', intent, key: NO_KEY, value }
}
