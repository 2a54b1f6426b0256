/** Instances on their way out. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GatewayError } from '../../engine/protocol/gateway.ts'
import { diagram, extensions, Scope, taskListeners } from '../simulation/diagram.ts'
import { hotRows, World } from '../simulation/world.ts'

test('an instance that waits for the listener of its cancellation cannot be cancelled again', async () => {
  const task = extensions('<zeebe:userTask/>', taskListeners('canceling'))
  const scope = new Scope().add('startEvent', 's').add('userTask', 't', task).add('endEvent', 'e').path('s', 't', 'e')
  await using world = await World.opened()
  await world.deploy(diagram({ processes: { p: scope } }))
  const { processInstanceKey } = await world.client.createProcessInstance({ bpmnProcessId: 'p' })
  await world.client.cancelProcessInstance(processInstanceKey)
  await assert.rejects(
    world.client.cancelProcessInstance(processInstanceKey),
    (error) => error instanceof GatewayError && error.status === 'NOT_FOUND',
  )
  await world.client.completeJob(String(world.store.rows('job')[0]!.key))
  assert.deepEqual(hotRows(world.store), [])
})
