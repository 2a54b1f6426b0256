/**
 * A search body → `Search`. Owns: what filters, sorts and pages may say, and what clients write when they mean nothing: empty lists,
 * nulls, `{}`. Does not own: which rows match (the Query).
 */
import type { Condition, Conditions, JsonValue, Search, SearchResource } from '../../protocol/query.ts'
import { invalid } from '../rejection.ts'
import { type EnumName, enums, type Field, fieldsOf, type ValueType } from './fields.ts'

export const PAGE_LIMIT_DEFAULT = 100
export const PAGE_LIMIT_MAX = 10_000
const CONDITIONS_MAX = 100
const LIST_MAX = 1_000
const FROM_MAX = 1_000_000
const CURSOR = /^[A-Za-z0-9+/]{2,300}={0,2}$/

type Operator = Condition['operator']
type Fields = Readonly<Record<string, unknown>>
type Comparison = Omit<Condition, 'field'>

const equality: readonly Operator[] = ['$eq', '$neq', '$exists', '$in', '$notIn']
const order: readonly Operator[] = [...equality, '$gt', '$gte', '$lt', '$lte']
const pattern: readonly Operator[] = [...equality, '$like']

function operatorsOf(type: ValueType): readonly Operator[] {
  if (type === 'int' || type === 'date') return order
  return type === 'key' || type === 'id' || type === 'bool' ? equality : pattern
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isUnset = (value: unknown): boolean =>
  value === null || value === undefined || (Array.isArray(value) && value.length === 0)

function objectAt(value: unknown, what: string): Fields {
  if (value === undefined || value === null) return {}
  if (isObject(value)) return value
  throw invalid(`Expected ${what} to be an object, but it is not`)
}

function listAt(value: unknown, what: string): readonly unknown[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value) && value.length <= LIST_MAX) return value
  throw invalid(`Expected ${what} to be a list of at most ${LIST_MAX} entries, but it is not`)
}

function text(value: unknown, what: string): string {
  if (typeof value === 'string' && !value.includes('\0')) return value
  throw invalid(`Expected ${what} to be text, but it is not`)
}

/** A filter's value in the form in which rows hold it. */
function valueAs(type: ValueType, value: unknown, what: string): JsonValue {
  switch (type) {
    case 'text':
    case 'id':
    case 'text[]':
    case 'headers':
    case 'objects':
      return text(value, what)
    case 'key':
      if (/^-?\d{1,25}$/.test(String(value))) return String(value)
      throw invalid(`Expected ${what} to be a key, but it is not`)
    case 'int':
      if (Number.isSafeInteger(value)) return value as number
      throw invalid(`Expected ${what} to be an integer, but it is not`)
    case 'bool':
      if (typeof value === 'boolean') return value
      throw invalid(`Expected ${what} to be true or false, but it is not`)
    case 'date': {
      const at = /^\d{4}-\d\d-\d\dT/.test(String(value)) ? Date.parse(String(value)) : Number.NaN
      if (!Number.isNaN(at)) return new Date(at).toISOString()
      throw invalid(`Expected ${what} to be a date and time as in RFC 3339, but it is not`)
    }
    default:
      return enumValue(type, value, what)
  }
}

function enumValue(type: EnumName, value: unknown, what: string): string {
  const known: readonly string[] = enums[type]
  if (known.includes(String(value))) return String(value)
  throw invalid(`Expected ${what} to be one of ${known.join(', ')}, but it is not`)
}

function operandAs(type: ValueType, operator: Operator, value: unknown, what: string): JsonValue {
  if (operator === '$exists') return valueAs('bool', value, what)
  if (operator === '$like') return text(value, what)
  if (operator === '$in' || operator === '$notIn') return listAt(value, what).map((entry) => valueAs(type, entry, what))
  return valueAs(type, value, what)
}

/** A plain value means `$eq`; of an object of operators all must hold; what is empty is not set. */
function comparisons(type: ValueType, given: unknown, what: string): Comparison[] {
  if (isUnset(given)) return []
  if (!isObject(given)) return [{ operator: '$eq', value: valueAs(type, given, what) }]
  return Object.entries(given)
    .filter(([, value]) => !isUnset(value))
    .map(([name, value]) => {
      const operator = operatorsOf(type).find((known) => known === name)
      if (operator) return { operator, value: operandAs(type, operator, value, `${what}.${name}`) }
      throw invalid(
        `Expected ${what} to be compared by ${operatorsOf(type).join(', ')}, but another operator was given`,
      )
    })
}

