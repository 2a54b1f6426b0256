/** Wishes for many process instances at once, and how their work goes. */
import { z } from 'zod'
import type { BatchOperationRequest } from '../../protocol/gateway.ts'
import { command, gets, inquiry, keyIn, type Operation, searches } from './operation.ts'
import { filterOf } from './search.ts'
import { key, text } from './shapes.ts'

const filter = z.record(z.string(), z.unknown()).transform((given) => filterOf('process-instances', given))
const mappings = z.array(z.object({ sourceElementId: text, targetElementId: text }))
const plain = z.object({ filter })
const migration = z.object({
  filter,
  migrationPlan: z.object({ targetProcessDefinitionKey: key, mappingInstructions: mappings }),
})
const modification = z.object({ filter, moveInstructions: mappings })
/** The body says nothing. */
const anything = z.unknown()

function creates<B>(id: string, route: string, shape: z.ZodType<B>, wish: (body: B) => BatchOperationRequest) {
  return inquiry(id, route, shape, (body, { gateway }) => gateway.createBatchOperation(wish(body)))
}

const INSTANCES = 'POST /process-instances'
const PATH = '/batch-operations/{batchOperationKey}'

export const batchOperations: readonly Operation[] = [
  creates('cancelProcessInstancesBatchOperation', `${INSTANCES}/cancellation`, plain, (body) => ({
    type: 'CANCEL_PROCESS_INSTANCE',
    ...body,
  })),
  creates('resolveIncidentsBatchOperation', `${INSTANCES}/incident-resolution`, plain, (body) => ({
    type: 'RESOLVE_INCIDENT',
    ...body,
  })),
  creates('migrateProcessInstancesBatchOperation', `${INSTANCES}/migration`, migration, (body) => ({
    type: 'MIGRATE_PROCESS_INSTANCE',
    ...body,
  })),
  creates('modifyProcessInstancesBatchOperation', `${INSTANCES}/modification`, modification, (body) => ({
    type: 'MODIFY_PROCESS_INSTANCE',
    ...body,
  })),
  searches('searchBatchOperations', 'POST /batch-operations/search', 'batch-operations'),
  gets('getBatchOperation', `GET ${PATH}`, 'batch-operations', 'a batch operation'),
  command('cancelBatchOperation', `POST ${PATH}/cancellation`, anything, (_body, request) =>
    request.gateway.cancelBatchOperation(keyIn(request, 'batchOperationKey')),
  ),
  command('suspendBatchOperation', `POST ${PATH}/suspension`, anything, (_body, request) =>
    request.gateway.suspendBatchOperation(keyIn(request, 'batchOperationKey')),
  ),
  command('resumeBatchOperation', `POST ${PATH}/resumption`, anything, (_body, request) =>
    request.gateway.resumeBatchOperation(keyIn(request, 'batchOperationKey')),
  ),
  searches('searchBatchOperationItems', 'POST /batch-operation-items/search', 'batch-operation-items'),
]
