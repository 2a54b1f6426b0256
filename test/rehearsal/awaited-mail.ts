/**
 * The certified mailbox of a scenario: looked at while a message that was sent may still be answered, and not otherwise, so that a
 * scenario without certified mail opens no connection.
 */
import type { JobWorker } from '../../connectors/zeebe/index.ts'
import { type MailReaderOptions, mailReader } from '../../workers/pec/ricevute.ts'

export interface AwaitedMail {
  /** The same worker; what it sends is awaited. */
  watched(worker: JobWorker): JobWorker
  /** When to look again; null when nothing is awaited. */
  nextLook(): number | null
  /** Resolves with whether something has come. */
  look(): Promise<boolean>
}

const LOOK_EVERY_MS = 2 * 3_600_000
/** A provider gives up after a day. */
const ANSWERED_WITHIN_MS = 36 * 3_600_000

export function awaitedMail({ gateway, connectors, now }: MailReaderOptions): AwaitedMail {
  /** Until when, by Message-ID. */
  const awaited = new Map<string, number>()
  const reader = mailReader({
    gateway: {
      publishMessage(message) {
        awaited.delete(message.correlationKey)
        return gateway.publishMessage(message)
      },
    },
    connectors,
    now,
  })
  const isAwaited = () => [...awaited.values()].some((until) => now() <= until)
  return {
    watched(worker) {
      if (worker.type !== 'pec.invia') return worker
      return {
        type: worker.type,
        async handle(job) {
          const outcome = await worker.handle(job)
          if (outcome.kind === 'completed') awaited.set(messageIdIn(outcome.variables), now() + ANSWERED_WITHIN_MS)
          return outcome
        },
      }
    },
    nextLook: () => (isAwaited() ? now() + LOOK_EVERY_MS : null),
    look: async () => isAwaited() && (await reader.read()) > 0,
  }
}

const messageIdIn = (variables = '{}'): string =>
  (JSON.parse(variables) as { readonly pec?: { readonly messageId?: string } }).pec?.messageId ?? ''
