/**
 * Unary tests: `> 5`, `[1..3]`, `"a", "b"`, `not(…)`, and the right side of `in`. They look at the input value, which is the local
 * name `?`.
 */
import type { SyntaxNode } from '@lezer/common'
import { expected } from '../arithmetic.ts'
import { equal, within } from '../compare.ts'
import { isWithin, relations, same } from '../relations.ts'
import { EvaluationFailure, type Run } from '../run.ts'
import { isList, Range, type Value } from '../value.ts'
import { type Code, type Environment, INPUT, resolve, type Scope } from './code.ts'
import { type Builder, type Compilation, childrenOf, operandsOf } from './compilation.ts'

/** In a test the input is always the innermost local. */
const inputOf = (environment: Environment | null): Value => environment?.value ?? null

export const input: Builder = (_node, scope) => {
  const local = resolve(INPUT, scope)
  return (run, environment) => local?.(environment) ?? run.evaluation.input ?? noInput(local !== null)
}
function noInput(known: boolean): Value {
  if (known) return null
  throw new EvaluationFailure(
    `fatal error("No input value available. '?' can only be used inside an unary-test expression.")`,
  )
}

/** A whole text of unary tests. Whoever has put the input in its scope gives it with the environment. */
export const unaryTests: Builder = (node, scope, c) => {
  if (scope?.name === INPUT) return cell(childrenOf(node), scope, c)
  const inner: Scope = { name: INPUT, outer: scope }
  const test = cell(childrenOf(node), inner, c)
  return (run, outer) => test(run, { value: run.evaluation.input ?? null, outer })
}

function cell(children: readonly SyntaxNode[], scope: Scope, c: Compilation): Code {
  const [first, ...rest] = children
  if (first?.name === 'Wildcard') return () => true
  if (first?.name !== 'not') return anyOf(first!, scope, c)
  const test = anyOf(rest.find(({ name }) => name === 'PositiveUnaryTests')!, scope, c)
  return (run, environment) => {
    const found = test(run, environment)
    return typeof found === 'boolean' ? !found : null
  }
}

/** One of the tests holds. */
function anyOf(node: SyntaxNode, scope: Scope, c: Compilation): Code {
  const nodes = node.name === 'PositiveUnaryTests' ? operandsOf(node) : [node]
  const tests = nodes.map((test) => positiveTest(test, scope, c))
  const [only] = tests
  if (tests.length === 1) return only!
  return (run, environment) => {
    let found: boolean | null = false
    for (const test of tests) {
      const value = test(run, environment)
      if (value === true) return true
      if (value !== false) found = null
    }
    return found
  }
}

function positiveTest(node: SyntaxNode, scope: Scope, c: Compilation): Code {
  const [test] = operandsOf(node)
  if (test?.name === 'SimplePositiveUnaryTest') return simpleTest(test, scope, c)
  const { code } = c.body(test!, scope)
  const looksAtInput = mentionsInput(test!)
  // `true` in a cell asks whether the input is true; any other condition that holds is enough by itself.
  const isLiteral = test!.name === 'BooleanLiteral'
  return (run, environment) => {
    const [value, found] = [inputOf(environment), code(run, environment)]
    return isLiteral && run.dialect !== 'standard' ? same(run, value, found) : holds(run, value, found, looksAtInput)
  }
}

function mentionsInput(node: SyntaxNode): boolean {
  const cursor = node.cursor()
  do if (cursor.name === INPUT) return true
  while (cursor.next() && cursor.from < node.to)
  return false
}

function simpleTest(node: SyntaxNode, scope: Scope, c: Compilation): Code {
  const [operator, operand] = childrenOf(node) as [SyntaxNode, SyntaxNode?]
  const value = c.compile(operand === undefined ? operator : operand, scope)
  if (operand === undefined) return (run, environment) => rangeHolds(run, inputOf(environment), value(run, environment))
  const relation = relations[c.text(operator)] ?? c.refuse(operator)
  return (run, environment) => relation(run, inputOf(environment), value(run, environment))
}

const rangeHolds = (run: Run, value: Value, range: Value): Value =>
  range instanceof Range ? isWithin(run, value, range) : null

/** What an expression in the place of a test says of the input. */
function holds(run: Run, value: Value, found: Value, looksAtInput: boolean): Value {
  if (run.dialect === 'standard') return holdsInStandard(run, value, found, looksAtInput)
  if (looksAtInput) return typeof found === 'boolean' ? found : null
  if (found === true) return true
  if (isList(found) && found.some((item) => equal(run, item, value) === true)) return true
  const equals = same(run, value, found)
  if (equals === true) return true
  return equals === null && found !== false && !isList(found) ? null : false
}

function holdsInStandard(run: Run, value: Value, found: Value, looksAtInput: boolean): Value {
  if (looksAtInput && (typeof found === 'boolean' || found === null)) return found
  if (equal(run, value, found) === true) return true
  if (found instanceof Range) return isWithin(run, value, found)
  if (isList(found)) return found.some((item) => isOneOf(run, value, item))
  if (typeof found === 'boolean' && typeof value !== 'boolean') return found
  return same(run, value, found)
}

const isOneOf = (run: Run, value: Value, item: Value): boolean =>
  equal(run, value, item) === true ||
  (item instanceof Range && within(item, value) === true) ||
  (isList(item) && !isList(value) && item.some((inner) => equal(run, value, inner) === true))

/** `x in test` and `x in (test, test)`. */
export function inTest(left: SyntaxNode, right: readonly SyntaxNode[], scope: Scope | null, c: Compilation): Code {
  const value = c.compile(left, scope)
  const tests = right.find(({ name }) => name.startsWith('PositiveUnaryTest'))!
  const test = anyOf(tests, { name: INPUT, outer: scope }, c)
  return (run, outer) => test(run, { value: value(run, outer), outer })
}

export const interval: Builder = (node, scope, c) => {
  const [open, start, , end, close] = childrenOf(node) as [SyntaxNode, SyntaxNode, SyntaxNode, SyntaxNode, SyntaxNode]
  const [low, high] = [c.compile(start, scope), c.compile(end, scope)]
  const [startIncluded, endIncluded] = [c.text(open) === '[', c.text(close) === ']']
  return (run, environment) => {
    const range = new Range(low(run, environment), high(run, environment), startIncluded, endIncluded)
    return isRange(range) ? range : expected(run, 'range', range)
  }
}
const isRange = (range: Range): boolean =>
  within(range, range.start) !== null && range.start !== null && range.end !== null

/** A comparison in the place of a value is the range of all values for which it holds. */
export const comparisonRange: Builder = (node, scope, c) => {
  const [operator, operand] = childrenOf(node) as [SyntaxNode, SyntaxNode?]
  if (operand === undefined) return c.compile(operator, scope)
  const make = ranges[c.text(operator)]
  if (make === undefined || c.dialect === 'camunda') return c.refuse(operator)
  const value = c.compile(operand, scope)
  return (run, environment) => make(value(run, environment))
}

const ranges: Readonly<Record<string, (value: Value) => Range>> = {
  '=': (value) => new Range(value, value, true, true, '='),
  '!=': (value) => new Range(value, value, false, false, '!='),
  '<': (value) => new Range(null, value, false, false),
  '<=': (value) => new Range(null, value, false, true),
  '>': (value) => new Range(value, null, false, false),
  '>=': (value) => new Range(value, null, true, false),
}
