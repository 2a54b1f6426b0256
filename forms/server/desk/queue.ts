/** The clerk's queue: open tasks of the person's offices, nearest legal due date first. Filters and page lie in the address. */
import type { Condition, Page, Row } from '../../../engine/protocol/query.ts'
import { attributes, type Html, html, type Part } from '../html.ts'
import type { Person } from '../identity/person.ts'
import type { Desk, DeskAnswer, DeskRequest } from './desk.ts'
import { dueOf, renderDue } from './due.ts'
import { mayFile } from './may.ts'
import { type PracticeHead, practiceHeads, textIn } from './practice-of.ts'

export const DESK = '/scrivania'
const PAGE_SIZE = 25
const PAGES_MAX = 1_000

type Holder = 'tutti' | 'miei' | 'liberi'
const holders: Readonly<Record<Holder, string>> = { tutti: 'Tutti', miei: 'Miei', liberi: 'Non assegnati' }

interface Filters {
  readonly holder: Holder
  /** Empty: all offices of the person. */
  readonly office: string
  /** Empty: all procedures. */
  readonly procedure: string
  readonly page: number
}

function filtersIn(query: URLSearchParams, person: Person): Filters {
  const holder = query.get('compiti') ?? ''
  const office = query.get('ufficio') ?? ''
  const page = Number(query.get('pagina') ?? '1')
  return {
    holder: holder === 'miei' || holder === 'liberi' ? holder : 'tutti',
    office: person.groups.has(office) ? office : '',
    procedure: (query.get('procedimento') ?? '').slice(0, 200),
    page: Number.isInteger(page) && page >= 1 && page <= PAGES_MAX ? page : 1,
  }
}

const addressOf = ({ holder, office, procedure, page }: Filters): string => {
  const query = new URLSearchParams({ compiti: holder, ufficio: office, procedimento: procedure, pagina: String(page) })
  return `${DESK}?${query}`
}

function tasksFor(desk: Desk, person: Person, filters: Filters): Promise<Page> {
  const groups = filters.office === '' ? [...person.groups] : [filters.office]
  const inOffice: Condition = { field: 'candidateGroup', operator: '$in', value: groups }
  const mine: Condition = { field: 'assignee', operator: '$eq', value: person.id }
  const filter: Condition[] = [{ field: 'state', operator: '$eq', value: 'CREATED' }]
  if (filters.holder === 'liberi') filter.push({ field: 'assignee', operator: '$exists', value: false })
  if (filters.holder === 'miei') filter.push(mine)
  if (filters.procedure !== '') filter.push({ field: 'processDefinitionId', operator: '$eq', value: filters.procedure })
  return desk.gateway.query.search('user-tasks', {
    filter,
    or: filters.office === '' ? [[inOffice], [mine]] : [[inOffice]],
    sort: [
      { field: 'dueDate', order: 'ASC' },
      { field: 'creationDate', order: 'ASC' },
    ],
    page: { limit: PAGE_SIZE, from: (filters.page - 1) * PAGE_SIZE },
  })
}

/** The task to do next: mine or nobody's, nearest due date first; null when there is none. */
export async function nextTask(desk: Desk, person: Person): Promise<string | null> {
  const open = await tasksFor(desk, person, { holder: 'tutti', office: '', procedure: '', page: 1 })
  const next = open.items.find((row) => ['', person.id].includes(textIn(row, 'assignee')))
  return next === undefined ? null : textIn(next, 'userTaskKey')
}

export async function showQueue(desk: Desk, { person, query }: DeskRequest): Promise<DeskAnswer> {
  const filters = filtersIn(query, person)
  const page = await tasksFor(desk, person, filters)
  const heads = await practiceHeads(desk, [...new Set(page.items.map((row) => textIn(row, 'processInstanceKey')))])
  const done = query.has('completato') && html`<div class="alert alert-success" role="status">Compito completato.</div>`
  const main = html`<h1>Scrivania</h1>${done}${renderFilters(desk, person, filters)}${renderTable(desk, person, page, heads)}${renderPages(filters, page)}${renderCounters(desk, person)}`
  return { kind: 'page', status: 200, title: 'Scrivania', main }
}

const select = (
  id: string,
  name: string,
  label: string,
  chosen: string,
  options: readonly (readonly [string, string])[],
): Html =>
  html`<div class="col-md select-wrapper mb-3"><label for="${id}">${label}</label><select id="${id}" name="${name}">${options.map(
    ([value, text]) => html`<option${attributes({ value, selected: value === chosen })}>${text}</option>`,
  )}</select></div>`

