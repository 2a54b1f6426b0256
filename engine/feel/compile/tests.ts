/**
 * Unary tests: `> 5`, `[1..3]`, `"a", "b"`, `not(…)`, and the right side of `in`. They look at the input value, which is the local
 * name `?`.
 */
import type { SyntaxNode } from '@lezer/common'
import { equal, within } from '../compare.ts'
import { isWithin, relations, same, unknown } from '../relations.ts'
import { EvaluationFailure, type Run } from '../run.ts'
import { isList, Range, type Value } from '../value.ts'
import { type Code, type Environment, INPUT, type Scope } from './code.ts'
import { type Builder, type Compilation, childrenOf, operandsOf } from './compilation.ts'

/** In a test the input is always the innermost local. */
const inputOf = (environment: Environment | null): Value => environment?.value ?? null

export const input: Builder = (node, scope, c) => {
  const local = c.resolve(INPUT, scope)
  const message = isWithinItems(node) ? `fatal error("${NO_INPUT}")` : NO_INPUT
  return (run, environment) => local?.(environment) ?? run.evaluation.input ?? noInput(local !== null, message)
}
const NO_INPUT = "No input value available. '?' can only be used inside an unary-test expression."
function noInput(known: boolean, message: string): Value {
  if (known) return null
  throw new EvaluationFailure(message)
}

/** Where Zeebe quotes the failure once more. */
function isWithinItems(node: SyntaxNode): boolean {
  for (let outer = node.parent; outer !== null; outer = outer.parent)
    if (outer.name === 'List' || outer.name === 'Context' || outer.name === 'FilterExpression') return true
  return false
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
    return typeof found === 'boolean' ? !found : unknown(run)
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
      if (value !== false && found !== null) found = unknown(run)
    }
    return found
  }
}

function positiveTest(node: SyntaxNode, scope: Scope, c: Compilation): Code {
  return testOf(operandsOf(node)[0]!, scope, c)
}

/** What an expression in the place of a test asks of the input. */
export function testOf(test: SyntaxNode, scope: Scope, c: Compilation): Code {
  if (test.name === 'SimplePositiveUnaryTest') return simpleTest(test, scope, c)
  const word = c.dialect === 'camunda' ? wordAfterRange(test) : null
  if (word !== null) c.refuse(word)
  const { code } = c.body(test, scope)
  const looksAtInput = mentionsInput(test)
  // `true` at the end of a cell asks whether the input is true; any other condition that holds is enough by itself.
  const isLiteral = test.name === 'BooleanLiteral' && c.dialect === 'camunda' && c.isLast(test)
  return (run, environment) => {
    const [value, found] = [inputOf(environment), code(run, environment)]
    return isLiteral ? same(run, value, found) : holds(run, value, found, looksAtInput)
  }
}

/** Zeebe's test ends with its range: `[1..3] and …` is none. */
function wordAfterRange(test: SyntaxNode): SyntaxNode | null {
  if (test.name !== 'Conjunction' && test.name !== 'Disjunction') return null
  const [first, word] = childrenOf(test) as [SyntaxNode, SyntaxNode]
  return first.name === 'SimplePositiveUnaryTest' ? word : wordAfterRange(first)
}

function mentionsInput(node: SyntaxNode): boolean {
  const cursor = node.cursor()
  do if (cursor.name === INPUT) return true
  while (cursor.next() && cursor.from < node.to)
  return false
}

function simpleTest(node: SyntaxNode, scope: Scope, c: Compilation): Code {
  const [operator, operand] = childrenOf(node) as [SyntaxNode, SyntaxNode?]
  if (operand !== undefined) return comparedInput(operator, operand, scope, c)
  const range = rangeOf(operator, scope, c)
  return (run, environment) => rangeHolds(run, inputOf(environment), range(run, environment))
}

