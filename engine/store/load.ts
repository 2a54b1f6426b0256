/** What memory misses, as statements: one for each kind of want, whatever their number. */

import { JOB_WINDOW } from '../core/state/activatable-jobs.ts'
import { SOME_ROWS, type Want } from '../core/state/miss.ts'
import type { Loaded } from '../core/state/state.ts'
import { type AnyRow, type LookupName, lookups, residentTables, type TableName } from '../core/state/tables.ts'
import { tableCodecs } from './row-codec.ts'
import type { Exchange, Results, Statement } from './wire.ts'

/** How PostgreSQL finds what a lookup of core/state/tables.ts names. */
type Finding =
  | { readonly key: string; readonly where?: string }
  /** Columns of the texts; the first three have an index by engine.place. */
  | { readonly texts: readonly string[]; readonly where?: string }
  /** In memory whole, so that nobody asks. */
  | 'resident'
const findings: Readonly<Record<LookupName, Finding>> = {
  childrenOf: { key: 't.flow_scope_key' },
  variablesOf: { key: 't.scope_key' },
  partsOf: { key: 't.list_key' },
  timersOf: { key: 'coalesce(t.element_instance_key, t.process_definition_key)' },
  incidentsOf: { key: 't.element_instance_key' },
  subscriptionsOf: { key: 't.element_instance_key' },
  subscriptionsFor: {
    texts: ['tenant_id', 'message_name', 'correlation_key'],
    where: `t.message_subscription_key IS NOT NULL AND t.state <> 'DELETING'`,
  },
  messagesFor: { texts: ['tenant_id', 'name', 'correlation_key'] },
  messagesWithId: { texts: ['tenant_id', 'name', 'correlation_key', 'message_id'] },
  signalSubscriptionsOf: { key: 'coalesce(t.catch_event_instance_key, t.process_definition_key)' },
  signalSubscriptionsFor: { texts: ['tenant_id', 'signal_name'] },
  conditionalSubscriptionsOf: { key: 'coalesce(t.element_instance_key, t.process_definition_key)' },
  conditionalStartsFor: { texts: ['tenant_id'], where: 't.element_instance_key IS NULL' },
  compensationsOf: { key: 't.process_instance_key' },
  locksFor: { texts: ['tenant_id', 'bpmn_process_id', 'correlation_key'] },
  instancesOf: { key: 't.process_definition_key', where: `t.bpmn_element_type = 'PROCESS'` },
  instancesWithBusinessId: {
    texts: ['tenant_id', 'element_id', 'business_id'],
    where: 't.business_id IS NOT NULL AND t.parent_element_instance_key IS NULL',
  },
  heldBy: { key: 't.suspension_key' },
  heldIn: { key: 't.root_process_instance_key' },
  suspensionsOf: 'resident',
  messageStartsFor: 'resident',
  messageStartsOf: 'resident',
  processesWithId: 'resident',
  decisionsWithId: 'resident',
  decisionsOf: 'resident',
  requirementsWithId: 'resident',
  requirementsWithNamespace: 'resident',
  formsWithId: 'resident',
}

const selectFrom = (table: TableName) =>
  `SELECT ${tableCodecs[table].selected} FROM engine.${tableCodecs[table].table} t`
const and = (where: string | undefined) => (where === undefined ? '' : ` AND ${where}`)

/** A statement, what it is asked with, and where its rows belong. */
interface Question {
  readonly table: TableName
  ask(exchange: Exchange): void
}

function rowsOf(table: TableName, keys: readonly number[]): Question {
  const statement = { name: `rows_${table}`, sql: `${selectFrom(table)} WHERE t.key = ANY($1::bigint[])` }
  return { table, ask: (exchange) => exchange.arrays(statement, [{ type: 'int8', values: keys }]) }
}

