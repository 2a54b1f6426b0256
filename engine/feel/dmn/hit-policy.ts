/** What a decision table answers when several rules match. */
import { equal, identical, order } from '../compare.ts'
import { add, isNumeric } from '../number.ts'
import { EvaluationFailure, type Run } from '../run.ts'
import { shown } from '../text.ts'
import type { Context, List, Value } from '../value.ts'

export type HitPolicy = 'UNIQUE' | 'FIRST' | 'ANY' | 'PRIORITY' | 'RULE ORDER' | 'OUTPUT ORDER' | 'COLLECT'
export type Aggregation = 'SUM' | 'COUNT' | 'MIN' | 'MAX'

export const aggregations: ReadonlySet<string> = new Set<Aggregation>(['SUM', 'COUNT', 'MIN', 'MAX'])

export const hitPolicies: ReadonlySet<string> = new Set<HitPolicy>([
  'UNIQUE',
  'FIRST',
  'ANY',
  'PRIORITY',
  'RULE ORDER',
  'OUTPUT ORDER',
  'COLLECT',
])

/** The outputs of one rule by the names of the columns. */
export type Outputs = Context

export interface Answering {
  readonly hitPolicy: HitPolicy
  readonly aggregation: Aggregation | null
  /** In falling priority. */
  byPriority(run: Run, matched: readonly Outputs[]): readonly Outputs[]
}

/** `matched` is not empty. */
export function answer(run: Run, table: Answering, matched: readonly Outputs[]): Value {
  switch (table.hitPolicy) {
    case 'UNIQUE':
      return only(matched, 'multiple', 'UNIQUE')
    case 'ANY':
      return only(distinct(run, matched), 'different', 'ANY')
    case 'FIRST':
      return single(matched[0]!)
    case 'PRIORITY':
      return single(table.byPriority(run, matched)[0]!)
    case 'OUTPUT ORDER':
      return table.byPriority(run, matched).map(single)
    case 'RULE ORDER':
      return matched.map(single)
    case 'COLLECT':
      return collected(run, table.aggregation, matched.map(single))
  }
}

/** One column is its value, several are a context. */
const single = (outputs: Outputs): Value => (outputs.size === 1 ? [...outputs.values()][0]! : outputs)

function only(matched: readonly Outputs[], what: string, policy: HitPolicy): Value {
  if (matched.length === 1) return single(matched[0]!)
  throw new EvaluationFailure(`${what} values aren't allowed for ${policy} hit policy. found: '${scala(matched)}'`)
}

const scala = (matched: readonly Outputs[]): string => {
  const maps = matched.map((outputs) => [...outputs].map(([name, value]) => `${name} -> ${shown(value)}`).join(', '))
  return `List(${maps.map((entries) => `Map(${entries})`).join(', ')})`
}

const distinct = (run: Run, matched: readonly Outputs[]): readonly Outputs[] =>
  matched.filter((outputs, index) => matched.findIndex((other) => agree(run, outputs, other)) === index)

const agree = (run: Run, a: Outputs, b: Outputs): boolean =>
  a === b || [...a].every(([name, value]) => identical(run, value, b.get(name) ?? null))

/** `priorities` are the values of each column. */
export function byValues(
  run: Run,
  priorities: ReadonlyMap<string, List>,
  matched: readonly Outputs[],
): readonly Outputs[] {
  const ranked = matched.map((outputs) => ({ outputs, ranks: ranksOf(run, priorities, outputs) }))
  return ranked.toSorted((a, b) => firstDifference(a.ranks, b.ranks)).map(({ outputs }) => outputs)
}

/** A value that is not listed comes last. */
const ranksOf = (run: Run, priorities: ReadonlyMap<string, List>, outputs: Outputs): readonly number[] =>
  [...priorities].map(([name, values]) => {
    const at = values.findIndex((value) => equal(run, value, outputs.get(name) ?? null) === true)
    return at < 0 ? values.length : at
  })

const firstDifference = (a: readonly number[], b: readonly number[]): number =>
  a.map((rank, index) => rank - b[index]!).find((difference) => difference !== 0) ?? 0

/** Zeebe compares the ranks of all columns as one text: the tenth of eleven values comes before the second. */
export function byWriting(
  priorities: ReadonlyMap<string, readonly string[]>,
  matched: readonly Outputs[],
): readonly Outputs[] {
  const rank = (outputs: Outputs): string =>
    [...priorities].map(([name, values]) => writtenRank(values, outputs.get(name) ?? null)).join('')
  const ranked = matched.map((outputs) => ({ outputs, rank: rank(outputs) }))
  return ranked.toSorted((a, b) => (a.rank < b.rank ? -1 : Number(a.rank > b.rank))).map(({ outputs }) => outputs)
}

function writtenRank(values: readonly string[], value: Value): string {
  const text = typeof value === 'string' ? value : isNumeric(value) ? shown(value) : null
  const at = text === null ? -1 : values.lastIndexOf(text)
  return at < 0 ? '_' : String(at)
}

function collected(run: Run, aggregation: Aggregation | null, values: readonly Value[]): Value {
  switch (aggregation) {
    case null:
      return values
    case 'COUNT':
      return values.length
    case 'SUM':
      return values
        .map((value) => numeric(value))
        .reduce<Value>((sum, value) => (isNumeric(sum) ? add(sum, value) : null), 0)
    case 'MIN':
      return extreme(run, values, -1)
    case 'MAX':
      return extreme(run, values, 1)
  }
}

const numeric = (value: Value) => (isNumeric(value) ? value : unfit(value))
function unfit(value: Value): never {
  throw new EvaluationFailure(`expected number but found '${shown(value)}'`)
}

/** Zeebe compares numbers only. */
function extreme(run: Run, values: readonly Value[], sign: 1 | -1): Value {
  let best: Value = values[0] ?? null
  for (const value of values) {
    const found = run.dialect === 'camunda' && !isNumeric(value) ? null : order(value, best)
    if (found === null) unfit(value)
    if (found * sign > 0) best = value
  }
  return best
}
