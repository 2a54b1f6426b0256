/** Work on many process instances: records in Zeebe's order, each item done once, its errors its own, through crashes and pauses. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { definitionNames } from '../../engine/gateway/definition-names.ts'
import { expand } from '../../engine/gateway/expand.ts'
import { type BatchOperationRequest, GatewayError } from '../../engine/protocol/gateway.ts'
import type { Conditions } from '../../engine/protocol/query.ts'
import type { KeyText } from '../../engine/protocol/records.ts'
import type { Fate } from '../../engine/store/memory.ts'
import { calls, diagram, jobType, Scope } from '../simulation/diagram.ts'
import { hotRows, replayed, rowsOf, World } from '../simulation/world.ts'

const all = {
  filter: [{ field: 'state', operator: '$eq', value: 'ACTIVE' }],
} satisfies Conditions
const task = (...ids: readonly string[]) =>
  ids.reduce((scope, id) => scope.add('serviceTask', id, jobType(id)), new Scope().add('startEvent', 's'))
const processes = {
  one: task('a', 'b').add('endEvent', 'e').path('s', 'a', 'b', 'e'),
  other: task('x', 'b').add('endEvent', 'e').path('s', 'x', 'b', 'e'),
  caller: new Scope()
    .add('startEvent', 's')
    .add('callActivity', 'call', calls('one'))
    .add('endEvent', 'e')
    .path('s', 'call', 'e'),
}

async function opened(options: ConstructorParameters<typeof World>[0] = {}): Promise<World> {
  const world = await World.opened(options)
  for (const [id, scope] of Object.entries(processes)) await world.deploy(diagram({ processes: { [id]: scope } }))
  return world
}
async function instances(world: World, count: number, bpmnProcessId = 'one'): Promise<readonly KeyText[]> {
  const keys: KeyText[] = []
  for (let i = 0; i < count; i++)
    keys.push((await world.client.createProcessInstance({ bpmnProcessId })).processInstanceKey)
  return keys
}
/** Jobs of that type, up to as many. */
const jobs = (world: World, type: string, maxJobsToActivate = 1_000) =>
  world.client.activateJobs({ type, worker: 'w', timeoutMs: 60_000, maxJobsToActivate, requestTimeoutMs: -1 })
const definition = (world: World, id: string): KeyText =>
  String(world.store.rows('processDefinition').find(({ bpmnProcessId }) => bpmnProcessId === id)?.key)

/** What became of the items, from the log: item key → `COMPLETED` or the error. */
async function outcomes(world: World): Promise<ReadonlyMap<number, string>> {
  const outcomes = new Map<number, string>()
  for (const event of await world.events()) {
    if (event.valueType !== 'BATCH_OPERATION_EXECUTION' || event.value.item === undefined) continue
    const { item, rejection } = event.value
    assert.ok(!outcomes.has(item.itemKey), `item ${item.itemKey} once`)
    outcomes.set(item.itemKey, rejection === undefined ? 'COMPLETED' : `${rejection.type}: ${rejection.reason}`)
  }
  return outcomes
}
/** The records of batch operations as Zeebe's exporters show them. */
async function shown(world: World) {
  const entries = await world.store.read(0, Number.MAX_SAFE_INTEGER)
  const names = await definitionNames({ ...world.engine.query, get: async () => null }).of(entries)
  return entries.map((entry) => JSON.parse(expand(entry, names)) as Readonly<Record<string, unknown>>)
}
const create = async (world: World, request: BatchOperationRequest) =>
  Number((await world.client.createBatchOperation(request)).batchOperationKey)
const summary = (world: World, key: number) => {
  const row = world.store.rows('batchOperation').find((one) => one.key === key)
  return row && { state: row.state, total: row.totalCount, completed: row.completedCount, failed: row.failedCount }
}
const ended = (world: World): Promise<readonly string[]> =>
  world
    .events()
    .then((events) =>
      events.flatMap(({ valueType, intent }) => (valueType === 'BATCH_OPERATION_LIFECYCLE_MANAGEMENT' ? [intent] : [])),
    )
