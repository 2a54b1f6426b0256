/**
 * The unary calls of gRPC: message → Gateway → message, one entry a call; a call without an entry does not compile.
 * Owns: field names and defaults of the wire. Does not own: checks of arguments (requests.ts), the transport (grpc.ts).
 */
import type {
  ActivatedJob,
  CreateInstanceRequest,
  Deployed,
  EvaluatedDecision,
  Gateway,
  JobResult,
} from '../protocol/gateway.ts'
import { invalid } from './rejection.ts'
import { toKeyText, toNumber } from './wire.ts'
import {
  type ActivatedJob as ActivatedJobMessage,
  type Calls,
  type CreateProcessInstanceRequest,
  type Deployment,
  type EvaluatedDecision as EvaluatedDecisionMessage,
  PartitionPartitionBrokerHealth as Health,
  type Int64,
  ActivatedJobJobKind as JobKind,
  type JobResult as JobResultMessage,
  ActivatedJobListenerEventType as ListenerEventType,
  PartitionPartitionBrokerRole as Role,
} from './wire-messages.ts'

export type UnaryCall = { [C in keyof Calls]: Calls[C]['streams'] extends true ? never : C }[keyof Calls]
export type UnaryCalls = {
  readonly [C in UnaryCall]: (request: Calls[C]['request'], gateway: Gateway) => Promise<Calls[C]['reply']>
}

const nothing = async (done: Promise<void>): Promise<Readonly<Record<string, never>>> => {
  await done
  return {}
}

/** Zero is how a client that has no key leaves the field. */
const optionalKey = (value: Int64) => (toNumber(value) === 0 ? {} : { key: toKeyText(value) })

