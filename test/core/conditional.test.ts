/** Conditional events: what makes them happen, how often, and to whom. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calls, condition, diagram, extensions, jobType, multiInstance, Scope, timer } from '../simulation/diagram.ts'
import { hotRows, replayed, rowsOf, World } from '../simulation/world.ts'
import { documented } from './documented.ts'

const count = (trace: readonly string[], line: string) => trace.filter((other) => other === line).length

/** Runs one instance of `p` until nobody does anything by himself. */
async function run(scope: Scope, variables: object = {}): Promise<World & { readonly key: string }> {
  const world = await World.opened()
  await world.deploy(diagram({ processes: { p: scope } }))
  const { processInstanceKey } = await world.client.createProcessInstance({
    bpmnProcessId: 'p',
    variables: JSON.stringify(variables),
  })
  await world.idle()
  return Object.assign(world, { key: processInstanceKey })
}
const set = (world: World, elementInstanceKey: string | number, variables: object, local = false) =>
  world.client.setVariables(String(elementInstanceKey), JSON.stringify(variables), local)
const keyOf = (world: World, elementId: string): number =>
  world.store.rows('elementInstance').find((row) => row.elementId === elementId)!.key

/** The intents of the conditional subscriptions, with the id of the event: `catch CREATED`. */
const conditionals = async (world: World) =>
  (await world.events()).flatMap((event) =>
    event.valueType === 'CONDITIONAL_SUBSCRIPTION' ? [`${event.value.catchEventId} ${event.intent}`] : [],
  )
async function ended(world: World): Promise<void> {
  assert.deepEqual(rowsOf(world.store), await replayed(world.store), 'the log says what the rows say')
  assert.deepEqual(hotRows(world.store), [], 'nothing is left')
}

const waits = (feel: string, events?: string) =>
  new Scope()
    .add('startEvent', 's')
    .add('intermediateCatchEvent', 'catch', condition(feel, events))
    .add('endEvent', 'e')
    .path('s', 'catch', 'e')

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

const interrupting = (of: string) => `attachedToRef="${of}"`
const beside = (of: string) => `attachedToRef="${of}" cancelActivity="false"`
async function complete(world: World, type: string, variables: object = {}, limit = 100): Promise<void> {
  const request = { type, worker: 'w', timeoutMs: 60_000, maxJobsToActivate: limit, requestTimeoutMs: -1 }
  for (const { key } of await world.client.activateJobs(request))
    await world.client.completeJob(key, JSON.stringify(variables))
}
const triggered = async (world: World, id: string) => count(await conditionals(world), `${id} TRIGGERED`)

/** A task with a boundary event that leads to an end of its own. */
const bounded = (feel: string, how: (of: string) => string, inner = jobType('work')) =>
  new Scope()
    .add('startEvent', 's')
    .add('serviceTask', 'task', inner)
    .add('boundaryEvent', 'b', condition(feel), how('task'))
    .add('endEvent', 'e')
    .add('endEvent', 'after')
    .path('s', 'task', 'e')
    .path('b', 'after')

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
async function deployed(processes: Record<string, Scope>): Promise<World> {
  const world = await World.opened()
  for (const [id, scope] of Object.entries(processes)) await world.deploy(diagram({ processes: { [id]: scope } }))
  return world
}

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
