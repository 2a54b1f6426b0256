/** Sends mail through the town's SMTP server. */
import { createTransport } from 'nodemailer'
import { Refused, Unavailable, UnknownOutcome } from '../effect.ts'
import type { MailSender } from './types.ts'

export interface MailServer {
  readonly host: string
  readonly port: number
  readonly from: string
  /** TLS from the first byte; otherwise STARTTLS where the server offers it. */
  readonly secure?: boolean
  readonly auth?: { readonly user: string; readonly pass: string }
  readonly timeoutMs?: number
}

export function mailSender({ host, port, from, secure = false, auth, timeoutMs = 20_000 }: MailServer): MailSender {
  const transport = createTransport({
    host,
    port,
    secure,
    auth,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const domain = from.slice(from.lastIndexOf('@') + 1)
  return {
    async send({ to, subject, text, reference }) {
      const messageId = `<${reference}@${domain}>`
      try {
        await transport.sendMail({
          from,
          to: { name: '', address: to }, // as a text, a comma in it would make two
          subject,
          text,
          messageId,
          textEncoding: 'quoted-printable',
          headers: { 'Auto-Submitted': 'auto-generated' },
        })
        return { messageId }
      } catch (error) {
        throw smtpFailure(error)
      }
    },
    close: () => transport.close(),
  }
}

/** A numbered reply is a clear no; a socket that never connected sent nothing; anything else may have delivered. */
export function smtpFailure(error: unknown): Error {
  const { responseCode, syscall, code } = error as { responseCode?: number; syscall?: string; code?: string }
  if (responseCode !== undefined) {
    return responseCode < 500
      ? new Unavailable(`The mail server answered ${responseCode}`)
      : new Refused(String(responseCode), `The mail server refused with ${responseCode}`)
  }
  if (syscall === 'connect' || code === 'EDNS') return new Unavailable('The mail server could not be reached')
  return new UnknownOutcome('The mail server broke off')
}
