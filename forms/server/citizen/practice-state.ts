/** A practice in a citizen's words: its state, what has happened and what comes next, with dates. */
import { type MessageKey, outcomeText, type Say } from '../catalogue.ts'
import { valueAt } from '../form/paths.ts'
import {
  dueDayOf,
  isEnded,
  isWithdrawn,
  noticeOf,
  protocolOf,
  requestOf,
  type Story,
  textAt,
} from './practice-story.ts'

export interface State {
  readonly icon: string
  readonly word: string
  readonly look: 'success' | 'warning' | 'primary' | 'secondary'
}

export function stateOf(story: Story, say: Say): State {
  const outcome = textAt(story, 'esito')
  if (outcome !== '') return { icon: 'it-check-circle', word: outcomeText(say, outcome), look: 'success' }
  if (isEnded(story)) return { icon: 'it-check-circle', word: say('stateEnded'), look: 'success' }
  if (isWithdrawn(story)) return { icon: 'it-clock', word: say('stateWithdrawing'), look: 'secondary' }
  if (isRequested(story)) return { icon: 'it-warning-circle', word: say('stateRequested'), look: 'warning' }
  if (isNoticed(story)) return { icon: 'it-warning-circle', word: say('stateNoticed'), look: 'warning' }
  return protocolOf(story) === ''
    ? { icon: 'it-upload', word: say('stateSent'), look: 'secondary' }
    : { icon: 'it-clock', word: say('stateUnderWay'), look: 'primary' }
}

const isOpen = (story: Story): boolean => !isEnded(story) && textAt(story, 'esito') === '' && !isWithdrawn(story)

/** The office waits for documents. */
function isRequested(story: Story): boolean {
  const request = requestOf(story)
  return isOpen(story) && request !== null && request.answeredAt === '' && !request.isExpired
}

/** The office waits for observations, until it decides. */
const isNoticed = (story: Story): boolean =>
  isOpen(story) && noticeOf(story)?.answeredAt === '' && textAt(story, 'preavviso.decisione') === ''

/** `at`: an ISO day or instant, empty when it is not known. */
export interface Step {
  readonly name: string
  readonly at: string
  readonly isDone: boolean
}

/** In the order in which they happen; a practice that has ended has none to come. */
export function stepsOf(story: Story, say: Say): readonly Step[] {
  const done = doneSteps(story, say).toSorted(byInstant)
  const outcome = textAt(story, 'esito')
  if (outcome !== '' || isEnded(story)) {
    const name = outcome === '' ? say('stateEnded') : say('stepOutcome', { outcome: outcomeText(say, outcome) })
    const at = story.instance?.endDate
    return [...done, { name, at: typeof at === 'string' ? at : '', isDone: true }]
  }
  return isWithdrawn(story) ? done : [...done, ...plannedSteps(story, say)]
}

/** Those without a date stay where they are told. */
const byInstant = (one: Step, other: Step): number =>
  one.at === '' || other.at === '' ? 0 : Date.parse(one.at) - Date.parse(other.at)

function doneSteps(story: Story, say: Say): Step[] {
  const { practice, variables } = story
  const [notice, request] = [noticeOf(story), requestOf(story)]
  const steps: Step[] = []
  const done = (key: StepKey, at: string): void => void steps.push({ name: say(key), at, isDone: true })
  done('stepSent', practice.filedAt.toISOString())
  if (protocolOf(story) !== '') done('stepProtocol', textAt(story, 'pratica.protocollo.data'))
  if (variables.has('anpr')) done('stepRegistered', textAt(story, 'anpr.data'))
  if (request !== null) done('stepRequested', request.sentAt)
  if (request !== null && request.answeredAt !== '') done('stepAnswered', request.answeredAt)
  if (valueAt(variables, 'accertamento.esito') !== undefined) done('stepCheck', textAt(story, 'accertamento.data'))
  if (notice !== null) done('stepNoticed', notice.sentAt)
  if (notice !== null && notice.answeredAt !== '') done('stepObserved', notice.answeredAt)
  if (isWithdrawn(story)) done('stepWithdrawn', textAt(story, 'rinuncia.ricevutaIl'))
  return steps
}

/** Of the law and of what the office has asked, the nearest first, and the end of all last. */
function plannedSteps(story: Story, say: Say): readonly Step[] {
  const due = dueDayOf(story)
  const planned = (key: StepKey, at: string): Step => ({ name: say(key), at, isDone: false })
  const steps: Step[] = []
  if (due !== '' && !story.variables.has('anpr'))
    steps.push(planned('stepRegistered', textAt(story, 'scadenze.registrazione.giorno')))
  for (const { name, day } of awaitedOf(story)) steps.push(planned(name, day))
  const sorted = steps.toSorted(byInstant)
  return due === '' ? sorted : [...sorted, planned('stepEnd', due)]
}

/** What the citizen is asked to do, with the last day for it. */
export function awaitedOf(
  story: Story,
): readonly { readonly name: 'stepAnswer' | 'stepObserve'; readonly day: string }[] {
  const [notice, request] = [noticeOf(story), requestOf(story)]
  return [
    ...(request !== null && isRequested(story) ? [{ name: 'stepAnswer' as const, day: request.dueDay }] : []),
    ...(notice !== null && isNoticed(story) ? [{ name: 'stepObserve' as const, day: notice.dueDay }] : []),
  ]
}

type StepKey = Extract<
  MessageKey,
  | 'stepSent'
  | 'stepProtocol'
  | 'stepRegistered'
  | 'stepRequested'
  | 'stepAnswered'
  | 'stepAnswer'
  | 'stepCheck'
  | 'stepNoticed'
  | 'stepObserved'
  | 'stepObserve'
  | 'stepWithdrawn'
  | 'stepEnd'
>
