/** Text → closure. The list of what FEEL knows: one builder for each kind of node of the grammar. */
import { builtinNames } from '../builtins/index.ts'
import type { Dialect } from '../dialect.ts'
import { SyntaxFailure } from '../syntax/failure.ts'
import { Names } from '../syntax/names.ts'
import { parse, type SyntaxFault, type Top } from '../syntax/parse.ts'
import { filter, path, variable } from './access.ts'
import { functionDefinition, invocation } from './calls.ts'
import type { Code, Scope } from './code.ts'
import { type Builder, Compilation, type Types } from './compilation.ts'
import { instanceOf } from './instance-of.ts'
import { forExpression, quantified } from './iteration.ts'
import * as literals from './literals.ts'
import { arithmetic, comparison, conjunction, disjunction } from './operators.ts'
import { comparisonRange, interval } from './ranges.ts'
import { input, unaryTests } from './tests.ts'
import { namedType } from './type.ts'

const builders: Readonly<Record<string, Builder>> = {
  Expression: literals.inBrackets,
  UnaryTests: unaryTests,
  null: literals.nullLiteral,
  BooleanLiteral: literals.booleanLiteral,
  NumericLiteral: literals.numericLiteral,
  StringLiteral: literals.stringLiteral,
  AtLiteral: literals.atLiteral,
  ParenthesizedExpression: literals.inBrackets,
  List: literals.list,
  Context: literals.context,
  IfExpression: literals.ifExpression,
  VariableName: variable,
  PathExpression: path,
  FilterExpression: filter,
  FunctionInvocation: invocation,
  DateTimeLiteral: invocation,
  FunctionDefinition: functionDefinition,
  ForExpression: forExpression,
  QuantifiedExpression: quantified,
  ArithmeticExpression: arithmetic,
  Disjunction: disjunction,
  Conjunction: conjunction,
  Comparison: comparison,
  InstanceOfExpression: instanceOf,
  SimplePositiveUnaryTest: comparisonRange,
  Interval: interval,
  '?': input,
}

export type Compiled =
  | { readonly ok: true; readonly code: Code; readonly names: ReadonlySet<string> }
  | { readonly ok: false; readonly fault: SyntaxFault }

/** Names of several words that any expression of a dialect may use. A single word needs no telling, and `not` is a keyword too. */
const known: Readonly<Record<Dialect, Names>> = {
  camunda: new Names(severalWords('camunda')),
  standard: new Names(severalWords('standard')),
}
function severalWords(dialect: Dialect): readonly string[] {
  return [...builtinNames(dialect), 'days and time duration'].filter((name) => name.includes(' '))
}

export const knownNames = (dialect: Dialect, names: Iterable<string>): Names => new Names(names, known[dialect])

/** `scope` holds the local names that the expression stands among; `types` those that a model adds. */
export function compile(
  source: string,
  top: Top,
  dialect: Dialect,
  names: Names = known[dialect],
  scope: Scope | null = null,
  types: Types = (name) => namedType(name, dialect),
): Compiled {
  const parsed = parse(source, top, names)
  if (!parsed.ok) return parsed
  try {
    const compilation = new Compilation(source, dialect, types, builders)
    return { ok: true, code: compilation.compile(parsed.top, scope), names: compilation.names }
  } catch (error) {
    if (!(error instanceof SyntaxFailure)) throw error
    return { ok: false, fault: { at: error.at, message: error.message } }
  }
}
