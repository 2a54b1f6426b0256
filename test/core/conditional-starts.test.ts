/** What conditions start, and what becomes of subscriptions when instances are migrated, modified or called. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calls, condition, diagram, jobType, Scope, timer } from '../simulation/diagram.ts'
import { World } from '../simulation/world.ts'
import {
  beside,
  bounded,
  complete,
  conditionals,
  count,
  ended,
  interrupting,
  keyOf,
  run,
  set,
  waits,
} from './conditional-world.ts'
import { documented } from './documented.ts'

/** A task, and an event sub-process that a condition starts. */
const guarded = (feel: string, isInterrupting: boolean) =>
  new Scope()
    .add('startEvent', 's')
    .add('serviceTask', 'task', jobType('work'))
    .add('endEvent', 'e')
    .path('s', 'task', 'e')
    .add(
      'subProcess',
      'guard',
      new Scope()
        .add('startEvent', 'start', condition(feel), `isInterrupting="${isInterrupting}"`)
        .add('endEvent', 'end')
        .path('start', 'end').xml,
      'triggeredByEvent="true"',
    )

test('an event sub-process that interrupts begins when its condition becomes true, or at once', async () => {
  await using later = await run(guarded('x > 10', true), { x: 1 })
  assert.deepEqual(await conditionals(later), ['start CREATED'])
  await set(later, later.key, { x: 11 })
  await using atOnce = await run(guarded('x > 10', true), { x: 11 })
  assert.equal(count(await later.trace(), 'task ELEMENT_TERMINATED'), 1)
  assert.equal(count(await atOnce.trace(), 'task ELEMENT_ACTIVATED'), 0)
  for (const world of [later, atOnce]) {
    assert.deepEqual(await conditionals(world), ['start CREATED', 'start TRIGGERED'])
    assert.equal(count(await world.trace(), 'guard ELEMENT_COMPLETED'), 1)
    await ended(world)
  }
})

test('an event sub-process beside begins with each change that leaves its condition true', async () => {
  await using world = await run(guarded('x > 10', false), { x: 1 })
  for (const x of [11, 2, 12]) await set(world, world.key, { x })
  assert.equal(count(await world.trace(), 'guard ELEMENT_COMPLETED'), 2)
  await complete(world, 'work')
  assert.deepEqual((await conditionals(world)).at(-1), 'start DELETED')
  await ended(world)
})

test('behind an event-based gateway a condition competes with other events', async () => {
  const scope = new Scope()
    .add('startEvent', 's')
    .add('eventBasedGateway', 'choice')
    .add('intermediateCatchEvent', 'early', condition('x > 10'))
    .add('intermediateCatchEvent', 'late', timer('timeDuration', 'PT1H'))
    .path('s', 'choice', 'early')
    .path('choice', 'late')
  await using holds = await run(scope)
  await set(holds, holds.key, { x: 11 })
  assert.equal(count(await holds.trace(), 'early ELEMENT_COMPLETED'), 1)
  assert.equal(count(await holds.trace(), 'late ELEMENT_ACTIVATED'), 0)
  await ended(holds)
  await using late = await run(scope)
  await late.advance(3_600_000)
  assert.deepEqual(await conditionals(late), ['early CREATED', 'early DELETED'])
  await ended(late)
})

test('of two events that have come to an event-based gateway the first is taken, and only that', async () => {
  const scope = new Scope()
    .add('startEvent', 's')
    .add('eventBasedGateway', 'choice')
    .add('intermediateCatchEvent', 'low', condition('x > 1'))
    .add('intermediateCatchEvent', 'high', condition('x > 10'))
    .path('s', 'choice', 'low')
    .path('choice', 'high')
  await using world = await run(scope)
  await set(world, world.key, { x: 11 })
  const triggers = (await conditionals(world)).filter((line) => line.endsWith(' TRIGGERED'))
  assert.equal(triggers.length, 1)
  assert.equal(count(await world.trace(), triggers[0]!.replace('TRIGGERED', 'ELEMENT_COMPLETED')), 1)
  await ended(world)
})

