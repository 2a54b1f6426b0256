/** The ledger of one process, for tests that need no database. Its clock moves by hand. */
import type { Ledger } from '../../connectors/ledger/ledger.ts'

export interface MemoryLedger extends Ledger {
  advance(ms: number): void
  readonly keys: () => readonly string[]
}

export function memoryLedger(): MemoryLedger {
  const effects = new Map<string, { calledAt: number; attempt: number; outcome?: { readonly value: unknown } }>()
  const series = new Map<string, number>()
  let now = 0
  return {
    advance(ms) {
      now += ms
    },
    keys: () => [...effects.keys()],
    async intend(key) {
      const found = effects.get(key)
      if (!found) effects.set(key, { calledAt: now, attempt: 1 })
      if (!found) return { state: 'new' }
      return found.outcome
        ? { state: 'settled', outcome: structuredClone(found.outcome.value) }
        : { state: 'open', ageMs: now - found.calledAt, attempt: found.attempt }
    },
    async renew(key, attempt) {
      const found = effects.get(key)
      if (!found || found.outcome || found.attempt !== attempt) return false
      effects.set(key, { calledAt: now, attempt: attempt + 1 })
      return true
    },
    settle: async (key, value) =>
      void effects.set(key, { calledAt: now, attempt: 0, outcome: { value: structuredClone(value) } }),
    async withdraw(key, attempt) {
      const found = effects.get(key)
      if (found && !found.outcome && (attempt === undefined || attempt === found.attempt)) effects.delete(key)
    },
    async nextNumber(name) {
      const next = (series.get(name) ?? 0) + 1
      series.set(name, next)
      return String(next)
    },
  }
}
