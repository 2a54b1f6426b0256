/** `instance of`, and the types that expressions name. */
import type { SyntaxNode } from '@lezer/common'
import { builtin } from '../builtins/index.ts'
import type { Run } from '../run.ts'
import { FunctionValue, type Value } from '../value.ts'
import { type Builder, type Compilation, childrenOf, operandsOf } from './compilation.ts'
import { ANY, contextType, kindType, listType, rangeType, type Type } from './type.ts'

export const instanceOf: Builder = (node, scope, c) => {
  const [operand, name] = operandsOf(node) as [SyntaxNode, SyntaxNode]
  const value = c.operand(operand, scope)
  const type = typeIn(name, c)
  return (run, environment) => {
    const found = value(run, environment)
    return type === null ? null : type.holds(run, found)
  }
}

/** Null when the type is unknown. */
export function typeIn(node: SyntaxNode, c: Compilation): Type | null {
  const [type] = operandsOf(node) as [SyntaxNode]
  if (c.dialect === 'camunda') return zeebeTypeOf(type, c)
  switch (type.name) {
    case 'ListType': {
      const inner = operandsOf(type)[0]
      const of = inner === undefined ? null : typeIn(inner, c)
      return of && (c.text(type).startsWith('range') ? rangeType : listType)(of)
    }
    case 'ContextType':
      return contextIn(type, c)
    case 'FunctionType':
      return functionIn(type, c)
    default:
      return c.types(c.name(type))
  }
}

const SEVERAL_WORDS: ReadonlySet<string> = new Set([
  'date and time',
  'days and time duration',
  'years and months duration',
])

/** Of several words only these, none with parameters; what is no type is that of no value. */
function zeebeTypeOf(type: SyntaxNode, c: Compilation): Type {
  const name = c.name(type)
  if (type.name !== 'QualifiedName' && type.name !== 'SpecialType') c.refuse(childrenOf(type)[1] ?? type)
  if (/[\s-]/.test(name) && !SEVERAL_WORDS.has(name)) c.refuse(childrenOf(type)[0]!.firstChild?.nextSibling ?? type)
  return name === 'Any' ? ANY : kindType(name, 'camunda')
}

/** Functions tell how many arguments they take, not of which types. */
function functionIn(node: SyntaxNode, c: Compilation): Type {
  const declared = operandsOf(node).find(({ name }) => name === 'ArgumentTypes')
  const count = declared === undefined ? 0 : operandsOf(declared).length
  const holds = (_run: Run, value: Value): boolean =>
    value instanceof FunctionValue &&
    (value.parameters.length === count || builtin(value.name, c.dialect)?.takes(count) === true)
  return { holds, coerce: (run, value) => (holds(run, value) ? value : undefined) }
}

function contextIn(node: SyntaxNode, c: Compilation): Type | null {
  const declared = operandsOf(node)[0]
  const entries = (declared === undefined ? [] : operandsOf(declared)).map((entry) => {
    const [name, type] = operandsOf(entry) as [SyntaxNode, SyntaxNode]
    return { name: c.name(name), type: typeIn(type, c) }
  })
  const known = entries.flatMap(({ name, type }) => (type === null ? [] : [{ name, type }]))
  return known.length === entries.length ? contextType(known) : null
}
