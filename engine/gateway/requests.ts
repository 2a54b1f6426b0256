/**
 * A client's request → the command for the engine, with the checks that the gateway makes before the engine sees anything.
 * Owns: argument checks, bounds on text, defaults of the wire. Does not own: rules that need state (the core rejects those).
 */
import type {
  ActivateJobsRequest,
  CreateInstanceRequest,
  DeployRequest,
  JobResult,
  KeyText,
  MigrationRequest,
  ModificationRequest,
  PublishMessageRequest,
  StreamJobsRequest,
  SuspensionTarget,
  UserTaskChangeset,
} from '../protocol/gateway.ts'
import {
  type Command,
  type CommandOf,
  type CommandType,
  DEFAULT_TENANT,
  type Json,
  NO_KEY,
  type Values,
} from '../protocol/records.ts'
import { isText } from '../protocol/text.ts'
import type { JobRequest } from '../runtime/engine.ts'
import { objectText } from './json-text.ts'
import { invalid } from './rejection.ts'

/** Names, ids and correlation keys are index entries: what PostgreSQL can hold in a page, with room for a second one. */
export const NAME_LENGTH_MAX = 512
export const ERROR_MESSAGE_LENGTH_MAX = 10_000
const TAGS_MAX = 10
const BUSINESS_ID_LENGTH_MAX = 256
const TAG = /^[A-Za-z][\w\-:.]{0,99}$/
const LONG_POLL_DEFAULT_MS = 10_000
const RESULT_DEFAULT_MS = 15_000
const WAIT_MAX_MS = 24 * 3_600_000
const SPAN_MAX_MS = 1e15

export function name(value: string | undefined, what: string): string {
  if (value === undefined) return ''
  if (!isText(value)) throw invalid(`Expected ${what} to be text, but it contains NUL or half a surrogate pair`)
  if (value.length <= NAME_LENGTH_MAX) return value
  throw invalid(`Expected ${what} to have at most ${NAME_LENGTH_MAX} characters, but it has ${value.length}`)
}

function present(value: string | undefined, what: string): string {
  if (value === undefined || value.trim() === '') throw invalid(`Expected ${what} to be present, but it was blank`)
  return name(value, what)
}

/** Text for people; a longer one is cut, what would not fit the database is replaced. */
const message = (text: string | undefined): string =>
  (text ?? '').slice(0, ERROR_MESSAGE_LENGTH_MAX).replaceAll('\0', '\ufffd').toWellFormed()

export function key(text: KeyText | undefined, what: string): number {
  const value = text === undefined ? NO_KEY : Number(text)
  // No key of ours lies beyond: the answer is the same NOT_FOUND.
  if (Number.isInteger(value)) return Math.min(Math.max(value, NO_KEY), Number.MAX_SAFE_INTEGER)
  throw invalid(`Expected ${what} to be a number, but it is not`)
}

/** Multi-tenancy is off: only the default tenant exists, and it may go unnamed. */
export function tenant(tenantId: string | undefined): string {
  if (tenantId === undefined || tenantId === '' || tenantId === DEFAULT_TENANT) return DEFAULT_TENANT
  throw invalid(
    `Expected the tenant to be ${DEFAULT_TENANT} or absent because multi-tenancy is off, but another was given`,
  )
}

function tags(given: readonly string[] = []): readonly string[] {
  if (given.length > TAGS_MAX) throw invalid(`Expected at most ${TAGS_MAX} tags, but ${given.length} were given`)
  if (given.every((tag) => TAG.test(tag))) return given
  throw invalid(
    'Expected each tag to start with a letter and to have at most 100 of A-Z a-z 0-9 _ - : . but one does not',
  )
}

function businessId(given: string): string {
  const { length } = name(given, 'businessId')
  if (length <= BUSINESS_ID_LENGTH_MAX) return given
  throw invalid(`Expected businessId to have at most ${BUSINESS_ID_LENGTH_MAX} characters, but it has ${length}`)
}

function atLeastOne(value: number, what: string): number {
  if (value >= 1) return Math.trunc(value)
  throw invalid(`Expected ${what} to be greater than zero, but it was ${value}`)
}

function int32(value: number, what: string): number {
  if (value === (value | 0)) return value
  throw invalid(`Expected ${what} to be an integer of 32 bits, but it was ${value}`)
}

/** A span of whole milliseconds in either direction; beyond some thirty thousand years it means never, and dates end. */
const span = (ms: number): number => Math.ceil(Math.min(Math.max(ms, -SPAN_MAX_MS), SPAN_MAX_MS))

const command = <V extends CommandType>(
  valueType: V,
  intent: CommandOf<V>['intent'],
  key: number,
  value: CommandOf<V>['value'],
): CommandOf<V> => ({ valueType, intent, key, value })

