import type pg from 'pg'
import { ByteWriter, type Column, type ColumnValue, Exchange, submit } from '../../../engine/store/wire.ts'
import { hotAndHistory, oneTable, type TableName, tables } from './tables.ts'
import type { Batch } from './workload.ts'

export interface Writer {
  readonly schema: string
  /** Commands share a transaction; otherwise each is its own. */
  readonly batches: boolean
  write(client: pg.Client, batch: Batch): Promise<unknown>
}
const names: readonly TableName[] = ['element', 'job', 'variable']
const sqlType = {
  int8: 'bigint',
  int4: 'integer',
  bool: 'boolean',
  text: 'text',
  json: 'json',
  bytea: 'bytea',
  'text[]': 'text[]',
} as const

type Row = never
const columnsOf = (name: TableName) => tables[name] as readonly Column<Row>[]
const list = (name: TableName) =>
  columnsOf(name)
    .map((c) => c.name)
    .join(', ')
const unnest = (name: TableName, first: number) =>
  `unnest(${columnsOf(name)
    .map((c, i) => `$${first + i}::${sqlType[c.type]}[]`)
    .join(', ')})`
const vectors = (name: TableName, rows: readonly object[]) =>
  columnsOf(name).map((c) => ({ type: c.type, values: rows.map((row) => c.of(row as Row)) }))
const keys = (rows: readonly { readonly key: number }[]) => rows.map((row) => row.key)

/** Statements with their parameters, in the order in which a batch needs them; empty ones are left out. */
type Step = { name: string; parameters: { type: Column<Row>['type']; values: readonly ColumnValue[] }[] }
const logSteps = (batch: Batch): Step[] => [
  {
    name: 'log',
    parameters: [
      { type: 'int8', values: [batch.position] },
      { type: 'bytea', values: [batch.log] },
    ],
  },
  {
    name: 'log_instance',
    parameters: [
      { type: 'int8', values: batch.instances },
      { type: 'int8', values: batch.instances.map(() => batch.position) },
    ],
  },
]
const logSql = {
  log: 'INSERT INTO log SELECT 1, * FROM unnest($1::bigint[], $2::bytea[])',
  log_instance: 'INSERT INTO log_instance SELECT * FROM unnest($1::bigint[], $2::bigint[])',
}

function hotSteps(batch: Batch): Step[] {
  const steps = logSteps(batch)
  for (const name of names) {
    const { born, ended, passed } = batch[name]
    if (born.length > 0) steps.push({ name: `insert_${name}`, parameters: vectors(name, born) })
    if (ended.length > 0) steps.push({ name: `delete_${name}`, parameters: [{ type: 'int8', values: keys(ended) }] })
    const over = [...passed, ...ended]
    if (over.length > 0) steps.push({ name: `insert_${name}_history`, parameters: vectors(name, over) })
  }
  return steps
}
const hotSql: Record<string, string> = {
  ...logSql,
  ...Object.fromEntries(
    names.flatMap((name) => [
      [`insert_${name}`, `INSERT INTO ${name} (${list(name)}) SELECT * FROM ${unnest(name, 1)}`],
      [`delete_${name}`, `DELETE FROM ${name} WHERE key = ANY($1::bigint[])`],
      [`insert_${name}_history`, `INSERT INTO ${name}_history (${list(name)}) SELECT * FROM ${unnest(name, 1)}`],
    ]),
  ),
}
const update = (name: TableName) => {
  const set = columnsOf(name)
    .slice(1)
    .map((c) => `${c.name} = u.${c.name}`)
    .join(', ')
  return `UPDATE ${name} t SET ${set} FROM ${unnest(name, 1)} AS u(${list(name)}) WHERE t.key = u.key`
}
function oneTableSteps(batch: Batch): Step[] {
  const steps = logSteps(batch)
  for (const name of names) {
    const { born, ended, passed } = batch[name]
    const fresh = [...born, ...passed]
    if (fresh.length > 0) steps.push({ name: `insert_${name}`, parameters: vectors(name, fresh) })
    if (ended.length > 0 && name !== 'variable')
      steps.push({ name: `update_${name}`, parameters: vectors(name, ended) })
  }
  return steps
}
const withoutHistory = (sql: Record<string, string>) =>
  Object.fromEntries(Object.entries(sql).filter(([name]) => !/history|delete/.test(name)))
const oneTableSql: Record<string, string> = {
  ...withoutHistory(hotSql),
  ...Object.fromEntries(names.map((name) => [`update_${name}`, update(name)])),
}

/** Ends a job: the whole row again would be cheating in favour of hot and history, so only what changes is sent. */
oneTableSql.update_job =
  'UPDATE job t SET state = u.state, ended_at = u.ended_at FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS u(key, state, ended_at) WHERE t.key = u.key'
