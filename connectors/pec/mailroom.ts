/**
 * What is remembered of a certified mailbox: how far it was read, and what arrived in it that is no receipt of ours. Mail of citizens
 * is kept here, apart, until somebody registers it.
 */
import type { Letter } from './letter.ts'
import type { Position } from './types.ts'

export interface KeptLetter {
  /** The same whenever the same mail is read. */
  readonly key: string
  readonly kind: Exclude<Letter['kind'], 'RICEVUTA'>
  readonly sender: string
  readonly subject: string
  /** Why it was not believed. */
  readonly reason: string | null
  /** Id of the whole mail in the document store; null when it was too long. */
  readonly document: string | null
  /** ISO instant at which it was read. */
  readonly readAt: string
}

export interface Mailroom {
  /** Null before the first mail of the folder. */
  position(folder: string): Promise<Position | null>
  advance(folder: string, position: Position): Promise<void>
  /** Once for each key. */
  keep(letter: KeptLetter): Promise<void>
  /** Oldest first. */
  letters(): Promise<readonly KeptLetter[]>
}
