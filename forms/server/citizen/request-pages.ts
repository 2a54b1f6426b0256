/** How a request looks on its way: the steps and where one stands, the buttons of a step, the privacy notice, the summary. */
import { createHash } from 'node:crypto'
import { dayIn } from '../day.ts'
import { lookAt, type Turn } from '../form/conversation.ts'
import { submissionOf } from '../form/data.ts'
import type { Node } from '../form/page.ts'
import { renderFaults } from '../form/render/faults.ts'
import { encodingOf, QUESTIONS_SCRIPT, renderQuestions } from '../form/render/questions.ts'
import { renderSummary } from '../form/render/summary.ts'
import { type Html, html, type Part } from '../html.ts'
import { type Answer, breadcrumb, type CitizenVisit, page, type TownHall } from '../page.ts'
import { DRAFT_DAYS, DRAFTS_MAX, type Draft } from '../store/drafts.ts'
import { UNSENT_FILE_DAYS } from '../sweep.ts'
import { draftAddress, renderDraftLife } from './drafts.ts'
import { familyButtons } from './family.ts'
import { timeTag } from './own-practice.ts'
import { nodesAt, PRIVACY_CONTROL, PRIVACY_STEP, summaryPosition, titlesOf } from './request-steps.ts'

/** A request as it is shown: `position` among the steps from 1, privacy first, summary last. */
export interface Shown {
  readonly hall: TownHall
  readonly visit: CitizenVisit
  readonly processId: string
  readonly name: string
  readonly id: string
  readonly known: string
  readonly draft: Draft | null
  readonly turn: Turn
  readonly position: number
  /** From the summary, to change one step. */
  readonly comesBack: boolean
  readonly notice: 'saved' | 'fresh' | 'changed' | null
  /** Drafts of the same service that the person may want instead. */
  readonly others?: readonly Draft[]
}

const address = (processId: string): string => `/servizi/${processId}/richiesta`
const stepAddress = ({ processId, id }: Shown, position: number | 'riepilogo'): string =>
  `${address(processId)}?bozza=${id}&passo=${position}`

/** Every step, done ones as links; `li` of the kit, with what it lacks for readers. */
function renderSteps(shown: Shown): Html {
  const { visit, hall, position } = shown
  const { say } = visit
  const titles = titlesOf(shown.turn, shown.name, say)
  const items = titles.map((title, index) => {
    const at = index + 1
    const number = html`<span class="steppers-number" aria-hidden="true">${at}</span>`
    if (at === position)
      return html`<li class="active" aria-current="step">${number}<span>${title}</span> <span class="visually-hidden">${say('stepCurrent')}</span></li>`
    if (at > position) return html`<li>${number}<span>${title}</span></li>`
    return html`<li class="confirmed"><span class="steppers-number">${hall.icon('it-check')}</span><a href="${stepAddress(shown, at)}">${title}</a> <span class="visually-hidden">${say('stepConfirmed')}</span></li>`
  })
  const place = say('stepOf', { step: String(position), steps: String(titles.length) })
  return html`<nav class="steppers iter-steps" aria-label="${say('stepsOfRequest')}"><div class="steppers-header"><p class="steppers-index mb-2">${place}</p><progress class="iter-progress" value="${position}" max="${titles.length}" aria-hidden="true"></progress><ol>${items}</ol></div></nav>`
}

function frameOf(shown: Shown, inner: Part, heading: string): Html {
  const { visit, name, processId } = shown
  const { say } = visit
  const trail = breadcrumb(
    say,
    [
      [say('home'), '/'],
      [name, `/servizi/${processId}`],
    ],
    say('request'),
  )
  return html`${trail}<h1>${name}</h1><div class="row"><div class="col-lg-3">${renderSteps(shown)}</div><div class="col-lg-8 offset-lg-1">${noticeOf(shown)}${heading !== '' && html`<h2 class="h3 mb-4">${heading}</h2>`}${inner}</div></div>`
}

function noticeOf({ visit, notice, draft, others = [] }: Shown): Part {
  const { say } = visit
  if (notice === 'saved' && draft !== null)
    return html`<div class="alert alert-success" role="status">${say('requestSaved')} ${say('draftKeptUntil')} ${timeTag(dayIn(draft.expiresAt))}.</div>`
  if (notice === 'changed') return html`<div class="alert alert-warning" role="alert">${say('summaryChanged')}</div>`
  if (notice !== 'fresh' || others.length === 0) return null
  const links = others.map(
    (one) =>
      html`<li><a href="${draftAddress(one)}">${say('draftResumeOf')} ${timeTag(one.changedAt.toISOString())}</a></li>`,
  )
  return html`<div class="alert alert-info" role="note"><p>${say('draftsWaiting')}</p><ul class="mb-0">${links}</ul></div>`
}

/** Enter means "on": the first button of the form is pressed by it. */
const onEnter = ({ say }: CitizenVisit): Html =>
  html`<button type="submit" class="visually-hidden" tabindex="-1" aria-hidden="true" name="azione" value="avanti">${say('continue')}</button>`

function formOf(shown: Shown, title: string, inner: Part): Html {
  const { visit, position, comesBack, turn } = shown
  const action = `${stepAddress(shown, position)}${comesBack ? '&da=riepilogo' : ''}`
  return html`<form method="post" action="${action}"${encodingOf(turn)} novalidate aria-label="${title}">${visit.csrfField}${onEnter(visit)}${inner}${renderButtons(shown)}</form>${renderDraftLife(visit, shown.draft)}`
}

