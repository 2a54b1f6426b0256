/** More activatable jobs than the store answers at once: each goes to one worker, whoever asks how fast. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryStore } from '../../engine/store/memory.ts'
import type { Store } from '../../engine/store/store.ts'
import { diagram, jobType, Scope } from '../simulation/diagram.ts'
import { World } from '../simulation/world.ts'
import { PROCESS_ID, poll, underWay } from './under-way.ts'

const INSTANCES = 2_500

test('polls that together ask for more than a window share all jobs of a type, oldest first', async () => {
  await using world = await World.opened()
  const scope = new Scope().add('startEvent', 's').add('serviceTask', 'w', jobType('w')).flow('s', 'w')
  await world.deploy(diagram({ processes: { p: scope } }))
  const created = Array.from({ length: INSTANCES }, () => world.client.createProcessInstance({ bpmnProcessId: 'p' }))
  await Promise.all(created)
  await world.open()
  const poll = { type: 'w', worker: 'w', timeoutMs: 60_000, maxJobsToActivate: 1_000, requestTimeoutMs: -1 }
  const answers = await Promise.all([1, 2, 3, 4].map(() => world.client.activateJobs(poll)))
  const keys = answers.flat().map(({ key }) => Number(key))
  assert.equal(keys.length, INSTANCES)
  assert.deepEqual(
    keys,
    [...new Set(keys)].sort((one, other) => one - other),
  )
})

/** Commits only after whoever is ready has run: the next batch is computed meanwhile. */
const slow = (store: Store): Store => ({
  ...store,
  append: async (batch) => {
    for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve))
    return store.append(batch)
  },
})

test('a window whose jobs are all taken by a batch under way is followed by the next', async (t) => {
  const memory = new MemoryStore()
  const { engine, gateway } = await underWay(t, memory.session())
  const created = Array.from({ length: INSTANCES }, () => gateway.createProcessInstance({ bpmnProcessId: PROCESS_ID }))
  await Promise.all(created)
  await engine.idle()
  const again = await underWay(t, slow(memory.session()))
  const request = { ...poll('w', -1), maxJobsToActivate: 1_000 }
  const answers = await Promise.all([1, 2, 3].map(() => again.gateway.activateJobs(request)))
  assert.equal(new Set(answers.flat().map(({ key }) => key)).size, INSTANCES)
})
