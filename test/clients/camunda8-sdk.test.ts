/** @camunda8/sdk as it comes from npm: gRPC with job streams, and the REST API with searches that read what was just written. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { Camunda8 } from '@camunda8/sdk'
import { absent, example, sdkDiagram, startIter } from './iter.ts'

const options = { skip: absent, timeout: 60_000 }
const iter = absent ? null : await startIter()
const camunda = new Camunda8({
  ZEEBE_GRPC_ADDRESS: `grpc://${iter?.grpc}`,
  ZEEBE_REST_ADDRESS: iter?.rest ?? '',
  CAMUNDA_AUTH_STRATEGY: 'NONE',
  CAMUNDA_LOG_LEVEL: 'none',
  zeebeGrpcSettings: { ZEEBE_GRPC_CLIENT_RETRY: false },
})
const grpc = camunda.getZeebeGrpcApiClient()
const rest = camunda.getCamundaRestClient()
const cluster = camunda.getOrchestrationClusterApiClientLoose()
after(async () => {
  await camunda.closeAllClients()
  await iter?.close()
})

const TIMEOUT_MS = 60_000
const at = { consistency: { waitUpToMs: 0 } }
interface Found {
  readonly items: readonly Readonly<Record<string, unknown>>[]
  readonly page: { readonly totalItems: number; readonly endCursor?: string }
}
/** Where the client has no search of its own, its way to call what it does not know. */
const search = (resource: string, body: object): Promise<Found> =>
  rest.callApiEndpoint({ method: 'POST', urlPath: `${resource}/search`, body: { ...body } })
const deploy = (...names: string[]) => rest.deployResourcesFromFiles(names.map(sdkDiagram))
const poll = (type: string) => ({
  type,
  worker: 'test',
  maxJobsToActivate: 1,
  timeout: TIMEOUT_MS,
  requestTimeout: 10_000,
})
async function oneJob(type: string) {
  const [job] = await rest.activateJobs(poll(type))
  assert.ok(job, `a job of type ${type}`)
  return job
}

test('diagram, decision and form in one request', options, async () => {
  const { decisions, decisionRequirements, forms, processes } = await deploy(
    'hello-world.bpmn',
    'test-drd.dmn',
    'form/test-basic-form.form',
  )
  assert.deepEqual([processes.length, decisions.length, decisionRequirements.length, forms.length], [1, 1, 1, 1])
  const key = processes[0]!.processDefinitionKey
  assert.equal(await rest.getProcessDefinitionXML(key), readFileSync(sdkDiagram('hello-world.bpmn'), 'utf8'))
  assert.equal((await rest.getProcessDefinition(key)).name, 'Hello World')
  const found = await rest.searchProcessDefinitions({ filter: { processDefinitionId: 'hello-world' } })
  assert.equal(found.items[0]?.processDefinitionKey, key)
})

test('jobs are pushed into a stream, a failed one again; an instance answers with its result', options, async () => {
  await grpc.deployResource({ processFilename: sdkDiagram('job-complete-error-test.bpmn') })
  const stream = await grpc.streamJobs({
    ...{ type: 'job-complete-error', worker: 'stream', timeout: TIMEOUT_MS, fetchVariables: [], tenantIds: [] },
    taskHandler: (job) =>
      job.retries === 3 ? job.fail('not yet', 2) : job.complete({ seen: `${job.variables.n} of ${job.retries}` }),
  })
  const { variables } = await grpc.createProcessInstanceWithResult({
    ...{ bpmnProcessId: 'job-complete-error-test', variables: { n: 7 }, requestTimeout: 20_000 },
  })
  assert.deepEqual(variables, { n: 7, seen: '7 of 2' })
  stream.close()
})

test('a worker over REST', options, async () => {
  await deploy('hello-world-complete-rest.bpmn')
  const worker = rest.createJobWorker({
    ...{ type: 'console-log-complete-rest', worker: 'rest', maxJobsToActivate: 5, timeout: TIMEOUT_MS },
    jobHandler: (job) => job.complete({ done: true }),
  })
  const { variables } = await rest.createProcessInstanceWithResult<object, { done?: boolean }>({
    ...{ processDefinitionId: 'hello-world-complete-rest', variables: {}, requestTimeout: 20_000 },
  })
  assert.equal(variables.done, true)
  await worker.stop()
})

test('a job that ran out of retries stops in an incident; resolved, it goes on', options, async () => {
  await deploy('Worker-Failure-Retries.bpmn')
  const type = 'service-task-worker-failure-retries'
  const started = await rest.createProcessInstance({ processDefinitionId: 'worker-failure-retries', variables: {} })
  const { processInstanceKey } = started
  const job = await oneJob(type)
  await rest.failJob({ jobKey: job.jobKey, retries: 0, errorMessage: 'it broke', retryBackOff: 0 })
  const { items } = await rest.searchIncidents({ filter: { processInstanceKey } })
  const [incident] = items
  assert.deepEqual(
    [incident?.errorType, incident?.errorMessage, incident?.state],
    ['JOB_NO_RETRIES', 'it broke', 'ACTIVE'],
  )
  const stopped = await rest.searchProcessInstances({ filter: { processInstanceKey } })
  assert.equal(stopped.items[0]?.hasIncident, true)
  await rest.updateJob({ jobKey: job.jobKey, retries: 2 })
  await rest.resolveIncident(incident!.incidentKey)
  await rest.completeJob({ jobKey: (await oneJob(type)).jobKey, variables: {} })
  const ended = await rest.searchProcessInstances({ filter: { processInstanceKey } })
  assert.deepEqual([ended.items[0]?.state, ended.items[0]?.hasIncident], ['COMPLETED', false])
})

