/**
 * A letter that is asked for and sent only while its procedure waits for it: a page, then the message.
 * Owns that order. Does not own what the page shows (letter-page.ts) nor what the message says.
 */
import type { MessageKey } from '../catalogue.ts'
import { type Answer, type CitizenVisit, refusedPage, type TownHall } from '../page.ts'
import type { AccessAction } from '../store/practices.ts'
import { type Letter, letterPage } from './letter-page.ts'
import { ownPractice, PRACTICES } from './own-practice.ts'
import { isAwaited, type PracticeMessage, tellPractice } from './practice-messages.ts'

export interface AwaitedLetter extends Letter {
  readonly message: PracticeMessage
  /** What sending it is recorded as. */
  readonly action: AccessAction
  /** How the page that follows on a letter without what it must have is asked for, and what it says. */
  readonly without: { readonly query: string; readonly fault: Extract<MessageKey, 'observeEmpty' | 'extendNoDay'> }
  /** The variables of the message; null without what it must have. `at`: ISO 8601, UTC. */
  variables(visit: CitizenVisit, at: string): object | null
}

type Page = (hall: TownHall, visit: CitizenVisit, id: string) => Promise<Answer>

export const askFor =
  (letter: AwaitedLetter): Page =>
  async (hall, visit, id) => {
    const practice = await ownPractice(hall, visit, id, 'read')
    if (practice === null) return refusedPage(visit, 404)
    if (!(await isAwaited(hall, practice, letter.message))) return { kind: 'redirect', to: `${PRACTICES}/${id}` }
    const { query, fault } = letter.without
    return letterPage(hall, visit, practice, letter, visit.query.has(query) ? visit.say(fault) : '')
  }

export const send =
  (letter: AwaitedLetter): Page =>
  async (hall, visit, id) => {
    const practice = await ownPractice(hall, visit, id, letter.action)
    if (practice === null) return refusedPage(visit, 404)
    const address = `${PRACTICES}/${id}`
    const variables = letter.variables(visit, new Date(hall.now()).toISOString())
    if (variables === null) return { kind: 'redirect', to: `${address}/${letter.path}?${letter.without.query}` }
    if (await isAwaited(hall, practice, letter.message)) await tellPractice(hall, practice, letter.message, variables)
    return { kind: 'redirect', to: address }
  }
