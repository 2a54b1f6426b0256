/** What the applicant of a practice has to pay now, for the desk. */
import { html, type Part } from '../html.ts'
import type { PersonVisit } from '../page.ts'
import { type OpenNotice, renderNotice } from '../payment.ts'

/** With its heading; nothing while nothing is to be paid. */
export function renderPayment({ say }: PersonVisit, notices: readonly OpenNotice[]): Part {
  if (notices.length === 0) return null
  return html`<h2 class="h4" id="da-pagare">${say('paymentOpen')}</h2>${notices.map((notice) => renderNotice(say, notice))}`
}
