/** A client that does not give up before the ordeal does: it repeats what may not have arrived. */
import { setTimeout as pause } from 'node:timers/promises'

/** The call was refused for good: the status and what was said. */
export class RefusedCall extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

const AGAIN_MS = 100
/** A killed program cuts its connections at once: this long a living one may take, on a machine ten times slower. */
const ANSWER_MS_MAX = 5 * 60_000
/** Longer than any start of the program takes. */
const REPEATING_MS_MAX = 10 * 60_000
/** Answers that say "not now". */
const MAY_PASS = new Set([429, 500, 502, 503, 504])

export interface RestClient {
  /** Throws when nothing certain came back: the command may or may not have been carried out. */
  once<T>(method: string, path: string, body?: unknown): Promise<T>
  /** For calls that may be repeated. Throws the last failure when none succeeds for minutes, or at the end of the ordeal. */
  surely<T>(method: string, path: string, body?: unknown): Promise<T>
}

const inJson = (body: unknown) => ({
  headers: { 'content-type': 'application/json' },
  ...(body !== undefined && { body: JSON.stringify(body) }),
})

/** Bodies are JSON, but for forms. Aborted, it calls nobody any more. */
export function restClient(base: string, signal: AbortSignal = new AbortController().signal): RestClient {
  async function once<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${base}${path}`, {
      method,
      ...(body instanceof FormData ? { body } : inJson(body)),
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS_MAX)]),
    })
    const text = await response.text()
    if (response.ok) return (text === '' ? {} : JSON.parse(text)) as T
    if (MAY_PASS.has(response.status)) throw new Error(`${response.status} ${text}`)
    throw new RefusedCall(response.status, `${method} ${path} was refused: ${response.status} ${text}`)
  }
  return {
    once,
    async surely<T>(method: string, path: string, body?: unknown): Promise<T> {
      const began = performance.now()
      for (;;) {
        try {
          return await once<T>(method, path, body)
        } catch (error) {
          if (error instanceof RefusedCall || signal.aborted) throw error
          if (performance.now() - began > REPEATING_MS_MAX)
            throw new Error(`Expected an answer to ${method} ${path}, but there is none`, { cause: error })
          await pause(AGAIN_MS, undefined, { signal })
        }
      }
    },
  }
}
