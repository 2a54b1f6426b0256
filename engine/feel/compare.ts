/** Equality and order. Null means that the two cannot be compared. */
import type { Dialect } from './dialect.ts'
import { compareNumbers, isNumeric, numbersEqual } from './number.ts'
import type { Run } from './run.ts'
import { epochDay, NANOS_PER_SECOND } from './temporal/calendar.ts'
import { placeName } from './temporal/text.ts'
import { CalendarDate, DateTime, DaysDuration, MonthsDuration, Time } from './temporal/values.ts'
import { instantOf, offsetOf, offsetOfTime, samePlace } from './temporal/zone.ts'
import { type Context, isContext, isList, type List, Range, type Value } from './value.ts'

/** Of the stack, against a closure, for each list within a list. */
const LEVELS = 4

export function equal(run: Run, a: Value, b: Value): boolean | null {
  if (a === b) return true
  if (a === null || b === null) return false
  if (isNumeric(a)) return isNumeric(b) ? numbersEqual(a, b) : null
  if (typeof a !== 'object') return typeof a === typeof b ? false : null
  run.spend(1)
  if (isList(a)) return isList(b) ? run.nested(LEVELS, () => listsEqual(run, a, b)) : null
  if (isContext(a)) return isContext(b) ? run.nested(LEVELS, () => contextsEqual(run, a, b)) : null
  if (a instanceof Range) return b instanceof Range ? rangesEqual(run, a, b) : null
  return temporalsEqual(run.dialect, a, b)
}

/** As lists look for an item: to Zeebe no context is another one, whatever it holds. */
export function identical(run: Run, a: Value, b: Value): boolean {
  if (run.dialect === 'standard') return equal(run, a, b) === true
  if (isContext(a)) return false
  if (!isList(a) || !isList(b)) return equal(run, a, b) === true
  run.spend(1)
  return (
    a.length === b.length && run.nested(LEVELS, () => a.every((item, index) => identical(run, item, b[index] as Value)))
  )
}

function listsEqual(run: Run, a: List, b: List): boolean {
  return a.length === b.length && a.every((item, index) => equal(run, item, b[index] as Value) === true)
}

function contextsEqual(run: Run, a: Context, b: Context): boolean {
  if (a.size !== b.size) return false
  for (const [name, value] of a) {
    const other = b.get(name)
    if (other === undefined || equal(run, value, other) !== true) return false
  }
  return true
}

const rangesEqual = (run: Run, a: Range, b: Range): boolean =>
  a.relation === b.relation &&
  a.startIncluded === b.startIncluded &&
  a.endIncluded === b.endIncluded &&
  equal(run, a.start, b.start) === true &&
  equal(run, a.end, b.end) === true

/** In Zeebe two moments are equal only when they are written at the same place, as in java.time. */
function temporalsEqual(dialect: Dialect, a: Value, b: Value): boolean | null {
  const order = temporalOrder(a, b)
  if (dialect === 'standard') return order === null ? null : order === 0 || sameMillisecond(a, b)
  if (order !== 0) return order === null ? null : false
  if (a instanceof DateTime && b instanceof DateTime) return samePlace(a.time.place, b.time.place)
  if (a instanceof Time && b instanceof Time) return samePlace(a.place, b.place)
  return true
}

/** The TCK's moments are equal when they differ by less than a millisecond counts. */
function sameMillisecond(a: Value, b: Value): boolean {
  if (a instanceof DateTime && b instanceof DateTime) return instantOf(a) / MILLISECOND === instantOf(b) / MILLISECOND
  if (!(a instanceof Time && b instanceof Time)) return false
  const milliseconds = (time: Time): number =>
    Math.floor(time.nanos / Number(MILLISECOND)) - (offsetOfTime(time) ?? 0) * 1_000
  return milliseconds(a) === milliseconds(b)
}
const MILLISECOND = 1_000_000n

/** Negative, zero or positive. */
export function order(a: Value, b: Value, dialect: Dialect = 'standard'): number | null {
  if (isNumeric(a)) return isNumeric(b) ? compareNumbers(a, b) : null
  if (typeof a === 'string') return typeof b === 'string' ? compareTexts(a, b) : null
  const found = temporalOrder(a, b)
  return found === 0 && dialect === 'camunda' ? orderOfPlaces(a, b) : found
}

/** In Zeebe, as in java.time, the same instant comes later where the clock shows more, then by the name of the place. */
function orderOfPlaces(a: Value, b: Value): number {
  if (!(a instanceof DateTime && b instanceof DateTime) || samePlace(a.time.place, b.time.place)) return 0
  return (offsetOf(a) ?? 0) - (offsetOf(b) ?? 0) || compareTexts(placeName(a.time.place), placeName(b.time.place))
}

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const compareBig = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)

function temporalOrder(a: Value, b: Value): number | null {
  if (a instanceof CalendarDate) return b instanceof CalendarDate ? epochDay(a) - epochDay(b) : null
  if (a instanceof DaysDuration) return b instanceof DaysDuration ? compareBig(a.nanos, b.nanos) : null
  if (a instanceof MonthsDuration) return b instanceof MonthsDuration ? a.months - b.months : null
  if (a instanceof Time) return b instanceof Time ? orderTimes(a, b) : null
  if (a instanceof DateTime && b instanceof DateTime && isLocal(a.time) === isLocal(b.time))
    return compareBig(instantOf(a), instantOf(b))
  return null
}

const isLocal = (time: Time): boolean => time.place.kind === 'local'

function orderTimes(a: Time, b: Time): number | null {
  if (isLocal(a) !== isLocal(b)) return null
  return a.nanos - b.nanos - ((offsetOfTime(a) ?? 0) - (offsetOfTime(b) ?? 0)) * NANOS_PER_SECOND
}

/** Whether a range holds a value; an end that is null is open to that side. */
export function within(range: Range, value: Value, dialect: Dialect = 'standard'): boolean | null {
  const fromStart = range.start === null ? 1 : order(value, range.start, dialect)
  const toEnd = range.end === null ? 1 : order(range.end, value, dialect)
  if (fromStart === null || toEnd === null) return null
  if (range.relation === '!=') return fromStart !== 0
  return (
    (fromStart > 0 || (fromStart === 0 && range.startIncluded)) && (toEnd > 0 || (toEnd === 0 && range.endIncluded))
  )
}
