/**
 * The practices a person may look for, with their state: found by number, name or tax code, filtered, newest first. An administrator
 * sees every instance, and none of the people: they repair what stands still.
 */

import { isContext } from '../../../engine/feel/index.ts'
import type { Condition, Page, Row } from '../../../engine/protocol/query.ts'
import { type Html, html, type Part } from '../html.ts'
import type { Answer, PersonVisit, TownHall } from '../page.ts'
import { wordsIn } from '../store/words.ts'
import { refusal } from './access.ts'
import { instanceAddress, PRACTICES_LIST } from './addresses.ts'
import { deskPage, trail } from './desk-page.ts'
import { dueOf, renderDue } from './due.ts'
import { pagination, rowsOf, searchBox, select, totalText } from './listing.ts'
import { proceduresOf, seesPeople } from './may.ts'
import { procedureName } from './names.ts'
import { contextOf, learnHeads, type PracticeHead, practiceHeads, textIn } from './practice-of.ts'
import { stateOf, timeOf } from './steps.ts'

const PAGES_MAX = 400
const FOUND_MAX = 200

const STATES = ['aperte', 'problemi', 'sospese', 'concluse', 'interrotte', 'tutte'] as const
type StateFilter = (typeof STATES)[number]

interface Filters {
  readonly search: string
  readonly state: StateFilter
  readonly procedure: string
  readonly page: number
}

function filtersIn(query: URLSearchParams): Filters {
  const page = Number(query.get('pagina') ?? '1')
  const search = (query.get('cerca') ?? '').trim().slice(0, 100)
  // Whoever looks for a name wants it whatever became of it.
  const state = STATES.find((one) => one === query.get('stato')) ?? (search === '' ? 'aperte' : 'tutte')
  return {
    search,
    state,
    procedure: (query.get('procedimento') ?? '').slice(0, 200),
    page: Number.isInteger(page) && page >= 1 && page <= PAGES_MAX ? page : 1,
  }
}

export async function listPractices(hall: TownHall, visit: PersonVisit): Promise<Answer> {
  const { person, query, say } = visit
  const own = proceduresOf(hall.town, person)
  if (own.length === 0) return refusal(visit, 403, 'address')
  const filters = filtersIn(query)
  const found = await instancesFor(hall, visit, filters)
  const keys = found.items.map((row) => textIn(row, 'processInstanceKey'))
  const [heads, terms] = await Promise.all([practiceHeads(hall, keys), termsOf(hall, keys)])
  const title = say('practiceList')
  const procedures = own.map(({ id, nome }) => [id, nome] as const)
  const main = html`${trail(visit, title)}<h1>${title}</h1><form method="get" action="${PRACTICES_LIST}" class="iter-filters mb-3" role="search" aria-label="${say('filterPractices')}"><div class="row align-items-start g-3">${searchBox(
    say('search'),
    filters.search,
    say('searchHelp'),
  )}${select(
    'stato',
    say('state'),
    filters.state,
    STATES.map((state) => [state, stateFilterText(visit, state)]),
  )}${procedures.length > 1 && select('procedimento', say('procedure'), filters.procedure, [['', say('all')], ...procedures])}<div class="col-auto iter-filter-do"><button type="submit" class="btn btn-primary btn-sm">${hall.icon('it-funnel')} ${say('filter')}</button></div></div></form>${renderList(
    hall,
    visit,
    { found, heads, terms },
  )}${pagination(say, filters.page, found, (page) => addressOf({ ...filters, page }))}`
  return deskPage(visit, { title, main })
}

function addressOf({ search, state, procedure, page }: Filters): string {
  return `${PRACTICES_LIST}?${new URLSearchParams({ cerca: search, stato: state, procedimento: procedure, pagina: String(page) })}`
}

function stateFilterText({ say }: PersonVisit, state: StateFilter): string {
  switch (state) {
    case 'aperte':
      return say('practicesOpen')
    case 'problemi':
      return say('practicesTrouble')
    case 'sospese':
      return say('practicesSuspended')
    case 'concluse':
      return say('practicesDone')
    case 'interrotte':
      return say('practicesStopped')
    case 'tutte':
      return say('practicesAll')
  }
}

function stateCondition(state: StateFilter): readonly Condition[] {
  const is = (value: string): Condition => ({ field: 'state', operator: '$eq', value })
  switch (state) {
    case 'aperte':
      return [{ field: 'state', operator: '$in', value: ['ACTIVE', 'SUSPENDED'] }]
    case 'problemi':
      return [is('ACTIVE'), { field: 'hasIncident', operator: '$eq', value: true }]
    case 'sospese':
      return [is('SUSPENDED')]
    case 'concluse':
      return [is('COMPLETED')]
    case 'interrotte':
      return [is('TERMINATED')]
    case 'tutte':
      return []
  }
}

const NOTHING: Page = { items: [], totalItems: 0, hasMoreTotalItems: false, startCursor: null, endCursor: null }

