/**
 * The routes on Express: doors, headers, bounds, who may ask, the answer as bytes.
 * Invariants
 * S1 A route answers only those whom it names; whoever has not signed in is led to the sign-in; a post without our token is refused,
 *    but for a visitor's to a route that is for anyone: those are counted.
 * S2 An answer says what is wrong in words for people; what the program knows goes to the log, without what people typed.
 */
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'
import type { Say } from '../catalogue.ts'
import { html } from '../html.ts'
import type { Person } from '../identity/person.ts'
import { type Answer, type PersonVisit, page, type Route, refusedPage, type TownHall, type Visit } from '../page.ts'
import { assets } from './assets.ts'
import { knock } from './doors.ts'
import { frame } from './frame.ts'
import { securityHeaders } from './headers.ts'
import { partsReader } from './parts.ts'
import { type RateLimit, rateLimit } from './rate-limit.ts'
import { bears, type Visits, visitOfNobody } from './visits.ts'

const BODY_MAX = '256kb'
const FIELDS_MAX = 5_000
/** A minute, of one session. */
const POSTS_IN_PARTS_MAX = 120

export interface Shell {
  readonly hall: TownHall
  readonly visits: Visits
  /** Of the pages, as browsers see it. */
  readonly origin: URL
  readonly isTest: boolean
  /** On posts of visitors who have not signed in, by address. */
  readonly limit: RateLimit
  /** Origins beside ours to which a form may lead. */
  readonly formTargets: readonly string[]
  /** Origins whose pages a form may show within ours. */
  readonly frames: readonly string[]
  readonly log: (line: string) => void
}

/** `prepare` adds what is no page, behind the doors and before the bodies are read. */
export function appOf(shell: Shell, routes: readonly Route[], prepare: (app: Express) => void): Express {
  const app = express()
  const { origin, formTargets, frames, visits } = shell
  app.disable('x-powered-by')
  app.set('query parser', false)
  app.use(securityHeaders(origin.protocol === 'https:', formTargets, frames))
  app.use(doorkeeper(origin))
  app.use(assets())
  prepare(app)
  app.use(express.urlencoded({ extended: false, limit: BODY_MAX, parameterLimit: FIELDS_MAX }))
  app.use(partsReader(visits.csrfTokenOf, bears, rateLimit(POSTS_IN_PARTS_MAX)))
  for (const route of routes) app[route.method](route.path, answerWith(shell, route))
  return app
}

/** What is not there, and what failed: last. */
export function mountRefusals(app: Express, shell: Shell): void {
  app.use(async (request, response) => {
    const visit = await shell.visits.of(request)
    send(shell, request, response, visit, refusedPage(visit, 404))
  })
  app.use(onError(shell))
}

const doorkeeper =
  (origin: URL): RequestHandler =>
  ({ method, headers, originalUrl: path }, response, next) => {
    const site = headers['sec-fetch-site']
    const known = knock(origin, {
      method,
      path,
      host: headers.host,
      origin: headers.origin,
      site: typeof site === 'string' ? site : undefined,
    })
    if (known.kind === 'welcome') next()
    else if (known.kind === 'elsewhere') response.redirect(302, known.to)
    else response.status(403).type('text/plain').send('Accesso negato: la richiesta non viene da queste pagine.\n')
  }

const answerWith =
  (shell: Shell, route: Route): RequestHandler =>
  async (request, response) => {
    const visit = await shell.visits.of(request)
    send(shell, request, response, visit, await answerTo(shell, route, request, visit))
  }

/** Of a post without our token: forged, or by somebody whose session has just ended, and whose words are kept. */
async function answerLate(
  hall: TownHall,
  visits: Visits,
  route: Route,
  request: Request,
  visit: Visit,
): Promise<Answer> {
  const { key = '' } = request.params as { readonly key?: string }
  const late = 'keep' in route && route.keep !== undefined ? await visits.lateComer(request) : null
  if (late === null || !('keep' in route) || !isStaff(late)) return refusal(visit.say, 403, 'forbidden', 'forgedText')
  await route.keep?.(hall, late, visit.body, key)
  return signInFirst(request)
}

