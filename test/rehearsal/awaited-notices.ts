/**
 * SEND's stream in a scenario: read while anything is to come of a notice that was asked for, and not otherwise, so that a scenario without
 * SEND opens no connection.
 */
import type { JobWorker } from '../../connectors/zeebe/index.ts'
import { type NoticeReaderOptions, noticeReader } from '../../workers/send/stati.ts'

export interface AwaitedNotices {
  /** The same worker; what becomes of what it asks for is awaited. */
  watched(worker: JobWorker): JobWorker
  /** When to look again; null when nothing is awaited. */
  nextLook(): number | null
  /** Looks when it is time; resolves with whether something has come. */
  look(): Promise<boolean>
}

/** A request is judged within minutes, what follows takes days. */
const JUDGED_WITHIN_MS = 10 * 60_000
const LOOK_FOR_JUDGEMENT_MS = 60_000
const LOOK_EVERY_MS = 2 * 3_600_000

export function awaitedNotices({
  gateway,
  connectors,
  now,
}: NoticeReaderOptions & { readonly now: () => number }): AwaitedNotices {
  let askedAt = 0
  let nextLook: number | null = null
  let come = 0
  const reader = noticeReader({
    gateway: {
      publishMessage(message) {
        come += 1
        return gateway.publishMessage(message)
      },
    },
    connectors,
  })
  const rest = () => (now() - askedAt < JUDGED_WITHIN_MS ? LOOK_FOR_JUDGEMENT_MS : LOOK_EVERY_MS)
  return {
    watched(worker) {
      if (worker.type !== 'send.notifica') return worker
      return {
        type: worker.type,
        async handle(job) {
          const outcome = await worker.handle(job)
          if (outcome.kind === 'failed' && (await connectors.noticeInbox.isAwaiting())) {
            askedAt = now()
            nextLook = Math.min(nextLook ?? Number.POSITIVE_INFINITY, now() + LOOK_FOR_JUDGEMENT_MS)
          }
          return outcome
        },
      }
    },
    nextLook: () => nextLook,
    async look() {
      if (nextLook === null || nextLook > now()) return false
      come = 0
      await reader.read()
      nextLook = (await connectors.noticeInbox.isAwaiting()) ? now() + rest() : null
      return come > 0
    },
  }
}