export function createInstance(
  request: CreateInstanceRequest,
  result?: { fetchVariables: readonly string[] },
): Command {
  return command('PROCESS_INSTANCE_CREATION', result ? 'CREATE_WITH_AWAITING_RESULT' : 'CREATE', NO_KEY, {
    bpmnProcessId: name(request.bpmnProcessId, 'bpmnProcessId'),
    version: int32(request.version ?? -1, 'the version'),
    processDefinitionKey: key(request.processDefinitionKey, 'processDefinitionKey'),
    variables: objectText(request.variables),
    startInstructions: (request.startInstructions ?? []).map((at) => ({ elementId: name(at.elementId, 'elementId') })),
    runtimeInstructions: (request.runtimeInstructions ?? []).map(({ afterElementId }) => ({
      type: 'TERMINATE_PROCESS_INSTANCE' as const,
      afterElementId: name(afterElementId, 'afterElementId'),
    })),
    tags: tags(request.tags),
    ...(request.businessId && { businessId: businessId(request.businessId) }),
    tenantId: tenant(request.tenantId),
    ...(result && { fetchVariables: result.fetchVariables.map((variable) => name(variable, 'fetchVariables')) }),
  })
}

/** How long a caller waits for its instance: 0 = the gateway's default. */
export const resultWaitMs = (requested: number): number =>
  Math.min(requested > 0 ? requested : RESULT_DEFAULT_MS, WAIT_MAX_MS)

/** How long a poll waits for a job: 0 = the gateway's default, negative = not at all. */
export function pollWaitMs(requested = 0): number {
  if (requested < 0) return 0
  return Math.min(requested === 0 ? LONG_POLL_DEFAULT_MS : requested, WAIT_MAX_MS)
}

export function jobRequest(request: StreamJobsRequest): JobRequest {
  return {
    type: present(request.type, 'the job type'),
    worker: name(request.worker, 'the worker'),
    timeout: span(atLeastOne(request.timeoutMs, 'the job timeout')),
    fetchVariables: (request.fetchVariables ?? []).map((variable) => name(variable, 'fetchVariables')),
    tenantIds: request.tenantIds?.length ? request.tenantIds.map(tenant) : [DEFAULT_TENANT],
  }
}

export const maxJobs = (request: ActivateJobsRequest): number =>
  atLeastOne(request.maxJobsToActivate, 'the number of jobs to activate')

export function cancelInstance(instance: KeyText): Command {
  const processInstanceKey = key(instance, 'processInstanceKey')
  return command('PROCESS_INSTANCE', 'CANCEL', processInstanceKey, { processInstanceKey })
}

export function migrateInstance(
  instance: KeyText,
  { targetProcessDefinitionKey, mappingInstructions }: MigrationRequest,
): Command {
  const processInstanceKey = key(instance, 'processInstanceKey')
  return command('PROCESS_INSTANCE_MIGRATION', 'MIGRATE', processInstanceKey, {
    processInstanceKey,
    targetProcessDefinitionKey: key(targetProcessDefinitionKey, 'targetProcessDefinitionKey'),
    mappingInstructions: mappingInstructions.map(({ sourceElementId, targetElementId }) => ({
      sourceElementId: name(sourceElementId, 'sourceElementId'),
      targetElementId: name(targetElementId, 'targetElementId'),
    })),
  })
}

export function modifyInstance(
  instance: KeyText,
  { activateInstructions = [], terminateInstructions = [] }: ModificationRequest,
): Command {
  const processInstanceKey = key(instance, 'processInstanceKey')
  return command('PROCESS_INSTANCE_MODIFICATION', 'MODIFY', processInstanceKey, {
    processInstanceKey,
    activateInstructions: activateInstructions.map((activate) => ({
      elementId: name(activate.elementId, 'elementId'),
      ancestorScopeKey: key(activate.ancestorElementInstanceKey, 'ancestorElementInstanceKey'),
      ancestorScopeKeys: [],
      variableInstructions: (activate.variableInstructions ?? []).map(({ variables, scopeId }) => ({
        variables: objectText(variables),
        elementId: name(scopeId, 'scopeId'),
      })),
    })),
    terminateInstructions: terminateInstructions.map(({ elementInstanceKey }) => ({
      elementInstanceKey: key(elementInstanceKey, 'elementInstanceKey'),
    })),
  })
}

