/** `instance of` and the types it names. */
import type { SyntaxNode } from '@lezer/common'
import { isContext, isList, type Kind, kindOf, Range, type Value } from '../value.ts'
import { type Builder, type Compilation, childrenOf, operandsOf } from './compilation.ts'

export type Type = (value: Value) => boolean

const kinds: ReadonlyMap<string, Kind> = new Map([
  ['number', 'number'],
  ['string', 'string'],
  ['boolean', 'boolean'],
  ['date', 'date'],
  ['time', 'time'],
  ['date and time', 'date and time'],
  ['dateTime', 'date and time'],
  ['date time', 'date and time'],
  ['days and time duration', 'days and time duration'],
  ['day-time-duration', 'days and time duration'],
  ['dayTimeDuration', 'days and time duration'],
  ['years and months duration', 'years and months duration'],
  ['year-month-duration', 'years and months duration'],
  ['yearMonthDuration', 'years and months duration'],
  ['list', 'list'],
  ['context', 'context'],
  ['range', 'range'],
  ['function', 'function'],
  ['null', 'null'],
  ['Null', 'null'],
])

/** `kind` is null for Any. */
interface NamedType {
  readonly kind: Kind | null
  readonly is: Type
}

export function namedType(name: string): NamedType | null {
  if (name === 'Any') return { kind: null, is: (value) => value !== null }
  const kind = kinds.get(name.replace(/\s+/g, ' '))
  return kind === undefined ? null : { kind, is: (value) => kindOf(value) === kind }
}

export const instanceOf: Builder = (node, scope, c) => {
  const [operand, type] = operandsOf(node) as [SyntaxNode, SyntaxNode]
  const value = c.operand(operand, scope)
  const is = typeOf(type, c)
  return (run, environment) => {
    const found = value(run, environment)
    return is === null ? null : is(found)
  }
}

/** Null when the type is unknown. */
function typeOf(node: SyntaxNode, c: Compilation): Type | null {
  const [type] = operandsOf(node) as [SyntaxNode]
  if (c.dialect === 'camunda') return zeebeTypeOf(type, c)
  switch (type.name) {
    case 'ListType':
      return (c.text(type).startsWith('range') ? rangeOf : listOf)(operandsOf(type)[0], c)
    case 'ContextType':
      return contextOf(type, c)
    case 'FunctionType':
      return namedType('function')!.is
    default:
      return namedType(c.name(type))?.is ?? null
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
  if (name === 'Any') return (value) => value !== null
  return (value) => kindOf(value) === name
}

function listOf(node: SyntaxNode | undefined, c: Compilation): Type | null {
  const item = node === undefined ? null : typeOf(node, c)
  return item && ((value) => isList(value) && value.every((one) => one === null || item(one)))
}

function rangeOf(node: SyntaxNode | undefined, c: Compilation): Type | null {
  const end = node === undefined ? null : typeOf(node, c)
  return end && ((value) => value instanceof Range && [value.start, value.end].every((one) => one === null || end(one)))
}

function contextOf(node: SyntaxNode, c: Compilation): Type | null {
  const declared = operandsOf(node)[0]
  const entries = (declared === undefined ? [] : operandsOf(declared)).map((entry) => {
    const [name, type] = operandsOf(entry) as [SyntaxNode, SyntaxNode]
    return { name: c.name(name), type: typeOf(type, c) }
  })
  if (entries.some(({ type }) => type === null)) return null
  return (value) =>
    isContext(value) &&
    entries.every(({ name, type }) => {
      const entry = value.get(name)
      return entry !== undefined && (entry === null || type!(entry))
    })
}
