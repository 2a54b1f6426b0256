/**
 * Where testers play payers and payment service providers: who may pay, that something was paid, given back, sent. Owns what they may do;
 * not the pages on which they do it (sandbox-pages.ts).
 */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { PlatformAnswer } from '../sandbox.ts'
import { centsOf } from './euro.ts'
import { type Held, stateOf } from './sandbox-book.ts'
import { type Answer, at, book, type Pagopa, problem } from './sandbox-call.ts'
import { type Payable, paidAs, paymentFormSchema, receiptFrom } from './sandbox-payments.ts'

/**
 * Pays a notice as the form says. What it may say: `importo` (euro), `psp` (`BANCA`, `POSTE`), `ricevuta` (days after which the receipt
 * comes, or `mai`).
 */
export const payNotice: Answer = (pagopa, { body }, [nav = '']) =>
  paid(pagopa, nav, new URLSearchParams(body.toString('utf8'))) ?? goTo(`/avvisi/${nav}`)

/** Null when it went well. */
function paid(pagopa: Pagopa, nav: string, form: URLSearchParams): PlatformAnswer | null {
  const asked = paymentFormSchema.safeParse(Object.fromEntries(form))
  if (!asked.success) return problem(400, 'Bad request', z.prettifyError(asked.error))
  const { byNotice, flows } = book(pagopa)
  const found = byNotice(nav)
  if (!found) return problem(404, 'Not found', 'No such notice')
  const { held, instalment } = found
  if (!isPayable(held, instalment, stateOf(held, flows, pagopa.now()), pagopa.now()))
    return problem(409, 'Conflict', 'The notice cannot be paid')
  const { psp, importo, ricevuta } = asked.data
  const amount = importo === '' ? instalment.amount : centsOf(importo)
  if (!paidAs(instalment, amount)) return problem(400, 'Bad request', 'Too little for its transfers')
  const payment = {
    ...{ idReceipt: randomUUID().replaceAll('-', ''), iupd: held.posizione.iupd, iuv: instalment.iuv },
    ...{ importo: amount, psp, pagatoIl: at(pagopa), ricevutaDal: receiptFrom(pagopa.now(), ricevuta) },
  }
  pagopa.journal.append({ operazione: 'pagata', at: at(pagopa), ...payment })
  return null
}

/**
 * Who has paid is not stopped: two payers may be quick. Instalments and the one payment that stands for all of them exclude each other, and
 * so do the instalments of two plans.
 */
export function isPayable(
  { posizione, receipts }: Held,
  { iuv, dueDate }: Payable,
  state: ReturnType<typeof stateOf>,
  now: number,
): boolean {
  if (receipts.has(iuv)) return true
  if (state !== 'VALID' && state !== 'PARTIALLY_PAID') return false
  const own = posizione.paymentOption.find(({ installments }) => installments.some((one) => one.iuv === iuv))
  if (own?.switchToExpired && Date.parse(dueDate) <= now) return false
  const others = posizione.paymentOption.filter((option) => option !== own)
  return !others.some(({ installments }) => installments.some((one) => receipts.has(one.iuv)))
}

/** Whoever cannot pay one of them comes back with an error; those before it stay paid, as with the real page. */
export const payCart: Answer = (pagopa, _call, [id = '']) => {
  const cart = book(pagopa).cart(id)
  if (!cart) return problem(404, 'Not found', 'No such cart')
  const { returnOkUrl, returnErrorUrl } = cart.returnUrls
  const isRefused = cart.paymentNotices.some(({ noticeNumber }) => paid(pagopa, noticeNumber, new URLSearchParams()))
  return goTo(isRefused ? returnErrorUrl : returnOkUrl)
}

/** The payer is given the money back, by the payment service provider: the next flow says so. */
export const giveBack: Answer = (pagopa, _call, [idReceipt = '']) => {
  const payment = book(pagopa).payments.find((one) => one.idReceipt === idReceipt)
  if (!payment) return problem(404, 'Not found', 'No such payment')
  if (payment.stornataIl !== null) return problem(409, 'Conflict', 'The payment was given back already')
  pagopa.journal.append({ operazione: 'stornata', at: at(pagopa), idReceipt })
  return goTo(`/avvisi/${payment.rata.nav}`)
}

/** Nobody has to wait for the morning. */
export const sendFlows: Answer = (pagopa) => {
  pagopa.journal.append({ operazione: 'flusso', at: at(pagopa) })
  return goTo('/flussi')
}

/** The provider corrects a flow: without a payment that the form names (`iur`). */
export const reviseFlow: Answer = (pagopa, { body }, [fdr = '']) => {
  const senza = new URLSearchParams(body.toString('utf8')).get('iur') ?? ''
  const flow = book(pagopa).flows.find((one) => one.fdr === fdr)
  if (!flow?.righe.some(({ iur }) => iur === senza)) return problem(404, 'Not found', 'No such payment in a flow')
  pagopa.journal.append({ operazione: 'revisione', at: at(pagopa), fdr, senza })
  return goTo('/flussi')
}

const goTo = (location: string): PlatformAnswer => ({
  ...{ status: 303, type: 'text/plain', body: '' },
  headers: { location },
})
