/** Transactions: what a cancel end event ends and undoes, in which order, and what an error does instead. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compensation, diagram, extensions, jobType, Scope } from '../simulation/diagram.ts'
import { hotRows, replayed, rowsOf, World } from '../simulation/world.ts'

const cancel = (id: string) => `<bpmn:cancelEventDefinition id="${id}"/>`
const on = (activity: string) => `attachedToRef="${activity}"`

/** A task that is done by a job of its name and undone by one called `undo-…`. */
function undoable(scope: Scope, ...ids: readonly string[]): Scope {
  for (const id of ids) {
    scope
      .add('serviceTask', id, jobType(id))
      .add('boundaryEvent', `${id}-c`, compensation(`${id}-cd`), on(id))
      .add('serviceTask', `undo-${id}`, jobType(`undo-${id}`), 'isForCompensation="true"')
      .association(`${id}-c`, `undo-${id}`)
  }
  return scope
}
/** The transaction between a start and an end, `cancelled` behind its cancel boundary event. */
function around(transaction: Scope): Scope {
  return new Scope()
    .add('startEvent', 's')
    .add('transaction', 't', transaction.xml)
    .add('endEvent', 'e')
    .add('boundaryEvent', 'cancelled', cancel('cd'), on('t'))
    .add('endEvent', 'ce')
    .path('s', 't', 'e')
    .flow('cancelled', 'ce')
}
async function run(scope: Scope): Promise<World> {
  const world = await World.opened()
  await world.deploy(diagram({ processes: { p: scope } }))
  await world.client.createProcessInstance({ bpmnProcessId: 'p' })
  return world
}
const request = { worker: 'w', timeoutMs: 60_000, maxJobsToActivate: 10, requestTimeoutMs: -1 }
async function complete(world: World, ...types: readonly string[]): Promise<void> {
  for (const type of types) {
    const jobs = await world.client.activateJobs({ type, ...request })
    assert.equal(jobs.length, 1, `one job '${type}'`)
    await world.client.completeJob(jobs[0]!.key)
  }
}
/** The types of the jobs that wait, in the order in which they were made. */
const waiting = (world: World): readonly string[] => world.store.rows('job').map(({ type }) => type)
const passed = async (world: World, line: string) => (await world.trace()).filter((other) => other === line).length

test('what has completed is undone one after the other, youngest first, before the cancel boundary event goes on', async () => {
  const inside = undoable(new Scope(), 'a', 'b')
    .add('startEvent', 'ts')
    .add('parallelGateway', 'fork')
    .add('userTask', 'open', extensions('<zeebe:userTask/>'))
    .add('serviceTask', 'plain', jobType('plain'))
    .add('endEvent', 'stop', cancel('sd'))
    .path('ts', 'fork', 'a', 'b', 'plain', 'stop')
    .flow('fork', 'open')
  await using world = await run(around(inside))
  await complete(world, 'a', 'b', 'plain')
  assert.deepEqual(waiting(world), ['undo-b'], 'nothing else runs, and a waits for its turn')
  assert.equal(await passed(world, 'open ELEMENT_TERMINATED'), 1)
  assert.equal(await passed(world, 'stop ELEMENT_TERMINATED'), 1)
  await world.open()
  await complete(world, 'undo-b')
  assert.deepEqual(waiting(world), ['undo-a'])
  assert.equal(await passed(world, 'cancelled ELEMENT_ACTIVATED'), 0)
  await complete(world, 'undo-a')
  assert.equal(await passed(world, 't ELEMENT_TERMINATED'), 1)
  assert.equal(await passed(world, 'ce ELEMENT_COMPLETED'), 1)
  assert.equal(await passed(world, 'e ELEMENT_ACTIVATED'), 0)
  assert.deepEqual(await replayed(world.store), rowsOf(world.store))
  assert.deepEqual(hotRows(world.store), [])
})

test('a cancelled transaction in which nothing can be undone ends at once', async () => {
  const inside = new Scope().add('startEvent', 'ts').add('endEvent', 'stop', cancel('sd')).flow('ts', 'stop')
  await using world = await run(around(inside))
  assert.equal(await passed(world, 'ce ELEMENT_COMPLETED'), 1)
  assert.deepEqual(hotRows(world.store), [])
})

test('a transaction that is not cancelled completes, and is undone as a sub-process is', async () => {
  const inside = undoable(new Scope(), 'a')
    .add('startEvent', 'ts')
    .add('exclusiveGateway', 'choice', '', 'default="fine"')
    .add('endEvent', 'te')
    .add('endEvent', 'stop', cancel('sd'))
    .path('ts', 'a', 'choice')
    .named('fine', 'choice', 'te')
    .flow('choice', 'stop', '=again = true')
  const scope = new Scope()
    .add('startEvent', 's')
    .add('transaction', 't', inside.xml)
    .add('boundaryEvent', 'cancelled', cancel('cd'), on('t'))
    .add('endEvent', 'ce')
    .add('intermediateThrowEvent', 'undo', compensation('ud'))
    .add('endEvent', 'after')
    .path('s', 't', 'undo', 'after')
    .flow('cancelled', 'ce')
  await using world = await run(scope)
  await complete(world, 'a', 'undo-a')
  assert.equal(await passed(world, 't ELEMENT_COMPLETED'), 1)
  assert.equal(await passed(world, 'after ELEMENT_COMPLETED'), 1)
  assert.deepEqual(hotRows(world.store), [])
})
