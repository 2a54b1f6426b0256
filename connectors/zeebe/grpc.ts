/**
 * The commands of a `Gateway` that gRPC has. Owns the field names of the wire. What only REST has is in rest.ts.
 * Keys arrive as text; absent optional fields are left to the wire's defaults.
 */
import type {
  ActivatedJob,
  CreateInstanceRequest,
  Deployed,
  Gateway,
  JobResult,
  Topology,
} from '../../engine/protocol/gateway.ts'
import type { GrpcCalls, Message } from './calls.ts'
import type { RestCommands } from './rest.ts'

export type GrpcCommands = Omit<Gateway, keyof RestCommands | 'query'>

/** The engine's default long poll and what a reply needs on top. */
const POLL_MS = 10_000
const REPLY_MS = 10_000

function resultMessage(result: JobResult): Message {
  if (result.type === 'adHocSubProcess') return { ...result }
  const { corrections: { candidateUsers, candidateGroups, ...attributes } = {}, ...rest } = result
  const corrections = {
    ...attributes,
    ...(candidateUsers && { candidateUsers: { values: candidateUsers } }),
    ...(candidateGroups && { candidateGroups: { values: candidateGroups } }),
  }
  return { ...rest, corrections }
}

export function grpcCommands({ unary, stream }: GrpcCalls): GrpcCommands {
  const done = async (name: string, request: Message): Promise<void> => void (await unary(name, request))
  const reply = async <Reply>(name: string, request: Message, deadlineMs?: number): Promise<Reply> =>
    (await unary(name, request, deadlineMs)) as Reply
  return {
    topology: () => reply<Topology>('Topology', {}),
    async deployResources({ resources, tenantId }) {
      const { key, ...deployed } = await reply<DeploymentReply>('DeployResource', { resources, tenantId })
      const deployments = deployed.deployments.map(deployedIn)
      return { deploymentKey: key, deployments, tenantId: deployed.tenantId }
    },
    deleteResource: (resourceKey) => done('DeleteResource', { resourceKey }),
    createProcessInstance: (request) => reply('CreateProcessInstance', creation(request)),
    createProcessInstanceWithResult: (request, fetchVariables, requestTimeoutMs) =>
      reply(
        'CreateProcessInstanceWithResult',
        { request: creation(request), fetchVariables, requestTimeout: requestTimeoutMs },
        (requestTimeoutMs || POLL_MS) + REPLY_MS,
      ),
    migrateProcessInstance: (processInstanceKey, migrationPlan) =>
      done('MigrateProcessInstance', { processInstanceKey, migrationPlan }),
    modifyProcessInstance: (processInstanceKey, modification) =>
      done('ModifyProcessInstance', { processInstanceKey, ...modification }),
    cancelProcessInstance: (processInstanceKey) => done('CancelProcessInstance', { processInstanceKey }),
    async activateJobs({ timeoutMs, requestTimeoutMs = 0, fetchVariables, ...request }, signal) {
      const asked = { ...request, timeout: timeoutMs, requestTimeout: requestTimeoutMs, fetchVariable: fetchVariables }
      const jobs: ActivatedJob[] = []
      for await (const { jobs: some } of stream('ActivateJobs', asked, signal)) {
        jobs.push(...(some as readonly JobMessage[]).map(jobIn))
      }
      return jobs
    },
    async *streamJobs({ timeoutMs, fetchVariables, ...request }, signal) {
      const asked = { ...request, timeout: timeoutMs, fetchVariable: fetchVariables }
      for await (const job of stream('StreamActivatedJobs', asked, signal)) yield jobIn(job as JobMessage & Message)
    },
    completeJob: (jobKey, variables, result) =>
      done('CompleteJob', { jobKey, variables, ...(result && { result: resultMessage(result) }) }),
    failJob: (jobKey, { retryBackOffMs, ...failure }) =>
      done('FailJob', { jobKey, ...failure, retryBackOff: retryBackOffMs }),
    throwError: (jobKey, error) => done('ThrowError', { jobKey, ...error }),
    updateJobRetries: (jobKey, retries) => done('UpdateJobRetries', { jobKey, retries }),
    updateJobTimeout: (jobKey, timeoutMs) => done('UpdateJobTimeout', { jobKey, timeout: timeoutMs }),
    async publishMessage({ timeToLiveMs, ...message }) {
      const { key, tenantId } = await reply<KeyReply>('PublishMessage', { ...message, timeToLive: timeToLiveMs })
      return { messageKey: key, tenantId }
    },
    async broadcastSignal(signal) {
      const { key, tenantId } = await reply<KeyReply>('BroadcastSignal', signal)
      return { signalKey: key, tenantId }
    },
    setVariables: (elementInstanceKey, variables, local) =>
      reply('SetVariables', { elementInstanceKey, variables, local }),
    resolveIncident: (incidentKey) => done('ResolveIncident', { incidentKey }),
    evaluateConditionals: (request) => reply('EvaluateConditional', request),
    evaluateDecision: (request) => reply('EvaluateDecision', request),
  }
}

