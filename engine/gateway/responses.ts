/**
 * A committed event → the reply to the client who asked for it. Owns: which event answers which call, keys as text, JSON text
 * for absent values. Does not own: wire formats (grpc.ts, rest/).
 */
import type {
  ActivatedJob,
  CreateInstanceResponse,
  CreateInstanceWithResultResponse,
  Deployed,
  DeployResponse,
  EvaluateConditionalsResponse,
  EvaluateDecisionResponse,
  EvaluatedDecision,
  ListenedUserTask,
} from '../protocol/gateway.ts'
import {
  DEFAULT_TENANT,
  type EvaluatedDecisionValue,
  type Event,
  type EventOf,
  type EventType,
  NO_KEY,
} from '../protocol/records.ts'
import type { HandedJob } from '../runtime/engine.ts'

const keyText = (key: number = NO_KEY): string => String(key)
const tenantOf = (value: { readonly tenantId?: string }): string => value.tenantId ?? DEFAULT_TENANT

/** The event as the one that must have answered the command; another is a bug of the engine. */
export function answered<V extends EventType>(event: Event, valueType: V): EventOf<V> {
  if (event.valueType === valueType) return event as Event & EventOf<V>
  throw new Error(`Expected a ${valueType} event to answer the command, but found ${event.valueType}`)
}

export function createdInstance(event: Event): CreateInstanceResponse {
  const { value } = answered(event, 'PROCESS_INSTANCE_CREATION')
  return instance(value)
}

export function instanceResult({ value }: EventOf<'PROCESS_INSTANCE_RESULT'>): CreateInstanceWithResultResponse {
  return { ...instance(value), variables: value.variables ?? '{}' }
}

function instance(
  value: EventOf<'PROCESS_INSTANCE_CREATION'>['value'] | EventOf<'PROCESS_INSTANCE_RESULT'>['value'],
): CreateInstanceResponse {
  return {
    processDefinitionKey: keyText(value.processDefinitionKey),
    bpmnProcessId: value.bpmnProcessId ?? '',
    version: value.version ?? -1,
    processInstanceKey: keyText(value.processInstanceKey),
    tags: value.tags ?? [],
    ...(value.businessId !== undefined && { businessId: value.businessId }),
    tenantId: tenantOf(value),
  }
}

export function activatedJob({ key, value }: HandedJob): ActivatedJob {
  return {
    key: keyText(key),
    type: value.type ?? '',
    processInstanceKey: keyText(value.processInstanceKey),
    bpmnProcessId: value.bpmnProcessId ?? '',
    processDefinitionVersion: value.processDefinitionVersion ?? -1,
    processDefinitionKey: keyText(value.processDefinitionKey),
    elementId: value.elementId ?? '',
    elementInstanceKey: keyText(value.elementInstanceKey),
    customHeaders: value.customHeaders ?? {},
    worker: value.worker ?? '',
    retries: value.retries ?? 0,
    deadline: value.deadline ?? -1,
    variables: value.variables ?? '{}',
    kind: value.jobKind,
    listenerEventType: value.jobListenerEventType,
    ...(value.jobKind === 'TASK_LISTENER' && { userTask: listenedUserTask(value.customHeaders ?? {}) }),
    tags: value.tags ?? [],
    tenantId: tenantOf(value),
  }
}

/** The engine tells a task listener of its task by headers. */
function listenedUserTask(headers: Readonly<Record<string, string>>): ListenedUserTask {
  const header = (name: string) => headers[`io.camunda.zeebe:${name}`]
  const list = (name: string) => JSON.parse(header(name) ?? '[]') as readonly string[]
  const priority = header('priority')
  return {
    action: header('action'),
    assignee: header('assignee'),
    candidateGroups: list('candidateGroups'),
    candidateUsers: list('candidateUsers'),
    changedAttributes: list('changedAttributes'),
    dueDate: header('dueDate'),
    followUpDate: header('followUpDate'),
    formKey: header('formKey'),
    priority: priority === undefined ? undefined : Number(priority),
    userTaskKey: header('userTaskKey'),
  }
}

