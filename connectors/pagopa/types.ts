/**
 * What a body is owed and whether it was paid, through pagoPA: positions in GPD (`gpd_v3.json`), from which pagoPA answers whoever takes
 * the money; receipts, which tell of a payment; flows, which tell of the money; notices on paper. Amounts are cents, whole numbers.
 * Owns the ports; not the numbers of notices (notice.ts).
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

/** The body that is paid, as pagoPA knows it. */
export interface Payee {
  readonly codiceFiscale: string
  readonly nome: string
  /** Two digits that its notices begin with. */
  readonly segregazione: string
  /** The account on which what is owed arrives. */
  readonly iban: string
}

export interface Debtor {
  /** A person or a body. */
  readonly tipo: 'F' | 'G'
  readonly codiceFiscale: string
  readonly nome: string
}

/** What is paid with one notice. */
export interface NewInstalment {
  readonly numeroAvviso: string
  /** Until when it can be paid: an instant, ISO 8601 with its offset. */
  readonly scadenza: string
  /** Their sum is the amount of the notice. */
  readonly voci: readonly [Transfer, ...Transfer[]]
}

/** One notice, or as many as there are instalments. */
export interface NewPosition extends NewInstalment {
  /** Ours, and the same for every attempt: by it the platform knows a repeat. */
  readonly iupd: string
  readonly debitore: Debtor
  /** At most 140 characters. */
  readonly oggetto: string
  /** The instalments after the first, by their last day, each with a notice of its own: at most 99. Who pays in part pays some of them. */
  readonly altreRate?: readonly NewInstalment[]
}

/** `PAGATA_IN_PARTE`: some instalments are paid, not all. */
export const POSITION_STATES = ['APERTA', 'PAGATA_IN_PARTE', 'PAGATA', 'NON_PAGABILE'] as const
export type PositionState = (typeof POSITION_STATES)[number]

export interface Instalment {
  readonly numeroAvviso: string
  readonly iuv: string
  readonly importo: number
  /** Null until it is paid, and its receipt has arrived: that may be days later. */
  readonly pagamento: PaymentMade | null
}

export interface Position extends Instalment {
  readonly iupd: string
  readonly stato: PositionState
  /** The instalments after the first, by their last day. */
  readonly altreRate: readonly Instalment[]
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

/** That somebody paid one notice once: pagoPA's receipt (RT). */
export interface Receipt {
  /** Payment token, the IUR of the flows: the same receipt may arrive more than once, a second payment has another. */
  readonly idRicevuta: string
  readonly numeroAvviso: string
  readonly iuv: string
  readonly importo: number
  /** ISO 8601 with its offset, when the payer paid; it may be days before the receipt can be read. */
  readonly pagatoIl: string
  readonly psp: string
  /** What the amount is made of; `id` is the `idTransfer` of the flows. */
  readonly voci: readonly ReceivedTransfer[]
}

export interface ReceivedTransfer {
  /** 1 to 5. */
  readonly id: number
  readonly importo: number
  /** Whose money it is: in a receipt of several bodies not always ours. */
  readonly codiceFiscaleEnte: string
  readonly causale: string
}

/** A line of the list of receipts. */
export interface ReceiptEntry {
  readonly iuv: string
  readonly pagatoIl: string
}

export interface Receipts {
  /**
   * The receipt that GPD keeps of an IUV, null when there is none (yet). It keeps one: who pays the same notice again leaves no trace here,
   * but a line of a flow, with a receipt of its own (`byIur`).
   */
  byIuv(iuv: string): Promise<Receipt | null>
  /** Any receipt, the second of one notice too, by what a line of a flow says. Null when there is none (yet). At most one call in 5 s. */
  byIur(payment: Pick<FlowPayment, 'iur' | 'iuv'>): Promise<Receipt | null>
  /**
   * The receipts that GPD keeps of what was paid between two days of the Italian calendar (`YYYY-MM-DD`, both included). The day is the
   * payment's: ask again for days that are gone, since a receipt may come later.
   */
  list(period: { readonly dal: string; readonly al: string }): Promise<readonly ReceiptEntry[]>
}

export const receiptsEffects = {
  ...{ byIuv: 'none', byIur: 'none', list: 'none' },
} as const satisfies Record<keyof Receipts, EffectClass>

/** Names one flow: a payment service provider may publish it again, as a further revision. */
export interface FlowId {
  readonly fdr: string
  readonly revisione: number
  /** Who sends the money. */
  readonly psp: string
}

export interface PublishedFlow extends FlowId {
  /** ISO 8601, UTC: the next question is for what was published after the latest of these. */
  readonly pubblicatoIl: string
}

/** One transfer of money from one payment service provider, and what it is for. */
export interface Flow extends PublishedFlow {
  /** The transfer on the account, as the bank statement names it. */
  readonly regolamento: string
  /** `YYYY-MM-DD`. */
  readonly dataRegolamento: string
  readonly nomePsp: string
  readonly numeroPagamenti: number
  /** Of all its payments, as declared. */
  readonly importo: number
}

/**
 * `NO_RPT`, `STAND_IN_NO_RPT`: paid without pagoPA's knowledge, for which no receipt exists; `REVOKED`: given back to the payer;
 * `STAND_IN`: paid while the body's system was away.
 */
export const FLOW_PAYMENT_STATES = ['EXECUTED', 'REVOKED', 'STAND_IN', 'STAND_IN_NO_RPT', 'NO_RPT'] as const
export type FlowPaymentState = (typeof FLOW_PAYMENT_STATES)[number]

/** What one transfer of one payment brought. (iuv, iur, idTransfer) names it, in all flows. */
export interface FlowPayment {
  /** Its place in the flow, from 1. */
  readonly indice: number
  readonly iuv: string
  /** `idRicevuta` of its receipt. */
  readonly iur: string
  readonly idTransfer: number
  readonly importo: number
  readonly esito: FlowPaymentState
  readonly pagatoIl: string
}

export interface Flows {
  /** Flows that were published after an instant (ISO 8601 with its offset), oldest first. */
  published(since: string): Promise<readonly PublishedFlow[]>
  /** Null when there is none. */
  find(flow: FlowId): Promise<Flow | null>
  /** In order. Throws `UnknownOutcome` when pages do not fit together. */
  payments(flow: FlowId): Promise<readonly FlowPayment[]>
}

export const flowsEffects = {
  ...{ published: 'none', find: 'none', payments: 'none' },
} as const satisfies Record<keyof Flows, EffectClass>

export interface NoticeToPrint {
  readonly numeroAvviso: string
  readonly importo: number
  /** At most 90 characters. */
  readonly oggetto: string
  /** The last day, `YYYY-MM-DD`. */
  readonly scadenza: string
  readonly debitore: {
    /** At most 70 characters. */
    readonly nome: string
    readonly codiceFiscale: string
    readonly indirizzo: PostalAddress
  }
  /** With the slip on which it is paid at a post office: the body's postal account is what pagoPA knows of it. */
  readonly bollettino?: boolean
}

export interface PostalAddress {
  /** At most 140 characters. */
  readonly via: string
  readonly civico: string
  readonly cap: string
  readonly comune: string
  /** Two letters. */
  readonly provincia: string
}

export interface Notices {
  /** The notice as pagoPA draws it: a PDF, with QR code. Nothing is owed by printing: the position is made apart. */
  print(notice: NoticeToPrint): Promise<Uint8Array>
}

export const noticesEffects = { print: 'none' } as const satisfies Record<keyof Notices, EffectClass>

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