export function completeJob(job: KeyText, variables?: Json, result?: JobResult): Command {
  const value = { variables: objectText(variables), ...(result && { result: jobResult(result) }) }
  return command('JOB', 'COMPLETE', key(job, 'jobKey'), value)
}
function jobResult(result: JobResult): Values['JOB']['result'] {
  if (result.type === 'adHocSubProcess') {
    const { activateElements = [], isCompletionConditionFulfilled = false, isCancelRemainingInstances = false } = result
    return {
      type: 'AD_HOC_SUB_PROCESS',
      activateElements: activateElements.map(elementToActivate),
      completionConditionFulfilled: isCompletionConditionFulfilled,
      cancelRemainingInstances: isCancelRemainingInstances,
    }
  }
  const { denied = false, deniedReason, corrections: given = {} } = result
  const corrections = {
    ...(given.assignee !== undefined && { assignee: name(given.assignee, 'the assignee') }),
    ...(given.dueDate !== undefined && { dueDate: name(given.dueDate, 'the due date') }),
    ...(given.followUpDate !== undefined && { followUpDate: name(given.followUpDate, 'the follow-up date') }),
    ...(given.candidateUsers && { candidateUsersList: given.candidateUsers.map((one) => name(one, 'a candidate')) }),
    ...(given.candidateGroups && { candidateGroupsList: given.candidateGroups.map((one) => name(one, 'a candidate')) }),
    ...(given.priority !== undefined && { priority: int32(given.priority, 'the priority') }),
  }
  const correctedAttributes = Object.keys(corrections) as (keyof typeof corrections)[]
  return { type: 'USER_TASK', denied, deniedReason: message(deniedReason), corrections, correctedAttributes }
}
export function activateAdHoc(
  instance: KeyText,
  elements: readonly { readonly elementId: string; readonly variables?: Json }[],
  cancelRemainingInstances: boolean,
): Command {
  return command('AD_HOC_SUB_PROCESS_INSTRUCTION', 'ACTIVATE', NO_KEY, {
    adHocSubProcessInstanceKey: key(instance, 'adHocSubProcessInstanceKey'),
    activateElements: elements.map(elementToActivate),
    cancelRemainingInstances,
  })
}
const elementToActivate = ({ elementId, variables }: { readonly elementId: string; readonly variables?: Json }) => ({
  elementId: name(elementId, 'the element id'),
  variables: objectText(variables),
})

export function failJob(
  job: KeyText,
  failure: { retries: number; errorMessage?: string; retryBackOffMs?: number; variables?: Json },
): Command {
  return command('JOB', 'FAIL', key(job, 'jobKey'), {
    retries: int32(failure.retries, 'retries'),
    errorMessage: message(failure.errorMessage),
    retryBackoff: span(Math.max(0, failure.retryBackOffMs ?? 0)),
    variables: objectText(failure.variables),
  })
}

export function throwError(
  job: KeyText,
  error: { errorCode: string; errorMessage?: string; variables?: Json },
): Command {
  return command('JOB', 'THROW_ERROR', key(job, 'jobKey'), {
    errorCode: name(error.errorCode, 'the error code'),
    errorMessage: message(error.errorMessage),
    variables: objectText(error.variables),
  })
}

export const updateJobRetries = (job: KeyText, retries: number): Command =>
  command('JOB', 'UPDATE_RETRIES', key(job, 'jobKey'), { retries: int32(retries, 'retries') })

export const updateJobTimeout = (job: KeyText, timeoutMs: number): Command =>
  command('JOB', 'UPDATE_TIMEOUT', key(job, 'jobKey'), { timeout: span(timeoutMs) })

export function suspension(intent: 'SUSPEND' | 'RESUME', target: SuspensionTarget): Command {
  switch (target.kind) {
    case 'process-instance':
      return command('PROCESS_INSTANCE', intent, key(target.processInstanceKey, 'processInstanceKey'), {})
    case 'process-definition': {
      const processDefinitionKey = key(target.processDefinitionKey, 'processDefinitionKey')
      const kind = target.allVersions ? 'PROCESS' : 'PROCESS_DEFINITION'
      const admitsNewInstances = target.admitNewInstances ?? false
      return command('SUSPENSION', intent, NO_KEY, { kind, processDefinitionKey, admitsNewInstances })
    }
    case 'element': {
      const processDefinitionKey = key(target.processDefinitionKey, 'processDefinitionKey')
      const elementId = present(target.elementId, 'the element id')
      return command('SUSPENSION', intent, NO_KEY, { kind: 'ELEMENT', processDefinitionKey, elementId })
    }
    case 'job-type': {
      const jobType = present(target.type, 'the job type')
      return command('SUSPENSION', intent, NO_KEY, { kind: 'JOB_TYPE', jobType, tenantId: tenant(target.tenantId) })
    }
  }
}

export function publishMessage(request: PublishMessageRequest): Command {
  return command('MESSAGE', 'PUBLISH', NO_KEY, {
    name: name(request.name, 'the message name'),
    correlationKey: name(request.correlationKey, 'the correlation key'),
    timeToLive: span(request.timeToLiveMs),
    messageId: name(request.messageId, 'the message id'),
    variables: objectText(request.variables),
    tenantId: tenant(request.tenantId),
  })
}