export const unaryCalls: UnaryCalls = {
  async Topology(_request, gateway) {
    const { brokers, ...cluster } = await gateway.topology()
    return {
      ...cluster,
      brokers: brokers.map((broker) => ({
        ...broker,
        partitions: broker.partitions.map(({ partitionId, role, health }) => ({
          partitionId,
          role: Role[role],
          health: Health[health],
        })),
      })),
    }
  },
  async DeployResource({ resources, tenantId }, gateway) {
    const { deploymentKey, deployments, tenantId: tenant } = await gateway.deployResources({ resources, tenantId })
    return { key: Number(deploymentKey), deployments: deployments.map(deploymentMessage), tenantId: tenant }
  },
  async DeployProcess({ processes }, gateway) {
    const resources = processes.map(({ name, definition }) => ({ name, content: definition }))
    const { deploymentKey, deployments } = await gateway.deployResources({ resources })
    const deployed = deployments.map(deploymentMessage).flatMap(({ process }) => process ?? [])
    return { key: Number(deploymentKey), processes: deployed }
  },
  DeleteResource: ({ resourceKey }, gateway) => nothing(gateway.deleteResource(toKeyText(resourceKey))),
  async CreateProcessInstance(request, gateway) {
    return instanceMessage(await gateway.createProcessInstance(creation(request)))
  },
  async CreateProcessInstanceWithResult({ request, requestTimeout, fetchVariables }, gateway) {
    const asked = creation(request ?? emptyCreation)
    return instanceMessage(
      await gateway.createProcessInstanceWithResult(asked, fetchVariables, toNumber(requestTimeout)),
    )
  },
  CancelProcessInstance: ({ processInstanceKey }, gateway) =>
    nothing(gateway.cancelProcessInstance(toKeyText(processInstanceKey))),
  MigrateProcessInstance: ({ processInstanceKey, migrationPlan }, gateway) =>
    nothing(
      gateway.migrateProcessInstance(toKeyText(processInstanceKey), {
        targetProcessDefinitionKey: toKeyText(migrationPlan?.targetProcessDefinitionKey ?? 0),
        mappingInstructions: migrationPlan?.mappingInstructions ?? [],
      }),
    ),
  ModifyProcessInstance: ({ processInstanceKey, activateInstructions, terminateInstructions }, gateway) =>
    nothing(
      gateway.modifyProcessInstance(toKeyText(processInstanceKey), {
        activateInstructions: activateInstructions.map(({ ancestorElementInstanceKey, ...instruction }) => {
          const { key } = optionalKey(ancestorElementInstanceKey)
          return { ...instruction, ...(key && { ancestorElementInstanceKey: key }) }
        }),
        terminateInstructions: terminateInstructions.map(({ elementInstanceKey }) => ({
          elementInstanceKey: toKeyText(elementInstanceKey),
        })),
      }),
    ),
  CompleteJob: ({ jobKey, variables, result }, gateway) =>
    nothing(gateway.completeJob(toKeyText(jobKey), variables, result && jobResult(result))),
  FailJob: ({ jobKey, retryBackOff, ...failure }, gateway) =>
    nothing(gateway.failJob(toKeyText(jobKey), { ...failure, retryBackOffMs: toNumber(retryBackOff) })),
  ThrowError: ({ jobKey, errorCode, errorMessage, variables }, gateway) =>
    nothing(gateway.throwError(toKeyText(jobKey), { errorCode, errorMessage, variables })),
  UpdateJobRetries: ({ jobKey, retries }, gateway) => nothing(gateway.updateJobRetries(toKeyText(jobKey), retries)),
  UpdateJobTimeout: ({ jobKey, timeout }, gateway) =>
    nothing(gateway.updateJobTimeout(toKeyText(jobKey), toNumber(timeout))),
  async PublishMessage({ timeToLive, name, correlationKey, messageId, variables, tenantId }, gateway) {
    const message = { name, correlationKey, messageId, variables, tenantId, timeToLiveMs: toNumber(timeToLive) }
    const { messageKey, tenantId: tenant } = await gateway.publishMessage(message)
    return { key: Number(messageKey), tenantId: tenant }
  },
  async BroadcastSignal(request, gateway) {
    const { signalKey, tenantId } = await gateway.broadcastSignal(request)
    return { key: Number(signalKey), tenantId }
  },
  async EvaluateConditional({ tenantId, processDefinitionKey, variables }, gateway) {
    const { key } = optionalKey(processDefinitionKey ?? 0)
    const asked = { ...(key && { processDefinitionKey: key }), variables, tenantId }
    const { processInstances, conditionalEvaluationKey, tenantId: tenant } = await gateway.evaluateConditionals(asked)
    return {
      processInstances: processInstances.map((started) => ({
        processDefinitionKey: Number(started.processDefinitionKey),
        processInstanceKey: Number(started.processInstanceKey),
      })),
      conditionalEvaluationKey: Number(conditionalEvaluationKey),
      tenantId: tenant,
    }
  },
  async SetVariables({ elementInstanceKey, variables, local }, gateway) {
    const { key } = await gateway.setVariables(toKeyText(elementInstanceKey), variables, local)
    return { key: Number(key) }
  },
  ResolveIncident: ({ incidentKey }, gateway) => nothing(gateway.resolveIncident(toKeyText(incidentKey))),
  async EvaluateDecision({ decisionKey, decisionId, variables, tenantId }, gateway) {
    const { key } = optionalKey(decisionKey)
    const asked = { ...(key && { decisionKey: key }), decisionId, variables, tenantId }
    const { evaluatedDecisions, decisionEvaluationKey, ...decision } = await gateway.evaluateDecision(asked)
    return {
      ...decision,
      decisionKey: Number(decision.decisionKey),
      decisionRequirementsKey: Number(decision.decisionRequirementsKey),
      decisionInstanceKey: Number(decisionEvaluationKey),
      decisionEvaluationKey: 0, // 8.8.0 leaves it empty over gRPC (zeebe-traces: dmn)
      evaluatedDecisions: evaluatedDecisions.map(evaluatedMessage),
    }
  },
}

const emptyCreation: CreateProcessInstanceRequest = {
  processDefinitionKey: 0,
  bpmnProcessId: '',
  version: 0,
  variables: '',
  startInstructions: [],
  runtimeInstructions: [],
  tags: [],
  tenantId: '',
}

