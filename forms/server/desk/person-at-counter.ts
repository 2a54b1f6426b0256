/** The person at the counter: found by tax code, name or number, with the practices a clerk of this office may see. */
import { type Context, isContext } from '../../../engine/feel/index.ts'
import { shown } from '../form/display.ts'
import { type Html, html, type Part } from '../html.ts'
import type { Answer, PersonVisit, TownHall } from '../page.ts'
import type { Practice } from '../store/practices.ts'
import { wordsIn } from '../store/words.ts'
import { recordAccess, refusal } from './access.ts'
import { COUNTER, instanceAddress, PRACTICES_LIST } from './addresses.ts'
import { deskPage, trail } from './desk-page.ts'
import { searchBox } from './listing.ts'
import { mayFile, type Procedure } from './may.ts'
import { procedureName } from './names.ts'
import { contextOf, learnHeads } from './practice-of.ts'

export const TAX_CODE = /^[A-Z0-9]{16}$/
const PRACTICES_MAX = 20
/** What is true of a person from one practice to the next. */
const LASTING = ['nome', 'cognome', 'cf', 'email', 'cell', 'telefono', 'domicilioDigitale']

export async function showCounter(hall: TownHall, visit: PersonVisit): Promise<Answer> {
  const { say, person, query } = visit
  const own = hall.town.procedimenti.filter((procedure) => mayFile(person, procedure))
  if (own.length === 0) return refusal(visit, 403, 'procedure')
  const search = (query.get('cerca') ?? '').trim().slice(0, 100)
  const found = search === '' ? null : await practicesOf(hall, own, search)
  const title = say('counter')
  const main = html`${trail(visit, title)}<h1>${title}</h1><p>${say('counterIntroduction')}</p><form method="get" action="${COUNTER}" class="iter-filters mb-4" role="search" aria-label="${say('counterSearch')}"><div class="row align-items-start g-3">${searchBox(
    say('search'),
    search,
    say('searchHelp'),
  )}<div class="col-auto iter-filter-do"><button type="submit" class="btn btn-primary btn-sm">${hall.icon('it-search')} ${say('searchDo')}</button></div></div></form>${
    found !== null && renderFound(hall, visit, found)
  }${renderProcedures(visit, own, taxCodeIn(search, found))}`
  return deskPage(visit, { title, main })
}

async function practicesOf(hall: TownHall, own: readonly Procedure[], search: string): Promise<readonly Practice[]> {
  const words = wordsIn(search)
  if (words.length === 0) return []
  await learnHeads(hall, words)
  return hall.practices.find({ words, processIds: own.map(({ id }) => id), limit: PRACTICES_MAX, from: 0 })
}

/** What was typed, or the code of the one person whose practices were found. */
function taxCodeIn(search: string, found: readonly Practice[] | null): string {
  if (TAX_CODE.test(search.toUpperCase())) return search.toUpperCase()
  const owners = new Set((found ?? []).map(({ owner }) => owner))
  const [only] = owners
  return owners.size === 1 ? (only ?? '') : ''
}

function renderFound(hall: TownHall, { say }: PersonVisit, found: readonly Practice[]): Html {
  if (found.length === 0)
    return html`<div class="iter-empty mb-4" role="status"><p class="h5">${say('noPracticesFound')}</p><p>${say('counterNoneText')}</p></div>`
  const items = found.map(
    ({ processInstanceKey: key, processId, protocol, applicant, owner, filedAt }): Html =>
      html`<li data-row><a href="${instanceAddress(key ?? '')}" data-row-link>${protocol === null ? procedureName(hall, { processDefinitionId: processId }) : say('protocolNumber', { number: protocol })}</a><span class="d-block small">${procedureName(hall, { processDefinitionId: processId })} · ${applicant}${owner !== null && `, ${owner}`} · <time datetime="${filedAt.toISOString()}">${shown(filedAt.toISOString())}</time></span></li>`,
  )
  return html`<section aria-labelledby="trovate"><h2 class="h4" id="trovate">${say('counterFound')}</h2><ul class="iter-documents list-unstyled">${items}</ul>${found.length === PRACTICES_MAX && html`<p><a href="${PRACTICES_LIST}">${say('counterMore')}</a></p>`}</section>`
}

function renderProcedures({ say }: PersonVisit, own: readonly Procedure[], taxCode: string): Part {
  return html`<section aria-labelledby="nuova"><h2 class="h4" id="nuova">${say('counterNew')}</h2>${taxCode !== '' && html`<p>${say('counterFor', { taxCode })}</p>`}<ul class="list-unstyled">${own.map(
    ({ id, nome }) =>
      html`<li class="mb-2"><a class="btn btn-outline-primary" href="${COUNTER}/${id}${taxCode !== '' && `?${new URLSearchParams({ cf: taxCode })}`}">${nome}</a></li>`,
  )}</ul></section>`
}

/** What the town knows of them from their last practice that this clerk's office answers for; reading it is recorded. */
export async function knownPerson(hall: TownHall, visit: PersonVisit, taxCode: string): Promise<Context | null> {
  const own = hall.town.procedimenti.filter((procedure) => mayFile(visit.person, procedure)).map(({ id }) => id)
  const last = (await hall.practices.find({ words: wordsIn(taxCode), processIds: own, limit: 1, from: 0 })).find(
    ({ owner }) => owner === taxCode,
  )
  const key = last?.processInstanceKey ?? null
  if (last === undefined || key === null) return null
  const { items } = await hall.gateway.query.search('variables', {
    filter: [
      { field: 'processInstanceKey', operator: '$eq', value: key },
      { field: 'scopeKey', operator: '$eq', value: key },
      { field: 'name', operator: '$eq', value: 'richiedente' },
    ],
    sort: [],
    page: { limit: 1 },
  })
  const person = contextOf(items).get('richiedente') ?? null
  if (!isContext(person)) return null
  await recordAccess(hall, visit, 'read', last.id)
  return new Map([...person].filter(([name]) => LASTING.includes(name)))
}
