/** Looks at what others may have sent, again and again until it is closed; what fails is tried at the next look. */
import { setTimeout as pause } from 'node:timers/promises'

export interface LookAgainOptions {
  /** What was not read, for the log. */
  readonly what: string
  readonly pollMs: number
  /** Resolves with how long to wait before the next look, 0 when there is more. */
  look(): Promise<number>
  readonly log: (line: string) => void
}

export function lookAgain({ what, pollMs, look, log }: LookAgainOptions): { close(): Promise<void> } {
  const closing = new AbortController()
  const { signal } = closing
  const looking = (async () => {
    while (!signal.aborted) {
      let waitMs = pollMs
      try {
        waitMs = await look()
      } catch (error) {
        log(`${what}: ${error instanceof Error ? error.name : 'unknown failure'}`)
      }
      if (waitMs > 0) await pause(waitMs, undefined, { signal }).catch(() => {})
    }
  })()
  return {
    async close() {
      closing.abort()
      await looking
    },
  }
}
