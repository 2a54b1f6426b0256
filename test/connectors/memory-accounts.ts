/** The accounts of one process, for tests that need no database. */
import type { Accounts, Booked } from '../../connectors/contabilita/accounts.ts'

export function memoryAccounts(): Accounts {
  const rows: Booked[] = []
  const causes = new Set<string>()
  return {
    async book(pratica, causa, entries) {
      if (causes.has(causa)) return
      causes.add(causa)
      for (const entry of entries) rows.push({ ...entry, pratica, progressivo: rows.length + 1 })
    },
    of: async (pratica) => rows.filter((row) => row.pratica === pratica),
    between: async (dal, al, after, limit) =>
      rows.filter(({ giorno, progressivo }) => dal <= giorno && giorno <= al && progressivo > after).slice(0, limit),
  }
}