oneTableSql.update_element =
  'UPDATE element t SET state = u.state, ended_at = u.ended_at, detail = u.detail FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::json[]) AS u(key, state, ended_at, detail) WHERE t.key = u.key'
const pick: Record<string, readonly string[]> = {
  update_job: ['key', 'state', 'ended_at'],
  update_element: ['key', 'state', 'ended_at', 'detail'],
}
function slim(step: Step): Step {
  const wanted = pick[step.name]
  if (!wanted) return step
  const name = step.name === 'update_job' ? 'job' : 'element'
  return { ...step, parameters: step.parameters.filter((_, i) => wanted.includes(columnsOf(name)[i]!.name)) }
}

const shared = new ByteWriter(1 << 20)
/** Statements that each connection has parsed. */
const known = new WeakMap<pg.Client, Set<string>>()
/** One exchange whose statements are named in `sql`. */
function exchanged(client: pg.Client, build: (exchange: Exchange) => void): Promise<unknown> {
  const parsed = known.get(client) ?? new Set()
  known.set(client, parsed)
  const exchange = new Exchange(parsed, shared)
  build(exchange)
  return submit(client, exchange.finish())
}

const pipelined = (
  schema: string,
  sql: Record<string, string>,
  steps: (batch: Batch) => Step[],
  batches = true,
): Writer => ({
  schema,
  batches,
  write: (client, batch) =>
    exchanged(client, (exchange) => {
      for (const { name, parameters } of steps(batch)) exchange.arrays({ name, sql: sql[name]! }, parameters)
    }),
})

/** COPY brings rows in; it forms tuples without a plan and writes a page of them as one WAL record. */
const copySql: Record<string, string> = {
  log: 'COPY log FROM STDIN (FORMAT binary)',
  log_instance: 'COPY log_instance FROM STDIN (FORMAT binary)',
  ...Object.fromEntries(
    names.flatMap((name) => [
      [`insert_${name}`, `COPY ${name} (${list(name)}) FROM STDIN (FORMAT binary)`],
      [`delete_${name}`, `DELETE FROM ${name} WHERE key = ANY($1::bigint[])`],
      [`insert_${name}_history`, `COPY ${name}_history (${list(name)}) FROM STDIN (FORMAT binary)`],
    ]),
  ),
}
const instanceColumns = (position: number): Column<number>[] => [
  { name: 'process_instance_key', type: 'int8', of: (key) => key },
  { name: 'position', type: 'int8', of: () => position },
]
const logColumns: Column<Batch>[] = [
  { name: 'partition', type: 'int4', of: () => 1 },
  { name: 'position', type: 'int8', of: (b) => b.position },
  { name: 'entry', type: 'bytea', of: (b) => b.log },
]
const ginColumns: Column<Batch>[] = [
  ...logColumns,
  { name: 'instances', type: 'json', of: (b) => int8Array(b.instances) },
]
/** A value of type int8[], which the writer of columns does not know. */
function int8Array(values: readonly number[]): Uint8Array {
  const out = new ByteWriter(20 + 12 * values.length)
  for (const word of [1, 0, 20, values.length, 1]) out.int32(word)
  for (const value of values) {
    out.int32(8)
    out.int64(value)
  }
  return out.bytes.subarray(0, out.length)
}
const copying = (
  schema: string,
  sql: Record<string, string>,
  index: 'table' | 'gin' | 'none',
  one: boolean,
): Writer => ({
  schema,
  batches: true,
  write(client, batch) {
    const named = (name: string) => ({ name, sql: sql[name]! })
    return exchanged(client, (exchange) => {
      exchange.copy(named('log'), index === 'gin' ? ginColumns : logColumns, [batch])
      if (index === 'table') exchange.copy(named('log_instance'), instanceColumns(batch.position), batch.instances)
      for (const name of names) {
        const { born, ended, passed } = batch[name]
        const columns = columnsOf(name)
        const fresh = one ? [...born, ...passed] : born
        if (fresh.length > 0) exchange.copy(named(`insert_${name}`), columns, fresh as Row[])
        if (one) {
          if (ended.length > 0 && name !== 'variable')
            exchange.arrays(
              named(`update_${name}`),
              slim({ name: `update_${name}`, parameters: vectors(name, ended) }).parameters,
            )
          continue
        }
        if (ended.length > 0) exchange.arrays(named(`delete_${name}`), [{ type: 'int8', values: keys(ended) }])
        const over = [...passed, ...ended]
        if (over.length > 0) exchange.copy(named(`insert_${name}_history`), columns, over as Row[])
      }
    })
  },
})

