/** What runs together. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryStore } from '../../engine/store/memory.ts'
import { PROCESS_ID, poll, underWay } from './under-way.ts'

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

test('L5: a command that waits for its rows is not overtaken', async (t) => {
  const memory = new MemoryStore()
  const before = await underWay(t, memory.session())
  await before.gateway.createProcessInstance({ bpmnProcessId: PROCESS_ID })
  const [job] = await before.gateway.activateJobs(poll('w', -1))
  await before.engine.close()

  const { engine, gateway } = await underWay(t, memory.session())
  const [last] = (await memory.read(0, Number.MAX_SAFE_INTEGER)).slice(-1)
  await Promise.all([gateway.completeJob(job!.key), gateway.createProcessInstance({ bpmnProcessId: PROCESS_ID })])
  await engine.idle()
  const commands = (await memory.read(last!.position, Number.MAX_SAFE_INTEGER)).flatMap(({ record }) =>
    record.recordType === 'COMMAND' ? [`${record.valueType} ${record.intent}`] : [],
  )
  assert.deepEqual(commands, ['JOB COMPLETE', 'PROCESS_INSTANCE_CREATION CREATE'])
})
