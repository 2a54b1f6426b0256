/** The steps of an instance as a table: what the diagram shows, in words. */
import type { Row } from '../../../engine/protocol/query.ts'
import type { Say } from '../catalogue.ts'
import { shown } from '../form/display.ts'
import { type Html, html, type Part } from '../html.ts'
import type { PersonVisit, TownHall } from '../page.ts'
import type { InstanceStory } from './instance-story.ts'
import { textIn } from './practice-of.ts'

interface State {
  readonly icon: string
  readonly word: string
}

/** Of an instance or of a step; of one that nobody has named here, in the engine's word. */
export function stateOf(row: Row, say: Say): State {
  const states: Readonly<Record<string, State>> = {
    ACTIVE: { icon: 'it-clock', word: say('stateActive') },
    SUSPENDED: { icon: 'it-locked', word: say('stateSuspended') },
    COMPLETED: { icon: 'it-check-circle', word: say('stateCompleted') },
    TERMINATED: { icon: 'it-close-circle', word: say('stateTerminated') },
  }
  const state = textIn(row, 'state')
  return states[state] ?? { icon: 'it-help-circle', word: state }
}

export const timeOf = (row: Row, field: string): Part => {
  const instant = textIn(row, field)
  return instant === '' ? '—' : html`<time datetime="${instant}">${shown(instant)}</time>`
}

/** In the office's words; what has no name has no meaning for a reader. */
const kindsIn = (say: Say): Readonly<Record<string, string>> => ({
  USER_TASK: say('kindUserTask'),
  SERVICE_TASK: say('kindServiceTask'),
  SEND_TASK: say('kindSend'),
  RECEIVE_TASK: say('kindMessage'),
  SCRIPT_TASK: say('kindCalculation'),
  BUSINESS_RULE_TASK: say('kindDecision'),
  MANUAL_TASK: say('kindManual'),
  TASK: say('kindTask'),
  CALL_ACTIVITY: say('kindCall'),
  SUB_PROCESS: say('kindPhase'),
  EVENT_SUB_PROCESS: say('kindEventPhase'),
  START_EVENT: say('kindStart'),
  END_EVENT: say('kindEnd'),
  BOUNDARY_EVENT: say('kindEvent'),
  INTERMEDIATE_CATCH_EVENT: say('kindWait'),
  INTERMEDIATE_THROW_EVENT: say('kindEvent'),
  EVENT_BASED_GATEWAY: say('kindWait'),
  EXCLUSIVE_GATEWAY: say('kindChoice'),
  INCLUSIVE_GATEWAY: say('kindChoice'),
  PARALLEL_GATEWAY: say('kindParallel'),
})

export const stepName = (row: Row): string => textIn(row, 'elementName') || textIn(row, 'elementId')

/** The process itself is none; a gateway that only joins paths has no name, so it says nothing to a reader. */
export const isStep = (row: Row): boolean =>
  row.type !== 'PROCESS' && (!/GATEWAY$/.test(textIn(row, 'type')) || stepName(row) !== textIn(row, 'elementId'))

export function renderSteps({ icon }: TownHall, { say }: PersonVisit, { steps }: InstanceStory): Html {
  const kinds = kindsIn(say)
  const head = (text: string): Html => html`<th scope="col" role="columnheader">${text}</th>`
  const rows = steps.filter(isStep).map((step) => {
    const type = textIn(step, 'type')
    const state = stateOf(step, say)
    const cell = (label: string, inner: Part): Html => html`<td role="cell" data-label="${label}">${inner}</td>`
    return html`<tr role="row"><th scope="row" role="rowheader">${stepName(step)}</th>${cell(say('stepKind'), kinds[type] ?? type)}${cell(
      say('state'),
      html`${icon(state.icon)} ${state.word}${step.hasIncident === true && ` (${say('hasTrouble')})`}`,
    )}${cell(say('begun'), timeOf(step, 'startDate'))}${cell(say('ended'), timeOf(step, 'endDate'))}</tr>`
  })
  return html`<h2 class="h4">${say('steps')}</h2><table class="table iter-stack" role="table"><caption class="visually-hidden">${say('stepsCaption')}</caption><thead role="rowgroup"><tr role="row">${head(say('step'))}${head(say('stepKind'))}${head(say('state'))}${head(say('begun'))}${head(say('ended'))}</tr></thead><tbody role="rowgroup">${rows}</tbody></table>`
}
