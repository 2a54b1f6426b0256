/**
 * From a request to the visit it is: who has signed in, in which language, with which token against forged posts.
 * Owns: the cookies of session and language, the check of the token. Does not own: who may see which page (server.ts).
 */
import type { Request, Response } from 'express'
import type { Town } from '../../../processes/town.ts'
import { type Language, sayIn } from '../catalogue.ts'
import { html } from '../html.ts'
import { type Person, type SignedIn, withGroups } from '../identity/person.ts'
import type { Visit } from '../page.ts'
import { GRACE_MS, SESSION_MS, type Sessions } from '../store/sessions.ts'
import { cookie, cookieIn, isSameText } from './cookies.ts'
import { filesOf } from './parts.ts'

const CSRF_FIELD = '_csrf'
const SESSION = 'iter-sessione'
const LANGUAGE = 'iter-lingua'
const YEAR_S = 365 * 86_400

export interface Visits {
  of(request: Request): Promise<Visit>
  /** Whether a post comes from a page that was made for this very session. */
  isOurs(request: Request): Promise<boolean>
  /** What such a post must bear; null when nobody has signed in. */
  csrfTokenOf(request: Request): Promise<string | null>
  /** Who posts from a page of a session that has just ended; null when there was none, or the page was not made for it. */
  lateComer(request: Request): Promise<Person | null>
  signIn(response: Response, person: SignedIn): Promise<void>
  signOut(request: Request, response: Response): Promise<void>
  speak(response: Response, language: Language): void
}

export function visitsOf(sessions: Sessions, town: Town, isSecure: boolean): Visits {
  const sessionOf = async ({ headers }: Request) => {
    const token = cookieIn(headers.cookie, SESSION)
    return token === null ? null : sessions.find(token)
  }
  const keep = (response: Response, name: string, value: string, maxAgeS: number) =>
    response.append('Set-Cookie', cookie(name, value, { maxAgeS, isSecure }))
  return {
    async of(request) {
      const session = await sessionOf(request)
      const person = session && withGroups(session.person, town)
      const csrfField = person && html`<input type="hidden" name="${CSRF_FIELD}" value="${session.csrfToken}">`
      return { ...visitOfNobody(request), person, ...(csrfField && { csrfField }) }
    },
    async isOurs(request) {
      const session = await sessionOf(request)
      return session !== null && bears(fieldsOf(request), session.csrfToken)
    },
    async lateComer(request) {
      const token = cookieIn(request.headers.cookie, SESSION)
      const ended = token === null ? null : await sessions.findEnded(token)
      return ended !== null && bears(fieldsOf(request), ended.csrfToken) ? withGroups(ended.person, town) : null
    },
    csrfTokenOf: async (request) => (await sessionOf(request))?.csrfToken ?? null,
    async signIn(response, person) {
      keep(response, SESSION, await sessions.begin(person), (SESSION_MS + GRACE_MS) / 1_000)
    },
    async signOut(request, response) {
      const token = cookieIn(request.headers.cookie, SESSION)
      if (token !== null) await sessions.end(token)
      keep(response, SESSION, '', 0)
    },
    speak: (response, language) => void keep(response, LANGUAGE, language, YEAR_S),
  }
}

export function bears(fields: Readonly<Record<string, unknown>>, csrfToken: string): boolean {
  const given = fields[CSRF_FIELD]
  return typeof given === 'string' && isSameText(given, csrfToken)
}

export const fieldsOf = (request: Request): Readonly<Record<string, unknown>> =>
  typeof request.body === 'object' && request.body !== null ? (request.body as Record<string, unknown>) : {}

/** Also what an error page is made for when the database is away. */
export function visitOfNobody(request: Request): Visit {
  const language: Language = cookieIn(request.headers.cookie, LANGUAGE) === 'en' ? 'en' : 'it'
  return {
    person: null,
    query: new URL(request.originalUrl, 'http://pagine.invalid').searchParams,
    body: request.method === 'POST' ? fieldsOf(request) : undefined,
    files: filesOf(request),
    csrfField: html``,
    language,
    say: sayIn(language),
  }
}
