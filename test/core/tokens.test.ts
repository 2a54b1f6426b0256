/** Tokens: what joins wait for, what an interruption stops, and that a scope ends when nothing in it is left. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  calls,
  condition,
  diagram,
  error,
  jobType,
  link,
  Scope,
  script,
  terminate,
  timer,
} from '../simulation/diagram.ts'
import { hotRows, World } from '../simulation/world.ts'

const count = (trace: readonly string[], line: string) => trace.filter((other) => other === line).length

/** Runs one instance until nobody waits. */
async function run(scope: Scope, more: { errors?: string[]; processes?: Record<string, Scope> } = {}): Promise<World> {
  const world = await World.deployed(diagram({ processes: { p: scope, ...more.processes }, errors: more.errors ?? [] }))
  await world.client.createProcessInstance({ bpmnProcessId: 'p' })
  return world
}
async function completeAll(world: World, type: string): Promise<void> {
  const request = { type, worker: 'w', timeoutMs: 60_000, maxJobsToActivate: 10, requestTimeoutMs: -1 }
  for (const { key } of await world.client.activateJobs(request)) await world.client.completeJob(key)
}

test('an inclusive join waits for a flow of the same fork that is taken after it', async () => {
  const scope = new Scope()
    .add('startEvent', 's')
    .add('parallelGateway', 'fork')
    .add('serviceTask', 'work', jobType('w'))
    .add('inclusiveGateway', 'join')
    .add('endEvent', 'e')
    .path('s', 'fork', 'work', 'join', 'e')
    .flow('fork', 'join')
  await using world = await run(scope)
  assert.equal(count(await world.trace(), 'join ELEMENT_ACTIVATED'), 0)
  await completeAll(world, 'w')
  assert.equal(count(await world.trace(), 'join ELEMENT_ACTIVATED'), 1)
  assert.deepEqual(world.store.rows('elementInstance'), [])
})

test('a parallel join takes the tokens it was activated for, and no more', async () => {
  const scope = new Scope()
    .add('startEvent', 's')
    .add('parallelGateway', 'fork')
    .add('exclusiveGateway', 'merge')
    .add('task', 'a')
    .add('task', 'b')
    .add('task', 'c')
    .add('parallelGateway', 'join')
    .add('endEvent', 'e')
    .path('s', 'fork', 'a', 'merge', 'join', 'e')
    .path('fork', 'b', 'merge')
    .path('fork', 'c', 'join')
  await using world = await run(scope)
  assert.equal(count(await world.trace(), 'join ELEMENT_ACTIVATED'), 1)
  assert.equal(world.store.rows('elementInstance').length, 1, 'the surplus token keeps the instance')
})

test('a scope does not end while a token jumps over a link', async () => {
  const scope = new Scope()
    .add('startEvent', 's')
    .add('parallelGateway', 'fork')
    .add('endEvent', 'done')
    .add('intermediateThrowEvent', 'throw', link('from', 'l'))
    .add('intermediateCatchEvent', 'catch', link('to', 'l'))
    .add('serviceTask', 'work', jobType('w'))
    .add('endEvent', 'e')
    .path('s', 'fork', 'done')
    .path('fork', 'throw')
    .path('catch', 'work', 'e')
  await using world = await run(scope)
  assert.equal(count(await world.trace(), 'p ELEMENT_COMPLETING'), 0)
  await completeAll(world, 'w')
  assert.equal(count(await world.trace(), 'p ELEMENT_COMPLETED'), 1)
  assert.deepEqual(world.store.rows('elementInstance'), [])
})

test('an inclusive join waits for a token that jumps over a link', async () => {
  const scope = new Scope()
    .add('startEvent', 's')
    .add('parallelGateway', 'fork')
    .add('task', 't')
    .add('intermediateThrowEvent', 'throw', link('from', 'l'))
    .add('intermediateCatchEvent', 'catch', link('to', 'l'))
    .add('inclusiveGateway', 'join')
    .add('endEvent', 'e')
    .path('s', 'fork', 'throw')
    .path('catch', 'join', 'e')
    .path('fork', 't', 'join')
  await using world = await run(scope)
  assert.equal(count(await world.trace(), 'join ELEMENT_ACTIVATED'), 1)
  assert.deepEqual(hotRows(world.store), [])
})

test('after a terminate end event its scope completes, whatever waits at a join', async () => {
  const scope = new Scope()
    .add('startEvent', 's')
    .add('parallelGateway', 'fork')
    .add('task', 'a')
    .add('serviceTask', 'b', jobType('b'))
    .add('serviceTask', 'c', jobType('c'))
    .add('parallelGateway', 'join')
    .add('endEvent', 'e')
    .add('endEvent', 'stop', terminate)
    .path('s', 'fork', 'a', 'join', 'e')
    .path('fork', 'b', 'join')
    .path('fork', 'c', 'stop')
  await using world = await run(scope)
  await completeAll(world, 'c')
  assert.equal(count(await world.trace(), 'p ELEMENT_COMPLETED'), 1)
})

test('a terminate end event stops what else its scope was about to do', async () => {
  const scope = new Scope()
    .add('startEvent', 's')
    .add('parallelGateway', 'fork')
    .add('endEvent', 'stop', terminate)
    .add('scriptTask', 'a', script('=1', 'a'))
    .add('serviceTask', 'after', jobType('after'))
    .path('s', 'fork', 'a', 'after')
    .flow('fork', 'stop')
  await using world = await run(scope)
  assert.equal(count(await world.trace(), 'after ELEMENT_ACTIVATING'), 0)
  assert.equal(count(await world.trace(), 'p ELEMENT_COMPLETED'), 1)
  assert.deepEqual(hotRows(world.store), [])
})

