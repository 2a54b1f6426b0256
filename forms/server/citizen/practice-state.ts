/** A practice in a citizen's words: its state, what has happened and what comes next, with dates. */
import type { Milestone } from '../../../processes/service-sheets.ts'
import type { MessageKey } from '../catalogue.ts'
import { valueAt } from '../form/paths.ts'
import type { CitizenVisit } from '../page.ts'
import { type OpenNotice, openNoticeIn } from '../payment.ts'
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
  const outcome = outcomeOf(story, speech)
  if (outcome !== '') return { icon: 'it-check-circle', word: outcome, look: 'success' }
  if (isEnded(story)) return { icon: 'it-check-circle', word: say('stateEnded'), look: 'success' }
  if (isWithdrawn(story)) return { icon: 'it-clock', word: say('stateWithdrawing'), look: 'secondary' }
  if (isRequested(story)) return { icon: 'it-warning-circle', word: say('stateRequested'), look: 'warning' }
  if (isNoticed(story)) return { icon: 'it-warning-circle', word: say('stateNoticed'), look: 'warning' }
  if (noticeToPay(story) !== null) return { icon: 'it-warning-circle', word: say('stateToPay'), look: 'warning' }
  return protocolOf(story) === ''
    ? { icon: 'it-upload', word: say('stateSent'), look: 'secondary' }
    : { icon: 'it-clock', word: say('stateUnderWay'), look: 'primary' }
}

const isOpen = (story: Story): boolean => !isEnded(story) && textAt(story, 'esito') === '' && !isWithdrawn(story)

/** What has to be paid now; null when nothing has. */
export const noticeToPay = (story: Story): OpenNotice | null => (isOpen(story) ? openNoticeIn(story.variables) : null)

/** The office waits for documents. */
function isRequested(story: Story): boolean {
  const request = requestOf(story)
  return isOpen(story) && request !== null && request.answeredAt === '' && !request.isExpired
}

/** The office waits for observations, until it decides. */
const isNoticed = (story: Story): boolean => isNoticeOpen(story) && noticeOf(story)?.dueDay !== ''

/** On its way, by PEC or messenger: the days to answer run from its delivery. */
const isNoticeOpen = (story: Story): boolean =>
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
    return [...done, { name, at: outcomeAt(story), isDone: true }]
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

function doneSteps(story: Story, { say, language }: Speech): Step[] {
  const { practice, sheet } = story
  const [notice, request] = [noticeOf(story), requestOf(story)]
  const steps: Step[] = []
  const done = (key: StepKey, at: string): void => void steps.push({ name: say(key), at, isDone: true })
  done('stepSent', practice.filedAt.toISOString())
  if (protocolOf(story) !== '') done('stepProtocol', textAt(story, 'pratica.protocollo.data'))
  for (const milestone of sheet?.tappe ?? [])
    if (isReached(story, milestone))
      steps.push({ name: milestone.nome[language], at: textAt(story, milestone.quando), isDone: true })
  if (request !== null) done('stepRequested', request.sentAt)
  if (request !== null && request.answeredAt !== '') done('stepAnswered', request.answeredAt)
  if (notice !== null) done('stepNoticed', notice.sentAt)
  if (notice !== null && notice.answeredAt !== '') done('stepObserved', notice.answeredAt)
  const paidAt = textAt(story, 'pagamento.pagatoIl')
  if (paidAt !== '') done('stepPaid', paidAt)
  if (isWithdrawn(story)) done('stepWithdrawn', textAt(story, 'rinuncia.ricevutaIl'))
  return steps
}

const isReached = ({ variables }: Story, { fatta }: Pick<Milestone, 'fatta'>): boolean =>
  (valueAt(variables, fatta) ?? null) !== null

/** Of the law and of what the office has asked, the nearest first, and the end of all last. */
function plannedSteps(story: Story, { say, language }: Speech): readonly Step[] {
  const due = dueDayOf(story)
  const planned = (key: StepKey, at: string): Step => ({ name: say(key), at, isDone: false })
  const steps: Step[] = []
  for (const { nome, prevista, ...milestone } of story.sheet?.tappe ?? [])
    if (due !== '' && prevista !== undefined && !isReached(story, milestone))
      steps.push({ name: nome[language], at: textAt(story, prevista), isDone: false })
  for (const { name, day } of awaitedOf(story)) steps.push(planned(name, day))
  if (isNoticeOpen(story) && !isNoticed(story)) steps.push(planned('stepObserveLater', ''))
  const sorted = steps.toSorted(byInstant)
  return due === '' ? sorted : [...sorted, planned('stepEnd', due)]
}

/** What the citizen is asked to do, with the last day for it. */
export function awaitedOf(
  story: Story,
): readonly { readonly name: 'stepAnswer' | 'stepObserve' | 'stepPay'; readonly day: string }[] {
  const [notice, request, payment] = [noticeOf(story), requestOf(story), noticeToPay(story)]
  return [
    ...(request !== null && isRequested(story) ? [{ name: 'stepAnswer' as const, day: request.dueDay }] : []),
    ...(notice !== null && isNoticed(story) ? [{ name: 'stepObserve' as const, day: notice.dueDay }] : []),
    ...(payment !== null ? [{ name: 'stepPay' as const, day: payment.scadenza }] : []),
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
