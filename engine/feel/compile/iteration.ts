/** `for`, `some` and `every`: the cartesian product of their iterators, one element after the other. */
import type { SyntaxNode } from '@lezer/common'
import { expected } from '../arithmetic.ts'
import { order } from '../compare.ts'
import { add, isNumeric } from '../number.ts'
import type { Run } from '../run.ts'
import { addDays } from '../temporal/calendar.ts'
import { CalendarDate } from '../temporal/values.ts'
import { isList, Range, type Value } from '../value.ts'
import type { Code, Environment, Scope } from './code.ts'
import { type Builder, type Compilation, childrenOf, operandsOf } from './compilation.ts'

/** False ends the iteration. */
type Visit = (environment: Environment | null) => boolean
/** False when the iteration was ended; null when something is no list. */
type Walk = (run: Run, environment: Environment | null, visit: Visit) => boolean | null
type Domain = (run: Run, environment: Environment | null) => Iterable<Value> | null

const PARTIAL = 'partial'

export const forExpression: Builder = (node, scope, c) => {
  const [iterators, result] = operandsOf(node) as [SyntaxNode, SyntaxNode]
  const { walk, scope: inner } = walkOf(iterators, scope, c)
  const { code, cost } = c.body(result, { name: PARTIAL, outer: inner })
  const usesPartial = c.text(result).includes(PARTIAL)
  return (run, environment) => {
    const results: Value[] = []
    const ended = walk(run, environment, (outer) => {
      run.spend(1 + cost)
      if (usesPartial) run.items(results.length)
      results.push(code(run, { value: usesPartial ? [...results] : null, outer }))
      return true
    })
    return ended === null ? null : results
  }
}

/** `some` holds when one element does, `every` when none fails; an element that is neither makes the outcome unknown. */
export const quantified: Builder = (node, scope, c) => {
  const decisive = childrenOf(node)[0]!.name === 'some'
  const [iterators, condition] = operandsOf(node) as [SyntaxNode, SyntaxNode]
  const { walk, scope: inner } = walkOf(iterators, scope, c)
  const { code, cost } = c.body(condition, inner)
  return (run, environment) => {
    let found: boolean | null = !decisive
    const ended = walk(run, environment, (outer) => {
      run.spend(1 + cost)
      const value = code(run, outer)
      if (value === decisive) found = decisive
      else if (typeof value !== 'boolean') found = expected(run, 'boolean', value, 'satisfies')
      return value !== decisive
    })
    return ended === null ? null : found
  }
}

function walkOf(node: SyntaxNode, scope: Scope | null, c: Compilation): { walk: Walk; scope: Scope | null } {
  let inner = scope
  const domains = operandsOf(node).map((iterator) => {
    const [name, source] = operandsOf(iterator) as [SyntaxNode, SyntaxNode]
    const domain = domainOf(source, inner, c)
    inner = { name: c.name(name), outer: inner }
    return domain
  })
  return { walk: nest(domains), scope: inner }
}

function nest([first, ...rest]: readonly Domain[]): Walk {
  if (first === undefined) return (_run, environment, visit) => visit(environment)
  const further = nest(rest)
  return (run, outer, visit) => {
    const values = first(run, outer)
    if (values === null) return null
    for (const value of values) {
      run.spend(1)
      const goesOn = further(run, { value, outer }, visit)
      if (goesOn !== true) return goesOn
    }
    return true
  }
}

function domainOf(node: SyntaxNode, scope: Scope | null, c: Compilation): Domain {
  const [start, end] = operandsOf(node).map((operand) => c.compile(operand, scope)) as [Code, Code?]
  if (end === undefined) return (run, environment) => elements(run, start(run, environment))
  return (run, environment) => steps(run, start(run, environment), end(run, environment))
}

function elements(run: Run, value: Value): Iterable<Value> | null {
  if (isList(value)) return value
  if (run.dialect === 'camunda' || value === null) return expected(run, 'list', value, 'in')
  if (value instanceof Range) return stepsWithin(run, value)
  return [value]
}

function stepsWithin(run: Run, { start, end, startIncluded, endIncluded }: Range): Iterable<Value> | null {
  const all = steps(run, start, end)
  if (all === null || (order(start, end) ?? 1) > 0) return null
  return filtered(
    all,
    (value) => (startIncluded || order(value, start) !== 0) && (endIncluded || order(value, end) !== 0),
  )
}

function* filtered(values: Iterable<Value>, keep: (value: Value) => boolean): Iterable<Value> {
  for (const value of values) if (keep(value)) yield value
}

/** From one end to the other by one, up or down. */
function steps(run: Run, start: Value, end: Value): Iterable<Value> | null {
  if (run.dialect === 'standard' && start instanceof CalendarDate && end instanceof CalendarDate)
    return stepped(start, end, (date, by) => addDays(date as CalendarDate, by))
  if (!isNumeric(start)) return expected(run, 'number', start, '..')
  if (!isNumeric(end)) return expected(run, 'number', end, '..')
  return stepped(start, end, (value, by) => (isNumeric(value) ? add(value, by) : null))
}

function* stepped(start: Value, end: Value, next: (value: Value, by: 1 | -1) => Value): Iterable<Value> {
  const by = (order(start, end) ?? 0) <= 0 ? 1 : -1
  for (let value = start; value !== null && (order(value, end) ?? 0) * by <= 0; value = next(value, by)) yield value
}
