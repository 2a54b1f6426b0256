/**
 * Performs an outside effect at most once, as far as its class allows.
 * Invariants
 * L1 No call leaves before its intention is committed.
 * L2 A settled effect is never called again: its outcome is returned.
 * L3 An open one is resolved by its class: keyed calls again, findable looks up first, neither leaves it to a person.
 * L4 Only a certain failure takes an intention back, and only its own.
 * L5 Of two that find an effect open at once, one calls again.
 */
import type { ZodType } from 'zod'
import { Refused, Unavailable, Undecidable, Unsettled } from '../effect.ts'
import type { Ledger, Standing } from './ledger.ts'

type Open = Extract<Standing, { state: 'open' }>

interface EffectOf<Outcome> {
  /** The same for every attempt at this effect, and for no other. */
  readonly key: string
  /** For people who read the ledger. */
  readonly operation: string
  readonly outcome: ZodType<Outcome>
  call(): Promise<Outcome>
}
export type Effect<Outcome> = EffectOf<Outcome> &
  (
    | { readonly class: 'keyed' }
    | {
        readonly class: 'findable'
        find(): Promise<Outcome | null>
        /** How long after a call the platform may still be at work on it. */
        readonly settleMs: number
      }
    | {
        readonly class: 'neither'
        /** How long after a call another attempt may still be waiting for its answer; no time when absent. */
        readonly settleMs?: number
      }
  )

/**
 * Resolves with the outcome, now or from an earlier attempt. Rejects with the connector's failure, with `Unsettled` when it is too
 * early to tell, or with `Undecidable` when nothing will.
 */
export async function perform<Outcome>(ledger: Ledger, effect: Effect<Outcome>): Promise<Outcome> {
  const standing = await ledger.intend(effect.key, effect.operation)
  switch (standing.state) {
    case 'new':
      return attempt(ledger, effect, FIRST)
    case 'settled':
      return effect.outcome.parse(standing.outcome)
    case 'open':
      return resume(ledger, effect, standing)
  }
}

const FIRST = 1

async function resume<Outcome>(ledger: Ledger, effect: Effect<Outcome>, standing: Open): Promise<Outcome> {
  const { ageMs, attempt: last } = standing
  switch (effect.class) {
    case 'keyed':
      return attempt(ledger, effect, last)
    case 'neither': {
      const { settleMs = 0 } = effect
      if (ageMs < settleMs) throw new Unsettled(effect.operation, settleMs - ageMs)
      throw new Undecidable(effect.operation)
    }
    case 'findable': {
      const found = await effect.find()
      if (found !== null) return settled(ledger, effect, found)
      if (ageMs < effect.settleMs) throw new Unsettled(effect.operation, effect.settleMs - ageMs)
      if (!(await ledger.renew(effect.key, last))) throw new Unsettled(effect.operation, effect.settleMs)
      return attempt(ledger, effect, last + 1)
    }
  }
}

async function attempt<Outcome>(ledger: Ledger, effect: Effect<Outcome>, number: number): Promise<Outcome> {
  let outcome: Outcome
  try {
    outcome = await effect.call()
  } catch (error) {
    if (error instanceof Unavailable || error instanceof Refused) await ledger.withdraw(effect.key, number)
    throw error
  }
  return settled(ledger, effect, outcome)
}

async function settled<Outcome>(ledger: Ledger, { key }: Effect<Outcome>, outcome: Outcome): Promise<Outcome> {
  await ledger.settle(key, outcome)
  return outcome
}