/** Processes that conditions start. */
const started = (...conditions: readonly string[]): Scope => {
  const scope = new Scope().add('endEvent', 'e')
  for (const [i, feel] of conditions.entries())
    scope.add('startEvent', `start${i}`, condition(feel)).path(`start${i}`, 'e')
  return scope
}
const deployed = (processes: Record<string, Scope>): Promise<World> =>
  World.deployed(...Object.entries(processes).map(([id, scope]) => diagram({ processes: { [id]: scope } })))

test('a client evaluates the conditions of start events, and each that holds begins an instance with the variables', async () => {
  await using world = await deployed({ p: started('x > 500', 'y &lt; 200', 'x &lt; 0'), q: started('x > y') })
  const { processInstances } = await world.client.evaluateConditionals({ variables: '{"x":1000,"y":100}' })
  assert.equal(processInstances.length, 3)
  await world.idle()
  const trace = await world.trace()
  const begun = ['start0', 'start1', 'start2'].map((id) => count(trace, `${id} ELEMENT_COMPLETED`))
  assert.deepEqual(begun, [2, 1, 0])
  const variables = (await world.events()).filter(({ valueType }) => valueType === 'VARIABLE')
  const ofInstances = variables.filter(({ value }) =>
    processInstances.some(
      ({ processInstanceKey }) => String((value as { scopeKey: number }).scopeKey) === processInstanceKey,
    ),
  )
  assert.equal(ofInstances.length, 6)
  assert.deepEqual(world.store.rows('elementInstance'), [])
})

test('a start event is asked only when one of its variables is given, and those of a definition alone when it is named', async () => {
  await using world = await deployed({ p: started('x > y'), q: started('x = 1'), r: started('true') })
  const [p] = world.store.rows('processDefinition').filter(({ bpmnProcessId }) => bpmnProcessId === 'p')
  const evaluate = async (variables: string, processDefinitionKey?: string) =>
    (
      await world.client.evaluateConditionals({ variables, ...(processDefinitionKey && { processDefinitionKey }) })
    ).processInstances.map(
      (one) =>
        world.store.rows('processDefinition').find(({ key }) => String(key) === one.processDefinitionKey)!
          .bpmnProcessId,
    )
  assert.deepEqual((await evaluate('{"a":1}')).sort(), ['r'])
  assert.deepEqual((await evaluate('{"x":1,"y":0}')).sort(), ['p', 'q', 'r'])
  assert.deepEqual(await evaluate('{"x":1,"y":0}', String(p!.key)), ['p'])
  assert.deepEqual(await evaluate('{"x":"text"}', String(p!.key)), [])
  await assert.rejects(
    world.client.evaluateConditionals({ variables: '{}', processDefinitionKey: '987' }),
    /Expected to evaluate conditional with command key '-1' for process definition key '987', but no such process was found/,
  )
})

test('a new version listens in place of the one before, and a deleted one no more', async () => {
  await using world = await deployed({ p: started('x > 1') })
  await world.deploy(diagram({ processes: { p: started('x > 10') } }))
  await world.open()
  const evaluated = async (x: number) =>
    (await world.client.evaluateConditionals({ variables: `{"x":${x}}` })).processInstances.length
  assert.deepEqual([await evaluated(5), await evaluated(11)], [0, 1])
  const [first, second] = world.store.rows('processDefinition')
  await world.client.deleteResource(String(second!.key))
  assert.equal(await evaluated(5), 1)
  await world.client.deleteResource(String(first!.key))
  assert.equal(await evaluated(5), 0)
  await ended(world)
})

