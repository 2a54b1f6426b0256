/** What the HTTP ports have in common: who comes in, how a reply and a failure go out. */
import type { ErrorRequestHandler, NextFunction, Request, RequestHandler, Response } from 'express'
import { GatewayError } from '../protocol/gateway.ts'
import type { Admission } from './admission.ts'
import { failureOf, httpOf } from './rejection.ts'

export const BODY_BYTES_MAX = 4 * 1024 * 1024

export interface Reply {
  readonly status: number
  readonly type?: string
  readonly body?: string
}

/** The caller's name is kept where operations look for it. */
export const guard =
  (admission: Admission): RequestHandler =>
  async ({ headers }, response, next) => {
    const { host, origin, authorization } = headers
    response.locals.user = await admission({ host, origin, authorization })
    next()
  }

export function send(response: Response, { status, type, body }: Reply): void {
  response.status(status)
  if (type !== undefined) response.setHeader('content-type', `${type}; charset=utf-8`)
  response.end(body)
}

/** Faults that express and its body parser report: they carry an HTTP status. */
function gatewayErrorOf(error: unknown): unknown {
  const status = error instanceof Error && 'status' in error ? error.status : undefined
  if (error instanceof GatewayError || typeof status !== 'number' || status >= 500) return error
  const reason =
    status === 413
      ? `a body of at most ${BODY_BYTES_MAX} bytes, but it is larger`
      : 'a well-formed request, but it is not'
  return new GatewayError('INVALID_ARGUMENT', `Expected ${reason}`)
}

/** Every failure as RFC 9457 problem details. */
export const problems =
  (log: (line: string) => void): ErrorRequestHandler =>
  (error: unknown, request: Request, response: Response, _next: NextFunction) => {
    const { answer, logged } = failureOf(gatewayErrorOf(error))
    if (logged !== null) log(`${request.method} ${request.route?.path ?? 'request'} failed: ${logged}`)
    const [status, title] = httpOf[answer.status]
    if (status === 401) response.setHeader('www-authenticate', 'Basic realm="Iter", charset="UTF-8"')
    const instance = request.path
    const problem = { type: 'about:blank', title, status, detail: answer.message, instance }
    send(response, { status, type: 'application/problem+json', body: JSON.stringify(problem) })
  }