/** In Zeebe's order: processes, decisions, their requirements, forms. */
export function deployment(event: Event): DeployResponse {
  const { key, value } = answered(event, 'DEPLOYMENT')
  const deployments: Deployed[] = [
    ...(value.processesMetadata ?? []).map((process) => ({
      kind: 'process' as const,
      bpmnProcessId: process.bpmnProcessId,
      version: process.version,
      processDefinitionKey: keyText(process.processDefinitionKey),
      resourceName: process.resourceName,
      tenantId: tenantOf(process),
    })),
    ...(value.decisionsMetadata ?? []).map((decision) => ({
      kind: 'decision' as const,
      decisionId: decision.decisionId,
      decisionName: decision.decisionName,
      version: decision.version,
      decisionKey: keyText(decision.decisionKey),
      decisionRequirementsId: decision.decisionRequirementsId,
      decisionRequirementsKey: keyText(decision.decisionRequirementsKey),
      tenantId: tenantOf(decision),
    })),
    ...(value.decisionRequirementsMetadata ?? []).map((requirements) => ({
      kind: 'decisionRequirements' as const,
      decisionRequirementsId: requirements.decisionRequirementsId,
      decisionRequirementsName: requirements.decisionRequirementsName,
      version: requirements.decisionRequirementsVersion,
      decisionRequirementsKey: keyText(requirements.decisionRequirementsKey),
      resourceName: requirements.resourceName,
      tenantId: tenantOf(requirements),
    })),
    ...(value.formMetadata ?? []).map((form) => ({
      kind: 'form' as const,
      formId: form.formId,
      version: form.version,
      formKey: keyText(form.formKey),
      resourceName: form.resourceName,
      tenantId: tenantOf(form),
    })),
  ]
  return { deploymentKey: keyText(key), deployments, tenantId: tenantOf(value) }
}

export function publishedMessage(event: Event): { messageKey: string; tenantId: string } {
  const { key, value } = answered(event, 'MESSAGE')
  return { messageKey: keyText(key), tenantId: tenantOf(value) }
}

export function correlatedMessage(event: Event): { messageKey: string; processInstanceKey: string; tenantId: string } {
  const { value } = answered(event, 'MESSAGE_CORRELATION')
  return {
    messageKey: keyText(value.messageKey),
    processInstanceKey: keyText(value.processInstanceKey),
    tenantId: tenantOf(value),
  }
}

export function broadcastSignal(event: Event): { signalKey: string; tenantId: string } {
  const { key, value } = answered(event, 'SIGNAL')
  return { signalKey: keyText(key), tenantId: tenantOf(value) }
}

export function evaluatedConditionals(event: Event): EvaluateConditionalsResponse {
  const { key, value } = answered(event, 'CONDITIONAL_EVALUATION')
  return {
    conditionalEvaluationKey: keyText(key),
    processInstances: (value.startedProcessInstances ?? []).map((started) => ({
      processDefinitionKey: keyText(started.processDefinitionKey),
      processInstanceKey: keyText(started.processInstanceKey),
    })),
    tenantId: tenantOf(value),
  }
}

/** A failed evaluation is an answer too: it names the decision that failed and why. */
export function evaluation(event: Event): EvaluateDecisionResponse {
  const { key, value } = answered(event, 'DECISION_EVALUATION')
  return {
    decisionKey: keyText(value.decisionKey),
    decisionId: value.decisionId ?? '',
    decisionName: value.decisionName ?? '',
    decisionVersion: value.decisionVersion ?? -1,
    decisionRequirementsId: value.decisionRequirementsId ?? '',
    decisionRequirementsKey: keyText(value.decisionRequirementsKey),
    decisionOutput: value.decisionOutput ?? 'null',
    evaluatedDecisions: (value.evaluatedDecisions ?? []).map((decision, index) =>
      evaluated(decision, `${key}-${index + 1}`),
    ),
    failedDecisionId: value.failedDecisionId ?? '',
    failureMessage: value.evaluationFailureMessage ?? '',
    decisionEvaluationKey: keyText(key),
    tenantId: tenantOf(value),
  }
}

function evaluated(decision: EvaluatedDecisionValue, decisionEvaluationInstanceKey: string): EvaluatedDecision {
  return {
    decisionKey: keyText(decision.decisionKey),
    decisionId: decision.decisionId,
    decisionName: decision.decisionName,
    decisionVersion: decision.decisionVersion,
    decisionType: decision.decisionType,
    decisionOutput: decision.decisionOutput,
    decisionEvaluationInstanceKey,
    matchedRules: decision.matchedRules ?? [],
    evaluatedInputs: decision.evaluatedInputs ?? [],
    tenantId: tenantOf(decision),
  }
}
