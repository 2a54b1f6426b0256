/** What runs together. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryStore } from '../../engine/store/memory.ts'
import { PROCESS_ID, underWay } from './under-way.ts'

test('commands that arrive in one turn of the event loop are one batch', async (t) => {
  let batches = 0
  const store = new MemoryStore({
    written: () => {
      batches++
    },
  })
  const { engine, gateway } = await underWay(t, store)
  await engine.idle()
  const before = batches
  const creations: Promise<object>[] = []
  for (let i = 0; i < 20; i++) {
    creations.push(gateway.createProcessInstance({ bpmnProcessId: PROCESS_ID }))
    await null // a callback of its own, as for each message of a socket
  }
  await Promise.all(creations)
  assert.equal(batches - before, 1)
})
