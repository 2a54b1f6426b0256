/**
 * What has become of the positions of the sandbox: taken, changed, paid, reported, cancelled. A fold over its journal, so that it outlives
 * a kill. Owns states and receipts; not shapes and rules (sandbox-rules.ts), payments (sandbox-payments.ts), routes and pages.
 * Invariants
 * B1 A number stands for one position as long as that is there; what GPD knows to be paid is never cancelled.
 * B2 One notice may be paid twice, as happens when two payers are quick: GPD keeps the receipt that came first, and only that one.
 * B3 Until a receipt has come GPD knows nothing of the payment. It is taken even when the position has expired or was invalidated.
 */
import type { Journal } from '../journal.ts'
import { flowsOf, type Revision, type SentFlow } from './sandbox-flows.ts'
import { instalmentsOf, type MadePayment, type Payable, type Payment, paidAs } from './sandbox-payments.ts'
import type { CartModel, PositionModel } from './sandbox-rules.ts'

/** One line of the journal. */
export type PagopaJournalEntry = { readonly at: string } & (
  | { readonly operazione: 'posizione'; readonly posizione: PositionModel; readonly isPublished: boolean }
  | { readonly operazione: 'pubblicata' | 'annullata' | 'invalidata'; readonly iupd: string }
  /** Instalments in which one account took the place of another. */
  | { readonly operazione: 'iban'; readonly da: string; readonly a: string; readonly iuv: readonly string[] }
  | { readonly operazione: 'carrello'; readonly id: string; readonly carrello: CartModel }
  | ({ readonly operazione: 'pagata' } & Payment)
  | { readonly operazione: 'stornata'; readonly idReceipt: string }
  /** Flows are sent at once. */
  | { readonly operazione: 'flusso' }
  | ({ readonly operazione: 'revisione' } & Revision)
)

export interface Held {
  readonly posizione: PositionModel
  readonly insertedAt: string
  readonly updatedAt: string
  readonly isPublished: boolean
  readonly isInvalid: boolean
  /** By IUV, those that GPD keeps. */
  readonly receipts: ReadonlyMap<string, MadePayment>
}

export interface Book {
  readonly all: readonly Held[]
  /** Also of what was cancelled since, in the order of payment. */
  readonly payments: readonly MadePayment[]
  readonly flows: readonly SentFlow[]
  cart(id: string): CartModel | undefined
  byIupd(iupd: string): Held | undefined
  byNotice(nav: string): { readonly held: Held; readonly instalment: Payable } | undefined
}

interface Fold {
  readonly positions: Map<string, Held>
  readonly carts: Map<string, CartModel>
  readonly payments: MadePayment[]
  readonly cuts: string[]
  readonly revisions: Revision[]
}

/** `now`: epoch milliseconds, by the platform's clock. */
export function bookOf({ entries }: Journal<PagopaJournalEntry>, now: number): Book {
  const fold: Fold = { positions: new Map(), carts: new Map(), payments: [], cuts: [], revisions: [] }
  for (const entry of entries) apply(fold, entry)
  const { positions, carts, payments } = fold
  const all = [...positions.values()].map((held) => withReceipts(held, payments, now))
  return {
    ...{ all, payments, flows: flowsOf(payments, fold, now) },
    cart: (id) => carts.get(id),
    byIupd: (iupd) => all.find(({ posizione }) => posizione.iupd === iupd),
    byNotice(nav) {
      for (const held of all) {
        const instalment = instalmentsOf(held.posizione).find((one) => one.nav === nav)
        if (instalment) return { held, instalment }
      }
      return undefined
    },
  }
}

