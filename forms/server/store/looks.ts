/**
 * When a clerk last looked at the queue or at a practice, so that a page can say what is new since. Owns rows of `look`.
 * Pages opened again within one sitting are one look: what was new when it began stays marked until it is over.
 */
import type { Knex } from 'knex'

/** Longer than this without opening the page is another sitting. */
const SITTING_MS = 15 * 60_000

export interface Looks {
  /** Records the look and resolves with the end of the sitting before; null when there was none. Instants of the engine's clock. */
  look(person: string, subject: string, at: Date): Promise<Date | null>
}

interface Row {
  readonly person: string
  readonly subject: string
  readonly at: Date
  /** Of the sitting before this one. */
  readonly before: Date | null
}

export function looksIn(database: Knex): Looks {
  return {
    async look(person, subject, at) {
      const [row] = await database<Row>('look')
        .insert({ person, subject, at, before: null })
        .onConflict(['person', 'subject'])
        .merge({ at, before: database.raw(NEXT_BEFORE, [at, SITTING_MS]) })
        .returning('*')
      return row?.before ?? null
    },
  }
}

const NEXT_BEFORE = `CASE WHEN ?::timestamptz - look.at > make_interval(secs => ?::float8 / 1000) THEN look.at ELSE look.before END`
