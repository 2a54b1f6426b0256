/**
 * Who is signed in. The cookie holds a random token, the table only its hash: a copy of the database lets no one in.
 * Owns: life and end of a session. Does not own: what the person may do (authorisation.ts). Runs on the real clock, not the engine's.
 */
import { createHash, randomBytes } from 'node:crypto'
import type { Knex } from 'knex'
import type { SignedIn } from '../identity/person.ts'

export const SESSION_MS = 8 * 3_600_000
/** After its end a session opens nothing, but is still known: what was typed into a page of it can be kept for its person. */
export const GRACE_MS = 24 * 3_600_000

export interface Session {
  readonly person: SignedIn
  readonly csrfToken: string
}
export interface Sessions {
  /** Resolves with the token for the cookie. */
  begin(person: SignedIn): Promise<string>
  find(token: string): Promise<Session | null>
  /** One that is over, not longer than the grace. */
  findEnded(token: string): Promise<Session | null>
  end(token: string): Promise<void>
}

interface SessionRow {
  readonly token_hash: Buffer
  readonly person: SignedIn
  readonly csrf_token: string
  readonly expires_at: Date
}

const newToken = () => randomBytes(32).toString('base64url')
const hashOf = (token: string) => createHash('sha256').update(token).digest()

const sessionIn = (row: SessionRow | undefined): Session | null =>
  row ? { person: row.person, csrfToken: row.csrf_token } : null

export function sessionsIn(database: Knex): Sessions {
  const rows = () => database<SessionRow>('session')
  return {
    async begin(person) {
      const token = newToken()
      await rows()
        .where('expires_at', '<', new Date(Date.now() - GRACE_MS))
        .delete()
      await database('session').insert({
        token_hash: hashOf(token),
        person: JSON.stringify(person),
        csrf_token: newToken(),
        expires_at: new Date(Date.now() + SESSION_MS),
      })
      return token
    },
    async find(token) {
      return sessionIn(
        await rows()
          .where({ token_hash: hashOf(token) })
          .where('expires_at', '>', new Date())
          .first(),
      )
    },
    async findEnded(token) {
      const now = Date.now()
      return sessionIn(
        await rows()
          .where({ token_hash: hashOf(token) })
          .whereBetween('expires_at', [new Date(now - GRACE_MS), new Date(now)])
          .first(),
      )
    },
    async end(token) {
      await rows()
        .where({ token_hash: hashOf(token) })
        .delete()
    },
  }
}
