/** How the parts of pagoPA's sandbox are called, and what they all answer with. */
import type { Journal } from '../journal.ts'
import { json, type PlatformAnswer, type PlatformCall } from '../sandbox.ts'
import { type Book, bookOf, type PagopaJournalEntry } from './sandbox-book.ts'

export interface Pagopa {
  readonly journal: Journal<PagopaJournalEntry>
  now(): number
}

/** `found`: what the path holds, without the body's tax code. */
export type Answer = (
  pagopa: Pagopa,
  call: PlatformCall,
  found: readonly string[],
) => PlatformAnswer | Promise<PlatformAnswer>

export const book = ({ journal, now }: Pagopa): Book => bookOf(journal, now())
export const at = ({ now }: Pagopa): string => new Date(now()).toISOString()

export const problem = (status: number, title: string, detail: string): PlatformAnswer =>
  json(status, { title, status, detail })
export const noPosition = (): PlatformAnswer => problem(404, 'Not found the debt position', 'No such position')
