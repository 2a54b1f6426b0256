/** Names, paths and filters. */
import type { SyntaxNode } from '@lezer/common'
import { expected } from '../arithmetic.ts'
import { builtin } from '../builtins/index.ts'
import { isNumeric, wholeNumber } from '../number.ts'
import { propertyOf } from '../properties.ts'
import type { Run } from '../run.ts'
import { FunctionValue, isList, type List, type Value } from '../value.ts'
import { ABSENT, type Code, type Environment, type Scope } from './code.ts'
import { type Builder, type Compilation, childrenOf, operandsOf } from './compilation.ts'

/** Several words are one name only where they are known to be; Camunda knows none but the built-in functions. */
function nameIn(node: SyntaxNode, c: Compilation): string {
  const name = c.name(node)
  const words = childrenOf(node)
  if (c.dialect === 'camunda' && words.length > 1) c.refuse(words[1]!)
  return name
}

export const variable: Builder = (node, scope, c) => named(node, scope, c, null)

/** `missing` is the value of a name that nobody knows. */
function named(node: SyntaxNode, scope: Scope | null, c: Compilation, missing: Value): Code {
  const name = nameIn(node, c)
  const local = c.read(name, scope)
  const isValue = c.dialect === 'camunda' ? isNoFunction : isKnown
  const otherwise = c.dialect === 'camunda' ? null : (builtin(name, c.dialect)?.value ?? null)
  // A variable that is null is there: only one that is absent is looked for elsewhere.
  const free = (run: Run): Value => {
    const variable = run.variable(name)
    return variable !== undefined ? variable : (otherwise ?? unknownName(run, name) ?? missing)
  }
  if (local === null) return free
  return (run, environment) => {
    const own = local(environment)
    return isValue(own) ? own : free(run)
  }
}

const isKnown = (value: Value | undefined): value is Value => value !== undefined
/** To Zeebe the name of a function that the expression defines is no value. */
const isNoFunction = (value: Value | undefined): value is Value => isKnown(value) && !(value instanceof FunctionValue)

const unknownName = (run: Run, name: string): null =>
  run.warn('NO_VARIABLE_FOUND', `No variable found with name '${name}'`, name)

function keyIn(node: SyntaxNode, c: Compilation): string {
  const key = c.name(node)
  const words = childrenOf(node)
  if (c.dialect === 'camunda' && words.length > 1 && key !== 'time offset') c.refuse(words[1]!)
  return key
}

/** A path from a name that nobody knows is null without further warnings. */
export const path: Builder = (node, scope, c) => {
  const keys: string[] = []
  let source = node
  while (source.name === 'PathExpression') {
    const [from, , name] = childrenOf(source) as [SyntaxNode, SyntaxNode, SyntaxNode]
    keys.unshift(keyIn(name, c))
    source = from
  }
  const root = source.name === 'VariableName' ? named(source, scope, c, ABSENT) : c.operand(source, scope)
  return (run, environment) => {
    let value = root(run, environment)
    if (value === ABSENT) return null
    for (const key of keys) value = propertyOf(run, value, key)
    return value
  }
}

export const filter: Builder = (node, scope, c) => {
  const [source, condition] = operandsOf(node) as [SyntaxNode, SyntaxNode]
  const value = c.operand(source, scope)
  const { code, cost } = c.body(condition, { name: null, outer: scope })
  const select: Select = isIndex(condition) ? byIndex(code) : byCondition(code, cost, !isCondition(condition, c))
  return (run, environment) => {
    const found = listFor(run, value(run, environment))
    return found === null ? null : select(run, found, environment)
  }
}

const isIndex = ({ name }: SyntaxNode): boolean => name === 'NumericLiteral'
const isCondition = (node: SyntaxNode, c: Compilation): boolean =>
  node.name === 'FunctionInvocation' ||
  (node.name === 'Comparison' && /^(?:[<>]?=|[<>])$/.test(c.text(childrenOf(node)[1]!)))

/** In the standard a single value is a list of one. */
function listFor(run: Run, value: Value): List | null {
  if (isList(value)) return value
  if (run.dialect === 'camunda') return expected(run, 'list', value, '[…]')
  return value === null ? null : [value]
}

type Select = (run: Run, list: List, environment: Environment | null) => Value

const byIndex =
  (index: Code): Select =>
  (run, list, outer) =>
    itemAt(list, index(run, { value: ABSENT, outer }))

/**
 * A condition that is a number is an index. Zeebe looks at it without an item first, unless its form says that it is true or
 * false.
 */
const byCondition =
  (condition: Code, cost: number, mayBeIndex: boolean): Select =>
  (run, list, outer) => {
    run.spend(1)
    if (mayBeIndex && run.dialect === 'camunda') {
      const index = condition(run, { value: ABSENT, outer })
      if (isNumeric(index)) return itemAt(list, index)
    }
    const selected: Value[] = []
    for (let position = 0; position < list.length; position++) {
      const item = list[position]!
      run.spend(1 + cost)
      const found = condition(run, { value: item, outer })
      if (position === 0 && isNumeric(found)) return itemAt(list, found)
      if (found === true) selected.push(item)
    }
    return selected
  }

/** Counts from 1, or from the end when negative; null outside. */
export function itemAt(list: List, index: Value): Value {
  const at = isNumeric(index) ? wholeNumber(index) : null
  if (at === null) return null
  return list[at > 0 ? at - 1 : list.length + at] ?? null
}
