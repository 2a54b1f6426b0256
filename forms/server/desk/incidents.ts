/**
 * What stands still because something is wrong: said in words, tried again, and, where an outside effect may have happened and
 * nothing but a person can tell, decided by a person. The decision goes to the workers' ledger, so that the next attempt heeds it.
 */
import type { Row } from '../../../engine/protocol/query.ts'
import type { Say } from '../catalogue.ts'
import { valueAt } from '../form/paths.ts'
import { type Html, html, type Part } from '../html.ts'
import type { PersonVisit, TownHall } from '../page.ts'
import { INCIDENTS_LIST } from './addresses.ts'
import type { InstanceStory } from './instance-story.ts'
import { mayRepair } from './may.ts'
import { contextOf, textIn } from './practice-of.ts'
import { timeOf } from './steps.ts'

/** What of it a person must decide. */
export interface UnknownEffect {
  readonly key: string
  readonly operation: string
}

/** As the connectors say it (connectors/effect.ts). */
const IS_UNKNOWN = /\(esito ignoto\)/

/**
 * The effects of an incident whose outcome nobody knows. A ledger's key begins with practice, element and job. What a person decided
 * and did not serve may be decided again.
 * @param practice null when the pages did not start it: then it is the one that the instance says it is of, as the workers read it
 */
export async function unknownEffects(
  hall: TownHall,
  practice: string | null,
  incident: Row,
): Promise<readonly UnknownEffect[]> {
  const job = textIn(incident, 'jobKey')
  if (job === '') return []
  const id = practice ?? (await practiceSaidBy(hall, textIn(incident, 'processInstanceKey')))
  if (id === null) return []
  const known = await hall.effects.startingWith(`${id}/${textIn(incident, 'elementId')}/${job}`)
  const isUnknown = IS_UNKNOWN.test(textIn(incident, 'errorMessage'))
  return known.filter(({ isSettled, isDecided }) => isDecided || (isUnknown && !isSettled))
}

async function practiceSaidBy({ gateway }: TownHall, processInstanceKey: string): Promise<string | null> {
  const { items } = await gateway.query.search('variables', {
    filter: [
      { field: 'processInstanceKey', operator: '$eq', value: processInstanceKey },
      { field: 'scopeKey', operator: '$eq', value: processInstanceKey },
      { field: 'name', operator: '$eq', value: 'pratica' },
    ],
    sort: [],
    page: { limit: 1 },
  })
  const id = valueAt(contextOf(items), 'pratica.id')
  return typeof id === 'string' && id !== '' ? id : null
}

export const incidentAddress = (key: string): string => `${INCIDENTS_LIST}/${key}`

export async function renderIncidents(hall: TownHall, visit: PersonVisit, story: InstanceStory): Promise<Part> {
  const { say, person } = visit
  const open = story.incidents.filter((incident) => incident.state === 'ACTIVE')
  if (open.length === 0) return null
  const isAllowed = mayRepair(hall, person, story.readable)
  const names = await namesOf(hall, open)
  const items = await Promise.all(
    open.map(async (incident) => {
      const unknown = isAllowed ? await unknownEffects(hall, story.readable.practice?.id ?? null, incident) : []
      return html`<li class="mb-3">${renderIncident(hall, say, incident, names)}${isAllowed && (unknown.length > 0 ? renderDecide(visit, incident) : renderRetry(visit, incident))}</li>`
    }),
  )
  return html`<section class="alert alert-danger" aria-labelledby="problemi"><h2 class="h5" id="problemi">${say('incidents')}</h2><ul class="mb-0">${items}</ul></section>`
}

/** Names of the elements at which they stand, by the key of the element's instance. */
export async function namesOf({ gateway }: TownHall, incidents: readonly Row[]): Promise<ReadonlyMap<string, string>> {
  const keys = incidents.map((incident) => textIn(incident, 'elementInstanceKey')).filter((key) => key !== '')
  if (keys.length === 0) return new Map()
  const { items } = await gateway.query.search('element-instances', {
    filter: [{ field: 'elementInstanceKey', operator: '$in', value: keys }],
    sort: [],
    page: { limit: keys.length },
  })
  return new Map(items.map((row) => [textIn(row, 'elementInstanceKey'), textIn(row, 'elementName')]))
}

export const placeOf = (incident: Row, names: ReadonlyMap<string, string>): string =>
  names.get(textIn(incident, 'elementInstanceKey')) || textIn(incident, 'elementId')

const renderIncident = ({ icon }: TownHall, say: Say, incident: Row, names: ReadonlyMap<string, string>): Html =>
  html`<p class="mb-1">${icon('it-error')} <strong>${placeOf(incident, names)}</strong>: ${typeText(say, incident)}, ${say('since')} ${timeOf(incident, 'creationTime')}</p><p class="small mb-2">${textIn(incident, 'errorMessage')}</p>`

/** The engine's kinds of incident in words; one that has none here in the engine's own. */
export function typeText(say: Say, incident: Row): string {
  const types: Readonly<Record<string, string>> = {
    JOB_NO_RETRIES: say('incidentNoRetries'),
    EXECUTION_LISTENER_NO_RETRIES: say('incidentNoRetries'),
    TASK_LISTENER_NO_RETRIES: say('incidentNoRetries'),
    CONDITION_ERROR: say('incidentCondition'),
    EXTRACT_VALUE_ERROR: say('incidentExpression'),
    IO_MAPPING_ERROR: say('incidentExpression'),
    CALLED_ELEMENT_ERROR: say('incidentCalled'),
    CALLED_DECISION_ERROR: say('incidentDecision'),
    DECISION_EVALUATION_ERROR: say('incidentDecision'),
    FORM_NOT_FOUND: say('incidentForm'),
    UNHANDLED_ERROR_EVENT: say('incidentUnhandled'),
    MESSAGE_SIZE_EXCEEDED: say('incidentTooLarge'),
  }
  const type = textIn(incident, 'errorType')
  return types[type] ?? type
}

const renderRetry = ({ say, csrfField }: PersonVisit, incident: Row): Html =>
  html`<form method="post" action="${incidentAddress(textIn(incident, 'incidentKey'))}/riprova">${csrfField}<button type="submit" class="btn btn-outline-danger btn-sm">${say('retry')}</button></form>`

const renderDecide = ({ say }: PersonVisit, incident: Row): Html =>
  html`<p class="mb-2">${say('decideText')}</p><p class="mb-0"><a class="btn btn-outline-danger btn-sm" href="${incidentAddress(textIn(incident, 'incidentKey'))}/decidi">${say('decide')}</a></p>`
