/**
 * What happened to a practice, newest first: steps and incidents as the engine knows them, what people did as the pages recorded it.
 * Who only read it is for those who answer for it and for administrators to see.
 */
import type { Row } from '../../../engine/protocol/query.ts'
import type { Say } from '../catalogue.ts'
import { shown } from '../form/display.ts'
import { type Html, html, type Part } from '../html.ts'
import type { PersonVisit, TownHall } from '../page.ts'
import type { Access, AccessAction } from '../store/practices.ts'
import type { InstanceStory } from './instance-story.ts'
import { mayRepair } from './may.ts'
import { personName, taskName } from './names.ts'
import { textIn } from './practice-of.ts'
import { isStep, stepName } from './steps.ts'

interface Event {
  /** ISO instant. */
  readonly at: string
  /** Only looked at, by whoever it was. */
  readonly isRead?: boolean
  /** By the person who reads the page: no news to them. */
  readonly isOwn?: boolean
  readonly who: string
  readonly what: string
}

const EVENTS_MAX = 300
/** Before the rest, which is opened. */
const EVENTS_FIRST = 8

export function renderTimeline(hall: TownHall, visit: PersonVisit, story: InstanceStory): Html {
  const { say, person } = visit
  const seesReads = mayRepair(hall, person, story.readable)
  const events = [
    ...story.steps.filter(isStep).flatMap((step) => eventsOfStep(hall, say, story, step)),
    ...story.incidents.flatMap((incident) => eventsOfIncident(say, story, incident)),
    ...story.accesses
      .filter((access) => isTold(access, story, seesReads))
      .map((access) => eventOfAccess(hall, visit, access)),
  ]
    .sort((one, other) => Date.parse(one.at) - Date.parse(other.at))
    .reverse()
  const before = story.before?.getTime() ?? Number.POSITIVE_INFINITY
  const list = (some: readonly Event[]): Html =>
    html`<ol class="list-unstyled iter-timeline">${runsOf(some).map(
      ({ at, who, what, times, isRead, isOwn }) =>
        html`<li><span class="small"><time datetime="${at}">${shown(at)}</time> · ${who}</span><br>${what}${
          times > 1 && ` ${say('eventTimes', { times: String(times) })}`
        }${!isRead && !isOwn && Date.parse(at) > before && html` <span class="badge bg-primary">${say('isNew')}</span>`}</li>`,
    )}</ol>`
  const folded = (title: string, some: readonly Event[]): Part =>
    some.length > 0 && html`<details class="iter-more"><summary>${title}</summary>${list(some)}</details>`
  const done = events.filter(({ isRead }) => !isRead).slice(0, EVENTS_MAX)
  const read = events.filter(({ isRead }) => isRead).slice(0, EVENTS_MAX)
  const earlier = done.slice(EVENTS_FIRST)
  return html`<section class="mb-5" aria-labelledby="storia"><h2 class="h4" id="storia">${say('timeline')}</h2><p class="small">${say(seesReads ? 'timelineWithReads' : 'timelineHelp')}</p>${list(
    done.slice(0, EVENTS_FIRST),
  )}${folded(say('timelineEarlier', { count: String(earlier.length) }), earlier)}${folded(say('timelineReads', { count: String(read.length) }), read)}</section>`
}

/** The same by the same person several times in a row is one line, as of the last time. */
function runsOf(events: readonly Event[]): readonly (Event & { readonly times: number })[] {
  const runs: (Event & { readonly times: number })[] = []
  for (const event of events) {
    const last = runs.at(-1)
    if (last !== undefined && last.who === event.who && last.what === event.what)
      runs[runs.length - 1] = { ...last, times: last.times + 1 }
    else runs.push({ ...event, times: 1 })
  }
  return runs
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
/** A task of the instance itself is told by the step that it ended; one of a procedure that it called is not among its steps. */
function isTold({ action, detail }: Access, { tasks }: InstanceStory, seesReads: boolean): boolean {
  if (action === 'complete') return Boolean(detail) && !tasks.some((task) => taskName(task) === detail)
  return seesReads || !READS.has(action)
}

function eventOfAccess(hall: TownHall, visit: PersonVisit, { at, person, action, detail }: Access): Event {
  const { say } = visit
  const known = personName(hall, person)
  const owner = known === person ? say('byApplicant') : known
  return {
    ...{ at: at.toISOString(), who: owner, what: textOf(hall, say, action, detail ?? '') },
    ...{ isRead: READS.has(action), isOwn: person === visit.person.id },
  }
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
    case 'extend':
      return say('didExtend')
    case 'file':
      return say('didFile')
    case 'claim':
      return detail === '' ? say('didClaim') : say('didClaimTask', { task: detail })
    case 'unclaim':
      return detail === '' ? say('didRelease') : say('didReleaseTask', { task: detail })
    case 'assign':
      return say('didAssign', { colleague: personName(hall, detail) })
    case 'complete':
      return detail === '' ? say('didComplete') : say('eventDone', { name: detail })
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
