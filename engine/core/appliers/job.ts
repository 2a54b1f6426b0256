import type { Instant, JobValue, Key } from '../../protocol/records.ts'
import type { Job, JobState } from '../state/rows.ts'
import type { State } from '../state/state.ts'
import { type Appliers, given, migrated } from './applier.ts'

const update = (state: State, key: Key, change: Partial<Job>): void => {
  const row = state.get('job', key)
  if (row !== undefined) state.put('job', { ...row, ...change })
}
const offered = { state: 'ACTIVATABLE', deadline: -1, recurringTime: -1 } as const

/** A job ends with its element's wait: the element forgets it at once. */
function end(jobState: JobState) {
  return (state: State, key: Key, value: Readonly<Partial<JobValue>>, at: Instant): void => {
    const row = state.get('job', key)
    if (row === undefined) return
    const { denied: isDenied = false, deniedReason = '' } = value.result ?? {}
    state.remove('job', key, { ...row, state: jobState, isDenied, deniedReason, endedAt: at })
    const instance = state.get('elementInstance', row.elementInstanceKey)
    if (instance !== undefined) state.put('elementInstance', { ...instance, jobKey: -1 })
  }
}

export const jobAppliers: Appliers<'JOB'> = {
  MIGRATED: (state, key, value) => update(state, key, migrated(value)),
  CREATED: (state, key, value, at) => {
    const elementInstanceKey = given(value.elementInstanceKey, 'elementInstanceKey')
    state.put('job', {
      key,
      tenantId: value.tenantId ?? '<default>',
      state: 'ACTIVATABLE',
      type: given(value.type, 'type'),
      retries: given(value.retries, 'retries'),
      worker: '',
      deadline: -1,
      recurringTime: -1,
      retryBackoff: 0,
      failures: 0,
      customHeaders: value.customHeaders ?? {},
      errorMessage: '',
      errorCode: '',
      isDenied: false,
      deniedReason: '',
      jobKind: value.jobKind ?? 'BPMN_ELEMENT',
      jobListenerEventType: value.jobListenerEventType ?? 'UNSPECIFIED',
      listenerIndex: value.listenerIndex ?? 0,
      elementId: given(value.elementId, 'elementId'),
      elementInstanceKey,
      processInstanceKey: given(value.processInstanceKey, 'processInstanceKey'),
      processDefinitionKey: given(value.processDefinitionKey, 'processDefinitionKey'),
      tags: value.tags ?? [],
      createdAt: at,
      endedAt: -1,
    })
    const instance = state.get('elementInstance', elementInstanceKey)
    if (instance !== undefined) state.put('elementInstance', { ...instance, jobKey: key })
  },
  COMPLETED: end('COMPLETED'),
  CANCELED: end('CANCELED'),
  TIMED_OUT: (state, key) => update(state, key, offered),
  YIELDED: (state, key) => update(state, key, offered),
  RECURRED_AFTER_BACKOFF: (state, key) => update(state, key, offered),
  FAILED: (state, key, value) => {
    const retries = given(value.retries, 'retries')
    const recurringTime = value.recurringTime ?? -1
    const failures = (state.get('job', key)?.failures ?? 0) + 1
    update(state, key, {
      failures,
      state: retries > 0 && recurringTime < 0 ? 'ACTIVATABLE' : 'FAILED',
      retries,
      deadline: -1,
      recurringTime,
      retryBackoff: value.retryBackoff ?? 0,
      errorMessage: value.errorMessage ?? '',
    })
  },
  /** A caught error ends the job; an uncaught one keeps it for the incident. */
  ERROR_THROWN: (state, key, value, at) => {
    const change = { errorCode: value.errorCode ?? '', errorMessage: value.errorMessage ?? '', deadline: -1 }
    const row = state.get('job', key)
    if (row === undefined) return
    if (value.caught === true) {
      end('ERROR_THROWN')(state, key, value, at)
      return
    }
    state.put('job', { ...row, ...change, state: 'ERROR_THROWN' })
  },
  RETRIES_UPDATED: (state, key, value) => update(state, key, { retries: given(value.retries, 'retries'), failures: 0 }),
  TIMEOUT_UPDATED: (state, key, value) => update(state, key, { deadline: given(value.deadline, 'deadline') }),
}

export const jobBatchAppliers: Appliers<'JOB_BATCH'> = {
  ACTIVATED: (state, _key, value, at) => {
    for (const key of value.jobKeys ?? []) {
      update(state, key, {
        state: 'ACTIVATED',
        worker: value.worker ?? '',
        deadline: at + given(value.timeout, 'timeout'),
      })
    }
  },
}
