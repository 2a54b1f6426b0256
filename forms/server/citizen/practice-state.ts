/** A practice in a citizen's words: its state, what has happened and what comes next, with dates. */
import type { Milestone } from '../../../processes/service-sheets.ts'
import type { MessageKey } from '../catalogue.ts'
import { valueAt } from '../form/paths.ts'
import type { CitizenVisit } from '../page.ts'
import type { OpenNotice } from '../payment.ts'
import {
  dueDayOf,
  isEnded,
  isWithdrawn,
  noticeOf,
  protocolOf,
  requestOf,
  type Story,
  type Told,
  textAt,
  wholeOf,
} from './practice-story.ts'

export interface State {
  readonly icon: string
  readonly word: string
  readonly look: 'success' | 'warning' | 'primary' | 'secondary'
}

/** What a state is told in. */
type Speech = Pick<CitizenVisit, 'say' | 'language'>

/** The words for the outcome; one that the sheet does not name is shown as it is, and none is ''. */
export function outcomeOf(story: Story, { language }: Pick<Speech, 'language'>): string {
  const outcome = textAt(story, 'esito')
  const words = story.sheet?.[language].esiti ?? {}
  return Object.hasOwn(words, outcome) ? words[outcome]! : outcome
}

export function stateOf(story: Story, speech: Speech): State {
  const { say } = speech
  const asked = stateAsked(story, speech)
  if (asked !== null) return asked
  const after = sequelState(story, speech)
  if (after !== null) return after
  const outcome = outcomeOf(story, speech)
  if (outcome !== '') return { icon: 'it-check-circle', word: outcome, look: 'success' }
  if (isEnded(story)) return { icon: 'it-check-circle', word: say('stateEnded'), look: 'success' }
  if (isWithdrawn(story)) return { icon: 'it-clock', word: say('stateWithdrawing'), look: 'secondary' }
  return protocolOf(story) === ''
    ? { icon: 'it-upload', word: say('stateSent'), look: 'secondary' }
    : { icon: 'it-clock', word: say('stateUnderWay'), look: 'primary' }
}

/** What waits for the citizen comes before all else. */
function stateAsked(story: Story, { say }: Speech): State | null {
  const warning = (word: string): State => ({ icon: 'it-warning-circle', word, look: 'warning' })
  if (isRequested(story)) return warning(say('stateRequested'))
  if (wholeOf(story).some(isNoticed)) return warning(say('stateNoticed'))
  return noticesToPay(story).length > 0 ? warning(say('stateToPay')) : null
}

/** Of what goes on after the practice, in the words of its sheet. */
function sequelState({ sequel }: Story, { language }: Pick<Speech, 'language'>): State | null {
  if (sequel === null) return null
  const { inCorso, stati } = sequel.sheet[language]
  const state = sequel.sheet.stato.map((path) => textAt(sequel, path)).find((text) => text !== '')
  if (state === undefined && !isEnded(sequel)) return { icon: 'it-clock', word: inCorso, look: 'primary' }
  if (state === undefined) return null
  const word = Object.hasOwn(stati, state) ? stati[state]! : state
  return isEnded(sequel)
    ? { icon: 'it-check-circle', word, look: 'success' }
    : { icon: 'it-clock', word, look: 'secondary' }
}

const isOpen = (story: Told): boolean => !isEnded(story) && textAt(story, 'esito') === '' && !isWithdrawn(story)

/** What has to be paid now. What was asked for after the end of what was granted stays to be paid. */
export const noticesToPay = (story: Story): readonly OpenNotice[] => [
  ...(isOpen(story) ? story.notices : []),
  ...(story.sequel?.notices ?? []),
]

/** The office waits for documents. */
function isRequested(story: Story): boolean {
  const request = requestOf(story)
  return isOpen(story) && request !== null && request.answeredAt === '' && !request.isExpired
}

/** The office waits for observations, until it decides. */
const isNoticed = (story: Told): boolean => isNoticeOpen(story) && noticeOf(story)?.dueDay !== ''

/** On its way, by PEC or messenger: the days to answer run from its delivery. */
const isNoticeOpen = (story: Told): boolean =>
  isOpen(story) && noticeOf(story)?.answeredAt === '' && textAt(story, 'preavviso.decisione') === ''

/** `at`: an ISO day or instant, empty when it is not known. */
export interface Step {
  readonly name: string
  readonly at: string
  readonly isDone: boolean
}

/** In the order in which they happen; a practice that has ended has none to come. */
export function stepsOf(story: Story, speech: Speech): readonly Step[] {
  const { say } = speech
  const done = doneSteps(story, speech).toSorted(byInstant)
  const outcome = outcomeOf(story, speech)
  if (outcome !== '' || isEnded(story)) {
    const name = outcome === '' ? say('stateEnded') : say('stepOutcome', { outcome })
    return [...done, { name, at: outcomeAt(story), isDone: true }, ...sequelSteps(story, speech)]
  }
  return isWithdrawn(story) ? done : [...done, ...plannedSteps(story, speech)]
}

/** ISO instant; empty until the outcome is registered. What is left to do after it, apart, keeps nobody waiting for its date. */
export function outcomeAt(story: Story): string {
  const end = story.instance?.endDate
  return textAt(story, 'protocolloEsito.data') || (isEnded(story) && typeof end === 'string' ? end : '')
}

