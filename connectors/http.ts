/**
 * One HTTP exchange with a platform: bounded in time and size, its failures told apart by what the platform may have done.
 * Does not repeat calls: repeats belong to the engine's jobs, where they are counted, spaced and seen.
 * Errors name method and path only, or what the caller names instead where a path holds personal data: no query, no body and no
 * credentials ever reach a message or a log.
 */
import { Refused, Unavailable, UnknownOutcome } from './effect.ts'

const RESPONSE_BYTES_MAX = 4 * 1024 * 1024

export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | FormData | Uint8Array<ArrayBuffer>
  readonly timeoutMs: number
  /** Statuses other than 2xx by which this platform says something its client reads: handed back instead of thrown. */
  readonly answers?: readonly number[]
  /** How messages name the address; origin and path when absent. */
  readonly called?: string
  /** Longer answers are broken off; `RESPONSE_BYTES_MAX` when absent. */
  readonly answerBytesMax?: number
}
export interface HttpAnswer {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Uint8Array
  /** The same as UTF-8. */
  readonly text: string
}

/**
 * Resolves with a 2xx answer or one of `answers`. Otherwise throws `Refused` on 4xx (code is the status), `Unavailable` or
 * `UnknownOutcome`.
 */
export async function exchange(call: HttpCall): Promise<HttpAnswer> {
  const { method, url, headers, body, timeoutMs, answers = [], called = `${url.origin}${url.pathname}` } = call
  const { answerBytesMax = RESPONSE_BYTES_MAX } = call
  const what = `${method} ${called}`
  const response = await send(what, url, {
    method,
    headers,
    body,
    // Nobody is followed to another address; where one is the answer, its client reads it.
    redirect: answers.includes(302) ? 'manual' : 'error',
    signal: AbortSignal.timeout(timeoutMs),
  })
  const bytes = await bodyOf(what, response, answerBytesMax)
  const { status, headers: told } = response
  if (response.ok || answers.includes(status))
    return {
      ...{ status, headers: told, bytes },
      get text() {
        return bytes.toString('utf8')
      },
    }
  if (status === 429 || status === 503)
    throw new Unavailable(
      `${what} answered ${status}`,
      retryInMs((name) => told.get(name)),
    )
  if (status >= 400 && status < 500) throw new Refused(String(status), `${what} answered ${status}`)
  throw new UnknownOutcome(`${what} answered ${status}`)
}

async function send(what: string, url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (error) {
    throw neverConnected(error)
      ? new Unavailable(`${what} could not connect`)
      : new UnknownOutcome(`${what} got no answer`)
  }
}

/** The standard's header, and the name that pagoPA's gateways give it. */
const RETRY_AFTER = ['retry-after', 'x-rate-limit-retry-after'] as const

/** What an answer says of the next attempt: whole seconds; null when it says nothing, or names an instant. */
export function retryInMs(header: (name: string) => string | null | undefined): number | null {
  const said = RETRY_AFTER.map(header).find((value) => value !== null && value !== undefined)
  return said !== undefined && said !== null && /^\d{1,6}$/.test(said) ? Number(said) * 1000 : null
}

async function bodyOf(what: string, response: Response, bytesMax: number): Promise<Buffer> {
  try {
    return await readBounded(response, bytesMax)
  } catch {
    throw new UnknownOutcome(`${what} broke off its answer`)
  }
}

async function readBounded(response: Response, bytesMax: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > bytesMax) throw new RangeError('answer too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Codes of failures that precede the first byte of the request. */
const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

function neverConnected(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('code' in error && typeof error.code === 'string' && NEVER_CONNECTED.has(error.code)) return true
  return neverConnected(error.cause)
}
