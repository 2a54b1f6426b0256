/** Business ids on the wire, in the words of 8.9: given, answered, found wherever something belongs to the instance; else not to be seen. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { credentials, loadPackageDefinition, type ServiceError } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { documented } from '../core/documented.ts'
import { startIter } from './iter.ts'

const iter = await startIter()
after(() => iter.close())

type Fields = Readonly<Record<string, unknown>>
async function post(path: string, body: object): Promise<Fields> {
  const response = await fetch(`${iter.rest}/v2${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return (await response.json()) as Fields
}
async function found(resource: string, filter: Fields, sort: readonly object[] = []): Promise<readonly Fields[]> {
  const { items } = await post(`/${resource}/search`, { filter, sort })
  return items as readonly Fields[]
}

const form = new FormData()
form.append('resources', new Blob([new Uint8Array(documented('docs/beyond-zeebe.md', 'Business id'))]), 'pratica.bpmn')
await fetch(`${iter.rest}/v2/deployments`, { method: 'POST', body: form })
const process = { processDefinitionId: 'pratica' }
const given = await post('/process-instances', { ...process, businessId: 'RES/2027/0001' })
const none = await post('/process-instances', process)

test('an instance is created with one, or without', () => {
  assert.equal(given.businessId, 'RES/2027/0001')
  assert.equal('businessId' in none, false)
})

for (const [resource, count] of [
  ['process-instances', 2],
  ['user-tasks', 1],
  ['jobs', 1],
  ['element-instances', 5],
] as const)
  test(`${resource} are found by it`, async () => {
    const rows = await found(resource, { businessId: 'RES/2027/0001' })
    assert.equal(rows.length, count)
    if (resource !== 'element-instances') for (const { businessId } of rows) assert.equal(businessId, 'RES/2027/0001')
    assert.equal((await found(resource, { businessId: 'RES/2027/0002' })).length, 0)
    for (const row of await found(resource, { businessId: { $exists: false } }))
      assert.equal('businessId' in row, false)
  })

test('process instances are sorted by it, and matched by its beginning', async () => {
  await post('/process-instances', { ...process, businessId: 'RES/2027/0003' })
  const filter = { businessId: { $like: 'RES/2027/*' }, parentProcessInstanceKey: { $exists: false } }
  const rows = await found('process-instances', filter, [{ field: 'businessId', order: 'DESC' }])
  assert.deepEqual(
    rows.map(({ businessId }) => businessId),
    ['RES/2027/0003', 'RES/2027/0001'],
  )
})

test('an ended instance is found by it', async () => {
  const { processInstanceKey } = await post('/process-instances', { ...process, businessId: 'RES/2026/0009' })
  await fetch(`${iter.rest}/v2/process-instances/${processInstanceKey}/cancellation`, { method: 'POST' })
  const rows = await found('process-instances', { businessId: 'RES/2026/0009', state: 'TERMINATED' })
  assert.equal(rows.length, 2)
  assert.equal((await found('user-tasks', { businessId: 'RES/2026/0009' }))[0]?.state, 'CANCELED')
})

test('too long a one is refused', async () => {
  const { status, title, detail } = await post('/process-instances', { ...process, businessId: 'x'.repeat(257) })
  assert.deepEqual([status, title], [400, 'INVALID_ARGUMENT'])
  assert.match(String(detail), /Expected businessId to have at most 256 characters, but it has 257/)
})

interface Client {
  CreateProcessInstance(request: Fields, answered: (error: ServiceError | null, response: Fields) => void): void
  close(): void
}
test('over gRPC it has the numbers of 8.9', async () => {
  const proto = fileURLToPath(new URL('../../engine/gateway/gateway.proto', import.meta.url))
  const loaded = loadPackageDefinition(loadSync(proto, { longs: String })) as never as {
    gateway_protocol: { Gateway: new (address: string, credentials: unknown) => Client }
  }
  const client = new loaded.gateway_protocol.Gateway(iter.grpc, credentials.createInsecure())
  after(() => client.close())
  const create = (request: Fields) =>
    new Promise<Fields>((resolve, reject) =>
      client.CreateProcessInstance(request, (error, response) => (error === null ? resolve(response) : reject(error))),
    )
  const answer = await create({ bpmnProcessId: 'pratica', version: -1, businessId: 'RES/2027/0004' })
  assert.equal(answer.businessId, 'RES/2027/0004')
  assert.equal((await create({ bpmnProcessId: 'pratica', version: -1 })).businessId, undefined)
  const [row] = await found('process-instances', { processInstanceKey: answer.processInstanceKey as string })
  assert.equal(row?.businessId, 'RES/2027/0004')
})

test('the log tells it of process instances that have one, and of nothing else', async () => {
  const text = await (await fetch(`${iter.management}/records?after=0&limit=5000`)).text()
  const records = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly valueType: string; readonly value: Fields })
  const telling = records.filter(({ value }) => 'businessId' in value)
  assert.deepEqual([...new Set(telling.map(({ valueType }) => valueType))].sort(), [
    'PROCESS_INSTANCE',
    'PROCESS_INSTANCE_CREATION',
  ])
  for (const { value } of telling) assert.match(String(value.businessId), /^RES\//)
  const silent = records.filter(({ value }) => value.processInstanceKey === Number(none.processInstanceKey))
  assert.ok(silent.length > 5 && silent.every(({ value }) => !('businessId' in value)))
})
