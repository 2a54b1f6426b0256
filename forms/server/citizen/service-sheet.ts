/** What anyone may read: the services of the town, the sheet of one, privacy and accessibility. */
import type { MessageKey } from '../catalogue.ts'
import { html } from '../html.ts'
import { type Answer, breadcrumb, page, refusedPage, type TownHall, type Visit } from '../page.ts'
import { formAddress } from './declare.ts'
import { procedureOf, responsibleFor } from './practices.ts'

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
  const main = html`${breadcrumb(say, [[say('home'), '/']], nome)}<h1 data-element="service-title">${nome}</h1><h2 class="h4">${say('howItWorks')}</h2><p data-element="service-how-to">${say('howItWorksText')}</p><p>${say('silence')}</p><h2 class="h4">${say('cost')}</h2><p>${say('free')}</p><dl class="row"><dt class="col-sm-4">${say('office')}</dt><dd class="col-sm-8">${office?.nome ?? ufficio}</dd><dt class="col-sm-4">${say('responsible')}</dt><dd class="col-sm-8">${responsibleFor(hall, processId)}</dd></dl><p><a class="btn btn-primary" data-element="service-online-access" href="${formAddress(processId)}">${say('fileOnline')}</a></p>`
  return page(nome, main)
}

/** A page of one paragraph that names the town's address. */
export const notice =
  (title: Extract<MessageKey, 'privacy' | 'accessibility'>, text: 'privacyText' | 'accessibilityText') =>
  async ({ town }: TownHall, { say }: Visit): Promise<Answer> =>
    page(say(title), html`<h1>${say(title)}</h1><p>${say(text, { email: town.email })}</p>`)