const rejectsWith = (status: string, message: RegExp) => (error: unknown) =>
  error instanceof GatewayError && error.status === status && message.test(error.message)

test('cancellation: records in the order of Zeebe, each with its batch operation, and no row left', async () => {
  await using world = await opened()
  const keys = await instances(world, 12)
  const batch = await create(world, { type: 'CANCEL_PROCESS_INSTANCE', filter: all })
  await world.idle()
  const records = await shown(world)
  const own = records.flatMap(({ valueType, intent, recordType, key, value, batchOperationReference }) => {
    if (!String(valueType).startsWith('BATCH_OPERATION')) return []
    if (recordType === 'EVENT') assert.equal(batchOperationReference, batch)
    const { itemKeys, items } = value as { itemKeys?: readonly number[]; items?: readonly unknown[] }
    const many = itemKeys ?? items
    const name = `${recordType} ${valueType} ${intent}${many ? ` ${many.length}` : ''}`
    return [recordType === 'EVENT' && key === batch ? name : `${name}`]
  })
  assert.deepEqual(own, [
    'COMMAND BATCH_OPERATION_CREATION CREATE',
    'EVENT BATCH_OPERATION_CREATION CREATED',
    'EVENT BATCH_OPERATION_CHUNK CREATED 12',
    'EVENT BATCH_OPERATION_INITIALIZATION INITIALIZED',
    'EVENT BATCH_OPERATION_EXECUTION EXECUTING 10',
    'EVENT BATCH_OPERATION_EXECUTION EXECUTED 10',
    'EVENT BATCH_OPERATION_EXECUTION EXECUTING 2',
    'EVENT BATCH_OPERATION_EXECUTION EXECUTED 2',
    'EVENT BATCH_OPERATION_EXECUTION EXECUTED 0',
    'EVENT BATCH_OPERATION_PARTITION_LIFECYCLE PARTITION_COMPLETED',
    'EVENT BATCH_OPERATION_LIFECYCLE_MANAGEMENT COMPLETED',
  ])
  const cancels = records.filter(({ intent }) => intent === 'CANCEL')
  assert.deepEqual(
    cancels.map(({ recordType, valueType, key }) => `${recordType} ${valueType} ${key}`),
    keys.map((key) => `COMMAND PROCESS_INSTANCE ${key}`),
  )
  const terminated = records.filter(({ intent }) => intent === 'ELEMENT_TERMINATED')
  assert.equal(terminated.length, 2 * 12)
  for (const { batchOperationReference } of [...cancels, ...terminated]) assert.equal(batchOperationReference, batch)
  for (const { batchOperationReference } of records.filter(({ intent }) => intent === 'ELEMENT_ACTIVATED'))
    assert.equal(batchOperationReference, -1)
  assert.deepEqual(hotRows(world.store), [])
  assert.deepEqual(await replayed(world.store), rowsOf(world.store))
})

test('only roots are cancelled, and a filter that finds nothing is a work done', async () => {
  await using world = await opened()
  await instances(world, 2, 'caller')
  const one = definition(world, 'one')
  const called: Conditions = { filter: [{ field: 'processDefinitionKey', operator: '$eq', value: one }] }
  await create(world, { type: 'CANCEL_PROCESS_INSTANCE', filter: called })
  await world.idle()
  assert.equal((await outcomes(world)).size, 0)
  assert.deepEqual(await ended(world), ['COMPLETED'])
  await create(world, { type: 'CANCEL_PROCESS_INSTANCE', filter: all })
  await world.idle()
  assert.equal((await outcomes(world)).size, 2)
  assert.deepEqual(hotRows(world.store), [])
})

