/**
 * How many calls pagoPA's gateway takes, as its public policies say (pagopa/pagopa-infra), those of flows as others tell; they may change
 * without notice.
 */
import { type PlatformAnswer, tooMany } from '../sandbox.ts'

/** Which calls are counted together. */
export type Counted = 'ricevute' | 'carrelli' | 'biz-events' | 'flussi'

interface Limit {
  readonly calls: number
  readonly periodMs: number
  /** Names the header in which every answer says how many are left. */
  readonly remainingHeader?: string
}
const LIMITS: Readonly<Record<Counted, Limit>> = {
  ricevute: { calls: 100, periodMs: 10_000, remainingHeader: 'x-remaining-calls-per-period' },
  carrelli: { calls: 150, periodMs: 10_000 },
  'biz-events': { calls: 1, periodMs: 5000 },
  flussi: { calls: 1, periodMs: 1000 },
}

/** `now`: by which calls are counted, epoch milliseconds. Answers in the place of `answer` when there were too many. */
export function newLimits(now: () => number) {
  const counted: Partial<Record<Counted, readonly number[]>> = {}
  return async (what: Counted, answer: () => PlatformAnswer | Promise<PlatformAnswer>): Promise<PlatformAnswer> => {
    const { calls, periodMs, remainingHeader } = LIMITS[what]
    const recent = (counted[what] ?? []).filter((at) => at > now() - periodMs)
    const [first] = recent
    if (first !== undefined && recent.length >= calls) return tooMany(first + periodMs - now())
    counted[what] = [...recent, now()]
    const told = await answer()
    if (remainingHeader === undefined) return told
    return { ...told, headers: { ...told.headers, [remainingHeader]: String(calls - recent.length - 1) } }
  }
}
