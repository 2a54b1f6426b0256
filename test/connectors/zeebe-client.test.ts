/** The client against our own ports: what a `Gateway` is asked from afar arrives as it was asked, and its answer comes back whole. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { basicAuthorization, remoteGateway, runWorker } from '../../connectors/zeebe/index.ts'
import { apiUserLine, startGateway } from '../../engine/gateway/index.ts'
import { type Gateway, GatewayError } from '../../engine/protocol/gateway.ts'
import type { Page, Query, Row, Search } from '../../engine/protocol/query.ts'
import type { Engine } from '../../engine/runtime/engine.ts'
import { jobBoard } from './job-board.ts'

const board = jobBoard()
const asked: [call: string, ...args: unknown[]][] = []
const answered =
  <Reply>(call: string, reply: Reply) =>
  async (...args: unknown[]): Promise<Reply> => {
    asked.push([call, ...args])
    return reply
  }
const refuse = async (): Promise<never> => {
  throw new GatewayError('NOT_FOUND', 'Expected to find it, but it is not there')
}

const key = '2251799813685249'
const row: Row = { userTaskKey: key, state: 'CREATED', candidateGroups: ['anagrafe.ufficiale'] }
const page: Page = { items: [row], totalItems: 1, hasMoreTotalItems: false, startCursor: 'MQ==', endCursor: 'MQ==' }
const query: Query = {
  search: answered('search', page),
  get: async (_resource, asked) => (asked === key ? row : null),
  resourceText: answered('resourceText', '<definitions/>'),
  form: answered('form', { formKey: key, schema: '{}' }),
  userTaskVariables: answered('userTaskVariables', page),
  sequenceFlows: answered('sequenceFlows', [{ elementId: 'flusso' }]),
  elementStatistics: answered('elementStatistics', [{ elementId: 'compito', active: 1 }]),
}
const instance = {
  processDefinitionKey: key,
  bpmnProcessId: 'p',
  version: 1,
  processInstanceKey: '7',
  tags: ['a'],
  tenantId: '<default>',
}
const nothing = undefined
const served: Gateway = {
  ...board,
  topology: answered('topology', {
    brokers: [],
    clusterSize: 1,
    partitionsCount: 1,
    replicationFactor: 1,
    gatewayVersion: '8.8.0',
  }),
  deployResources: answered('deployResources', {
    deploymentKey: key,
    tenantId: '<default>',
    deployments: [
      {
        kind: 'decision',
        decisionId: 'd',
        decisionName: 'D',
        version: 1,
        decisionKey: '5',
        decisionRequirementsId: 'r',
        decisionRequirementsKey: '6',
        tenantId: '<default>',
      },
      { kind: 'form', formId: 'f', version: 2, formKey: '8', resourceName: 'f.form', tenantId: '<default>' },
    ],
  }),
  deleteResource: refuse,
  createBatchOperation: answered('createBatchOperation', {
    batchOperationKey: key,
    batchOperationType: 'MIGRATE_PROCESS_INSTANCE',
  }),
  cancelBatchOperation: answered('cancelBatchOperation', nothing),
  suspendBatchOperation: answered('suspendBatchOperation', nothing),
  resumeBatchOperation: answered('resumeBatchOperation', nothing),
  createProcessInstance: answered('createProcessInstance', instance),
  createProcessInstanceWithResult: answered('createProcessInstanceWithResult', {
    ...instance,
    variables: '{"n":12345678901234567890.5}',
  }),
  cancelProcessInstance: refuse,
  migrateProcessInstance: answered('migrateProcessInstance', nothing),
  modifyProcessInstance: answered('modifyProcessInstance', nothing),
  updateJobRetries: answered('updateJobRetries', nothing),
  updateJobTimeout: answered('updateJobTimeout', nothing),
  publishMessage: answered('publishMessage', { messageKey: key, tenantId: '<default>' }),
  correlateMessage: answered('correlateMessage', { messageKey: key, processInstanceKey: '7', tenantId: '<default>' }),
  broadcastSignal: answered('broadcastSignal', { signalKey: key, tenantId: '<default>' }),
  evaluateConditionals: answered('evaluateConditionals', {
    conditionalEvaluationKey: key,
    processInstances: [{ processDefinitionKey: '5', processInstanceKey: '7' }],
    tenantId: '<default>',
  }),
  setVariables: answered('setVariables', { key }),
  resolveIncident: answered('resolveIncident', nothing),
  activateAdHocActivities: answered('activateAdHocActivities', nothing),
  suspend: answered('suspend', nothing),
  resume: answered('resume', nothing),
  evaluateDecision: refuse,
  assignUserTask: answered('assignUserTask', nothing),
  unassignUserTask: answered('unassignUserTask', nothing),
  updateUserTask: answered('updateUserTask', nothing),
  completeUserTask: answered('completeUserTask', nothing),
  query,
}
/** gRPC pushes jobs straight from the engine: here from the same board. */
const engine: Engine = {
  submit: refuse,
  activateJobs: refuse,
  streamJobs: () => {},
  query,
  records: refuse,
  instanceRecords: refuse,
  clock: { now: () => 0, pin: () => {}, reset: () => {} },
  idle: async () => {},
  health: () => ({ healthy: true, detail: '' }),
}
const ports = await startGateway({
  engine,
  gateway: served,
  config: {
    ...{ host: '127.0.0.1', grpcPort: 0, restPort: 0, managementPort: 0, isClockControlled: false, version: '0' },
    apiUsers: await apiUserLine('pagine', 'segreto'),
  },
  log: () => {},
})
const connect = (authorization?: () => Promise<string>) =>
  remoteGateway({
    grpc: { address: ports.addresses.grpc, ...(authorization && { authorization }) },
    rest: { url: `http://${ports.addresses.rest}`, ...(authorization && { authorization }) },
  })
