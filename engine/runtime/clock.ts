/** The one clock of business time: the real one until it is pinned, which it may be from the start, and again after a reset. */
import type { EngineClock } from './engine.ts'

export interface WatchedClock extends EngineClock {
  /** Called after each jump. */
  onJump(listener: () => void): void
}

export function engineClock(isControlled: boolean, at: number | null): WatchedClock {
  let pinnedAt = isControlled ? at : null
  const listeners: (() => void)[] = []
  const jump = (to: number | null) => {
    if (!isControlled) {
      throw new Error(
        'Expected a controlled clock, but the engine runs on the real one. Start it with ITER_CLOCK=controlled.',
      )
    }
    pinnedAt = to
    for (const listener of listeners) listener()
  }
  return {
    now: () => pinnedAt ?? Date.now(),
    pin: (at) => jump(at),
    reset: () => jump(null),
    onJump: (listener) => listeners.push(listener),
  }
}
