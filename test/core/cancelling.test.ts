/** Instances on their way out. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GatewayError } from '../../engine/protocol/gateway.ts'
import { diagram, extensions, Scope, taskListeners } from '../simulation/diagram.ts'
import { hotRows, World } from '../simulation/world.ts'

const isNotFound = (error: unknown) => error instanceof GatewayError && error.status === 'NOT_FOUND'

/** An instance whose cancellation waits for a listener. */
async function cancelling(world: World): Promise<string> {
  const task = extensions('<zeebe:userTask/>', taskListeners('canceling'))
  const scope = new Scope().add('startEvent', 's').add('userTask', 't', task).add('endEvent', 'e').path('s', 't', 'e')
  await world.deploy(diagram({ processes: { p: scope } }))
  const { processInstanceKey } = await world.client.createProcessInstance({ bpmnProcessId: 'p' })
  await world.client.cancelProcessInstance(processInstanceKey)
  return processInstanceKey
}
async function listenerIsDone(world: World): Promise<void> {
  await world.client.completeJob(String(world.store.rows('job')[0]!.key))
}

test('an instance that waits for the listener of its cancellation cannot be cancelled again', async () => {
  await using world = await World.opened()
  const processInstanceKey = await cancelling(world)
  await assert.rejects(world.client.cancelProcessInstance(processInstanceKey), isNotFound)
  await listenerIsDone(world)
  assert.deepEqual(hotRows(world.store), [])
})

test('nothing begins in an instance on its way out: it would never end', async () => {
  await using world = await World.opened()
  const processInstanceKey = await cancelling(world)
  const begin = { elementId: 't', ancestorElementInstanceKey: '-1', variableInstructions: [] }
  const modification = { activateInstructions: [begin], terminateInstructions: [] }
  await assert.rejects(world.client.modifyProcessInstance(processInstanceKey, modification), isNotFound)
  await listenerIsDone(world)
  assert.deepEqual(hotRows(world.store), [])
})
