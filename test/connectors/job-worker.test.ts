/** The worker loop: how many jobs run at once, what is reported, what a gateway that is away does to it, and its end. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type JobOutcome, runWorker } from '../../connectors/zeebe/index.ts'
import { type ActivatedJob, GatewayError } from '../../engine/protocol/gateway.ts'
import { jobBoard } from './job-board.ts'

const options = { name: 'prova', maxJobs: 2, timeoutMs: 1_000, log: () => {} }
const completed: JobOutcome = { kind: 'completed', variables: '{"fatto":true}' }

test('jobs created before the worker are polled, later ones streamed', async () => {
  const board = jobBoard()
  const early = board.add({ type: 't' })
  const worker = runWorker(board, { type: 't', handle: async () => completed }, options)
  await board.reported(1)
  const late = board.add({ type: 't' })
  await board.reported(2)
  await worker.close()
  assert.deepEqual(board.reports, [
    ['complete', early.key, '{"fatto":true}'],
    ['complete', late.key, '{"fatto":true}'],
  ])
})

test('every outcome has its call', async () => {
  const board = jobBoard()
  const failed = { retries: 2, errorMessage: 'guasto', retryBackOffMs: 10_000 }
  const error = { errorCode: 'RIFIUTO', errorMessage: 'no', variables: '{}' }
  const outcomes: JobOutcome[] = [
    { kind: 'failed', ...failed },
    { kind: 'error', ...error },
  ]
  const worker = runWorker(board, { type: 't', handle: async () => outcomes.shift() ?? completed }, options)
  board.add({ type: 't' })
  await board.reported(1)
  board.add({ type: 't' })
  await board.reported(2)
  await worker.close()
  assert.deepEqual(
    board.reports.map(([call, , what]) => [call, what]),
    [
      ['fail', failed],
      ['throw', error],
    ],
  )
})

test('never more jobs at once than allowed; close waits for the running ones', async () => {
  const board = jobBoard()
  const finish: (() => void)[] = []
  let most = 0
  let now = 0
  const handle = async (_job: ActivatedJob) => {
    most = Math.max(most, ++now)
    await new Promise<void>((resolve) => finish.push(resolve))
    now--
    return completed
  }
  const jobs = Array.from({ length: 5 }, () => board.add({ type: 't' }))
  const worker = runWorker(board, { type: 't', handle }, options)
  for (let done = 0; done < jobs.length; ) {
    await new Promise((resolve) => setImmediate(resolve))
    const next = finish.shift()
    if (!next) continue
    if (++done === jobs.length) void worker.close()
    next()
    await board.reported(done)
  }
  await worker.close()
  assert.equal(most, 2)
  assert.equal(board.reports.length, jobs.length)
})

test('a report that did not reach the gateway is repeated; one it does not know is dropped', async () => {
  const board = jobBoard()
  board.failReports(new GatewayError('UNAVAILABLE', 'away'), 1)
  const worker = runWorker(board, { type: 't', handle: async () => completed }, options)
  board.add({ type: 't' })
  await board.reported(1)
  board.failReports(new GatewayError('NOT_FOUND', 'gone'), 1)
  board.add({ type: 't' })
  board.add({ type: 't' })
  await board.reported(2)
  await worker.close()
  assert.equal(board.reports.length, 2)
})
