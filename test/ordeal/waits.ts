/** How an ordeal waits: until something holds, with a bound that only a standstill reaches, and never on after its end. */
import { setTimeout as pause } from 'node:timers/promises'

export interface Waiting {
  /** Aborted when the ordeal is over, whatever its outcome: what waits then ends, so that nothing keeps the program alive. */
  readonly signal: AbortSignal
  /** Real time; so long that a machine ten times slower than any we have does not reach it. */
  readonly withinMs: number
}
/** Calls `step` until it answers true, with a pause between two calls. Rejects with what was waited for when that takes too long. */
export type Until = (what: string, step: () => Promise<boolean>, everyMs: number) => Promise<void>

export const waits =
  ({ signal, withinMs }: Waiting): Until =>
  async (what, step, everyMs) => {
    const began = performance.now()
    while (!(await step())) {
      if (performance.now() - began > withinMs)
        throw new Error(`Expected ${what} within ${Math.round(withinMs / 60_000)} minutes, but it is not so`)
      await pause(everyMs, undefined, { signal })
    }
  }