test('an interrupted scope takes no flow of a child that was about to complete', async () => {
  const caught = new Scope().add('startEvent', 'es', error('E')).add('endEvent', 'ee').flow('es', 'ee')
  const scope = new Scope()
    .add('startEvent', 's')
    .add('parallelGateway', 'fork')
    .add('scriptTask', 'a', script('=1', 'a'))
    .add('endEvent', 'e')
    .add('endEvent', 'fail', error('E'))
    .add('subProcess', 'esp', caught.xml, 'triggeredByEvent="true"')
    .flow('s', 'fork')
    .flow('fork', 'fail')
    .path('fork', 'a', 'e')
  await using world = await run(scope, { errors: ['E'] })
  assert.equal(count(await world.trace(), 'esp ELEMENT_COMPLETED'), 1)
  assert.equal(count(await world.trace(), 'a ELEMENT_COMPLETED'), 0)
  assert.deepEqual(hotRows(world.store), [])
})

test('tasks that the engine does itself open no boundary event; a call activity opens them once it knows whom to call', async () => {
  const boundary = (scope: Scope, of: string) =>
    scope
      .add('boundaryEvent', `${of}-late`, timer('timeDuration', 'PT1H'), `attachedToRef="${of}"`)
      .add('endEvent', `${of}-end`)
      .flow(`${of}-late`, `${of}-end`)
  const scope = new Scope()
    .add('startEvent', 's')
    .add('scriptTask', 'a', script('=1', 'a'))
    .add('callActivity', 'call', calls('=who'))
    .add('endEvent', 'e')
    .path('s', 'a', 'call', 'e')
  await using world = await run(boundary(boundary(scope, 'a'), 'call'))
  assert.deepEqual(world.store.rows('timer'), [])
  const root = world.store.rows('elementInstance').find(({ elementId }) => elementId === 'p')!
  const wait = new Scope().add('startEvent', 's').add('serviceTask', 'w', jobType('w')).flow('s', 'w')
  await world.deploy(diagram({ processes: { q: wait } }))
  await world.client.setVariables(String(root.key), '{"who":"q"}', false)
  await world.client.resolveIncident(String(world.store.rows('incident')[0]!.key))
  assert.equal(world.store.rows('timer').length, 1)
  await world.advance(3_600_000)
  assert.equal(count(await world.trace(), 'call-late ELEMENT_COMPLETED'), 1)
  assert.deepEqual(hotRows(world.store), [])
})

test('a process that calls itself stops at a depth, and can be cancelled', async () => {
  const scope = (id: string, other: string) =>
    new Scope()
      .add('startEvent', `${id}-s`)
      .add('callActivity', `${id}-call`, calls(`=&quot;${other}&quot;`))
      .flow(`${id}-s`, `${id}-call`)
  await using world = await run(scope('p', 'q'), { processes: { q: scope('q', 'p') } })
  const [incident] = world.store.rows('incident')
  assert.equal(incident?.errorType, 'CALLED_ELEMENT_ERROR')
  const root = world.store.rows('elementInstance').find((row) => row.key === row.rootProcessInstanceKey)!
  await world.client.cancelProcessInstance(String(root.key))
  assert.deepEqual(hotRows(world.store), [])
})

test('the end of an instance by cancellation lets the next buffered message start another', async () => {
  await using world = await World.opened()
  const scope = new Scope()
    .add('startEvent', 's', '<bpmn:messageEventDefinition messageRef="m"/>')
    .add('serviceTask', 'w', jobType('w'))
    .flow('s', 'w')
  await world.deploy(diagram({ processes: { p: scope }, messages: { m: '' } }))
  for (let i = 0; i < 2; i++)
    await world.client.publishMessage({ name: 'm', correlationKey: 'k', timeToLiveMs: 60_000 })
  const [first] = world.store.rows('startLock')
  await world.client.cancelProcessInstance(String(first!.key))
  const [second] = world.store.rows('startLock')
  assert.ok(second !== undefined && second.key !== first!.key)
})

test('an event sub-process ends 5,000 tokens of its scope turn by turn, and begins when the last is gone', async () => {
  const inner = new Scope()
    .add('startEvent', 'stop', condition('stop'))
    .add('endEvent', 'stopped')
    .path('stop', 'stopped')
  const scope = new Scope()
    .add('startEvent', 's')
    .add('serviceTask', 'task', jobType('work'))
    .path('s', 'task')
    .add('subProcess', 'guard', inner.xml, 'triggeredByEvent="true"')
  await using world = await run(scope)
  const [{ key } = { key: 0 }] = world.store.rows('elementInstance')
  await world.client.modifyProcessInstance(String(key), {
    activateInstructions: Array.from({ length: 4_999 }, () => ({ elementId: 'task' })),
  })
  assert.equal(world.store.rows('elementInstance').length, 5_001)
  await world.client.setVariables(String(key), '{"stop":true}', false)
  assert.ok(world.store.rows('job').length > 0, 'not all in the first turn')
  await world.open()
  const events = await world.events()
  const turns = events.filter(
    ({ valueType, intent }) => valueType === 'PROCESS_INSTANCE_BATCH' && intent === 'TERMINATING',
  )
  assert.ok(turns.length > 10, `${turns.length} turns`)
  const trace = await world.trace()
  assert.equal(count(trace, 'task ELEMENT_TERMINATED'), 5_000)
  assert.ok(trace.indexOf('guard ELEMENT_ACTIVATING') > trace.lastIndexOf('task ELEMENT_TERMINATED'))
  assert.equal(count(trace, 'guard ELEMENT_COMPLETED'), 1)
  assert.deepEqual(hotRows(world.store), [])
})
