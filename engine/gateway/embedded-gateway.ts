/**
 * The `Gateway` over the engine in this process: what gRPC, REST and the workers beside the engine call.
 * Owns: request → command → reply, refusals as GatewayErrors, the bound on waiting polls. Does not own: wire formats, semantics.
 */
import { type Gateway, GatewayError, type Topology } from '../protocol/gateway.ts'
import type { Command, Event } from '../protocol/records.ts'
import type { Engine } from '../runtime/engine.ts'
import { batchLifecycle, createBatchOperation } from './batch-requests.ts'
import { jobStream } from './job-stream.ts'
import { refused } from './rejection.ts'
import * as requests from './requests.ts'
import * as responses from './responses.ts'

/** What clients choose features by; Iter's own version is in /actuator/info. */
export const ZEEBE_VERSION = '8.8.0'
export const WAITING_POLLS_MAX = 10_000

type Ask = (command: Command, signal?: AbortSignal) => Promise<Event>

export function embeddedGateway(engine: Engine, address: { readonly host: string; readonly port: number }): Gateway {
  const ask: Ask = async (command, signal) => {
    const answer = await engine.submit(command, signal)
    if (answer.ok) return answer.event
    throw refused(command.intent, answer.rejection)
  }
  return {
    ...definitionCalls(ask),
    ...instanceCalls(ask),
    ...jobCalls(ask, engine),
    ...userTaskCalls(ask),
    ...batchCalls(ask),
    topology: async () => topology(engine, address),
    publishMessage: async (request) => responses.publishedMessage(await ask(requests.publishMessage(request))),
    correlateMessage: async (request) => responses.correlatedMessage(await ask(requests.correlateMessage(request))),
    broadcastSignal: async (request) => responses.broadcastSignal(await ask(requests.broadcastSignal(request))),
    evaluateConditionals: async (request) =>
      responses.evaluatedConditionals(await ask(requests.evaluateConditionals(request))),
    query: engine.query,
  }
}

const definitionCalls = (ask: Ask) =>
  ({
    async deployResources(request) {
      return responses.deployment(await ask(requests.deployResources(request)))
    },
    async deleteResource(resourceKey) {
      await ask(requests.deleteResource(resourceKey))
    },
    async evaluateDecision(request) {
      return responses.evaluation(await ask(requests.evaluateDecision(request)))
    },
  }) satisfies Partial<Gateway>

const instanceCalls = (ask: Ask) =>
  ({
    async createProcessInstance(request) {
      return responses.createdInstance(await ask(requests.createInstance(request)))
    },
    async createProcessInstanceWithResult(request, fetchVariables, requestTimeoutMs) {
      const creation = requests.createInstance(request, { fetchVariables })
      const event = await askWithin(ask, creation, requests.resultWaitMs(requestTimeoutMs))
      return responses.instanceResult(responses.answered(event, 'PROCESS_INSTANCE_RESULT'))
    },
    async cancelProcessInstance(processInstanceKey) {
      await ask(requests.cancelInstance(processInstanceKey))
    },
    async migrateProcessInstance(processInstanceKey, plan) {
      await ask(requests.migrateInstance(processInstanceKey, plan))
    },
    async modifyProcessInstance(processInstanceKey, modification) {
      await ask(requests.modifyInstance(processInstanceKey, modification))
    },
    async suspend(target) {
      await ask(requests.suspension('SUSPEND', target))
    },
    async resume(target) {
      await ask(requests.suspension('RESUME', target))
    },
    async setVariables(elementInstanceKey, variables, local) {
      const { key } = await ask(requests.setVariables(elementInstanceKey, variables, local))
      return { key: String(key) }
    },
    async activateAdHocActivities(key, elements, cancelRemainingInstances) {
      await ask(requests.activateAdHoc(key, elements, cancelRemainingInstances))
    },
    async resolveIncident(incidentKey) {
      await ask(requests.resolveIncident(incidentKey))
    },
  }) satisfies Partial<Gateway>

