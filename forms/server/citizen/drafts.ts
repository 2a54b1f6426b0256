/**
 * What one has begun and not sent: the list in one's area, resuming, deleting, and what becomes of it at the end.
 * Invariant: a draft that goes takes with it what was attached to it alone; what was sent with it belongs to the practice by then.
 */
import { dayIn } from '../day.ts'
import { html, type Part } from '../html.ts'
import { type Answer, breadcrumb, type CitizenVisit, page, refusedPage, type TownHall } from '../page.ts'
import type { Draft } from '../store/drafts.ts'
import { isUuid } from '../uuid.ts'
import { PRACTICES, serviceName, timeTag } from './own-practice.ts'

export const DRAFTS = '/bozze'

/** Where it was left. */
export const draftAddress = ({ id, processId, practice, step }: Draft): string =>
  practice === null
    ? `/servizi/${processId}/richiesta?bozza=${id}&passo=${step}`
    : `${PRACTICES}/${practice}/integrazione`

export const draftsOf = (hall: TownHall, { person }: CitizenVisit): Promise<readonly Draft[]> =>
  hall.drafts.ownedBy(person.id, new Date(hall.now()))

export function renderDrafts(hall: TownHall, { say }: CitizenVisit, drafts: readonly Draft[]): Part {
  if (drafts.length === 0) return null
  const items = drafts.map((draft) => {
    const name = serviceName(hall, draft)
    const title = draft.practice === null ? name : `${say('answerRequest')}: ${name}`
    return html`<li class="iter-card"><div><h3 class="h6 mb-1">${title}</h3><p class="mb-0 small">${say('draftChanged')} ${timeTag(draft.changedAt.toISOString())}. ${say('draftKeptUntil')} ${timeTag(dayIn(draft.expiresAt))}.</p></div><div class="iter-actions"><a class="btn btn-primary btn-sm" href="${draftAddress(draft)}">${say('draftResume')} <span class="visually-hidden">${title}</span></a><a class="btn btn-outline-primary btn-sm" href="${DRAFTS}/${draft.id}/elimina">${say('draftDelete')} <span class="visually-hidden">${title}</span></a></div></li>`
  })
  return html`<section class="mb-5" data-it="drafts" aria-labelledby="bozze"><h2 class="h4" id="bozze">${say('drafts')}</h2><ul class="list-unstyled">${items}</ul></section>`
}

/** On the page of a draft. */
export const renderDraftLife = ({ say }: CitizenVisit, draft: Draft | null): Part =>
  draft !== null &&
  html`<p class="small mt-3">${say('draftLife')} ${say('draftKeptUntil')} ${timeTag(dayIn(draft.expiresAt))}.</p>`

const ownDraft = async (hall: TownHall, { person }: CitizenVisit, id: string): Promise<Draft | null> =>
  isUuid(id) ? hall.drafts.find(id, person.id, new Date(hall.now())) : null

export async function askDeletion(hall: TownHall, visit: CitizenVisit, id: string): Promise<Answer> {
  const draft = await ownDraft(hall, visit, id)
  if (draft === null) return refusedPage(visit, 404)
  const { say, csrfField } = visit
  const title = say('draftDeleteTitle')
  const name = serviceName(hall, draft)
  const trail = breadcrumb(
    say,
    [
      [say('home'), '/'],
      [say('myPractices'), PRACTICES],
    ],
    title,
  )
  const main = html`${trail}<h1>${title}</h1><p>${name}. ${say('draftChanged')} ${timeTag(draft.changedAt.toISOString())}.</p><p>${say('draftDeleteText')}</p><form method="post" action="${DRAFTS}/${id}/elimina">${csrfField}<div class="iter-buttons"><a class="btn btn-outline-primary" href="${PRACTICES}">${say('draftKeep')}</a><button type="submit" class="btn btn-danger">${say('draftDeleteConfirm')}</button></div></form>`
  return page(title, main)
}

export async function deleteDraft(hall: TownHall, visit: CitizenVisit, id: string): Promise<Answer> {
  const draft = await ownDraft(hall, visit, id)
  if (draft === null) return refusedPage(visit, 404)
  await discard(hall, draft)
  return { kind: 'redirect', to: `${PRACTICES}?eliminata` }
}

export async function discard(hall: TownHall, draft: Draft): Promise<void> {
  const removed = await hall.drafts.remove(draft.id, draft.owner)
  if (removed !== null) await forgetAttached(hall, removed)
}

/** Some of those whose time is over, whenever somebody saves one and when it is swept; resolves with how many. */
export async function forgetExpired(hall: Pick<TownHall, 'drafts' | 'attachments' | 'now'>): Promise<number> {
  const expired = await hall.drafts.removeExpired(new Date(hall.now()))
  for (const draft of expired) await forgetAttached(hall, draft)
  return expired.length
}

/** A text that stands for no file of theirs is none; a file that a practice has by now stays. */
async function forgetAttached({ attachments }: Pick<TownHall, 'attachments'>, { owner, typed }: Draft): Promise<void> {
  const own = attachments.of(owner)
  for (const text of [...typed.values()].flat()) await own.forget(text)
}
