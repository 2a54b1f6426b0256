/**
 * Legal notices through SEND (Piattaforma Notifiche, L. 160/2019 art. 1 c. 402, DL 76/2020 art. 26): the recipient is reached by PEC or by
 * registered letter, and reads the documents on the platform. Words of the platform are kept as it writes them. Owns the port; not what
 * is remembered of what the platform said (inbox.ts).
 */
import type { EffectClass } from '../effect.ts'

/** How the platform is reached, what it knows the body by, and what the body has agreed on costs. */
export interface SendService {
  /** Origin alone. */
  readonly url: string
  /** `x-api-key`. */
  readonly chiave: string
  /** The purpose at the PDND whose voucher goes with each call; null for a key that the platform gave without PDND: it refuses vouchers. */
  readonly finalita: string | null
  /** Who sends: tax code, 11 digits, and name. */
  readonly ente: { readonly codiceFiscale: string; readonly nome: string }
  /** The group of the key. Where other programs of the body send too, each has one of its own, and hears nothing of the others'. */
  readonly gruppo?: string
  /**
   * Who bears the costs: without it the body (`FLAT_RATE`), else the recipient (`DELIVERY_MODE`): the body's own costs in cents, VAT in
   * percent, and how the position of a notice takes them up.
   */
  readonly costi?: { readonly spese: number; readonly iva: number; readonly aggiornamento: 'SYNC' | 'ASYNC' }
}

/** Only PDF; at most 15 in a notification. */
export interface NoticeDocument {
  readonly titolo: string
  readonly content: Uint8Array
}
/** A document that the platform holds; without a notification it forgets it after seven days. */
export interface UploadedDocument {
  readonly titolo: string
  /** SHA-256, base64. */
  readonly impronta: string
  readonly chiave: string
  readonly versione: string
}

export interface PhysicalAddress {
  /** Street and number. */
  readonly indirizzo: string
  readonly cap?: string
  readonly comune: string
  readonly provincia?: string
  readonly presso?: string
}
export interface NoticeRecipient {
  /** A person or a body. */
  readonly tipo: 'PF' | 'PG'
  readonly codiceFiscale: string
  /** At most 88 characters of Latin-1. */
  readonly nome: string
  /** A special domicile: it comes before those that the platform finds in the registers. */
  readonly domicilioDigitale?: string
  /** Without it the platform looks for one in ANPR or in the register of companies. */
  readonly indirizzo?: PhysicalAddress
}

/** By both the platform knows a repeat. Printable ASCII, at most 256 characters each. */
export interface NoticeReference {
  readonly protocollo: string
  /** Ours, and the same for every attempt at one sending. */
  readonly token: string
}
export const SUBJECT_LENGTH_MAX = 134
export interface NewNotification extends NoticeReference {
  /** At most 134 characters, no personal data: it stands on the envelope. */
  readonly oggetto: string
  /** Six digits and a letter. */
  readonly tassonomia: string
  /** Registered letter with return receipt, or as for judicial acts (L. 890/1982). */
  readonly raccomandata: 'AR' | '890'
  readonly destinatario: NoticeRecipient
  readonly documenti: readonly [UploadedDocument, ...UploadedDocument[]]
  /** What is to be paid with it, cents. */
  readonly avviso?: { readonly numeroAvviso: string; readonly importo: number }
}

/** One reason why a request was not taken: the platform's code and words. */
export interface RefusalReason {
  readonly codice: string
  readonly dettaglio: string
}
export type RequestProgress =
  | { readonly stato: 'WAITING'; readonly riprovaMs: number }
  | { readonly stato: 'ACCEPTED'; readonly iun: string }
  | { readonly stato: 'REFUSED'; readonly motivi: readonly RefusalReason[] }