test('an item that is refused fails alone, and its rejection stands in the log', async () => {
  await using world = await opened()
  const [first = '', second = '', third = ''] = await instances(world, 3)
  for (const { key } of await jobs(world, 'a', 1)) await world.client.completeJob(key)
  const migrationPlan = {
    targetProcessDefinitionKey: definition(world, 'other'),
    mappingInstructions: [{ sourceElementId: 'a', targetElementId: 'x' }],
  }
  const batch = await create(world, { type: 'MIGRATE_PROCESS_INSTANCE', filter: all, migrationPlan })
  await world.idle()
  const found = await outcomes(world)
  assert.match(found.get(Number(first))!, /^INVALID_STATE: .*'b'/)
  assert.deepEqual(
    [second, third].map((key) => found.get(Number(key))),
    ['COMPLETED', 'COMPLETED'],
  )
  const rejected = (await shown(world)).filter(({ recordType }) => recordType === 'COMMAND_REJECTION')
  assert.deepEqual(
    rejected.map(({ valueType, intent, key, rejectionType, batchOperationReference }) => [
      ...[valueType, intent, key, rejectionType, batchOperationReference],
    ]),
    [['PROCESS_INSTANCE_MIGRATION', 'MIGRATE', Number(first), 'INVALID_STATE', batch]],
  )
  const at = world.store.rows('elementInstance').filter(({ bpmnElementType }) => bpmnElementType === 'SERVICE_TASK')
  assert.deepEqual(at.map(({ elementId }) => elementId).sort(), ['b', 'x', 'x'])
  assert.deepEqual(await replayed(world.store), rowsOf(world.store))
})

test('a modification moves every token that stands at the source', async () => {
  await using world = await opened()
  await instances(world, 2)
  const moveInstructions = [{ sourceElementId: 'a', targetElementId: 'b' }]
  await create(world, { type: 'MODIFY_PROCESS_INSTANCE', filter: all, moveInstructions })
  await world.idle()
  const at = world.store.rows('elementInstance').filter(({ bpmnElementType }) => bpmnElementType === 'SERVICE_TASK')
  assert.deepEqual(
    at.map(({ elementId }) => elementId),
    ['b', 'b'],
  )
  const left = await jobs(world, 'b')
  for (const { key } of left) await world.client.completeJob(key)
  assert.equal(left.length, 2)
  assert.deepEqual(hotRows(world.store), [])
})

test('incidents are resolved with a retry for their jobs; what is gone meanwhile is an error of that item', async () => {
  await using world = await opened()
  await instances(world, 3)
  for (const { key } of await jobs(world, 'a')) await world.client.failJob(key, { retries: 0, errorMessage: 'no' })
  const [gone, ...left] = world.store.rows('incident').map(({ key }) => key)
  const batch = await create(world, { type: 'RESOLVE_INCIDENT', filter: all })
  await world.client.suspendBatchOperation(String(batch))
  const owner = world.store.rows('incident').find(({ key }) => key === gone)!
  await world.client.cancelProcessInstance(String(owner.processInstanceKey))
  await world.client.resumeBatchOperation(String(batch))
  await world.idle()
  const found = await outcomes(world)
  for (const key of left) assert.equal(found.get(key), 'COMPLETED')
  assert.equal((await jobs(world, 'a')).length, 2)
  const { size } = found
  assert.ok(size === 2 || /^NOT_FOUND/.test(found.get(gone!)!), 'found before or after it was gone')
})

