/** What official and community clients were seen to send, byte for byte where it matters, and the answers they need. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { ZBClient } from 'zeebe-node'
import { everything } from './everything.ts'
import { startIter } from './iter.ts'

const iter = await startIter()
const client = new ZBClient(iter.grpc, { useTLS: false, retry: false, loglevel: 'NONE' })
after(async () => {
  await client.close()
  await iter.close()
})

interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}
type Headers = Readonly<Record<string, string>>
async function send(route: string, body?: unknown, headers: Headers = {}): Promise<Answer> {
  const [method, path] = route.split(' ')
  const type = { 'content-type': 'application/json' }
  const sent = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(`${iter.rest}/v2${path}`, {
    ...{ method: method!, headers: { ...type, ...headers } },
    ...(sent !== undefined && { body: sent }),
  })
  const text = await response.text()
  return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : { text } }
}

const BOUNDARY = 'httpclient_boundary_0123456789'
const part = (name: string, fileName: string, text: string) =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${fileName && `; filename="${fileName}"`}\r\n\r\n${text}\r\n`
const javaDeployment = `${Object.entries(everything)
  .map(([name, text]) => part('resources', name, text))
  .join('')}${part('tenantId', '', '<default>')}--${BOUNDARY}--\r\n`

test('a deployment as Java writes it', async () => {
  const type = `multipart/form-data; charset=ISO-8859-1; boundary=${BOUNDARY}`
  const { status, body } = await send('POST /deployments', javaDeployment, { 'content-type': type })
  assert.equal(status, 200)
  assert.equal((body.deployments as unknown[]).length, 5)
})

test('a repeated deployment is recorded with the metadata of the first, and nothing beside', async () => {
  const process = { name: 'permit.bpmn', process: Buffer.from(everything['permit.bpmn']!) }
  const { deployments } = await client.deployResource(process)
  assert.equal(deployments[0]?.process.version, 1)
  const text = await (await fetch(`${iter.management}/records?after=0&limit=5000`)).text()
  const records = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const told = records.filter(({ valueType, recordType }) => valueType === 'DEPLOYMENT' && recordType === 'EVENT')
  const [first, again] = told.map(({ value }) =>
    value.processesMetadata.find((one: { bpmnProcessId: string }) => one.bpmnProcessId === 'permit'),
  )
  assert.deepEqual(again, { ...first, duplicate: true })
})

const start = { processDefinitionId: 'permit', variables: { kind: 'shop', ref: 'x' } }
const started = async (): Promise<string> =>
  String((await send('POST /process-instances', start)).body.processInstanceKey)
const poll = { type: 'check', worker: 'w', timeout: '60000', maxJobsToActivate: 1, requestTimeout: '4000' }
async function oneJob(): Promise<Readonly<Record<string, unknown>>> {
  const { body } = await send('POST /jobs/activation', poll)
  return (body.jobs as Readonly<Record<string, unknown>>[])[0]!
}
/** An instance that waits for a person. */
async function oneTask(): Promise<string> {
  await started()
  const { jobKey, processInstanceKey } = await oneJob()
  await send(`POST /jobs/${jobKey}/completion`, {})
  const { body } = await send('POST /user-tasks/search', { filter: { processInstanceKey } })
  return String((body.items as Readonly<Record<string, unknown>>[])[0]!.userTaskKey)
}

