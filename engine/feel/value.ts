/**
 * The values of FEEL. All are immutable; a context is a Map, so that `constructor` or `__proto__` are names like any other.
 */
import type { Dialect } from './dialect.ts'
import { isNumeric, type Numeric } from './number.ts'
import { CalendarDate, DateTime, DaysDuration, type MonthsDuration, Time } from './temporal/values.ts'

export type List = readonly Value[]
export type Context = ReadonlyMap<string, Value>
export type Temporal = CalendarDate | Time | DateTime | DaysDuration | MonthsDuration
export type Value = null | boolean | Numeric | string | Temporal | List | Context | Range | FunctionValue

/**
 * An interval, or a unary comparison: of `> 5` one end is null and open. `= 5` and `!= 5` have the value at both ends and say so by
 * their relation: they are no intervals, even where they hold the same values.
 */
export class Range {
  readonly start: Value
  readonly end: Value
  readonly startIncluded: boolean
  readonly endIncluded: boolean
  readonly relation: '=' | '!=' | null
  constructor(
    start: Value,
    end: Value,
    startIncluded: boolean,
    endIncluded: boolean,
    relation: '=' | '!=' | null = null,
  ) {
    this.start = start
    this.end = end
    this.startIncluded = startIncluded
    this.endIncluded = endIncluded
    this.relation = relation
  }
}

/** A function: a lambda, a built-in, or knowledge of a decision model. Missing arguments arrive as null. */
export class FunctionValue {
  readonly name: string
  readonly parameters: readonly string[]
  readonly invoke: (run: Run, args: readonly Value[]) => Value
  constructor(name: string, parameters: readonly string[], invoke: (run: Run, args: readonly Value[]) => Value) {
    this.name = name
    this.parameters = parameters
    this.invoke = invoke
  }
}

/** The place where an expression is evaluated, as its host is configured: the same for as long as the host runs. */
export interface Locality {
  /** IANA zone of `now()` and `today()`; UTC when absent. */
  readonly zone?: string
  /** Without one, functions of working days are null. */
  readonly calendar?: Calendar
}

/** Which days count. A function of the day alone, so that the same evaluation has the same value whenever it is repeated. */
export interface Calendar {
  isHoliday(day: Day): boolean
  /** Never true of a holiday. */
  isWorkingDay(day: Day): boolean
}
export type Day = Pick<CalendarDate, 'year' | 'month' | 'day'>

/** What an expression may see of the world. */
export interface Evaluation extends Locality {
  /** The variable of that name; undefined when there is none. */
  lookup(name: string): Value | undefined
  /** Milliseconds since 1970, UTC. */
  readonly now: number
  /** In [0, 1). */
  random(): number
  /** The value that unary tests look at, as `?`. */
  readonly input?: Value
  /** Bound on the work; the default stops any expression within about 20 ms. */
  readonly steps?: number
}

export type WarningKind =
  | 'NO_VARIABLE_FOUND'
  | 'NO_CONTEXT_ENTRY_FOUND'
  | 'NO_PROPERTY_FOUND'
  | 'NOT_COMPARABLE'
  | 'INVALID_TYPE'
  | 'NO_FUNCTION_FOUND'
  | 'FUNCTION_INVOCATION_FAILURE'
  | 'OUT_OF_BOUNDS'
  | 'ASSERT_FAILURE'

/** Why a part of the expression became null. */
export interface Warning {
  readonly kind: WarningKind
  /** In Zeebe's words, which reach its clients. */
  readonly message: string
  /** The variable, entry, function or operator. */
  readonly name?: string
}

/** One evaluation under way, as the closures of expressions and functions see it. */
export interface Run {
  readonly evaluation: Evaluation
  readonly dialect: Dialect
  /** Pays for work in proportion to its size. */
  spend(steps: number): void
  /** Pays for a new text. */
  text(text: string): string
  /** Pays for a new list or context. */
  items(count: number): void
  /** Runs a function body that nests `levels` closures. */
  nested<T>(levels: number, body: () => T): T
  /** The same evaluation with other free variables. */
  with(lookup: Evaluation['lookup']): Run
  warn(kind: WarningKind, message: string, name?: string): null
  /** A free variable, looked up once; undefined when there is none. */
  variable(name: string): Value | undefined
}

/** The kinds that operators and signatures tell apart. */
export type Kind =
  | 'null'
  | 'boolean'
  | 'number'
  | 'string'
  | 'list'
  | 'context'
  | 'date'
  | 'time'
  | 'date and time'
  | 'days and time duration'
  | 'years and months duration'
  | 'range'
  | 'function'

export function kindOf(value: Value): Kind {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return 'boolean'
  if (isNumeric(value)) return 'number'
  if (typeof value === 'string') return 'string'
  if (value instanceof Map) return 'context'
  if (Array.isArray(value)) return 'list'
  if (value instanceof Range) return 'range'
  if (value instanceof FunctionValue) return 'function'
  return temporalKind(value as Temporal)
}

function temporalKind(value: Temporal): Kind {
  if (value instanceof CalendarDate) return 'date'
  if (value instanceof DateTime) return 'date and time'
  if (value instanceof Time) return 'time'
  return value instanceof DaysDuration ? 'days and time duration' : 'years and months duration'
}

export const isList = (value: Value): value is List => Array.isArray(value)
export const isContext = (value: Value): value is Context => value instanceof Map
export { isNumeric }

/** Zeebe's words for the type of a result. */
export type TypeName =
  | 'NULL'
  | 'BOOLEAN'
  | 'NUMBER'
  | 'STRING'
  | 'ARRAY'
  | 'OBJECT'
  | 'DATE'
  | 'DATE_TIME'
  | 'DURATION'
  | 'PERIOD'
  | 'UNKNOWN'

const typeNames: Record<Kind, TypeName> = {
  null: 'NULL',
  boolean: 'BOOLEAN',
  number: 'NUMBER',
  string: 'STRING',
  list: 'ARRAY',
  context: 'OBJECT',
  date: 'DATE',
  time: 'UNKNOWN',
  'date and time': 'DATE_TIME',
  'days and time duration': 'DURATION',
  'years and months duration': 'PERIOD',
  range: 'UNKNOWN',
  function: 'UNKNOWN',
}

/** The type of a value in the words of Zeebe's incidents. */
export const typeOf = (value: Value): TypeName => typeNames[kindOf(value)]