export function correlateMessage(request: Omit<PublishMessageRequest, 'timeToLiveMs' | 'messageId'>): Command {
  return command('MESSAGE_CORRELATION', 'CORRELATE', NO_KEY, {
    name: name(request.name, 'the message name'),
    correlationKey: name(request.correlationKey, 'the correlation key'),
    variables: objectText(request.variables),
    tenantId: tenant(request.tenantId),
  })
}

export function broadcastSignal(request: { signalName: string; variables?: Json; tenantId?: string }): Command {
  return command('SIGNAL', 'BROADCAST', NO_KEY, {
    signalName: name(request.signalName, 'the signal name'),
    variables: objectText(request.variables),
    tenantId: tenant(request.tenantId),
  })
}

export function evaluateConditionals(request: {
  processDefinitionKey?: KeyText
  variables?: Json
  tenantId?: string
}): Command {
  return command('CONDITIONAL_EVALUATION', 'EVALUATE', NO_KEY, {
    processDefinitionKey: key(request.processDefinitionKey, 'processDefinitionKey'),
    variables: objectText(request.variables),
    tenantId: tenant(request.tenantId),
  })
}

export function setVariables(elementInstanceKey: KeyText, variables: Json, local: boolean): Command {
  return command('VARIABLE_DOCUMENT', 'UPDATE', NO_KEY, {
    scopeKey: key(elementInstanceKey, 'elementInstanceKey'),
    updateSemantics: local ? 'LOCAL' : 'PROPAGATE',
    variables: objectText(variables),
  })
}

export const resolveIncident = (incident: KeyText): Command =>
  command('INCIDENT', 'RESOLVE', key(incident, 'incidentKey'), {})

export function evaluateDecision(request: {
  decisionKey?: KeyText
  decisionId?: string
  variables?: Json
  tenantId?: string
}): Command {
  return command('DECISION_EVALUATION', 'EVALUATE', NO_KEY, {
    decisionKey: key(request.decisionKey, 'decisionKey'),
    decisionId: name(request.decisionId, 'decisionId'),
    variables: objectText(request.variables),
    tenantId: tenant(request.tenantId),
  })
}

export function deployResources(request: DeployRequest): Command {
  return command('DEPLOYMENT', 'CREATE', NO_KEY, {
    resources: request.resources.map(({ name: resourceName, content }) => ({
      resourceName: name(resourceName, 'the resource name'),
      resource: Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('base64'),
    })),
    tenantId: tenant(request.tenantId),
  })
}

export const deleteResource = (resource: KeyText): Command =>
  command('RESOURCE_DELETION', 'DELETE', NO_KEY, { resourceKey: key(resource, 'resourceKey') })

/** Without `allowOverride` a task that has an assignee keeps it: that is claiming. */
export function assignUserTask(
  task: KeyText,
  { assignee, allowOverride = true, action }: { assignee: string; allowOverride?: boolean; action?: string },
): Command {
  const intent = allowOverride ? 'ASSIGN' : 'CLAIM'
  return userTask(task, intent, { assignee: present(assignee, 'the assignee'), action: action || intent.toLowerCase() })
}

export const unassignUserTask = (task: KeyText): Command =>
  userTask(task, 'ASSIGN', { assignee: '', action: 'unassign' })

export const completeUserTask = (task: KeyText, variables?: Json, action?: string): Command =>
  userTask(task, 'COMPLETE', { variables: objectText(variables), action: action || 'complete' })

/** An absent or null attribute stays as it is; empty text or an empty list clears it. */
export function updateUserTask(task: KeyText, changeset: UserTaskChangeset, action?: string): Command {
  const { candidateGroups, candidateUsers, dueDate, followUpDate, priority } = changeset
  const lists = {
    ...(candidateGroups && { candidateGroupsList: candidateGroups.map((group) => name(group, 'candidateGroups')) }),
    ...(candidateUsers && { candidateUsersList: candidateUsers.map((user) => name(user, 'candidateUsers')) }),
  }
  const scalars = {
    ...(dueDate != null && { dueDate: name(dueDate, 'dueDate') }),
    ...(followUpDate != null && { followUpDate: name(followUpDate, 'followUpDate') }),
    ...(priority != null && { priority: int32(priority, 'the priority') }),
  }
  const changedAttributes = Object.keys({ ...lists, ...scalars })
  return userTask(task, 'UPDATE', { ...lists, ...scalars, changedAttributes, action: action || 'update' })
}

function userTask(
  task: KeyText,
  intent: CommandOf<'USER_TASK'>['intent'],
  value: CommandOf<'USER_TASK'>['value'],
): Command {
  return command('USER_TASK', intent, key(task, 'userTaskKey'), {
    ...value,
    ...(value.action !== undefined && { action: name(value.action, 'the action') }),
  })
}
