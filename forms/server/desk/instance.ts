/**
 * One process instance for those who work on it: its steps, incidents and messages as text, complete without script; and the data
 * with which a script draws the diagram and its tokens. Reads only; each read is recorded.
 */
import type { KeyText } from '../../../engine/protocol/gateway.ts'
import type { Row, SearchResource } from '../../../engine/protocol/query.ts'
import { shown } from '../form/display.ts'
import { Html, html, type Part } from '../html.ts'
import { type Desk, type DeskAnswer, type DeskRequest, recordAccess } from './desk.ts'
import { mayReadInstance } from './may.ts'
import { practiceHeads, practiceId, rootInstance, textIn } from './practice-of.ts'
import { DESK, procedureName } from './queue.ts'
import { refusal } from './task.ts'

const ROWS_MAX = 500

/** In this order: the library, then ours. */
export const DIAGRAM_SCRIPTS = ['/script/bpmn-visualization.js', '/script/diagram.js'] as const

interface Story {
  readonly steps: readonly Row[]
  readonly incidents: readonly Row[]
  readonly messages: readonly Row[]
  readonly called: readonly Row[]
  readonly xml: string | null
}

export async function showInstance(desk: Desk, request: DeskRequest, key: KeyText): Promise<DeskAnswer> {
  const row = await desk.gateway.query.get('process-instances', key)
  if (row === null) return refusal(404, 'Pratica non trovata', 'Questa pratica non esiste.')
  const root = await rootInstance(desk, key)
  const rootRow = root === key ? row : await desk.gateway.query.get('process-instances', root)
  const isAllowed =
    (await mayReadInstance(desk, request.person, row)) ||
    (rootRow !== null && (await mayReadInstance(desk, request.person, rootRow)))
  if (!isAllowed) return refusal(403, 'Accesso negato', 'Questa pratica è di un altro ufficio.')
  await recordAccess(desk, request.person, 'read', await practiceId(desk, key))
  const [story, heads] = await Promise.all([storyOf(desk, row, key), practiceHeads(desk, [root])])
  const head = heads.get(root)
  const name = procedureName(desk, row)
  const title = head?.protocol ? `${name}, protocollo ${head.protocol}` : name
  const main = html`<nav aria-label="Percorso"><ol class="breadcrumb"><li class="breadcrumb-item"><a href="${DESK}">Scrivania</a></li><li class="breadcrumb-item active" aria-current="page">${title}</li></ol></nav><h1>${title}</h1>${renderHead(row, head?.applicant ?? '', root)}${renderIncidents(story)}${renderDiagram(story)}${renderSteps(desk, story)}${renderMessages(story)}${renderCalled(story)}`
  return { kind: 'page', status: 200, title, main, scripts: story.xml === null ? [] : DIAGRAM_SCRIPTS }
}

async function storyOf(desk: Desk, row: Row, key: KeyText): Promise<Story> {
  const { query } = desk.gateway
  const all = async (resource: SearchResource, field: string, sort: string): Promise<readonly Row[]> => {
    const filter = [{ field, operator: '$eq' as const, value: key }]
    return (await query.search(resource, { filter, sort: [{ field: sort, order: 'ASC' }], page: { limit: ROWS_MAX } }))
      .items
  }
  const [steps, incidents, messages, called, xml] = await Promise.all([
    all('element-instances', 'processInstanceKey', 'startDate'),
    all('incidents', 'callingProcessInstanceKey', 'creationTime'),
    all('message-subscriptions', 'processInstanceKey', 'lastUpdatedDate'),
    all('process-instances', 'parentProcessInstanceKey', 'startDate'),
    query.resourceText('process-definition', textIn(row, 'processDefinitionKey')),
  ])
  return { steps, incidents, messages, called, xml }
}

const states: Readonly<Record<string, { readonly icon: string; readonly word: string }>> = {
  ACTIVE: { icon: 'it-clock', word: 'in corso' },
  COMPLETED: { icon: 'it-check-circle', word: 'concluso' },
  TERMINATED: { icon: 'it-close-circle', word: 'interrotto' },
}
const stateWord = (row: Row): string => states[textIn(row, 'state')]?.word ?? textIn(row, 'state')

const time = (row: Row, field: string): Part => {
  const instant = textIn(row, field)
  return instant === '' ? '—' : html`<time datetime="${instant}">${shown(instant)}</time>`
}

const renderHead = (row: Row, applicant: string, root: KeyText): Html =>
  html`<dl class="row">${applicant && html`<dt class="col-sm-3">Richiedente</dt><dd class="col-sm-9">${applicant}</dd>`}<dt class="col-sm-3">Stato</dt><dd class="col-sm-9">${stateWord(row)}</dd><dt class="col-sm-3">Iniziata</dt><dd class="col-sm-9">${time(row, 'startDate')}</dd>${
    textIn(row, 'endDate') && html`<dt class="col-sm-3">Terminata</dt><dd class="col-sm-9">${time(row, 'endDate')}</dd>`
  }${
    root !== textIn(row, 'processInstanceKey') &&
    html`<dt class="col-sm-3">Fa parte di</dt><dd class="col-sm-9"><a href="${DESK}/pratiche/${root}">pratica ${root}</a></dd>`
  }</dl>`

