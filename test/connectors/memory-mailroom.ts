/** The mailroom of one process, for tests that need no database. */
import type { KeptLetter, Mailroom } from '../../connectors/pec/mailroom.ts'
import type { Position } from '../../connectors/pec/types.ts'

export function memoryMailroom(): Mailroom {
  const positions = new Map<string, Position>()
  const letters = new Map<string, KeptLetter>()
  return {
    position: async (folder) => positions.get(folder) ?? null,
    advance: async (folder, position) => void positions.set(folder, position),
    async keep(letter) {
      if (!letters.has(letter.key)) letters.set(letter.key, letter)
    },
    letters: async () => [...letters.values()].sort((one, other) => (one.readAt < other.readAt ? -1 : 1)),
  }
}
