/**
 * Time as it passes for the machine: pauses, ticks, turns of the event loop. What a process calls time is clock.ts.
 * The runtime has no other way to wait, so that a simulation can wait for it.
 */
import { setImmediate } from 'node:timers/promises'

export interface Pace {
  /** Milliseconds since some moment; never goes back. */
  elapsed(): number
  /** Calls once, that many milliseconds from now, unless the answer is called first. */
  after(ms: number, call: () => void): () => void
  /** Calls again and again, until the answer is called. */
  every(ms: number, call: () => void): () => void
  /** Resolves once all that the sockets bring in this turn of the event loop has come. */
  turn(): Promise<void>
}

export const realPace: Pace = {
  elapsed: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms)
    return () => clearTimeout(timer)
  },
  every(ms, call) {
    const timer = setInterval(call, ms)
    return () => clearInterval(timer)
  },
  turn: () => setImmediate(),
}
