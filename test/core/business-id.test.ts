/** The business id of an instance: handed on to whom it calls, kept through a crash, unique where that is configured. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GatewayError } from '../../engine/protocol/gateway.ts'
import { calls, diagram, jobType, Scope } from '../simulation/diagram.ts'
import { hotRows, replayed, rowsOf, World, type WorldOptions } from '../simulation/world.ts'

const work = () => new Scope().add('startEvent', 's').add('serviceTask', 't', jobType('w')).path('s', 't')
const caller = () =>
  new Scope()
    .add('startEvent', 'cs')
    .add('callActivity', 'c', calls('called'))
    .add('endEvent', 'ce')
    .path('cs', 'c', 'ce')

async function opened(options: WorldOptions = {}): Promise<World> {
  const world = await World.opened(options)
  await world.deploy(diagram({ processes: { called: work(), caller: caller() } }))
  return world
}
const start = (world: World, bpmnProcessId: string, businessId?: string) =>
  world.client.createProcessInstance({
    bpmnProcessId,
    variables: '{}',
    ...(businessId !== undefined && { businessId }),
  })
/** The business ids of open process instances, by process. */
const known = (world: World) =>
  world.store
    .rows('elementInstance')
    .filter(({ bpmnElementType }) => bpmnElementType === 'PROCESS')
    .map(({ elementId, businessId }) => `${elementId} ${businessId}`)
    .sort()
const taken = (businessId: string, bpmnProcessId: string) => (error: unknown) =>
  error instanceof GatewayError &&
  error.status === 'ALREADY_EXISTS' &&
  error.message.includes(
    `Expected to create instance of process with business id '${businessId}', but an instance with this business id already exists for process definition '${bpmnProcessId}'`,
  )
async function finish(world: World, count: number): Promise<void> {
  const poll = { type: 'w', worker: 'w', timeoutMs: 60_000, requestTimeoutMs: -1, maxJobsToActivate: count }
  for (const { key } of await world.client.activateJobs(poll)) await world.client.completeJob(key, '{}')
  await world.idle()
}

test('a called instance has that of its caller, after a crash too, and nothing of it is left', async () => {
  await using world = await opened()
  assert.equal((await start(world, 'caller', 'RES/2027/0001')).businessId, 'RES/2027/0001')
  assert.equal('businessId' in (await start(world, 'called')), false)
  await world.open()
  assert.deepEqual(known(world), ['called ', 'called RES/2027/0001', 'caller RES/2027/0001'])
  assert.deepEqual(await replayed(world.store), rowsOf(world.store))
  await finish(world, 2)
  assert.deepEqual(hotRows(world.store), [])
})

test('one is told with the result', async () => {
  await using world = await opened()
  const result = world.client.createProcessInstanceWithResult({ bpmnProcessId: 'caller', businessId: 'A' }, [], 60_000)
  await world.idle()
  await finish(world, 1)
  assert.equal((await result).businessId, 'A')
})

test('several instances may have the same one unless it is to be unique', async () => {
  await using world = await opened()
  await start(world, 'called', 'A')
  await start(world, 'called', 'A')
  assert.deepEqual(known(world), ['called A', 'called A'])
})

test('where it is to be unique a second active instance of any version is refused; others are not', async () => {
  await using world = await opened({ hasUniqueBusinessIds: true })
  await start(world, 'caller', 'A')
  await assert.rejects(start(world, 'caller', 'A'), taken('A', 'caller'))
  await world.deploy(diagram({ processes: { caller: caller().add('task', 'more') } }))
  await world.open()
  await assert.rejects(start(world, 'caller', 'A'), taken('A', 'caller'))
  await start(world, 'caller', 'B')
  await start(world, 'caller')
  await start(world, 'caller')
  // That of a called instance is not in the way.
  await start(world, 'called', 'A')
  await assert.rejects(start(world, 'called', 'A'), taken('A', 'called'))
})

test('it is free again when its instance has ended', async () => {
  await using world = await opened({ hasUniqueBusinessIds: true })
  const { processInstanceKey } = await start(world, 'called', 'A')
  await world.client.cancelProcessInstance(processInstanceKey)
  await world.idle()
  await start(world, 'called', 'A')
  await finish(world, 1)
  await start(world, 'called', 'A')
})

for (const [what, businessId] of [
  ['too long', 'a'.repeat(257)],
  ['no text', 'a\0'],
] as const)
  test(`one that is ${what} is refused`, async () => {
    await using world = await opened()
    await assert.rejects(start(world, 'called', businessId), /Expected businessId to/)
    assert.equal((await start(world, 'called', 'a'.repeat(256))).businessId?.length, 256)
  })
