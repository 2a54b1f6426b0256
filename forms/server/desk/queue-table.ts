/**
 * The tasks of the queue as a table that a phone stacks. Owns: a row, sorting, choosing several. Roles are written out, because a
 * table that is laid out otherwise would no longer be one for a reader.
 */
import type { Row } from '../../../engine/protocol/query.ts'
import { attributes, type Html, html, type Part } from '../html.ts'
import type { PersonVisit, TownHall } from '../page.ts'
import { DESK, instanceAddress, queueAddress, taskAddress } from './addresses.ts'
import { dayAt, dayText, dueOf, renderDue } from './due.ts'
import { totalText } from './listing.ts'
import { assigneeText, practiceProcedure, taskName } from './names.ts'
import { type PracticeHead, textIn } from './practice-of.ts'
import { type Order, type QueueFilters, queryOf } from './queue-filters.ts'
import type { FoundTasks } from './queue-tasks.ts'

export interface Shown {
  readonly filters: QueueFilters
  readonly found: FoundTasks
  readonly heads: ReadonlyMap<string, PracticeHead>
  /** The end of the sitting before; what came since is new. */
  readonly before: Date | null
}

export function renderTasks(hall: TownHall, visit: PersonVisit, shown: Shown): Html {
  const { say, csrfField } = visit
  const { found, filters } = shown
  const { items, totalItems } = found
  if (items.length === 0) return renderNothing(visit, filters)
  const counted = totalItems === 1 ? say('taskCountOne') : say('taskCount', { count: totalText(found) })
  const fresh = items.filter((task) => isNew(task, shown.before)).length
  const head = (text: string): Html => html`<th scope="col" role="columnheader">${text}</th>`
  return html`<p role="status" class="mb-1">${counted}${fresh > 0 && html` · <strong>${fresh === 1 ? say('newCountOne') : say('newCount', { count: String(fresh) })}</strong>`}${
    found.isCut && html` · ${say('searchCut')}`
  }</p><form method="post" action="${DESK}/prendi">${csrfField}<input type="hidden" name="coda" value="${queryOf(filters)}"><table class="table iter-stack iter-queue" role="table"><caption class="visually-hidden">${say('queueCaption')}</caption><thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader"><span class="visually-hidden">${say('choose')}</span></th>${head(say('task'))}${head(say('practice'))}${sortHead(visit, filters, say('due'), 'scadenza')}${sortHead(visit, filters, say('arrived'), 'arrivo')}${head(say('holder'))}</tr></thead><tbody role="rowgroup">${items.map((task) => renderTask(hall, visit, task, shown))}</tbody></table>${
    items.some((task) => textIn(task, 'assignee') === '') &&
    html`<div class="d-flex flex-wrap gap-2 align-items-center"><button type="submit" class="btn btn-outline-primary btn-sm" data-key="p" aria-keyshortcuts="p">${say('claimChosen')}</button><button type="button" class="btn btn-link btn-sm" hidden data-chooses="compito">${say('chooseAll')}</button></div>`
  }</form>`
}

/** An empty queue is good news, an empty search is not. */
function renderNothing({ say }: PersonVisit, filters: QueueFilters): Html {
  const isFiltered = queryOf({ ...filters, office: '', order: 'scadenza', page: 1 }) !== ''
  return html`<div class="iter-empty" role="status"><p class="h5">${say(isFiltered ? 'noTasksFound' : 'noTasks')}</p><p>${say(isFiltered ? 'noTasksFoundText' : 'noTasksText')}</p></div>`
}

function sortHead({ say }: PersonVisit, filters: QueueFilters, text: string, by: 'scadenza' | 'arrivo'): Html {
  const isUp = filters.order === by
  const isDown = filters.order === `-${by}`
  const next: Order = isUp ? `-${by}` : by
  const address = queueAddress(queryOf({ ...filters, order: next, page: 1 }))
  return html`<th scope="col" role="columnheader"${attributes({ 'aria-sort': isUp ? 'ascending' : isDown && 'descending' })}><a href="${address}" title="${say('sortBy', { column: text })}">${text}${(isUp || isDown) && html` <span aria-hidden="true">${isUp ? '▲' : '▼'}</span>`}</a></th>`
}

const isNew = (task: Row, before: Date | null): boolean =>
  before !== null && Date.parse(textIn(task, 'creationDate')) > before.getTime()

function renderTask(hall: TownHall, visit: PersonVisit, task: Row, { filters, heads, before }: Shown): Html {
  const { say } = visit
  const instance = textIn(task, 'processInstanceKey')
  const key = textIn(task, 'userTaskKey')
  const head = heads.get(instance)
  const due = textIn(task, 'dueDate')
  const name = taskName(task)
  const practice = head?.protocol
    ? say('protocolNumber', { number: head.protocol })
    : say('practiceNamed', { key: instance })
  const arrived = textIn(task, 'creationDate')
  const choice = html`<div class="form-check"><input type="checkbox" id="compito-${key}" name="compito" value="${key}" data-row-check><label for="compito-${key}"><span class="visually-hidden">${say('chooseTask', { task: name, practice })}</span></label></div>`
  const cell = (label: string, inner: Part): Html => html`<td role="cell" data-label="${label}">${inner}</td>`
  return html`<tr role="row" data-row><td role="cell" class="iter-choice">${textIn(task, 'assignee') === '' && choice}</td><th scope="row" role="rowheader"><a href="${taskAddress(key, queryOf(filters))}" data-row-link>${name}</a>${
    isNew(task, before) && html` <span class="badge bg-primary">${say('isNew')}</span>`
  }<span class="d-block fw-normal small">${practiceProcedure(hall, head?.practice, task)}</span></th>${cell(
    say('practice'),
    html`<a href="${instanceAddress(head?.root ?? instance)}">${practice}</a><span class="d-block small">${head?.applicant}</span>`,
  )}${cell(
    say('due'),
    due === '' ? say('dueNone') : renderDue(dueOf(due, hall.now(), hall.town.calendario), hall.icon, say),
  )}${cell(say('arrived'), arrived !== '' && html`<time datetime="${arrived}">${dayText(dayAt(arrived))}</time>`)}${cell(say('holder'), assigneeText(hall, visit, task))}</tr>`
}
