/** What anyone may read: the services of the town, the sheet of one, privacy and accessibility. */
import type { MessageKey } from '../catalogue.ts'
import { type Html, html, type Part } from '../html.ts'
import { type Answer, breadcrumb, page, refusedPage, type TownHall, type Visit } from '../page.ts'
import { formAddress } from './declare.ts'
import { procedureOf, responsibleFor } from './practices.ts'
import { type ServiceText, serviceText } from './service-texts.ts'

export async function showServices({ town }: TownHall, { say }: Visit): Promise<Answer> {
  const cards = town.procedimenti.map(
    ({ id, nome }) => html`<li class="mb-3"><a class="h5" href="/servizi/${id}">${nome}</a></li>`,
  )
  const main = html`<h1>${say('welcome')}</h1><p class="lead">${say('welcomeText')}</p><h2 class="h4">${say('services')}</h2><ul class="list-unstyled">${cards}</ul>`
  return page(say('welcome'), main)
}

export async function showService(hall: TownHall, visit: Visit, processId: string): Promise<Answer> {
  const procedure = procedureOf(hall, processId)
  if (procedure === undefined) return refusedPage(visit, 404)
  const { say } = visit
  const { nome, ufficio } = procedure
  const office = hall.town.uffici.find(({ gruppo }) => gruppo === ufficio)
  const main = html`${breadcrumb(say, [[say('home'), '/']], nome)}<h1 data-element="service-title">${nome}</h1>${renderText(visit, serviceText(processId, visit.language))}<dl class="row"><dt class="col-sm-4">${say('office')}</dt><dd class="col-sm-8">${office?.nome ?? ufficio}</dd><dt class="col-sm-4">${say('responsible')}</dt><dd class="col-sm-8">${responsibleFor(hall, processId)}</dd></dl><p><a class="btn btn-primary" data-element="service-online-access" href="${formAddress(processId)}">${say('fileOnline')}</a></p>`
  return page(nome, main)
}

function renderText({ say }: Visit, text: ServiceText | undefined): Html {
  const section = (title: string, ...content: readonly Part[]) => html`<h2 class="h4">${title}</h2>${content}`
  const howTo = section(say('howItWorks'), html`<p data-element="service-how-to">${say('howItWorksText')}</p>`)
  if (text === undefined) return howTo
  const { forWhom, needed, terms, silence, cost, law } = text
  return html`${section(say('whoIsItFor'), html`<p data-element="service-addressed">${forWhom}</p>`)}${howTo}${section(
    say('whatYouNeed'),
    html`<ul data-element="service-needed">${needed.map((thing) => html`<li>${thing}</li>`)}</ul>`,
  )}${section(say('terms'), html`<p data-element="service-calendar-text">${terms}</p>`, html`<p>${silence}</p>`)}${section(say('cost'), html`<p>${cost}</p>`)}${section(say('law'), html`<p>${law}</p>`)}`
}

/** A page of one paragraph that names the town's address. */
export const notice =
  (title: Extract<MessageKey, 'privacy' | 'accessibility'>, text: 'privacyText' | 'accessibilityText') =>
  async ({ town }: TownHall, { say }: Visit): Promise<Answer> =>
    page(say(title), html`<h1>${say(title)}</h1><p>${say(text, { email: town.email })}</p>`)
