import { z } from 'zod'
import type { ActivatedJob } from '../../protocol/gateway.ts'
import { JsonText } from '../json-text.ts'
import { invalid } from '../rejection.ts'
import { command, inquiry, keyIn, type Operation, searches } from './operation.ts'
import { date, int64, operationReference, optional, text, variables } from './shapes.ts'

const activation = z.object({
  type: text,
  worker: optional(text),
  timeout: int64,
  maxJobsToActivate: int64,
  requestTimeout: optional(int64),
  fetchVariable: optional(z.array(text)),
  tenantIds: optional(z.array(text)),
})

const failure = z.object({
  retries: optional(int64),
  errorMessage: optional(text),
  retryBackOff: optional(int64),
  variables: optional(variables),
})

/** Absent or null corrects nothing; an empty text or list clears. */
const corrections = z.object({
  assignee: optional(text),
  dueDate: optional(date),
  followUpDate: optional(date),
  candidateUsers: optional(z.array(text)),
  candidateGroups: optional(z.array(text)),
  priority: optional(z.int().min(0).max(100)),
})
const result = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('userTask'),
    denied: optional(z.boolean()),
    deniedReason: optional(text),
    corrections: optional(corrections),
  }),
  z.object({
    type: z.literal('adHocSubProcess'),
    activateElements: optional(z.array(z.object({ elementId: text, variables: optional(variables) }))),
    isCompletionConditionFulfilled: optional(z.boolean()),
    isCancelRemainingInstances: optional(z.boolean()),
  }),
])

const update = z.object({
  changeset: z.object({ retries: optional(int64), timeout: optional(int64) }),
  operationReference,
})

function activatedJob(job: ActivatedJob) {
  const { key, bpmnProcessId, processDefinitionVersion, variables, kind, listenerEventType, ...same } = job
  return {
    jobKey: key,
    processDefinitionId: bpmnProcessId,
    processDefinitionVersion,
    variables: new JsonText(variables),
    kind: kind ?? 'BPMN_ELEMENT',
    listenerEventType: listenerEventType ?? 'UNSPECIFIED',
    ...same,
  }
}

export const jobs: readonly Operation[] = [
  searches('searchJobs', 'POST /jobs/search', 'jobs'),
  inquiry('activateJobs', 'POST /jobs/activation', activation, async (body, { gateway, gone }) => {
    const { worker = '', timeout, requestTimeout, fetchVariable, ...rest } = body
    const poll = {
      ...rest,
      worker,
      timeoutMs: timeout,
      requestTimeoutMs: requestTimeout ?? 0,
      fetchVariables: fetchVariable ?? [],
    }
    return { jobs: (await gateway.activateJobs(poll, gone)).map(activatedJob) }
  }),
  command(
    'completeJob',
    'POST /jobs/{jobKey}/completion',
    z.object({ variables: optional(variables), result: optional(result) }),
    (body, request) => request.gateway.completeJob(keyIn(request, 'jobKey'), body.variables, body.result),
  ),
  command('failJob', 'POST /jobs/{jobKey}/failure', failure, (body, request) => {
    const { retries = 0, retryBackOff = 0, ...rest } = body
    return request.gateway.failJob(keyIn(request, 'jobKey'), { ...rest, retries, retryBackOffMs: retryBackOff })
  }),
  command(
    'throwJobError',
    'POST /jobs/{jobKey}/error',
    z.object({ errorCode: text, errorMessage: optional(text), variables: optional(variables) }),
    (body, request) => request.gateway.throwError(keyIn(request, 'jobKey'), body),
  ),
  command('updateJob', 'PATCH /jobs/{jobKey}', update, async ({ changeset: { retries, timeout } }, request) => {
    const key = keyIn(request, 'jobKey')
    if (retries === undefined && timeout === undefined) {
      throw invalid('Expected retries or timeout to be given, but neither was')
    }
    if (retries !== undefined) await request.gateway.updateJobRetries(key, retries)
    if (timeout !== undefined) await request.gateway.updateJobTimeout(key, timeout)
  }),
]
