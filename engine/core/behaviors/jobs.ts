/** Creating, offering and cancelling jobs. */
import type { JobDefinition } from '../../model/executable.ts'
import type { ErrorType, JobKind, JobValue, Json, Key } from '../../protocol/records.ts'
import { documentOf, entriesOf } from '../documents.ts'
import type { Failure, HandedJob, Processing } from '../processing.ts'
import type { ElementInstance, Job } from '../state/rows.ts'
import { extractInteger, extractText, type Result, value } from './expressions.ts'
import { hold } from './holding.ts'
import { stoppingJob } from './suspensions.ts'
import { visible } from './variables.ts'

export interface JobProperties {
  readonly type: string
  readonly retries: number
}

/** Type and retries of a job. Incidents: EXTRACT_VALUE_ERROR. */
export function jobProperties(p: Processing, instance: ElementInstance, job: JobDefinition): Result<JobProperties> {
  const type = extractText(p, instance.key, job.type)
  if (!type.ok) return type
  const retries = extractInteger(p, instance.key, job.retries)
  if (!retries.ok) return retries
  return value({ type: type.value, retries: retries.value })
}

/** Of a job that is not the element's own work. */
export type JobRole = Pick<JobValue, 'jobKind'> & Partial<Pick<JobValue, 'jobListenerEventType' | 'listenerIndex'>>

/** Emits JOB CREATED and, when a worker waits, JOB_BATCH ACTIVATED: such a job is born activated. */
export function createJob(
  p: Processing,
  instance: ElementInstance,
  properties: JobProperties,
  customHeaders: Readonly<Record<string, string>>,
  role?: JobRole,
): void {
  const key = p.newKey()
  p.emit('JOB', 'CREATED', key, {
    ...properties,
    ...role,
    customHeaders,
    elementId: instance.elementId,
    elementInstanceKey: instance.key,
    processInstanceKey: instance.processInstanceKey,
    processDefinitionKey: instance.processDefinitionKey,
    tags: p.instance(instance.processInstanceKey).tags,
    tenantId: instance.tenantId,
  })
  offer(p, key)
}

/** Hands an activatable job to a waiting worker, if there is one; one that may not be handed out is set aside. */
export function offer(p: Processing, jobKey: Key): void {
  const job = p.state.get('job', jobKey)
  if (job === undefined || job.state !== 'ACTIVATABLE') return
  if (isSetAside(p, job)) return
  const target = p.workers.claim(job.tenantId, job.type)
  if (target === null) return
  p.emit('JOB_BATCH', 'ACTIVATED', p.newKey(), {
    type: job.type,
    worker: target.worker,
    timeout: target.timeout,
    maxJobsToActivate: 1,
    jobKeys: [jobKey],
    tenantIds: [job.tenantId],
  })
  p.notice({ kind: 'jobHanded', target: target.id, job: handed(p, jobKey, target.fetchVariables) })
}

/** Answers whether the job may not be handed out, and keeps it for the end of the suspension. */
export function isSetAside(p: Processing, job: Job): boolean {
  const suspensionKey = stoppingJob(p, job)
  if (suspensionKey === null) return false
  hold(p, suspensionKey, job.processInstanceKey, { valueType: 'JOB', intent: 'RESUME', key: job.key, value: {} })
  return true
}

/** The job as its worker gets it; read after its activation, so that worker and deadline are on it. */
export function handed(p: Processing, jobKey: Key, fetchVariables: readonly string[]): HandedJob {
  const job = p.state.get('job', jobKey)!
  const { bpmnProcessId, version } = p.state.get('processDefinition', job.processDefinitionKey)!
  const variables = seenBy(p, job, fetchVariables)
  return { key: jobKey, value: { ...jobValue(job), bpmnProcessId, processDefinitionVersion: version, variables } }
}

/** A task listener sees also what the transition under way brings. */
function seenBy(p: Processing, job: Job, names: readonly string[]): Json {
  const seen = visible(p, job.elementInstanceKey, names)
  const task =
    job.jobKind === 'TASK_LISTENER'
      ? p.state.get('userTask', p.instance(job.elementInstanceKey).userTaskKey)
      : undefined
  const brought = entriesOf(task?.transition.variables ?? '{}').filter(
    ([name]) => names.length === 0 || names.includes(name),
  )
  if (brought.length === 0) return seen
  return documentOf([...new Map([...entriesOf(seen), ...brought])].map(([name, value]) => ({ name, value })))
}

/** What every JOB record says of its job. */
export function jobValue(job: Job): Partial<JobValue> {
  const { key: _, state: __, createdAt: ___, endedAt: ____, ...fields } = job
  return fields
}

/** Emits JOB CANCELED when the instance waits for a job. */
export function cancelJob(p: Processing, instance: ElementInstance): void {
  const job = instance.jobKey > 0 ? p.state.get('job', instance.jobKey) : undefined
  if (job !== undefined) p.emit('JOB', 'CANCELED', job.key, jobValue(job))
}

const failureOf: Readonly<Record<JobKind, ErrorType>> = {
  BPMN_ELEMENT: 'JOB_NO_RETRIES',
  EXECUTION_LISTENER: 'EXECUTION_LISTENER_NO_RETRIES',
  TASK_LISTENER: 'TASK_LISTENER_NO_RETRIES',
  AD_HOC_SUB_PROCESS: 'AD_HOC_SUB_PROCESS_NO_RETRIES',
}
export function jobFailure(job: Job, errorMessage: string): Failure {
  return {
    errorType: failureOf[job.jobKind],
    message: errorMessage === '' ? 'No more retries left.' : errorMessage,
    jobKey: job.key,
  }
}
