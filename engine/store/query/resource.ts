/**
 * How a resource of `/v2` lies in the engine's tables: a description from which search.ts makes SQL. A field that a description does
 * not name cannot be asked for. Fields are in REST's names; gateway/rest/fields.ts says the same for the wire, and a test compares both.
 */
import type { Condition } from '../../protocol/query.ts'
import { type Sql, sql } from './sql.ts'

export type ColumnType = 'text' | 'key' | 'int' | 'bool' | 'date' | 'text[]' | 'object'

export interface Column {
  readonly type: ColumnType
  /** Dates are epoch milliseconds. */
  readonly is: Sql
  /** It may be null. */
  readonly optional?: true
  /** An index knows its hash: it is found by that, and compared. */
  readonly hashed?: true
  /** Where the expression speaks of other rows. */
  readonly within?: Relation
  /** The list, where the rows are its entries: whether it has one of some values is asked of it as a whole, in a tenth of the time. */
  readonly list?: Sql
  /** How it is shown, where all rows of a page are cheaper to tell together than one by one. */
  readonly atOnce?: AtOnce
}

/** Told of the rows that were found, which lie in `page`. */
export interface AtOnce {
  /** What they bring along, by the name that it has in `page`. */
  readonly along: Readonly<Record<string, Sql>>
  readonly is: Sql
}

/** Rows beside the resource's own. `joint`: conditions on several of its fields, or on one, speak of the same row. */
export interface Relation {
  readonly joint: boolean
  exists(test: Sql): Sql
}

export interface Resource {
  /** The field by which rows are told apart; the last to sort by, and what a cursor holds. */
  readonly id: string
  /** What tells them apart where that field alone does not. */
  readonly identity?: Column
  /** The conditions that find a row by its id, where an index wants another than the id itself. */
  named?(id: string): readonly Condition[]
  /** The table, chosen by what the filter lets through. */
  rows(filter: readonly Condition[]): Sql
  /** All rows of the table that the filter has chosen satisfy the condition. */
  isImplied?(condition: Condition, filter: readonly Condition[]): boolean
  /** What the filter says in the words of an index, beside the filter itself; null when it says nothing that an index knows. */
  narrowed?(filter: readonly Condition[]): Sql | null
  /** The rows with what is joined to them. */
  from(rows: Sql): Sql
  readonly where?: Sql
  readonly shown: Readonly<Record<string, Column>>
  /** What a single row shows beside. */
  readonly detail?: Readonly<Record<string, Column>>
  /** Fields that can only be filtered by, or that mean something else in a filter. */
  readonly filters?: Readonly<Record<string, Column>>
  /** Says of a row `v` of `variable_all` that it belongs to the row; for `Search.variables`. */
  readonly variables?: { readonly instance: Sql; readonly local?: Sql }
}

const column =
  (type: ColumnType) =>
  (is: Sql): Column => ({ type, is })
export const text = column('text')
export const key = column('key')
export const int = column('int')
export const bool = column('bool')
export const date = column('date')
export const texts = column('text[]')
export const object = column('object')

export const optional = (of: Column): Column => ({ ...of, optional: true })
export const within = (relation: Relation, of: Column): Column => ({ ...of, within: relation })

/** The entries of a list: a condition holds when one of them satisfies it. Entries are called `entry`. */
export const entryOf = (list: Sql): Column => ({
  ...within(
    { joint: false, exists: (test) => sql`EXISTS (SELECT FROM unnest(${list}) AS entry WHERE ${test})` },
    text(sql`entry`),
  ),
  list,
})

interface Side {
  readonly rows: Sql
  /** States that only rows of this side have. */
  readonly states: readonly string[]
}

interface Sides {
  readonly open: Side
  readonly ended: Side
  readonly all: Sql
}

/** Open rows and ended ones lie apart: a filter that allows states of one side only reads that side alone. */
export function byState(field: string, sides: Sides): Resource['rows'] {
  return (filter) => sideFor(field, sides, filter)?.side.rows ?? sides.all
}

/**
 * As `byState`, where a side has no other states than those named: a filter that allows all of them says nothing more. A state that
 * is computed is then not computed for every row, and the planner need not guess how many have it.
 */
export function byAnyState(
  field: string,
  sides: Sides,
): Pick<Resource, 'rows'> & Required<Pick<Resource, 'isImplied'>> {
  return {
    rows: byState(field, sides),
    isImplied(condition, filter) {
      const found = sideFor(field, sides, filter)
      return found?.by === condition && found.side.states.every((state) => found.states.includes(state))
    },
  }
}

function sideFor(field: string, { open, ended }: Sides, filter: readonly Condition[]) {
  const by = filter.find(
    (condition) => condition.field === field && (condition.operator === '$eq' || condition.operator === '$in'),
  )
  if (by === undefined) return null
  const states = (Array.isArray(by.value) ? by.value : [by.value]).map(String)
  const side = [open, ended].find((one) => states.every((state) => one.states.includes(state)))
  return side === undefined ? null : { by, states, side }
}
