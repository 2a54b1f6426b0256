/** What memory may forget, and when. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GatewayError } from '../../engine/protocol/gateway.ts'
import { MemoryStore } from '../../engine/store/memory.ts'
import type { Store } from '../../engine/store/store.ts'
import { PROCESS_ID, poll, underWay } from './under-way.ts'

test('L3: a job that a batch on its way completes is not found again in the store once the batch before has committed', async (t) => {
  const memory = new MemoryStore()
  const before = await underWay(t, memory.session())
  await before.gateway.createProcessInstance({ bpmnProcessId: PROCESS_ID })
  await before.engine.close()

  const session = memory.session()
  const [first, second] = [0, 0].map(() => Promise.withResolvers<void>())
  let gates: Promise<void>[] = []
  const store: Store = {
    ...session,
    append: async (batch) => {
      await gates.shift()
      return session.append(batch)
    },
  }
  const { engine, gateway } = await underWay(t, store)
  gates = [first!.promise, second!.promise]
  const activation = gateway.activateJobs(poll('w', -1))
  const { key } = memory.rows('job')[0]!
  await callbacks()
  const completion = gateway.completeJob(String(key))
  await callbacks()
  first!.resolve()
  await activation
  const again = gateway.completeJob(String(key))
  await callbacks()
  second!.resolve()
  await completion
  await assert.rejects(again, (error) => error instanceof GatewayError && error.status === 'NOT_FOUND')
  await engine.idle()
})

/** Every callback that is ready has run. */
async function callbacks(): Promise<void> {
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve))
}
