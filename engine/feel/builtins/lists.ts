/** Lists: parts, order, membership. */
import { DECIMAL_COST } from '../arithmetic.ts'
import { equal, identical } from '../compare.ts'
import { isNumeric, type Numeric, numberText, wholeNumber } from '../number.ts'
import type { Run } from '../run.ts'
import { shown } from '../text.ts'
import { type FunctionValue, isList, type List, type Value } from '../value.ts'
import { alike, type Definition, fn, type Illegal, illegal, UNFIT } from './signature.ts'

/** From a position that counts from 1, or from the end when negative; null when it is none. */
function indexOf(list: List, position: Numeric): number | null {
  const at = wholeNumber(position)
  if (at === null || at === 0) return null
  return at > 0 ? at - 1 : list.length + at
}

/** Zeebe cuts where the standard finds no such place. */
const outside = (run: Run, list: List, index: number, beyond = 0): boolean =>
  run.dialect === 'standard' && (index < 0 || index >= list.length + beyond)

function sublist(run: Run, list: List, start: Numeric, length: Numeric | null = null): Value | Illegal {
  const from = indexOf(list, start)
  if (from === null) return illegal('start position must be a non-zero number')
  const count = length === null ? list.length - from : (wholeNumber(length) ?? 0)
  if (
    outside(run, list, from) ||
    (run.dialect === 'standard' && (count < 0 || (length !== null && from + count > list.length)))
  )
    return null
  run.items(list.length)
  return list.slice(Math.max(0, from), Math.max(0, from + count))
}

function insertBefore(run: Run, list: List, position: Numeric, item: Value): Value | Illegal {
  const at = indexOf(list, position)
  if (at === null) return illegal('position must be a non-zero number')
  if (outside(run, list, at)) return null
  run.items(list.length)
  return [...list.slice(0, Math.max(0, at)), item, ...list.slice(Math.max(0, at))]
}

function remove(run: Run, list: List, position: Numeric): Value | Illegal {
  const at = indexOf(list, position)
  if (at === null) return illegal('position must be a non-zero number')
  if (outside(run, list, at)) return null
  run.items(list.length)
  return list.filter((_item, index) => index !== at)
}

function replaceAt(run: Run, list: List, position: Numeric, item: Value): Value {
  const at = indexOf(list, position)
  if (at === null || outside(run, list, at)) return null
  run.items(list.length)
  return list.with(at, item)
}

function replaceWhere(run: Run, list: List, match: FunctionValue, item: Value): Value {
  const replaced: Value[] = []
  for (const old of list) {
    const found = match.invoke(run, [old, item])
    if (typeof found !== 'boolean') return null
    replaced.push(found ? item : old)
  }
  return replaced
}

function positions(run: Run, list: List, match: Value): Value {
  const found: number[] = []
  for (const [index, item] of list.entries()) {
    run.spend(1)
    if (identical(run, item, match)) found.push(index + 1)
  }
  return found
}

const isIn = (run: Run, list: Iterable<Value>, item: Value): boolean => {
  for (const other of list) {
    run.spend(1)
    if (identical(run, other, item)) return true
  }
  return false
}

function isNew<T>(known: Set<T>, value: T): boolean {
  const { size } = known
  return known.add(value).size > size
}

/** Numbers and texts in sets, so that long lists stay linear; the others one by one. */
function distinct(run: Run, list: List): Value[] {
  const known = new Set<string | number>()
  const fractions = new Set<string>()
  const others: Value[] = []
  return list.filter((item) => {
    run.spend(1)
    if (isNumeric(item) && typeof item !== 'number') run.spend(DECIMAL_COST)
    if (typeof item === 'string' || typeof item === 'number') return isNew(known, item)
    if (isNumeric(item)) return isNew(fractions, numberText(item))
    return !others.some((other) => equal(run, other, item) === true) && others.push(item) > 0
  })
}

const duplicates = (run: Run, list: List): Value =>
  distinct(run, list).filter((item) => {
    run.spend(list.length)
    return list.filter((other) => equal(run, other, item) === true).length > 1
  })

function flatten(run: Run, list: List, depth = 0): Value[] {
  run.items(list.length)
  if (depth > 500) return [...list]
  const flat: Value[] = []
  for (const item of list)
    if (isList(item)) for (const inner of flatten(run, item, depth + 1)) flat.push(inner)
    else flat.push(item)
  return flat
}

