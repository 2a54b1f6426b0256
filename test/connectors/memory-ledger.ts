/** The ledger of one process, for tests that need no database. Its clock moves by hand. */
import type { Ledger } from '../../connectors/ledger/ledger.ts'

export interface MemoryLedger extends Ledger {
  advance(ms: number): void
  readonly keys: () => readonly string[]
}

export function memoryLedger(): MemoryLedger {
  const effects = new Map<string, { calledAt: number; outcome?: { readonly value: unknown } }>()
  let now = 0
  return {
    advance(ms) {
      now += ms
    },
    keys: () => [...effects.keys()],
    async intend(key) {
      const found = effects.get(key)
      if (!found) effects.set(key, { calledAt: now })
      if (!found) return { state: 'new' }
      return found.outcome
        ? { state: 'settled', outcome: structuredClone(found.outcome.value) }
        : { state: 'open', ageMs: now - found.calledAt }
    },
    renew: async (key) => void effects.set(key, { calledAt: now }),
    settle: async (key, value) => void effects.set(key, { calledAt: now, outcome: { value: structuredClone(value) } }),
    async withdraw(key) {
      if (!effects.get(key)?.outcome) effects.delete(key)
    },
  }
}
