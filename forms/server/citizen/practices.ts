/** A citizen's own practices: the list, one with its steps, its receipt. Somebody else's does not exist for them, by whatever name. */

import { filingForm } from '../filing.ts'
import { shown } from '../form/display.ts'
import { renderSummary } from '../form/render/summary.ts'
import { resolve } from '../form/resolve.ts'
import { parseForm } from '../form/schema.ts'
import { type Html, html, type Part } from '../html.ts'
import { type Answer, breadcrumb, type CitizenVisit, page, refusedPage, type TownHall } from '../page.ts'
import type { AccessAction, Practice } from '../store/practices.ts'
import { isAwaited } from './practice-messages.ts'
import {
  dueDayOf,
  isEnded,
  mayWithdraw,
  protocolOf,
  reasonsOf,
  type Step,
  type Story,
  stateOf,
  stepsOf,
  storyOf,
} from './practice-story.ts'
import { serviceText } from './service-texts.ts'

const PAGE_SIZE = 20
const PAGES_MAX = 500
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export const PRACTICES = '/pratiche'

/** Null when there is none of that id that is the visitor's; what is found is recorded as read or acted on. */
export async function ownPractice(
  { practices }: TownHall,
  { person }: CitizenVisit,
  id: string,
  action: AccessAction,
): Promise<Practice | null> {
  const practice = UUID.test(id) ? await practices.byId(id) : null
  if (practice?.owner !== person.cf || practice.processInstanceKey === null) return null
  await practices.recordAccess({ at: new Date(), person: person.id, action, practice: id })
  return practice
}

export const procedureOf = ({ town }: TownHall, processId: string) =>
  town.procedimenti.find(({ id }) => id === processId)

export const serviceName = (hall: TownHall, { processId }: Practice): string =>
  procedureOf(hall, processId)?.nome ?? processId

export function responsibleFor({ town }: TownHall, processId: string): string {
  const procedure = town.procedimenti.find(({ id }) => id === processId)
  const person = town.persone.find(({ id }) => id === procedure?.responsabile)
  return person ? `${person.nome} ${person.cognome}` : ''
}

export const timeTag = (at: string): Part => at !== '' && html`<time datetime="${at}">${shown(at)}</time>`

export async function listPractices(hall: TownHall, visit: CitizenVisit): Promise<Answer> {
  const { say, person, query } = visit
  const number = /^\d{1,3}$/.test(query.get('pagina') ?? '') ? Math.min(Number(query.get('pagina')), PAGES_MAX) : 1
  const from = Math.max(0, number - 1) * PAGE_SIZE
  const found = await hall.practices.ownedBy(person.cf, PAGE_SIZE + 1, from)
  const rows = await Promise.all(
    found.slice(0, PAGE_SIZE).map(async (practice) => renderRow(hall, visit, await storyOf(hall, practice))),
  )
  const title = say('myPractices')
  const table = html`<div class="table-responsive"><table class="table"><caption>${say('practicesCaption')}</caption><thead><tr><th scope="col">${say('service')}</th><th scope="col">${say('state')}</th><th scope="col">${say('protocol')}</th><th scope="col">${say('filedOn')}</th></tr></thead><tbody>${rows}</tbody></table></div>`
  const link = (to: number, text: string) =>
    html`<li class="page-item"><a class="page-link" href="${PRACTICES}?pagina=${to}">${text}</a></li>`
  const pages = html`<nav class="pagination-wrapper" aria-label="${say('pages')}"><ul class="pagination">${number > 1 && link(number - 1, say('newer'))}${found.length > PAGE_SIZE && link(number + 1, say('older'))}</ul></nav>`
  const main = html`${breadcrumb(say, [[say('home'), '/']], title)}<h1>${title}</h1>${rows.length === 0 ? html`<p role="status">${say('noPractices')}</p>` : table}${(number > 1 || found.length > PAGE_SIZE) && pages}`
  return page(title, main)
}

function renderRow(hall: TownHall, { say }: CitizenVisit, story: Story): Html {
  const { practice } = story
  const { icon, word } = stateOf(story, say)
  return html`<tr><th scope="row"><a href="${PRACTICES}/${practice.id}">${serviceName(hall, practice)}</a></th><td data-it="status">${hall.icon(icon)} ${word}</td><td>${protocolOf(story) || say('protocolPending')}</td><td>${timeTag(practice.filedAt.toISOString())}</td></tr>`
}

export async function showPractice(hall: TownHall, visit: CitizenVisit, id: string): Promise<Answer> {
  const practice = await ownPractice(hall, visit, id, 'read')
  if (practice === null) return refusedPage(visit, 404)
  const { say } = visit
  const story = await storyOf(hall, practice)
  const title = serviceName(hall, practice)
  const { icon, word } = stateOf(story, say)
  const reasons = reasonsOf(story)
  const main = html`${breadcrumb(
    say,
    [
      [say('home'), '/'],
      [say('myPractices'), PRACTICES],
    ],
    title,
  )}<h1>${title}</h1><p data-it="status"><strong>${say('state')}:</strong> ${hall.icon(icon)} ${word}</p>${reasons.length > 0 && html`<h2 class="h4">${say('reasons')}</h2><ul>${reasons.map((reason) => html`<li>${reason}</li>`)}</ul>`}${renderFacts(hall, visit, story)}<h2 class="h4">${say('nextSteps')}</h2>${renderSteps(visit, stepsOf(story, say))}${await renderSent(hall, visit, story)}<p><a href="${PRACTICES}/${id}/ricevuta.txt">${say('downloadReceipt')}</a></p>${!isEnded(story) && (await isAwaited(hall, practice, 'osservazioni.ricevute')) && html`<p><a class="btn btn-primary" href="${PRACTICES}/${id}/osservazioni">${say('observe')}</a></p>`}${mayWithdraw(story) && html`<p><a class="btn btn-outline-danger" href="${PRACTICES}/${id}/rinuncia">${say('withdraw')}</a></p>`}`
  return page(title, main)
}