test('a migrated subscription keeps its condition, one that is not mapped is closed, and a new one opens', async () => {
  const source = bounded('x > 10', beside)
    .add('boundaryEvent', 'gone', condition('x > 0'), beside('task'))
    .path('gone', 'after')
  await using world = await run(source)
  const target = new Scope()
    .add('startEvent', 's')
    .add('serviceTask', 'task', jobType('work'))
    .add('boundaryEvent', 'kept', condition('y > 10'), interrupting('task'))
    .add('boundaryEvent', 'added', condition('z > 10'), beside('task'))
    .add('endEvent', 'e')
    .path('s', 'task', 'e')
    .path('kept', 'e')
    .path('added', 'e')
  await world.deploy(diagram({ processes: { q: target } }))
  const { key } = world.store.rows('processDefinition').find(({ bpmnProcessId }) => bpmnProcessId === 'q')!
  await world.client.migrateProcessInstance(world.key, {
    targetProcessDefinitionKey: String(key),
    mappingInstructions: [
      { sourceElementId: 'task', targetElementId: 'task' },
      { sourceElementId: 'b', targetElementId: 'kept' },
    ],
  })
  assert.deepEqual((await conditionals(world)).slice(2), ['gone DELETED', 'added CREATED', 'kept MIGRATED'])
  await world.open()
  await set(world, world.key, { y: 11 })
  await set(world, world.key, { z: 11 })
  assert.deepEqual((await conditionals(world)).slice(5), ['added TRIGGERED'])
  await set(world, world.key, { x: 11 })
  assert.deepEqual((await conditionals(world)).slice(6), ['kept TRIGGERED', 'added DELETED'])
  await ended(world)
})

test('a modification opens and closes what conditions wait for', async () => {
  await using world = await run(waits('x > 10').add('serviceTask', 'other', jobType('work')).path('other', 'e'))
  await world.client.modifyProcessInstance(world.key, {
    activateInstructions: [{ elementId: 'other' }],
    terminateInstructions: [{ elementInstanceKey: String(keyOf(world, 'catch')) }],
  })
  assert.deepEqual(await conditionals(world), ['catch CREATED', 'catch DELETED'])
  await world.client.modifyProcessInstance(world.key, { activateInstructions: [{ elementId: 'catch' }] })
  await set(world, world.key, { x: 11 })
  await complete(world, 'work')
  assert.deepEqual(await conditionals(world), ['catch CREATED', 'catch DELETED', 'catch CREATED', 'catch TRIGGERED'])
  await ended(world)
})

test('a called process hears of its own variables alone', async () => {
  const called = waits('x > 10')
  await using world = await World.opened()
  await world.deploy(diagram({ processes: { called } }))
  const scope = new Scope()
    .add('startEvent', 'begin')
    .add('callActivity', 'call', calls('called'))
    .path('begin', 'call')
  await world.deploy(diagram({ processes: { p: scope } }))
  const { processInstanceKey } = await world.client.createProcessInstance({ bpmnProcessId: 'p', variables: '{"x":1}' })
  await world.idle()
  await set(world, processInstanceKey, { x: 11 })
  assert.deepEqual(await conditionals(world), ['catch CREATED'])
  await set(world, keyOf(world, 'called'), { x: 11 })
  assert.deepEqual(await conditionals(world), ['catch CREATED', 'catch TRIGGERED'])
  await ended(world)
})

test('the documented plan begins with the snow, tells the schools, and ends when the streets are free', async () => {
  await using world = await World.opened()
  await world.deploy(documented('docs/beyond-zeebe.md', 'Conditional events'))
  const { processInstances } = await world.client.evaluateConditionals({ variables: '{"neve":8,"stradeChiuse":2}' })
  const [{ processInstanceKey } = { processInstanceKey: '' }] = processInstances
  await world.idle()
  await set(world, processInstanceKey, { neve: 35 })
  await complete(world, 'scuole.avvisa')
  await complete(world, 'neve.spargi')
  await set(world, processInstanceKey, { temperatura: 5 })
  await set(world, processInstanceKey, { stradeChiuse: 0 })
  const trace = await world.trace()
  const passed = ['avvisa', 'pulite', 'fine', 'sospesa'].map((id) => count(trace, `${id} ELEMENT_COMPLETED`))
  assert.deepEqual(passed, [1, 1, 1, 0])
  assert.deepEqual(world.store.rows('elementInstance'), [])
})
