/** Paying what a practice asks for: the notice on the practice's page, the way to pagoPA's, what is said to who comes back. */
import { html, type Part } from '../html.ts'
import { type Answer, type CitizenVisit, refusedPage, type TownHall } from '../page.ts'
import { CAME_BACK } from '../pay-online.ts'
import { type OpenNotice, renderNotice } from '../payment.ts'
import { ownPractice, PRACTICES } from './own-practice.ts'
import { noticesToPay } from './practice-state.ts'
import { type Story, storyOf } from './practice-story.ts'

export const PAY = 'pagamento'

/** In the address of the page: which notice, of those that the practice has. */
const WHICH = 'avviso'

export const payAddress = (practice: string, { numeroAvviso }: OpenNotice): string =>
  `${PRACTICES}/${practice}/${PAY}?${WHICH}=${numeroAvviso}`

/** With its heading; nothing while nothing is to be paid. */
export function renderPayment({ say }: CitizenVisit, story: Story): Part {
  const notices = noticesToPay(story)
  if (notices.length === 0) return null
  return html`<section aria-labelledby="da-pagare"><h2 class="h4" id="da-pagare">${say('paymentOpen')}</h2>${notices.map((notice) => renderNotice(say, notice))}<p>${say('paymentHow')}</p></section>`
}

/** Whoever comes back says what they saw; whether it was paid pagoPA says, later. */
export function renderCameBack({ say, query }: CitizenVisit): Part {
  switch (query.get(CAME_BACK)) {
    case 'fatto':
      return html`<div class="alert alert-info" role="status">${say('paymentDone')}</div>`
    case 'annullato':
      return html`<div class="alert alert-warning" role="status">${say('paymentLeft')}</div>`
    case 'errore':
      return html`<div class="alert alert-danger" role="alert">${say('paymentFailed')}</div>`
    case 'nessuna-pagina':
      return html`<div class="alert alert-danger" role="alert">${say('paymentNoPage')}</div>`
    default:
      return null
  }
}

/** A link and no form: asking for the page changes nothing, and browsers follow a form's redirect to nobody else's site. */
export async function payOnline(hall: TownHall, visit: CitizenVisit, id: string): Promise<Answer> {
  const practice = await ownPractice(hall, visit, id, 'read')
  if (practice === null) return refusedPage(visit, 404)
  const which = visit.query.get(WHICH)
  const notices = noticesToPay(await storyOf(hall, practice))
  const notice = which === null ? notices[0] : notices.find(({ numeroAvviso }) => numeroAvviso === which)
  const here = `${PRACTICES}/${id}`
  if (notice === undefined) return { kind: 'redirect', to: here }
  const { numeroAvviso, centesimi: importo, oggetto } = notice
  const page = await hall.payOnline({ numeroAvviso, importo, oggetto }, here)
  return { kind: 'redirect', to: page ?? `${here}?${CAME_BACK}=nessuna-pagina` }
}
