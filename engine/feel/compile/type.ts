/**
 * The types of FEEL: what is of a type, and what a value becomes where the type is expected. In the standard one value and a list of
 * one are taken for each other, and a date for its first moment.
 */
import type { Dialect } from '../dialect.ts'
import type { Run } from '../run.ts'
import { readDate, readDateTime, readDuration, readTime } from '../temporal/parse.ts'
import { dateText } from '../temporal/text.ts'
import { CalendarDate } from '../temporal/values.ts'
import { isContext, isList, type Kind, kindOf, Range, type Value } from '../value.ts'
import type { Code } from './code.ts'

/** `given`: from outside, as JSON brings it, so that text may be a date, time or duration. `computed`: by an expression. */
export type Origin = 'given' | 'computed'

export interface Type {
  holds(run: Run, value: Value): boolean
  /** Undefined when the value does not fit. */
  coerce(run: Run, value: Value, origin: Origin): Value | undefined
}

/** Where a type is expected: null stays null, and what does not fit becomes null. */
export const typed = (run: Run, type: Type | null, value: Value, origin: Origin = 'computed'): Value =>
  type === null || value === null ? value : (type.coerce(run, value, origin) ?? null)

export const ANY: Type = { holds: (_run, value) => value !== null, coerce: (_run, value) => value }

const kinds: ReadonlyMap<string, Kind> = new Map([
  ['number', 'number'],
  ['string', 'string'],
  ['boolean', 'boolean'],
  ['date', 'date'],
  ['time', 'time'],
  ['date and time', 'date and time'],
  ['dateTime', 'date and time'],
  ['date time', 'date and time'],
  ['days and time duration', 'days and time duration'],
  ['day-time-duration', 'days and time duration'],
  ['dayTimeDuration', 'days and time duration'],
  ['years and months duration', 'years and months duration'],
  ['year-month-duration', 'years and months duration'],
  ['yearMonthDuration', 'years and months duration'],
  ['list', 'list'],
  ['context', 'context'],
  ['range', 'range'],
  ['function', 'function'],
  ['null', 'null'],
  ['Null', 'null'],
])

const readers: { readonly [K in Kind]?: (text: string, dialect: Dialect) => Value } = {
  date: readDate,
  time: readTime,
  'date and time': readDateTime,
  'days and time duration': readDuration,
  'years and months duration': readDuration,
}

/** Null when the name is unknown. */
export function namedType(name: string, dialect: Dialect): Type | null {
  if (name === 'Any') return ANY
  const kind = kinds.get(name.replace(/\s+/g, ' '))
  return kind === undefined ? null : kindType(kind, dialect)
}

/** By the word of `kindOf`; any other word is a type of no value. */
export function kindType(kind: string, dialect: Dialect): Type {
  const read = Object.hasOwn(readers, kind) ? readers[kind as Kind] : undefined
  return {
    holds: (_run, value) => kindOf(value) === kind,
    coerce(_run, given, origin) {
      if (kindOf(given) === kind) return given
      const value = only(given)
      if (kindOf(value) === kind) return value
      if (kind === 'date and time' && value instanceof CalendarDate) return firstMoment(value)
      const converted = origin === 'given' && typeof value === 'string' ? (read?.(value, dialect) ?? null) : null
      return converted !== null && kindOf(converted) === kind ? converted : undefined
    },
  }
}

const only = (value: Value): Value => (isList(value) && value.length === 1 ? value[0]! : value)
const firstMoment = (date: CalendarDate): Value => readDateTime(`${dateText(date)}T00:00:00Z`, 'standard')

/** An entry or an item that is null is of any type. */
const holdsWithin = (type: Type, run: Run, value: Value): boolean => value === null || type.holds(run, value)
const coerceWithin = (type: Type, run: Run, value: Value, origin: Origin): Value | undefined =>
  value === null ? null : type.coerce(run, value, origin)

export const listType = (item: Type): Type => ({
  holds(run, value) {
    if (!isList(value)) return false
    run.items(value.length)
    return value.every((one) => holdsWithin(item, run, one))
  },
  coerce(run, value, origin) {
    const items: Value[] = []
    const given = isList(value) ? value : [value]
    run.items(given.length)
    for (const one of given) {
      const fitting = coerceWithin(item, run, one, origin)
      if (fitting === undefined) return undefined
      items.push(fitting)
    }
    return items
  },
})

export const rangeType = (end: Type): Type => {
  const holds = (run: Run, value: Value) =>
    value instanceof Range && holdsWithin(end, run, value.start) && holdsWithin(end, run, value.end)
  return { holds, coerce: (run, value) => (holds(run, only(value)) ? only(value) : undefined) }
}

/** A context may hold more. What it lacks is no reason to refuse it where it is expected: documents leave out what is not known. */
export const contextType = (entries: readonly { readonly name: string; readonly type: Type }[]): Type => ({
  holds: (run, value) =>
    isContext(value) &&
    entries.every(({ name, type }) => value.has(name) && holdsWithin(type, run, value.get(name) ?? null)),
  coerce(run, given, origin) {
    const value = only(given)
    if (!isContext(value)) return undefined
    const coerced = new Map(value)
    for (const { name, type } of entries) {
      const entry = value.get(name)
      if (entry === undefined) continue
      const fitting = coerceWithin(type, run, entry, origin)
      if (fitting === undefined) return undefined
      coerced.set(name, fitting)
    }
    return coerced
  },
})

/** Of the values of a type, those that pass a test of `?`. */
export function restricted(type: Type, test: Code): Type {
  const passes = (run: Run, value: Value) => test(run, { value, outer: null }) === true
  return {
    holds: (run, value) => type.holds(run, value) && passes(run, value),
    coerce(run, value, origin) {
      const fitting = type.coerce(run, value, origin)
      return fitting !== undefined && passes(run, fitting) ? fitting : undefined
    },
  }
}