function creation(request: CreateProcessInstanceRequest): CreateInstanceRequest {
  const { key } = optionalKey(request.processDefinitionKey)
  return {
    ...(key && { processDefinitionKey: key }),
    bpmnProcessId: request.bpmnProcessId,
    version: request.version,
    variables: request.variables,
    startInstructions: request.startInstructions,
    runtimeInstructions: request.runtimeInstructions.flatMap(({ terminate }) => terminate ?? []),
    tags: request.tags,
    ...(request.businessId !== undefined && { businessId: request.businessId }),
    tenantId: request.tenantId,
  }
}

const instanceMessage = <T extends { processDefinitionKey: string; processInstanceKey: string }>(instance: T) => ({
  ...instance,
  processDefinitionKey: Number(instance.processDefinitionKey),
  processInstanceKey: Number(instance.processInstanceKey),
})

function deploymentMessage(deployed: Deployed): Deployment {
  switch (deployed.kind) {
    case 'process':
      return { process: { ...deployed, processDefinitionKey: Number(deployed.processDefinitionKey) } }
    case 'decision':
      return {
        decision: {
          dmnDecisionId: deployed.decisionId,
          dmnDecisionName: deployed.decisionName,
          version: deployed.version,
          decisionKey: Number(deployed.decisionKey),
          dmnDecisionRequirementsId: deployed.decisionRequirementsId,
          decisionRequirementsKey: Number(deployed.decisionRequirementsKey),
          tenantId: deployed.tenantId,
        },
      }
    case 'decisionRequirements':
      return {
        decisionRequirements: {
          dmnDecisionRequirementsId: deployed.decisionRequirementsId,
          dmnDecisionRequirementsName: deployed.decisionRequirementsName,
          version: deployed.version,
          decisionRequirementsKey: Number(deployed.decisionRequirementsKey),
          resourceName: deployed.resourceName,
          tenantId: deployed.tenantId,
        },
      }
    case 'form':
      return { form: { ...deployed, formKey: Number(deployed.formKey) } }
  }
}

const evaluatedMessage = (decision: EvaluatedDecision): EvaluatedDecisionMessage => ({
  ...decision,
  decisionKey: Number(decision.decisionKey),
  decisionEvaluationInstanceKey: '', // as above
})

/** Without a type it is that of a task listener. An optional field that was not sent is null. */
function jobResult({ type, corrections: given, ...result }: JobResultMessage): JobResult {
  if (type === 'adHocSubProcess') {
    const { activateElements, isCompletionConditionFulfilled, isCancelRemainingInstances } = result
    return {
      type,
      activateElements,
      isCompletionConditionFulfilled: isCompletionConditionFulfilled ?? false,
      isCancelRemainingInstances: isCancelRemainingInstances ?? false,
    }
  }
  if (type && type !== 'userTask')
    throw invalid(`Expected the type of the result to be 'userTask' or 'adHocSubProcess', but it was '${type}'`)
  const corrections = {
    assignee: given?.assignee ?? undefined,
    dueDate: given?.dueDate ?? undefined,
    followUpDate: given?.followUpDate ?? undefined,
    candidateUsers: given?.candidateUsers?.values,
    candidateGroups: given?.candidateGroups?.values,
    priority: given?.priority ?? undefined,
  }
  return { type: 'userTask', denied: result.denied ?? false, deniedReason: result.deniedReason ?? '', corrections }
}

export function jobMessage({ userTask, listenerEventType = 'UNSPECIFIED', ...job }: ActivatedJob): ActivatedJobMessage {
  return {
    ...job,
    ...(userTask && {
      userTask: {
        ...userTask,
        formKey: userTask.formKey === undefined ? undefined : Number(userTask.formKey),
        userTaskKey: userTask.userTaskKey === undefined ? undefined : Number(userTask.userTaskKey),
      },
    }),
    key: Number(job.key),
    processInstanceKey: Number(job.processInstanceKey),
    processDefinitionKey: Number(job.processDefinitionKey),
    elementInstanceKey: Number(job.elementInstanceKey),
    customHeaders: JSON.stringify(job.customHeaders),
    kind: JobKind[job.kind ?? 'BPMN_ELEMENT'],
    // As in every proto3 message, a field that holds the first value of its enum is left out.
    ...(listenerEventType !== 'ASSIGNING' && { listenerEventType: ListenerEventType[listenerEventType] }),
  } as ActivatedJobMessage
}
