/** Ad-hoc sub-processes that a worker leads. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diagram, jobType, Scope } from '../simulation/diagram.ts'
import { hotRows, World } from '../simulation/world.ts'

test('the incident of a job that is taken back goes with it', async () => {
  const scope = new Scope()
    .add('startEvent', 's')
    .add('adHocSubProcess', 'led', jobType('lead') + new Scope().add('task', 'a').xml)
    .add('endEvent', 'e')
    .path('s', 'led', 'e')
  await using world = await World.opened()
  await world.deploy(diagram({ processes: { p: scope } }))
  await world.client.createProcessInstance({ bpmnProcessId: 'p' })
  const [first] = world.store.rows('job')
  await world.client.failJob(String(first!.key), { retries: 0 })
  assert.equal(world.store.rows('incident').length, 1)
  await world.client.activateAdHocActivities(String(first!.elementInstanceKey), [{ elementId: 'a' }], false)
  await world.idle()
  assert.deepEqual(world.store.rows('incident'), [])
  const [next] = world.store.rows('job')
  assert.equal(next?.state, 'ACTIVATABLE')
  await world.client.completeJob(String(next!.key), '{}', {
    type: 'adHocSubProcess',
    activateElements: [],
    isCompletionConditionFulfilled: true,
    isCancelRemainingInstances: false,
  })
  await world.idle()
  assert.deepEqual(hotRows(world.store), [])
})

test('what ends while its worker is asked takes the job back', async () => {
  const slow = new Scope()
    .add('startEvent', 'is')
    .add(
      'subProcess',
      'deeper',
      new Scope().add('startEvent', 'ds').add('serviceTask', 'w', jobType('work')).path('ds', 'w').xml,
    )
    .path('is', 'deeper')
  const inside = new Scope().add('task', 'quick').add('subProcess', 'slow', slow.xml)
  const scope = new Scope()
    .add('startEvent', 's')
    .add('adHocSubProcess', 'led', jobType('lead') + inside.xml)
    .add('endEvent', 'e')
    .path('s', 'led', 'e')
  await using world = await World.opened()
  await world.deploy(diagram({ processes: { p: scope } }))
  await world.client.createProcessInstance({ bpmnProcessId: 'p' })
  const [lead] = world.store.rows('job')
  await world.client.completeJob(String(lead!.key), '{}', {
    type: 'adHocSubProcess',
    activateElements: [{ elementId: 'slow' }],
    isCompletionConditionFulfilled: false,
    isCancelRemainingInstances: false,
  })
  // The quick one has completed, and the worker is asked, before the slow one has ended.
  await world.client.activateAdHocActivities(String(lead!.elementInstanceKey), [{ elementId: 'quick' }], true)
  await world.idle()
  const trace = await world.trace()
  assert.ok(trace.includes('led ELEMENT_COMPLETED'), trace.join('\n'))
  assert.deepEqual(hotRows(world.store), [])
})
