/**
 * Signing in and out: to the provider and back, then a session of ours.
 * Owns: these addresses, the cookie that ties both halves together, the limit on attempts.
 * Invariants
 * N1 Only paths of ours are returned to, whatever the address says.
 * N2 A new session begins with each sign-in; what was in the cookie before is worth nothing.
 */
import type { Express, Request, Response } from 'express'
import { cookie, cookieIn, type Seal } from '../shell/cookies.ts'
import { ownPath } from '../shell/doors.ts'
import type { RateLimit } from '../shell/rate-limit.ts'
import { refusal, type Shell, send } from '../shell/server.ts'
import { visitOfNobody } from '../shell/visits.ts'
import type { OpenId } from './openid.ts'
import { personOf, type Role } from './person.ts'

export const RETURN_PATH = '/accedi/ritorno'
export const UNDER_WAY_S = 600
const UNDER_WAY = 'iter-accesso'

export interface SignInParts {
  readonly openId: OpenId
  readonly seal: Seal
  readonly limit: RateLimit
}

export function mountSignIn(app: Express, shell: Shell, parts: SignInParts): void {
  const isSecure = shell.origin.protocol === 'https:'
  app.get('/accedi', async (request, response) => {
    const visit = visitOfNobody(request)
    if (!parts.limit.allows(request.ip ?? '')) {
      response.setHeader('Retry-After', '60')
      return send(shell, request, response, visit, refusal(visit.say, 429, 'tooMany', 'tooManyText'))
    }
    const { address, departure } = await parts.openId.depart()
    const sealed = parts.seal.close({ ...departure, returnTo: ownPath(visit.query.get('poi')) })
    response.append('Set-Cookie', cookie(UNDER_WAY, sealed, { maxAgeS: UNDER_WAY_S, isSecure }))
    send(shell, request, response, visit, { kind: 'redirect', to: address })
  })
  app.get(RETURN_PATH, async (request, response) => {
    response.append('Set-Cookie', cookie(UNDER_WAY, '', { maxAgeS: 0, isSecure }))
    await arrive(shell, parts, request, response)
  })
}

async function arrive(
  shell: Shell,
  { openId, seal }: SignInParts,
  request: Request,
  response: Response,
): Promise<void> {
  const visit = visitOfNobody(request)
  const failed = refusal(visit.say, 400, 'signIn', 'signInFailed')
  const remembered = seal.open(cookieIn(request.headers.cookie, UNDER_WAY))
  if (remembered === null) return send(shell, request, response, visit, failed)
  const { state = '', nonce = '', verifier = '', returnTo = '/' } = remembered
  const address = new URL(request.originalUrl, shell.origin)
  const claims = await openId.arrive(address, { state, nonce, verifier }).catch((error: unknown) => {
    shell.log(`pages: signing in failed: ${error instanceof Error ? error.name : typeof error}`)
    return null
  })
  if (claims === null) return send(shell, request, response, visit, failed)
  const person = personOf(claims, shell.hall.town)
  if (person === null) {
    return send(shell, request, response, visit, refusal(visit.say, 403, 'forbidden', 'unknownPerson'))
  }
  await shell.visits.signOut(request, response)
  await shell.visits.signIn(response, person)
  send(shell, request, response, visit, { kind: 'redirect', to: returnTo === '/' ? homes[person.role] : returnTo })
}

const homes: Readonly<Record<Role, string>> = {
  cittadino: '/area',
  operatore: '/scrivania',
  amministratore: '/scrivania',
}

/** A post: needs its body read and the token of the session, else a foreign page could sign people out. */
export function mountSignOut(app: Express, shell: Shell, openId: OpenId): void {
  app.post('/esci', async (request, response) => {
    const visit = visitOfNobody(request)
    if (!(await shell.visits.isOurs(request))) {
      return send(shell, request, response, visit, refusal(visit.say, 403, 'forbidden', 'forgedText'))
    }
    await shell.visits.signOut(request, response)
    const farewell = await openId.farewell(`${shell.origin.origin}/`).catch(() => null)
    send(shell, request, response, visit, { kind: 'redirect', to: farewell ?? '/' })
  })
}