const remote = connect(basicAuthorization('pagine', 'segreto'))
after(async () => {
  remote.close()
  await ports.close()
})
const last = () => asked.at(-1)

test('gRPC: replies come back with keys as text and numbers digit by digit', async () => {
  assert.deepEqual(
    await remote.createProcessInstance({ bpmnProcessId: 'p', variables: '{"a":1}', tags: ['a'] }),
    instance,
  )
  const { variables } = await remote.createProcessInstanceWithResult({ bpmnProcessId: 'p' }, ['n'], 5_000)
  assert.equal(variables, '{"n":12345678901234567890.5}')
  const { deployments, deploymentKey } = await remote.deployResources({
    resources: [{ name: 'a.dmn', content: Buffer.from('x') }],
  })
  assert.equal(deploymentKey, key)
  assert.deepEqual(deployments[0], {
    kind: 'decision',
    decisionId: 'd',
    decisionName: 'D',
    version: 1,
    decisionKey: '5',
    decisionRequirementsId: 'r',
    decisionRequirementsKey: '6',
    tenantId: '<default>',
  })
  const message = { name: 'rinuncia.ricevuta', correlationKey: 'p-1', timeToLiveMs: 1_000 }
  assert.equal((await remote.publishMessage(message)).messageKey, key)
  assert.equal((await remote.broadcastSignal({ signalName: 'allerta' })).signalKey, key)
  assert.deepEqual(await remote.evaluateConditionals({ processDefinitionKey: '5', variables: '{"x":1}' }), {
    conditionalEvaluationKey: key,
    processInstances: [{ processDefinitionKey: '5', processInstanceKey: '7' }],
    tenantId: '<default>',
  })
})

test('refusals keep their status and words', async () => {
  const wanted = { name: 'GatewayError', status: 'NOT_FOUND', message: /Expected to find it/ }
  await assert.rejects(remote.cancelProcessInstance('9'), wanted)
  const stranger = connect()
  await assert.rejects(stranger.topology(), { status: 'UNAUTHENTICATED' })
  await assert.rejects(stranger.unassignUserTask(key), { status: 'UNAUTHENTICATED' })
  stranger.close()
  const nobody = remoteGateway({ grpc: { address: '127.0.0.1:4' }, rest: { url: 'http://127.0.0.1:4' } })
  await assert.rejects(nobody.topology(), { status: 'UNAVAILABLE' })
  await assert.rejects(nobody.unassignUserTask(key), { status: 'UNAVAILABLE' })
  nobody.close()
})

