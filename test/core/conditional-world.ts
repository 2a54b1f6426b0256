/** Processes with conditional events, and what tests look at in them. */
import assert from 'node:assert/strict'
import { condition, diagram, jobType, Scope } from '../simulation/diagram.ts'
import { hotRows, replayed, rowsOf, World } from '../simulation/world.ts'

export const count = (trace: readonly string[], line: string) => trace.filter((other) => other === line).length

/** Runs one instance of `p` until nobody does anything by himself. */
export async function run(scope: Scope, variables: object = {}): Promise<World & { readonly key: string }> {
  const world = await World.deployed(diagram({ processes: { p: scope } }))
  const { processInstanceKey } = await world.client.createProcessInstance({
    bpmnProcessId: 'p',
    variables: JSON.stringify(variables),
  })
  await world.idle()
  return Object.assign(world, { key: processInstanceKey })
}
export const set = (world: World, elementInstanceKey: string | number, variables: object, local = false) =>
  world.client.setVariables(String(elementInstanceKey), JSON.stringify(variables), local)
export const keyOf = (world: World, elementId: string): number =>
  world.store.rows('elementInstance').find((row) => row.elementId === elementId)!.key

/** The intents of the conditional subscriptions, with the id of the event: `catch CREATED`. */
export const conditionals = async (world: World) =>
  (await world.events()).flatMap((event) =>
    event.valueType === 'CONDITIONAL_SUBSCRIPTION' ? [`${event.value.catchEventId} ${event.intent}`] : [],
  )
export async function ended(world: World): Promise<void> {
  assert.deepEqual(rowsOf(world.store), await replayed(world.store), 'the log says what the rows say')
  assert.deepEqual(hotRows(world.store), [], 'nothing is left')
}

export const waits = (feel: string, events?: string) =>
  new Scope()
    .add('startEvent', 's')
    .add('intermediateCatchEvent', 'catch', condition(feel, events))
    .add('endEvent', 'e')
    .path('s', 'catch', 'e')

export const interrupting = (of: string) => `attachedToRef="${of}"`
export const beside = (of: string) => `attachedToRef="${of}" cancelActivity="false"`
export async function complete(world: World, type: string, variables: object = {}, limit = 100): Promise<void> {
  const request = { type, worker: 'w', timeoutMs: 60_000, maxJobsToActivate: limit, requestTimeoutMs: -1 }
  for (const { key } of await world.client.activateJobs(request))
    await world.client.completeJob(key, JSON.stringify(variables))
}
export const triggered = async (world: World, id: string) => count(await conditionals(world), `${id} TRIGGERED`)

/** A task with a boundary event that leads to an end of its own. */
export const bounded = (feel: string, how: (of: string) => string, inner = jobType('work')) =>
  new Scope()
    .add('startEvent', 's')
    .add('serviceTask', 'task', inner)
    .add('boundaryEvent', 'b', condition(feel), how('task'))
    .add('endEvent', 'e')
    .add('endEvent', 'after')
    .path('s', 'task', 'e')
    .path('b', 'after')
