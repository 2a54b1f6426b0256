/** zeebe-node 8.3.2 as it comes from npm: instances, jobs by worker and by hand, failures, errors, messages, results. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type Job, ZBClient } from 'zeebe-node'
import { absent, sdkDiagram, startIter } from './iter.ts'

const TIMEOUT_MS = 60_000
const options = { skip: absent, timeout: 60_000 }
const iter = absent ? null : await startIter()
const client = new ZBClient(iter?.grpc ?? '', { useTLS: false, retry: false, loglevel: 'NONE', eagerConnection: false })
after(async () => {
  await client.close()
  await iter?.close()
})

const deploy = (name: string) => client.deployResource({ processFilename: sdkDiagram(name) })
const start = (bpmnProcessId: string, variables = {}) => client.createProcessInstance({ bpmnProcessId, variables })
const oneJob = async (type: string): Promise<Job> => {
  const poll = { type, worker: 'test', maxJobsToActivate: 1, timeout: TIMEOUT_MS, requestTimeout: 10_000 }
  const [job] = await client.activateJobs(poll)
  assert.ok(job, `a job of type ${type}`)
  return job
}
/** All instances that asked for a result end through here. */
const result = (bpmnProcessId: string, variables = {}) =>
  client.createProcessInstanceWithResult({ bpmnProcessId, variables, requestTimeout: 20_000 })

test('the topology is that of Zeebe 8.8', options, async () => {
  const { gatewayVersion, brokers, partitionsCount } = await client.topology()
  assert.equal(gatewayVersion, '8.8.0')
  assert.equal(partitionsCount, 1)
  assert.equal(brokers[0]?.partitions[0]?.role, 'LEADER')
})

test('a deployment has its version; the same again is the same', options, async () => {
  const first = await deploy('hello-world.bpmn')
  const again = await deploy('hello-world.bpmn')
  const { bpmnProcessId, version, processDefinitionKey } = first.deployments[0]!.process
  assert.deepEqual([bpmnProcessId, version], ['hello-world', 1])
  assert.equal(again.deployments[0]?.process.processDefinitionKey, processDefinitionKey)
  const { processes } = await client.deployProcess(sdkDiagram('hello-world.bpmn'))
  assert.equal(processes[0]?.bpmnProcessId, 'hello-world', 'the call that is deprecated')
})

test('a worker completes a job with variables, and the instance answers with its result', options, async () => {
  await deploy('hello-world.bpmn')
  const worker = client.createWorker({
    taskType: 'console-log',
    taskHandler: (job) => job.complete({ said: `hello ${job.variables.name}` }),
  })
  const { variables, bpmnProcessId } = await result('hello-world', { name: 'Anna' })
  assert.equal(bpmnProcessId, 'hello-world')
  assert.deepEqual(variables, { name: 'Anna', said: 'hello Anna' })
  await worker.close()
})

test('fetched variables are those asked for', options, async () => {
  await deploy('hello-world-fv.bpmn')
  await start('hello-world-fv', { a: 1, b: 2 })
  const poll = { worker: 'test', maxJobsToActivate: 1, timeout: TIMEOUT_MS, requestTimeout: 10_000 }
  const [job] = await client.activateJobs({ ...poll, type: 'console-log-fv', fetchVariable: ['b'] })
  assert.deepEqual(job?.variables, { b: 2 })
})

test('an empty poll waits for its time and ends; a job that turns up ends it at once', options, async () => {
  await deploy('Worker-LongPoll.bpmn')
  const waiting = oneJob('console-log-long-poll')
  await start('long-poll')
  assert.equal((await waiting).bpmnProcessId, 'long-poll')
})

test('a failed job comes again with fewer retries; it ends with its instance', options, async () => {
  await deploy('Worker-Failure-Retries.bpmn')
  const { processInstanceKey } = await start('worker-failure-retries')
  const job = await oneJob('service-task-worker-failure-retries')
  assert.equal(job.retries, 100)
  await client.failJob({ jobKey: job.key, retries: 1, errorMessage: 'not yet', retryBackOff: 0 })
  const again = await oneJob('service-task-worker-failure-retries')
  assert.deepEqual([again.key, again.retries], [job.key, 1])
  await client.updateJobRetries({ jobKey: job.key, retries: 5 })
  await client.cancelProcessInstance(processInstanceKey)
  await assert.rejects(client.completeJob({ jobKey: job.key, variables: {} }), { code: 5 })
})

test('a thrown error is caught by the boundary event around it', options, async () => {
  await deploy('Client-ThrowError-2.bpmn')
  const worker = client.createWorker({
    taskType: 'throw-bpmn-error-task-2',
    taskHandler: (job) =>
      job.error({ errorCode: 'BUSINESS_ERROR', errorMessage: 'no', variables: { something: 'said' } }),
  })
  const sad = client.createWorker({
    taskType: 'sad-flow-2',
    taskHandler: (job) => job.complete({ bpmnErrorCaught: true, seen: job.variables.something }),
  })
  const { variables } = await result('throw-bpmn-error-2')
  assert.deepEqual(variables, { bpmnErrorCaught: true, something: 'said', seen: 'said' })
  await Promise.all([worker.close(), sad.close()])
})

test('a message that was there before the instance reaches it', options, async () => {
  await deploy('rest-message-test.bpmn')
  const correlationKey = 'zeebe-node'
  await client.publishMessage({ name: 'rest-message', correlationKey, timeToLive: 30_000, variables: { paid: true } })
  const { variables } = await result('rest-message-test', { correlationId: correlationKey })
  assert.deepEqual(variables, { correlationId: correlationKey, paid: true })
})

test('an instance starts before the element it is told to', options, async () => {
  await deploy('Client-SkipFirstTask.bpmn')
  await client.createProcessInstance({
    bpmnProcessId: 'SkipFirstTask',
    variables: {},
    startInstructions: [{ elementId: 'second_service_task' }],
  })
  assert.equal((await oneJob('second_service_task')).elementId, 'second_service_task')
})

test('a timer event passes by itself', options, async () => {
  await deploy('await-outcome.bpmn')
  const { variables } = await result('await-outcome', { sourceData: 5 })
  assert.equal((variables as { sourceData?: number }).sourceData, 5)
})

test('variables are set into the instance', options, async () => {
  await deploy('rest-get-variable.bpmn')
  const { processInstanceKey } = await start('test-getVariable', { a: 1 })
  await client.setVariables({ elementInstanceKey: processInstanceKey, variables: { a: 2, b: 'x' }, local: false })
  assert.deepEqual((await oneJob('get-variable')).variables, { a: 2, b: 'x' })
})

test('what is not there is NOT_FOUND', options, async () => {
  await assert.rejects(start('nope'), {
    code: 5,
    details: /Expected to find process definition with process ID 'nope'/,
  })
})

test('a signal is broadcast', options, async () => {
  const { key } = await client.broadcastSignal({ signalName: 's', variables: {} })
  assert.ok(Number(key) > 0)
})
