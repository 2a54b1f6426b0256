/** The operators `= != < <= > >=`, `between` and membership of a range, with Zeebe's words for values that cannot be compared. */
import type { Operation } from './arithmetic.ts'
import { equal, order, within } from './compare.ts'
import type { Run } from './run.ts'
import { shown } from './text.ts'
import type { Range, Value } from './value.ts'

const incomparable = (run: Run, a: Value, b: Value): null =>
  run.warn('NOT_COMPARABLE', `Can't compare '${shown(a)}' with '${shown(b)}'`)

const ordered =
  (holds: (order: number) => boolean): Operation =>
  (run, a, b) => {
    const found = order(a, b)
    return found === null ? incomparable(run, a, b) : holds(found)
  }

const atLeast = ordered((order) => order >= 0)
const atMost = ordered((order) => order <= 0)

export const same: Operation = (run, a, b) => equal(run, a, b) ?? incomparable(run, a, b)

export const relations: Readonly<Record<string, Operation>> = {
  '=': same,
  '!=': (run, a, b) => {
    const found = same(run, a, b)
    return found === null ? null : !found
  },
  '<': ordered((order) => order < 0),
  '<=': atMost,
  '>': ordered((order) => order > 0),
  '>=': atLeast,
}

export function isBetween(run: Run, value: Value, low: Value, high: Value): Value {
  const above = atLeast(run, value, low)
  const below = atMost(run, value, high)
  if (above === false || below === false) return false
  return above === null || below === null ? null : true
}

export const isWithin = (run: Run, value: Value, range: Range): Value =>
  within(range, value) ??
  run.warn('NOT_COMPARABLE', `Can't compare '${shown(value)}' with '${shown(range.start)}' and '${shown(range.end)}'`)
