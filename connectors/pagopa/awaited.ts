/**
 * What is remembered of payment notices: for whose payment somebody waits, which were withdrawn, and every payment that was learned of,
 * before anybody is told. pagoPA knows no practice; here each notice has its own.
 */
import type { PaymentMade } from './types.ts'

export interface AwaitedNotice {
  readonly numeroAvviso: string
  readonly iupd: string
  readonly pratica: { readonly id: string; readonly tipo: string | null }
  /** Candidate group of those who give back what is paid too much; null where nobody is named. */
  readonly ufficio: string | null
  readonly oggetto: string
  readonly centesimi: number
  /** The last day, `YYYY-MM-DD`. */
  readonly scadenza: string
}

export interface LearnedPayment extends PaymentMade {
  readonly numeroAvviso: string
  readonly centesimi: number
}

export interface KnownPayment extends LearnedPayment {
  readonly avviso: AwaitedNotice
  /** Paid when it had been paid already, or withdrawn: it is given back. */
  readonly isExcess: boolean
}

export interface AwaitedPayments {
  /** Once for each number. */
  expect(notice: AwaitedNotice): Promise<void>
  /** Neither paid, as far as is known, nor withdrawn; oldest first. Of all practices, or of one. */
  open(pratica?: string): Promise<readonly AwaitedNotice[]>
  /** Null when it was never awaited. */
  notice(numeroAvviso: string): Promise<AwaitedNotice | null>
  /** Nobody can pay it any more. */
  withdraw(numeroAvviso: string): Promise<void>
  /** Once for each receipt; of a notice that was never awaited nothing is kept. */
  learn(payment: LearnedPayment): Promise<void>
  /** Null when it was never learned of. */
  payment(idRicevuta: string): Promise<KnownPayment | null>
  /** Oldest first. */
  untold(): Promise<readonly KnownPayment[]>
  told(idRicevuta: string): Promise<void>
}
