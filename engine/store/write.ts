/**
 * A batch as one exchange: the log first, because it is the fence, then rows. COPY brings rows in: it forms tuples without a plan and
 * writes a page of them as one WAL record (figures in docs/decisions/0001-storage.md).
 */

import type { TableChanges } from '../core/state/journal.ts'
import type { AnyRow, TableName } from '../core/state/tables.ts'
import type { Key } from '../protocol/records.ts'
import { encodeBatch, type Seal } from './log-format.ts'
import type { LogKeys } from './log-keys.ts'
import { fromLog } from './log-rows.ts'
import { type TableCodec, tableCodecs } from './row-codec.ts'
import type { BatchWrite } from './store.ts'
import type { StoredTableName } from './tables.ts'
import type { Column, Exchange, Statement } from './wire.ts'

export const PARTITION = 1

/** A batch on its way, with what only the store knows of it. */
export interface Writing extends BatchWrite {
  readonly epoch: number
  /** Of what belongs to no process instance. */
  readonly salt: Buffer
  readonly seal: Seal
}

/** @param keys where the salts of root instances are */
export function batchWriter(keys: LogKeys): (exchange: Exchange, writing: Writing) => void {
  const saltColumn: Column<AnyRow> = { name: 'salt', type: 'bytea', of: (row) => saltOf(row, keys) }
  let position = 0
  const endColumn: Column<AnyRow> = {
    name: 'log_position',
    type: 'int8',
    of: (row) => (isProcessInstance(row) ? position : null),
  }
  const writers = new Map(
    (Object.keys(tableCodecs) as StoredTableName[]).map((name) => [
      name,
      name === 'elementInstance' ? writerOf(name, [saltColumn], [endColumn]) : writerOf(name, [], []),
    ]),
  )
  return (exchange, writing) => {
    const { entries, changes } = writing
    position = entries[0]!.position
    exchange.row(insertLog, logColumns, writing)
    const instances = new Set(entries.map((entry) => entry.processInstanceKey))
    instances.delete(-1)
    for (const { key } of changes.elementInstance?.ended ?? []) instances.delete(key)
    if (instances.size > 0) exchange.copy(copyLogInstance, logInstanceColumns(position), [...instances])
    for (const [table, of] of Object.entries(changes) as [TableName, TableChanges<AnyRow>][]) {
      writers.get(table)!(exchange, of)
    }
    for (const { codec, rows } of fromLog(entries)) exchange.copy(copyInto(codec), codec.columns, rows)
  }
}
const isProcessInstance = (row: AnyRow): boolean => 'bpmnElementType' in row && row.key === row.processInstanceKey
/** The salt of a root instance goes where its row goes. */
const saltOf = (row: AnyRow, keys: LogKeys): Buffer | null =>
  'rootProcessInstanceKey' in row && row.key === row.rootProcessInstanceKey ? keys.saltOf(row.key) : null

const logColumns: readonly Column<Writing>[] = [
  { name: 'partition', type: 'int4', of: () => PARTITION },
  { name: 'position', type: 'int8', of: ({ entries }) => entries[0]!.position },
  { name: 'positions', type: 'int4', of: ({ entries }) => entries.length },
  { name: 'epoch', type: 'int4', of: ({ epoch }) => epoch },
  { name: 'next_key', type: 'int8', of: ({ nextKey }) => nextKey },
  { name: 'salt', type: 'bytea', of: ({ salt }) => salt },
  { name: 'records', type: 'bytea', of: ({ entries, seal }) => encodeBatch(entries, seal) },
]
const names = (columns: readonly { readonly name: string }[]) => columns.map(({ name }) => name).join(', ')
const insertLog: Statement = {
  name: 'log',
  sql: `INSERT INTO engine.log (${names(logColumns)}) VALUES (${logColumns.map((_, at) => `$${at + 1}`).join(', ')})`,
}
const logInstanceColumns = (position: number): readonly Column<Key>[] => [
  { name: 'process_instance_key', type: 'int8', of: (key) => key },
  { name: 'position', type: 'int8', of: () => position },
]
const copyLogInstance: Statement = {
  name: 'log_instance',
  sql: `COPY engine.log_instance (${names(logInstanceColumns(0))}) FROM STDIN (FORMAT binary)`,
}

const copyInto = ({ table, columns }: Pick<TableCodec<never>, 'table' | 'columns'>, suffix = ''): Statement => ({
  name: `copy_${table}${suffix}`,
  sql: `COPY engine.${table}${suffix} (${names(columns)}) FROM STDIN (FORMAT binary)`,
})

type Writer = (exchange: Exchange, changes: TableChanges<AnyRow>) => void

/** @param more columns that only the store knows of, in both tables; `atEnd` in history alone */
function writerOf(name: StoredTableName, more: readonly Column<AnyRow>[], atEnd: readonly Column<AnyRow>[]): Writer {
  const { table, columns: own } = tableCodecs[name] as TableCodec<AnyRow>
  const columns = [...own, ...more]
  const copy = copyInto({ table, columns })
  const historyColumns = [...columns, ...atEnd]
  const copyHistory = copyInto({ table, columns: historyColumns }, '_history')
  const remove: Statement = {
    name: `delete_${table}`,
    sql: `DELETE FROM engine.${table} WHERE key = ANY($1::bigint[])`,
  }
  const set = own.slice(1).map((column, at) => `${column.name} = $${at + 2}`)
  const update: Statement = {
    name: `update_${table}`,
    sql: `UPDATE engine.${table} SET ${set.join(', ')} WHERE key = $1`,
  }
  return (exchange, { inserted, updated, deleted, ended }) => {
    if (deleted.length > 0) exchange.arrays(remove, [{ type: 'int8', values: deleted }])
    for (const row of updated) exchange.row(update, own, row)
    if (inserted.length > 0) exchange.copy(copy, columns, inserted)
    if (ended.length > 0) exchange.copy(copyHistory, historyColumns, ended)
  }
}
