/**
 * How a call to a sandbox may go wrong, and where it can be watched: faults planned by a test, and moments at which an observer
 * may act, so that a caller can be killed at the worst one.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { Journal } from './journal.ts'

/** How far a call has come: `applied` once its effect is in the journal, `answered` once the answer was handed to the socket. */
export type Moment = 'received' | 'applied' | 'answered'
/** Awaited: the call stands still at that moment until the observer is done. */
export type Observer = (moment: Moment, operation: string) => void | Promise<void>

export const faultSchema = z.strictObject({
  operation: z.string(),
  /**
   * `error-before` fails without effect; `error-after` and `drop-after` have the effect, then answer 500 or nothing at all; `too-many`
   * is refused without effect as one call too many, which may come again after `delayMs`; `unprocessable` without effect with 422, a status
   * that platforms answer with and leave out of their descriptions.
   */
  kind: z.enum([
    'error-before',
    'error-after',
    'drop-after',
    'delay-before',
    'delay-after',
    'too-many',
    'unprocessable',
  ]),
  times: z.int().min(1).default(1),
  delayMs: z.int().min(0).max(60_000).default(0),
})
export type Fault = z.infer<typeof faultSchema>

export interface Faults {
  plan(fault: z.input<typeof faultSchema>): void
  /** No call has any effect until this instant of the platform's own clock, epoch milliseconds. */
  downUntil(instant: number): void
  isDown(now: number): boolean
  /** Consumes one planned fault of the operation. */
  take(operation: string): Fault | undefined
}

export function newFaults(): Faults {
  const planned: Fault[] = []
  let upAgainAt = 0
  return {
    downUntil(instant) {
      upAgainAt = instant
    },
    isDown: (now) => now < upAgainAt,
    plan: (fault) => void planned.push(faultSchema.parse(fault)),
    take(operation) {
      const index = planned.findIndex((fault) => fault.operation === operation)
      const fault = planned[index]
      if (!fault) return undefined
      if (fault.times > 1) planned[index] = { ...fault, times: fault.times - 1 }
      else planned.splice(index, 1)
      return fault
    },
  }
}

/** One line of the journal of calls: what arrived, whatever became of it. */
export interface ReceivedCall {
  readonly at: string
  readonly operation: string
  /** What it met, where something was planned for it. */
  readonly fault?: Fault['kind']
}
export interface Stage {
  readonly calls: Journal<ReceivedCall>
  readonly faults: Faults
  readonly now: () => number
  readonly observe?: Observer
}

export interface Broken<Answer> {
  readonly before: Answer
  readonly after: Answer
  /** As one call too many; as `before` where a platform counts none. */
  readonly tooMany?: (retryInMs: number) => Answer
  /** As `before` where a platform has no such answer. */
  readonly unprocessable?: Answer
}

/** Plays one call with its faults and moments. Resolves with the answer to give, or null when the connection is to be cut. */
export async function play<Answer>(
  { calls, faults, now, observe }: Stage,
  operation: string,
  act: () => Answer | Promise<Answer>,
  broken: Broken<Answer>,
): Promise<Answer | null> {
  // What finds the platform down meets nothing else: a fault waits for a call that it can befall.
  const fault = faults.isDown(now()) ? undefined : faults.take(operation)
  calls.append({ at: new Date(now()).toISOString(), operation, ...(fault && { fault: fault.kind }) })
  await observe?.('received', operation)
  if (faults.isDown(now())) return broken.before
  if (fault?.kind === 'delay-before') await delay(fault.delayMs)
  if (fault?.kind === 'error-before') return broken.before
  if (fault?.kind === 'unprocessable') return broken.unprocessable ?? broken.before
  if (fault?.kind === 'too-many') return broken.tooMany?.(fault.delayMs) ?? broken.before
  const answer = await act()
  await observe?.('applied', operation)
  if (fault?.kind === 'delay-after') await delay(fault.delayMs)
  if (fault?.kind === 'drop-after') return null
  return fault?.kind === 'error-after' ? broken.after : answer
}
