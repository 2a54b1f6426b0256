/**
 * The engine's memory. Rows are immutable; a change puts a new row, and the journal keeps the old one.
 *
 * Owns: the rows in memory, indexes, the undo journal, the key counter, what is resident. Does not own: deciding (commands, elements),
 * writing (appliers call `put` and `remove`, nobody else), durability (the store takes `changes()`).
 *
 * Invariants
 * S1 Rows are never mutated: a row handed to the store or a notice stays as it was.
 * S2 Of everything whose key was given out since memory began, memory knows all: it never asks the store for such a row, nor for the
 *    rows under such a key, and takes none from it. Of what is older it knows what it was told.
 * S3 `undo` restores rows, indexes and the key counter to the mark, whatever happened in between.
 */
import type { Key } from '../../protocol/records.ts'
import { ActivatableJobs } from './activatable-jobs.ts'
import { Batch, type Entry, type Mark } from './journal.ts'
import { Miss, SOME_ROWS, type Want } from './miss.ts'
import { Index, type Place } from './place-index.ts'
import type { Job } from './rows.ts'
import {
  type AnyRow,
  type LookupName,
  lookups,
  type RowOf,
  residentTables,
  type TableName,
  type Tables,
  tableNames,
  text,
} from './tables.ts'

type Rows = { readonly [T in TableName]: Map<Key, Tables[T]> }
type Absent = { readonly [T in TableName]: Set<Key> }
type IndexesOf = { readonly [T in TableName]: readonly Index<Tables[T]>[] }
type Indexes = { readonly [L in LookupName]: Index<RowOf<L>> }
const lookupNames = Object.keys(lookups) as LookupName[]
export class State {
  /** True when all rows are in memory, so that nothing is ever missing (the in-memory store, and replay). */
  readonly #whole: boolean
  readonly #rows: Rows
  readonly #indexes: Indexes
  readonly #indexesOf: IndexesOf
  /** S2: keys from here on were given out by this memory. */
  #youngFrom: Key
  /** Older keys that the store does not have, or that it still has because the batch that removed them has not committed. */
  readonly #absent: Absent
  readonly activatable: ActivatableJobs
  #journal: Entry[] = []
  #nextKey: Key

