/** What the shell promises around the core: nothing leaves before its commit, nothing is lost, nobody waits in vain. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apply } from '../../engine/core/appliers/index.ts'
import { State } from '../../engine/core/state/state.ts'
import { GatewayError } from '../../engine/protocol/gateway.ts'
import { type Fate, MemoryStore } from '../../engine/store/memory.ts'
import type { Store } from '../../engine/store/store.ts'
import { PROCESS_ID, poll, underWay } from './under-way.ts'

const created = { bpmnProcessId: PROCESS_ID }
const failsWith = (status: string) => (error: unknown) => error instanceof GatewayError && error.status === status

/** The same numbers for the same seed. */
function numbers(seed: number): () => number {
  let at = seed
  return () => {
    at = (Math.imul(at, 1_664_525) + 1_013_904_223) >>> 0
    return at / 2 ** 32
  }
}

for (const seed of [1, 2, 3, 4, 5]) {
  test(`a store that loses batches: acknowledged commands stand once, in order (seed ${seed})`, async (t) => {
    const chance = numbers(seed)
    const fate = (batch: number): Fate => (batch > 0 && chance() < 0.3 ? 'lost' : 'written')
    const store = new MemoryStore({ fate })
    const { engine, gateway } = await underWay(t, store)
    const instances = await Promise.all(
      Array.from({ length: 40 }, async (_, i) => {
        const { processInstanceKey } = await gateway.createProcessInstance({ ...created, variables: `{"i":${i}}` })
        return processInstanceKey
      }),
    )
    const jobs = (await Promise.all([1, 2, 3, 4].map((n) => gateway.activateJobs(poll(`w${n}`, 1_000))))).flat()
    await Promise.all(jobs.map(({ key }) => gateway.completeJob(key)))
    await engine.idle()

    assert.equal(jobs.length, 40)
    assert.equal(new Set(jobs.map(({ processInstanceKey }) => processInstanceKey)).size, 40)
    assert.equal(new Set(instances).size, 40)
    const log = await store.read(0, Number.MAX_SAFE_INTEGER)
    assert.deepEqual(
      log.map(({ position }) => position),
      log.map((_, i) => i + 1),
    )
    const ended = log.filter(
      ({ record }) => record.intent === 'ELEMENT_COMPLETED' && String(record.key) === String(instances[0]),
    )
    assert.equal(ended.length, 1)
    assert.deepEqual(store.rows('elementInstance'), [])
    const replayed = new State({ firstKey: 1, whole: true })
    for (const { record, timestamp } of log) if (record.recordType === 'EVENT') apply(replayed, record, timestamp)
    assert.deepEqual([...replayed.rows('elementInstance')], [])
  })
}

test('E5: an answer waits for its commit', async (t) => {
  const memory = new MemoryStore()
  let gate = Promise.resolve()
  const store: Store = { ...memory.session(), append: async (batch) => gate.then(() => memory.append(batch)) }
  const { gateway } = await underWay(t, store)
  const held = Promise.withResolvers<void>()
  gate = held.promise
  const waiting = gateway.activateJobs(poll('w', 5_000))
  const creation = gateway.createProcessInstance(created)
  const first = await Promise.race([creation, waiting, settled().then(() => 'nothing yet')])
  assert.equal(first, 'nothing yet')
  held.resolve()
  await creation
  assert.equal((await waiting).length, 1)
})

/** Every callback that is ready has run. */
async function settled(): Promise<void> {
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve))
}

test('a second engine shuts the first out', async (t) => {
  const memory = new MemoryStore()
  const first = await underWay(t, memory.session())
  const second = await underWay(t, memory.session())
  await assert.rejects(first.gateway.createProcessInstance(created), failsWith('UNAVAILABLE'))
  assert.equal(first.engine.health().healthy, false)
  await second.gateway.createProcessInstance(created)
})

test('a store that is away answers UNAVAILABLE in the end, and work goes on when it is back', async (t) => {
  let isAway = false
  const store = new MemoryStore({ fate: () => (isAway ? 'lost' : 'written') })
  const { engine, gateway } = await underWay(t, store)
  isAway = true
  const creation = gateway.createProcessInstance(created)
  await settled()
  assert.equal(engine.health().healthy, false)
  isAway = false
  await creation
  assert.equal(engine.health().healthy, true)
})

test('a long poll ends with the first job; one that nobody feeds ends empty', async (t) => {
  const { gateway } = await underWay(t, new MemoryStore())
  const waiting = gateway.activateJobs(poll('w', 60_000))
  await gateway.createProcessInstance(created)
  assert.equal((await waiting).length, 1)
  assert.deepEqual(await gateway.activateJobs(poll('w', 1)), [])
  assert.deepEqual(await gateway.activateJobs(poll('w', -1)), [])
})

