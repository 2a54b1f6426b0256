/** What anyone may read of the services of the town: their list, and the sheet of one with the sections of the municipal kit. */
import type { ServiceText } from '../../../processes/service-sheets.ts'
import { Html, html, type Part } from '../html.ts'
import { type Answer, breadcrumb, page, refusedPage, type TownHall, type Visit } from '../page.ts'
import { appointmentAddress } from './help.ts'
import { officeFor, procedureOf, responsibleFor } from './own-practice.ts'
import { renderRating } from './rating.ts'
import { formAddress } from './request.ts'

export async function showServices({ town, sheets, icon }: TownHall, { say, language }: Visit): Promise<Answer> {
  const cards = town.procedimenti.map(
    ({ id, nome }) =>
      html`<li class="iter-card"><div><h3 class="h5 mb-1"><a href="/servizi/${id}">${nome}</a></h3><p class="mb-0">${sheets.get(id)?.[language].sintesi}</p></div>${icon('it-arrow-right')}</li>`,
  )
  const main = html`<h1>${say('welcome')}</h1><p class="lead">${say('welcomeText')}</p><h2 class="h4">${say('services')}</h2><ul class="list-unstyled">${cards}</ul>`
  return page(say('welcome'), main)
}

interface Section {
  readonly id: string
  readonly title: string
  readonly content: Part
}

export async function showService(hall: TownHall, visit: Visit, processId: string): Promise<Answer> {
  const procedure = procedureOf(hall, processId)
  if (procedure === undefined) return refusedPage(visit, 404)
  const { say } = visit
  const { nome } = procedure
  const text = hall.sheets.get(processId)?.[visit.language]
  const sections = sectionsOf(hall, visit, processId, text)
  const index = sections.map(({ id, title }) => html`<li><a class="list-item" href="#${id}">${title}</a></li>`)
  const parts = sections.map(
    ({ id, title, content }) =>
      html`<section class="it-page-section mb-5" aria-labelledby="${id}"><h2 class="h4" id="${id}" tabindex="-1">${title}</h2>${content}</section>`,
  )
  const topics = text?.argomenti.map(
    (topic) =>
      html`<li data-element="service-topic"><span class="chip chip-simple"><span class="chip-label">${topic}</span></span></li>`,
  )
  const head = html`<div class="row mb-5"><div class="col-lg-8"><h1 data-element="service-title">${nome}</h1><p class="iter-state iter-state-success" data-element="service-status">${hall.icon('it-check-circle')} ${say('serviceState')}</p><p class="lead" data-element="service-description">${text?.sintesi}</p><p>${online(visit, processId, say('fileOnline'))}</p></div><div class="col-lg-3 offset-lg-1">${topics && html`<h2 class="h6">${say('topics')}</h2><ul class="list-inline iter-topics">${topics}</ul>`}</div></div>`
  const main = html`${breadcrumb(say, [[say('home'), '/']], nome)}${head}<div class="row"><div class="col-lg-3"><nav class="iter-index" aria-labelledby="indice"><h2 class="h6" id="indice">${say('pageIndex')}</h2><ul class="link-list" data-element="page-index">${index}</ul></nav></div><div class="col-lg-8 offset-lg-1">${parts}</div></div>${renderRating(visit, processId, 'pagina')}${metatag(hall, nome, text)}`
  return page(nome, main)
}

/** Clerks file at the counter. */
const online = ({ person }: Visit, processId: string, name: string): Part =>
  (person === null || person.role === 'cittadino') &&
  html`<a class="btn btn-primary" data-element="service-online-access" href="${formAddress(processId)}">${name}</a>`

