/** The list of a citizen's practices and drafts, and one practice: its state, its dates, its documents, what may be done with it. */
import { accountFile, paidLines, renderAccount } from '../account.ts'
import { renderActs } from '../acts.ts'
import { filingForm } from '../filing.ts'
import { DOCUMENTS } from '../form/attachment.ts'
import { shown } from '../form/display.ts'
import { renderSummary } from '../form/render/summary.ts'
import { resolve } from '../form/resolve.ts'
import { parseForm } from '../form/schema.ts'
import { type Html, html, type Part } from '../html.ts'
import { type Answer, breadcrumb, type CitizenVisit, page, refusedPage, type TownHall } from '../page.ts'
import { stackedTable } from '../stacked-table.ts'
import { areaPage } from './area-frame.ts'
import { draftsOf, renderDrafts } from './drafts.ts'
import { messagesFor } from './messages.ts'
import { officeFor, ownPractice, ownStories, PRACTICES, responsibleFor, serviceName, timeTag } from './own-practice.ts'
import { payAddress, renderCameBack, renderPayment } from './payment.ts'
import { renderDocuments } from './practice-documents.ts'
import { awaitedFrom, type PracticeMessage } from './practice-messages.ts'
import { type Awaited, awaitedOf, type Step, stateOf, stepsOf } from './practice-state.ts'
import { actsOf, dueDayOf, protocolOf, reasonsOf, type Story, storiesOf, storyOf, textAt } from './practice-story.ts'
import { renderRating } from './rating.ts'
import { canWithdraw } from './withdraw.ts'

/** Under a practice's own address. */
export const PAID = 'ricevuta-pagamento.txt'
const PAGE_SIZE = 20
const PAGES_MAX = 500

export async function listPractices(hall: TownHall, visit: CitizenVisit): Promise<Answer> {
  const { say, person, query } = visit
  const asked = query.get('pagina') ?? ''
  const number = /^\d{1,3}$/.test(asked) ? Math.min(Math.max(Number(asked), 1), PAGES_MAX) : 1
  const [found, drafts] = await Promise.all([
    // The first page shows the first of those that tell the messages: they are read once.
    number === 1
      ? ownStories(hall, visit)
      : hall.practices
          .ownedBy(person.cf, PAGE_SIZE + 1, (number - 1) * PAGE_SIZE)
          .then((practices) => storiesOf(hall, practices)),
    draftsOf(hall, visit),
  ])
  const stories = found.slice(0, PAGE_SIZE)
  const link = (to: number, text: string) =>
    html`<li class="page-item"><a class="page-link" href="${PRACTICES}?pagina=${to}">${text}</a></li>`
  const pager =
    (number > 1 || found.length > PAGE_SIZE) &&
    html`<nav class="pagination-wrapper" aria-label="${say('pages')}"><ul class="pagination">${number > 1 && link(number - 1, say('newer'))}${found.length > PAGE_SIZE && link(number + 1, say('older'))}</ul></nav>`
  const content = html`${query.has('eliminata') && html`<div class="alert alert-success" role="status">${say('draftDeleted')}</div>`}${renderDrafts(hall, visit, drafts)}<section aria-labelledby="pratiche"><h2 class="h4" id="pratiche">${say('sentRequests')}</h2>${
    stories.length === 0 ? html`<p>${say('noPractices')}</p>` : renderPractices(hall, visit, stories)
  }${pager}</section><p class="mt-4"><a class="btn btn-outline-primary" href="/">${say('startRequest')}</a></p>`
  return areaPage(hall, visit, 'myPractices', content, number === 1 ? await messagesFor(hall, visit, found) : undefined)
}

export function renderPractices(hall: TownHall, visit: CitizenVisit, stories: readonly Story[]): Html {
  const { say } = visit
  const rows = stories.map((story) => {
    const { practice } = story
    const number = protocolOf(story) || say('protocolPending')
    return html`<tr role="row"><th scope="row" role="rowheader"><a href="${PRACTICES}/${practice.id}">${serviceName(hall, practice)}</a></th><td role="cell" data-label="${say('state')}" data-it="status">${renderState(hall, story, visit)}</td><td role="cell" data-label="${say('protocol')}">${number}</td><td role="cell" data-label="${say('filedOn')}">${timeTag(practice.filedAt.toISOString())}</td></tr>`
  })
  return stackedTable(say('practicesCaption'), [say('service'), say('state'), say('protocol'), say('filedOn')], rows)
}

