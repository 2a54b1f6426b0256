/**
 * Certified mail (posta elettronica certificata): DPR 68/2005, DM 2 November 2005. Sent by SMTP; everything else, receipts included,
 * is read from the mailbox by IMAP.
 */
import type { EffectClass } from '../effect.ts'
import type { Letter } from './letter.ts'

/** How a provider is reached, and who it knows us as. TLS from the first byte, as providers ask. */
export interface PecServers {
  readonly smtp: { readonly host: string; readonly port: number }
  readonly imap: { readonly host: string; readonly port: number }
  readonly user: string
  readonly password: string
  /** PEM. Who certifies the servers; without it those that come with the system. */
  readonly tlsAuthority?: string
  /** PEM. Who certifies the providers' signatures: AgID's, in production. */
  readonly authorities: readonly string[]
  /** Folders to which receipts come; `INBOX` when not said. */
  readonly folders?: readonly string[]
  /** How long after a call without answer the provider may still be at work; `PEC_SETTLE_MS` when not said. */
  readonly settleMs?: number
}

export interface PecAttachment {
  readonly name: string
  readonly type: string
  readonly content: Uint8Array
}
export interface PecMessage {
  /** The same for each attempt of one sending. Receipts name it. */
  readonly messageId: string
  /** One: each recipient has receipts of their own. */
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly attachments: readonly PecAttachment[]
}
export interface Accepted {
  readonly messageId: string
}

/** Code of the refusal when the provider does not take the address: no such mailbox, or none there could be. */
export const RECIPIENT_REFUSED = 'DESTINATARIO'

/** How far a folder was read. */
export interface Position {
  readonly uidValidity: string
  readonly uid: number
}
export interface ArrivedLetter {
  readonly folder: string
  readonly position: Position
  /** Null when it is longer than is read. */
  readonly raw: Buffer | null
  readonly letter: Letter
}

export interface PecMailbox {
  readonly address: string
  readonly folders: readonly string[]
  /** Only after so long is a message without a receipt one that the provider has not had. */
  readonly settleMs: number
  /** Hands a message to the provider. What becomes of it, the receipts tell. */
  send(message: PecMessage): Promise<Accepted>
  /** Whether the provider has had a message: some receipt of it has come. */
  find(messageId: string): Promise<Accepted | null>
  /** What has arrived in a folder after a position, oldest first; without one, of the last days. Changes nothing in the mailbox. */
  arrivals(folder: string, after: Position | null): AsyncGenerator<ArrivedLetter, void>
  close(): void
}

/**
 * SMTP does not recognise a repeat, but the provider answers each message it has had with a receipt that names it: acceptance or
 * refusal, at once.
 */
export const pecEffects = { send: 'findable' } as const satisfies Record<'send', EffectClass>
/** Unless said: the provider's receipt takes minutes at the worst. */
export const PEC_SETTLE_MS = 30 * 60_000