function apply(fold: Fold, entry: PagopaJournalEntry): void {
  const { positions, carts, payments, cuts, revisions } = fold
  const change = (iupd: string, changed: Partial<Held>) => {
    const held = positions.get(iupd)
    if (held) positions.set(iupd, { ...held, ...changed, updatedAt: entry.at })
  }
  switch (entry.operazione) {
    case 'posizione': {
      const { posizione, at, isPublished } = entry
      const isNew = { insertedAt: at, updatedAt: at, isInvalid: false, receipts: new Map() }
      positions.set(posizione.iupd, { posizione, isPublished, ...isNew })
      break
    }
    case 'pubblicata':
      change(entry.iupd, { isPublished: true })
      break
    case 'invalidata':
      change(entry.iupd, { isInvalid: true })
      break
    case 'annullata':
      positions.delete(entry.iupd)
      break
    case 'iban':
      for (const [iupd, { posizione }] of positions)
        if (instalmentsOf(posizione).some(({ iuv }) => entry.iuv.includes(iuv)))
          change(iupd, { posizione: withIban(posizione, entry) })
      break
    case 'carrello':
      carts.set(entry.id, entry.carrello)
      break
    case 'pagata': {
      const { operazione: _, at: __, ...payment } = entry
      const posizione = positions.get(entry.iupd)?.posizione
      const rata = posizione && instalmentsOf(posizione).find(({ iuv }) => iuv === entry.iuv)
      const paid = rata && paidAs(rata, entry.importo)
      if (posizione && paid) payments.push({ ...payment, posizione, rata: paid, stornataIl: null })
      break
    }
    case 'stornata': {
      const index = payments.findIndex(({ idReceipt }) => idReceipt === entry.idReceipt)
      const payment = payments[index]
      if (payment) payments[index] = { ...payment, stornataIl: entry.at }
      break
    }
    case 'flusso':
      cuts.push(entry.at)
      break
    case 'revisione':
      revisions.push(entry)
      break
  }
}

function withIban(
  posizione: PositionModel,
  { da, a, iuv }: { readonly da: string; readonly a: string; readonly iuv: readonly string[] },
): PositionModel {
  const paymentOption = posizione.paymentOption.map((option) => ({
    ...option,
    installments: option.installments.map((one) =>
      iuv.includes(one.iuv)
        ? { ...one, transfer: one.transfer.map((part) => (part.iban === da ? { ...part, iban: a } : part)) }
        : one,
    ),
  }))
  return { ...posizione, paymentOption }
}

function withReceipts(held: Held, payments: readonly MadePayment[], now: number): Held {
  const come = payments
    .filter(({ iupd, ricevutaDal }) => iupd === held.posizione.iupd && ricevutaDal !== null)
    .map((payment) => ({ payment, at: Date.parse(payment.ricevutaDal ?? '') }))
    .filter(({ at }) => at <= now)
    .toSorted((one, other) => one.at - other.at)
  const receipts = new Map<string, MadePayment>()
  for (const { payment } of come) if (!receipts.has(payment.iuv)) receipts.set(payment.iuv, payment)
  const updatedAt = come.map(({ payment }) => payment.ricevutaDal ?? '').reduce(later, held.updatedAt)
  return { ...held, receipts, updatedAt }
}

const later = (one: string, other: string): string => (Date.parse(other) > Date.parse(one) ? other : one)

/** As version 1 tells it. */
export type GpdState = 'DRAFT' | 'PUBLISHED' | 'VALID' | 'INVALID' | 'EXPIRED' | 'PARTIALLY_PAID' | 'PAID' | 'REPORTED'

export function stateOf(
  { posizione, receipts, isPublished, isInvalid }: Held,
  flows: readonly SentFlow[],
  now: number,
) {
  const options = posizione.paymentOption
  const isPaid = ({ iuv }: { readonly iuv: string }) => receipts.has(iuv)
  // One option out of several is enough: whoever has paid it owes nothing more.
  const paid = options.find(({ installments }) => installments.every(isPaid))
  if (paid) return paid.installments.every((one) => isReported(one, receipts, flows)) ? 'REPORTED' : 'PAID'
  if (options.some(({ installments }) => installments.some(isPaid))) return 'PARTIALLY_PAID'
  if (isInvalid) return 'INVALID'
  if (!isPublished) return 'DRAFT'
  const begins = options.flatMap(({ validityDate }) => (validityDate === undefined ? [] : [Date.parse(validityDate)]))
  if (begins.length > 0 && Math.min(...begins) > now) return 'PUBLISHED'
  const isOver = options.every(({ installments }) => installments.every(({ dueDate }) => Date.parse(dueDate) <= now))
  return isOver && options.every(({ switchToExpired }) => switchToExpired) ? 'EXPIRED' : 'VALID'
}

/** Whether every transfer is in a flow: one of a revenue stamp never is. */
export function isReported(
  { iuv, transfer }: Pick<Payable, 'iuv' | 'transfer'>,
  receipts: Held['receipts'],
  flows: readonly SentFlow[],
): boolean {
  const receipt = receipts.get(iuv)
  return transfer.every(({ idTransfer }) => flowWith(flows, receipt?.idReceipt, idTransfer) !== undefined)
}

export const flowWith = (flows: readonly SentFlow[], iur: string | undefined, idTransfer: string) =>
  flows.find(({ righe }) =>
    righe.some((line) => line.iur === iur && line.idTransfer === idTransfer && line.esito !== 'REVOKED'),
  )