/** One data-modifying statement for the whole batch; every part always present, arrays may be empty. */
const cteParts = (): {
  sql: string
  vectors: (batch: Batch) => { type: Column<Row>['type']; values: readonly ColumnValue[] }[]
} => {
  let next = 5
  const parts = [
    'l AS (INSERT INTO log SELECT 1, * FROM unnest($1::bigint[], $2::bytea[]))',
    'i AS (INSERT INTO log_instance SELECT * FROM unnest($3::bigint[], $4::bigint[]))',
  ]
  for (const name of names) {
    const width = columnsOf(name).length
    parts.push(`b_${name} AS (INSERT INTO ${name} (${list(name)}) SELECT * FROM ${unnest(name, next)})`)
    parts.push(`d_${name} AS (DELETE FROM ${name} WHERE key = ANY($${next + width}::bigint[]))`)
    parts.push(
      `h_${name} AS (INSERT INTO ${name}_history (${list(name)}) SELECT * FROM ${unnest(name, next + width + 1)})`,
    )
    next += 2 * width + 1
  }
  return {
    sql: `WITH ${parts.join(', ')} SELECT`,
    vectors: (batch) => [
      ...logSteps(batch).flatMap((step) => step.parameters),
      ...names.flatMap((name) => {
        const { born, ended, passed } = batch[name]
        return [
          ...vectors(name, born),
          { type: 'int8' as const, values: keys(ended) },
          ...vectors(name, [...passed, ...ended]),
        ]
      }),
    ],
  }
}
const cte = cteParts()
const cteText: Writer = {
  schema: hotAndHistory,
  batches: true,
  write: (client, batch) =>
    client.query({ name: 'cte', text: cte.sql, values: cte.vectors(batch).map((v) => v.values) }),
}
const cteBinary: Writer = {
  schema: hotAndHistory,
  batches: true,
  write: (client, batch) =>
    exchanged(client, (exchange) => exchange.arrays({ name: 'cte', sql: cte.sql }, cte.vectors(batch))),
}

const recordset = (name: TableName, field: string) =>
  `SELECT * FROM json_to_recordset($1::json->'${field}') AS r(${columnsOf(name)
    .map((c) => `"${c.name}" ${sqlType[c.type]}`)
    .join(', ')})`
const jsonSql = `WITH l AS (INSERT INTO log VALUES (1, $2, $3)),
  i AS (INSERT INTO log_instance SELECT k::bigint, $2 FROM json_array_elements_text($1::json->'instances') k), ${names
    .flatMap((name) => [
      `b_${name} AS (INSERT INTO ${name} (${list(name)}) ${recordset(name, `b_${name}`)})`,
      `d_${name} AS (DELETE FROM ${name} WHERE key = ANY(ARRAY(SELECT k::bigint FROM json_array_elements_text($1::json->'d_${name}') k)))`,
      `h_${name} AS (INSERT INTO ${name}_history (${list(name)}) ${recordset(name, `h_${name}`)})`,
    ])
    .join(', ')} SELECT`
const plain = (name: TableName, rows: readonly object[]) =>
  rows.map((row) => Object.fromEntries(columnsOf(name).map((c) => [c.name, c.of(row as Row)])))
const cteJson: Writer = {
  schema: hotAndHistory,
  batches: true,
  write(client, batch) {
    const document: Record<string, unknown> = { instances: batch.instances }
    for (const name of names) {
      const { born, ended, passed } = batch[name]
      document[`b_${name}`] = plain(name, born)
      document[`d_${name}`] = keys(ended)
      document[`h_${name}`] = plain(name, [...passed, ...ended])
    }
    return client.query({ name: 'json', text: jsonSql, values: [JSON.stringify(document), batch.position, batch.log] })
  },
}

export const writers = {
  'hot, cte, text arrays': cteText,
  'hot, cte, binary arrays': cteBinary,
  'hot, cte, json recordset': cteJson,
  'hot, pipelined arrays': pipelined(hotAndHistory, hotSql, hotSteps),
  'hot, pipelined COPY': copying(hotAndHistory, copySql, 'table', false),
  'hot, pipelined COPY, no log_instance': copying(hotAndHistory, copySql, 'none', false),
  'hot, pipelined COPY, log GIN': copying(
    `${hotAndHistory} ALTER TABLE log ADD instances bigint[]; CREATE INDEX ON log USING gin (instances) WITH (fastupdate = off)`,
    copySql,
    'gin',
    false,
  ),
  'one table, pipelined COPY, no log_instance': copying(
    oneTable,
    { ...oneTableSql, ...withoutHistory(copySql) },
    'none',
    true,
  ),
  'one table, pipelined arrays': pipelined(oneTable, oneTableSql, (batch) => oneTableSteps(batch).map(slim)),
  'one table, pipelined COPY': copying(oneTable, { ...oneTableSql, ...withoutHistory(copySql) }, 'table', true),
  'one table, transaction per command': pipelined(
    oneTable,
    oneTableSql,
    (batch) => oneTableSteps(batch).map(slim),
    false,
  ),
  'hot, transaction per command': pipelined(hotAndHistory, hotSql, hotSteps, false),
} satisfies Record<string, Writer>
