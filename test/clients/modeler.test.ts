/** What Camunda Modeler 5.50 calls, in its order: it tries REST, falls back to gRPC, deploys, starts, and looks on. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { Camunda8 } from '@camunda8/sdk'
import { absent, sdkDiagram, startIter } from './iter.ts'

const options = { skip: absent, timeout: 60_000 }
const iter = absent ? null : await startIter()
const clients: Camunda8[] = []
after(async () => {
  for (const client of clients) await client.closeAllClients()
  await iter?.close()
})

function modelerClient(addresses: { ZEEBE_GRPC_ADDRESS?: string; ZEEBE_REST_ADDRESS?: string }): Camunda8 {
  const client = new Camunda8({
    ...addresses,
    ...{ CAMUNDA_AUTH_STRATEGY: 'NONE', CAMUNDA_LOG_LEVEL: 'none' },
    zeebeGrpcSettings: { ZEEBE_GRPC_CLIENT_RETRY: false, ZEEBE_CLIENT_LOG_LEVEL: 'NONE' },
  })
  clients.push(client)
  return client
}
const read = (name: string): string => (absent ? '' : readFileSync(sdkDiagram(name), 'utf8'))
const diagram = { name: 'hello-world.bpmn', content: read('hello-world.bpmn') }

test('a gRPC port asked over HTTP/1 closes at once, so that the Modeler tries gRPC', options, async () => {
  const asked = performance.now()
  await assert.rejects(fetch(`http://${iter?.grpc}/v2/topology`))
  assert.ok(performance.now() - asked < 2_000)
})

test('grpc://: topology, deployment, instance', options, async () => {
  const client = modelerClient({ ZEEBE_GRPC_ADDRESS: `grpc://${iter?.grpc}` }).getZeebeGrpcApiClient()
  assert.equal((await client.topology()).gatewayVersion, '8.8.0')
  const one = await client.deployResource({ name: diagram.name, process: Buffer.from(diagram.content) })
  assert.equal(one.deployments.length, 1)
  const { processInstanceKey } = await client.createProcessInstance({ bpmnProcessId: 'hello-world', variables: {} })
  assert.match(processInstanceKey, /^\d+$/)
  await client.cancelProcessInstance(processInstanceKey)
})

test(
  'http://: topology, deployment of several files, instance up to an element, what it has come to',
  options,
  async () => {
    const client = modelerClient({ ZEEBE_REST_ADDRESS: iter?.rest ?? '' }).getCamundaRestClient()
    assert.equal((await client.getTopology()).gatewayVersion, '8.8.0')
    const form = { name: 'a.form', content: read('form/test-basic-form.form') }
    const deployed = await client.deployResources([diagram, form])
    assert.equal(deployed.deployments.length, 2)
    const started = await client.createProcessInstance({
      ...{ processDefinitionId: 'hello-world', variables: {} },
      ...{ startInstructions: [{ elementId: 'ServiceTask_0g6tf5f' }] },
      ...{ runtimeInstructions: [{ type: 'TERMINATE_PROCESS_INSTANCE', afterElementId: 'ServiceTask_0g6tf5f' }] },
    })
    const { processInstanceKey } = started
    const poll = {
      type: 'console-log',
      worker: 'modeler',
      maxJobsToActivate: 1,
      timeout: 60_000,
      requestTimeout: 10_000,
    }
    const jobs = await client.activateJobs(poll)
    for (const job of jobs) await client.completeJob({ jobKey: job.jobKey, variables: {} })
    const filter = { processInstanceKey }
    const { items: elements } = await client.searchElementInstances({ filter })
    assert.deepEqual(
      elements.map(({ elementId, state }) => [elementId, state]),
      [['ServiceTask_0g6tf5f', 'COMPLETED']],
    )
    const { items: instances } = await client.searchProcessInstances({ filter })
    assert.equal(instances[0]?.state, 'TERMINATED')
    assert.equal((await client.searchVariables({ filter })).items.length, 0)
    assert.equal((await client.searchIncidents({ filter })).items.length, 0)
    assert.equal((await client.searchUserTasks({ filter })).items.length, 0)
  },
)

test('a faulty diagram is refused with its name and the element', options, async () => {
  const broken = { name: 'broken.bpmn', content: read('Client-BrokenBpmn.bpmn') }
  const client = modelerClient({ ZEEBE_REST_ADDRESS: iter?.rest ?? '' }).getCamundaRestClient()
  await assert.rejects(client.deployResources([broken]), /'broken\.bpmn'[\s\S]*Element: ServiceTask_0g6tf5f/)
})