const joined = (run: Run, lists: List): Value[] => {
  const all: Value[] = []
  for (const list of lists) {
    run.items(isList(list) ? list.length : 1)
    if (isList(list)) for (const item of list) all.push(item)
    else all.push(list)
  }
  return all
}

function reversed(run: Run, list: List): Value {
  run.items(list.length)
  return list.toReversed()
}

/** A stable merge sort, because the function is asked so often at most, whatever it answers. */
function sort(run: Run, list: List, precedes: FunctionValue): Value | Illegal {
  if (precedes.parameters.length !== 2)
    return illegal(`expect boolean function with 2 arguments, but found '${precedes.parameters.length}'`)
  let fault: Illegal | null = null
  const before = (a: Value, b: Value): boolean => {
    run.spend(1)
    const found = precedes.invoke(run, [a, b])
    if (typeof found !== 'boolean')
      fault ??= illegal(`fail to sort list by given precedes function: expected boolean but found '${shown(found)}'`)
    return found === true
  }
  const sorted = mergeSort(list, before)
  return fault ?? sorted
}

function mergeSort(list: List, before: (a: Value, b: Value) => boolean): List {
  if (list.length < 2) return list
  const middle = list.length >> 1
  const [left, right] = [mergeSort(list.slice(0, middle), before), mergeSort(list.slice(middle), before)]
  const merged: Value[] = []
  let [i, j] = [0, 0]
  while (i < left.length && j < right.length) merged.push(before(right[j]!, left[i]!) ? right[j++]! : left[i++]!)
  return [...merged, ...left.slice(i), ...right.slice(j)]
}

function partition(run: Run, list: List, size: Numeric): Value | Illegal {
  const count = wholeNumber(size) ?? 0
  if (count <= 0) return illegal(`'size' should be greater than zero but was '${shown(size)}'`)
  run.items(list.length)
  const parts: List[] = []
  for (let at = 0; at < list.length; at += count) parts.push(list.slice(at, at + count))
  return parts
}

function join(run: Run, list: List, delimiter: Value, prefix: Value = null, suffix: Value = null): Value | Illegal {
  const [between, before, after] = [delimiter ?? '', prefix ?? '', suffix ?? '']
  if (typeof between !== 'string' || typeof before !== 'string' || typeof after !== 'string') return UNFIT
  if ((prefix === null) !== (suffix === null)) return UNFIT
  if (!list.every((item) => item === null || typeof item === 'string'))
    return illegal(`expected a list of strings but found 'List(${shown(list).slice(1, -1)})'`)
  run.items(list.length)
  const texts = list.filter((item) => item !== null)
  const length = texts.reduce((total, text) => total + text.length + between.length, 0)
  run.spend(length >> 6)
  return run.text(before + texts.join(between) + after)
}

export const listFunctions: readonly Definition[] = [
  fn('list contains(list: list, element: any)', isIn),
  fn('sublist(list: list, start: number)', sublist),
  ...alike(
    [
      'sublist(list: list, start: number, length: number)',
      'sublist(list: list, start position: number, length: number)',
    ],
    sublist,
  ),
  fn('append(list: list, ...items: list)', (run, list, items) => joined(run, [list, items])),
  fn('concatenate(...lists: list)', joined),
  fn('insert before(list: list, position: number, newItem: any)', insertBefore),
  fn('remove(list: list, position: number)', remove),
  fn('reverse(list: list)', reversed),
  fn('index of(list: list, match: any)', positions),
  fn('union(...lists: list)', (run, lists) => distinct(run, joined(run, lists))),
  fn('distinct values(list: list)', distinct),
  fn('duplicate values(list: list)', duplicates, 'camunda'),
  fn('flatten(list: list)', (run, list) => flatten(run, list)),
  fn('sort(list: list, precedes: function)', sort),
  fn('list replace(list: list, position: number, newItem: any)', replaceAt, 'standard'),
  fn('list replace(list: list, match: function, newItem: any)', replaceWhere, 'standard'),
  fn('string join(list: list)', (run, list) => join(run, list, null)),
  fn('string join(list: list, delimiter: any)', (run, list, delimiter) => join(run, list, delimiter)),
  fn('string join(list: list, delimiter: any, prefix: any, suffix: any)', join, 'camunda'),
  fn('is empty(list: list)', (_run, list) => list.length === 0, 'camunda'),
  fn('partition(list: list, size: number)', partition, 'camunda'),
]
