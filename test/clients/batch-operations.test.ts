/** Many process instances at once through REST, on PostgreSQL, with a new start in the middle. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type Embedded, startAlone } from '../embedded.ts'

const home = await mkdtemp('/tmp/iter-test-')
const start = () => startAlone(join(home, 'data'), { isClockControlled: true })
let engine: Embedded = await start()
after(async () => {
  await engine.close()
  await rm(home, { recursive: true })
})

interface Answer {
  readonly batchOperationKey: string
  readonly state: string
  readonly operationsTotalCount: number
  readonly operationsCompletedCount: number
  readonly operationsFailedCount: number
  readonly items: readonly Readonly<Record<string, string>>[]
  readonly page: { readonly totalItems: number; readonly endCursor?: string }
  readonly detail: string
}
async function rest(method: 'GET' | 'POST', path: string, body: object = {}, status = 200): Promise<Answer> {
  const json = method === 'POST' && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(`http://${engine.addresses.rest}/v2${path}`, { method, ...json })
  const text = await response.text()
  assert.equal(response.status, status, `${path}: ${text}`)
  return JSON.parse(text || '{}')
}
const idle = () => fetch(`http://${engine.addresses.management}/idle`, { method: 'POST' })
const batch = (key: string) => rest('GET', `/batch-operations/${key}`)
const instancesOf = (processDefinitionId: string, more: object = {}) =>
  rest('POST', '/process-instances/search', { filter: { processDefinitionId, ...more } })

const process = (id: string) => `<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t"><process id="${id}" isExecutable="true">
  <startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="work"/><serviceTask id="work"><extensionElements>
  <zeebe:taskDefinition type="${id}"/></extensionElements></serviceTask><sequenceFlow id="f2" sourceRef="work" targetRef="e"/>
  <endEvent id="e"/></process></definitions>`

async function started(id: string, count: number): Promise<void> {
  await engine.gateway.deployResources({ resources: [{ name: `${id}.bpmn`, content: Buffer.from(process(id)) }] })
  const one = () => engine.gateway.createProcessInstance({ bpmnProcessId: id })
  for (let at = 0; at < count; at += 100) await Promise.all(Array.from({ length: Math.min(100, count - at) }, one))
}

/** All items of a batch operation, page by page. */
async function itemsOf(batchOperationKey: string): Promise<readonly Readonly<Record<string, string>>[]> {
  const items: Readonly<Record<string, string>>[] = []
  for (let cursor: string | undefined; ; ) {
    const page = { limit: 300, ...(cursor && { after: cursor }) }
    const answer = await rest('POST', '/batch-operation-items/search', { filter: { batchOperationKey }, page })
    items.push(...answer.items)
    cursor = answer.page.endCursor
    if (answer.items.length < 300) return items
  }
}

test('a thousand instances are cancelled, through a new start in the middle, and each is counted once', async () => {
  await started('permit', 1_000)
  await started('other', 3)
  const filter = { processDefinitionId: 'permit' }
  const { batchOperationKey } = await rest('POST', '/process-instances/cancellation', { filter })
  await engine.close()
  engine = await start()
  const midway = await batch(batchOperationKey)
  assert.ok(midway.operationsCompletedCount < 1_000, 'it was not done before')
  await idle()

  const { state, ...counts } = await batch(batchOperationKey)
  assert.equal(state, 'COMPLETED')
  assert.equal(counts.operationsTotalCount, 1_000)
  assert.equal(counts.operationsCompletedCount, 1_000)
  assert.equal(counts.operationsFailedCount, 0)
  const items = await itemsOf(batchOperationKey)
  assert.equal(new Set(items.map(({ itemKey }) => itemKey)).size, 1_000)
  assert.equal(items.length, 1_000)
  for (const item of items) assert.equal(item.state, 'COMPLETED')
  assert.equal((await instancesOf('permit', { state: 'TERMINATED' })).page.totalItems, 1_000)
  assert.equal((await instancesOf('other', { state: 'ACTIVE' })).page.totalItems, 3)
  const touched = await rest('POST', '/process-instances/search', { filter: { batchOperationId: batchOperationKey } })
  assert.equal(touched.page.totalItems, 1_000)
})

