/**
 * The money of the practices: what was paid, what is exempt, what is still to be settled, what went back; each row with the document
 * it rests on. Rows are added and never changed: a mistake is corrected by another row, as in every journal of accounts.
 */
import type { EffectClass } from '../effect.ts'

/**
 * What a row says: money that came in; money that came in and was not owed; nothing due, for a reason; a stamp that the office still has to
 * claim (DPR 642/1972 art. 19); money that went back; of a deposit or of what was not owed, what the town keeps; damage beyond a deposit; of
 * what was paid, what has arrived on the town's account, and what the payment service provider took from there again.
 */
export const ACCOUNT_STATES = [
  'PAGATO',
  'ECCEDENTE',
  'ESENTE',
  'DA_REGOLARIZZARE',
  'RIMBORSATO',
  'TRATTENUTO',
  'CREDITO',
  'RIVERSATO',
  'STORNATO',
] as const
/** What a row rests on: a receipt of pagoPA by its id, a document of the practice, a decision table, an order of payment, a flow of pagoPA. */
export const ACCOUNT_SOURCES = ['RICEVUTA', 'DOCUMENTO', 'DECISIONE', 'MANDATO', 'FLUSSO'] as const

export interface AccountEntry {
  readonly voce: string
  /** Whole cents, never negative; which way they went is `stato`. */
  readonly centesimi: number
  readonly stato: (typeof ACCOUNT_STATES)[number]
  /** Why it is this amount, as people read it. */
  readonly motivo: string | null
  /** Of the payment or of the decision, ISO. */
  readonly giorno: string
  /** The notice it was paid with, 18 digits. */
  readonly avviso: string | null
  readonly fonte: { readonly tipo: (typeof ACCOUNT_SOURCES)[number]; readonly riferimento: string }
}

/** As it was entered. */
export interface Booked extends AccountEntry {
  readonly pratica: string
  /** From one, in the order in which the rows of all practices were entered; gaps are possible. */
  readonly progressivo: number
}

export interface Accounts {
  /** The entries of one cause, together; of a `causa` that is there already, nothing. */
  book(pratica: string, causa: string, entries: readonly AccountEntry[]): Promise<void>
  /** Of one practice, oldest first. */
  of(pratica: string): Promise<readonly Booked[]>
  /** Of the town, by day, both ends included: pages of `limit` after the row with that number. */
  between(dal: string, al: string, after: number, limit: number): Promise<readonly Booked[]>
}

/** A row is known by its cause: entered again, it is the same row. */
export const accountEffects = { book: 'keyed', of: 'none', between: 'none' } as const satisfies Record<
  keyof Accounts,
  EffectClass
>
