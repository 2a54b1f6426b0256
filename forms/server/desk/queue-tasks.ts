/** The tasks that filters let through, as the engine has them now. Owns the questions; does not own how they are shown. */
import type { Condition, Page, Row, Search } from '../../../engine/protocol/query.ts'
import type { Person } from '../identity/person.ts'
import type { TownHall } from '../page.ts'
import { wordsIn } from '../store/words.ts'
import { endOfWorkingDay } from './due.ts'
import { rowsOf } from './listing.ts'
import { calledBy, learnHeads, textIn } from './practice-of.ts'
import { ALL_TASKS, type DueFilter, type Order, type QueueFilters } from './queue-filters.ts'

/** A search that finds more practices is to be narrowed. */
const FOUND_MAX = 200
const WEEK = 5

export interface FoundTasks extends Page {
  /** The words found more practices than are looked into. */
  readonly isCut: boolean
}

export async function tasksFor(hall: TownHall, person: Person, filters: QueueFilters): Promise<FoundTasks> {
  const found = filters.search === '' ? null : await instancesNamed(hall, filters.search)
  if (found !== null && found.keys.length === 0) return { ...NOTHING, isCut: false }
  const mine: Condition = { field: 'assignee', operator: '$eq', value: person.id }
  const filter: Condition[] = [
    { field: 'state', operator: '$eq', value: 'CREATED' },
    ...dueCondition(hall, filters.due),
  ]
  if (found !== null) filter.push({ field: 'processInstanceKey', operator: '$in', value: found.keys })
  if (filters.holder === 'liberi') filter.push({ field: 'assignee', operator: '$exists', value: false })
  if (filters.holder === 'miei') filter.push(mine)
  if (filters.procedure !== '') filter.push({ field: 'processDefinitionId', operator: '$eq', value: filters.procedure })
  const groups = filters.office === '' ? [...person.groups] : [filters.office]
  const inOffice: Condition = { field: 'candidateGroup', operator: '$in', value: groups }
  const page = await hall.gateway.query.search('user-tasks', {
    filter,
    or: filters.office === '' ? [[inOffice], [mine]] : [[inOffice]],
    sort: sorts[filters.order],
    page: rowsOf(filters.page),
  })
  return { ...page, isCut: found?.isCut === true }
}

const NOTHING: Page = { items: [], totalItems: 0, hasMoreTotalItems: false, startCursor: null, endCursor: null }

const by = (field: string, order: 'ASC' | 'DESC') => ({ field, order })
const sorts: Readonly<Record<Order, Search['sort']>> = {
  scadenza: [by('dueDate', 'ASC'), by('creationDate', 'ASC')],
  '-scadenza': [by('dueDate', 'DESC'), by('creationDate', 'ASC')],
  // Keys are given as tasks arrive.
  arrivo: [by('userTaskKey', 'ASC')],
  '-arrivo': [by('userTaskKey', 'DESC')],
}

/** A term that ends with a day is over at its midnight. */
function dueCondition({ now, town }: TownHall, due: DueFilter): readonly Condition[] {
  const until = (workingDays: number): Condition => ({
    field: 'dueDate',
    operator: '$lte',
    value: endOfWorkingDay(workingDays, now(), town.calendario).toString(),
  })
  const at = new Date(now()).toISOString()
  switch (due) {
    case '':
      return []
    case 'scaduti':
      return [{ field: 'dueDate', operator: '$lte', value: at }]
    case 'oggi':
      return [{ field: 'dueDate', operator: '$gt', value: at }, until(0)]
    case 'settimana':
      return [{ field: 'dueDate', operator: '$gt', value: at }, until(WEEK)]
    case 'senza':
      return [{ field: 'dueDate', operator: '$exists', value: false }]
  }
}

/** The practices with these words, and what they have called: their tasks may lie there. */
async function instancesNamed(hall: TownHall, search: string) {
  const words = wordsIn(search)
  if (words.length === 0) return { keys: [], isCut: false }
  await learnHeads(hall, words)
  const processIds = hall.town.procedimenti.map(({ id }) => id)
  const found = await hall.practices.findInstances({ words, processIds, limit: FOUND_MAX + 1, from: 0 })
  const roots = found.slice(0, FOUND_MAX)
  const keys = roots.length === 0 ? [] : await calledBy(hall, roots, FOUND_MAX * 5)
  return { keys, isCut: found.length > FOUND_MAX }
}

/** The task to do next in that queue: mine or nobody's; null when there is none. */
export async function nextTask(hall: TownHall, person: Person, filters = ALL_TASKS): Promise<string | null> {
  const open = await tasksFor(hall, person, { ...filters, page: 1 })
  const next = open.items.find((row) => ['', person.id].includes(textIn(row, 'assignee')))
  return next === undefined ? null : textIn(next, 'userTaskKey')
}

/** Tasks by key, in no order; one that is gone is missing. */
export async function tasksByKey({ gateway }: TownHall, keys: readonly string[]): Promise<readonly Row[]> {
  if (keys.length === 0) return []
  const filter: Condition[] = [{ field: 'userTaskKey', operator: '$in', value: keys }]
  return (await gateway.query.search('user-tasks', { filter, sort: [], page: { limit: keys.length } })).items
}
