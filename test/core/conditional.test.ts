/** Conditional catch and boundary events: what makes them happen, how often, and to whom. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { condition, extensions, jobType, multiInstance, Scope } from '../simulation/diagram.ts'
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
  triggered,
  waits,
} from './conditional-world.ts'

test('a catch event whose condition holds already passes on at once', async () => {
  await using world = await run(waits('x > y'), { x: 2, y: 1 })
  assert.deepEqual(await conditionals(world), ['catch CREATED', 'catch TRIGGERED'])
  await ended(world)
})

test('a catch event waits until a variable that it reads makes its condition true', async () => {
  await using world = await run(waits('x &gt; 10'), { x: 1 })
  const [created] = (await world.events()).filter(({ valueType }) => valueType === 'CONDITIONAL_SUBSCRIPTION')
  assert.deepEqual(created!.value, {
    scopeKey: keyOf(world, 'catch'),
    elementInstanceKey: keyOf(world, 'catch'),
    processInstanceKey: Number(world.key),
    processDefinitionKey: world.store.rows('processDefinition')[0]!.key,
    catchEventId: 'catch',
    interrupting: true,
    condition: '= x > 10',
    variableNames: ['x'],
    variableEvents: [],
    tenantId: '<default>',
  })
  await set(world, world.key, { x: 9 })
  await set(world, world.key, { y: 99 })
  assert.deepEqual(await conditionals(world), ['catch CREATED'])
  await set(world, world.key, { x: 11 })
  assert.deepEqual(await conditionals(world), ['catch CREATED', 'catch TRIGGERED'])
  await ended(world)
})

for (const [what, feel, variables] of [
  ['null', 'x > 10', {}],
  ['no boolean', 'x', { x: 'yes' }],
  ['a failure', 'assert(x, x != null) > 1', {}],
] as const)
  test(`a condition that is ${what} waits without an incident, as in Zeebe 8.9`, async () => {
    await using world = await run(waits(feel.replace('>', '&gt;')), variables)
    assert.deepEqual(await conditionals(world), ['catch CREATED'])
    assert.deepEqual(world.store.rows('incident'), [])
    await world.client.cancelProcessInstance(world.key)
    assert.deepEqual(await conditionals(world), ['catch CREATED', 'catch DELETED'])
    await ended(world)
  })

test('only the changes that its filter names count', async () => {
  await using creating = await run(waits('x > 10', 'create'), { x: 1 })
  await set(creating, creating.key, { x: 11 })
  assert.deepEqual(await conditionals(creating), ['catch CREATED'])
  await set(creating, keyOf(creating, 'catch'), { x: 12 }, true)
  assert.deepEqual(await conditionals(creating), ['catch CREATED', 'catch TRIGGERED'])
  await using updating = await run(waits('x > 10', 'update'))
  await set(updating, updating.key, { x: 11 })
  assert.deepEqual(await conditionals(updating), ['catch CREATED'])
  await set(updating, updating.key, { x: 12 })
  assert.deepEqual(await conditionals(updating), ['catch CREATED', 'catch TRIGGERED'])
})

test('a condition that reads no variable is looked at with every change', async () => {
  await using world = await run(waits('now() > date and time("2026-01-02T00:00:00Z")'))
  assert.deepEqual(await conditionals(world), ['catch CREATED'])
  await world.advance(2 * 86_400_000)
  await set(world, world.key, { unheardOf: true })
  assert.deepEqual(await conditionals(world), ['catch CREATED', 'catch TRIGGERED'])
  await ended(world)
})

for (const name of ['constructor', '__proto__', 'toString'])
  test(`a variable may be called ${name}`, async () => {
    await using world = await run(waits(`${name} = 1`))
    await world.client.setVariables(world.key, `{"${name}":1}`, false)
    assert.deepEqual(await conditionals(world), ['catch CREATED', 'catch TRIGGERED'])
    await ended(world)
  })

test('whoever waits goes on waiting after a crash', async () => {
  await using world = await run(waits('order.total > 10'), { order: { total: 1 } })
  await world.open()
  await set(world, world.key, { order: { total: 11 } })
  assert.equal(count(await world.trace(), 'catch ELEMENT_COMPLETED'), 1)
  await ended(world)
})

test('an interrupting boundary event ends its activity when its condition becomes true', async () => {
  await using world = await run(bounded('x > 10', interrupting), { x: 1 })
  await set(world, world.key, { x: 11 })
  const trace = await world.trace()
  assert.equal(count(trace, 'task ELEMENT_TERMINATED'), 1)
  assert.equal(count(trace, 'after ELEMENT_COMPLETED'), 1)
  await ended(world)
})

test('an activity whose boundary condition holds already is ended as soon as it is active', async () => {
  await using world = await run(bounded('x > 10', interrupting), { x: 11 })
  const trace = await world.trace()
  assert.ok(trace.indexOf('task ELEMENT_ACTIVATED') < trace.indexOf('task ELEMENT_TERMINATING'))
  await ended(world)
})

test('a boundary event beside its activity happens with each change that leaves its condition true', async () => {
  await using world = await run(bounded('x > 10', beside), { x: 1 })
  await set(world, world.key, { x: 11 })
  await set(world, world.key, { x: 12 })
  await set(world, world.key, { x: 12 })
  await set(world, world.key, { y: 1 })
  await set(world, world.key, { x: 2 })
  assert.equal(await triggered(world, 'b'), 2)
  await complete(world, 'work')
  await ended(world)
})

test('several changes of one command trigger an event once', async () => {
  await using world = await run(bounded('x > 10 or y > 5', beside))
  await set(world, world.key, { x: 11, y: 6 })
  assert.equal(await triggered(world, 'b'), 1)
  await complete(world, 'work')
  await ended(world)
})

test('what an input mapping sets may trigger, what a job or an output mapping sets at its end does not', async () => {
  const withMapping = (mapping: string) =>
    jobType('work').replace('</', `<zeebe:ioMapping>${mapping}</zeebe:ioMapping></`)
  await using inputs = await run(bounded('x > 10', interrupting, withMapping('<zeebe:input source="=11" target="x"/>')))
  assert.equal(await triggered(inputs, 'b'), 1)
  await ended(inputs)
  for (const [inner, variables] of [
    [jobType('work'), { x: 11 }],
    [withMapping('<zeebe:output source="=11" target="x"/>'), {}],
  ] as const) {
    await using world = await run(bounded('x > 10', interrupting, inner), { x: 0 })
    await complete(world, 'work', variables)
    assert.deepEqual(await conditionals(world), ['b CREATED', 'b DELETED'])
    assert.equal(count(await world.trace(), 'task ELEMENT_COMPLETED'), 1)
    await ended(world)
  }
})

/** Two branches, each a sub-process with a task; boundary events on all of them. */
function nested(how: (of: string) => string): Scope {
  const scope = new Scope().add('startEvent', 's').add('parallelGateway', 'fork').path('s', 'fork')
  for (const side of ['1', '2']) {
    const inner = new Scope()
      .add('startEvent', `s${side}`)
      .add('serviceTask', `task${side}`, jobType('work'))
      .add('boundaryEvent', `inner${side}`, condition('x > 10'), how(`task${side}`))
      .path(`s${side}`, `task${side}`)
    scope
      .add('subProcess', `sub${side}`, inner.xml)
      .add('boundaryEvent', `outer${side}`, condition('x > 10'), how(`sub${side}`))
      .path('fork', `sub${side}`)
  }
  return scope
}

