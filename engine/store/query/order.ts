/**
 * The order of rows and the places in it. Owns: sorting, cursors. A cursor holds the row's id alone, so that no value leaves through
 * it and its length is bounded; the values to go on from are the row's own. Absent values come last, whatever the direction.
 */
import { GatewayError } from '../../protocol/gateway.ts'
import type { Search } from '../../protocol/query.ts'
import { columnOf, parameter } from './conditions.ts'
import type { Column, Resource } from './resource.ts'
import { all, any, list, type Sql, sql } from './sql.ts'

export interface Place {
  readonly column: Column
  readonly is: Sql
  readonly descending: boolean
}

export function orderOf(resource: Resource, sort: Search['sort']): readonly Place[] {
  const byId = resource.identity ? -1 : sort.findIndex(({ field }) => field === resource.id)
  const places = (byId === -1 ? sort : sort.slice(0, byId + 1)).map(({ field, order }) => {
    const column = columnOf(resource, field)
    if (column.within) throw new GatewayError('INVALID_ARGUMENT', `Expected a field to sort by, but found '${field}'`)
    return placeOf(column, order === 'DESC')
  })
  return byId === -1 ? [...places, placeOf(identityOf(resource), false)] : places
}

/** What a cursor holds. */
export const identityOf = (resource: Resource): Column => resource.identity ?? columnOf(resource, resource.id)

const placeOf = (column: Column, descending: boolean): Place => ({ column, is: comparable(column), descending })

/** Text by code point, in every database alike. */
const comparable = ({ type, is }: Column): Sql => (type === 'text' ? sql`(${is}) COLLATE "C"` : sql`(${is})`)

/** Of what is never absent no place of nulls is said: an index is read backwards only where it need not keep one. */
export function sorted(order: readonly Place[], forward: boolean): Sql {
  return list(
    order.map(({ column, is, descending }) => {
      const direction = descending === forward ? sql`DESC` : sql`ASC`
      return column.optional
        ? sql`${is} ${direction} NULLS ${forward ? sql`LAST` : sql`FIRST`}`
        : sql`${is} ${direction}`
    }),
  )
}

/** Behind a place, or in front of it: the first difference decides. */
export function beyond(order: readonly Place[], at: readonly (string | null)[], forward: boolean): Sql {
  return any(
    order.map((place, i) =>
      all([...order.slice(0, i).map((before, j) => same(before, at[j]!)), past(place, at[i]!, forward)]),
    ),
  )
}

const same = ({ column, is }: Place, at: string | null): Sql =>
  sql`${is} IS NOT DISTINCT FROM ${parameter(column.type, at)}`

function past({ column, is, descending }: Place, at: string | null, forward: boolean): Sql {
  if (at === null) return forward ? sql`false` : sql`${is} IS NOT NULL`
  const differs = sql`${is} ${descending === forward ? sql`<` : sql`>`} ${parameter(column.type, at)}`
  return forward && column.optional ? sql`(${differs} OR ${is} IS NULL)` : differs
}

export const cursorOf = (id: string): string => Buffer.from(id).toString('base64')

export function idIn(cursor: string): string {
  const id = Buffer.from(cursor, 'base64').toString()
  if (/^\d{1,19}(-\d{1,19})?$/.test(id) && cursorOf(id) === cursor) return id
  throw new GatewayError('INVALID_ARGUMENT', 'Expected a cursor of an earlier page, but it is none')
}