interface KeyReply {
  readonly key: string
  readonly tenantId: string
}
type JobMessage = Omit<ActivatedJob, 'customHeaders' | 'deadline'> & {
  readonly customHeaders: string
  readonly deadline: string
}
interface DeploymentReply extends KeyReply {
  readonly deployments: readonly DeploymentMessage[]
}
interface DecisionMessage {
  readonly dmnDecisionId: string
  readonly dmnDecisionName: string
  readonly version: number
  readonly decisionKey: string
  readonly dmnDecisionRequirementsId: string
  readonly decisionRequirementsKey: string
  readonly tenantId: string
}
interface RequirementsMessage {
  readonly dmnDecisionRequirementsId: string
  readonly dmnDecisionRequirementsName: string
  readonly version: number
  readonly decisionRequirementsKey: string
  readonly resourceName: string
  readonly tenantId: string
}
type Of<Kind extends Deployed['kind']> = Omit<Extract<Deployed, { kind: Kind }>, 'kind'>
/** `Metadata` names the one member that is set. */
type DeploymentMessage =
  | { readonly Metadata: 'process'; readonly process: Of<'process'> }
  | { readonly Metadata: 'decision'; readonly decision: DecisionMessage }
  | { readonly Metadata: 'decisionRequirements'; readonly decisionRequirements: RequirementsMessage }
  | { readonly Metadata: 'form'; readonly form: Of<'form'> }

function deployedIn(deployment: DeploymentMessage): Deployed {
  switch (deployment.Metadata) {
    case 'process':
      return { kind: 'process', ...deployment.process }
    case 'form':
      return { kind: 'form', ...deployment.form }
    case 'decision': {
      const { dmnDecisionId, dmnDecisionName, dmnDecisionRequirementsId, ...decision } = deployment.decision
      const names = { decisionId: dmnDecisionId, decisionName: dmnDecisionName }
      return { kind: 'decision', ...names, decisionRequirementsId: dmnDecisionRequirementsId, ...decision }
    }
    case 'decisionRequirements': {
      const { dmnDecisionRequirementsId, dmnDecisionRequirementsName, ...rest } = deployment.decisionRequirements
      const decisionRequirementsId = dmnDecisionRequirementsId
      return {
        kind: 'decisionRequirements',
        decisionRequirementsId,
        decisionRequirementsName: dmnDecisionRequirementsName,
        ...rest,
      }
    }
  }
}

const creation = ({ runtimeInstructions, version = -1, ...request }: CreateInstanceRequest): Message => ({
  ...request,
  version,
  runtimeInstructions: runtimeInstructions?.map((terminate) => ({ terminate })),
})

const jobIn = ({ customHeaders, deadline, ...job }: JobMessage): ActivatedJob => ({
  ...job,
  customHeaders: JSON.parse(customHeaders) as Record<string, string>,
  deadline: Number(deadline),
})