test('conditions are looked at from the scope of the change inward, until one interrupts', async () => {
  await using ending = await run(nested(interrupting))
  await set(ending, ending.key, { x: 11 })
  const triggers = (await conditionals(ending)).filter((line) => line.endsWith(' TRIGGERED'))
  assert.deepEqual(triggers.sort(), ['outer1 TRIGGERED', 'outer2 TRIGGERED'])
  await ended(ending)
  await using besides = await run(nested(beside))
  await set(besides, besides.key, { x: 11 })
  const all = (await conditionals(besides)).filter((line) => line.endsWith(' TRIGGERED'))
  assert.deepEqual(all.slice(0, 2).sort(), ['outer1 TRIGGERED', 'outer2 TRIGGERED'])
  assert.deepEqual(all.slice(2).sort(), ['inner1 TRIGGERED', 'inner2 TRIGGERED'])
  await complete(besides, 'work')
  await ended(besides)
})

test('a local change concerns nobody beside its scope', async () => {
  await using world = await run(nested(interrupting))
  await set(world, keyOf(world, 'task1'), { x: 11 }, true)
  await set(world, keyOf(world, 'sub2'), { x: 12 }, true)
  const triggers = (await conditionals(world)).filter((line) => line.endsWith(' TRIGGERED'))
  assert.deepEqual(triggers, ['inner1 TRIGGERED', 'outer2 TRIGGERED'])
  await ended(world)
})

test('of a multi-instance activity the body waits, and each child that completes may trigger', async () => {
  const each = multiInstance({ items: '[1,2,3]' })
  const before = (how: (of: string) => string) => bounded('x > 10', how, jobType('work') + each)
  await using ending = await run(before(interrupting))
  await complete(ending, 'work', { x: 11 }, 1)
  assert.equal(count(await ending.trace(), 'task ELEMENT_TERMINATED'), 3)
  await ended(ending)
  await using besides = await run(before(beside))
  for (const x of [11, 12, 13]) await complete(besides, 'work', { x }, 1)
  assert.equal(await triggered(besides, 'b'), 3)
  await ended(besides)
})

test('a condition that its own consequences keep true does not run for ever', async () => {
  const scope = bounded('x > 10', beside)
    .add('scriptTask', 'more', extensions('<zeebe:script expression="=x + 1" resultVariable="x"/>'))
    .path('b', 'more')
  await using world = await run(scope, { x: 1 })
  await assert.rejects(
    set(world, world.key, { x: 11 }),
    /Conditional event 'b' with condition '= x > 10' was triggered more than 1000 times/,
  )
  assert.equal(await triggered(world, 'b'), 0)
  await complete(world, 'work')
  await ended(world)
})
