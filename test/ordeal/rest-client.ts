/** A client that never gives up: it repeats what may not have arrived, and remembers what was acknowledged. */
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
/** Answers that say "not now". */
const MAY_PASS = new Set([429, 500, 502, 503, 504])

export interface RestClient {
  /** Throws when nothing certain came back: the command may or may not have been carried out. */
  once<T>(method: string, path: string, body?: unknown): Promise<T>
  /** For calls that may be repeated. */
  surely<T>(method: string, path: string, body?: unknown): Promise<T>
}

const inJson = (body: unknown) => ({
  headers: { 'content-type': 'application/json' },
  ...(body !== undefined && { body: JSON.stringify(body) }),
})

/** Bodies are JSON, but for forms. */
export function restClient(base: string): RestClient {
  async function once<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${base}${path}`, {
      method,
      ...(body instanceof FormData ? { body } : inJson(body)),
      signal: AbortSignal.timeout(30_000),
    })
    const text = await response.text()
    if (response.ok) return (text === '' ? {} : JSON.parse(text)) as T
    if (MAY_PASS.has(response.status)) throw new Error(`${response.status} ${text}`)
    throw new RefusedCall(response.status, text)
  }
  return {
    once,
    async surely<T>(method: string, path: string, body?: unknown): Promise<T> {
      for (;;) {
        try {
          return await once<T>(method, path, body)
        } catch (error) {
          if (error instanceof RefusedCall) throw error
          await pause(AGAIN_MS)
        }
      }
    },
  }
}
