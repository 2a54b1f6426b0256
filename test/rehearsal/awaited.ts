/** What may come from a platform after a worker has asked it for something: looked for while it is awaited, and not otherwise. */
import type { JobOutcome, JobWorker } from '../../connectors/zeebe/index.ts'

export interface AwaitedPlatform {
  /** The same worker; what comes of its jobs is awaited. */
  watched(worker: JobWorker): JobWorker
  /** When to look again; null when nothing is awaited. */
  nextLook(): number | null
  /** Resolves with whether something has come. */
  look(): Promise<boolean>
}

/** Workers of this type tell what became of each job; others are left as they are. */
export const telling =
  (type: string, tell: (outcome: JobOutcome) => Promise<void> | void) =>
  (worker: JobWorker): JobWorker => {
    if (worker.type !== type) return worker
    return {
      type,
      async handle(job) {
        const outcome = await worker.handle(job)
        await tell(outcome)
        return outcome
      },
    }
  }
