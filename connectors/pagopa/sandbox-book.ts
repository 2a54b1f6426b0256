/**
 * What has become of the positions of the sandbox: taken, paid, cancelled. A fold over its journal, so that it outlives a kill.
 * Owns states and receipts; not shapes and rules (sandbox-rules.ts), routes and pages (sandbox.ts).
 * Invariants
 * B1 A number stands for one position as long as that is there; what is paid is never cancelled.
 * B2 One position may be paid twice, as happens when two payers are quick: two receipts, one state.
 */
import type { Journal } from '../journal.ts'
import type { CartModel, InstalmentModel, PositionModel } from './sandbox-rules.ts'

export interface Receipt {
  readonly idReceipt: string
  readonly iuv: string
  /** Cents. */
  readonly importo: number
  readonly pagatoIl: string
}

/** One line of the journal. */
export type PagopaJournalEntry =
  | {
      readonly operazione: 'posizione'
      readonly at: string
      readonly posizione: PositionModel
      readonly isPublished: boolean
    }
  | { readonly operazione: 'annullata'; readonly at: string; readonly iupd: string }
  | { readonly operazione: 'carrello'; readonly at: string; readonly id: string; readonly carrello: CartModel }
  | ({ readonly operazione: 'pagata'; readonly at: string; readonly iupd: string } & Receipt)

/** An instalment, and the number under which people pay it. */
export interface Payable extends InstalmentModel {
  readonly nav: string
}

export interface Held {
  readonly posizione: PositionModel
  readonly insertedAt: string
  readonly isPublished: boolean
  /** Oldest first; more than one when it was paid twice. */
  readonly receipts: readonly Receipt[]
}

export interface Book {
  readonly all: readonly Held[]
  cart(id: string): CartModel | undefined
  byIupd(iupd: string): Held | undefined
  byNotice(nav: string): { readonly held: Held; readonly instalment: Payable } | undefined
}

/** The server gives out `3` and the IUV where no number was sent. */
export const payable = (instalment: InstalmentModel): Payable => ({
  ...instalment,
  nav: instalment.nav ?? `3${instalment.iuv}`,
})

export const instalmentsOf = ({ posizione }: Held): readonly Payable[] =>
  posizione.paymentOption.flatMap(({ installments }) => installments.map(payable))

export function bookOf({ entries }: Journal<PagopaJournalEntry>): Book {
  const held = new Map<string, Held>()
  const carts = new Map<string, CartModel>()
  for (const entry of entries) {
    switch (entry.operazione) {
      case 'posizione': {
        const { posizione, at, isPublished } = entry
        held.set(posizione.iupd, { posizione, insertedAt: at, isPublished, receipts: [] })
        break
      }
      case 'carrello':
        carts.set(entry.id, entry.carrello)
        break
      case 'annullata':
        held.delete(entry.iupd)
        break
      case 'pagata': {
        const { operazione: _, at: __, iupd, ...receipt } = entry
        const position = held.get(iupd)
        if (position) held.set(iupd, { ...position, receipts: [...position.receipts, receipt] })
        break
      }
    }
  }
  const all = [...held.values()]
  return {
    all,
    cart: (id) => carts.get(id),
    byIupd: (iupd) => held.get(iupd),
    byNotice(nav) {
      for (const position of all) {
        const instalment = instalmentsOf(position).find((one) => one.nav === nav)
        if (instalment) return { held: position, instalment }
      }
      return undefined
    },
  }
}

export type GpdState = 'DRAFT' | 'PUBLISHED' | 'VALID' | 'UNPAYABLE' | 'PARTIALLY_PAID' | 'PAID'

/** As version 3 tells it: what has expired or was invalidated cannot be paid. */
export function stateOf(position: Held, now: number): GpdState {
  const { receipts, isPublished, posizione } = position
  const instalments = instalmentsOf(position)
  const paid = instalments.filter(({ iuv }) => receipts.some((receipt) => receipt.iuv === iuv))
  if (paid.length === instalments.length) return 'PAID'
  if (paid.length > 0) return 'PARTIALLY_PAID'
  if (!isPublished) return 'DRAFT'
  const [option] = posizione.paymentOption
  if (option?.validityDate !== undefined && Date.parse(option.validityDate) > now) return 'PUBLISHED'
  const isOver = instalments.every(({ dueDate }) => Date.parse(dueDate) <= now)
  return isOver && option?.switchToExpired ? 'UNPAYABLE' : 'VALID'
}
