/**
 * The `Gateway` over the engine in this process: what gRPC, REST and the workers beside the engine call.
 * Owns: request → command → reply, refusals as GatewayErrors, the bound on waiting polls. Does not own: wire formats, semantics.
 */
import { type Gateway, GatewayError, type Topology } from '../protocol/gateway.ts'
import { type Command, type Event, NO_KEY } from '../protocol/records.ts'
import type { Engine } from '../runtime/engine.ts'
import { definitionNames } from './definition-names.ts'
import { jobStream } from './job-stream.ts'
import { refused } from './rejection.ts'
import * as requests from './requests.ts'
import * as responses from './responses.ts'

/** What clients choose features by; Iter's own version is in /actuator/info. */
export const ZEEBE_VERSION = '8.8.0'
export const WAITING_POLLS_MAX = 10_000

export function embeddedGateway(engine: Engine, address: { readonly host: string; readonly port: number }): Gateway {
  const names = definitionNames(engine.query)
  let waitingPolls = 0

  async function ask(command: Command, signal?: AbortSignal): Promise<Event> {
    const answer = await engine.submit(command, signal)
    if (answer.ok) return answer.event
    throw refused(command.intent, answer.rejection)
  }
  const tell = async (command: Command): Promise<void> => {
    await ask(command)
  }

  /** The instance goes on when its caller has waited long enough. */
  async function askWithin(command: Command, waitMs: number): Promise<Event> {
    const abandoned = new AbortController()
    const { promise: expired, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => reject(notInTime(waitMs)), waitMs)
    try {
      return await Promise.race([ask(command, abandoned.signal), expired])
    } finally {
      clearTimeout(timer)
      abandoned.abort()
    }
  }

  async function waitForJobs(poll: () => ReturnType<Engine['activateJobs']>) {
    if (waitingPolls >= WAITING_POLLS_MAX) {
      throw new GatewayError(
        'RESOURCE_EXHAUSTED',
        `Expected fewer than ${WAITING_POLLS_MAX} waiting polls, but there are as many. Try again later.`,
      )
    }
    waitingPolls++
    try {
      return (await poll()).map(responses.activatedJob)
    } finally {
      waitingPolls--
    }
  }

  return {
    topology: async () => topology(engine, address),
    deployResources: async (request) => responses.deployment(await ask(requests.deployResources(request))),
    deleteResource: async (resourceKey) => tell(requests.deleteResource(resourceKey)),
    createProcessInstance: async (request) => responses.createdInstance(await ask(requests.createInstance(request))),
    async createProcessInstanceWithResult(request, fetchVariables, requestTimeoutMs) {
      const creation = requests.createInstance(request, { fetchVariables })
      const result = responses.answered(
        await askWithin(creation, requests.resultWaitMs(requestTimeoutMs)),
        'PROCESS_INSTANCE_RESULT',
      )
      return responses.instanceResult(result, await names.ask(result.value.processDefinitionKey ?? NO_KEY))
    },
    cancelProcessInstance: async (processInstanceKey) => tell(requests.cancelInstance(processInstanceKey)),
    activateJobs: async (request, signal) => {
      const job = requests.jobRequest(request)
      const most = requests.maxJobs(request)
      const waitMs = requests.pollWaitMs(request.requestTimeoutMs)
      return waitForJobs(() => engine.activateJobs(job, most, waitMs, signal))
    },
    streamJobs: (request, signal) => jobStream(engine, requests.jobRequest(request), signal),
    completeJob: async (jobKey, variables) => tell(requests.completeJob(jobKey, variables)),
    failJob: async (jobKey, failure) => tell(requests.failJob(jobKey, failure)),
    throwError: async (jobKey, error) => tell(requests.throwError(jobKey, error)),
    updateJobRetries: async (jobKey, retries) => tell(requests.updateJobRetries(jobKey, retries)),
    updateJobTimeout: async (jobKey, timeoutMs) => tell(requests.updateJobTimeout(jobKey, timeoutMs)),
    publishMessage: async (request) => responses.publishedMessage(await ask(requests.publishMessage(request))),
    correlateMessage: async (request) => responses.correlatedMessage(await ask(requests.correlateMessage(request))),
    setVariables: async (elementInstanceKey, variables, local) => {
      const { key } = await ask(requests.setVariables(elementInstanceKey, variables, local))
      return { key: String(key) }
    },
    resolveIncident: async (incidentKey) => tell(requests.resolveIncident(incidentKey)),
    evaluateDecision: async (request) => responses.evaluation(await ask(requests.evaluateDecision(request))),
    assignUserTask: async (userTaskKey, assignment) => tell(requests.assignUserTask(userTaskKey, assignment)),
    unassignUserTask: async (userTaskKey) => tell(requests.unassignUserTask(userTaskKey)),
    updateUserTask: async (userTaskKey, changeset, action) =>
      tell(requests.updateUserTask(userTaskKey, changeset, action)),
    completeUserTask: async (userTaskKey, variables, action) =>
      tell(requests.completeUserTask(userTaskKey, variables, action)),
    query: engine.query,
  }
}

/** One broker that leads its one partition. */
function topology(engine: Engine, { host, port }: { readonly host: string; readonly port: number }): Topology {
  const health = engine.health().healthy ? 'HEALTHY' : 'UNHEALTHY'
  const partitions = [{ partitionId: 1, role: 'LEADER', health }] as const
  const brokers = [{ nodeId: 0, host, port, version: ZEEBE_VERSION, partitions }]
  return { brokers, clusterSize: 1, partitionsCount: 1, replicationFactor: 1, gatewayVersion: ZEEBE_VERSION }
}

const notInTime = (waitMs: number) =>
  new GatewayError(
    'DEADLINE_EXCEEDED',
    `Expected the process instance to complete within ${waitMs} ms, but it has not. It goes on; do not create it again.`,
  )
