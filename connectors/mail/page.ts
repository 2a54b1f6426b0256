/** The page of the mail sandbox: what was sent, newest first, each message readable. */
import { messagePage, sentPage } from '../sandbox-page.ts'
import { readMessage } from './mime.ts'
import type { DeliveredMail } from './types.ts'

export const mailListPage = (sent: readonly DeliveredMail[]): string =>
  sentPage(
    'Posta inviata',
    sent.map(({ at, to, raw }) => ({ at, to: to.join(', '), words: readMessage(raw).subject })),
  )

export function mailPage({ at, from, to, raw }: DeliveredMail): string {
  const { subject, text } = readMessage(raw)
  return messagePage(subject, `Da ${from} a ${to.join(', ')}, ${at}`, text)
}