test('an error thrown over REST is caught; element instances tell the way', options, async () => {
  await deploy('Client-ThrowError-2.bpmn')
  const started = await rest.createProcessInstance({ processDefinitionId: 'throw-bpmn-error-2', variables: {} })
  const { processInstanceKey } = started
  const job = await oneJob('throw-bpmn-error-task-2')
  await rest.errorJob({ jobKey: job.jobKey, errorCode: 'BUSINESS_ERROR', errorMessage: 'no', variables: {} })
  await rest.completeJob({ jobKey: (await oneJob('sad-flow-2')).jobKey, variables: {} })
  const { items } = await rest.searchElementInstances({ filter: { processInstanceKey } })
  const states = Object.fromEntries(items.map(({ elementId, state }) => [elementId, state]))
  assert.equal(states.Task_0bki2a1, 'TERMINATED')
  assert.equal(states.Task_1h8n9x5, 'COMPLETED')
  assert.equal(items.find(({ elementId }) => elementId === 'Task_1h8n9x5')?.elementName, 'Sad Flow 2')
})

test('messages: published, correlated, awaited by nobody', options, async () => {
  await deploy('rest-message-test.bpmn')
  const variables = { correlationId: 'sdk' }
  const started = await rest.createProcessInstance({ processDefinitionId: 'rest-message-test', variables })
  const { processInstanceKey } = started
  const waiting = await search('message-subscriptions', { filter: { processInstanceKey } })
  assert.equal(waiting.items[0]?.messageName, 'rest-message')
  const message = { name: 'rest-message', correlationKey: 'sdk', variables: { paid: 1 }, tenantId: '<default>' }
  const correlated = await rest.correlateMessage(message)
  assert.equal(correlated.processInstanceKey, processInstanceKey)
  await assert.rejects(rest.correlateMessage(message), { statusCode: 404 })
  const again = { ...message, messageId: 'once', timeToLive: 30_000 }
  await rest.publishMessage(again)
  await assert.rejects(rest.publishMessage(again), { statusCode: 409 })
})

test('variables are searched with values as JSON text', options, async () => {
  await deploy('rest-get-variable.bpmn')
  const variables = { text: 'x', list: [1, 2] }
  const { processInstanceKey } = await rest.createProcessInstance({
    processDefinitionId: 'test-getVariable',
    variables,
  })
  await rest.updateElementInstanceVariables({
    elementInstanceKey: processInstanceKey,
    variables: { text: 'y' },
    local: true,
  })
  const { items } = await rest.searchVariables({
    filter: { processInstanceKey },
    sort: [{ field: 'name', order: 'ASC' }],
  })
  assert.deepEqual(
    items.map(({ name, value }) => [name, value]),
    [
      ['list', '[1,2]'],
      ['text', '"y"'],
    ],
  )
  const whole = await rest.getVariable({ variableKey: items[0]!.variableKey })
  assert.deepEqual(whole.value, [1, 2], 'the client parses it')
  await rest.cancelProcessInstance({ processInstanceKey })
  const { items: found } = await rest.searchProcessInstances({ filter: { processInstanceKey } })
  assert.equal(found[0]?.state, 'TERMINATED')
})

test('a decision is evaluated by id over both ways', options, async () => {
  await rest.deployResourcesFromFiles([example('pyzeebe/tests/integration/test.dmn')])
  const { items } = await search('decision-definitions', { filter: { decisionDefinitionId: 'test' } })
  assert.equal(items.length, 1)
  const evaluated = await grpc.evaluateDecision({ decisionId: 'test', variables: { input: '1' } })
  assert.equal(evaluated.decisionId, 'test')
  const { decisionDefinitionId } = await rest.evaluateDecision({
    decisionDefinitionId: 'test',
    variables: { input: '1' },
    tenantId: '<default>',
  })
  assert.equal(decisionDefinitionId, 'test')
})

test('pages follow their cursors', options, async () => {
  await deploy('query-subscription-test-1.bpmn')
  const start = { processDefinitionId: 'query-subscription-test-1', variables: {} }
  const keys = []
  for (let i = 0; i < 5; i++) keys.push((await rest.createProcessInstance(start)).processInstanceKey)
  const filter = { processDefinitionId: start.processDefinitionId, state: 'ACTIVE' }
  const first = await search('process-instances', { filter, page: { limit: 3 } })
  const next = await search('process-instances', { filter, page: { limit: 3, after: first.page.endCursor } })
  assert.deepEqual(
    [...first.items, ...next.items].map(({ processInstanceKey }) => processInstanceKey),
    keys,
  )
  assert.equal(first.page.totalItems, 5)
})

test('what is not there is a problem with title and detail', options, async () => {
  await assert.rejects(cluster.getProcessInstance({ processInstanceKey: '1' }, at), /NOT_FOUND/)
  const missing = await fetch(`${iter?.rest}/v2/process-instances/1`)
  assert.equal(missing.headers.get('content-type')?.split(';')[0], 'application/problem+json')
  const { title, detail, status } = (await missing.json()) as { title: string; detail: string; status: number }
  assert.deepEqual([title, status], ['NOT_FOUND', 404])
  assert.match(detail, /process instance with key '1'/)
})
