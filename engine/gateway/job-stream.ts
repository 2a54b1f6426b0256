/** A job stream as something to iterate over, for callers in this process. The engine pushes no more than can be taken. */
import type { ActivatedJob } from '../protocol/gateway.ts'
import type { Engine, HandedJob, JobRequest } from '../runtime/engine.ts'
import { activatedJob } from './responses.ts'

/** Jobs handed over and not yet taken: their timeout runs while they wait here. */
const TAKEN_AHEAD_MAX = 32

export async function* jobStream(
  engine: Engine,
  request: JobRequest,
  signal: AbortSignal,
): AsyncGenerator<ActivatedJob> {
  const waiting: HandedJob[] = []
  let wake = () => {}
  const push = (job: HandedJob): boolean => {
    if (waiting.length >= TAKEN_AHEAD_MAX) return false
    waiting.push(job)
    wake()
    return true
  }
  signal.addEventListener('abort', () => wake(), { once: true })
  engine.streamJobs(request, push, signal)
  while (!signal.aborted) {
    const job = waiting.shift()
    if (job) yield activatedJob(job)
    else {
      const { promise, resolve } = Promise.withResolvers<void>()
      wake = resolve
      await promise
    }
  }
}
