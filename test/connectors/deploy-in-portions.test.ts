/** What comes with the program is deployed portion by portion, on a gateway that has no time for some of them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deployInPortions } from '../../connectors/zeebe/index.ts'
import { embeddedGateway } from '../../engine/gateway/index.ts'
import { type DeployRequest, type Gateway, GatewayError } from '../../engine/protocol/gateway.ts'
import { startEngine } from '../../engine/runtime/embedded-engine.ts'
import { MemoryStore } from '../../engine/store/memory.ts'

const encoder = new TextEncoder()
const PROCESS = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="test"'
/** Each of them fills most of a portion. */
const diagram = (id: string) => ({
  name: `${id}.bpmn`,
  content: encoder.encode(
    `<definitions ${PROCESS}><!-- ${'x'.repeat(150_000)} --><process id="${id}" isExecutable="true"><startEvent id="inizio"/></process></definitions>`,
  ),
})
const DIAGRAMS = [diagram('prima'), diagram('seconda'), diagram('terza')]
const notYet = (status: GatewayError['status'] = 'DEADLINE_EXCEEDED') => new GatewayError(status, 'Time out')

/** The engine, which is asked through a gateway that gives up as it is told, before it has asked or after. */
async function hurried(t: { after(close: () => Promise<void>): void }, giveUps: ('before' | 'after' | null)[]) {
  const engine = await startEngine({ store: new MemoryStore(), log: () => {} })
  t.after(() => engine.close())
  const gateway = embeddedGateway(engine, { host: '127.0.0.1', port: 0 })
  const asked: string[][] = []
  const deployResources: Gateway['deployResources'] = async (request: DeployRequest) => {
    asked.push(request.resources.map(({ name }) => name))
    const giveUp = giveUps.shift() ?? null
    if (giveUp === 'before') throw notYet()
    const deployed = await gateway.deployResources(request)
    if (giveUp === 'after') throw notYet()
    return deployed
  }
  const version = async (bpmnProcessId: string) =>
    (await gateway.createProcessInstance({ bpmnProcessId, version: -1, variables: '{}' })).version
  return { gateway: { deployResources }, asked, version }
}

test('a portion that the cluster had no time for is tried again, taken or not; nothing is deployed twice', async (t) => {
  const { gateway, asked, version } = await hurried(t, [null, 'before', 'after', null, null])
  await deployInPortions(gateway, DIAGRAMS)
  assert.deepEqual(asked, [['prima.bpmn'], ['seconda.bpmn'], ['seconda.bpmn'], ['seconda.bpmn'], ['terza.bpmn']])
  assert.deepEqual(await Promise.all(['prima', 'seconda', 'terza'].map(version)), [1, 1, 1])
})

test('small resources go together, in their order', async (t) => {
  const { gateway, asked } = await hurried(t, [])
  const form = (name: string) => ({ name, content: encoder.encode(`{"id":"${name}","components":[]}`) })
  await deployInPortions(gateway, [form('uno.form'), form('due.form'), diagram('a'), diagram('b')])
  assert.deepEqual(asked, [['uno.form', 'due.form', 'a.bpmn'], ['b.bpmn']])
})

test('a portion that is never taken is told by the names of what is in it', async (t) => {
  const { gateway, version } = await hurried(t, [null, 'before'])
  await assert.rejects(deployInPortions(gateway, DIAGRAMS, { patienceMs: 0 }), {
    status: 'DEADLINE_EXCEEDED',
    message: 'Expected to deploy seconda.bpmn, but the gateway answered DEADLINE_EXCEEDED: Time out',
  })
  assert.equal(await version('prima'), 1)
})

test('what is refused is not tried again', async (t) => {
  const { gateway, asked } = await hurried(t, [])
  const broken = { name: 'rotta.bpmn', content: encoder.encode('<definitions') }
  await assert.rejects(deployInPortions(gateway, [broken]), { status: 'INVALID_ARGUMENT', message: /rotta\.bpmn/ })
  assert.equal(asked.length, 1)
})

test('whoever waits may end it before the next try', async (t) => {
  const { gateway, asked } = await hurried(t, ['before'])
  const goesOn = () => {
    if (asked.length === 1) throw new Error('The cluster has ended')
  }
  await assert.rejects(deployInPortions(gateway, DIAGRAMS, { goesOn }), /The cluster has ended/)
})
