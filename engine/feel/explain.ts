/** Faults, warnings and failures for whoever wrote the expression. The texts on the wire are Zeebe's; these are for people. */
import { signatures } from './builtins/index.ts'
import type { Dialect } from './dialect.ts'
import type { Warning } from './run.ts'
import { placeIn } from './syntax/diagnosis.ts'
import type { SyntaxFault } from './syntax/parse.ts'

const CONTEXT = 60

/** Line and column, what is wrong, and the line with a caret below the place. Long lines are cut around it. */
export function explainFault(source: string, { at, message }: SyntaxFault): string {
  const start = source.lastIndexOf('\n', at - 1) + 1
  const line = source.slice(start).split('\n')[0]!
  const column = at - start
  const from = Math.max(0, column - CONTEXT)
  const shown = line.slice(from, column + CONTEXT)
  const [before, after] = [from > 0 ? '…' : '', column + CONTEXT < line.length ? '…' : '']
  return `${placeIn(source, at)}: ${message}\n  ${before}${shown}${after}\n  ${' '.repeat(before.length + column - from)}^`
}

export interface Known {
  readonly dialect: Dialect
  /** Names that could have been meant. */
  readonly variables: readonly string[]
}

/** What was not found or did not fit, what was used instead, and what was probably meant. */
export function explainWarning({ kind, message, name = '' }: Warning, { dialect, variables }: Known): string {
  switch (kind) {
    case 'NO_VARIABLE_FOUND':
      return name === ''
        ? "no value to test, null used. A test such as > 5 looks at a value only in a cell or after 'in'."
        : `variable '${name}' not found, null used.${asked(name, variables, functionNames(dialect))}`
    case 'NO_CONTEXT_ENTRY_FOUND':
    case 'NO_PROPERTY_FOUND':
      return notFound(message)
    case 'NO_FUNCTION_FOUND':
      return `${noFunction(message)}, null used.${calls(name, dialect) || meant(name, functionNames(dialect))}`
    case 'FUNCTION_INVOCATION_FAILURE':
      return `${plain(unfit(message, name))}, null used.${calls(name, dialect)}`
    case 'INVALID_TYPE':
    case 'NOT_COMPARABLE':
    case 'OUT_OF_BOUNDS':
      return `${name === '' ? '' : `'${name}': `}${plain(message.replace(/\.$/, ''))}.`
    case 'ASSERT_FAILURE':
      return message
  }
}

const asked = (name: string, variables: readonly string[], functions: readonly string[]): string =>
  functions.includes(name) ? ' It is a function: call it.' : meant(name, [...variables, ...functions])

/** The first sentence says what is missing, the second what is there. */
function notFound(message: string): string {
  const [, missing = message, there = ''] = /^(.*?['"\]}]|.*?\d)\. (.*)$/s.exec(message) ?? []
  return `${plain(missing)}, null used.${/: $/.test(there) || there === '' ? '' : ` ${there}.`}`
}

const noFunction = (message: string): string =>
  message
    .replace(/^No function found with name ('.*?') and /, 'no function $1 with ')
    .replace(/ 1 parameters$/, ' 1 parameter')

const unfit = (message: string, name: string): string =>
  message
    .replace(/^Failed to invoke function '.*?': Illegal arguments: (.*)$/s, `'${name}' does not take ($1)`)
    .replace(/^Failed to invoke function '.*?': /, `'${name}': `)

/** Without the quotes that Zeebe puts around each value: texts have their own, numbers need none. */
const plain = (message: string): string =>
  (message.charAt(0).toLowerCase() + message.slice(1)).replace(
    /'("[^"]*"|null|true|false|-?[\d.]+|\[[^']*\]|\{[^']*\})'/g,
    '$1',
  )

const functionNames = (dialect: Dialect): readonly string[] => [...new Set(ownOf(dialect).map(({ name }) => name))]
const ownOf = (dialect: Dialect) => signatures.filter((one) => one.dialect === null || one.dialect === dialect)

function calls(name: string, dialect: Dialect): string {
  const own = ownOf(dialect).filter((one) => one.name === name)
  // Variants that differ in the names of parameters only are told once.
  const told = new Map(own.map(({ signature }) => [signature.replace(/[^(,]*: /g, ''), signature]))
  return told.size === 0 ? '' : ` It is called as ${[...told.values()].join(' or ')}.`
}

function meant(name: string, known: readonly string[]): string {
  const near = known
    .map((other) => ({ other, distance: distance(name.toLowerCase(), other.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance)[0]
  return near !== undefined && near.distance <= Math.max(1, name.length / 3) ? ` Did you mean '${near.other}'?` : ''
}

const LENGTH_MAX = 100

/** How many letters must change (Levenshtein). */
function distance(a: string, b: string): number {
  if (a.length > LENGTH_MAX || b.length > LENGTH_MAX) return Number.POSITIVE_INFINITY
  let row = Array.from({ length: b.length + 1 }, (_cell, at) => at)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j++)
      next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + (letter === b[j] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}

/** What Java says where Zeebe fails, and what it means. */
const failures: readonly (readonly [RegExp, string])[] = [
  [/StringIndexOutOfBounds/, 'The position lies outside the text.'],
  [/ArithmeticException: Division/, 'A number was divided by zero.'],
  [/NumberFormatException|ArithmeticException/, 'The result is no number, or too great for one.'],
  [/MatchError/, 'The arguments do not go together.'],
]

export function explainFailure(message: string): string {
  const known = failures.find(([pattern]) => pattern.test(message))
  return known === undefined ? message : `${known[1]} (${message})`
}
