/** Everything that stands still and is this person's to repair, oldest first, with filters; several are tried again at once. */
import type { Condition, Row } from '../../../engine/protocol/query.ts'
import { type Html, html, type Part } from '../html.ts'
import type { Answer, PersonVisit, TownHall } from '../page.ts'
import { refusal } from './access.ts'
import { INCIDENTS_LIST, instanceAddress } from './addresses.ts'
import { deskPage, news, trail } from './desk-page.ts'
import { namesOf, placeOf, typeText } from './incidents.ts'
import { select } from './listing.ts'
import { repairableBy } from './may.ts'
import { type PracticeHead, practiceHeads, textIn } from './practice-of.ts'
import { timeOf } from './steps.ts'

/** More at once have one cause: it is removed, then all are tried again (docs/operating.md). */
const INCIDENTS_MAX = 200

export async function listIncidents(hall: TownHall, visit: PersonVisit): Promise<Answer> {
  const { say, query, person } = visit
  const own = repairableBy(hall.town, person)
  if (own.length === 0) return refusal(visit, 403, 'address')
  const type = (query.get('tipo') ?? '').slice(0, 100)
  const procedure = own.find(({ id }) => id === query.get('procedimento'))?.id ?? ''
  const { items, totalItems } = await openIncidents(hall, type)
  const heads = await practiceHeads(hall, [...new Set(items.map((row) => textIn(row, 'processInstanceKey')))])
  const allowed = new Set(own.map(({ id }) => id))
  const processOf = (row: Row): string =>
    heads.get(textIn(row, 'processInstanceKey'))?.practice?.processId ?? textIn(row, 'processDefinitionId')
  const shown = items.filter(
    (row) =>
      (person.role === 'amministratore' || allowed.has(processOf(row))) &&
      (procedure === '' || processOf(row) === procedure),
  )
  const title = say('incidentList')
  const types = [...new Set(items.map((row) => textIn(row, 'errorType')))].map(
    (one) => [one, typeText(say, { errorType: one })] as const,
  )
  const procedures = own.map(({ id, nome }) => [id, nome] as const)
  const retried = /^\d{1,3}$/.exec(query.get('riprovati') ?? '')?.[0]
  const main = html`${trail(visit, title)}<h1>${title}</h1>${retried !== undefined && news(say('retriedMany', { count: retried }))}<form method="get" action="${INCIDENTS_LIST}" class="iter-filters mb-3" aria-label="${say('filterIncidents')}"><div class="row align-items-start g-3">${select('tipo', say('incidentType'), type, [['', say('all')], ...types])}${select(
    'procedimento',
    say('procedure'),
    procedure,
    [['', say('all')], ...procedures],
  )}<div class="col-auto iter-filter-do"><button type="submit" class="btn btn-primary btn-sm">${hall.icon('it-funnel')} ${say('filter')}</button></div></div></form>${
    totalItems > INCIDENTS_MAX &&
    html`<p>${say('incidentsCut', { shown: String(INCIDENTS_MAX), count: String(totalItems) })}</p>`
  }${await renderList(hall, visit, shown, heads)}`
  return deskPage(visit, { title, main })
}

function openIncidents({ gateway }: TownHall, type: string) {
  const filter: Condition[] = [{ field: 'state', operator: '$eq', value: 'ACTIVE' }]
  if (type !== '') filter.push({ field: 'errorType', operator: '$eq', value: type })
  return gateway.query.search('incidents', {
    filter,
    sort: [{ field: 'creationTime', order: 'ASC' }],
    page: { limit: INCIDENTS_MAX },
  })
}

async function renderList(
  hall: TownHall,
  visit: PersonVisit,
  incidents: readonly Row[],
  heads: ReadonlyMap<string, PracticeHead>,
): Promise<Html> {
  const { say, csrfField } = visit
  if (incidents.length === 0)
    return html`<div class="iter-empty" role="status"><p class="h5">${say('noIncidents')}</p><p>${say('noIncidentsText')}</p></div>`
  const names = await namesOf(hall, incidents)
  const head = (text: string): Html => html`<th scope="col" role="columnheader">${text}</th>`
  const cell = (label: string, inner: Part): Html => html`<td role="cell" data-label="${label}">${inner}</td>`
  const rows = incidents.map((incident) => {
    const key = textIn(incident, 'incidentKey')
    const instance = textIn(incident, 'processInstanceKey')
    const known = heads.get(instance)
    const practice = known?.protocol
      ? say('protocolNumber', { number: known.protocol })
      : say('practiceNamed', { key: instance })
    const place = placeOf(incident, names)
    return html`<tr role="row" data-row><td role="cell" class="iter-choice"><div class="form-check"><input type="checkbox" id="problema-${key}" name="problema" value="${key}" data-row-check><label for="problema-${key}"><span class="visually-hidden">${say('chooseTask', { task: place, practice })}</span></label></div></td><th scope="row" role="rowheader"><a href="${instanceAddress(known?.root ?? instance)}" data-row-link>${practice}</a></th>${cell(say('step'), place)}${cell(say('incidentType'), html`${typeText(say, incident)}<span class="d-block small">${textIn(incident, 'errorMessage').slice(0, 300)}</span>`)}${cell(say('since'), timeOf(incident, 'creationTime'))}</tr>`
  })
  return html`<form method="post" action="${INCIDENTS_LIST}/riprova">${csrfField}<table class="table iter-stack" role="table"><caption class="visually-hidden">${say('incidentListCaption')}</caption><thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader"><span class="visually-hidden">${say('choose')}</span></th>${head(say('practice'))}${head(say('step'))}${head(say('incidentType'))}${head(say('since'))}</tr></thead><tbody role="rowgroup">${rows}</tbody></table><button type="submit" class="btn btn-outline-primary btn-sm">${say('retryChosen')}</button></form>`
}
