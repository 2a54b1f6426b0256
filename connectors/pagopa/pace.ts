/**
 * Keeps the calls of one client as far apart as a platform wants them, so that it never has to say that there were too many. Owns the gap
 * between calls; what a platform says when others were too quick (429, `Retry-After`) is `Unavailable`, and the next attempt waits for it.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { oneAtATime } from '../one-at-a-time.ts'

/** Real time: a platform counts by no other. */
export type Pause = (ms: number) => Promise<void>

/** Holds up no end of the program. */
export const realPause: Pause = (ms) => sleep(ms, undefined, { ref: false })

/** One call at a time, in the order in which they came; the next begins `gapMs` after the one before has ended, however it did. */
export const callsApart = (gapMs: number, pause: Pause) => oneAtATime(() => pause(gapMs))
