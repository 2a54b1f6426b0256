/** Many children of one scope: one after the other in many turns, through crashes, and lists that cost what changes in them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WholeLists } from '../../engine/gateway/whole-lists.ts'
import { calls, diagram, jobType, type Loop, multiInstance, Scope, script } from '../simulation/diagram.ts'
import { namedTooSoon } from '../simulation/keys.ts'
import { hotRows, replayed, rowsOf, World } from '../simulation/world.ts'

const MANY = 1_000

const loop = (more: Partial<Loop> = {}) =>
  multiInstance({ items: 'items', collection: 'results', result: 'result', ...more })

/** `s`, the activity `a`, `e`. */
async function started(activity: string, inner: string, count: number, more: Record<string, Scope> = {}) {
  const scope = new Scope().add('startEvent', 's').add(activity, 'a', inner).add('endEvent', 'e').path('s', 'a', 'e')
  const world = await World.deployed(diagram({ processes: { p: scope, ...more } }))
  const items = Array.from({ length: count }, (_, i) => i + 1)
  const variables = JSON.stringify({ items })
  const { processInstanceKey } = await world.client.createProcessInstance({ bpmnProcessId: 'p', variables })
  return { world, items, processInstanceKey }
}
async function results(world: World): Promise<unknown> {
  const set = (await world.events()).findLast(({ valueType, value }) => valueType === 'VARIABLE' && 'value' in value)
  assert.ok(set?.valueType === 'VARIABLE' && set.value.value !== undefined)
  return JSON.parse(set.value.value)
}
const turns = async (world: World) => {
  const batches = (await world.events()).filter(({ valueType }) => valueType === 'PROCESS_INSTANCE_BATCH')
  return batches.map(({ intent }) => intent)
}
const workOn = (world: World, maxJobsToActivate: number) =>
  world.client.activateJobs({
    ...{ type: 'w', worker: 'w', timeoutMs: 60_000, requestTimeoutMs: -1, maxJobsToActivate },
    fetchVariables: ['item'],
  })

for (const sequential of [false, true]) {
  const how = sequential ? 'one after the other' : 'all at once'
  test(`${MANY} items, ${how}: many turns, every result in its place, no row left`, async () => {
    const inner = script('=item * 2', 'result') + loop({ isSequential: sequential })
    const { world, items } = await started('scriptTask', inner, MANY)
    await using _ = world
    await world.idle()
    const postponed = (await turns(world)).filter((intent) => intent === 'ACTIVATING').length
    assert.ok(postponed > 10, `${postponed} turns`)
    assert.deepEqual(
      await results(world),
      items.map((item) => item * 2),
    )
    assert.deepEqual(hotRows(world.store), [])
  })
}

test('a crash between two turns of a batch loses nothing: children begin, and terminate, after the restart', async () => {
  const { world, processInstanceKey } = await started('serviceTask', jobType('w') + loop(), MANY)
  await using _ = world
  assert.ok(world.store.rows('job').length < MANY, 'not all in the first turn')
  await world.open()
  assert.equal(world.store.rows('job').length, MANY)
  await world.client.cancelProcessInstance(processInstanceKey)
  assert.ok(world.store.rows('job').length > 0, 'not all in the first turn')
  await world.open()
  assert.deepEqual(hotRows(world.store), [])
  assert.deepEqual(await replayed(world.store), rowsOf(world.store))
})

test('what is done while the rest is still to begin counts: a condition that holds ends the loop', async () => {
  const inner = jobType('w') + loop({ until: 'numberOfCompletedInstances = 3' })
  const { world } = await started('serviceTask', inner, MANY)
  await using _ = world
  const jobs = await workOn(world, 3)
  for (const { key } of jobs) await world.client.completeJob(key, '{"result": 1}')
  await world.idle()
  assert.deepEqual(hotRows(world.store), [])
})

test('cancelling very many instances of a called process takes many turns and leaves nothing', async () => {
  const called = new Scope().add('startEvent', 'cs').add('serviceTask', 'ct', jobType('w')).path('cs', 'ct')
  const inner = calls('q', 'propagateAllParentVariables="false"') + loop()
  const { world, processInstanceKey } = await started('callActivity', inner, MANY, { q: called })
  await using _ = world
  await world.idle()
  assert.equal(world.store.rows('job').length, MANY)
  await world.client.cancelProcessInstance(processInstanceKey)
  await world.idle()
  assert.deepEqual(hotRows(world.store), [])
})

test('a loop over nothing names no key that the next command gives out', async () => {
  const scope = new Scope()
    .add('startEvent', 's')
    .add('task', 'a', multiInstance({ items: '[]' }))
    .path('s', 'a')
  await using world = await World.deployed(diagram({ processes: { p: scope } }))
  for (let count = 0; count < 2; count++) await world.client.createProcessInstance({ bpmnProcessId: 'p' })
  assert.deepEqual(namedTooSoon(await world.store.read(0, Number.MAX_SAFE_INTEGER)), [])
  assert.deepEqual(hotRows(world.store), [])
})

test('the log holds of a growing list what changed; who reads it sees the whole list, wherever he begins', async () => {
  const { world, items } = await started('serviceTask', jobType('w') + loop(), 300)
  await using _ = world
  await world.idle()
  for (const { key, variables } of await workOn(world, 2))
    await world.client.completeJob(key, JSON.stringify({ result: JSON.parse(variables).item }))
  await world.idle()
  const stored = await world.engine.records(0, 100_000)
  const lists = new WholeLists(world.engine)
  const shown = async (after: number) => {
    const page = lists.page(after)
    const whole: unknown[] = []
    for (const record of stored) if (record.position > after) whole.push((await page.whole(record)).record.value)
    return whole
  }
  const [first, second] = stored.filter(({ record }) => record.valueType === 'VARIABLE' && 'item' in record.value)
  assert.ok(JSON.stringify(second).length < 500)
  const expected = JSON.stringify(items.map((item) => (item <= 2 ? item : null)))
  for (const after of [0, first!.position]) {
    const values = await shown(after)
    const last = values.findLast((value) => (value as { name?: string }).name === 'results') as { value: string }
    assert.equal(last.value, expected)
  }
})
