/** A batch whose predecessor fails while it waits for a load is taken back: what it has answered already is not answered again. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryStore } from '../../engine/store/memory.ts'
import { type Store, StoreError } from '../../engine/store/store.ts'
import { PROCESS_ID, poll, underWay } from './under-way.ts'

const created = { bpmnProcessId: PROCESS_ID }

test('a poll that found no job stands in line once', async (t) => {
  const memory = new MemoryStore()
  const before = await underWay(t, memory.session())
  await before.gateway.createProcessInstance(created)
  const [old] = await before.gateway.activateJobs(poll('old', -1))
  await before.engine.close()

  const [isLost, isLoading, goesOn] = [0, 0, 0].map(() => Promise.withResolvers<void>())
  let appends = 0
  let loads = 0
  const session = memory.session()
  const store: Store = {
    ...session,
    append: async (batch) => {
      // The first is the deployment's, which is a duplicate.
      if (++appends !== 2) return session.append(batch)
      await isLost!.promise
      throw new StoreError('unavailable', 'lost')
    },
    load: async (wants) => {
      const loaded = await session.load(wants)
      if (wants.some((want) => want.kind === 'row' && want.table === 'elementInstance')) {
        if (++loads === 1) {
          isLoading!.resolve()
          await goesOn!.promise
        }
      }
      return loaded
    },
  }
  const { engine, gateway } = await underWay(t, store)
  const publication = gateway.publishMessage({ name: 'm', correlationKey: 'k', timeToLiveMs: 60_000 })
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve))
  const waiting = gateway.activateJobs({ ...poll('w', 60_000), maxJobsToActivate: 1 })
  const completion = gateway.completeJob(old!.key)
  await isLoading!.promise
  isLost!.resolve()
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve))
  goesOn!.resolve()
  await Promise.all([publication, completion])
  await gateway.createProcessInstance(created)
  assert.equal((await waiting).length, 1)
  await gateway.createProcessInstance(created)
  await engine.idle()
  assert.equal((await gateway.activateJobs(poll('next', -1))).length, 1, 'nobody else stands in line')
})

test('an engine whose store stays away can be closed', async (t) => {
  let isAway = false
  const store = new MemoryStore({ fate: () => (isAway ? 'lost' : 'written') })
  const { engine, gateway } = await underWay(t, store)
  await gateway.createProcessInstance(created)
  await gateway.activateJobs(poll('silent', -1, 1_000))
  await engine.idle()
  isAway = true
  engine.clock.pin(engine.clock.now() + 2_000)
  await engine.close()
})
