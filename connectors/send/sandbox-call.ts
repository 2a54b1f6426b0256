/** What the answers of SEND in the sandbox share: what they know, how they refuse, of which notification they speak. */
import type { Journal } from '../journal.ts'
import { json, type PlatformAnswer, type PlatformCall } from '../sandbox.ts'
import { bookOf, isAccepted, type Posted, type SendJournalEntry } from './sandbox-book.ts'

export interface Send {
  readonly journal: Journal<SendJournalEntry>
  /** The platform's clock, epoch milliseconds. */
  readonly now: () => number
  /** By which calls are counted. */
  readonly tokenNow: () => number
  /** When each stream was read lately. */
  readonly reads: Map<string, number[]>
}
/** `found`: what the path names. */
export type Answer = (
  send: Send,
  call: PlatformCall,
  found: readonly string[],
) => PlatformAnswer | Promise<PlatformAnswer>

/** Groups of the keys. */
export const GROUPS = ['iter']
/** The body that has the keys. */
export const HOLDER = { codiceFiscale: '00337360978', nome: 'Comune di Esempio' } as const

export const problem = (status: number, code: string, detail: string): PlatformAnswer => ({
  ...json(status, { status, title: 'Richiesta non soddisfatta', errors: [{ code, detail }] }),
  type: 'application/problem+json',
})
export const invalid = (detail: string): PlatformAnswer => problem(400, 'PN_GENERIC_INVALIDPARAMETER', detail)
export const html = (body: string): PlatformAnswer => ({ status: 200, type: 'text/html', body })
export const at = ({ now }: Send): string => new Date(now()).toISOString()

export function of(send: Send, iun: string | undefined, answer: (posted: Posted) => PlatformAnswer): PlatformAnswer {
  const posted = bookOf(send.journal).byIun(iun ?? '')
  return posted ? answer(posted) : problem(404, 'PN_DELIVERY_NOTIFICATIONNOTFOUND', 'No such notification')
}
/** To who sends, a request that was not accepted is no notification. */
export const ofAccepted = (
  send: Send,
  iun: string | undefined,
  answer: (posted: Posted) => PlatformAnswer,
): PlatformAnswer =>
  of(send, iun, (posted) =>
    isAccepted(posted) ? answer(posted) : problem(404, 'PN_DELIVERY_NOTIFICATIONNOTFOUND', 'No such notification'),
  )