function renderFilters(desk: Desk, person: Person, filters: Filters): Html {
  const officeName = (group: string) => desk.town.uffici.find(({ gruppo }) => gruppo === group)?.nome ?? group
  const offices = [...person.groups].map((group) => [group, officeName(group)] as const)
  const procedures = desk.town.procedimenti.map(({ id, nome }) => [id, nome] as const)
  return html`<form method="get" action="${DESK}" class="mb-4" role="search" aria-label="Filtra i compiti"><div class="row align-items-end">${select(
    'filtro-compiti',
    'compiti',
    'Compiti',
    filters.holder,
    Object.entries(holders),
  )}${select('filtro-ufficio', 'ufficio', 'Ufficio', filters.office, [['', 'Tutti i miei uffici'], ...offices])}${select(
    'filtro-procedimento',
    'procedimento',
    'Procedimento',
    filters.procedure,
    [['', 'Tutti'], ...procedures],
  )}<div class="col-md-auto mb-3"><button type="submit" class="btn btn-outline-primary">Filtra</button></div></div></form>`
}

function renderTable(desk: Desk, person: Person, page: Page, heads: ReadonlyMap<string, PracticeHead>): Html {
  if (page.items.length === 0) return html`<p role="status">Nessun compito aperto con questi filtri.</p>`
  const rows = page.items.map((task) => renderTask(desk, person, task, heads.get(textIn(task, 'processInstanceKey'))))
  return html`<p role="status">${page.totalItems === 1 ? '1 compito' : `${page.totalItems} compiti`}</p><div class="table-responsive"><table class="table"><caption>Compiti aperti, prima quelli che scadono</caption><thead><tr><th scope="col">Compito</th><th scope="col">Pratica</th><th scope="col">Richiedente</th><th scope="col">Scadenza</th><th scope="col">Assegnato</th></tr></thead><tbody>${rows}</tbody></table></div>`
}

function renderTask(desk: Desk, person: Person, task: Row, head: PracticeHead | undefined): Html {
  const instance = textIn(task, 'processInstanceKey')
  const due = textIn(task, 'dueDate')
  return html`<tr><th scope="row"><a href="${DESK}/compiti/${textIn(task, 'userTaskKey')}">${taskName(task)}</a><br><span class="fw-normal">${procedureName(desk, task)}</span></th><td><a href="${DESK}/pratiche/${instance}">${head?.protocol ? `Protocollo ${head.protocol}` : `Pratica ${instance}`}</a></td><td>${head?.applicant}</td><td>${
    due === '' ? 'senza scadenza' : renderDue(dueOf(due, desk.now(), desk.town.calendario), desk.icon)
  }</td><td>${assigneeText(desk, person, task)}</td></tr>`
}

export const taskName = (task: Row): string => textIn(task, 'name') || textIn(task, 'elementId')

export const procedureName = (desk: Desk, row: Row): string =>
  desk.town.procedimenti.find(({ id }) => id === row.processDefinitionId)?.nome ||
  textIn(row, 'processName') ||
  textIn(row, 'processDefinitionName') ||
  textIn(row, 'processDefinitionId')

export function assigneeText(desk: Desk, person: Person, task: Row): string {
  const assignee = textIn(task, 'assignee')
  if (assignee === '') return 'nessuno'
  if (assignee === person.id) return 'a te'
  const colleague = desk.town.persone.find(({ id }) => id === assignee)
  return colleague ? `${colleague.nome} ${colleague.cognome}` : assignee
}

function renderPages(filters: Filters, { totalItems }: Page): Part {
  const pages = Math.ceil(totalItems / PAGE_SIZE)
  if (pages <= 1) return null
  const link = (page: number, text: string) =>
    html`<li class="page-item"><a class="page-link" href="${addressOf({ ...filters, page })}">${text}</a></li>`
  return html`<nav class="pagination-wrapper" aria-label="Pagine dei compiti"><ul class="pagination">${
    filters.page > 1 && link(filters.page - 1, 'Precedente')
  }<li class="page-item active"><span class="page-link" aria-current="page">Pagina ${filters.page} di ${pages}</span></li>${
    filters.page < pages && link(filters.page + 1, 'Successiva')
  }</ul></nav>`
}

function renderCounters(desk: Desk, person: Person): Part {
  const procedures = desk.town.procedimenti.filter((procedure) => mayFile(person, procedure))
  if (procedures.length === 0) return null
  const links = procedures.map(({ id, nome }) => html`<li><a href="${DESK}/sportello/${id}">${nome}</a></li>`)
  return html`<h2 class="h4">Presenta per la persona allo sportello</h2><ul>${links}</ul>`
}
