/**
 * One search: a page of rows and how many there are, as one statement.
 *
 * The page is found first, and one row more: without it the page has told how many rows there are, so that they are counted only where
 * it is not the last. What lies beside its rows (`Column.atOnce`) is looked for once for all of them.
 */
import { GatewayError } from '../../protocol/gateway.ts'
import type { Condition, JsonValue, Page, Row, Search } from '../../protocol/query.ts'
import { columnOf, matching } from './conditions.ts'
import type { Database } from './database.ts'
import { beyond, cursorOf, identityOf, idIn, orderOf, type Place, sorted } from './order.ts'
import type { Column, ColumnType, Resource } from './resource.ts'
import { definitionId } from './resources/elements.ts'
import { all, list, Sql, sql } from './sql.ts'

type Columns = Readonly<Record<string, Column>>

/** Nobody pages through more; counting on would read whole tables. A search may ask for less. */
export const TOTAL_MAX = 10_000

/** `also`: a condition of ours beside the client's. */
export async function searchRows(database: Database, resource: Resource, asked: Search, also?: Sql): Promise<Page> {
  const { page } = asked
  const search = { ...asked, filter: await byDefinitionKeys(database, resource, asked.filter) }
  const shown = columnsOf(resource, asked.only)
  const order = orderOf(resource, search.sort)
  const from = resource.from(resource.rows(search.filter))
  const where = all([matching(resource, search), ...(also ? [also] : [])])
  const forward = page.before === undefined
  const totalMax = Math.min(page.totalMax ?? TOTAL_MAX, TOTAL_MAX)
  const cursor = page.after ?? page.before
  const inPage =
    cursor === undefined
      ? where
      : all([where, beyond(order, await placeAt(database, resource, order, cursor), forward)])
  const begin = page.from ?? 0
  const found = sql`SELECT ${identityOf(resource).is} AS row_id, ${foundWith(shown)} FROM ${from} WHERE ${inPage}
    ORDER BY ${sorted(order, forward)} LIMIT ${page.limit + 1} OFFSET ${begin}`
  const counted = sql`(SELECT count(*)::int FROM (SELECT FROM ${from} WHERE ${where} LIMIT ${totalMax + 1}) AS counted)`
  const inSight = sql`(SELECT count(*)::int FROM page)`
  // Behind a cursor, or on an empty page that is not the first, nobody knows how many rows lie before.
  const total =
    cursor === undefined
      ? sql`CASE WHEN ${inSight} <= ${page.limit}::int AND (${begin}::int = 0 OR ${inSight} > 0) THEN ${inSight} + ${begin}::int ELSE ${counted} END`
      : counted
  // Joined to the one row of the total, a page keeps its order, and an empty one leaves the total with nulls.
  const rows = await database.rows(sql`WITH page AS MATERIALIZED (${found})
    SELECT total.*, page.row_id, ${shownOf(shown)} FROM (SELECT ${total}) AS total
      LEFT JOIN (SELECT * FROM page LIMIT ${page.limit}) AS page ON true`)
  const count = Number(rows[0]![0])
  const inOrder = (forward ? rows : rows.toReversed()).filter(([, id]) => id !== null)
  const cursorAt = (row: readonly JsonValue[] | undefined) => (row === undefined ? null : cursorOf(String(row[1])))
  return {
    items: inOrder.map(([, , ...values]) => rowOf(shown, values)),
    totalItems: Math.min(count, totalMax),
    hasMoreTotalItems: count > totalMax,
    startCursor: cursorAt(inOrder[0]),
    endCursor: cursorAt(inOrder.at(-1)),
  }
}

/** At least the id, so that there is something to show. */
function columnsOf({ shown, id }: Resource, only: Search['only']): Columns {
  if (only === undefined) return shown
  return Object.fromEntries(Object.entries(shown).filter(([name]) => name === id || only.includes(name)))
}

/**
 * A process by the keys of its definitions, which are few: of those the planner knows how many rows they have, so that a page of many
 * is read in its order and a few are picked.
 */
async function byDefinitionKeys(database: Database, resource: Resource, filter: Search['filter']) {
  const isNamed = ({ field, operator }: Condition) =>
    (operator === '$eq' || operator === '$in') && columnOf(resource, field) === definitionId
  const named = filter.filter(isNamed)
  if (named.length === 0) return filter
  const rows = await database.rows(
    sql`SELECT d.key FROM engine.process_definition d WHERE ${matching(definitions, { filter: named })}`,
  )
  const keys = rows.map(([key]) => key!)
  return [
    ...filter.filter((one) => !isNamed(one)),
    { field: 'processDefinitionKey', operator: '$in', value: keys } as const,
  ]
}
const definitions: Resource = {
  id: 'processDefinitionKey',
  rows: () => sql`engine.process_definition`,
  from: (rows) => sql`${rows} d`,
  shown: { processDefinitionId: definitionId },
}

/** With the details that a single row shows. */
export async function rowWith(database: Database, resource: Resource, id: string): Promise<Row | null> {
  const whole = { ...resource.shown, ...resource.detail }
  const [values] = await database.rows(
    sql`WITH page AS MATERIALIZED (SELECT ${foundWith(whole)} ${rowNamed(resource, id)}) SELECT ${shownOf(whole)} FROM page`,
  )
  return values ? rowOf(whole, values) : null
}

const rowNamed = (resource: Resource, id: string): Sql => {
  const filter = resource.named?.(id) ?? [{ field: resource.id, operator: '$eq', value: id }]
  return sql`FROM ${resource.from(resource.rows([]))} WHERE ${matching(resource, { filter })}`
}

/** The sort values of the row that a cursor names. */
async function placeAt(database: Database, resource: Resource, order: readonly Place[], cursor: string) {
  const id = idIn(cursor)
  if (order.length === 1) return [id]
  const values = list(order.map(({ is }) => sql`(${is})::text`))
  const [place] = await database.rows(sql`SELECT ${values} ${rowNamed(resource, id)}`)
  if (place) return place as readonly (string | null)[]
  throw new GatewayError('INVALID_ARGUMENT', 'Expected a cursor of an earlier page, but its row is gone. Begin again')
}

/** What finding the page already tells of its rows. */
const foundWith = (columns: Columns): Sql =>
  list(
    Object.values(columns).flatMap(({ is, atOnce }, i) =>
      atOnce === undefined
        ? [sql`${is} AS ${placed(i)}`]
        : Object.entries(atOnce.along).map(([name, value]) => sql`${value} AS ${new Sql([name], [])}`),
    ),
  )

const shownOf = (columns: Columns): Sql =>
  list(Object.values(columns).map(({ atOnce }, i) => atOnce?.is ?? sql`page.${placed(i)}`))

/** The name of a column by its place: those of fields are words of SQL, some of them. */
const placed = (i: number): Sql => new Sql([`c${i}`], [])

const rowOf = (columns: Columns, values: readonly JsonValue[]): Row =>
  Object.fromEntries(Object.entries(columns).map(([name, { type }], i) => [name, jsonOf(type, values[i]!)]))

/** The driver hands bigint over as text, which is how keys are shown. */
function jsonOf(type: ColumnType, value: JsonValue): JsonValue {
  if (value === null) return null
  if (type === 'date') return new Date(Number(value)).toISOString()
  return type === 'int' ? Number(value) : value
}
