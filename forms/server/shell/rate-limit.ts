/** At most so many attempts a minute for each caller. In memory and bounded: beyond CALLERS_MAX the oldest are forgotten. */
const CALLERS_MAX = 10_000
const WINDOW_MS = 60_000

export interface RateLimit {
  /** Counts an attempt; false when the caller has had enough. */
  allows(caller: string): boolean
}

/** Runs on the real clock: an attacker does not wait for the engine's. */
export function rateLimit(attemptsMax: number, clock: () => number = Date.now): RateLimit {
  const windows = new Map<string, { readonly since: number; attempts: number }>()
  return {
    allows(caller) {
      const known = windows.get(caller)
      const window = known !== undefined && clock() - known.since < WINDOW_MS ? known : { since: clock(), attempts: 0 }
      if (window !== known) {
        windows.delete(caller)
        windows.set(caller, window)
      }
      for (const oldest of windows.keys()) {
        if (windows.size <= CALLERS_MAX) break
        windows.delete(oldest)
      }
      return ++window.attempts <= attemptsMax
    },
  }
}