function renderState(hall: TownHall, story: Story, visit: CitizenVisit): Html {
  const { icon, word, look } = stateOf(story, visit)
  return html`<span class="iter-state iter-state-${look}">${hall.icon(icon)} ${word}</span>`
}

export async function showPractice(hall: TownHall, visit: CitizenVisit, id: string): Promise<Answer> {
  const practice = await ownPractice(hall, visit, id, 'read')
  if (practice === null) return refusedPage(visit, 404)
  const { say } = visit
  const story = await storyOf(hall, practice)
  const [title, reasons] = [serviceName(hall, practice), reasonsOf(story)]
  const [awaited, documents, account, sent] = await Promise.all([
    awaitedFrom(hall, practice),
    renderDocuments(hall, visit, story),
    hall.accounts.of(practice.id),
    renderSent(hall, visit, story),
  ])
  const trail = breadcrumb(
    say,
    [
      [say('home'), '/'],
      [say('myPractices'), PRACTICES],
    ],
    title,
  )
  const main = html`${trail}${renderCameBack(visit)}<h1>${title}</h1><p class="lead" data-it="status"><strong>${say('state')}:</strong> ${renderState(hall, story, visit)}</p>${
    reasons.length > 0 &&
    html`<h2 class="h4">${say('reasons')}</h2><ul>${reasons.map((reason) => html`<li>${reason}</li>`)}</ul>`
  }<div class="row"><div class="col-lg-8">${renderActions(visit, story, awaited)}${renderPayment(visit, story)}${renderFacts(hall, visit, story)}<h2 class="h4">${say('nextSteps')}</h2>${renderSteps(hall, visit, stepsOf(story, visit))}${renderActs(say, actsOf(story), (document) => `${DOCUMENTS}/${document}`)}${documents}${renderAccount(say, account, `${PRACTICES}/${id}/conto.csv`, `${PRACTICES}/${id}/${PAID}`)}${sent}</div><div class="col-lg-4">${renderOffice(hall, visit, story)}${renderRequests(visit, story, awaited)}</div></div>${textAt(story, 'esito') !== '' && renderRating(visit, practice.processId, 'servizio')}<p><a href="${PRACTICES}">${say('toPractices')}</a></p>`
  return page(title, main)
}

/** The account as a file. */
export async function downloadAccount(hall: TownHall, visit: CitizenVisit, id: string): Promise<Answer> {
  const practice = await ownPractice(hall, visit, id, 'download')
  return practice === null ? refusedPage(visit, 404) : accountFile(id, await hall.accounts.of(id))
}

/** What the citizen may ask for of their own accord. */
function renderRequests({ say }: CitizenVisit, story: Story, awaited: ReadonlySet<PracticeMessage>): Part {
  const link = (path: string, look: string, text: string) =>
    html`<p><a class="btn btn-outline-${look}" href="${PRACTICES}/${story.practice.id}/${path}">${text}</a></p>`
  return html`${awaited.has('proroga.richiesta') && link('proroga', 'primary', say('extend'))}${canWithdraw(story, awaited) && link('rinuncia', 'danger', say('withdraw'))}`
}

/** Who paid what, with the receipts of pagoPA; there is none while nothing is paid. */
export async function downloadPaid(hall: TownHall, visit: CitizenVisit, id: string): Promise<Answer> {
  const practice = await ownPractice(hall, visit, id, 'download')
  if (practice === null) return refusedPage(visit, 404)
  const { say, person } = visit
  const paid = paidLines(say, await hall.accounts.of(id))
  if (paid.length === 0) return refusedPage(visit, 404)
  const head = [
    hall.town.nome,
    say('paidTitle'),
    serviceName(hall, practice),
    `${person.nome} ${person.cognome}, ${person.cf}`,
    `${say('protocol')}: ${protocolOf(await storyOf(hall, practice)) || say('protocolPending')}`,
  ]
  return { kind: 'text', name: `ricevuta-pagamento-${id}.txt`, text: `${[...head, ...paid].join('\n')}\n` }
}