export const NOTICE_STATES = [
  ...['IN_VALIDATION', 'ACCEPTED', 'REFUSED', 'DELIVERING', 'DELIVERED', 'VIEWED', 'EFFECTIVE_DATE', 'PAID'],
  ...['UNREACHABLE', 'CANCELLED', 'RETURNED_TO_SENDER'],
] as const
export type NoticeState = (typeof NOTICE_STATES)[number]
/** Nothing that matters in law follows. A read notice stays `VIEWED`; one that had its effect by time may still be read. */
export const FINAL_STATES: ReadonlySet<NoticeState> = new Set([
  ...(['REFUSED', 'VIEWED', 'EFFECTIVE_DATE', 'CANCELLED', 'RETURNED_TO_SENDER'] as const),
])

export interface StateReached {
  readonly stato: NoticeState
  /** ISO 8601, when it began to be so. */
  readonly dal: string
}
export interface SentNotification {
  readonly iun: string
  readonly protocollo: string
  readonly stato: NoticeState
  /** Oldest first. */
  readonly stati: readonly StateReached[]
}

/** An attestation that holds against third parties. */
export interface LegalFact {
  readonly chiave: string
  /** `SENDER_ACK`, `DIGITAL_DELIVERY`, `ANALOG_DELIVERY`, `RECIPIENT_ACCESS`, … */
  readonly categoria: string
}
export interface DownloadedFact {
  readonly nome: string
  readonly content: Uint8Array
}

/** Code of the refusal when our reference, or the number of the payment notice, stands for another notification. */
export const TAKEN = 'RIFERIMENTO_USATO'

export interface NotificationPlatform {
  /** Nothing is notified by uploading. */
  upload(documents: readonly NoticeDocument[]): Promise<readonly UploadedDocument[]>
  /**
   * Asks for a notification; resolves with the id of the request, which the platform still has to judge. A repeat resolves with the first.
   * Throws `Refused` with `TAKEN`.
   */
  request(notification: NewNotification): Promise<string>
  /** What was judged. For what a stream has not told: the platform wants its streams read. */
  progressOf(request: string): Promise<RequestProgress>
  read(iun: string): Promise<SentNotification>
  legalFacts(iun: string): Promise<readonly LegalFact[]>
  /** Throws `Unavailable` while the platform is still writing it. */
  download(iun: string, fact: LegalFact): Promise<DownloadedFact>
  /** Taken charge of; that it is cancelled, its state tells. */
  cancel(iun: string): Promise<void>
}

/** A change of state, as a stream tells it. */
export interface NoticeEvent {
  /** Grows within its stream. */
  readonly id: string
  readonly richiesta: string
  /** Null until the request is accepted. */
  readonly iun: string | null
  readonly stato: NoticeState
  /** ISO 8601. */
  readonly istante: string
  /** Of a refusal; else empty. */
  readonly motivi: readonly RefusalReason[]
}
export interface EventsRead {
  /** Oldest first, at most 50. */
  readonly events: readonly NoticeEvent[]
  /** How long to wait before the next look; 0 when there is more. */
  readonly riprovaMs: number
}

/** Code of the refusal when the platform has no such stream, or no longer. */
export const NO_STREAM = '404'

export interface NoticeStreams {
  /** The id of the stream with that title: the one that is there, else a new one. It tells what happens from then on. */
  open(title: string): Promise<string>
  /**
   * What happened after an event, or since the beginning. **All up to that event is forgotten by the platform**: pass only what is kept.
   * What nobody reads within seven days is lost. Throws `Refused` with `NO_STREAM`.
   */
  events(stream: string, after: string | null): Promise<EventsRead>
}

export const notificationEffects = {
  upload: 'none',
  request: 'keyed',
  progressOf: 'none',
  read: 'none',
  legalFacts: 'none',
  download: 'none',
  cancel: 'keyed',
} as const satisfies Record<keyof NotificationPlatform, EffectClass>
/** A stream is looked for by its title before it is made. */
export const noticeStreamsEffects = { open: 'findable', events: 'none' } as const satisfies Record<
  keyof NoticeStreams,
  EffectClass
>