export function renderFacts(hall: TownHall, { say }: CitizenVisit, story: Story): Html {
  const { practice } = story
  const due = dueDayOf(story)
  const facts: readonly (readonly [string, Part, string])[] = [
    [say('protocol'), protocolOf(story) || say('protocolPending'), 'number'],
    [say('practiceNumber'), practice.id, 'practice'],
    [say('filedOn'), timeTag(practice.filedAt.toISOString()), 'taken-in-charge'],
    [say('dueDate'), due === '' ? say('duePending') : timeTag(due), 'due-date'],
    [say('responsible'), responsibleFor(hall, practice.processId), 'responsible'],
  ]
  return html`<dl class="row">${facts.map(([name, value, hook]) => html`<dt class="col-sm-4">${name}</dt><dd class="col-sm-8" data-it="${hook}">${value}</dd>`)}</dl>`
}

const renderSteps = ({ say }: CitizenVisit, steps: readonly Step[]): Html =>
  html`<ol class="list-unstyled" data-it="milestones">${steps.map(
    ({ name, at, isDone }) =>
      html`<li class="border-start border-3 ps-3 mb-3 ${isDone ? 'border-success' : 'border-secondary'}"><strong>${name}</strong><br><span>${say(isDone ? 'done' : 'planned')}${at !== '' && html`: ${timeTag(at)}`}</span></li>`,
  )}</ol>`

/** What was sent, by the labels of the form. */
async function renderSent(
  { gateway, now, town }: TownHall,
  { say, language }: CitizenVisit,
  { practice, variables }: Story,
): Promise<Part> {
  const linked = variables.has('istanza') ? await filingForm(gateway, practice.processId) : null
  if (linked === null) return null
  const nodes = resolve(parseForm(linked.schema), { variables, typed: null, now: now(), calendar: town.calendario })
  return html`<details class="mb-4"><summary><h2 class="h4 d-inline">${say('yourData')}</h2></summary>${renderSummary(nodes, { language, headingLevel: 3 })}</details>`
}

export async function showReceipt(hall: TownHall, visit: CitizenVisit, id: string): Promise<Answer> {
  const practice = await ownPractice(hall, visit, id, 'read')
  if (practice === null) return refusedPage(visit, 404)
  const { say } = visit
  const story = await storyOf(hall, practice)
  const title = say('sent')
  const email = receiptMail(story)
  const isPending = !isEnded(story) && (protocolOf(story) === '' || dueDayOf(story) === '')
  const main = html`${breadcrumb(
    say,
    [
      [say('home'), '/'],
      [say('myPractices'), PRACTICES],
    ],
    title,
  )}<h1>${hall.icon('it-check-circle')} ${title}</h1><p role="status">${say('sentText', { date: shown(practice.filedAt.toISOString()) })}${email !== '' && ` ${say('receiptMail', { email })}`}</p><h2 class="h4">${serviceName(hall, practice)}</h2>${renderFacts(hall, visit, story)}<p>${serviceText(practice.processId, visit.language)?.silence}</p>${isPending && html`<p><a href="${PRACTICES}/${id}/ricevuta">${say('refresh')}</a></p>`}<p><a href="${PRACTICES}/${id}/ricevuta.txt">${say('downloadReceipt')}</a></p><p><a class="btn btn-primary" href="${PRACTICES}/${id}">${say('toPractice')}</a></p>`
  return page(title, main)
}

function receiptMail({ variables }: Story): string {
  const applicant = variables.get('richiedente') ?? null
  return applicant instanceof Map ? shown(applicant.get('email') ?? null) : ''
}

export async function downloadReceipt(hall: TownHall, visit: CitizenVisit, id: string): Promise<Answer> {
  const practice = await ownPractice(hall, visit, id, 'download')
  if (practice === null) return refusedPage(visit, 404)
  const { say, person, language } = visit
  const story = await storyOf(hall, practice)
  const due = dueDayOf(story)
  const lines = [
    hall.town.nome,
    serviceName(hall, practice),
    `${person.nome} ${person.cognome}, ${person.cf}`,
    `${say('protocol')}: ${protocolOf(story) || say('protocolPending')}`,
    `${say('practiceNumber')}: ${practice.id}`,
    `${say('filedOn')}: ${shown(practice.filedAt.toISOString())}`,
    `${say('dueDate')}: ${due === '' ? say('duePending') : shown(due)}`,
    `${say('responsible')}: ${responsibleFor(hall, practice.processId)}`,
    serviceText(practice.processId, language)?.silence ?? '',
  ]
  return { kind: 'text', name: `ricevuta-${practice.id}.txt`, text: `${lines.join('\n')}\n` }
}
