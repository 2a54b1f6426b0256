/** The operators `+ - * / **`, with Zeebe's words for operands that do not go together. */
import {
  add,
  canonical,
  Decimal,
  decimal,
  divide,
  isNumeric,
  multiply,
  type Numeric,
  negate,
  power,
  subtract,
} from './number.ts'
import { RaisedFailure, type Run } from './run.ts'
import {
  addDuration,
  addDurations,
  type Duration,
  difference,
  divideDuration,
  type Moment,
  negateDuration,
  ratio,
  scaleDuration,
} from './temporal/arithmetic.ts'
import { CalendarDate, DateTime, DaysDuration, MonthsDuration, Time } from './temporal/values.ts'
import { shown } from './text.ts'
import type { Value } from './value.ts'

export type Operation = (run: Run, a: Value, b: Value) => Value

const isDuration = (value: Value): value is Duration => value instanceof DaysDuration || value instanceof MonthsDuration
const isMoment = (value: Value): value is Moment =>
  value instanceof CalendarDate || value instanceof DateTime || value instanceof Time

const invalid = (run: Run, verb: string, a: Value, joint: string, b: Value): null =>
  run.warn('INVALID_TYPE', `Can't ${verb} '${shown(a)}' ${joint} '${shown(b)}'`)

/** Of dates, times and durations; a few offsets of a zone are asked for. */
const TEMPORAL_COST = 10

export function plus(run: Run, a: Value, b: Value): Value {
  if (isNumeric(a) && isNumeric(b)) return number(run, add(a, b))
  if (typeof a === 'string' && typeof b === 'string') return run.text(a + b)
  run.spend(TEMPORAL_COST)
  if (isDuration(a)) {
    if (isDuration(b)) return addDurations(a, b, 1) ?? invalid(run, 'add', b, 'to', a)
    if (isMoment(b)) return addDuration(b, a) ?? invalid(run, 'add', b, 'to', a)
  }
  if (isMoment(a) && isDuration(b)) return addDuration(a, b) ?? invalid(run, 'add', b, 'to', a)
  return invalid(run, 'add', b, 'to', a)
}

export function minus(run: Run, a: Value, b: Value): Value {
  if (isNumeric(a) && isNumeric(b)) return number(run, subtract(a, b))
  run.spend(TEMPORAL_COST)
  if (isDuration(a) && isDuration(b)) return addDurations(a, b, -1) ?? invalid(run, 'subtract', b, 'from', a)
  if (isMoment(a)) {
    if (isDuration(b)) return addDuration(a, negateDuration(b)) ?? invalid(run, 'subtract', b, 'from', a)
    if (isMoment(b) && (run.dialect === 'standard' || a.constructor === b.constructor))
      return apart(run, a, difference(a, b)) ?? invalid(run, 'subtract', b, 'from', a)
  }
  return invalid(run, 'subtract', b, 'from', a)
}

/** How far apart two times with a place are has no sign in Zeebe. */
const apart = (run: Run, a: Moment, difference: DaysDuration | null): DaysDuration | null =>
  difference !== null &&
  difference.nanos < 0n &&
  run.dialect === 'camunda' &&
  a instanceof Time &&
  a.place.kind !== 'local'
    ? new DaysDuration(-difference.nanos)
    : difference

export function times(run: Run, a: Value, b: Value): Value {
  if (isNumeric(a) && isNumeric(b)) return number(run, multiply(a, b))
  if (isDuration(a) && isNumeric(b)) return scaleDuration(a, factor(run, b)) ?? invalid(run, 'multiply', a, 'by', b)
  if (isNumeric(a) && isDuration(b)) return scaleDuration(b, factor(run, a)) ?? invalid(run, 'multiply', a, 'by', b)
  return invalid(run, 'multiply', a, 'by', b)
}

/** Zeebe multiplies durations by the whole part. */
const factor = (run: Run, by: Numeric) => (run.dialect === 'camunda' ? decimal(by).truncated() : decimal(by))

export function over(run: Run, a: Value, b: Value): Value {
  if (isNumeric(a) && isNumeric(b)) {
    const quotient = divide(a, b)
    return quotient === null ? invalid(run, 'divide', a, 'by', b) : number(run, quotient)
  }
  if (isDuration(a) && isNumeric(b)) return divideDuration(a, b) ?? invalid(run, 'divide', a, 'by', b)
  if (isDuration(a) && isDuration(b)) {
    const quotient = ratio(a, b)
    if (quotient === null) return invalid(run, 'divide', a, 'by', b)
    return canonical(run.dialect === 'camunda' ? quotient.truncated() : quotient)
  }
  return invalid(run, 'divide', a, 'by', b)
}

/** A power of decimals costs about as much as this many other operations. */
const POWER_COST = 2_000
/** Decimals are slower than short numbers. */
export const DECIMAL_COST = 8

export function raised(run: Run, a: Value, b: Value): Value {
  if (!isNumeric(a)) return expected(run, 'number', a, '**')
  if (!isNumeric(b)) return expected(run, 'number', b, '**')
  run.spend(POWER_COST)
  const result = power(a, b)
  if (result === null && run.dialect === 'camunda') throw noPower(a, b)
  return number(run, result)
}

/** Java's words for a double that has no decimal. */
export const noDecimal = (double: number): RaisedFailure =>
  new RaisedFailure(
    `java.lang.NumberFormatException: Character ${Number.isNaN(double) ? 'N' : 'I'} is neither a decimal digit number, decimal point, nor "e" notation exponential mark.`,
  )

function noPower(base: Numeric, exponent: Numeric): RaisedFailure {
  if (!decimal(exponent).isInteger()) return noDecimal(decimal(base).toNumber() ** decimal(exponent).toNumber())
  return new RaisedFailure(`java.lang.ArithmeticException: ${base === 0 ? 'Division by zero' : 'Overflow'}`)
}

export function negated(run: Run, value: Value): Value {
  if (isNumeric(value)) return negate(value)
  return run.dialect === 'standard' && isDuration(value) ? negateDuration(value) : expected(run, 'number', value, '-')
}

function number(run: Run, result: Numeric | null): Value {
  if (result === null) return run.warn('OUT_OF_BOUNDS', 'The result is no number, or beyond the range of decimal128.')
  if (result instanceof Decimal) run.spend(DECIMAL_COST)
  return result
}

/** Notes that a value is not of the type that was needed. */
export const expected = (run: Run, type: string, found: Value, where?: string): null =>
  run.warn('INVALID_TYPE', `Expected ${type} but found '${shown(found)}'`, where)
