/** The clerk's queue as a page: offices, filters, the tasks with their due dates, claiming several at once. Reads; queue-actions.ts changes. */
import { attributes, type Html, html, type Part } from '../html.ts'
import type { Answer, PersonVisit, TownHall } from '../page.ts'
import { isSignTask } from './acts-to-sign.ts'
import { DESK, queueAddress, SIGNING } from './addresses.ts'
import { deskPage } from './desk-page.ts'
import { pagination, searchBox, select } from './listing.ts'
import { officeName } from './names.ts'
import { practiceHeads, textIn } from './practice-of.ts'
import { renderQueueNews } from './queue-actions.ts'
import { DUES, type DueFilter, filtersIn, HOLDERS, type Holder, type QueueFilters, queryOf } from './queue-filters.ts'
import { renderTasks } from './queue-table.ts'
import { type FoundTasks, tasksFor } from './queue-tasks.ts'

export async function showQueue(hall: TownHall, visit: PersonVisit): Promise<Answer> {
  const { person, query, say } = visit
  const filters = filtersIn(query, person)
  const [found, news, before] = await Promise.all([
    tasksFor(hall, person, filters),
    renderQueueNews(hall, visit),
    hall.looks.look(person.id, 'queue', new Date(hall.now())),
  ])
  const heads = await practiceHeads(hall, [...new Set(found.items.map((row) => textIn(row, 'processInstanceKey')))])
  const title = say('desk')
  const main = html`<h1>${title}</h1>${news}${found.items.some(isSignTask) && html`<p><a href="${SIGNING}">${say('signTogether')}</a></p>`}${renderOffices(hall, visit, filters)}${renderFilters(
    hall,
    visit,
    filters,
  )}${renderTasks(hall, visit, { filters, found, heads, before })}${renderPages(visit, filters, found)}`
  return deskPage(visit, { title, main })
}

/** Links, not tabs: each is a page of its own. */
function renderOffices(hall: TownHall, { person, say }: PersonVisit, filters: QueueFilters): Part {
  if (person.groups.size < 2) return null
  const offices = [
    ['', say('allMyOffices')] as const,
    ...[...person.groups].map((group) => [group, officeName(hall, group)] as const),
  ]
  return html`<nav aria-label="${say('offices')}"><ul class="nav nav-tabs iter-tabs mb-3">${offices.map(
    ([office, name]) => {
      const isHere = office === filters.office
      const address = queueAddress(queryOf({ ...filters, office, page: 1 }))
      return html`<li class="nav-item"><a class="nav-link${isHere ? ' active' : ''}" href="${address}"${attributes({ 'aria-current': isHere && 'page' })}>${name}</a></li>`
    },
  )}</ul></nav>`
}

function renderFilters(hall: TownHall, { say }: PersonVisit, filters: QueueFilters): Html {
  const holders: Readonly<Record<Holder, string>> = {
    tutti: say('tasksAll'),
    miei: say('tasksMine'),
    liberi: say('tasksFree'),
  }
  const dues: Readonly<Record<DueFilter, string>> = {
    '': say('dueAny'),
    scaduti: say('dueOverdue'),
    oggi: say('dueToday'),
    settimana: say('dueWeek'),
    senza: say('dueNone'),
  }
  const procedures = hall.town.procedimenti.map(({ id, nome }) => [id, nome] as const)
  const kept = { ufficio: filters.office, ordine: filters.order === 'scadenza' ? '' : filters.order }
  const isFiltered = queryOf({ ...filters, office: '', order: 'scadenza', page: 1 }) !== ''
  return html`<form method="get" action="${DESK}" class="iter-filters mb-3" role="search" aria-label="${say('filterTasks')}">${Object.entries(
    kept,
  ).map(
    ([name, value]) => value !== '' && html`<input type="hidden" name="${name}" value="${value}">`,
  )}<div class="row align-items-start g-3">${searchBox(say('search'), filters.search, say('searchHelp'))}${select(
    'compiti',
    say('tasks'),
    filters.holder,
    HOLDERS.map((holder) => [holder, holders[holder]]),
  )}${select(
    'scadenza',
    say('due'),
    filters.due,
    DUES.map((due) => [due, dues[due]]),
  )}${procedures.length > 1 && select('procedimento', say('procedure'), filters.procedure, [['', say('all')], ...procedures])}<div class="col-auto iter-filter-do"><button type="submit" class="btn btn-primary btn-sm">${hall.icon('it-funnel')} ${say('filter')}</button>${
    isFiltered &&
    html` <a class="btn btn-outline-primary btn-sm" href="${queueAddress(queryOf({ ...filters, holder: 'tutti', procedure: '', due: '', search: '', page: 1 }))}">${say('filterOff')}</a>`
  }</div></div></form>`
}

function renderPages({ say }: PersonVisit, filters: QueueFilters, found: FoundTasks): Part {
  return pagination(say, filters.page, found, (page) => queueAddress(queryOf({ ...filters, page })))
}