test('suspended it rests, also while others work; resumed it goes on; cancelled it leaves the rest alone', async () => {
  await using world = await opened()
  await instances(world, 250)
  const batch = await create(world, { type: 'CANCEL_PROCESS_INSTANCE', filter: all })
  const key = String(batch)
  const name = 'batch operation with key'
  await world.client.suspendBatchOperation(key)
  await world.idle()
  const rested = summary(world, batch)!
  assert.equal(rested.state, 'SUSPENDED')
  assert.ok(rested.completed < 250, `${rested.completed} before it was suspended`)
  const again = rejectsWith(
    'FAILED_PRECONDITION',
    new RegExp(`suspend a ${name} '${key}', but it has an invalid state 'SUSPENDED'`),
  )
  await assert.rejects(world.client.suspendBatchOperation(key), again)

  await world.open()
  assert.deepEqual(summary(world, batch), rested, 'a restart leaves it at rest')
  await world.client.resumeBatchOperation(key)
  await world.client.cancelBatchOperation(key)
  await world.idle()
  assert.equal(summary(world, batch), undefined)
  const done = (await outcomes(world)).size
  const open = world.store.rows('elementInstance').filter(({ bpmnElementType }) => bpmnElementType === 'PROCESS')
  assert.equal(open.length, 250 - done)
  assert.ok(open.length > 0, 'not all was done')
  assert.deepEqual(world.store.rows('batchOperationChunk'), [])
  assert.deepEqual((await ended(world)).slice(-1), ['CANCELED'])
  for (const call of ['cancel', 'suspend', 'resume'] as const)
    await assert.rejects(
      world.client[`${call}BatchOperation`](key),
      rejectsWith('NOT_FOUND', new RegExp(`${call} a ${name} '${key}', but no such batch operation was found`)),
    )
  assert.deepEqual(await replayed(world.store), rowsOf(world.store))
})

test('a filter that cannot be answered makes it fail, and says why', async () => {
  await using world = await opened()
  await instances(world, 1)
  const filter: Conditions = { filter: [{ field: 'nonsense', operator: '$eq', value: 'x' }] }
  await create(world, { type: 'CANCEL_PROCESS_INSTANCE', filter })
  await world.idle()
  const failure = (await world.events()).findLast(({ intent }) => intent === 'FAILED')
  assert.ok(failure?.valueType === 'BATCH_OPERATION_LIFECYCLE_MANAGEMENT')
  assert.match(failure.value.errors?.[0]?.message ?? '', /nonsense/)
  assert.equal(failure.value.errors?.[0]?.type, 'QUERY_FAILED')
  assert.deepEqual(world.store.rows('batchOperation'), [])
})

test('what begins after it is not touched', async () => {
  await using world = await opened()
  const before = await instances(world, 20)
  const batch = create(world, { type: 'CANCEL_PROCESS_INSTANCE', filter: all })
  const after = Promise.all([batch, ...Array.from({ length: 20 }, () => instances(world, 1))])
  await after
  await world.idle()
  const found = await outcomes(world)
  const key = await batch
  for (const instance of before) assert.equal(found.get(Number(instance)), 'COMPLETED')
  for (const item of found.keys()) assert.ok(item < key, `${item} is older than ${key}`)
})

/** Killed again and again at whatever batch, on a store that also loses some. */
for (const seed of [1, 2, 3, 4, 5, 6]) {
  test(`every item is done once, through crashes and lost batches (seed ${seed})`, async () => {
    let written = 0
    let at = seed
    const chance = () => {
      at = (Math.imul(at, 1_664_525) + 1_013_904_223) >>> 0
      return at / 2 ** 32
    }
    const fate = (): Fate => (chance() < 0.2 ? 'lost' : 'written')
    let kill: (() => void) | null = null
    await using world = await opened({ fate, written: () => ++written % (3 + seed) === 0 && kill?.() })
    const keys = await instances(world, 130)
    const batch = await create(world, { type: 'CANCEL_PROCESS_INSTANCE', filter: all })
    for (let crashes = 0; crashes < 12; crashes++) {
      await new Promise<void>((resolve) => {
        kill = resolve
        world.idle().then(resolve, resolve)
      })
      kill = null
      await world.open()
    }
    await world.idle()
    const found = await outcomes(world)
    assert.deepEqual([...found.keys()].sort(), keys.map(Number).sort())
    assert.deepEqual(new Set(found.values()), new Set(['COMPLETED']))
    assert.equal(summary(world, batch), undefined)
    assert.deepEqual(hotRows(world.store), [])
    assert.deepEqual(await replayed(world.store), rowsOf(world.store))
  })
}
