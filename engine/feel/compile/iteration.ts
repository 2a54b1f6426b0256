/** `for`, `some` and `every`: the cartesian product of their iterators, one element after the other. */
import type { SyntaxNode } from '@lezer/common'
import { DECIMAL_COST, expected } from '../arithmetic.ts'
import { order } from '../compare.ts'
import { add, isNumeric } from '../number.ts'
import type { Run } from '../run.ts'
import { addDays } from '../temporal/calendar.ts'
import { CalendarDate } from '../temporal/values.ts'
import { isList, Range, type Value } from '../value.ts'
import type { Code, Environment, Scope } from './code.ts'
import { type Builder, type Compilation, childrenOf, operandsOf } from './compilation.ts'

/** True goes on, false ends the iteration, null says that something inside is no list. */
type Progress = boolean | null
type Walk = (
  run: Run,
  environment: Environment | null,
  visit: (environment: Environment | null) => Progress,
) => Progress
/** Visits one value after the other, without an iterator: those of arrays and ranges together take twice as long. */
type Domain = (run: Run, environment: Environment | null, visit: Visit) => Progress
type Visit = (value: Value) => Progress

const PARTIAL = 'partial'

export const forExpression: Builder = (node, scope, c) => {
  const [iterators, result] = operandsOf(node) as [SyntaxNode, SyntaxNode]
  const { walk, scope: inner } = walkOf(iterators, scope, c)
  const usesPartial = c.text(result).includes(PARTIAL)
  const { code, cost } = c.body(result, usesPartial ? { name: PARTIAL, outer: inner } : inner)
  return (run, environment) => {
    const results: Value[] = []
    const ended = walk(run, environment, (outer) => {
      run.spend(1 + cost)
      if (usesPartial) run.items(results.length)
      results.push(code(run, usesPartial ? { value: [...results], outer } : outer))
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
      else if (typeof value !== 'boolean') found = found === null ? null : expected(run, 'boolean', value, 'satisfies')
      return value !== decisive
    })
    return ended === null ? null : found
  }
}

function walkOf(node: SyntaxNode, scope: Scope | null, c: Compilation): { walk: Walk; scope: Scope | null } {
  let inner = scope
  const domains = operandsOf(node).map((iterator) => {
    const [name, source] = operandsOf(iterator) as [SyntaxNode, SyntaxNode]
    // To Zeebe an iterator does not see those before it.
    const domain = domainOf(source, c.dialect === 'camunda' ? scope : inner, c)
    inner = { name: c.name(name), outer: inner }
    return domain
  })
  return { walk: c.dialect === 'camunda' && domains.length > 1 ? product(domains) : nest(domains), scope: inner }
}

/** All domains first, then their elements. */
function product(domains: readonly Domain[]): Walk {
  return (run, outer, visit) => {
    const lists = domains.map((domain) => elementsOf(run, outer, domain))
    if (lists.includes(null)) return null
    return nest(
      lists.map(
        (list): Domain =>
          (_run, _environment, each) =>
            eachOf(run, list, each),
      ),
    )(run, outer, visit)
  }
}

function elementsOf(run: Run, environment: Environment | null, domain: Domain): Value[] | null {
  const elements: Value[] = []
  const progress = domain(run, environment, (value) => {
    run.spend(1)
    return elements.push(value) > 0
  })
  return progress === null ? null : elements
}

function nest([first, ...rest]: readonly Domain[]): Walk {
  if (first === undefined) return (_run, environment, visit) => visit(environment)
  if (rest.length === 0) return (run, outer, visit) => first(run, outer, (value) => visit({ value, outer }))
  const further = nest(rest)
  return (run, outer, visit) =>
    first(run, outer, (value) => {
      run.spend(1)
      return further(run, { value, outer }, visit)
    })
}

function domainOf(node: SyntaxNode, scope: Scope | null, c: Compilation): Domain {
  const operands = operandsOf(node)
  const [only] = operands
  if (c.dialect === 'camunda' && operands.length === 1 && only!.name === 'ArithmeticExpression') c.refuse(only!)
  const [start, end] = operands.map((operand) => c.operand(operand, scope)) as [Code, Code?]
  if (end === undefined) return (run, environment, visit) => eachOf(run, start(run, environment), visit)
  return (run, environment, visit) => eachStep(run, start(run, environment), end(run, environment), visit)
}

/** Each item of a list, or of what stands for one. Null when there is nothing to go through. */
export function eachOf(run: Run, value: Value, visit: Visit): Progress {
  if (isList(value)) {
    for (let index = 0; index < value.length; index++) {
      const progress = visit(value[index]!)
      if (progress !== true) return progress
    }
    return true
  }
  if (run.dialect === 'camunda' || value === null) return expected(run, 'list', value, 'in')
  return value instanceof Range ? eachWithin(run, value, visit) : visit(value)
}

function eachWithin(run: Run, { start, end, startIncluded, endIncluded }: Range, visit: Visit): Progress {
  if ((order(start, end) ?? 1) > 0) return null
  return eachStep(run, start, end, (value) => {
    const isOutside = (!startIncluded && order(value, start) === 0) || (!endIncluded && order(value, end) === 0)
    return isOutside || visit(value)
  })
}

/** From one end to the other by one, up or down. */
function eachStep(run: Run, start: Value, end: Value, visit: Visit): Progress {
  const isOfDates = run.dialect === 'standard' && start instanceof CalendarDate && end instanceof CalendarDate
  if (!isOfDates && !isNumeric(start)) return expected(run, 'number', start, '..')
  if (!isOfDates && !isNumeric(end)) return expected(run, 'number', end, '..')
  const by = (order(start, end) ?? 0) <= 0 ? 1 : -1
  let value: Value = start
  while (value !== null && (order(value, end) ?? 0) * by <= 0) {
    if (typeof value !== 'number') run.spend(DECIMAL_COST)
    const progress = visit(value)
    if (progress !== true) return progress
    value = isNumeric(value) ? add(value, by) : addDays(value as CalendarDate, by)
  }
  return true
}
