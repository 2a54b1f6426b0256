/**
 * A message that whoever was chosen for it cannot take any more. It goes to another of the process that waits, else to the next that
 * asks. Recorded from Zeebe 8.8.0, but for scopes that are ending (docs/differences-from-zeebe.md).
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diagram, extensions, jobType, message, Scope, taskListeners, terminate } from '../simulation/diagram.ts'
import { hotRows, World } from '../simulation/world.ts'

/** A world with the process `p`, in which two messages are known by one key. */
const deployed = (scope: Scope) =>
  World.deployed(diagram({ processes: { p: scope }, messages: { m1: '=key', m2: '=key' } }))

const create = ({ client }: World) => client.createProcessInstance({ bpmnProcessId: 'p', variables: '{"key":"k"}' })
const publish = ({ client }: World, name: string, timeToLiveMs = 60_000) =>
  client.publishMessage({ name, correlationKey: 'k', timeToLiveMs })

async function complete({ client }: World, type: string): Promise<void> {
  const request = { type, worker: 'w', timeoutMs: 60_000, maxJobsToActivate: 10, requestTimeoutMs: -1 }
  for (const { key } of await client.activateJobs(request)) await client.completeJob(key)
}

/** What became of message subscriptions, a line each: `m1 REJECTED`. */
async function correlations(world: World): Promise<readonly string[]> {
  return (await world.events()).flatMap(({ valueType, intent, value }) =>
    valueType === 'MESSAGE_SUBSCRIPTION' ? [`${value.messageName} ${intent}`] : [],
  )
}
const completed = async (world: World, ids: readonly string[]) =>
  (await world.trace()).filter((line) => ids.some((id) => line === `${id} ELEMENT_COMPLETED`))

/** `m2` is asked for first (model order), and ends the wait for `m1`. */
const choices: Readonly<Record<string, Scope>> = {
  'behind an event-based gateway': new Scope()
    .add('startEvent', 's')
    .add('eventBasedGateway', 'g')
    .add('intermediateCatchEvent', 'c1', message('m1'))
    .add('intermediateCatchEvent', 'c2', message('m2'))
    .add('endEvent', 'e')
    .path('s', 'g', 'c1', 'e')
    .path('g', 'c2', 'e'),
  'on the boundary of a task': new Scope()
    .add('startEvent', 's')
    .add('serviceTask', 'w', jobType('w'))
    .add('boundaryEvent', 'c1', message('m1'), 'attachedToRef="w"')
    .add('boundaryEvent', 'c2', message('m2'), 'attachedToRef="w"')
    .add('endEvent', 'e')
    .path('s', 'w', 'e')
    .flow('c1', 'e')
    .flow('c2', 'e'),
}
for (const [where, scope] of Object.entries(choices))
  test(`of two messages that lay in wait ${where} the one that is not taken goes to the next instance`, async () => {
    await using world = await deployed(scope)
    await publish(world, 'm1')
    await publish(world, 'm2')
    await create(world)
    assert.deepEqual(await correlations(world), [
      ...['m2 CREATED', 'm2 CORRELATING', 'm1 CREATED', 'm1 CORRELATING'],
      ...['m2 CORRELATED', 'm1 REJECTED'],
    ])
    await create(world)
    assert.deepEqual(await completed(world, ['c1', 'c2']), ['c2 ELEMENT_COMPLETED', 'c1 ELEMENT_COMPLETED'])
    assert.deepEqual(world.store.rows('subscription'), [])
  })

test('it goes to another of the process that waits by then', async () => {
  const scope = new Scope()
    .add('startEvent', 's')
    .add('parallelGateway', 'fork')
    .add('intermediateCatchEvent', 'other', message('m1'))
    .add('eventBasedGateway', 'g')
    .add('intermediateCatchEvent', 'c1', message('m1'))
    .add('intermediateCatchEvent', 'c2', message('m2'))
    .add('endEvent', 'e')
    .path('s', 'fork', 'other', 'e')
    .path('fork', 'g', 'c1', 'e')
    .path('g', 'c2', 'e')
  await using world = await deployed(scope)
  await publish(world, 'm1')
  await publish(world, 'm2')
  await create(world)
  assert.deepEqual(await completed(world, ['c1', 'c2', 'other']), ['c2 ELEMENT_COMPLETED', 'other ELEMENT_COMPLETED'])
  assert.deepEqual(world.store.rows('elementInstance'), [])
})

/** How far the end of the scope is from the message, in elements: it may come before, while and after its child is told to end. */
for (let distance = 0; distance < 5; distance++)
  test(`a scope that is terminating ends, though a message comes to its only child (${distance})`, async () => {
    const inner = new Scope()
      .add('startEvent', 's1')
      .add('serviceTask', 'w', jobType('w'))
      .add('boundaryEvent', 'b', message('m1'), 'attachedToRef="w" cancelActivity="false"')
      .add('endEvent', 'e1')
      .path('s1', 'w', 'e1')
      .flow('b', 'e1')
    const tasks = Array.from({ length: distance }, (_, i) => `t${i}`)
    const scope = new Scope()
      .add('startEvent', 's')
      .add('parallelGateway', 'fork')
      .add('subProcess', 'sub', inner.xml)
      .add('endEvent', 'stop', terminate)
    for (const id of tasks) scope.add('task', id)
    scope.path('s', 'fork', ...tasks, 'stop').flow('fork', 'sub')
    await using world = await deployed(scope)
    await publish(world, 'm1')
    await create(world)
    assert.deepEqual(world.store.rows('elementInstance'), [])
    assert.deepEqual(world.store.rows('subscription'), [])
    const begun = (await world.trace()).includes('b ELEMENT_ACTIVATING')
    const had = world.store.rows('message').flatMap(({ correlatedTo }) => correlatedTo)
    assert.deepEqual(had, begun ? ['p'] : [], 'the message was taken, or lies in wait')
  })

for (const isInterrupting of [true, false])
  test(`what a terminate end event is ending hears no message any more (isInterrupting="${isInterrupting}")`, async () => {
    const heard = new Scope()
      .add('startEvent', 'es', message('m1'), `isInterrupting="${isInterrupting}"`)
      .add('endEvent', 'ee')
      .flow('es', 'ee')
    const inner = new Scope()
      .add('startEvent', 's1')
      .add('parallelGateway', 'fork')
      .add('userTask', 'u', extensions('<zeebe:userTask/>', taskListeners('canceling')))
      .add('serviceTask', 'w', jobType('stop'))
      .add('endEvent', 'stop', terminate)
      .add('subProcess', 'esp', heard.xml, 'triggeredByEvent="true"')
      .path('s1', 'fork', 'u')
      .path('fork', 'w', 'stop')
    const scope = new Scope().add('startEvent', 's').add('subProcess', 'sub', inner.xml).flow('s', 'sub')
    await using world = await deployed(scope)
    await create(world)
    await complete(world, 'stop')
    await publish(world, 'm1', 0)
    await publish(world, 'm1')
    await create(world)
    assert.deepEqual(await correlations(world), [...['m1 CREATED', 'm1 CREATED', 'm1 CORRELATING', 'm1 CORRELATED']])
    await complete(world, 'work')
    assert.equal((await completed(world, ['esp'])).length, 1)
    for (const { key } of world.store.rows('elementInstance').filter((row) => row.elementId === 'p'))
      await world.client.cancelProcessInstance(String(key))
    await complete(world, 'work')
    await world.advance(60_000)
    assert.deepEqual(hotRows(world.store), [])
  })
