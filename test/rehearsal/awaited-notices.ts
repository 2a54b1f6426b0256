/**
 * SEND's stream in a scenario: read while anything is to come of a notice that was asked for, and not otherwise, so that a scenario without
 * SEND opens no connection.
 */
import { type NoticeReaderOptions, noticeReader } from '../../workers/send/stati.ts'
import { type AwaitedPlatform, telling } from './awaited.ts'

/** A request is judged within minutes, what follows takes days. */
const JUDGED_WITHIN_MS = 10 * 60_000
const LOOK_FOR_JUDGEMENT_MS = 60_000
const LOOK_EVERY_MS = 2 * 3_600_000

export function awaitedNotices({ gateway, connectors, now }: NoticeReaderOptions): AwaitedPlatform {
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
    now,
  })
  const rest = () => (now() - askedAt < JUDGED_WITHIN_MS ? LOOK_FOR_JUDGEMENT_MS : LOOK_EVERY_MS)
  return {
    watched: telling('send.notifica', async (outcome) => {
      if (outcome.kind !== 'failed' || !(await connectors.noticeInbox.isAwaiting())) return
      askedAt = now()
      nextLook = Math.min(nextLook ?? Number.POSITIVE_INFINITY, now() + LOOK_FOR_JUDGEMENT_MS)
    }),
    nextLook: () => nextLook,
    /** Only when it is time. */
    async look() {
      if (nextLook === null || nextLook > now()) return false
      come = 0
      await reader.read()
      nextLook = (await connectors.noticeInbox.isAwaiting()) ? now() + rest() : null
      return come > 0
    },
  }
}