/** @param most of one place; all without it */
function found(lookup: LookupName, places: readonly (string | number)[], most?: number): Question | null {
  const { table } = lookups[lookup]
  const finding = findings[lookup]
  if (finding === 'resident') return null
  const name = `${most === undefined ? 'find' : 'some'}_${lookup}`
  const limit = most === undefined ? '' : ` LIMIT ${most}`
  if ('key' in finding) {
    const sql = `${selectFrom(table)} WHERE ${finding.key} = ANY($1::bigint[])${and(finding.where)}${limit}`
    const keys = places.map(Number)
    return { table, ask: (exchange) => exchange.arrays({ name, sql }, [{ type: 'int8', values: keys }]) }
  }
  const { texts, where } = finding
  const asked = places.map((place) => String(place).split('\0'))
  const values = texts.map((_, at) => ({ type: 'text' as const, values: asked.map((parts) => parts[at] ?? '') }))
  const statement = { name, sql: `${selectFrom(table)} ${byTexts(texts)}${and(where)}${limit}` }
  return { table, ask: (exchange) => exchange.arrays(statement, values) }
}
function byTexts(columns: readonly string[]): string {
  const place = (of: (column: string, at: number) => string) =>
    `engine.place(${[0, 1, 2].map((at) => (at < columns.length ? of(columns[at]!, at) : "''")).join(', ')})`
  const same = columns.map((column, at) => `t.${column} = p.p${at}`).join(' AND ')
  return `JOIN unnest(${columns.map((_, at) => `$${at + 1}::text[]`).join(', ')}) AS p(${columns.map((_, at) => `p${at}`).join(', ')})
    ON ${place((column) => `t.${column}`)} = ${place((_, at) => `p.p${at}`)} WHERE ${same}`
}

/**
 * Whoever needs one of these rows needs its scope path next: the element instance, what encloses it up to the root of the call
 * tree, and what belongs to each. So they come along, and a batch that finds nothing in memory still reads once.
 */
const LEADING = ['elementInstance', 'job', 'userTask', 'timer', 'incident', 'subscription'] as const
const LEADS: ReadonlySet<TableName> = new Set(LEADING)
const path = `WITH RECURSIVE begun AS (${LEADING.map((table) => `SELECT ${table === 'elementInstance' ? 'key' : 'element_instance_key'} AS key FROM engine.${tableCodecs[table].table} WHERE key = ANY($1::bigint[])`).join(' UNION ALL ')}),
  path AS (SELECT e.key, coalesce(e.flow_scope_key, e.parent_element_instance_key) AS enclosing FROM engine.element_instance e JOIN begun USING (key)
    UNION SELECT e.key, coalesce(e.flow_scope_key, e.parent_element_instance_key) FROM engine.element_instance e JOIN path ON e.key = path.enclosing)`
const belongings: readonly { readonly table: TableName; readonly by: string }[] = [
  { table: 'elementInstance', by: 'key' },
  { table: 'variable', by: 'scope_key' },
  { table: 'timer', by: 'element_instance_key' },
  { table: 'incident', by: 'element_instance_key' },
  { table: 'subscription', by: 'element_instance_key' },
  { table: 'signalSubscription', by: 'catch_event_instance_key' },
  { table: 'conditionalSubscription', by: 'element_instance_key' },
  { table: 'compensationSubscription', by: 'process_instance_key' },
  { table: 'startLock', by: 'key' },
]
function pathsOf(keys: readonly number[]): readonly Question[] {
  if (keys.length === 0) return []
  return belongings.map(({ table, by }) => {
    const statement = { name: `path_${table}`, sql: `${path} ${selectFrom(table)} JOIN path ON path.key = t.${by}` }
    return { table, ask: (exchange) => exchange.arrays(statement, [{ type: 'int8', values: keys }]) }
  })
}
/** Of an element instance that came along, these are known as well. */
const knownOf = (key: number): readonly Want[] => [
  { kind: 'row', table: 'startLock', key },
  ...belongingLookups.map((lookup) => ({ kind: 'lookup', lookup, at: key }) as const),
]
const belongingLookups = [
  'variablesOf',
  'timersOf',
  'incidentsOf',
  'subscriptionsOf',
  'signalSubscriptionsOf',
  'conditionalSubscriptionsOf',
  'compensationsOf',
] as const

