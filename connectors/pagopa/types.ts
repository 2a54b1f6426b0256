/**
 * What a body is owed and whether it was paid, through pagoPA: positions in GPD (`gpd_v3.json`), from which pagoPA answers whoever takes
 * the money. Amounts are cents, whole numbers. Owns the port; not the numbers of notices (notice.ts).
 */
import type { EffectClass } from '../effect.ts'

/** A part of an amount, with its own account: at most five in a position. */
export type Transfer = {
  readonly importo: number
  /** What the money is for, at most 140 characters. */
  readonly causale: string
  /** Code of pagoPA's taxonomy, as `9/0301100TS/`. */
  readonly tassonomia: string
} & (
  | { readonly iban: string }
  /** A revenue stamp for the document with this fingerprint (SHA-256, base64). */
  | { readonly bollo: { readonly impronta: string; readonly provincia: string } }
)

export interface Debtor {
  /** A person or a body. */
  readonly tipo: 'F' | 'G'
  readonly codiceFiscale: string
  readonly nome: string
}

export interface NewPosition {
  /** Ours, and the same for every attempt: by it the platform knows a repeat. */
  readonly iupd: string
  readonly numeroAvviso: string
  readonly debitore: Debtor
  /** At most 140 characters. */
  readonly oggetto: string
  /** Until when it can be paid: an instant, ISO 8601 with its offset. */
  readonly scadenza: string
  /** Their sum is the position's amount. */
  readonly voci: readonly [Transfer, ...Transfer[]]
}

export const POSITION_STATES = ['APERTA', 'PAGATA', 'NON_PAGABILE'] as const
export type PositionState = (typeof POSITION_STATES)[number]

export interface Position {
  readonly iupd: string
  readonly numeroAvviso: string
  readonly iuv: string
  readonly importo: number
  readonly stato: PositionState
  /** Null until it is paid. */
  readonly pagamento: PaymentMade | null
}

export interface PaymentMade {
  /** Payment token, the IUR of the flows: by it duplicates of one receipt are known. */
  readonly idRicevuta: string
  /** ISO 8601, when the payer paid. */
  readonly pagatoIl: string
  /** Who took the money. */
  readonly psp: string
}

/** Codes of `Refused`. */
export const ALREADY_PAID = 'GIA_PAGATA'
export const TAKEN = 'NUMERO_USATO'

export interface PaymentPositions {
  /**
   * Creates and publishes. A repeat resolves with what the first attempt left. Throws `Refused` with `TAKEN` when the number stands for
   * something else.
   */
  create(position: NewPosition): Promise<Position>
  /** Null when there is none, or no longer. */
  find(iupd: string): Promise<Position | null>
  /** Nobody can pay it any more; what is gone already stays so. Throws `Refused` with `ALREADY_PAID` when somebody has. */
  cancel(iupd: string): Promise<void>
}

/** Where a payer comes back to from the payment page. That somebody came back proves nothing: the position does. */
export interface WaysBack {
  readonly pagato: string
  readonly annullato: string
  readonly errore: string
}

export interface Cart {
  /** One to five notices of this body. */
  readonly avvisi: readonly { readonly numeroAvviso: string; readonly importo: number; readonly oggetto: string }[]
  readonly ritorno: WaysBack
  /** Where the payer wants the receipt. */
  readonly email?: string
}

export interface Checkout {
  /** Resolves with the address of the page on which these notices are paid. Nothing is owed or paid by asking. */
  open(cart: Cart): Promise<string>
}

export const checkoutEffects = { open: 'none' } as const satisfies Record<keyof Checkout, EffectClass>

export const paymentPositionsEffects = {
  create: 'keyed',
  find: 'none',
  cancel: 'keyed',
} as const satisfies Record<keyof PaymentPositions, EffectClass>
