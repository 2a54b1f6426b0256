/** Jobs on a board, with the five calls a worker makes: what it hands out, it hands out again until it hears of it. */

import type { JobGateway } from '../../connectors/zeebe/index.ts'
import type { ActivatedJob, Gateway, GatewayError, PublishMessageRequest } from '../../engine/protocol/gateway.ts'

export interface JobBoard extends JobGateway, Pick<Gateway, 'publishMessage'> {
  /** Pushed to an open stream, else kept for a poll. */
  add(job: Partial<ActivatedJob> & { readonly type: string }): ActivatedJob
  /** What was reported, in order: `[call, job key, what]`. */
  readonly reports: readonly (readonly [call: string, key: string, what: unknown])[]
  /** Resolves once so many reports are in. */
  reported(count: number): Promise<void>
  /** The next reports fail with it. */
  failReports(error: GatewayError, times: number): void
  /** Messages that workers have published. */
  readonly published: readonly PublishMessageRequest[]
}

const BLANK: Omit<ActivatedJob, 'type' | 'key'> = {
  processInstanceKey: '1',
  bpmnProcessId: 'comune.anagrafe.residenza',
  processDefinitionVersion: 1,
  processDefinitionKey: '2',
  elementId: 'compito',
  elementInstanceKey: '3',
  customHeaders: {},
  worker: '',
  retries: 3,
  deadline: 0,
  variables: '{}',
  tags: [],
  tenantId: '<default>',
}

export function jobBoard(): JobBoard {
  const waiting: ActivatedJob[] = []
  const streams = new Map<string, (job: ActivatedJob) => void>()
  const reports: (readonly [string, string, unknown])[] = []
  const watchers: { count: number; resolve: () => void }[] = []
  const failures: GatewayError[] = []
  const published: PublishMessageRequest[] = []
  let keys = 100
  const report = async (call: string, key: string, what: unknown): Promise<void> => {
    const failure = failures.shift()
    if (failure) throw failure
    reports.push([call, key, what])
    for (const { count, resolve } of watchers) if (reports.length >= count) resolve()
  }
  return {
    reports,
    published,
    async publishMessage(request) {
      published.push(request)
      return { messageKey: String(keys++), tenantId: '<default>' }
    },
    add(given) {
      const job = { ...BLANK, key: String(keys++), ...given }
      const push = streams.get(job.type)
      if (push) push(job)
      else waiting.push(job)
      return job
    },
    reported: (count) =>
      reports.length >= count ? Promise.resolve() : new Promise((resolve) => watchers.push({ count, resolve })),
    failReports: (error, times) => void failures.push(...Array.from({ length: times }, () => error)),
    async activateJobs({ type, maxJobsToActivate }, signal) {
      const mine = waiting.filter((job) => job.type === type).slice(0, maxJobsToActivate)
      for (const job of mine) waiting.splice(waiting.indexOf(job), 1)
      if (mine.length === 0 && signal) await aborted(signal)
      return mine
    },
    async *streamJobs({ type }, signal) {
      const pushed: ActivatedJob[] = []
      let wake = () => {}
      streams.set(type, (job) => {
        pushed.push(job)
        wake()
      })
      signal.addEventListener('abort', () => wake(), { once: true })
      while (!signal.aborted) {
        const job = pushed.shift()
        if (job) yield job
        else await new Promise<void>((resolve) => (wake = resolve))
      }
      streams.delete(type)
    },
    completeJob: (key, variables) => report('complete', key, variables),
    failJob: (key, failure) => report('fail', key, failure),
    throwError: (key, error) => report('throw', key, error),
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