/** In the office's words; what has no name has no meaning for a reader. */
const kinds: Readonly<Record<string, string>> = {
  USER_TASK: 'compito di una persona',
  SERVICE_TASK: 'lavoro automatico',
  SEND_TASK: 'invio',
  RECEIVE_TASK: 'attesa di un messaggio',
  SCRIPT_TASK: 'calcolo',
  BUSINESS_RULE_TASK: 'decisione da tabella',
  MANUAL_TASK: 'lavoro fuori dal sistema',
  TASK: 'passo',
  CALL_ACTIVITY: 'procedura richiamata',
  SUB_PROCESS: 'fase',
  EVENT_SUB_PROCESS: 'fase avviata da un evento',
  START_EVENT: 'inizio',
  END_EVENT: 'fine',
  BOUNDARY_EVENT: 'evento',
  INTERMEDIATE_CATCH_EVENT: 'attesa',
  INTERMEDIATE_THROW_EVENT: 'evento',
  EVENT_BASED_GATEWAY: 'attesa di un evento',
  EXCLUSIVE_GATEWAY: 'scelta',
  INCLUSIVE_GATEWAY: 'scelta',
  PARALLEL_GATEWAY: 'passi in parallelo',
}

/** A gateway that only joins paths has no name, so it says nothing to a reader. */
const isNamed = (row: Row): boolean =>
  !/GATEWAY$/.test(textIn(row, 'type')) || stepName(row) !== textIn(row, 'elementId')

const stepName = (row: Row): string => {
  const name = textIn(row, 'elementName')
  return name === '' ? textIn(row, 'elementId') : name
}

function renderSteps(desk: Desk, { steps }: Story): Html {
  const rows = steps
    .filter((step) => step.type !== 'PROCESS' && isNamed(step))
    .map((step) => {
      const state = states[textIn(step, 'state')]
      const trouble = step.hasIncident === true && ' (con un problema da risolvere)'
      return html`<tr><th scope="row">${stepName(step)}</th><td>${kinds[textIn(step, 'type')] ?? textIn(step, 'type')}</td><td>${state && desk.icon(state.icon)} ${stateWord(step)}${trouble}</td><td>${time(step, 'startDate')}</td><td>${time(step, 'endDate')}</td></tr>`
    })
  return html`<h2 class="h4">Passi</h2><div class="table-responsive"><table class="table"><caption>Passi della pratica in ordine di tempo</caption><thead><tr><th scope="col">Passo</th><th scope="col">Che cos'è</th><th scope="col">Stato</th><th scope="col">Inizio</th><th scope="col">Fine</th></tr></thead><tbody>${rows}</tbody></table></div>`
}

function renderIncidents({ incidents, steps }: Story): Part {
  const open = incidents.filter((incident) => incident.state === 'ACTIVE')
  if (open.length === 0) return null
  const names = new Map(steps.map((step) => [textIn(step, 'elementId'), stepName(step)]))
  const rows = open.map((incident) => {
    const element = textIn(incident, 'elementId')
    return html`<li><strong>${names.get(element) ?? element}</strong>, dal ${time(incident, 'creationTime')}: ${textIn(incident, 'errorMessage')} <span class="text-muted">(${textIn(incident, 'errorType')})</span></li>`
  })
  return html`<div class="alert alert-danger"><h2 class="h5">Problemi da risolvere</h2><ul>${rows}</ul></div>`
}

const messageStates: Readonly<Record<string, string>> = {
  CREATED: 'in attesa',
  CORRELATED: 'ricevuto',
  DELETED: 'non più atteso',
}

function renderMessages({ messages }: Story): Part {
  if (messages.length === 0) return null
  const items = messages.map((row) => {
    const state = textIn(row, 'messageSubscriptionState')
    return html`<li>${textIn(row, 'messageName')}: ${messageStates[state] ?? state}, ${time(row, 'lastUpdatedDate')}</li>`
  })
  return html`<h2 class="h4">Messaggi</h2><ul>${items}</ul>`
}

function renderCalled({ called }: Story): Part {
  if (called.length === 0) return null
  const items = called.map(
    (row) =>
      html`<li><a href="${DESK}/pratiche/${textIn(row, 'processInstanceKey')}">${textIn(row, 'processDefinitionName') || textIn(row, 'processDefinitionId')}</a>: ${stateWord(row)}</li>`,
  )
  return html`<h2 class="h4">Procedure richiamate</h2><ul>${items}</ul>`
}

/** Hidden until the script has drawn it: without script the steps below say the same. */
function renderDiagram({ xml, steps }: Story): Part {
  if (xml === null) return null
  const withState = (state: string) => [
    ...new Set(steps.filter((step) => step.state === state).map((step) => textIn(step, 'elementId'))),
  ]
  const data = {
    xml,
    active: withState('ACTIVE'),
    completed: withState('COMPLETED'),
    terminated: withState('TERMINATED'),
    incidents: [...new Set(steps.filter((step) => step.hasIncident === true).map((step) => textIn(step, 'elementId')))],
  }
  // In a script element only "<" could end or open anything: as an escape it is the same JSON.
  const text = new Html(JSON.stringify(data).replaceAll('<', '\\u003c'))
  return html`<section id="diagramma" hidden aria-label="Diagramma della pratica"><h2 class="h4">Diagramma</h2><p class="small">I passi in corso sono evidenziati; lo stesso è scritto nella tabella dei passi.</p><div id="diagramma-tela" class="border mb-4" tabindex="0" role="group" aria-label="Tela del diagramma"></div></section><script type="application/json" id="diagramma-dati">${text}</script>`
}
