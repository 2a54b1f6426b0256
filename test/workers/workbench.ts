/** The town's workers beside a board of jobs: what becomes of one, for tests. */
import assert from 'node:assert/strict'
import type { JobOutcome, JobWorker } from '../../connectors/zeebe/index.ts'
import type { ActivatedJob } from '../../engine/protocol/gateway.ts'
import { type JobWorkersOptions, jobWorkers } from '../../workers/index.ts'
import { jobBoard } from '../connectors/job-board.ts'

export function openWorkbench(options: Omit<JobWorkersOptions, 'gateway' | 'log'>) {
  const board = jobBoard()
  const logged: string[] = []
  const workers = jobWorkers({ ...options, gateway: board, log: (line) => void logged.push(line) })
  /** By these workers, the town's unless said. */
  const work = (job: ActivatedJob, by: readonly JobWorker[] = workers): Promise<JobOutcome> =>
    by.find(({ type }) => type === job.type)!.handle(job)
  return {
    board,
    workers,
    logged,
    work,
    jobOf: (type: string, variables: object, more: Partial<ActivatedJob> = {}): ActivatedJob =>
      board.add({ type, variables: JSON.stringify(variables), ...more }),
    completed: async (job: ActivatedJob) => completedWith(await work(job)),
  }
}

/** The variables a job was completed with. Fails when it was not. */
export function completedWith(outcome: JobOutcome) {
  assert.equal(outcome.kind, 'completed', JSON.stringify(outcome))
  return JSON.parse((outcome.kind === 'completed' && outcome.variables) || '{}')
}
