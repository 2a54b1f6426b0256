/** What people think of a service. Owns rows of `rating`: nothing in them says who wrote, and after RATING_DAYS they are gone. */
import type { Knex } from 'knex'

/** Two years, to compare one with the next. */
export const RATING_DAYS = 730
export const DETAILS_MAX = 200

export interface Rating {
  readonly processId: string
  /** The service, or the page that describes it. */
  readonly subject: 'servizio' | 'pagina'
  /** 1–5. */
  readonly stars: number
  /** Which of the answers offered, 1–5, of those for few stars or for many; null when none was chosen. */
  readonly reason: number | null
  readonly details: string | null
  /** ISO day. */
  readonly day: string
}

export interface Ratings {
  add(rating: Rating): Promise<void>
}

export const ratingsIn = (database: Knex): Ratings => ({
  async add({ processId, subject, stars, reason, details, day }) {
    await database.raw('DELETE FROM rating WHERE given_on < ?::date - ?::int', [day, RATING_DAYS])
    await database('rating').insert({ process_id: processId, subject, stars, reason, details, given_on: day })
  },
})
