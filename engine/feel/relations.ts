/** The operators `= != < <= > >=`, `between` and membership of a range, with Zeebe's words for values that cannot be compared. */
import { expected, type Operation } from './arithmetic.ts'
import { equal, order, within } from './compare.ts'
import { RaisedFailure, type Run } from './run.ts'
import { shown } from './text.ts'
import { isList, type Range, type Value } from './value.ts'

/** Zeebe warns once more where what it could not compare is wanted as true or false. */
export const unknown = (run: Run): null => (run.dialect === 'camunda' ? expected(run, 'boolean', null) : null)

const incomparable = (run: Run, a: Value, b: Value): null =>
  run.warn('NOT_COMPARABLE', `Can't compare '${shown(a)}' with '${shown(b)}'`)

const ordered =
  (holds: (order: number) => boolean): Operation =>
  (run, a, b) => {
    const found = order(a, b, run.dialect)
    if (found !== null) return holds(found)
    if (run.dialect === 'camunda' && isOrderedList(a) && isOrderedList(b)) throw unordered(a, b)
    return incomparable(run, a, b)
  }

/** Zeebe fails where two lists are compared whose items all are values of one kind that has an order. */
export const isOrderedList = (value: Value): boolean =>
  isList(value) && value.length > 0 && value.every((item) => isOrderedKind(item) && sameKind(item, value[0]!))
const isOrderedKind = (value: Value): boolean => order(value, value) !== null || isOrderedList(value)
const sameKind = (a: Value, b: Value): boolean => order(a, b) !== null || (isList(a) && isList(b))
export const unordered = (a: Value, b: Value): RaisedFailure =>
  new RaisedFailure(`java.lang.IllegalArgumentException: ${shown(a)} can not be compared to ${shown(b)}`)

const lessThan = ordered((order) => order < 0)
const atMost = ordered((order) => order <= 0)
const moreThan = ordered((order) => order > 0)
const atLeast = ordered((order) => order >= 0)

export const same: Operation = (run, a, b) => equal(run, a, b) ?? incomparable(run, a, b)

export const relations: Readonly<Record<string, Operation>> = {
  '=': same,
  '!=': (run, a, b) => {
    const found = same(run, a, b)
    return found === null ? unknown(run) : !found
  },
  // Whole numbers are most of what is compared, and each sign has code of its own for them.
  '<': (run, a, b) => (typeof a === 'number' && typeof b === 'number' ? a < b : lessThan(run, a, b)),
  '<=': (run, a, b) => (typeof a === 'number' && typeof b === 'number' ? a <= b : atMost(run, a, b)),
  '>': (run, a, b) => (typeof a === 'number' && typeof b === 'number' ? a > b : moreThan(run, a, b)),
  '>=': (run, a, b) => (typeof a === 'number' && typeof b === 'number' ? a >= b : atLeast(run, a, b)),
}

export function isBetween(run: Run, value: Value, low: Value, high: Value): Value {
  const above = atLeast(run, value, low)
  const below = atMost(run, value, high)
  if (above === false || below === false) return false
  return above === null || below === null ? null : true
}

/** In Zeebe a range that is open to one side holds nothing. */
export const isWithin = (run: Run, value: Value, range: Range): Value =>
  (run.dialect === 'camunda' && (range.start === null || range.end === null)
    ? null
    : within(range, value, run.dialect)) ??
  run.warn('NOT_COMPARABLE', `Can't compare '${shown(value)}' with '${shown(range.start)}' and '${shown(range.end)}'`)
