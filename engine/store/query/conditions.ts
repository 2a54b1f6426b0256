/** A condition of the protocol → SQL. Owns what the operators mean; an absent value equals nothing, and so differs from everything. */
import { GatewayError } from '../../protocol/gateway.ts'
import type { Condition, JsonValue, Search } from '../../protocol/query.ts'
import type { Column, ColumnType, Resource } from './resource.ts'
import { all, any, type Sql, sql } from './sql.ts'

type Comparison = Omit<Condition, 'field'>

/** What a filter lets through. */
export function matching(resource: Resource, { filter, or, variables }: Omit<Search, 'sort' | 'page'>): Sql {
  const narrowed = resource.narrowed?.(filter) ?? null
  return all([
    ...(resource.where ? [resource.where] : []),
    ...(narrowed === null ? [] : [narrowed]),
    ...conjunction(
      resource,
      filter.filter((condition) => resource.isImplied?.(condition, filter) !== true),
    ),
    ...(or && or.length > 0 ? [any(or.map((alternative) => all(conjunction(resource, alternative))))] : []),
    ...(variables ?? []).map((condition) => ownsVariable(resource, condition)),
  ])
}

/** Conditions on the same other row stay together. */
function conjunction(resource: Resource, conditions: readonly Condition[]): Sql[] {
  const named = conditions.map((condition) => ({ condition, column: columnOf(resource, condition.field) }))
  const joint = Map.groupBy(named, ({ column }) => (column.within?.joint ? column.within : undefined))
  return [...joint].flatMap(([relation, members]) => {
    const tests = members.map(({ condition, column }) => ({ column, test: holds(column, condition) }))
    if (relation) return [relation.exists(all(tests.map(({ test }) => test)))]
    return members.map(({ condition, column }, i) => hasEntry(column, condition) ?? alone(column, tests[i]!.test))
  })
}

const alone = ({ within }: Column, test: Sql): Sql => (within ? within.exists(test) : test)

const EQUAL = sql`=`

/** Null where more is asked of an entry than to be one of some values. */
function hasEntry({ list, type }: Column, { operator, value }: Comparison): Sql | null {
  if (list === undefined || (operator !== '$eq' && operator !== '$in')) return null
  const values = (operator === '$in' && Array.isArray(value) ? value : [value]).map((one: JsonValue) =>
    stored(type, one),
  )
  return sql`(${list}) && ${values}::${sqlType[type]}[]`
}

/** Only names of the description; `__proto__` and the like are none. */
export function columnOf({ shown, filters = {} }: Resource, field: string): Column {
  if (Object.hasOwn(filters, field)) return filters[field]!
  if (Object.hasOwn(shown, field)) return shown[field]!
  throw new GatewayError('INVALID_ARGUMENT', `Expected the name of a field, but found '${field}'`)
}

function ownsVariable(
  { variables }: Resource,
  { name, condition, scope }: NonNullable<Search['variables']>[number],
): Sql {
  const owned = scope === 'local' ? variables?.local : variables?.instance
  if (!owned) throw new GatewayError('INVALID_ARGUMENT', 'Expected rows that own variables, but these own none')
  const value = holds({ type: 'text', is: sql`v.value` }, condition)
  return sql`EXISTS (SELECT FROM engine.variable_all v WHERE ${owned} AND v.name = ${asked('text', name)} AND ${value})`
}

function holds(column: Column, { operator, value }: Comparison): Sql {
  switch (operator) {
    case '$exists':
      return value === true ? sql`(${column.is}) IS NOT NULL` : sql`(${column.is}) IS NULL`
    case '$neq':
      return sql`(${compared(column, EQUAL, value)}) IS NOT TRUE`
    case '$notIn':
      return sql`(${amongst(column, value)}) IS NOT TRUE`
    case '$in':
      return amongst(column, value)
    case '$like':
      return sql`(${column.is}) LIKE ${asked('text', likePattern(String(value)))}`
    case '$eq':
      return column.hashed ? foundByHash(column, value) : compared(column, EQUAL, value)
    case '$gt':
      return compared(column, sql`>`, value)
    case '$gte':
      return compared(column, sql`>=`, value)
    case '$lt':
      return compared(column, sql`<`, value)
    case '$lte':
      return compared(column, sql`<=`, value)
  }
}

const compared = ({ type, is }: Column, operator: Sql, value: JsonValue): Sql =>
  type === 'bool' && value === true && operator === EQUAL ? is : sql`(${is}) ${operator} ${asked(type, value)}`

const foundByHash = (column: Column, value: JsonValue): Sql =>
  sql`(hashtextextended(${column.is}, 0) = hashtextextended(${asked(column.type, value)}, 0) AND ${compared(column, EQUAL, value)})`

function amongst(column: Column, value: JsonValue): Sql {
  const values = (Array.isArray(value) ? value : [value]).map((one: JsonValue) => stored(column.type, one))
  return sql`(${column.is}) = ANY (${values}::${sqlType[column.type]}[])`
}

const sqlType: Readonly<Record<ColumnType, Sql>> = {
  text: sql`text`,
  key: sql`bigint`,
  int: sql`bigint`,
  bool: sql`boolean`,
  date: sql`bigint`,
  'text[]': sql`text`,
  object: sql`text`,
}
export const parameter = (type: ColumnType, value: string | null): Sql => sql`${value}::${sqlType[type]}`

/** What a client wrote, as a parameter; what no column of the type can hold equals nothing. */
const asked = (type: ColumnType, value: JsonValue): Sql => parameter(type, stored(type, value))
export const keyNamed = (key: string): Sql => asked('key', key)

const isBigint = (text: string): boolean =>
  /^-?\d{1,25}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text)

/** A value as text in the form in which the column holds it; null, which equals nothing, when it can hold no such value. */
function stored(type: ColumnType, value: JsonValue): string | null {
  switch (type) {
    case 'key':
    case 'int':
      return isBigint(String(value)) ? String(value) : null
    case 'date': {
      const at = Date.parse(String(value))
      return Number.isNaN(at) ? null : String(at)
    }
    case 'bool':
      return typeof value === 'boolean' ? String(value) : null
    case 'text':
    case 'text[]':
    case 'object':
      return typeof value === 'string' && !value.includes('\0') ? value : null
  }
}

/** `*` is any run, `?` one character, `\` takes the next as it is. */
function likePattern(pattern: string): string {
  const escaped = (character: string) => (/[%_\\]/.test(character) ? `\\${character}` : character)
  return pattern.replace(/\\(.)|[\s\S]/gu, (found: string, literal: string | undefined) => {
    if (literal !== undefined) return escaped(literal)
    return { '*': '%', '?': '_' }[found] ?? escaped(found)
  })
}
