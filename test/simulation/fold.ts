/** The rows that the log gives, event by event (E1), kept up with the log as it grows. What clients of a simulation see is this. */
import { apply } from '../../engine/core/appliers/index.ts'
import { State } from '../../engine/core/state/state.ts'
import { type TableName, type Tables, tableNames } from '../../engine/core/state/tables.ts'
import type { Entry, Store } from '../../engine/store/store.ts'

const definitions: readonly TableName[] = ['processDefinition', 'decision', 'decisionRequirements', 'form']
const hot = tableNames.filter((table) => table !== 'resource' && !definitions.includes(table))

interface Tabled {
  rows<T extends TableName>(table: T): Iterable<Tables[T]>
}
/** All rows, by table and key. Resources stand in the log by their checksum alone. */
export const rowsOf = (of: Tabled) =>
  Object.fromEntries([...hot, ...definitions].map((table) => [table, [...of.rows(table)].sort(byKey)]))
/** What is open. */
export const hotRows = (of: Tabled) =>
  hot.flatMap((table) => [...of.rows(table)].map((row) => [table, row.key] as const))
/** The rows that the log gives when its events are applied from the first. */
export async function replayed(store: Pick<Store, 'read'>): Promise<ReturnType<typeof rowsOf>> {
  const fold = new Fold(store)
  await fold.catchUp()
  return rowsOf(fold)
}

const byKey = (one: { readonly key: number }, other: { readonly key: number }) => one.key - other.key

export class Fold {
  readonly #read: Store['read']
  readonly #state = new State({ firstKey: 1, whole: true })
  readonly entries: Entry[] = []

  constructor(store: Pick<Store, 'read'>) {
    this.#read = store.read.bind(store)
  }
  get position(): number {
    return this.entries.at(-1)?.position ?? 0
  }
  /** Takes up what has been written meanwhile, and answers with it. */
  async catchUp(): Promise<readonly Entry[]> {
    const known = this.entries.length
    for (;;) {
      const more = await this.#read(this.position, Number.MAX_SAFE_INTEGER)
      if (more.length === 0) return this.entries.slice(known)
      for (const entry of more) {
        if (entry.position <= this.position) continue // somebody else was catching up
        this.entries.push(entry)
        if (entry.record.recordType === 'EVENT') apply(this.#state, entry.record, entry.timestamp)
      }
    }
  }
  rows<T extends TableName>(table: T): readonly Tables[T][] {
    return [...this.#state.rows(table)].sort(byKey)
  }
}