const window: Statement = {
  name: 'job_window',
  sql: `${selectFrom('job')} WHERE engine.place(t.tenant_id, t.type, '') = engine.place($1, $2, '')
    AND t.tenant_id = $1 AND t.type = $2 AND t.state = 'ACTIVATABLE' AND t.key > $3 ORDER BY t.key LIMIT ${JOB_WINDOW + 1}`,
}

export interface Loading {
  ask(exchange: Exchange): void
  loaded(results: Results): Loaded
}
export function loading(wants: readonly Want[]): Loading {
  const rows = Map.groupBy(
    wants.filter((want) => want.kind === 'row'),
    (want) => want.table,
  )
  const sets = Map.groupBy(
    wants.filter((want) => want.kind === 'lookup'),
    (want) => want.lookup,
  )
  const some = wants.filter((want) => want.kind === 'some')
  const jobs = wants.filter((want) => want.kind === 'jobs')
  const windows: Question[] = jobs.map(({ tenantId, type, above }) => ({
    table: 'job',
    ask: (exchange) =>
      exchange.scalars(window, [
        { type: 'text', value: tenantId },
        { type: 'text', value: type },
        { type: 'int8', value: above },
      ]),
  }))
  const leading = [...rows].flatMap(([table, of]) => (LEADS.has(table) ? of.map(({ key }) => key) : []))
  const paths = pathsOf([...new Set(leading)])
  const questions = [
    ...windows,
    ...paths,
    ...[...rows]
      .filter(([table]) => table !== 'elementInstance')
      .map(([table, of]) => rowsOf(table, [...new Set(of.map(({ key }) => key))])),
    ...some.flatMap(({ lookup, at }) => found(lookup, [at], SOME_ROWS) ?? []),
    ...[...sets].flatMap(([lookup, of]) => found(lookup, [...new Set(of.map(({ at }) => at))]) ?? []),
  ]
  return {
    ask(exchange) {
      for (const question of questions) question.ask(exchange)
    },
    loaded(results) {
      const answers = results.map((texts, at) => decoded(questions[at]!.table, texts))
      const instances = paths.length === 0 ? [] : answers[windows.length]!
      return {
        rows: gathered(questions, answers),
        answered: [...wants, ...instances.flatMap(({ key }) => knownOf(key))],
        jobWindows: jobs.map((job, at) => windowOf(job, answers[at]!)),
      }
    },
  }
}

const decoded = (table: TableName, texts: Results[number]): readonly AnyRow[] =>
  texts.map((columns) => tableCodecs[table].decode(columns))

/** One row more than a window was asked for: when it is there, the store has more than it says. */
const windowOf = ({ tenantId, type }: { tenantId: string; type: string }, rows: readonly AnyRow[]) => ({
  tenantId,
  type,
  upTo: rows.length > JOB_WINDOW ? rows.at(-1)!.key : Number.POSITIVE_INFINITY,
})

function gathered(questions: readonly { readonly table: TableName }[], answers: readonly (readonly AnyRow[])[]) {
  const rows = new Map<TableName, AnyRow[]>()
  for (const [at, { table }] of questions.entries()) {
    const known = rows.get(table)
    if (known === undefined) rows.set(table, [...answers[at]!])
    else known.push(...answers[at]!)
  }
  return rows
}

/** All rows of the resident tables. */
export const residents: Loading = {
  ask(exchange) {
    for (const table of residentTables) exchange.arrays({ name: `all_${table}`, sql: selectFrom(table) }, [])
  },
  loaded(results) {
    const rows = [...residentTables].map((table, at) => [table, decoded(table, results[at]!)] as const)
    return { rows: new Map(rows), answered: [], jobWindows: [] }
  },
}
