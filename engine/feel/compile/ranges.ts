/** Ranges, and comparisons in the place of a value. */
import type { SyntaxNode } from '@lezer/common'
import { expected } from '../arithmetic.ts'
import { within } from '../compare.ts'
import type { Dialect } from '../dialect.ts'
import { Range, type Value } from '../value.ts'
import { joinedClauses } from './clauses.ts'
import type { Code, Scope } from './code.ts'
import { type Builder, type Compilation, childrenOf } from './compilation.ts'
import { comparedInput, implicitInput, rangeHolds, rangeOf } from './tests.ts'

export const interval: Builder = (node, scope, c) => {
  const range = rangeOf(node, scope, c)
  return (run, environment) => {
    const found = range(run, environment)
    return isRange(found, c.dialect) ? found : expected(run, 'range', found)
  }
}
const isRange = (range: Range, dialect: Dialect): boolean =>
  within(range, range.start) !== null &&
  range.start !== null &&
  range.end !== null &&
  !(dialect === 'camunda' && typeof range.start === 'string')

/** To Zeebe a range is a value only where it is an argument; anywhere else it is a test of the input, as a comparison is. */
const isArgument = ({ parent }: SyntaxNode): boolean =>
  parent?.name === 'PositionalParameters' || parent?.name === 'NamedParameter'

/** A comparison in the place of a value is the range of all values for which it holds. */
export const comparisonRange: Builder = (node, scope, c) => {
  const [operator, operand] = childrenOf(node) as [SyntaxNode, SyntaxNode?]
  if (c.dialect === 'camunda') return implicitTest(node, operator, operand, scope, c)
  if (operand === undefined) return c.compile(operator, scope)
  const make = ranges[c.text(operator)]
  if (make === undefined) return c.refuse(operator)
  const value = c.compile(operand, scope)
  return (run, environment) => make(value(run, environment))
}

function implicitTest(
  node: SyntaxNode,
  operator: SyntaxNode,
  operand: SyntaxNode | undefined,
  scope: Scope | null,
  c: Compilation,
): Code {
  const joined = joinedClauses(node, scope, c)
  if (joined !== null) return joined
  if (operand !== undefined) return comparedInput(operator, operand, scope, c)
  if (isArgument(node)) return c.compile(operator, scope)
  const range = rangeOf(operator, scope, c)
  const input = implicitInput(scope, c)
  return (run, environment) => rangeHolds(run, input(run, environment), range(run, environment))
}

const ranges: Readonly<Record<string, (value: Value) => Range>> = {
  '=': (value) => new Range(value, value, true, true, '='),
  '!=': (value) => new Range(value, value, false, false, '!='),
  '<': (value) => new Range(null, value, false, false),
  '<=': (value) => new Range(null, value, false, true),
  '>': (value) => new Range(value, null, false, false),
  '>=': (value) => new Range(value, null, true, false),
}