/** What the office waits for; what nobody waits for cannot be sent. */
function renderActions({ say }: CitizenVisit, story: Story, awaited: ReadonlySet<PracticeMessage>): Part {
  const { id } = story.practice
  const asked = awaitedOf(story)
  const dayOf = (name: Awaited['name']) => asked.find((one) => one.name === name)?.day ?? ''
  const card = (name: Awaited['name'], day: string, to: string, text: string) =>
    html`<li class="iter-card iter-card-warning"><div><p class="mb-0"><strong>${say('waitsForYou')}</strong></p><p class="mb-0">${say(name)}${day !== '' && html` ${say('deadlineUntil')} <strong>${timeTag(day)}</strong>`}</p></div><a class="btn btn-primary" href="${to}">${text}</a></li>`
  const cards = [
    ...(awaited.has('integrazione.ricevuta')
      ? [card('stepAnswer', dayOf('stepAnswer'), `${PRACTICES}/${id}/integrazione`, say('answerRequest'))]
      : []),
    ...(awaited.has('osservazioni.ricevute')
      ? [card('stepObserve', dayOf('stepObserve'), `${PRACTICES}/${id}/osservazioni`, say('observe'))]
      : []),
    ...asked.flatMap(({ name, day, notice }) =>
      notice === null ? [] : [card(name, day, payAddress(id, notice), say('payOnline'))],
    ),
  ]
  return cards.length > 0 && html`<ul class="list-unstyled">${cards}</ul>`
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
  return html`<dl class="row iter-particulars">${facts.map(([name, value, hook]) => html`<dt class="col-sm-5">${name}</dt><dd class="col-sm-7" data-it="${hook}">${value}</dd>`)}</dl>`
}

/** The kit's point list, as a list that readers hear as one; the date stands large where something is still to come. */
function renderSteps(hall: TownHall, { say, language }: CitizenVisit, steps: readonly Step[]): Html {
  const items = steps.map(({ name, at, isDone }) => {
    const aside = isDone ? hall.icon('it-check') : renderDay(at, language)
    return html`<li class="point-list"><div class="point-list-aside point-list-${isDone ? 'success' : 'secondary'}" aria-hidden="true">${aside}</div><div class="point-list-content"><div class="iter-step"><strong>${name}</strong> <span class="small">${say(isDone ? 'done' : 'planned')}${at !== '' && html`: ${timeTag(at)}`}</span></div></div></li>`
  })
  return html`<div class="point-list-wrapper point-list-step-wrapper mb-5"><ol class="list-unstyled" data-it="milestones">${items}</ol></div>`
}

function renderDay(at: string, language: string): Part {
  const date = /^(\d\d)\/(\d\d)\/\d{4}/.exec(shown(at))
  if (date === null) return null
  const month = new Intl.DateTimeFormat(language, { month: 'short', timeZone: 'UTC' })
  return html`<span class="point-date">${date[1]}</span><span class="point-month">${month.format(Date.UTC(2000, Number(date[2]) - 1, 1))}</span>`
}

function renderOffice(hall: TownHall, { say }: CitizenVisit, { practice }: Story): Part {
  const office = officeFor(hall, practice.processId)
  if (office === undefined) return null
  return html`<div class="callout mb-4"><div class="callout-inner"><h2 class="h5">${say('officeInCharge')}</h2><p>${office.nome}<br><a href="mailto:${office.email}">${office.email}</a></p><p class="mb-0"><a href="/servizi/${practice.processId}">${say('aboutService')}</a></p></div></div>`
}

/** What was sent, by the labels of the form. */
async function renderSent(
  { gateway, now, town }: TownHall,
  { say, language }: CitizenVisit,
  { practice, variables }: Story,
): Promise<Part> {
  const linked = variables.has('istanza') ? await filingForm(gateway, practice.processId) : null
  if (linked === null) return null
  const nodes = resolve(parseForm(linked.schema), { variables, typed: null, now: now(), calendar: town.calendario })
  return html`<details class="mb-4"><summary><h2 class="h4 d-inline">${say('yourData')}</h2></summary><div class="pt-3">${renderSummary(nodes, { language, headingLevel: 3 })}</div></details>`
}
