/** Literals, lists, contexts, `if` and brackets. */
import type { SyntaxNode } from '@lezer/common'
import { expected } from '../arithmetic.ts'
import { parseNumber } from '../number.ts'
import { readLiteral } from '../temporal/parse.ts'
import type { Value } from '../value.ts'
import { type Code, type Environment, type Scope, valuesOf } from './code.ts'
import { type Builder, type Compilation, childrenOf, operandsOf } from './compilation.ts'

const constant =
  (value: Value): Code =>
  () =>
    value

export const nullLiteral: Builder = () => constant(null)
export const booleanLiteral: Builder = (node, _scope, c) => constant(c.text(node) === 'true')

/** Camunda knows no exponents. */
export const numericLiteral: Builder = (node, _scope, c) => {
  const digits = c.text(node).replace(/\s/g, '')
  if (c.dialect === 'camunda' && /[eE]/.test(digits)) c.refuse(node)
  return constant(parseNumber(digits))
}

export const stringLiteral: Builder = (node, _scope, c) => constant(unquoted(c.text(node), c))

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', "'": "'", '"': '"', '\\': '\\' }
/** Camunda knows these besides. */
const furtherEscapes: Readonly<Record<string, string>> = { b: '\b', f: '\f' }

/** Camunda leaves `\u` as it is. */
function unquoted(literal: string, { dialect }: Pick<Compilation, 'dialect'>): string {
  return literal
    .slice(1, -1)
    .replace(/\\(?:U([\da-fA-F]{6})|u([\da-fA-F]{4})|([nrtbf'"\\]))/g, (all, long, short, one) => {
      if (one !== undefined) return escapes[one] ?? (dialect === 'camunda' ? furtherEscapes[one] : undefined) ?? all
      if (dialect === 'camunda') return all
      const point = Number.parseInt(long ?? short, 16)
      return point <= 0x10ffff ? String.fromCodePoint(point) : all
    })
}

/** `@"2024-01-01"`. */
export const atLiteral: Builder = (node, _scope, c) =>
  constant(readLiteral(unquoted(c.text(node.lastChild!), c), c.dialect))

export const inBrackets: Builder = (node, scope, c) => c.compile(operandsOf(node)[0]!, scope)

export const list: Builder = (node, scope, c) => {
  const items = operandsOf(node).map((item) => c.compile(item, scope))
  return (run, environment) => {
    run.items(items.length)
    return valuesOf(items, run, environment)
  }
}

export const context: Builder = (node, scope, c) => {
  let inner = scope
  const entries = operandsOf(node).map((entry) => {
    const [key, value] = operandsOf(entry) as [SyntaxNode, SyntaxNode]
    const name = keyOf(key, c)
    const own: Scope = { name, outer: inner }
    const seesItself = c.dialect === 'standard' && value.name === 'FunctionDefinition'
    const code = c.compile(value, seesItself ? own : inner)
    inner = own
    return { name, code, seesItself }
  })
  const names = entries.map(({ name }) => name)
  const twice = c.dialect === 'camunda' ? undefined : names.find((name, at) => names.indexOf(name) < at)
  if (twice !== undefined) return (run) => run.warn('INVALID_TYPE', `The context has two entries with key '${twice}'`)
  return (run, outer) => {
    run.items(entries.length)
    const result = new Map<string, Value>()
    let environment: Environment | null = outer
    for (const { name, code, seesItself } of entries) {
      const own: { value: Value; readonly outer: Environment | null } = { value: null, outer: environment }
      own.value = code(run, seesItself ? own : environment)
      result.set(name, own.value)
      environment = own
    }
    return result
  }
}

function keyOf(node: SyntaxNode, c: Compilation): string {
  const [key] = childrenOf(node) as [SyntaxNode]
  if (key.name === 'StringLiteral') return unquoted(c.text(key), c)
  return c.dialect === 'camunda' ? c.text(key) : c.name(key)
}

/** A condition that is neither true nor false takes the second branch. */
export const ifExpression: Builder = (node, scope, c) => {
  const [condition, yes, no] = operandsOf(node).map((operand) => c.compile(operand, scope)) as [Code, Code, Code]
  return (run, environment) => {
    const found = condition(run, environment)
    if (typeof found !== 'boolean') expected(run, 'boolean', found, 'if')
    return (found === true ? yes : no)(run, environment)
  }
}