/** The instance goes on when its caller has waited long enough. */
async function askWithin(ask: Ask, command: Command, waitMs: number): Promise<Event> {
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

const notInTime = (waitMs: number) =>
  new GatewayError(
    'DEADLINE_EXCEEDED',
    `Expected the process instance to complete within ${waitMs} ms, but it has not. It goes on; do not create it again.`,
  )

function jobCalls(ask: Ask, engine: Engine) {
  const poll = boundedPolls()
  return {
    async activateJobs(request, signal) {
      const job = requests.jobRequest(request)
      const most = requests.maxJobs(request)
      const waitMs = requests.pollWaitMs(request.requestTimeoutMs)
      const jobs = await poll(() => engine.activateJobs(job, most, waitMs, signal))
      return jobs.map(responses.activatedJob)
    },
    streamJobs: (request, signal) => jobStream(engine, requests.jobRequest(request), signal),
    async completeJob(jobKey, variables, result) {
      await ask(requests.completeJob(jobKey, variables, result))
    },
    async failJob(jobKey, failure) {
      await ask(requests.failJob(jobKey, failure))
    },
    async throwError(jobKey, error) {
      await ask(requests.throwError(jobKey, error))
    },
    async updateJobRetries(jobKey, retries) {
      await ask(requests.updateJobRetries(jobKey, retries))
    },
    async updateJobTimeout(jobKey, timeoutMs) {
      await ask(requests.updateJobTimeout(jobKey, timeoutMs))
    },
  } satisfies Partial<Gateway>
}

function boundedPolls() {
  let waiting = 0
  return async <T>(poll: () => Promise<T>): Promise<T> => {
    if (waiting >= WAITING_POLLS_MAX) {
      throw new GatewayError(
        'RESOURCE_EXHAUSTED',
        `Expected fewer than ${WAITING_POLLS_MAX} waiting polls, but there are as many. Try again later.`,
      )
    }
    waiting++
    try {
      return await poll()
    } finally {
      waiting--
    }
  }
}

const userTaskCalls = (ask: Ask) =>
  ({
    async assignUserTask(userTaskKey, assignment) {
      await ask(requests.assignUserTask(userTaskKey, assignment))
    },
    async unassignUserTask(userTaskKey) {
      await ask(requests.unassignUserTask(userTaskKey))
    },
    async updateUserTask(userTaskKey, changeset, action) {
      await ask(requests.updateUserTask(userTaskKey, changeset, action))
    },
    async completeUserTask(userTaskKey, variables, action) {
      await ask(requests.completeUserTask(userTaskKey, variables, action))
    },
  }) satisfies Partial<Gateway>

const batchCalls = (ask: Ask) =>
  ({
    async createBatchOperation(request) {
      const { key } = await ask(createBatchOperation(request))
      return { batchOperationKey: String(key), batchOperationType: request.type }
    },
    async cancelBatchOperation(batchOperationKey) {
      await ask(batchLifecycle('CANCEL', batchOperationKey))
    },
    async suspendBatchOperation(batchOperationKey) {
      await ask(batchLifecycle('SUSPEND', batchOperationKey))
    },
    async resumeBatchOperation(batchOperationKey) {
      await ask(batchLifecycle('RESUME', batchOperationKey))
    },
  }) satisfies Partial<Gateway>

/** One broker that leads its one partition. */
function topology(engine: Engine, { host, port }: { readonly host: string; readonly port: number }): Topology {
  const health = engine.health().healthy ? 'HEALTHY' : 'UNHEALTHY'
  const partitions = [{ partitionId: 1, role: 'LEADER', health }] as const
  const brokers = [{ nodeId: 0, host, port, version: ZEEBE_VERSION, partitions }]
  return { brokers, clusterSize: 1, partitionsCount: 1, replicationFactor: 1, gatewayVersion: ZEEBE_VERSION }
}
