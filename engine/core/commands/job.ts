/** What workers and operators say of a job. A job that is gone is NOT_FOUND; one that stopped answers only UPDATE_RETRIES. */
import type { ExecutableElement } from '../../model/executable.ts'
import type { CommandOf } from '../../protocol/records.ts'
import { catchError, findCatcher, uncaught } from '../behaviors/errors.ts'
import { raise } from '../behaviors/incidents.ts'
import { handed, isSetAside, jobFailure, jobValue, offer } from '../behaviors/jobs.ts'
import { requestCompletion } from '../behaviors/lifecycle.ts'
import { leaveResult } from '../behaviors/results.ts'
import { deny, listenerDone } from '../behaviors/task-transitions.ts'
import { mergeLocal, visible } from '../behaviors/variables.ts'
import { entriesOf } from '../documents.ts'
import { type Processing, refuse } from '../processing.ts'
import { together } from '../state/miss.ts'
import type { Job } from '../state/rows.ts'
import { checkAdHocResult, decided } from './ad-hoc-sub-process.ts'
import { checkTaskResult } from './task-listener-result.ts'

type Command = CommandOf<'JOB'>
const MESSAGE_LENGTH_MAX = 10_000

function existing(p: Processing, command: Command, verb: string): Job {
  const job = p.state.get('job', command.key)
  return job ?? refuse('NOT_FOUND', `Expected to ${verb} job with key '${command.key}', but no such job was found`)
}
function workable(p: Processing, command: Command, verb: string): Job {
  const job = existing(p, command, verb)
  if (job.state === 'ACTIVATABLE' || job.state === 'ACTIVATED' || job.state === 'SUSPENDED') return job
  return refuse('INVALID_STATE', `Expected to ${verb} job with key '${job.key}', but it is in state '${job.state}'`)
}
const cut = (message: string) =>
  message.length > MESSAGE_LENGTH_MAX ? `${message.slice(0, MESSAGE_LENGTH_MAX - 3)}...` : message

/**
 * Emits JOB COMPLETED. Of an element's own work: PROCESS_EVENT TRIGGERING with the job's variables; the element completes. Of a
 * listener: what it waited for goes on. Rejects: INVALID_ARGUMENT (a result that the job may not have).
 */
export function complete(p: Processing, command: Command): void {
  const job = workable(p, command, 'complete')
  const { variables = '{}', result = {} } = command.value
  const instance = p.state.get('elementInstance', job.elementInstanceKey)
  const task = job.jobKind === 'TASK_LISTENER' && instance ? p.state.get('userTask', instance.userTaskKey) : undefined
  if (task !== undefined) checkTaskResult(job, task, variables, result)
  if (job.jobKind === 'AD_HOC_SUB_PROCESS' && instance !== undefined) checkAdHocResult(p, job, instance, result)
  p.emit('JOB', 'COMPLETED', job.key, { ...jobValue(job), variables, ...(command.value.result && { result }) })
  if (instance === undefined) return
  const { listenerIndex } = job
  switch (job.jobKind) {
    case 'EXECUTION_LISTENER':
      leaveResult(p, instance, variables)
      p.follow('PROCESS_INSTANCE', 'COMPLETE_EXECUTION_LISTENER', instance.key, { listenerIndex })
      return
    case 'TASK_LISTENER':
      if (task === undefined) return
      if (result.denied === true) deny(p, task, result.deniedReason ?? '')
      else listenerDone(p, task, listenerIndex, result.corrections ?? {}, result.correctedAttributes ?? [])
      return
    case 'AD_HOC_SUB_PROCESS':
      decided(p, instance, variables, result)
      return
    case 'BPMN_ELEMENT':
      leaveResult(p, instance, variables)
      requestCompletion(p, instance.key)
  }
}

/**
 * Emits JOB FAILED; variables become local to the element. What the worker says of the back-off wins over what the model says.
 * Incident: JOB_NO_RETRIES when no retries are left.
 */
export function fail(p: Processing, command: Command): void {
  const job = workable(p, command, 'fail')
  const { retries = 0, errorMessage = '', variables = '{}' } = command.value
  const instance = p.instance(job.elementInstanceKey)
  const retryBackoff = command.value.retryBackoff || modelledBackoff(p.element(instance), job)
  const backsOff = retries > 0 && retryBackoff > 0
  const message = cut(errorMessage)
  p.emit('JOB', 'FAILED', job.key, {
    ...jobValue(job),
    retries,
    errorMessage: message,
    variables,
    retryBackoff: backsOff ? retryBackoff : 0,
    recurringTime: backsOff ? p.now + retryBackoff : -1,
  })
  mergeLocal(p, instance, entriesOf(variables))
  if (retries <= 0) raise(p, instance, jobFailure(job, message))
  else if (!backsOff) offer(p, job.key)
}

const modelledBackoff = ({ retryBackoffs }: ExecutableElement, { failures }: Job): number =>
  retryBackoffs[Math.min(failures, retryBackoffs.length - 1)] ?? 0

