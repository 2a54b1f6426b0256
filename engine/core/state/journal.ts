/** What was written, in order, so that it can be taken back, and the net effect of a batch, which the store makes durable. */
import type { Key } from '../../protocol/records.ts'
import type { AnyRow, TableName, Tables } from './tables.ts'

/** The net effect of a batch on one table. */
export interface TableChanges<R> {
  readonly inserted: readonly R[]
  readonly updated: readonly R[]
  readonly deleted: readonly Key[]
  /** Final rows of what ended; those that were also born in the batch never had a hot row. */
  readonly ended: readonly R[]
}
export type Changes = { readonly [T in TableName]?: TableChanges<Tables[T]> }

export interface Entry {
  readonly table: TableName
  readonly key: Key
  readonly before: AnyRow | undefined
  readonly final: AnyRow | undefined
}
export interface Mark {
  readonly length: number
  readonly nextKey: Key
}

/** A batch's share of the journal. */
export class Batch {
  readonly entries: readonly Entry[]
  readonly changes: Changes
  constructor(entries: readonly Entry[], current: (table: TableName, key: Key) => AnyRow | undefined) {
    this.entries = entries
    this.changes = netEffect(entries, current)
  }
}

function netEffect(entries: readonly Entry[], current: (table: TableName, key: Key) => AnyRow | undefined): Changes {
  const seen = new Map<TableName, Map<Key, { before: AnyRow | undefined; final: AnyRow | undefined }>>()
  for (const { table, key, before, final } of entries) {
    const rows = seen.get(table) ?? new Map<Key, { before: AnyRow | undefined; final: AnyRow | undefined }>()
    seen.set(table, rows)
    const known = rows.get(key)
    if (known === undefined) rows.set(key, { before, final })
    else known.final = final ?? known.final
  }
  const changes: Partial<Record<TableName, TableChanges<AnyRow>>> = {}
  for (const [table, rows] of seen) {
    const net = { inserted: [] as AnyRow[], updated: [] as AnyRow[], deleted: [] as Key[], ended: [] as AnyRow[] }
    for (const [key, { before, final }] of rows) {
      const after = current(table, key)
      if (after !== undefined) (before === undefined ? net.inserted : net.updated).push(after)
      else if (before !== undefined) net.deleted.push(key)
      if (after === undefined && final !== undefined) net.ended.push(final)
    }
    changes[table] = net
  }
  return changes as Changes
}
