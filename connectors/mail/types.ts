/** Courtesy mail by SMTP. PEC, with legal effect and receipts, is another connector. */
import type { EffectClass } from '../effect.ts'

export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
  /** Local part of the Message-ID; the same for each attempt of one sending. */
  readonly reference: string
}
export interface Sent {
  readonly messageId: string
}
export interface MailSender {
  send(mail: Mail): Promise<Sent>
  close(): void
}

/** One line of the sandbox's journal: an accepted message. */
export interface DeliveredMail {
  readonly at: string
  readonly from: string
  readonly to: readonly string[]
  /** The message as received: headers, empty line, body. */
  readonly raw: string
}

/** SMTP neither refuses a repeated message nor lets us ask whether one was sent. */
export const mailEffects = { send: 'neither' } as const satisfies Record<'send', EffectClass>
