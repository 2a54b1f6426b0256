/**
 * FEEL and DMN, usable alone and in the browser.
 *
 * Owns: reading and evaluating expressions, unary tests and decisions. Does not own: time, chance and variables, which an
 * `Evaluation` brings. Invariant: a function of its arguments, within a budget of steps, whatever the text.
 */

import type { Code } from './compile/code.ts'
import { compile } from './compile/compile.ts'
import type { Dialect } from './dialect.ts'
import { measured } from './measure.ts'
import { Evaluating, type Evaluation, EvaluationFailure, type Warning } from './run.ts'
import type { SyntaxFault } from './syntax/parse.ts'
import type { Value } from './value.ts'

export { signatures } from './builtins/index.ts'
export type { Dialect } from './dialect.ts'
export {
  type CompiledDecisions,
  type CompileOptions,
  compileDecisions,
  type DecisionHeader,
  IMPORTS_MAX,
  readDecisionHeader,
} from './dmn/compile-decisions.ts'
export { type DecisionOutcome, evaluateDecision, evaluateInvocable } from './dmn/evaluate.ts'
export type { Decision, DecisionModel } from './dmn/model.ts'
export type { DecisionType, EvaluatedDecision, MatchedRule, TracedValue } from './dmn/trace.ts'
export { explainFailure, explainFault, explainWarning, type Known } from './explain.ts'
export { fromJson, toJson } from './json.ts'
export {
  type Evaluation,
  EvaluationFailure,
  failureText,
  RaisedFailure,
  STEPS,
  type Warning,
  type WarningKind,
} from './run.ts'
export type { SyntaxFault } from './syntax/parse.ts'
export { shown } from './text.ts'
export { valueFromText, valueToText } from './typed-text.ts'
export {
  type Calendar,
  type Context,
  type Day,
  FunctionValue,
  isContext,
  isList,
  type Kind,
  kindOf,
  type List,
  type Locality,
  Range,
  type TypeName,
  typeOf,
  type Value,
} from './value.ts'

/** A compiled expression. */
export interface Expression {
  readonly source: string
  readonly dialect: Dialect
  readonly code: Code
  /** The variables it reads, each once, in the order of the text; of `a.b` that is `a`. */
  readonly names: readonly string[]
}

export type CompiledExpression =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly fault: SyntaxFault }

export const compileExpression = (source: string, dialect: Dialect = 'camunda'): CompiledExpression =>
  compiled(source, 'Expression', dialect)

/** A cell of a decision table: `> 5`, `"a", "b"`, `-`. Its value is whether `Evaluation.input` passes. */
export const compileUnaryTests = (source: string, dialect: Dialect = 'camunda'): CompiledExpression =>
  compiled(source, 'UnaryTests', dialect)

function compiled(source: string, top: 'Expression' | 'UnaryTests', dialect: Dialect): CompiledExpression {
  const result = compile(source, top, dialect)
  if (!result.ok) return result
  const names = Object.freeze([...result.names])
  return { ok: true, expression: Object.freeze({ source, dialect, code: result.code, names }) }
}

/** `message` is the bare reason; `failureText` says of what. `spent`: steps, the same on every machine. */
export type Outcome =
  | { readonly ok: true; readonly value: Value; readonly warnings: readonly Warning[]; readonly spent: number }
  | {
      readonly ok: false
      readonly message: string
      readonly failure: EvaluationFailure
      readonly warnings: readonly Warning[]
      readonly spent: number
    }

/** What cannot be computed is null with a warning; only assertions, the budget and what fails in Zeebe too end without a value. */
export function evaluate(expression: Expression, evaluation: Evaluation): Outcome {
  const run = new Evaluating(evaluation, expression.dialect)
  try {
    return { ok: true, value: measured(run, expression.code(run, null)), warnings: run.warnings, spent: run.spent }
  } catch (error) {
    if (!(error instanceof EvaluationFailure)) throw error
    return { ok: false, message: error.message, failure: error, warnings: run.warnings, spent: run.spent }
  }
}
