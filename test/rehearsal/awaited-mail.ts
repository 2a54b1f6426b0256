/**
 * The certified mailbox of a scenario: looked at while a message that was sent may still be answered, and not otherwise, so that a
 * scenario without certified mail opens no connection.
 */
import { type MailReaderOptions, mailReader } from '../../workers/pec/ricevute.ts'
import { type AwaitedPlatform, telling } from './awaited.ts'

const LOOK_EVERY_MS = 2 * 3_600_000
/** A provider gives up after a day. */
const ANSWERED_WITHIN_MS = 36 * 3_600_000

export function awaitedMail({ gateway, connectors, now }: MailReaderOptions): AwaitedPlatform {
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
    watched: telling('pec.invia', (outcome) => {
      if (outcome.kind === 'completed') awaited.set(messageIdIn(outcome.variables), now() + ANSWERED_WITHIN_MS)
    }),
    nextLook: () => (isAwaited() ? now() + LOOK_EVERY_MS : null),
    look: async () => isAwaited() && (await reader.read()) > 0,
  }
}

const messageIdIn = (variables = '{}'): string =>
  (JSON.parse(variables) as { readonly pec?: { readonly messageId?: string } }).pec?.messageId ?? ''