function conditions(known: ReadonlyMap<string, Field>, filter: Fields, what: string): Condition[] {
  return Object.entries(filter).flatMap(([name, given]) => {
    if (isUnset(given)) return []
    const field = known.get(name)
    if (!field?.isFilter) throw invalid(`Expected ${what} to name fields that can be filtered by, but it names another`)
    const at = `${what}.${name}`
    const entries = field.type === 'text[]' && Array.isArray(given) ? given : [given]
    return entries.flatMap((entry) =>
      comparisons(field.type, entry, at).map((compared) => ({ field: name, ...compared })),
    )
  })
}

function variableConditions(given: unknown, what: string, scope?: 'local'): NonNullable<Search['variables']>[number][] {
  return listAt(given, what).flatMap((entry) => {
    const { name, value } = objectAt(entry, what)
    const named = { name: text(name, `${what}.name`), ...(scope && { scope }) }
    return comparisons('text', value, `${what}.value`).map((condition) => ({ ...named, condition }))
  })
}

/** The members of a filter that are no fields: `$or` and conditions on variables. */
function splitFilter(resource: SearchResource, filter: Fields) {
  if (resource === 'process-instances') {
    const { $or, variables, ...plain } = filter
    return { plain, or: listAt($or, 'filter.$or'), variables: variableConditions(variables, 'filter.variables') }
  }
  if (resource === 'user-tasks') {
    const { processInstanceVariables, localVariables, ...plain } = filter
    const ofInstance = variableConditions(processInstanceVariables, 'filter.processInstanceVariables')
    return {
      plain,
      or: [],
      variables: [...ofInstance, ...variableConditions(localVariables, 'filter.localVariables', 'local')],
    }
  }
  return { plain: filter, or: [], variables: [] }
}

export function filterOf(resource: SearchResource, given: unknown): Conditions {
  const known = fieldsOf(resource)
  const { plain, or, variables } = splitFilter(resource, objectAt(given, 'filter'))
  const filter = conditions(known, plain, 'filter')
  const alternatives = or
    .map((entry) => conditions(known, objectAt(entry, 'filter.$or'), 'filter.$or'))
    .filter((alternative) => alternative.length > 0)
  if (filter.length + variables.length + alternatives.flat().length > CONDITIONS_MAX) {
    throw invalid(`Expected at most ${CONDITIONS_MAX} conditions, but there are more`)
  }
  return { filter, ...(alternatives.length > 0 && { or: alternatives }), ...(variables.length > 0 && { variables }) }
}

function sortOf(resource: SearchResource, given: unknown): Search['sort'] {
  return listAt(given, 'sort').map((entry) => {
    const { field, order: direction = 'ASC' } = objectAt(entry, 'sort')
    const name = text(field, 'sort.field')
    if (!fieldsOf(resource).get(name)?.isSort) {
      throw invalid('Expected sort.field to name a field that can be sorted by, but it names another')
    }
    const order = String(direction).toUpperCase()
    if (order === 'ASC' || order === 'DESC') return { field: name, order }
    throw invalid('Expected sort.order to be ASC or DESC, but it is not')
  })
}

function integer(value: unknown, what: string, least: number, most: number): number {
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value
  if (Number.isSafeInteger(number) && (number as number) >= least) return Math.min(number as number, most)
  throw invalid(`Expected ${what} to be an integer of at least ${least}, but it is not`)
}

function pageOf(given: unknown): Search['page'] {
  const { limit, from, after, before } = objectAt(given, 'page')
  const cursor = (value: unknown, what: string) => {
    if (CURSOR.test(String(value))) return String(value)
    throw invalid(`Expected ${what} to be a cursor of an earlier page, but it is not`)
  }
  return {
    limit: isUnset(limit) ? PAGE_LIMIT_DEFAULT : integer(limit, 'page.limit', 1, PAGE_LIMIT_MAX),
    ...(!isUnset(from) && { from: integer(from, 'page.from', 0, FROM_MAX) }),
    ...(!isUnset(after) && { after: cursor(after, 'page.after') }),
    ...(!isUnset(before) && { before: cursor(before, 'page.before') }),
  }
}

export function searchOf(resource: SearchResource, body: unknown): Search {
  const { filter, sort, page, ...rest } = objectAt(body, 'the request body')
  if (Object.keys(rest).length > 0) throw invalid('Expected only filter, sort and page, but there is more')
  return { ...filterOf(resource, filter), sort: sortOf(resource, sort), page: pageOf(page) }
}
