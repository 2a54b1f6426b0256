/** Courtesy text messages. Without legal effect; what they say is short, and nothing in them needs to be kept from others' eyes. */
import type { EffectClass } from '../effect.ts'

export interface Sms {
  /** E.164: `+` and digits. */
  readonly to: string
  /** One segment of the GSM alphabet, as `text.ts` makes it. */
  readonly text: string
}
export interface SmsSent {
  readonly messageId: string
}
export interface SmsSender {
  send(sms: Sms): Promise<SmsSent>
}

/** The provider takes no key of ours: a message sent again arrives again. */
export const smsEffects = { send: 'neither' } as const satisfies Record<keyof SmsSender, EffectClass>