async function answerTo({ hall, visits, limit }: Shell, route: Route, request: Request, visit: Visit): Promise<Answer> {
  const { key = '' } = request.params as { readonly key?: string }
  const { person } = visit
  if (request.method === 'POST') {
    const isNobody = route.access === 'anyone' && person === null
    if (isNobody && !limit.allows(request.ip ?? '')) return refusal(visit.say, 429, 'tooMany', 'tooManyText')
    // Whoever has no session has no token, and nothing that a forged post could do in their name; its Origin was looked at.
    if (!isNobody && !(await visits.isOurs(request))) return answerLate(hall, visits, route, request, visit)
  }
  if (route.access !== 'anyone' && person === null) return signInFirst(request)
  switch (route.access) {
    case 'anyone':
      return route.answer(hall, visit, key)
    case 'person':
      return person === null ? signInFirst(request) : route.answer(hall, { ...visit, person }, key)
    case 'citizen':
      return isCitizen(person) ? route.answer(hall, { ...visit, person }, key) : refusedPage(visit, 403)
    case 'staff':
      return isStaff(person)
        ? route.answer(hall, { ...visit, person } satisfies PersonVisit, key)
        : refusedPage(visit, 403)
  }
}

const isCitizen = (person: Person | null): person is Person & { readonly cf: string } =>
  person?.role === 'cittadino' && person.cf !== null
const isStaff = (person: Person | null): person is Person => person !== null && person.role !== 'cittadino'

const signInFirst = ({ originalUrl }: Request): Answer => ({
  kind: 'redirect',
  to: `/accedi?${new URLSearchParams({ poi: originalUrl })}`,
})

type Title = 'badRequest' | 'forbidden' | 'tooLarge' | 'tooMany' | 'trouble' | 'signIn'
type Reason = 'badRequestText' | 'forgedText' | 'tooManyText' | 'troubleText' | 'unknownPerson' | 'signInFailed'

export function refusal(say: Say, status: number, title: Title, reason: Reason): Answer {
  return page(
    say(title),
    html`<h1>${say(title)}</h1><p>${say(reason)}</p><p><a href="/">${say('home')}</a></p>`,
    status,
  )
}

export function send(shell: Shell, request: Request, response: Response, visit: Visit, answer: Answer): void {
  response.setHeader('Cache-Control', 'no-store')
  switch (answer.kind) {
    case 'page': {
      const framing = { ...visit, town: shell.hall.town, isTest: shell.isTest, address: request.originalUrl }
      response.status(answer.status).type('html').send(frame(framing, answer).markup)
      return
    }
    case 'redirect':
      response.redirect(303, answer.to)
      return
    case 'nothing':
      response.status(204).end()
      return
    case 'data':
      response.json(answer.data)
      return
    case 'text':
      response.attachment(answer.name).type('text/plain').send(answer.text)
      return
    case 'file':
      response.attachment(answer.name).type(answer.mediaType)
      // Whoever opens it all the same opens it in a page without rights.
      if (answer.isInline !== true) response.setHeader('Content-Security-Policy', "default-src 'none'; sandbox")
      else showInFrame(response)
      response.send(Buffer.from(answer.content))
      return
  }
}

const REFUSALS: Readonly<Record<number, readonly [Title, Reason]>> = {
  403: ['forbidden', 'forgedText'],
  413: ['tooLarge', 'badRequestText'],
  429: ['tooMany', 'tooManyText'],
}
/** A page of ours may show it, no other may, and nothing in it runs. */
function showInFrame(response: Response): void {
  const disposition = String(response.getHeader('Content-Disposition'))
  response.setHeader('Content-Disposition', disposition.replace(/^attachment/, 'inline'))
  response.setHeader('Content-Security-Policy', IN_FRAME)
}
const IN_FRAME =
  "default-src 'none'; img-src 'self' data:; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"

/** Errors of the body's parser bear a status; every other is ours. */
const onError =
  (shell: Shell): ErrorRequestHandler =>
  (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error)
    const visit = visitOfNobody(request)
    const { say } = visit
    const status = error instanceof Error && 'status' in error ? error.status : null
    if (typeof status === 'number' && status >= 400 && status < 500) {
      const [title, reason] = REFUSALS[status] ?? (['badRequest', 'badRequestText'] as const)
      // Of a post that is not read to its end, the rest would be taken for the next request.
      if (!request.complete) response.setHeader('Connection', 'close')
      return send(shell, request, response, visit, refusal(say, status, title, reason))
    }
    shell.log(`pages: ${request.method} failed: ${whereIn(error)}`)
    send(shell, request, response, visit, refusal(say, 500, 'trouble', 'troubleText'))
  }

/** Kind and place, without the message: that may quote what somebody typed. */
function whereIn(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const place = error.stack?.split('\n').find((line) => /^\s+at .*(?:forms|connectors|engine)\//.test(line))
  const status = 'status' in error ? ` ${String(error.status)}` : ''
  return `${error.name}${status}${place === undefined ? '' : ` ${place.trim()}`}`
}