function renderButtons({ visit, hall, position }: Shown): Html {
  const { say } = visit
  return html`<div class="iter-buttons">${
    position > PRIVACY_STEP &&
    html`<button type="submit" class="btn btn-link" name="azione" value="indietro">${hall.icon('it-chevron-left')} ${say('previous')}</button>`
  }<button type="submit" class="btn btn-outline-primary" name="azione" value="salva" data-it="save-draft">${say('saveDraft')}</button><button type="submit" class="btn btn-primary" name="azione" value="avanti">${say('continue')}</button></div>`
}

const titleOf = ({ visit, name }: Shown, heading: string, isWrong: boolean): string =>
  isWrong ? visit.say('error', { title: `${heading} – ${name}` }) : `${heading} – ${name}`

export function privacyPage(shown: Shown, isMissing: boolean): Answer {
  const { visit, hall, draft } = shown
  const { say } = visit
  const isRead = draft?.typed.get(PRIVACY_CONTROL)?.at(-1) === 'true'
  const isWrong = isMissing && !isRead
  const title = say('privacy')
  const fault =
    isWrong &&
    html`<div class="form-feedback just-validate-error-label" id="informativa-errore">${say('privacyMissing')}</div>`
  const told = isWrong && html` aria-invalid="true" aria-describedby="informativa-errore"`
  const index =
    isWrong &&
    html`<div class="alert alert-danger" role="alert" tabindex="-1" autofocus id="errori"><h3 class="h5">${say('checkThese')}</h3><ul class="mb-0"><li><a href="#informativa">${say('privacyMissing')}</a></li></ul></div>`
  const inner = html`${index}<p>${say('privacyText', { email: hall.town.email })}</p><p>${say('privacyKept', { days: String(DRAFT_DAYS) })} ${say('privacyFiles', { days: String(UNSENT_FILE_DAYS) })}</p><p><a href="/privacy">${say('privacyWhole')}</a></p><div class="form-group"><input type="hidden" name="${PRIVACY_CONTROL}" value=""><div class="form-check"><input type="checkbox" id="informativa" name="${PRIVACY_CONTROL}" value="true"${isRead && html` checked`} required${told}><label for="informativa">${say('privacyRead')} <span aria-hidden="true">*</span></label></div>${fault}</div>`
  return page(titleOf(shown, title, isWrong), frameOf(shown, formOf(shown, title, inner), title), isWrong ? 422 : 200)
}

/** Heading and faults come with the questions. */
export function stepPage(shown: Shown): Answer {
  const { visit, turn, position, name, known } = shown
  const { faults } = turn.judgement
  const heading = titlesOf(turn, name, visit.say)[position - 1] ?? name
  const look = { ...lookAt(turn, { language: visit.language, headingLevel: 2 }), isPlaced: true }
  const family = familyButtons(visit.say, known, nodesAt(turn, position), turn.typed)
  const inner = html`${renderFaults(turn.nodes, look)}${formOf(shown, heading, [family, renderQuestions(turn, look)])}`
  const isWrong = faults.size > 0
  const main = frameOf(shown, inner, '')
  return { ...page(titleOf(shown, heading, isWrong), main, isWrong ? 422 : 200), scripts: [QUESTIONS_SCRIPT] }
}

/** What the summary shows, in a few letters: what is sent is what was seen. */
export const fingerprint = ({ nodes }: Pick<Turn, 'nodes'>): string =>
  createHash('sha256').update(submissionOf(nodes)).digest('base64url').slice(0, 22)

export function summaryPage(shown: Shown): Answer {
  const { visit, hall, turn, name } = shown
  const { say, csrfField, language } = visit
  const title = say('summary')
  const last = summaryPosition(turn) - 1
  const headings = titlesOf(turn, name, say).slice(1, -1)
  const parts = headings.map(
    (heading, index) =>
      html`<section class="mb-5" aria-labelledby="parte-${index}"><div class="d-flex justify-content-between align-items-baseline gap-3 flex-wrap border-bottom mb-3"><h3 class="h5" id="parte-${index}">${heading}</h3><a href="${stepAddress(shown, index + 2)}&da=riepilogo">${hall.icon('it-pencil')} ${say('change')} <span class="visually-hidden">${heading}</span></a></div>${renderSummary(insideOf(nodesAt(turn, index + 2)), { language, headingLevel: 4 })}</section>`,
  )
  const inner = html`<div class="callout callout-highlight warning"><p class="mb-0">${say('summaryWarning')}</p></div><div data-it="summary" class="mt-4">${parts}</div><form method="post" action="${stepAddress(shown, 'riepilogo')}">${csrfField}<input type="hidden" name="impronta" value="${fingerprint(turn)}"><div class="iter-buttons"><a class="btn btn-link" href="${stepAddress(shown, last)}">${hall.icon('it-chevron-left')} ${say('previous')}</a><button type="submit" class="btn btn-outline-primary" name="azione" value="salva" data-it="save-draft">${say('saveDraft')}</button><button type="submit" class="btn btn-primary" name="azione" value="invia">${say('send')}</button></div></form>${renderDraftLife(visit, shown.draft)}`
  return page(titleOf(shown, title, false), frameOf(shown, inner, title))
}

/** The heading of a step is already there. */
const insideOf = (nodes: readonly Node[]): readonly Node[] => {
  const [only] = nodes
  return nodes.length === 1 && only?.kind === 'section' ? only.nodes : nodes
}

export function tooManyDrafts({ say }: CitizenVisit): Answer {
  const title = say('tooManyDrafts')
  const main = html`<h1>${title}</h1><p>${say('tooManyDraftsText', { most: String(DRAFTS_MAX) })}</p><p><a href="/pratiche">${say('myPractices')}</a></p>`
  return page(title, main, 409)
}
