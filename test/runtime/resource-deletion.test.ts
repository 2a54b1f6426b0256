/** A definition of which instances run is not deleted; to know that takes some of them, not all. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SOME_ROWS } from '../../engine/core/state/miss.ts'
import { embeddedGateway } from '../../engine/gateway/index.ts'
import { type Gateway, GatewayError } from '../../engine/protocol/gateway.ts'
import { startEngine } from '../../engine/runtime/embedded-engine.ts'
import { MemoryStore } from '../../engine/store/memory.ts'
import type { Store } from '../../engine/store/store.ts'
import { PROCESS_ID, underWay } from './under-way.ts'

const isRefused = (error: unknown) => error instanceof GatewayError && error.status === 'FAILED_PRECONDITION'
async function instances(gateway: Gateway): Promise<readonly string[]> {
  const keys: string[] = []
  for (let i = 0; i < 3 * SOME_ROWS; i++)
    keys.push((await gateway.createProcessInstance({ bpmnProcessId: PROCESS_ID })).processInstanceKey)
  return keys
}

test('of many instances some are loaded', async (t) => {
  const memory = new MemoryStore()
  const first = await underWay(t, memory.session())
  await instances(first.gateway)
  let loaded = 0
  const session = memory.session()
  const counting: Store = {
    ...session,
    load: async (wants) => {
      const answer = await session.load(wants)
      loaded += answer.rows.get('elementInstance')?.length ?? 0
      return answer
    },
  }
  const engine = await startEngine({ store: counting })
  t.after(() => engine.close())
  const gateway = embeddedGateway(engine, { host: '127.0.0.1', port: 0 })
  const { key } = memory.rows('processDefinition')[0]!
  await assert.rejects(gateway.deleteResource(String(key)), isRefused)
  assert.equal(loaded, SOME_ROWS)
})

test('those that are loaded end in the same moment: the others are looked for', async (t) => {
  const memory = new MemoryStore()
  const keys = await instances((await underWay(t, memory.session())).gateway)
  const engine = await startEngine({ store: memory.session() })
  t.after(() => engine.close())
  const gateway = embeddedGateway(engine, { host: '127.0.0.1', port: 0 })
  const { key } = memory.rows('processDefinition')[0]!
  const cancel = (some: readonly string[]) => some.map((instance) => gateway.cancelProcessInstance(instance))
  const [deletion] = (
    await Promise.allSettled([...cancel(keys.slice(0, SOME_ROWS)), gateway.deleteResource(String(key))])
  ).slice(-1)
  assert.ok(deletion?.status === 'rejected' && isRefused(deletion.reason), 'two hundred are left')
  await Promise.all([...cancel(keys.slice(SOME_ROWS)), gateway.deleteResource(String(key))])
  assert.equal(memory.rows('processDefinition')[0]?.deleted, true)
})
