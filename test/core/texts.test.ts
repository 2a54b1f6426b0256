/** Refusals and incidents in Zeebe's words, where no recorded scenario of the first elements says them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calls, diagram, extensions, jobType, Scope } from '../simulation/diagram.ts'
import { World } from '../simulation/world.ts'

test('an incident whose job has no retries left is not resolved', async () => {
  await using world = await World.opened()
  const scope = new Scope().add('startEvent', 's').add('serviceTask', 'w', jobType('w')).flow('s', 'w')
  await world.deploy(diagram({ processes: { p: scope } }))
  await world.client.createProcessInstance({ bpmnProcessId: 'p' })
  const [job] = world.store.rows('job')
  await world.client.failJob(String(job!.key), { retries: 0 })
  const [incident] = world.store.rows('incident')
  await assert.rejects(
    world.client.resolveIncident(String(incident!.key)),
    new RegExp(
      `Expected to resolve incident with key '${incident!.key}', but job with key '${job!.key}' has no retries left. Please update the job retries and retry resolving the incident$`,
    ),
  )
})

test('a start instruction names an element that there is, and of a kind that can be started', async () => {
  await using world = await World.opened()
  await world.deploy(diagram({ processes: { p: new Scope().add('startEvent', 's').add('task', 't').flow('s', 't') } }))
  const startAt = (elementId: string) =>
    world.client.createProcessInstance({ bpmnProcessId: 'p', startInstructions: [{ elementId }] })
  await assert.rejects(startAt('x'), /start instructions but no element found with id 'x'\.$/)
  await assert.rejects(
    startAt('s'),
    /'s' targets unsupported element type 'START_EVENT'\. Supported element types are: \[/,
  )
})

test('what a version tag names must be deployed', async () => {
  await using world = await World.opened()
  const tagged = 'bindingType="versionTag" versionTag="gold"'
  const decision = `<zeebe:calledDecision decisionId="d" resultVariable="r" ${tagged}/>`
  const scope = new Scope()
    .add('startEvent', 's')
    .add('callActivity', 'call', calls('q', tagged))
    .add('businessRuleTask', 'decide', extensions(decision))
    .add('userTask', 'fill', extensions('<zeebe:userTask/>', `<zeebe:formDefinition formId="f" ${tagged}/>`))
    .flow('s', 'call')
    .flow('s', 'decide')
    .flow('s', 'fill')
  await world.deploy(diagram({ processes: { p: scope } }))
  await world.client.createProcessInstance({ bpmnProcessId: 'p' })
  const told = world.store.rows('incident').map(({ errorMessage }) => errorMessage)
  assert.deepEqual(told.sort(), [
    "Expected to call process with BPMN process id 'q' and version tag 'gold', but no such process found. To resolve this incident, deploy a process with the given process id and version tag.",
    "Expected to evaluate decision with id 'd' and version tag 'gold', but no such decision found. To resolve this incident, deploy a decision with the given id and version tag.",
    "Expected to use a form with id 'f' and version tag 'gold', but no such form found. To resolve this incident, deploy a form with the given id and version tag.",
  ])
})
