/** Conditional events: what makes them happen, how often, and to whom. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { condition, diagram, Scope } from '../simulation/diagram.ts'
import { hotRows, replayed, rowsOf, World } from '../simulation/world.ts'

const count = (trace: readonly string[], line: string) => trace.filter((other) => other === line).length

/** Runs one instance of `p` until nobody does anything by himself. */
async function run(
  scope: Scope,
  variables: object = {},
  processes: Record<string, Scope> = {},
): Promise<World & { readonly key: string }> {
  const world = await World.opened()
  await world.deploy(diagram({ processes: { p: scope, ...processes } }))
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