/** `> 3` */
export function comparedInput(operator: SyntaxNode, operand: SyntaxNode, scope: Scope | null, c: Compilation): Code {
  const relation = relations[c.text(operator)] ?? c.refuse(operator)
  const value = c.operand(operand, scope)
  if (c.dialect === 'camunda' && /^!?=$/.test(c.text(operator))) c.refuse(operator)
  const input = implicitInput(scope, c)
  return (run, environment) => relation(run, input(run, environment), value(run, environment))
}

/** Also where a test stands in the place of a value. */
export function implicitInput(scope: Scope | null, c: Compilation): Code {
  const local = c.resolve(INPUT, scope)
  return (run, environment) =>
    local?.(environment) ?? run.evaluation.input ?? (local === null ? noImplicitInput(run) : null)
}
const noImplicitInput = (run: Run): null => run.warn('NO_VARIABLE_FOUND', 'No input value found.')

export const rangeHolds = (run: Run, value: Value, range: Value): Value =>
  range instanceof Range ? isWithin(run, value, range) : null

/** What an expression in the place of a test says of the input. */
function holds(run: Run, value: Value, found: Value, looksAtInput: boolean): Value {
  if (run.dialect === 'standard') return holdsInStandard(run, value, found, looksAtInput)
  if (looksAtInput) return typeof found === 'boolean' ? found : null
  if (found === true) return true
  if (isList(found)) run.items(found.length)
  if (isList(found) && found.some((item) => equal(run, item, value) === true)) return true
  const equals = same(run, value, found)
  if (equals === true) return true
  return equals === null && found !== false && !isList(found) ? null : false
}

function holdsInStandard(run: Run, value: Value, found: Value, looksAtInput: boolean): Value {
  if (looksAtInput && (typeof found === 'boolean' || found === null)) return found
  if (equal(run, value, found) === true) return true
  if (found instanceof Range) return isWithin(run, value, found)
  if (isList(found)) {
    run.items(found.length)
    return found.some((item) => isOneOf(run, value, item))
  }
  if (typeof found === 'boolean' && typeof value !== 'boolean') return found
  return same(run, value, found)
}

const isOneOf = (run: Run, value: Value, item: Value): boolean =>
  equal(run, value, item) === true ||
  (item instanceof Range && within(item, value) === true) ||
  (isList(item) && !isList(value) && item.some((inner) => equal(run, value, inner) === true))

/** `x in test` and `x in (test, test)`. */
export function inTest(left: SyntaxNode, right: readonly SyntaxNode[], scope: Scope | null, c: Compilation): Code {
  const tests = right.find(({ name }) => name.startsWith('PositiveUnaryTest'))!
  return inputIn(left, scope, c, (inner) => anyOf(withinBrackets(tests), inner, c))
}

/** The brackets of `x in (< 3)` are those of the tests. */
function withinBrackets(tests: SyntaxNode): SyntaxNode {
  const [only] = operandsOf(tests)
  const [inner] = only?.name === 'ParenthesizedExpression' ? operandsOf(only) : []
  return inner?.name === 'SimplePositiveUnaryTest' ? only! : tests
}

/** The value of `left` is the input of a test. */
export function inputIn(
  left: SyntaxNode,
  scope: Scope | null,
  c: Compilation,
  compileTest: (inner: Scope) => Code,
): Code {
  const value = c.operand(left, scope)
  const test = compileTest({ name: INPUT, outer: scope })
  return (run, outer) => test(run, { value: value(run, outer), outer })
}

/** Whose ends may be anything. */
export function rangeOf(
  node: SyntaxNode,
  scope: Scope | null,
  c: Compilation,
): (run: Run, environment: Environment | null) => Range {
  const [open, start, , end, close] = childrenOf(node) as [SyntaxNode, SyntaxNode, SyntaxNode, SyntaxNode, SyntaxNode]
  const [low, high] = [c.operand(start, scope), c.operand(end, scope)]
  const [startIncluded, endIncluded] = [c.text(open) === '[', c.text(close) === ']']
  return (run, environment) => new Range(low(run, environment), high(run, environment), startIncluded, endIncluded)
}