test('suspended, its items are ACTIVE; cancelled, those that were not reached are CANCELED and their instances go on', async () => {
  await started('fine', 250)
  const filter = { processDefinitionId: 'fine' }
  const { batchOperationKey: key } = await rest('POST', '/process-instances/cancellation', { filter })
  await rest('POST', `/batch-operations/${key}/suspension`, {}, 204)
  await rest('POST', `/batch-operations/${key}/suspension`, {}, 409)
  const suspended = await batch(key)
  assert.equal(suspended.state, 'SUSPENDED')
  const states = async () => Map.groupBy(await itemsOf(key), ({ state }) => state!)
  const resting = await states()
  assert.equal(resting.get('ACTIVE')?.length ?? 0, suspended.operationsTotalCount - suspended.operationsCompletedCount)
  await rest('POST', `/batch-operations/${key}/cancellation`, {}, 204)
  await idle()
  const { state, operationsTotalCount, operationsCompletedCount } = await batch(key)
  assert.equal(state, 'CANCELED')
  const left = await states()
  assert.equal(left.get('CANCELED')?.length ?? 0, operationsTotalCount - operationsCompletedCount)
  assert.equal(left.get('ACTIVE'), undefined)
  assert.equal((await instancesOf('fine', { state: 'ACTIVE' })).page.totalItems, 250 - operationsCompletedCount)
  for (const call of ['cancellation', 'suspension', 'resumption'])
    await rest('POST', `/batch-operations/${key}/${call}`, {}, 404)
})

test('items that fail say why', async () => {
  await started('tax', 2)
  const filter = { processDefinitionId: 'tax' }
  const mappingInstructions = [{ sourceElementId: 'work', targetElementId: 'work' }]
  const migrationPlan = { targetProcessDefinitionKey: '1', mappingInstructions }
  const { batchOperationKey } = await rest('POST', '/process-instances/migration', { filter, migrationPlan })
  await idle()
  const { state, operationsFailedCount } = await batch(batchOperationKey)
  assert.deepEqual([state, operationsFailedCount], ['COMPLETED', 2])
  const failed = await rest('POST', '/batch-operation-items/search', { filter: { batchOperationKey, state: 'FAILED' } })
  assert.equal(failed.page.totalItems, 2)
  for (const { errorMessage, operationType } of failed.items) {
    assert.match(errorMessage!, /^NOT_FOUND: .*process definition/)
    assert.equal(operationType, 'MIGRATE_PROCESS_INSTANCE')
  }
})

test('incidents are resolved where they are, by what the instances know', async () => {
  await started('fee', 4)
  const { gateway } = engine
  const request = { type: 'fee', worker: 'w', timeoutMs: 60_000, maxJobsToActivate: 4, requestTimeoutMs: -1 }
  const jobs = await gateway.activateJobs(request)
  for (const { key } of jobs.slice(0, 3)) await gateway.failJob(key, { retries: 0, errorMessage: 'no printer' })
  const [one, two] = jobs.map(({ processInstanceKey }) => processInstanceKey)
  await gateway.setVariables(one!, '{"office":"north"}', true)
  const filter = {
    processDefinitionId: 'fee',
    hasIncident: true,
    $or: [{ processInstanceKey: two }, { errorMessage: { $like: '*printer' } }],
    variables: [{ name: 'office', value: '"north"' }],
  }
  const { batchOperationKey } = await rest('POST', '/process-instances/incident-resolution', { filter })
  await idle()
  const items = await itemsOf(batchOperationKey)
  assert.deepEqual(
    items.map(({ processInstanceKey, state, operationType }) => [processInstanceKey, state, operationType]),
    [[one, 'COMPLETED', 'RESOLVE_INCIDENT']],
  )
  const left = await rest('POST', '/incidents/search', { filter: { processDefinitionId: 'fee', state: 'ACTIVE' } })
  assert.equal(left.page.totalItems, 2)
  const [again] = await gateway.activateJobs(request)
  assert.equal(again?.processInstanceKey, one)
  assert.equal(again?.retries, 1)
})

test('what finds nothing is COMPLETED at once; what names nothing, or nonsense, is refused', async () => {
  const { batchOperationKey } = await rest('POST', '/process-instances/incident-resolution', {
    filter: { processDefinitionId: 'nobody' },
  })
  await idle()
  const { state, operationsTotalCount } = await batch(batchOperationKey)
  assert.deepEqual([state, operationsTotalCount], ['COMPLETED', 0])
  for (const body of [{}, { filter: {} }, { filter: { nonsense: 1 } }, { filter: null }])
    await rest('POST', '/process-instances/cancellation', body, 400)
  const filter = { processDefinitionId: 'x' }
  const moveInstructions = [1, 2].map((to) => ({ sourceElementId: 'a', targetElementId: `b${to}` }))
  const { detail } = await rest('POST', '/process-instances/modification', { filter, moveInstructions }, 400)
  assert.match(detail, /'a' is there twice/)
  await rest('POST', '/process-instances/modification', { filter, moveInstructions: [] }, 400)
  await rest('GET', '/batch-operations/12345', {}, 404)
  await rest('GET', '/batch-operations/abc', {}, 400)
})