/** Emits JOB ERROR_THROWN and triggers the catcher. Incident: UNHANDLED_ERROR_EVENT when nobody catches; the job waits for it. */
export function throwError(p: Processing, command: Command): void {
  const job = workable(p, command, 'throw an error for')
  if (job.jobKind === 'EXECUTION_LISTENER' || job.jobKind === 'TASK_LISTENER')
    refuse(
      'INVALID_STATE',
      `Cannot throw BPMN error from ${job.jobKind} job with key '${job.key}', type '${job.type}' and processInstanceKey '${job.processInstanceKey}'`,
    )
  const { errorCode = '', errorMessage = '', variables = '{}' } = command.value
  const instance = p.instance(job.elementInstanceKey)
  const found = findCatcher(p, instance, errorCode)
  const caught = 'catcher' in found
  const message = cut(errorMessage)
  p.emit('JOB', 'ERROR_THROWN', job.key, { ...jobValue(job), errorCode, errorMessage: message, variables, caught })
  if (caught) catchError(p, found, variables)
  else
    raise(p, instance, {
      errorType: 'UNHANDLED_ERROR_EVENT',
      message: uncaught(errorCode, message, found.message),
      jobKey: job.key,
    })
}

export function updateRetries(p: Processing, command: Command): void {
  const job = existing(p, command, 'update')
  const retries = command.value.retries ?? 0
  if (retries < 1) {
    refuse(
      'INVALID_ARGUMENT',
      `Expected to update retries for job with key '${job.key}' with a positive amount of retries, but the amount given was '${retries}'`,
    )
  }
  p.emit('JOB', 'RETRIES_UPDATED', job.key, { ...jobValue(job), retries })
}

export function updateTimeout(p: Processing, command: Command): void {
  const job = existing(p, command, 'update')
  if (job.state !== 'ACTIVATED')
    refuse('INVALID_STATE', `Expected to update the timeout of job with key '${job.key}', but it is not active`)
  const timeout = command.value.timeout ?? 0
  p.emit('JOB', 'TIMEOUT_UPDATED', job.key, { ...jobValue(job), timeout, deadline: p.now + timeout })
}

/** The clock says that the worker took too long: the job is offered again. */
export function timeOut(p: Processing, command: Command): void {
  const job = p.state.get('job', command.key)
  if (job === undefined || job.state !== 'ACTIVATED' || job.deadline > p.now) return
  p.emit('JOB', 'TIMED_OUT', job.key, jobValue(job))
  offer(p, job.key)
}
export function recurAfterBackoff(p: Processing, command: Command): void {
  const job = p.state.get('job', command.key)
  if (job === undefined || job.recurringTime < 0 || job.recurringTime > p.now) return
  p.emit('JOB', 'RECURRED_AFTER_BACKOFF', job.key, jobValue(job))
  offer(p, job.key)
}
/** The job could not be handed over: its worker has gone. */
export function giveBack(p: Processing, command: Command): void {
  const job = p.state.get('job', command.key)
  if (job === undefined || job.state !== 'ACTIVATED') return
  p.emit('JOB', 'YIELDED', job.key, jobValue(job))
  offer(p, job.key)
}

/** It had been set aside, and may be handed out again. */
export function resumeJob(p: Processing, command: Command): void {
  offer(p, command.key)
}

const BATCH_BYTES_MAX = 4_000_000

/**
 * Those that may not be handed out are set aside on the way, so that nobody meets them twice. A turn that has grown long by this ends
 * with what it has: whoever waits asks again.
 */
function oldest(p: Processing, tenantIds: readonly string[], type: string, limit: number): readonly Job[] {
  for (;;) {
    const keys = tenantIds.flatMap((tenantId) => p.state.activatable.oldest(tenantId, type, limit)).slice(0, limit)
    const jobs = together(keys.map((key) => () => p.state.get('job', key)!))
    together(jobs.map((job) => () => p.instance(job.elementInstanceKey)))
    const ready = jobs.filter((job) => !isSetAside(p, job))
    if (ready.length === jobs.length || p.isLong) return ready
  }
}

/**
 * Activates up to `maxJobsToActivate` jobs of a type, oldest first. The jobs themselves leave by a notice, not by the record:
 * their variables belong to their instances.
 * Emits JOB_BATCH ACTIVATED, which is empty when there are none; the batch is cut at 4 MB.
 */
export function activateBatch(p: Processing, command: CommandOf<'JOB_BATCH'>): void {
  const {
    type = '',
    worker = '',
    timeout = 0,
    maxJobsToActivate = 0,
    fetchVariables = [],
    tenantIds = ['<default>'],
  } = command.value
  const jobs = oldest(p, tenantIds, type, maxJobsToActivate)
  const candidates = jobs.map(({ key }) => key)
  const sizes = together(jobs.map((job) => () => visible(p, job.elementInstanceKey, fetchVariables).length))
  let bytes = 0
  const fitting = sizes.findIndex((size, i) => {
    bytes += size
    return bytes > BATCH_BYTES_MAX && i > 0
  })
  const jobKeys = fitting < 0 ? candidates : candidates.slice(0, fitting)
  const truncated = jobKeys.length < candidates.length
  p.emit('JOB_BATCH', 'ACTIVATED', p.newKey(), {
    type,
    worker,
    timeout,
    maxJobsToActivate,
    jobKeys,
    fetchVariables,
    truncated,
    tenantIds,
  })
  p.notice({ kind: 'jobsActivated', jobs: jobKeys.map((key) => handed(p, key, fetchVariables)), truncated })
}
