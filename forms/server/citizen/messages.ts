/**
 * What the town has written to a citizen about their practices, told from the practices themselves, so that no message can say
 * what is not so. Owns: which messages there are, their words, whether they were read. Does not own: the other channels (mail, App
 * IO, PEC), which the procedure uses.
 */
import { html, type Part } from '../html.ts'
import type { CitizenVisit, TownHall } from '../page.ts'
import { markOf } from '../store/message-marks.ts'
import { PRACTICES, responsibleFor, serviceName, timeTag } from './own-practice.ts'
import { awaitedOf, outcomeAt, outcomeOf } from './practice-state.ts'
import {
  dueDayOf,
  type Notice,
  noticeOf,
  protocolOf,
  reasonsOf,
  requestOf,
  type Story,
  textAt,
} from './practice-story.ts'

export const MESSAGES = '/messaggi'

type MessageId = 'ricevuta' | 'integrazione' | 'preavviso' | 'esito' | 'preavviso-seguito'

export interface Message {
  readonly practice: string
  readonly id: MessageId
  readonly subject: string
  /** ISO instant; empty when it is not known. */
  readonly at: string
  readonly text: readonly Part[]
  /** What the citizen may do now; null when nothing. */
  readonly action: { readonly to: string; readonly name: string } | null
  readonly isRead: boolean
}

type Told = Omit<Message, 'isRead' | 'practice'>

/** Newest first. */
export async function messagesFor(
  hall: TownHall,
  visit: CitizenVisit,
  stories: readonly Story[],
): Promise<readonly Message[]> {
  const read = await hall.marks.readAmong(stories.map(({ practice: { id } }) => id))
  return stories
    .flatMap((story) => {
      const { id: practice } = story.practice
      return toldIn(hall, visit, story).map((told) => ({
        ...told,
        practice,
        isRead: read.has(markOf(practice, told.id)),
      }))
    })
    .toSorted((one, other) => other.at.localeCompare(one.at))
}

export function toldIn(hall: TownHall, visit: CitizenVisit, story: Story): readonly Told[] {
  return [receivedIn, requestedIn, noticedIn, outcomeIn, noticedAfterIn].flatMap(
    (told) => told(hall, visit, story) ?? [],
  )
}

function receivedIn(hall: TownHall, { say, language }: CitizenVisit, story: Story): Told | null {
  const { practice } = story
  const number = protocolOf(story)
  if (number === '') return null
  const due = dueDayOf(story)
  return {
    id: 'ricevuta',
    subject: say('letterReceived', { service: serviceName(hall, practice) }),
    at: textAt(story, 'pratica.protocollo.data') || practice.filedAt.toISOString(),
    text: [
      say('messageReceivedText', { number, person: responsibleFor(hall, practice.processId) }),
      due !== '' && html`${say('dueDate')}: ${timeTag(due)}.`,
      story.sheet?.[language].silenzio,
    ],
    action: { to: `${PRACTICES}/${practice.id}/ricevuta`, name: say('openReceipt') },
  }
}

const actionIn = (story: Story, name: 'stepAnswer' | 'stepObserve', to: string, text: string): Told['action'] =>
  awaitedOf(story).some((awaited) => awaited.name === name) ? { to, name: text } : null

function requestedIn(hall: TownHall, { say }: CitizenVisit, story: Story): Told | null {
  const request = requestOf(story)
  if (request === null) return null
  const { id } = story.practice
  const items = request.wanted.map(
    ({ document, reason }) => html`<li><strong>${document}</strong>${reason !== '' && html`: ${reason}`}</li>`,
  )
  return {
    id: 'integrazione',
    subject: say('messageRequested', { service: serviceName(hall, story.practice) }),
    at: request.sentAt,
    text: [
      say('messageRequestedText'),
      html`<ul>${items}</ul>`,
      request.dueDay !== '' && html`${say('answerLastDay')}: ${timeTag(request.dueDay)}.`,
    ],
    action: actionIn(story, 'stepAnswer', `${PRACTICES}/${id}/integrazione`, say('answerRequest')),
  }
}

const noticedIn = (hall: TownHall, visit: CitizenVisit, story: Story): Told | null =>
  noticeLetter(hall, visit, story, { id: 'preavviso', notice: noticeOf(story) })

/** Of what was asked for after the practice has ended. */
const noticedAfterIn = (hall: TownHall, visit: CitizenVisit, story: Story): Told | null =>
  noticeLetter(hall, visit, story, { id: 'preavviso-seguito', notice: story.sequel && noticeOf(story.sequel) })

function noticeLetter(
  hall: TownHall,
  { say }: CitizenVisit,
  story: Story,
  { id, notice }: { readonly id: MessageId; readonly notice: Notice | null },
): Told | null {
  if (notice === null) return null
  const to = `${PRACTICES}/${story.practice.id}/osservazioni`
  return {
    id,
    subject: say('messageNoticed', { service: serviceName(hall, story.practice) }),
    at: notice.sentAt,
    text: [
      say('messageNoticedText'),
      html`<blockquote class="iter-quote">${notice.reasons}</blockquote>`,
      notice.dueDay !== '' && html`${say('answerLastDay')}: ${timeTag(notice.dueDay)}.`,
    ],
    action: actionIn(story, 'stepObserve', to, say('observe')),
  }
}

function outcomeIn(hall: TownHall, visit: CitizenVisit, story: Story): Told | null {
  const { say } = visit
  const outcome = outcomeOf(story, visit)
  if (outcome === '') return null
  const reasons = reasonsOf(story).map((reason) => html`<li>${reason}</li>`)
  return {
    id: 'esito',
    subject: say('messageOutcome', { service: serviceName(hall, story.practice) }),
    at: outcomeAt(story),
    text: [say('messageOutcomeText', { outcome }), reasons.length > 0 && html`${say('reasons')}:<ul>${reasons}</ul>`],
    action: null,
  }
}