test('REST: a search arrives as it was asked', async () => {
  const search: Search = {
    filter: [
      { field: 'state', operator: '$eq', value: 'CREATED' },
      { field: 'priority', operator: '$gte', value: 10 },
      { field: 'priority', operator: '$lt', value: 60 },
    ],
    variables: [{ name: 'esito', condition: { operator: '$eq', value: '"CONFERMATA"' }, scope: 'local' }],
    sort: [{ field: 'creationDate', order: 'ASC' }],
    page: { limit: 5, from: 10 },
  }
  assert.deepEqual(await remote.query.search('user-tasks', search), page)
  const [, resource, arrived] = last()!
  assert.equal(resource, 'user-tasks')
  const { filter, variables, sort, page: window } = arrived as Search
  assert.deepEqual({ filter, variables, sort, page: window }, search)
})

test('REST: rows by key, texts, forms, flows and counts', async () => {
  assert.deepEqual(await remote.query.get('user-tasks', key), row)
  assert.equal(await remote.query.get('user-tasks', '404'), null)
  assert.equal((await remote.query.get('jobs', key))?.userTaskKey, key)
  assert.equal(await remote.query.resourceText('process-definition', key), '<definitions/>')
  assert.equal((await remote.query.form('user-task', key))?.formKey, key)
  assert.deepEqual(await remote.query.sequenceFlows('7'), [{ elementId: 'flusso' }])
  assert.deepEqual(await remote.query.elementStatistics('process-instance', '7'), [{ elementId: 'compito', active: 1 }])
})

test('REST: user tasks, variables kept digit by digit', async () => {
  await remote.assignUserTask(key, { assignee: 'ugo.ufficiale', allowOverride: false })
  assert.deepEqual(last()?.slice(0, 2), ['assignUserTask', key])
  await remote.completeUserTask(key, '{"importo":12345678901234567890.5}')
  assert.deepEqual(last()?.slice(0, 3), ['completeUserTask', key, '{"importo":12345678901234567890.5}'])
  assert.equal((await remote.correlateMessage({ name: 'm', correlationKey: 'p-1' })).messageKey, key)
})

test('a worker runs over gRPC as it does beside the engine', async () => {
  const job = board.add({ type: 'lontano', customHeaders: { a: 'b' }, variables: '{"x":1}' })
  const seen: unknown[] = []
  const worker = runWorker(
    remote,
    {
      type: 'lontano',
      async handle({ customHeaders, variables }) {
        seen.push(customHeaders, variables)
        return { kind: 'completed', variables: '{"y":2}' }
      },
    },
    { name: 'prova', maxJobs: 2, timeoutMs: 1_000, log: () => {} },
  )
  await board.reported(1)
  await worker.close()
  assert.deepEqual(seen, [{ a: 'b' }, '{"x":1}'])
  assert.deepEqual(board.reports, [['complete', job.key, '{"y":2}']])
})

test('a hundred workers that wait leave room for what one of them reports', async () => {
  const options = { name: 'prova', maxJobs: 2, timeoutMs: 1_000, log: () => {} }
  const handle = async () => ({ kind: 'completed', variables: '{"z":3}' }) as const
  const idle = Array.from({ length: 100 }, (_, place) => runWorker(remote, { type: `fermo-${place}`, handle }, options))
  const job = board.add({ type: 'ultimo' })
  const busy = runWorker(remote, { type: 'ultimo', handle }, options)
  await board.reported(2)
  await Promise.all([busy, ...idle].map((worker) => worker.close()))
  assert.deepEqual(board.reports.at(-1), ['complete', job.key, '{"z":3}'])
})

test('REST: the variables of a modification arrive digit by digit', async () => {
  const instruction = (variables: string) => `{"elementId":"a","variableInstructions":[{"variables":${variables}}]}`
  const ask = async (variables: string) => {
    const authorization = await basicAuthorization('pagine', 'segreto')()
    return fetch(`http://${ports.addresses.rest}/v2/process-instances/${key}/modification`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: `{"activateInstructions":[${instruction(variables)}]}`,
    })
  }
  const variables = '{"n": 12345678901234567890.5, "deep": {"variables": {"m": 1.10}}}'
  assert.equal((await ask(variables)).status, 204)
  const activateInstructions = [{ elementId: 'a', variableInstructions: [{ variables }] }]
  const [call, asked, given] = last()!
  assert.deepEqual([call, asked], ['modifyProcessInstance', key])
  assert.deepEqual(JSON.parse(JSON.stringify(given)), { activateInstructions })
  assert.equal((await ask('[1]')).status, 400)
})
