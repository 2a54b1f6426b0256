/** Where one turns to: questions, appointment, faults, notes of law, accessibility, privacy. Every page leads here. */
import type { MessageKey } from '../catalogue.ts'
import { html, type Part } from '../html.ts'
import { type Answer, breadcrumb, page, type TownHall, type Visit } from '../page.ts'
import { DRAFT_DAYS } from '../store/drafts.ts'
import { UNSENT_FILE_DAYS } from '../sweep.ts'
import { procedureOf } from './own-practice.ts'

type HelpKey = Extract<
  MessageKey,
  'privacy' | 'accessibility' | 'faqTitle' | 'bookAppointment' | 'reportFault' | 'legalNotes'
>

function helpPage({ say }: Visit, title: HelpKey, content: Part): Answer {
  return page(say(title), html`${breadcrumb(say, [[say('home'), '/']], say(title))}<h1>${say(title)}</h1>${content}`)
}

/** A page of one paragraph that names the town's address. */
export const notice =
  (title: Extract<HelpKey, 'privacy' | 'legalNotes'>, text: 'privacyText' | 'legalNotesText') =>
  async ({ town }: TownHall, visit: Visit): Promise<Answer> => {
    const { say } = visit
    const words = text === 'privacyText' ? say(text, { email: town.email }) : say(text)
    const kept =
      text === 'privacyText' &&
      html`<p>${say('privacyKept', { days: String(DRAFT_DAYS) })} ${say('privacyFiles', { days: String(UNSENT_FILE_DAYS) })}</p><p>${say('privacyRating')}</p>`
    return helpPage(visit, title, html`<p>${words}</p>${kept}`)
  }

export async function showAccessibility({ town, icon }: TownHall, visit: Visit): Promise<Answer> {
  const { say } = visit
  const { dichiarazioneAccessibilita: declaration } = town.contatti
  const content = html`<p>${say('accessibilityText', { email: town.email })}</p><p><a href="${declaration}">${say('declaration')} ${icon('it-external-link')}<span class="visually-hidden"> (${say('outsideLink')})</span></a></p><h2 class="h4" id="segnala">${say('accessibilityFeedback')}</h2><p>${say('accessibilityFeedbackText')}</p><p><a class="btn btn-primary" href="${mailTo(town.email, say('accessibilityFeedback'))}">${say('writeTo', { email: town.email })}</a></p>`
  return helpPage(visit, 'accessibility', content)
}

export async function showQuestions(_hall: TownHall, visit: Visit): Promise<Answer> {
  const { say } = visit
  const questions: readonly (readonly [string, string])[] = [
    [say('faqIdentity'), say('faqIdentityText')],
    [say('faqDraft'), say('faqDraftText', { days: String(DRAFT_DAYS) })],
    [say('faqState'), say('faqStateText')],
    [say('faqHelp'), say('faqHelpText')],
  ]
  const content = questions.map(
    ([question, answer]) => html`<h2 class="h5">${question}</h2><p class="mb-4">${answer}</p>`,
  )
  return helpPage(visit, 'faqTitle', html`<p class="lead">${say('faqText')}</p>${content}`)
}

export const APPOINTMENT = '/appuntamento'
export const appointmentAddress = (processId: string | null): string =>
  processId === null ? APPOINTMENT : `${APPOINTMENT}?servizio=${encodeURIComponent(processId)}`

const mailTo = (address: string, subject: string, body = ''): string =>
  `mailto:${address}?subject=${encodeURIComponent(subject)}${body === '' ? '' : `&body=${encodeURIComponent(body)}`}`

/** The town's own booking where it has one; else each office by mail, with service and name filled in. */
export async function showAppointment(hall: TownHall, visit: Visit): Promise<Answer> {
  const { say, person, query } = visit
  const { town, icon } = hall
  const procedure = procedureOf(hall, query.get('servizio') ?? '')
  const first = procedure?.ufficio.split('.')[0]
  const offices = town.uffici.toSorted(
    (one, other) => Number(isOf(other.gruppo, first)) - Number(isOf(one.gruppo, first)),
  )
  const about = `${say('appointmentAbout')}${procedure === undefined ? '' : `: ${procedure.nome}`}`
  const body = person === null ? '' : `${say('nameInMail')}: ${person.nome} ${person.cognome}`
  const links = offices.map(
    ({ nome, email }) =>
      html`<li class="iter-card"><div><h2 class="h6 mb-1">${nome}</h2><p class="mb-0">${email}</p></div><a class="btn btn-outline-primary btn-sm" href="${mailTo(email, about, body)}">${say('writeToOffice', { office: nome })}</a></li>`,
  )
  const { appuntamenti, telefono } = town.contatti
  const own =
    appuntamenti &&
    html`<p><a class="btn btn-primary" href="${appuntamenti}">${say('bookAppointment')} ${icon('it-external-link')}</a></p>`
  const content = html`${procedure && html`<p><strong>${say('service')}:</strong> ${procedure.nome}</p>`}<p>${say('appointmentText')}</p>${own}<p>${say('callUs', { number: telefono })}</p><ul class="list-unstyled">${links}</ul>`
  return helpPage(visit, 'bookAppointment', content)
}

const isOf = (group: string, first: string | undefined): boolean => group.split('.')[0] === first

export async function showFault({ town }: TownHall, visit: Visit): Promise<Answer> {
  const { say } = visit
  const content = html`<p>${say('faultText')}</p><p><a class="btn btn-primary" href="${mailTo(town.email, say('reportFault'))}">${say('writeTo', { email: town.email })}</a></p>`
  return helpPage(visit, 'reportFault', content)
}
