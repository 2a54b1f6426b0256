/** More falls due at once than the clock takes from the store in one go, as after a night without the engine. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diagram, Scope, timer } from '../simulation/diagram.ts'
import { World } from '../simulation/world.ts'

const INSTANCES = 12_000

test('each of many timers that are due together fires once', async () => {
  let batches = 0
  await using world = await World.opened({ written: () => batches++ })
  const scope = new Scope()
    .add('startEvent', 's')
    .add('intermediateCatchEvent', 'c', timer('timeDuration', 'PT1H'))
    .add('endEvent', 'e')
    .path('s', 'c', 'e')
  await world.deploy(diagram({ processes: { p: scope } }))
  for (let created = 0; created < INSTANCES; created += 4_000) {
    const some = Array.from({ length: 4_000 }, () => world.client.createProcessInstance({ bpmnProcessId: 'p' }))
    await Promise.all(some)
  }
  batches = 0
  await world.advance(3_600_000)
  assert.deepEqual(world.store.rows('timer'), [])
  assert.deepEqual(world.store.rows('elementInstance'), [])
  assert.ok(batches < INSTANCES / 100, `${batches} batches`)
})