describe('REST', () => {
  test('an instance as Java creates it, every empty list written out', async () => {
    const empties = { tags: [], startInstructions: [], runtimeInstructions: [], fetchVariables: [] }
    const { status, body } = await send('POST /process-instances', {
      ...start,
      ...empties,
      processDefinitionVersion: -1,
    })
    assert.equal(status, 200)
    assert.match(String(body.processInstanceKey), /^\d+$/)
    assert.deepEqual(body.variables, {})
  })
  test('defaults written out as orchestration-cluster-api does, 64-bit numbers as text', async () => {
    const defaults = {
      processDefinitionVersion: -1,
      awaitCompletion: false,
      requestTimeout: '0',
      tenantId: '<default>',
    }
    assert.equal((await send('POST /process-instances', { ...start, ...defaults })).status, 200)
    const job = await oneJob()
    assert.equal(typeof job.deadline, 'number')
    assert.deepEqual([job.kind, job.listenerEventType], ['BPMN_ELEMENT', 'UNSPECIFIED'])
    assert.deepEqual(job.customHeaders, { to: 'clerk' })
    assert.equal((await send(`PATCH /jobs/${job.jobKey}`, { changeset: { timeout: '300000' } })).status, 204)
    const both = { changeset: { retries: 5, timeout: 90_000 } }
    assert.equal((await send(`PATCH /jobs/${job.jobKey}`, both)).status, 204)
    const failure = { retries: 4, retryBackOff: '0', errorMessage: 'x' }
    assert.equal((await send(`POST /jobs/${job.jobKey}/failure`, failure)).status, 204)
    assert.equal((await oneJob()).retries, 4)
  })
  test('a poll that its client has dropped takes no job', async () => {
    await send('POST /jobs/activation', { ...poll, maxJobsToActivate: 1_000, requestTimeout: -1 })
    const dropped = new AbortController()
    const waiting = fetch(`${iter.rest}/v2/jobs/activation`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, signal: dropped.signal },
      body: JSON.stringify({ ...poll, timeout: 3_600_000, maxJobsToActivate: 32 }),
    })
    await send('GET /topology')
    dropped.abort()
    await assert.rejects(waiting, { name: 'AbortError' })
    const key = await started()
    assert.equal((await oneJob()).processInstanceKey, key)
  })
  test('a search as Java writes it, and one without a body', async () => {
    const processDefinitionId = { $eq: 'permit', $in: [], $notIn: [] }
    const filter = { processDefinitionId, tags: [], variables: [], $or: [] }
    const { status, body } = await send('POST /process-instances/search', { filter, sort: [] })
    assert.equal(status, 200)
    assert.ok((body.items as unknown[]).length > 0)
    for (const empty of [undefined, '', {}]) assert.equal((await send('POST /jobs/search', empty)).status, 200)
  })
  test('an empty or a foreign Authorization changes nothing while authentication is off', async () => {
    for (const authorization of ['', 'Basic ZGVtbzpkZW1v', 'Bearer x']) {
      assert.equal((await send('GET /topology', undefined, { authorization })).status, 200)
    }
    assert.equal((await send('GET /authentication/me')).status, 401)
    assert.equal((await send('GET /status')).status, 204)
  })
  test('the diagram as text/xml to a client that asks for it', async () => {
    const { body } = await send('POST /process-definitions/search', { filter: { processDefinitionId: 'permit' } })
    const [{ processDefinitionKey }] = body.items as [{ processDefinitionKey: string }]
    const accept = { accept: 'text/xml, application/problem+json' }
    const xml = await fetch(`${iter.rest}/v2/process-definitions/${processDefinitionKey}/xml`, { headers: accept })
    assert.match(xml.headers.get('content-type')!, /^text\/xml/)
    assert.equal(await xml.text(), everything['permit.bpmn'])
  })
  test('a result that does not come in time', async () => {
    const { status, body } = await send('POST /process-instances', {
      ...start,
      awaitCompletion: true,
      requestTimeout: 50,
    })
    assert.equal(status, 504)
    assert.ok(body.title && body.detail)
  })
  test('a task that is assigned, and one that is done', async () => {
    const key = await oneTask()
    assert.equal((await send(`POST /user-tasks/${key}/assignment`, { assignee: 'a', allowOverride: null })).status, 204)
    const override = { assignee: 'b', allowOverride: false }
    const refused = await send(`POST /user-tasks/${key}/assignment`, override)
    assert.deepEqual([refused.status, refused.body.title], [409, 'INVALID_STATE'])
    const bare = { priority: 3, dueDate: '2030-01-01T00:00:00.000Z' }
    assert.equal((await send(`PATCH /user-tasks/${key}/update`, bare)).status, 204, 'as @camunda8/sdk sends it')
    assert.equal((await send(`GET /user-tasks/${key}`)).body.priority, 3)
    assert.equal((await send(`POST /user-tasks/${key}/completion`)).status, 204)
    const again = await send(`POST /user-tasks/${key}/completion`, {})
    assert.deepEqual([again.status, again.body.title], [404, 'NOT_FOUND'])
  })
  test('a message that is buffered already, and one that nobody awaits', async () => {
    const message = { name: 'paid', correlationKey: 'm', messageId: 'm1', timeToLive: 60_000 }
    assert.equal((await send('POST /messages/publication', message)).status, 200)
    const twice = await send('POST /messages/publication', message)
    assert.deepEqual([twice.status, twice.body.title], [409, 'ALREADY_EXISTS'])
    assert.equal((await send('POST /messages/correlation', { name: 'nobody', correlationKey: 'm' })).status, 404)
  })
  test('what is not there', async () => {
    const unknown = '6755399441055744'
    for (const [route, body] of [
      ['POST /decision-definitions/evaluation', { decisionDefinitionId: 'nope', variables: {} }],
      ['POST /process-instances', { processDefinitionId: 'nope' }],
      [`POST /jobs/${unknown}/completion`, {}],
      [`POST /user-tasks/${unknown}/completion`, {}],
      [`POST /process-instances/${unknown}/cancellation`, {}],
      [`POST /incidents/${unknown}/resolution`, undefined],
      [`PUT /element-instances/${unknown}/variables`, { variables: { a: 1 } }],
      [`POST /resources/${unknown}/deletion`, undefined],
      [`GET /process-instances/${unknown}`, undefined],
      [`GET /user-tasks/${unknown}/form`, undefined],
    ] as const) {
      const answer = await send(route, body)
      assert.deepEqual([answer.status, answer.body.title], [404, 'NOT_FOUND'], route)
      assert.ok(answer.body.detail, route)
    }
  })
  test('what is malformed', async () => {
    for (const [route, body] of [
      ['GET /process-instances/abc', undefined],
      ['POST /jobs/abc/completion', {}],
      ['POST /process-instances', '{'],
      ['POST /process-instances', { processDefinitionId: 'permit', variables: [] }],
      ['POST /process-instances', { processDefinitionId: 'permit', tenantId: 'other' }],
      ['POST /process-instances', {}],
      ['POST /jobs/activation', { ...poll, timeout: 0 }],
      ['POST /jobs/activation', { ...poll, type: '' }],
      ['POST /jobs/activation', { ...poll, maxJobsToActivate: 0 }],
      ['POST /jobs/search', { filter: { nope: 1 } }],
      ['POST /jobs/search', { page: { after: 'AAAA' } }],
      ['POST /messages/publication', { correlationKey: 'x' }],
    ] as const) {
      const answer = await send(route, body)
      assert.deepEqual(
        [answer.status, answer.body.title],
        [400, 'INVALID_ARGUMENT'],
        `${route} ${JSON.stringify(body)}`,
      )
    }
  })
})