  constructor(options: { readonly firstKey: Key; readonly whole: boolean }) {
    this.#whole = options.whole
    this.#nextKey = options.firstKey
    this.#youngFrom = options.firstKey
    this.activatable = new ActivatableJobs(options.whole)
    this.#rows = Object.fromEntries(tableNames.map((name) => [name, new Map()])) as Rows
    this.#absent = Object.fromEntries(tableNames.map((name) => [name, new Set()])) as Absent
    this.#indexes = Object.fromEntries(lookupNames.map((name) => [name, new Index<AnyRow>(lookups[name])])) as Indexes
    const indexesOf = (table: TableName): readonly Index<AnyRow>[] =>
      lookupNames.filter((name) => lookups[name].table === table).map((name) => this.#indexes[name])
    this.#indexesOf = Object.fromEntries(tableNames.map((table) => [table, indexesOf(table)])) as IndexesOf
  }

  get nextKey(): Key {
    return this.#nextKey
  }
  takeKey(): Key {
    const key = this.#nextKey
    this.#nextKey = key + 1
    return key
  }
  /** Replay takes keys from records: the counter follows. */
  seenKey(key: Key): void {
    if (key >= this.#nextKey) this.#nextKey = key + 1
  }

  get<T extends TableName>(table: T, key: Key): Tables[T] | undefined {
    const row = this.#rows[table].get(key)
    if (row !== undefined || this.#knows(table, key)) return row
    throw new Miss({ kind: 'row', table, key })
  }

  /** How many rows of a resident table there are. */
  count(table: 'suspension'): number {
    return this.#rows[table].size
  }

  /** All rows under that place, in the order of their keys. */
  find<L extends LookupName>(lookup: L, ...at: readonly Place[]): ReadonlyMap<Key, RowOf<L>> {
    const place = at.length === 1 ? at[0]! : text(...at)
    if (!this.#isComplete(lookup, place)) throw new Miss({ kind: 'lookup', lookup, at: place })
    return this.#indexes[lookup].at(place)
  }
  /** Whether there is a row under that place. */
  has(lookup: LookupName, place: Place): boolean {
    const index = this.#indexes[lookup]
    if (index.at(place).size > 0) return true
    if (this.#isComplete(lookup, place)) return false
    throw new Miss({ kind: index.isCrowded(place) ? 'lookup' : 'some', lookup, at: place })
  }
  /** The store could say no more of that key than memory does. */
  #knows(table: TableName, key: Key): boolean {
    return this.#whole || key < 0 || key >= this.#youngFrom || residentTables.has(table) || this.#absent[table].has(key)
  }
  #isComplete(lookup: LookupName, place: Place): boolean {
    if (this.#whole || residentTables.has(lookups[lookup].table)) return true
    return (typeof place === 'number' && place >= this.#youngFrom) || this.#indexes[lookup].isComplete(place)
  }

  put<T extends TableName>(table: T, row: Tables[T]): void {
    const before = this.#set(table, row.key, row)
    this.#journal.push({ table, key: row.key, before, final: undefined })
  }

  /** Ends a row. `final` is what history keeps of it; without it nothing is kept. */
  remove<T extends TableName>(table: T, key: Key, final?: Tables[T]): void {
    const before = this.#set(table, key, undefined)
    if (key < this.#youngFrom && !this.#whole) this.#absent[table].add(key)
    this.#journal.push({ table, key, before, final })
  }

  #set<T extends TableName>(table: T, key: Key, row: Tables[T] | undefined): Tables[T] | undefined {
    const rows: Map<Key, Tables[T]> = this.#rows[table]
    const before = rows.get(key)
    if (row === undefined) rows.delete(key)
    else rows.set(key, row)
    for (const index of this.#indexesOf[table]) index.move(before, row)
    if (table === 'job') this.activatable.observe(before as Job | undefined, row as Job | undefined)
    return before
  }

  mark(): Mark {
    return { length: this.#journal.length, nextKey: this.#nextKey }
  }
  /** Takes back everything since the mark. */
  undo(mark: Mark): void {
    for (let i = this.#journal.length - 1; i >= mark.length; i--) {
      const { table, key, before } = this.#journal[i]!
      this.#set(table, key, before as never)
      if (before !== undefined) this.#absent[table].delete(key)
    }
    this.#journal.length = mark.length
    this.#nextKey = mark.nextKey
  }
  /** Cuts the journal: what was written so far is a batch of its own, to be taken back by `restore` or closed by `settle`. */
  cut(): Batch {
    const entries = this.#journal
    this.#journal = []
    return new Batch(entries, (table, key) => this.#rows[table].get(key))
  }
  /** Takes back a batch whose commit failed; later batches must have been taken back before. */
  restore(batch: Batch): void {
    this.#journal = [...batch.entries]
    this.undo({ length: 0, nextKey: this.#nextKey })
  }
  /** The batch has committed: the store answers for what it removed, so memory forgets it. */
  settle(batch: Batch): void {
    // Not what it only changed: a later batch on its way may have removed that, and the store still has it.
    for (const table of tableNames)
      for (const key of batch.changes[table]?.deleted ?? []) this.#absent[table].delete(key)
  }

  /** Adds what the store answered. Wants that had no row are known to be absent from now on. */
  load(loaded: Loaded): void {
    for (const { tenantId, type, upTo } of loaded.jobWindows) this.activatable.windowLoaded(tenantId, type, upTo)
    for (const [table, rows] of loaded.rows) {
      for (const row of rows)
        if (row.key < this.#youngFrom && !this.#rows[table].has(row.key) && !this.#absent[table].has(row.key))
          this.#set(table, row.key, row as never)
    }
    for (const want of loaded.answered) {
      if (want.kind === 'lookup') this.#indexes[want.lookup].complete(want.at)
      if (want.kind === 'some') this.#saw(want.lookup, want.at, loaded.rows)
      if (want.kind === 'row' && !this.#rows[want.table].has(want.key)) this.#absent[want.table].add(want.key)
    }
  }

  #saw(lookup: LookupName, place: Place, rows: Loaded['rows']): void {
    const { table, of } = lookups[lookup] as { table: TableName; of(row: AnyRow): Place | null }
    const seen = (rows.get(table) ?? []).filter((row) => of(row) === place).length
    if (seen < SOME_ROWS) this.#indexes[lookup].complete(place)
    else this.#indexes[lookup].crowded(place)
  }

  /** What memory holds beside the resident tables: rows, and places known to be complete. */
  get residentRows(): number {
    let count = 0
    for (const table of tableNames)
      if (!residentTables.has(table)) count += this.#rows[table].size + this.#absent[table].size
    for (const name of lookupNames) count += this.#indexes[name].completeCount
    return count
  }
  /** Memory starts afresh: everything but the resident tables is loaded again when it is needed. Nothing may be uncommitted. */
  forget(): void {
    for (const table of tableNames) {
      if (residentTables.has(table)) continue
      this.#rows[table].clear()
      this.#absent[table].clear()
    }
    for (const name of lookupNames) if (!residentTables.has(lookups[name].table)) this.#indexes[name].clear()
    this.#youngFrom = this.#nextKey
    this.activatable.clear()
  }

  /** Every row of a table that is in memory. For tests and for the in-memory store. */
  rows<T extends TableName>(table: T): IterableIterator<Tables[T]> {
    return this.#rows[table].values()
  }
}

export interface Loaded {
  readonly rows: ReadonlyMap<TableName, readonly AnyRow[]>
  readonly answered: readonly Want[]
  /** For a `jobs` want: all activatable jobs above it with keys up to `upTo` are among the rows (Infinity: all there are). */
  readonly jobWindows: readonly { readonly tenantId: string; readonly type: string; readonly upTo: Key }[]
}
