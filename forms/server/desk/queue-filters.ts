/** What of the queue a clerk wants to see, as it stands in the address: a bookmark and a colleague's link show the same. */
import type { Person } from '../identity/person.ts'

const PAGES_MAX = 1_000
const SEARCH_MAX = 100

export const HOLDERS = ['tutti', 'miei', 'liberi'] as const
export type Holder = (typeof HOLDERS)[number]
/** By the legal due date: over, today, within five working days, none. */
export const DUES = ['', 'scaduti', 'oggi', 'settimana', 'senza'] as const
export type DueFilter = (typeof DUES)[number]
export const ORDERS = ['scadenza', '-scadenza', 'arrivo', '-arrivo'] as const
export type Order = (typeof ORDERS)[number]

export interface QueueFilters {
  readonly holder: Holder
  /** Empty: all offices of the person. */
  readonly office: string
  /** Empty: all procedures. */
  readonly procedure: string
  readonly due: DueFilter
  /** Words of a number, a name, a tax code. */
  readonly search: string
  readonly order: Order
  readonly page: number
}

export const ALL_TASKS: QueueFilters = {
  holder: 'tutti',
  office: '',
  procedure: '',
  due: '',
  search: '',
  order: 'scadenza',
  page: 1,
}

/** What nobody offers is as if it were not there. */
export function filtersIn(query: URLSearchParams, person: Person): QueueFilters {
  const office = query.get('ufficio') ?? ''
  const page = Number(query.get('pagina') ?? '1')
  return {
    holder: oneOf(HOLDERS, query.get('compiti'), 'tutti'),
    office: person.groups.has(office) ? office : '',
    procedure: (query.get('procedimento') ?? '').slice(0, 200),
    due: oneOf(DUES, query.get('scadenza'), ''),
    search: (query.get('cerca') ?? '').trim().slice(0, SEARCH_MAX),
    order: oneOf(ORDERS, query.get('ordine'), 'scadenza'),
    page: Number.isInteger(page) && page >= 1 && page <= PAGES_MAX ? page : 1,
  }
}

const oneOf = <T extends string>(known: readonly T[], given: string | null, otherwise: T): T =>
  known.find((one) => one === given) ?? otherwise

/** Only what differs from the queue as it opens. */
export function queryOf(filters: QueueFilters): string {
  const { holder, office, procedure, due, search, order, page } = filters
  const query = new URLSearchParams()
  if (holder !== 'tutti') query.set('compiti', holder)
  if (office !== '') query.set('ufficio', office)
  if (procedure !== '') query.set('procedimento', procedure)
  if (due !== '') query.set('scadenza', due)
  if (search !== '') query.set('cerca', search)
  if (order !== 'scadenza') query.set('ordine', order)
  if (page !== 1) query.set('pagina', String(page))
  return query.toString()
}

/** Of a page that was reached from the queue: the filters to go back to, read anew so that nothing else comes along. */
export const queueIn = (text: string | null | undefined, person: Person): string =>
  queryOf(filtersIn(new URLSearchParams((text ?? '').slice(0, 1_000)), person))