interface FoundPractices extends Page {
  /** The words found more practices than are looked into. */
  readonly isCut: boolean
}

async function instancesFor(hall: TownHall, { person }: PersonVisit, filters: Filters): Promise<FoundPractices> {
  const own = proceduresOf(hall.town, person).map(({ id }) => id)
  const chosen = filters.procedure === '' ? own : own.filter((id) => id === filters.procedure)
  const filter: Condition[] = [
    { field: 'parentProcessInstanceKey', operator: '$exists', value: false },
    ...stateCondition(filters.state),
  ]
  // An administrator sees what other programs have started, too.
  if (person.role !== 'amministratore' || filters.procedure !== '')
    filter.push({ field: 'processDefinitionId', operator: '$in', value: chosen })
  let isCut = false
  if (filters.search !== '') {
    const words = wordsIn(filters.search)
    await learnHeads(hall, words)
    const search = { words, processIds: chosen, limit: FOUND_MAX + 1, from: 0 }
    const keys = words.length === 0 ? [] : await hall.practices.findInstances(search)
    if (keys.length === 0) return { ...NOTHING, isCut: false }
    isCut = keys.length > FOUND_MAX
    filter.push({ field: 'processInstanceKey', operator: '$in', value: keys.slice(0, FOUND_MAX) })
  }
  const page = await hall.gateway.query.search('process-instances', {
    filter,
    sort: [{ field: 'processInstanceKey', order: 'DESC' }],
    page: rowsOf(filters.page),
  })
  return { ...page, isCut }
}

/** The instants at which their legal terms end, by key of the instance. */
async function termsOf({ gateway }: TownHall, keys: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (keys.length === 0) return new Map()
  const { items } = await gateway.query.search('variables', {
    filter: [
      { field: 'scopeKey', operator: '$in', value: keys },
      { field: 'processInstanceKey', operator: '$in', value: keys },
      { field: 'name', operator: '$eq', value: 'termine' },
    ],
    sort: [],
    page: { limit: keys.length },
  })
  return new Map(
    items.flatMap((row): [string, string][] => {
      const term = contextOf([row]).get('termine') ?? null
      const effect = isContext(term) ? (term.get('effetto') ?? null) : null
      return typeof effect === 'string' && !Number.isNaN(Date.parse(effect))
        ? [[textIn(row, 'processInstanceKey'), effect]]
        : []
    }),
  )
}

interface Listed {
  readonly found: FoundPractices
  readonly heads: ReadonlyMap<string, PracticeHead>
  readonly terms: ReadonlyMap<string, string>
}

function renderList(hall: TownHall, visit: PersonVisit, { found, heads, terms }: Listed): Html {
  const { say, person } = visit
  const { items, totalItems } = found
  if (items.length === 0)
    return html`<div class="iter-empty" role="status"><p class="h5">${say('noPracticesFound')}</p><p>${say('noTasksFoundText')}</p></div>`
  const head = (text: string): Html => html`<th scope="col" role="columnheader">${text}</th>`
  const isNamed = seesPeople(person)
  const row = (instance: Row): Html => {
    const key = textIn(instance, 'processInstanceKey')
    const known = heads.get(key)
    const state = stateOf(instance, say)
    const term = terms.get(key)
    const isOpen = textIn(instance, 'endDate') === ''
    const cell = (label: string, inner: Part): Html => html`<td role="cell" data-label="${label}">${inner}</td>`
    return html`<tr role="row" data-row><th scope="row" role="rowheader"><a href="${instanceAddress(key)}" data-row-link>${known?.protocol ? say('protocolNumber', { number: known.protocol }) : say('practiceNamed', { key })}</a><span class="d-block fw-normal small">${procedureName(hall, instance)}</span></th>${
      isNamed && cell(say('applicant'), known?.applicant)
    }${cell(say('state'), html`${hall.icon(state.icon)} ${state.word}${instance.hasIncident === true && html`<span class="iter-due iter-due-overdue">${hall.icon('it-error')} ${say('hasTrouble')}</span>`}`)}${cell(say('begun'), timeOf(instance, 'startDate'))}${cell(
      say('termEnd'),
      term !== undefined && isOpen
        ? renderDue(dueOf(term, hall.now(), hall.town.calendario), hall.icon, say)
        : timeOf(instance, 'endDate'),
    )}</tr>`
  }
  const counted = totalItems === 1 ? say('practiceCountOne') : say('practiceCount', { count: totalText(found) })
  return html`<p role="status" class="mb-1">${counted}${found.isCut && html` · ${say('searchCut')}`}</p><table class="table iter-stack" role="table"><caption class="visually-hidden">${say('practiceListCaption')}</caption><thead role="rowgroup"><tr role="row">${head(say('practice'))}${isNamed && head(say('applicant'))}${head(say('state'))}${head(say('begun'))}${head(say('termOrEnd'))}</tr></thead><tbody role="rowgroup">${items.map(row)}</tbody></table>`
}
