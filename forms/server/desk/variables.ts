/**
 * The variables of an instance as they are, for who repairs it. What says something about a person is covered for whoever repairs
 * the machine and does not answer for the case: what is shown then is a short list, everything else is covered.
 */
import { fromJson, isContext, isList, toJson, type Value } from '../../../engine/feel/index.ts'
import type { Row } from '../../../engine/protocol/query.ts'
import type { Say } from '../catalogue.ts'
import { type Html, html, type Part } from '../html.ts'
import type { PersonVisit, TownHall } from '../page.ts'
import { type ReadableInstance, variablesFor } from './may.ts'
import { textIn } from './practice-of.ts'

const ROWS_MAX = 200

/** Variables of the procedure itself: numbers, dates, outcomes. */
const IMPERSONAL: ReadonlySet<string> = new Set([
  'pratica',
  'protocollo',
  'termine',
  'scadenze',
  'giornoInizio',
  'esito',
  'effettoSilenzio',
  'silenzio',
  'tardivita',
  'versamento',
  'comunicazione',
  'notifica',
  'invio',
  'documento',
  'documenti',
])
/** Within them, what is a person's after all. */
const PERSONAL =
  /^(?:nome|cognome|cf|codiceFiscale|piva|email|cell|telefono|indirizzo|domicilioDigitale|destinatario|corrispondente|rup|responsabile|delega|oggetto|testo|motivi|motivo)$/i

export async function renderVariables(
  hall: TownHall,
  { person, say }: PersonVisit,
  readable: ReadableInstance,
): Promise<Part> {
  const allowed = variablesFor(hall, person, readable)
  if (allowed === 'none') return null
  const key = textIn(readable.row, 'processInstanceKey')
  const { items } = await hall.gateway.query.search('variables', {
    filter: [{ field: 'processInstanceKey', operator: '$eq', value: key }],
    sort: [{ field: 'name', order: 'ASC' }],
    page: { limit: ROWS_MAX },
  })
  const rows = items.map((row) => renderVariable(say, row, allowed === 'masked', textIn(row, 'scopeKey') === key))
  return html`<details class="iter-more mb-4"><summary><h2 class="h4 d-inline">${say('variables')}</h2></summary>${
    allowed === 'masked' && html`<p class="small">${say('variablesMasked')}</p>`
  }<dl class="iter-variables">${rows}</dl></details>`
}

function renderVariable(say: Say, row: Row, isMasked: boolean, isOfInstance: boolean): Html {
  const name = textIn(row, 'name')
  const text = textIn(row, 'value')
  const isCut = row.isTruncated === true
  const value = isCut ? text : fromJson(text)
  const told = isMasked ? masked(say, name, value) : value
  return html`<dt><code>${name}</code>${!isOfInstance && html` <span class="small">${say('variableLocal')}</span>`}</dt><dd><pre>${isCut && !isMasked ? `${text}…` : toJson(told)}</pre></dd>`
}

const masked = (say: Say, name: string, value: Value): Value =>
  IMPERSONAL.has(name) ? coverNamed(say, value) : cover(say, value)

/** Shows what is inside but what is named as a person's. */
function coverNamed(say: Say, value: Value): Value {
  if (isList(value)) return value.map((item) => coverNamed(say, item))
  if (!isContext(value)) return value
  return new Map(
    [...value].map(([name, inner]) => [name, PERSONAL.test(name) ? cover(say, inner) : coverNamed(say, inner)]),
  )
}

/** The shape stays, so that what is missing or of the wrong kind is seen. */
function cover(say: Say, value: Value): Value {
  if (value === null || typeof value === 'boolean') return value
  if (isList(value)) return value.map((item) => cover(say, item))
  if (isContext(value)) return new Map([...value].map(([name, inner]) => [name, cover(say, inner)]))
  return typeof value === 'string' ? say('coveredText', { length: String(value.length) }) : say('coveredValue')
}
