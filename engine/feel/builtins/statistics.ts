/** Sums, means and extremes of lists. */
import { order } from '../compare.ts'
import { sumShort } from '../fixed-point.ts'
import {
  add,
  canonical,
  compareNumbers,
  type Decimal,
  decimal,
  divide,
  isNumeric,
  multiply,
  type Numeric,
  numbersEqual,
} from '../number.ts'
import { isOrderedList, unordered } from '../relations.ts'
import { RaisedFailure, type Run } from '../run.ts'
import { shown } from '../text.ts'
import { squareRoot } from '../transcendental.ts'
import type { List, Value } from '../value.ts'
import { type Definition, fn, type Illegal, illegal } from './signature.ts'

const isNotNumeric = (item: Value): boolean => !isNumeric(item)

const numbers =
  (compute: (run: Run, values: readonly Numeric[]) => Value, ofNone: Value = null) =>
  (run: Run, list: List): Value | Illegal => {
    run.items(list.length * 4)
    const other = list.find(isNotNumeric)
    if (other !== undefined) return illegal(`expected number but found '${shown(other)}'`)
    return list.length === 0 ? ofNone : compute(run, list as readonly Numeric[])
  }

const folded = (operation: (a: Numeric, b: Numeric) => Numeric | null, values: readonly Numeric[]): Numeric | null => {
  let result: Numeric | null = values[0] ?? null
  for (const value of values.slice(1)) result = result === null ? null : operation(result, value)
  return result
}

const sum = (values: readonly Numeric[]): Numeric | null => sumShort(values) ?? folded(add, values)

function mean(values: readonly Numeric[]): Numeric | null {
  const total = sum(values)
  return total === null ? null : divide(total, values.length)
}

function median(values: readonly Numeric[]): Value {
  const sorted = values.toSorted(compareNumbers)
  const middle = sorted.length >> 1
  if (sorted.length % 2 === 1) return sorted[middle]!
  const total = add(sorted[middle - 1]!, sorted[middle]!)
  return total === null ? null : divide(total, 2)
}

/** Of a sample. */
function deviation(run: Run, values: readonly Numeric[]): Value {
  const average = mean(values)
  if (values.length < 2 && run.dialect === 'camunda')
    throw new RaisedFailure('java.lang.ArithmeticException: Division undefined')
  if (average === null || values.length < 2) return null
  run.spend(values.length * 10)
  const middle = decimal(average)
  const squares = values.reduce<Decimal>((total, value) => {
    const distance = decimal(value).minus(middle)
    return total.plus(distance.times(distance))
  }, decimal(0))
  return canonical(squareRoot(squares.dividedBy(decimal(values.length - 1))))
}

function modes(values: readonly Numeric[]): List {
  const counted: { readonly value: Numeric; count: number }[] = []
  for (const value of values.toSorted(compareNumbers)) {
    const last = counted.at(-1)
    if (last !== undefined && numbersEqual(last.value, value)) last.count++
    else counted.push({ value, count: 1 })
  }
  const most = Math.max(...counted.map(({ count }) => count))
  return counted.filter(({ count }) => count === most).map(({ value }) => value)
}

const extreme =
  (sign: 1 | -1) =>
  (run: Run, list: List): Value | Illegal => {
    run.items(list.length * 4)
    let best: Value = list[0] ?? null
    for (const [at, item] of list.entries()) {
      const found = order(item, best, run.dialect)
      if (found === null && isOrderedList(list) && run.dialect === 'camunda') {
        if (at === 0) continue
        throw unordered(best, item)
      }
      if (found === null) return illegal(`${shown(list)} is not comparable`)
      if (found * sign > 0) best = item
    }
    return best
  }

/** `settling` decides at once; anything but true and false leaves it open. */
const quantified =
  (settling: boolean) =>
  (run: Run, list: List): Value => {
    run.items(list.length)
    if (list.includes(settling)) return settling
    return list.every((item) => typeof item === 'boolean') ? !settling : null
  }

export const statisticFunctions: readonly Definition[] = [
  fn('count(list: list)', (_run, list) => list.length),
  fn('min(...list: list)', extreme(-1)),
  fn('max(...list: list)', extreme(1)),
  fn(
    'sum(...list: list)',
    numbers((_run, values) => sum(values)),
  ),
  fn(
    'product(...list: list)',
    numbers((_run, values) => folded(multiply, values)),
  ),
  fn(
    'mean(...list: list)',
    numbers((_run, values) => mean(values)),
  ),
  fn(
    'median(...list: list)',
    numbers((_run, values) => median(values)),
  ),
  fn('stddev(...list: list)', numbers(deviation)),
  fn(
    'mode(...list: list)',
    numbers((_run, values) => modes(values), []),
  ),
  fn('all(...list: list)', quantified(false)),
  fn('any(...list: list)', quantified(true)),
  fn('and(...list: list)', quantified(false), 'camunda'),
  fn('or(...list: list)', quantified(true), 'camunda'),
]
