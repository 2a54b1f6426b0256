/**
 * What payers did in the sandbox: payments, and what of them comes to whom and when. Owns who may pay and what a payment is; not what
 * GPD makes of it (sandbox-book.ts) nor how the money arrives (sandbox-flows.ts).
 */
import { z } from 'zod'
import type { PspName } from './sandbox-account.ts'
import type { InstalmentModel, PositionModel } from './sandbox-rules.ts'

/** An instalment, and the number under which people pay it. */
export interface Payable extends InstalmentModel {
  readonly nav: string
}

/** The server gives out `3` and the IUV where no number was sent. */
export const payable = (instalment: InstalmentModel): Payable => ({
  ...instalment,
  nav: instalment.nav ?? `3${instalment.iuv}`,
})

export const instalmentsOf = ({ paymentOption }: PositionModel): readonly Payable[] =>
  paymentOption.flatMap(({ installments }) => installments.map(payable))

export interface Payment {
  /** Payment token, IUR of the flows. */
  readonly idReceipt: string
  readonly iupd: string
  readonly iuv: string
  /** Cents. */
  readonly importo: number
  readonly psp: PspName
  readonly pagatoIl: string
  /** From when its receipt is there; null: paid without pagoPA's knowledge, there never is one. */
  readonly ricevutaDal: string | null
}

/** A payment, what was paid with it, and when the payer was given it back. */
export interface MadePayment extends Payment {
  readonly posizione: PositionModel
  /** As it was paid: another amount than what was owed is in its first transfer. */
  readonly rata: Payable
  readonly stornataIl: string | null
}

/** What a tester says of a payment, as a form of the page says it: all of it may be left out. */
export const paymentFormSchema = z.object({
  /** Euro, with comma or point; what is owed when empty. */
  importo: z
    .string()
    .trim()
    .regex(/^(?:\d{1,9}(?:[.,]\d{1,2})?)?$/)
    .transform((euro) => euro.replace(',', '.'))
    .default(''),
  psp: z.enum(['BANCA', 'POSTE']).default('BANCA'),
  /** Days after which the receipt comes, or that none ever does. */
  ricevuta: z.union([z.literal('mai'), z.coerce.number().int().min(0).max(60)]).default(0),
})

const DAY_MS = 86_400_000

export const receiptFrom = (paidAt: number, after: z.infer<typeof paymentFormSchema>['ricevuta']): string | null =>
  after === 'mai' ? null : new Date(paidAt + after * DAY_MS).toISOString()

/** Null when so much cannot be paid with it: nothing would be left of the first transfer. */
export function paidAs(rata: Payable, importo: number): Payable | null {
  const [first, ...others] = rata.transfer
  const amount = (first?.amount ?? 0) + importo - rata.amount
  if (!first || amount <= 0) return null
  return { ...rata, amount: importo, transfer: [{ ...first, amount }, ...others] }
}
