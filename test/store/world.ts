/** A database for one test file, and stores on it; random rows of every table. */
import { mkdtemp, rm } from 'node:fs/promises'
import pg from 'pg'
import type { Changes } from '../../engine/core/state/journal.ts'
import type { AnyRow, TableName, Tables } from '../../engine/core/state/tables.ts'
import type { Key, LogRecord } from '../../engine/protocol/records.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../engine/store/embedded.ts'
import { openPostgresStore } from '../../engine/store/postgres.ts'
import type { BatchWrite, Entry, Store } from '../../engine/store/store.ts'
import { type FieldType, tables } from '../../engine/store/tables.ts'

export const SECRET = Buffer.alloc(32, 7)

export interface World {
  readonly server: EmbeddedPostgres
  store(): Store
  closeStores(): Promise<void>
  sql<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>
  close(): Promise<void>
}

export async function world(): Promise<World> {
  const dataDir = await mkdtemp('/tmp/iter-test-')
  const server = await startEmbeddedPostgres({ dataDir })
  const stores: Store[] = []
  const pool = new pg.Pool({ connectionString: server.connectionString, max: 2 })
  pool.on('error', () => {}) // tests end connections on purpose
  const closeStores = async () => {
    for (const store of stores.splice(0)) await store.close()
  }
  return {
    server,
    store() {
      const store = openPostgresStore({ connectionString: server.connectionString, secret: SECRET, log: () => {} })
      stores.push(store)
      return store
    },
    closeStores,
    async sql(text, values = []) {
      return (await pool.query(text, [...values])).rows
    },
    async close() {
      await closeStores()
      await pool.end()
      await server.stop()
      await rm(dataDir, { recursive: true })
    },
  }
}

/** A generator with a seed, so that a failure can be played again. */
export function random(seed: number) {
  let state = seed
  const next = () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
  const below = (n: number) => Math.floor(next() * n)
  const one = <T>(of: readonly T[]): T => of[below(of.length)]!
  const text = () => one(['', 'a', 'è €', '"\\', '{}', '\u0001', '😀', "'; DROP", 'x'.repeat(below(300)), 'NULL'])
  const texts = () => Array.from({ length: below(4) }, text)
  const int8 = () => one([-1, 0, 1, 2 ** 31, 2 ** 51 + below(1_000_000), Number.MAX_SAFE_INTEGER, -(2 ** 40)])
  const int4 = () => one([-1, 0, 1, 2 ** 31 - 1, -(2 ** 31)])
  const values: Readonly<Record<FieldType, () => unknown>> = {
    int8,
    'int8 or none': () => one([-1, 1, 2 ** 31, 2 ** 51 + below(1_000_000), Number.MAX_SAFE_INTEGER]),
    int4,
    bool: () => next() < 0.5,
    text,
    'text or none': text,
    'text or null': () => (next() < 0.3 ? null : text()),
    'text[] or none': texts,
    'text[] or null': () => (next() < 0.3 ? null : texts()),
    'json object or none': () => Object.fromEntries(texts().map((name, at) => [name, at])),
    'json list or none': () => texts().map((variables) => ({ key: int8(), targetElementId: 'e', variables })),
  }
  return {
    below,
    row<T extends TableName>(table: T, given: Partial<Tables[T]>): Tables[T] {
      const fields = Object.entries(tables[table]) as [keyof Tables[T], FieldType][]
      const row: Partial<Tables[T]> = {}
      for (const [field, type] of fields) row[field] = values[type]() as Tables[T][keyof Tables[T]]
      return { ...(row as Tables[T]), ...given }
    },
  }
}

/** Keeps the count of positions, as the engine's loop does. */
export class Author {
  #position: number
  #key: Key
  constructor(opened: { readonly lastPosition: number; readonly nextKey: Key }) {
    this.#position = opened.lastPosition
    this.#key = opened.nextKey
  }
  key(): Key {
    return this.#key++
  }
  entry(record: LogRecord, processInstanceKey = -1, rootProcessInstanceKey = processInstanceKey): Entry {
    return {
      position: ++this.#position,
      sourceRecordPosition: record.recordType === 'COMMAND' ? -1 : this.#position - 1,
      timestamp: 1_795_530_883_000 + this.#position,
      processInstanceKey,
      rootProcessInstanceKey,
      record,
    }
  }
  batch(changes: Changes, entries: readonly Entry[] = [this.entry(expired)]): BatchWrite {
    return { entries, changes, nextKey: this.#key }
  }
}
export const expired: LogRecord = { recordType: 'EVENT', valueType: 'MESSAGE', intent: 'EXPIRED', key: 5, value: {} }

export const none = { inserted: [], updated: [], deleted: [], ended: [] }
export const byKey = (rows: readonly AnyRow[] = []): readonly AnyRow[] => [...rows].sort((a, b) => a.key - b.key)
