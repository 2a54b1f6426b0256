/** Instances that are migrated while something is about to happen in them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GatewayError } from '../../engine/protocol/gateway.ts'
import { diagram, jobType, listened, message, Scope } from '../simulation/diagram.ts'
import { hotRows, World } from '../simulation/world.ts'

const process = (by: string) => {
  const inner = new Scope()
    .add('startEvent', `${by}told`, message('m'), 'isInterrupting="true"')
    .add('endEvent', `${by}over`)
    .path(`${by}told`, `${by}over`)
  const scope = new Scope()
    .add('startEvent', `${by}start`)
    .add('serviceTask', `${by}work`, jobType('work'))
    .add('endEvent', `${by}end`)
    .path(`${by}start`, `${by}work`, `${by}end`)
    .add('subProcess', `${by}inner`, listened(inner.xml, 'start'), 'triggeredByEvent="true"')
  return diagram({ processes: { p: scope }, messages: { m: '=key' } })
}

test('an event that waits for a listener names an element of the old version: migration is to be tried again', async () => {
  await using world = await World.opened()
  await world.deploy(process('a'))
  const { processInstanceKey } = await world.client.createProcessInstance({
    bpmnProcessId: 'p',
    variables: '{"key":"k"}',
  })
  await world.deploy(process('b'))
  const mappingInstructions = ['start', 'work', 'end', 'told', 'over', 'inner'].map((id) => ({
    sourceElementId: `a${id}`,
    targetElementId: `b${id}`,
  }))
  const targetProcessDefinitionKey = String(world.store.rows('processDefinition').at(-1)!.key)
  const migrated = () =>
    world.client.migrateProcessInstance(processInstanceKey, { targetProcessDefinitionKey, mappingInstructions })
  await world.client.publishMessage({ name: 'm', correlationKey: 'k', timeToLiveMs: 0 })
  await assert.rejects(
    migrated(),
    (error) => error instanceof GatewayError && error.message.includes('a concurrent command was executed'),
  )
  await world.client.completeJob(String(world.store.rows('job')[0]!.key))
  assert.deepEqual(hotRows(world.store), [])
})
