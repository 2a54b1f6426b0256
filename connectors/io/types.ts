/** Courtesy messages to a person's App IO, from the town's one service there. Without legal effect. */
import type { EffectClass } from '../effect.ts'

export interface IoMessage {
  readonly codiceFiscale: string
  /** 10 to 120 characters. */
  readonly subject: string
  /** 80 to 10 000 characters of Markdown. */
  readonly markdown: string
  /** What the person may be reminded of: an instant, ISO 8601 with its offset. */
  readonly dueDate?: string
  /** A notice of pagoPA, which the app lets the person pay; not after `dueDate`. */
  readonly payment?: IoPayment
}
export interface IoPayment {
  /** 18 digits. */
  readonly numeroAvviso: string
  readonly centesimi: number
  /** Tax code of the body that is paid. */
  readonly ente: string
}
export interface IoSent {
  readonly messageId: string
}

/** How far a message has come. A word that is not among these was added later by the platform. */
export const IO_STATUSES = ['ACCEPTED', 'THROTTLED', 'PROCESSED', 'FAILED', 'REJECTED'] as const
export type IoStatus = (typeof IO_STATUSES)[number]

/** Codes of `Refused`: the person has no App IO, or has switched this service off. */
export const NOT_ON_IO = 'NON_ISCRITTO'
export const SWITCHED_OFF = 'SERVIZIO_DISATTIVATO'

export interface AppIo {
  /**
   * Asks first whether this person takes messages from the town, as the platform demands, and submits only then. Throws `Refused` with
   * `NOT_ON_IO` or `SWITCHED_OFF` when not.
   */
  send(message: IoMessage): Promise<IoSent>
  status(message: { readonly codiceFiscale: string; readonly messageId: string }): Promise<IoStatus>
}

/** The platform takes no key of ours and lists no messages: without the id of its answer nothing tells whether one was taken. */
export const appIoEffects = { send: 'neither', status: 'none' } as const satisfies Record<keyof AppIo, EffectClass>
