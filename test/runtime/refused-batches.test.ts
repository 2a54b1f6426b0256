/** A batch that the database will never take must not stop those of others: the command at fault is found and refused. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GatewayError } from '../../engine/protocol/gateway.ts'
import { MemoryStore } from '../../engine/store/memory.ts'
import { type BatchWrite, type Store, StoreError } from '../../engine/store/store.ts'
import { PROCESS_ID, poll, underWay } from './under-way.ts'

const creation = (variables: string) => ({ bpmnProcessId: PROCESS_ID, variables })
const isPoisoned = ({ entries }: BatchWrite) => entries.some(({ record }) => JSON.stringify(record).includes('poison'))
const refusing = () => new MemoryStore({ fate: (_batch, write) => (isPoisoned(write) ? 'refused' : 'written') })
const isRefusal = (error: unknown) =>
  error instanceof GatewayError && error.status === 'INVALID_ARGUMENT' && !error.message.includes('poison')

test('L4: one command of many is refused, the others are written once', async (t) => {
  const store = refusing()
  const { engine, gateway } = await underWay(t, store)
  const outcomes = await Promise.allSettled(
    Array.from({ length: 600 }, (_, i) =>
      gateway.createProcessInstance(creation(i % 199 ? `{"i":${i}}` : '{"poison":1}')),
    ),
  )
  const refusals = outcomes.filter((outcome) => outcome.status === 'rejected')
  assert.equal(refusals.length, 4)
  assert.ok(refusals.every(({ reason }) => isRefusal(reason)))
  assert.equal(store.rows('job').length, 596)
  assert.equal(engine.health().healthy, true)
  await engine.idle()
  const log = await store.read(0, Number.MAX_SAFE_INTEGER)
  assert.deepEqual(
    log.map(({ position }) => position),
    log.map((_, i) => i + 1),
  )
})

test('L4: jobs claimed by a refused batch are handed out by the next', async (t) => {
  const { gateway } = await underWay(t, refusing())
  const waiting = gateway.activateJobs(poll('w', 60_000))
  await assert.rejects(gateway.createProcessInstance(creation('{"poison":1}')), isRefusal)
  const { processInstanceKey } = await gateway.createProcessInstance(creation('{}'))
  assert.equal((await waiting)[0]?.processInstanceKey, processInstanceKey)
})

test('L4: a batch that cannot be made into bytes is refused like one that the database refuses', async (t) => {
  const memory = new MemoryStore()
  const append = (batch: BatchWrite) => {
    if (isPoisoned(batch)) throw new RangeError('Invalid string length')
    return memory.append(batch)
  }
  const store: Store = { ...memory.session(), append }
  const { gateway } = await underWay(t, store)
  const creations = ['{"poison":1}', '{}', '{"poison":2}'].map((variables) =>
    gateway.createProcessInstance(creation(variables)),
  )
  const statuses = (await Promise.allSettled(creations)).map(({ status }) => status)
  assert.deepEqual(statuses, ['rejected', 'fulfilled', 'rejected'])
  assert.equal(memory.rows('job').length, 1)
})

test('L4: a batch is not blamed for what an earlier one under way left behind', async (t) => {
  const memory = new MemoryStore()
  const second = Promise.withResolvers<void>()
  const first = Promise.withResolvers<void>()
  let isFirstUnderWay = false
  const append = (batch: BatchWrite): Promise<void> => {
    if (isPoisoned(batch)) {
      isFirstUnderWay = true
      first.resolve()
      return second.promise.then(() => {
        isFirstUnderWay = false
        throw new StoreError('refused', 'the store refuses the data')
      })
    }
    if (!isFirstUnderWay) return memory.append(batch)
    second.resolve()
    throw new RangeError('Built on what will be taken back')
  }
  const { gateway } = await underWay(t, { ...memory.session(), append })
  const poisoned = gateway.createProcessInstance(creation('{"poison":1}'))
  poisoned.catch(() => {})
  await first.promise
  await gateway.createProcessInstance(creation('{}'))
  await assert.rejects(poisoned, isRefusal)
})

test('a job failed with a fraction of a millisecond to wait waits a whole one', async (t) => {
  const { gateway } = await underWay(t, new MemoryStore())
  await gateway.createProcessInstance(creation('{}'))
  const [job] = await gateway.activateJobs(poll('w', -1))
  await gateway.failJob(job!.key, { retries: 1, retryBackOffMs: 0.25 })
  assert.deepEqual(await gateway.activateJobs(poll('w', -1)), [])
})

test('what a refused batch would have done is not seen by those after it', async (t) => {
  const { gateway } = await underWay(t, refusing())
  await gateway.createProcessInstance(creation('{}'))
  const [job] = await gateway.activateJobs(poll('w', -1))
  await assert.rejects(gateway.completeJob(job!.key, '{"poison":1}'), isRefusal)
  await gateway.completeJob(job!.key, '{"a":1}')
})

test('one command does not write more than a batch can hold', async (t) => {
  const { gateway } = await underWay(t, new MemoryStore())
  await gateway.createProcessInstance(creation('{}'))
  const [job] = await gateway.activateJobs(poll('w', -1))
  const document = JSON.stringify({ a: 'a'.repeat(40_000_000) })
  await assert.rejects(gateway.completeJob(job!.key, document), /at most \d+ characters/)
  await gateway.completeJob(job!.key)
})
