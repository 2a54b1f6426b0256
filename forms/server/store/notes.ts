/** Notes of the office on a practice. Owns rows of `note`; they are only ever appended. */
import type { Knex } from 'knex'

/** In characters. */
export const NOTE_MAX = 4_000

export interface Note {
  readonly at: Date
  /** Id of the clerk. */
  readonly person: string
  readonly text: string
}

export interface Notes {
  /** Expects a text of 1 to `NOTE_MAX` characters. */
  add(practice: string, note: Note): Promise<void>
  /** Oldest first. */
  of(practice: string): Promise<readonly Note[]>
}

export function notesIn(database: Knex): Notes {
  return {
    async add(practice, { at, person, text }) {
      await database('note').insert({ practice, at, person, text })
    },
    of: async (practice) =>
      await database<Note & { id: string; practice: string }>('note')
        .select('at', 'person', 'text')
        .where({ practice })
        .orderBy('id'),
  }
}