describe('gRPC', () => {
  const code = { INVALID_ARGUMENT: 3, DEADLINE_EXCEEDED: 4, NOT_FOUND: 5, FAILED_PRECONDITION: 9 }
  test('a result that does not come in time', async () => {
    const asked = client.createProcessInstanceWithResult({
      bpmnProcessId: 'payment',
      variables: { ref: 'g' },
      requestTimeout: 50,
    })
    await assert.rejects(asked, { code: code.DEADLINE_EXCEEDED })
  })
  test('an unknown decision is NOT_FOUND, as in 8.8', async () => {
    const asked = client.evaluateDecision({ decisionId: 'nope', variables: {} })
    await assert.rejects(asked, { code: code.NOT_FOUND, details: /no decision found for id 'nope'/ })
  })
  test('no retries are INVALID_ARGUMENT', async () => {
    await started()
    const { jobKey } = await oneJob()
    await assert.rejects(client.updateJobRetries({ jobKey: String(jobKey), retries: 0 }), {
      code: code.INVALID_ARGUMENT,
    })
  })
  test('a called instance cannot be cancelled alone', async () => {
    const key = await oneTask()
    const { body: task } = await send(`GET /user-tasks/${key}`)
    await send(`POST /user-tasks/${key}/completion`)
    const filter = { parentProcessInstanceKey: task.processInstanceKey }
    const { body } = await send('POST /process-instances/search', { filter })
    const [{ processInstanceKey }] = body.items as [{ processInstanceKey: string }]
    await assert.rejects(client.cancelProcessInstance(processInstanceKey), { code: code.FAILED_PRECONDITION })
  })
  test('texts have the grammar that clients show', async () => {
    const asked = client.createProcessInstance({ bpmnProcessId: 'nope', variables: {} })
    const details =
      "Command 'CREATE' rejected with code 'NOT_FOUND': Expected to find process definition with process ID 'nope', but none found"
    await assert.rejects(asked, { details })
  })
})

test('an incident is resolved without a body; a deletion answers 200, what ended stays readable', async () => {
  const processInstanceKey = await started()
  const { jobKey } = await oneJob()
  await send(`POST /jobs/${jobKey}/failure`, { errorMessage: 'no' })
  const { body } = await send('POST /incidents/search', { filter: { jobKey } })
  const [{ incidentKey }] = body.items as [{ incidentKey: string }]
  await send(`PATCH /jobs/${jobKey}`, { changeset: { retries: 1 } })
  assert.equal((await send(`POST /incidents/${incidentKey}/resolution`)).status, 204)
  await send(`POST /process-instances/${processInstanceKey}/cancellation`)
  const { body: instance } = await send(`GET /process-instances/${processInstanceKey}`)
  assert.equal(instance.state, 'TERMINATED')
  const { body: requirements } = await send('POST /decision-requirements/search', {})
  const [{ decisionRequirementsKey }] = requirements.items as [{ decisionRequirementsKey: string }]
  assert.equal((await send(`POST /resources/${decisionRequirementsKey}/deletion`)).status, 200)
})
