import { z } from 'zod'
import type { CreateInstanceResponse, Gateway, KeyText } from '../../protocol/gateway.ts'
import type { Row } from '../../protocol/query.ts'
import { JsonText } from '../json-text.ts'
import { invalid } from '../rejection.ts'
import {
  bodyOf,
  command,
  found,
  gets,
  inquiry,
  json,
  keyIn,
  type Operation,
  operation,
  pageOf,
  searches,
} from './operation.ts'
import { searchOf } from './search.ts'
import { elements, int64, key, nothing, operationReference, optional, text, variables } from './shapes.ts'

/** Call activities nest no deeper: more would be a loop in the data. */
const CALL_DEPTH_MAX = 1_000

const terminations = z.array(z.object({ type: z.literal('TERMINATE_PROCESS_INSTANCE'), afterElementId: text }))
const creation = z.object({
  processDefinitionId: optional(text),
  processDefinitionVersion: optional(int64),
  processDefinitionKey: optional(key),
  variables: optional(variables),
  tenantId: optional(text),
  operationReference,
  startInstructions: elements,
  runtimeInstructions: optional(terminations),
  awaitCompletion: optional(z.boolean()),
  fetchVariables: optional(z.array(text)),
  tags: optional(z.array(text)),
  businessId: optional(text),
  requestTimeout: optional(int64),
})

async function create(body: z.infer<typeof creation>, gateway: Gateway) {
  const { processDefinitionId, processDefinitionVersion, processDefinitionKey } = body
  if ((processDefinitionId === undefined) === (processDefinitionKey === undefined)) {
    throw invalid('Expected either processDefinitionId or processDefinitionKey, but found none or both')
  }
  const { variables, tags, businessId, tenantId, startInstructions, runtimeInstructions } = body
  const request = {
    ...(processDefinitionId !== undefined && { bpmnProcessId: processDefinitionId }),
    ...(processDefinitionKey !== undefined && { processDefinitionKey }),
    ...(processDefinitionVersion !== undefined && { version: processDefinitionVersion }),
    ...{ variables, tags, businessId, tenantId, startInstructions, runtimeInstructions },
  }
  if (!body.awaitCompletion) return created(await gateway.createProcessInstance(request), '{}')
  const waitMs = body.requestTimeout ?? 0
  const ended = await gateway.createProcessInstanceWithResult(request, body.fetchVariables ?? [], waitMs)
  return created(ended, ended.variables)
}

const created = (instance: CreateInstanceResponse, variables: string) => ({
  processDefinitionId: instance.bpmnProcessId,
  processDefinitionVersion: instance.version,
  processDefinitionKey: instance.processDefinitionKey,
  processInstanceKey: instance.processInstanceKey,
  tenantId: instance.tenantId,
  variables: new JsonText(variables),
  tags: instance.tags,
  ...(instance.businessId !== undefined && { businessId: instance.businessId }),
})

/** From the root down to the instance itself. */
async function callHierarchy({ query }: Gateway, key: KeyText): Promise<readonly unknown[]> {
  const chain: Row[] = []
  for (let at: KeyText | null = key; at !== null && chain.length < CALL_DEPTH_MAX; ) {
    const row: Row = found(await query.get('process-instances', at), 'a process instance', at)
    chain.unshift(row)
    at = typeof row.parentProcessInstanceKey === 'string' ? row.parentProcessInstanceKey : null
  }
  return chain.map(({ processInstanceKey, processDefinitionKey, processDefinitionName }) => ({
    processInstanceKey,
    processDefinitionKey,
    processDefinitionName,
  }))
}

const migration = z.object({
  targetProcessDefinitionKey: key,
  mappingInstructions: z.array(z.object({ sourceElementId: text, targetElementId: text })),
  operationReference,
})
const variableInstructions = z.array(z.object({ variables, scopeId: optional(text) }))
const modification = z.object({
  activateInstructions: optional(
    z.array(
      z.object({
        elementId: text,
        ancestorElementInstanceKey: optional(key),
        variableInstructions: optional(variableInstructions),
      }),
    ),
  ),
  terminateInstructions: optional(z.array(z.object({ elementInstanceKey: key }))),
  operationReference,
})

const PATH = '/process-instances/{processInstanceKey}'

export const processInstances: readonly Operation[] = [
  searches('searchProcessInstances', 'POST /process-instances/search', 'process-instances'),
  gets('getProcessInstance', `GET ${PATH}`, 'process-instances', 'a process instance'),
  inquiry('createProcessInstance', 'POST /process-instances', creation, (body, { gateway }) => create(body, gateway)),
  command('cancelProcessInstance', `POST ${PATH}/cancellation`, nothing, (_body, request) =>
    request.gateway.cancelProcessInstance(keyIn(request, 'processInstanceKey')),
  ),
  command('migrateProcessInstance', `POST ${PATH}/migration`, migration, (body, request) =>
    request.gateway.migrateProcessInstance(keyIn(request, 'processInstanceKey'), body),
  ),
  command('modifyProcessInstance', `POST ${PATH}/modification`, modification, (body, request) =>
    request.gateway.modifyProcessInstance(keyIn(request, 'processInstanceKey'), body),
  ),
  operation('getProcessInstanceSequenceFlows', `GET ${PATH}/sequence-flows`, async (request) =>
    json({ items: await request.gateway.query.sequenceFlows(keyIn(request, 'processInstanceKey')) }),
  ),
  operation('getProcessInstanceStatistics', `GET ${PATH}/statistics/element-instances`, async (request) => {
    const key = keyIn(request, 'processInstanceKey')
    return json({ items: await request.gateway.query.elementStatistics('process-instance', key) })
  }),
  operation('getProcessInstanceCallHierarchy', `GET ${PATH}/call-hierarchy`, async (request) =>
    json(await callHierarchy(request.gateway, keyIn(request, 'processInstanceKey'))),
  ),
  operation('searchProcessInstanceIncidents', `POST ${PATH}/incidents/search`, async (request) => {
    const search = searchOf('incidents', bodyOf(request))
    const value = keyIn(request, 'processInstanceKey')
    const filter = [...search.filter, { field: 'callingProcessInstanceKey', operator: '$eq' as const, value }]
    return json(pageOf(await request.gateway.query.search('incidents', { ...search, filter })))
  }),
]
