/** Diagrams of what can be undone, run in a world of their own. */
import assert from 'node:assert/strict'
import { cancel, compensation, diagram, jobType, Scope } from '../simulation/diagram.ts'
import { World } from '../simulation/world.ts'

export const on = (activity: string) => `attachedToRef="${activity}"`

/** A task that is done by a job of its name and undone by one called `undo-…`. */
export function undoable(scope: Scope, ...ids: readonly string[]): Scope {
  for (const id of ids) {
    scope
      .add('serviceTask', id, jobType(id))
      .add('boundaryEvent', `${id}-c`, compensation(`${id}-cd`), on(id))
      .add('serviceTask', `undo-${id}`, jobType(`undo-${id}`), 'isForCompensation="true"')
      .association(`${id}-c`, `undo-${id}`)
  }
  return scope
}
/** A sub-process with a start and an end of its own, and in between what the path says. */
export const between = (scope: Scope, prefix: string, ...ids: readonly string[]): Scope =>
  scope
    .add('startEvent', `${prefix}s`)
    .add('endEvent', `${prefix}e`)
    .path(`${prefix}s`, ...ids, `${prefix}e`)

/** The transaction between a start and an end, `cancelled` behind its cancel boundary event. */
export function around(transaction: Scope): Scope {
  return new Scope()
    .add('startEvent', 's')
    .add('transaction', 't', transaction.xml)
    .add('endEvent', 'e')
    .add('boundaryEvent', 'cancelled', cancel('cd'), on('t'))
    .add('endEvent', 'ce')
    .path('s', 't', 'e')
    .flow('cancelled', 'ce')
}
export const run = (scope: Scope, processes: Record<string, Scope> = {}): Promise<World> =>
  started(diagram({ processes: { p: scope, ...processes }, errors: ['E'] }), 'p', '{}')
/** A world with one instance. */
export async function started(content: Buffer, bpmnProcessId: string, variables: string): Promise<World> {
  const world = await World.deployed(content)
  await world.client.createProcessInstance({ bpmnProcessId, variables })
  return world
}
export const request = { worker: 'w', timeoutMs: 60_000, maxJobsToActivate: 10, requestTimeoutMs: -1 }
export async function complete(world: World, ...types: readonly string[]): Promise<void> {
  for (const type of types) {
    const jobs = await world.client.activateJobs({ type, ...request })
    assert.equal(jobs.length, 1, `one job '${type}'`)
    await world.client.completeJob(jobs[0]!.key)
  }
}
/** The types of the jobs that wait, in the order in which they were made. */
export const waiting = (world: World): readonly string[] => world.store.rows('job').map(({ type }) => type)
export const passed = async (world: World, line: string) =>
  (await world.trace()).filter((other) => other === line).length
