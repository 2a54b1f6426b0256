/**
 * What happened to a practice, newest first: steps and incidents as the engine knows them, what people did as the pages recorded it.
 * Who only read it is for those who answer for it and for administrators to see.
 */
import type { Row } from '../../../engine/protocol/query.ts'
import type { Say } from '../catalogue.ts'
import { shown } from '../form/display.ts'
import { type Html, html } from '../html.ts'
import type { PersonVisit, TownHall } from '../page.ts'
import type { Access, AccessAction } from '../store/practices.ts'
import type { InstanceStory } from './instance-story.ts'
import { mayRepair } from './may.ts'
import { personName } from './names.ts'
import { textIn } from './practice-of.ts'
import { isStep, stepName } from './steps.ts'

interface Event {
  /** ISO instant. */
  readonly at: string
  readonly who: string
  readonly what: string
}

const EVENTS_MAX = 300

export function renderTimeline(hall: TownHall, visit: PersonVisit, story: InstanceStory): Html {
  const { say, person } = visit
  const seesReads = mayRepair(hall.town, person, story.readable)
  const events = [
    ...story.steps.filter(isStep).flatMap((step) => eventsOfStep(hall, say, story, step)),
    ...story.incidents.flatMap((incident) => eventsOfIncident(say, story, incident)),
    ...story.accesses.filter((access) => isTold(access, seesReads)).map((access) => eventOfAccess(hall, say, access)),
  ].sort((one, other) => Date.parse(other.at) - Date.parse(one.at))
  const before = story.before?.getTime() ?? Number.POSITIVE_INFINITY
  const items = events
    .slice(0, EVENTS_MAX)
    .map(
      ({ at, who, what }) =>
        html`<li><span class="small"><time datetime="${at}">${shown(at)}</time> · ${who}</span><br>${what}${
          Date.parse(at) > before && html` <span class="badge bg-primary">${say('isNew')}</span>`
        }</li>`,
    )
  return html`<section aria-labelledby="storia"><h2 class="h4" id="storia">${say('timeline')}</h2><p class="small">${say(seesReads ? 'timelineWithReads' : 'timelineHelp')}</p><ol class="list-unstyled iter-timeline">${items}</ol></section>`
}

/** An automatic step is done when it ends; a person's when it comes to them, its end is what they did. */
function eventsOfStep(hall: TownHall, say: Say, { tasks }: InstanceStory, step: Row): readonly Event[] {
  const name = stepName(step)
  const system = say('bySystem')
  const event = (field: string, who: string, what: string): readonly Event[] =>
    textIn(step, field) === '' ? [] : [{ at: textIn(step, field), who, what }]
  const isOver = textIn(step, 'state') === 'TERMINATED'
  if (textIn(step, 'type') !== 'USER_TASK')
    return event('endDate', system, isOver ? say('eventTerminated', { name }) : say('eventDone', { name }))
  const key = textIn(step, 'elementInstanceKey')
  const holder = textIn(tasks.find((task) => task.elementInstanceKey === key) ?? {}, 'assignee')
  const who = holder === '' || isOver ? system : personName(hall, holder)
  return [
    ...event('startDate', system, say('eventAssigned', { name })),
    ...event('endDate', who, isOver ? say('eventTerminated', { name }) : say('eventDone', { name })),
  ]
}

function eventsOfIncident(say: Say, { steps }: InstanceStory, incident: Row): readonly Event[] {
  const element = textIn(incident, 'elementId')
  const step = steps.find((one) => one.elementId === element)
  const name = step === undefined ? element : stepName(step)
  return [{ at: textIn(incident, 'creationTime'), who: say('bySystem'), what: say('eventIncident', { name }) }]
}

const READS: ReadonlySet<AccessAction> = new Set(['read', 'download'])
/** Told by the step that it ended. */
const isTold = ({ action }: Access, seesReads: boolean): boolean =>
  action !== 'complete' && (seesReads || !READS.has(action))

function eventOfAccess(hall: TownHall, say: Say, { at, person, action, detail }: Access): Event {
  const known = personName(hall, person)
  const owner = known === person ? say('byApplicant') : known
  return { at: at.toISOString(), who: owner, what: textOf(hall, say, action, detail ?? '') }
}

function textOf(hall: TownHall, say: Say, action: AccessAction, detail: string): string {
  switch (action) {
    case 'prefill':
      return say('didPrefill')
    case 'answer':
      return say('didAnswer')
    case 'read':
      return say('didRead')
    case 'download':
      return detail === '' ? say('didDownload') : say('didReadDocument', { document: detail })
    case 'withdraw':
      return say('didWithdraw')
    case 'observe':
      return say('didObserve')
    case 'file':
      return say('didFile')
    case 'claim':
      return say('didClaim')
    case 'unclaim':
      return say('didRelease')
    case 'assign':
      return say('didAssign', { colleague: personName(hall, detail) })
    case 'complete':
      return say('didComplete')
    case 'note':
      return say('didNote')
    case 'retry':
      return say('didRetry')
    case 'decide':
      return say('didDecide', { decision: detail })
    case 'suspend':
      return say('didSuspend')
    case 'resume':
      return say('didResume')
  }
}