function sectionsOf(
  hall: TownHall,
  visit: Visit,
  processId: string,
  text: ServiceText | undefined,
): readonly Section[] {
  const { say } = visit
  const paragraph = (words: string, hook: string) => html`<p data-element="${hook}">${words}</p>`
  const list = (items: readonly string[]) => html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`
  const described: readonly Section[] =
    text === undefined
      ? []
      : [
          {
            id: 'a-chi-e-rivolto',
            title: say('whoIsItFor'),
            content: paragraph(text.destinatari, 'service-addressed'),
          },
          { id: 'descrizione', title: say('description'), content: html`<p>${text.descrizione}</p>` },
        ]
  const howTo = {
    id: 'come-fare',
    title: say('howItWorks'),
    content: paragraph(say('howItWorksText'), 'service-how-to'),
  }
  const more: readonly Section[] =
    text === undefined
      ? []
      : [
          {
            ...{ id: 'cosa-serve', title: say('whatYouNeed') },
            content: html`<ul data-element="service-needed">${text.occorrente.map((thing) => html`<li>${thing}</li>`)}</ul>`,
          },
          { id: 'cosa-si-ottiene', title: say('achieved'), content: paragraph(text.risultato, 'service-achieved') },
          { id: 'tempi-e-scadenze', title: say('terms'), content: renderTerms(text) },
          { id: 'quanto-costa', title: say('cost'), content: html`<p>${text.costo}</p>` },
        ]
  const access = {
    id: 'accedi-al-servizio',
    title: say('accessService'),
    content: renderAccess(hall, visit, processId),
  }
  const last: readonly Section[] =
    text === undefined
      ? []
      : [
          { id: 'casi-particolari', title: say('specialCases'), content: list(text.casiParticolari) },
          { id: 'norme', title: say('law'), content: renderLaw(visit, text) },
        ]
  const contacts = { id: 'contatti', title: say('contacts'), content: renderContacts(hall, visit, processId) }
  return [...described, howTo, ...more, access, ...last, contacts]
}

/** Within how long what happens, as the kit's calendar. */
function renderTerms({ termini, calendario, silenzio }: ServiceText): Part {
  const rows = calendario.map(
    ({ entro, cosa }) =>
      html`<li class="point-list"><div class="point-list-aside point-list-primary"><span class="iter-within">${entro}</span></div><div class="point-list-content"><div class="iter-step">${cosa}</div></div></li>`,
  )
  return html`<p data-element="service-calendar-text">${termini}</p><div class="point-list-wrapper mb-3"><ol class="list-unstyled" data-element="service-calendar-list">${rows}</ol></div><p>${silenzio}</p>`
}

function renderAccess(hall: TownHall, visit: Visit, processId: string): Part {
  const { say } = visit
  const office = officeFor(hall, processId)
  return html`<p data-element="service-generic-access">${say('accessText')}</p><div class="iter-actions mb-3">${online(visit, processId, say('fileOnline'))}<a class="btn btn-outline-primary" data-element="service-booking-access" href="${appointmentAddress(processId)}">${say('bookAppointment')}</a></div><p>${say('atCounter')}: ${office?.nome}.</p>`
}

/** What the law says, and what of it somebody must still confirm. */
function renderLaw({ say }: Visit, { norme, daVerificare }: ServiceText): Part {
  const open =
    daVerificare.length > 0 &&
    html`<div class="callout callout-highlight warning"><p><span class="badge bg-warning">${say('toVerify')}</span> ${say('toVerifyText')}</p><ul class="mb-0">${daVerificare.map((point) => html`<li>${point}</li>`)}</ul></div>`
  return html`<p>${norme}</p>${open}`
}

function renderContacts(hall: TownHall, { say }: Visit, processId: string): Part {
  const office = officeFor(hall, processId)
  return html`<dl class="row"><dt class="col-sm-5">${say('unit')}</dt><dd class="col-sm-7" data-element="service-area">${office?.nome ?? procedureOf(hall, processId)?.ufficio}</dd>${office && html`<dt class="col-sm-5">${say('email')}</dt><dd class="col-sm-7"><a href="mailto:${office.email}">${office.email}</a></dd>`}<dt class="col-sm-5">${say('phone')}</dt><dd class="col-sm-7">${hall.town.contatti.telefono}</dd><dt class="col-sm-5">${say('responsible')}</dt><dd class="col-sm-7">${responsibleFor(hall, processId)}</dd></dl>`
}

/** The same for programs: schema.org's GovernmentService, as the model for municipal sites asks. */
function metatag({ town }: TownHall, name: string, text: ServiceText | undefined): Html {
  const data = {
    ...{ '@context': 'https://schema.org', '@type': 'GovernmentService', name, description: text?.sintesi },
    ...{ serviceType: name, audience: { '@type': 'Audience', audienceType: text?.destinatari } },
    serviceOperator: {
      '@type': 'GovernmentOrganization',
      name: town.nome,
      url: town.sito,
      telephone: town.contatti.telefono,
    },
    areaServed: { '@type': 'AdministrativeArea', name: town.nome },
    availableChannel: { '@type': 'ServiceChannel', name: 'Online', availableLanguage: ['it', 'en'] },
  }
  // In a script element only "<" could end or open anything.
  return html`<script type="application/ld+json" data-element="metatag">${new Html(JSON.stringify(data).replaceAll('<', '\\u003c'))}</script>`
}