test('a poll whose client has gone takes no job with it', async (t) => {
  const { gateway } = await underWay(t, new MemoryStore())
  const gone = new AbortController()
  const abandoned = gateway.activateJobs(poll('gone', 60_000), gone.signal)
  const next = gateway.activateJobs(poll('next', 60_000))
  const creation = gateway.createProcessInstance(created)
  gone.abort()
  await creation
  assert.deepEqual(await abandoned, [])
  const [job] = await next
  assert.equal(job?.worker, 'next')
})

test('a stream gets each new job; one that is full leaves it to others', async (t) => {
  const { engine, gateway } = await underWay(t, new MemoryStore())
  const end = new AbortController()
  t.after(() => end.abort())
  const pushed: number[] = []
  const request = { type: 'work', worker: 's', timeout: 60_000, fetchVariables: [], tenantIds: ['<default>'] }
  engine.streamJobs(request, (job) => pushed.length < 2 && pushed.push(job.key) > 0, end.signal)
  for (let i = 0; i < 3; i++) await gateway.createProcessInstance(created)
  await engine.idle()
  assert.equal(pushed.length, 2)
  const [left] = await gateway.activateJobs(poll('w', 1_000))
  assert.ok(left && !pushed.includes(Number(left.key)))
})

test('J3: a stream that was full asks for what it left', async (t) => {
  const { engine, gateway } = await underWay(t, new MemoryStore())
  const end = new AbortController()
  t.after(() => end.abort())
  const all = Promise.withResolvers<void>()
  let room = 1
  let taken = 0
  const push = () => {
    if (room === 0) return false
    room--
    if (++taken === 50) all.resolve()
    return true
  }
  engine.streamJobs(
    { type: 'work', worker: 's', timeout: 60_000, fetchVariables: [], tenantIds: ['<default>'] },
    push,
    end.signal,
  )
  await Promise.all(Array.from({ length: 50 }, () => gateway.createProcessInstance(created)))
  await engine.idle()
  assert.equal(taken, 1)
  room = 49
  await all.promise
})

test('a job whose worker is silent is offered again when its time is over', async (t) => {
  const { engine, gateway } = await underWay(t, new MemoryStore())
  await gateway.createProcessInstance(created)
  const [first] = await gateway.activateJobs(poll('silent', -1, 90_000))
  assert.deepEqual(await gateway.activateJobs(poll('next', -1)), [])
  engine.clock.pin(engine.clock.now() + 90_001)
  await engine.idle()
  const [again] = await gateway.activateJobs(poll('next', -1))
  assert.equal(again?.key, first?.key)
})

test('a controlled clock may stand somewhere from the start: a timer not yet due there does not fire', async (t) => {
  const store = new MemoryStore()
  const at = Date.parse('2027-03-01T09:00:00Z')
  const { engine, gateway } = await underWay(t, store, { clockAt: at })
  await gateway.createProcessInstance(created)
  const [first] = await gateway.activateJobs(poll('before', -1, 90_000))
  await engine.close()
  const later = await underWay(t, store, { clockAt: at + 89_000 })
  assert.equal(later.engine.clock.now(), at + 89_000)
  await later.engine.idle()
  assert.deepEqual(await later.gateway.activateJobs(poll('too early', -1)), [])
  later.engine.clock.pin(at + 90_001)
  await later.engine.idle()
  const [again] = await later.gateway.activateJobs(poll('in time', -1))
  assert.equal(again?.key, first?.key)
})

test('a result waits for the end of its instance, and not for ever', async (t) => {
  const { gateway } = await underWay(t, new MemoryStore())
  const result = gateway.createProcessInstanceWithResult(created, [], 60_000)
  const [job] = await gateway.activateJobs(poll('w', 60_000))
  await gateway.completeJob(job!.key, '{"a":1.10}')
  assert.equal((await result).variables, '{"a":1.10}')
  await assert.rejects(gateway.createProcessInstanceWithResult(created, [], 1), failsWith('DEADLINE_EXCEEDED'))
})

test('a full queue says so', async (t) => {
  const { gateway } = await underWay(t, new MemoryStore())
  const calls = Array.from({ length: 10_500 }, () =>
    gateway.createProcessInstance(created).then(
      () => null,
      (error) => error,
    ),
  )
  const refusals = (await Promise.all(calls)).filter((error) => error !== null)
  assert.ok(refusals.length > 0)
  assert.ok(refusals.every(failsWith('RESOURCE_EXHAUSTED')))
})