/** Those without a date stay where they are told. */
const byInstant = (one: Step, other: Step): number =>
  one.at === '' || other.at === '' ? 0 : Date.parse(one.at) - Date.parse(other.at)

function doneSteps(story: Story, speech: Speech): Step[] {
  const { say } = speech
  const { practice, sheet } = story
  const request = requestOf(story)
  const steps: Step[] = []
  const done = (key: StepKey, at: string): void => void steps.push({ name: say(key), at, isDone: true })
  done('stepSent', practice.filedAt.toISOString())
  if (protocolOf(story) !== '') done('stepProtocol', textAt(story, 'pratica.protocollo.data'))
  steps.push(...milestonesDone(story, sheet?.tappe ?? [], speech))
  if (request !== null) done('stepRequested', request.sentAt)
  if (request !== null && request.answeredAt !== '') done('stepAnswered', request.answeredAt)
  steps.push(...noticeSteps(story, speech))
  const paidAt = textAt(story, 'pagamento.pagatoIl')
  if (paidAt !== '') done('stepPaid', paidAt)
  if (isWithdrawn(story)) done('stepWithdrawn', textAt(story, 'rinuncia.ricevutaIl'))
  return steps
}

/** What goes on after it: what was done, then what is to come. */
function sequelSteps(story: Story, speech: Speech): readonly Step[] {
  const { sequel } = story
  if (sequel === null) return []
  const { tappe } = sequel.sheet
  const done = [...milestonesDone(sequel, tappe, speech), ...noticeSteps(sequel, speech)]
  const dated = milestonesAhead(sequel, tappe, speech).filter(({ at }) => at !== '')
  const asked = awaitedOf(story).map(({ name, day }) => ({ name: speech.say(name), at: day, isDone: false }))
  return [...done.toSorted(byInstant), ...[...(isEnded(sequel) ? [] : dated), ...asked].toSorted(byInstant)]
}

const milestonesDone = (told: Told, tappe: readonly Milestone[], { language }: Speech): readonly Step[] =>
  tappe
    .filter((milestone) => isReached(told, milestone))
    .map(({ nome, quando }) => ({ name: nome[language], at: textAt(told, quando), isDone: true }))

/** Those of which it is told when they are to come; the day is empty until it is known. */
const milestonesAhead = (told: Told, tappe: readonly Milestone[], { language }: Speech): readonly Step[] =>
  tappe.flatMap(({ nome, prevista, ...milestone }) =>
    prevista === undefined || isReached(told, milestone)
      ? []
      : [{ name: nome[language], at: textAt(told, prevista), isDone: false }],
  )

/** The notice of refusal, and the answer to it. */
function noticeSteps(told: Told, { say }: Speech): readonly Step[] {
  const notice = noticeOf(told)
  if (notice === null) return []
  const { sentAt, answeredAt } = notice
  return [
    { name: say('stepNoticed'), at: sentAt, isDone: true },
    ...(answeredAt === '' ? [] : [{ name: say('stepObserved'), at: answeredAt, isDone: true }]),
  ]
}

const isReached = ({ variables }: Told, { fatta }: Pick<Milestone, 'fatta'>): boolean =>
  (valueAt(variables, fatta) ?? null) !== null

/** Of the law and of what the office has asked, the nearest first, and the end of all last. */
function plannedSteps(story: Story, speech: Speech): readonly Step[] {
  const { say } = speech
  const due = dueDayOf(story)
  const planned = (key: StepKey, at: string): Step => ({ name: say(key), at, isDone: false })
  const steps = due === '' ? [] : [...milestonesAhead(story, story.sheet?.tappe ?? [], speech)]
  for (const { name, day } of awaitedOf(story)) steps.push(planned(name, day))
  if (isNoticeOpen(story) && !isNoticed(story)) steps.push(planned('stepObserveLater', ''))
  const sorted = steps.toSorted(byInstant)
  return due === '' ? sorted : [...sorted, planned('stepEnd', due)]
}

export interface Awaited {
  readonly name: 'stepAnswer' | 'stepObserve' | 'stepPay'
  /** ISO, the last. */
  readonly day: string
  /** What is to be paid; null for the rest. */
  readonly notice: OpenNotice | null
}

/** What the citizen is asked to do, with the last day for it. */
export function awaitedOf(story: Story): readonly Awaited[] {
  const request = requestOf(story)
  const noticed = wholeOf(story).filter(isNoticed)
  return [
    ...(request !== null && isRequested(story)
      ? [{ name: 'stepAnswer' as const, day: request.dueDay, notice: null }]
      : []),
    ...noticed.map((told) => ({ name: 'stepObserve' as const, day: noticeOf(told)?.dueDay ?? '', notice: null })),
    ...noticesToPay(story).map((notice) => ({ name: 'stepPay' as const, day: notice.scadenza, notice })),
  ]
}

type StepKey = Extract<
  MessageKey,
  | 'stepSent'
  | 'stepProtocol'
  | 'stepRequested'
  | 'stepAnswered'
  | 'stepAnswer'
  | 'stepNoticed'
  | 'stepObserved'
  | 'stepObserve'
  | 'stepObserveLater'
  | 'stepPay'
  | 'stepPaid'
  | 'stepWithdrawn'
  | 'stepEnd'
>
