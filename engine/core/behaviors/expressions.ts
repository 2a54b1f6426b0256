/** Evaluates the model's expressions in the scope of an element instance, and says in Zeebe's words why one has no usable value. */
import {
  type Context,
  type Evaluation,
  evaluate,
  failureText,
  fromJson,
  type Outcome,
  RaisedFailure,
  type TypeName,
  typeOf,
  type Value,
  type Warning,
} from '../../feel/index.ts'
import type { Expression } from '../../model/executable.ts'
import type { ErrorType, Key } from '../../protocol/records.ts'
import { isText } from '../../protocol/text.ts'
import { whole } from '../lists.ts'
import { type Failure, failure, type Processing } from '../processing.ts'
import type { Variable } from '../state/rows.ts'

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure }
export const value = <T>(of: T): Result<T> => ({ ok: true, value: of })
export const failed = (errorType: ErrorType, message: string): Result<never> => ({
  ok: false,
  failure: failure(errorType, message),
})

/** Parsed values by row: rows are immutable, so an entry is right as long as its row lives. */
const parsed = new WeakMap<Variable, Value>()
function parsedValue(p: Processing, variable: Variable): Value {
  if (variable.value === null) return fromJson(whole(p.state, variable).value)
  let known = parsed.get(variable)
  if (known === undefined) {
    known = fromJson(variable.value)
    parsed.set(variable, known)
  }
  return known
}

/** The variable as seen from the scope: the innermost one with that name. */
function variableSeen(p: Processing, scopeKey: Key, name: string): Variable | undefined {
  let key = scopeKey
  while (key > 0) {
    for (const variable of p.state.find('variablesOf', key).values()) if (variable.name === name) return variable
    key = p.state.get('elementInstance', key)?.flowScopeKey ?? -1
  }
  return undefined
}

/** An evaluation in the scope; `own` values hide variables of the same name. */
export function evaluationIn(p: Processing, scopeKey: Key, own: Context = noContext): Evaluation {
  return {
    lookup(name) {
      const mine = own.get(name)
      if (mine !== undefined) return mine
      const variable = variableSeen(p, scopeKey, name)
      return variable && parsedValue(p, variable)
    },
    now: p.now,
    random: () => p.random(),
    ...p.settings.locality,
  }
}
const noContext: Context = new Map()

export function evaluateIn(p: Processing, scopeKey: Key, expression: Expression, own?: Context): Outcome {
  if (expression.kind === 'static') return { ok: true, value: expression.text, warnings: [], spent: 0 }
  return evaluate(expression.feel, evaluationIn(p, scopeKey, own))
}

/** How an expression that could not be evaluated is reported. */
export function evaluationFailure(source: string, outcome: Extract<Outcome, { ok: false }>): string {
  // Zeebe forgets its warnings where something is thrown.
  const warnings = outcome.failure instanceof RaisedFailure ? [] : outcome.warnings
  return `${failureText(source, outcome.failure)}${warningText(warnings)}`
}
export function warningText(warnings: readonly Warning[]): string {
  if (warnings.length === 0) return ''
  return ` The evaluation reported the following warnings:\n${warnings.map((warning) => `[${warning.kind}] ${warning.message}`).join('\n')}`
}

const sourceOf = (expression: Expression) => (expression.kind === 'static' ? expression.text : expression.source)

/** Evaluates and checks the type; a wrong one is an EXTRACT_VALUE_ERROR. */
export function extract(
  p: Processing,
  scopeKey: Key,
  expression: Expression,
  ...expected: readonly TypeName[]
): Result<Value> {
  return checked(expression, evaluateIn(p, scopeKey, expression), expected)
}
function checked(expression: Expression, outcome: Outcome, expected: readonly TypeName[]): Result<Value> {
  if (!outcome.ok) return failed('EXTRACT_VALUE_ERROR', evaluationFailure(sourceOf(expression), outcome))
  const type = typeOf(outcome.value)
  if (typeof outcome.value === 'string' && !isText(outcome.value))
    return failed('EXTRACT_VALUE_ERROR', noText(sourceOf(expression)))
  if (expected.includes(type)) return value(outcome.value)
  const wanted = expected.length === 1 ? `'${expected[0]}'` : `one of '[${expected.join(', ')}]'`
  return failed(
    'EXTRACT_VALUE_ERROR',
    `Expected result of the expression '${sourceOf(expression)}' to be ${wanted}, but was '${type}'.${warningText(outcome.warnings)}`,
  )
}
/** Ids and names that leave FEEL are columns, which hold neither NUL nor halves of surrogate pairs. */
const noText = (source: string): string =>
  `Expected result of the expression '${source}' to be text, but it contains NUL or half a surrogate pair.`

export function extractText(p: Processing, scopeKey: Key, expression: Expression): Result<string> {
  if (expression.kind === 'static') return value(expression.text)
  const result = extract(p, scopeKey, expression, 'STRING')
  return result.ok ? value(result.value as string) : result
}
export function extractBoolean(p: Processing, scopeKey: Key, expression: Expression, own?: Context): Result<boolean> {
  const result = checked(expression, evaluateIn(p, scopeKey, expression, own), ['BOOLEAN'])
  return result.ok ? value(result.value as boolean) : result
}
/** An integer of 32 bits, of which the fraction is dropped. A static text of digits is a number too. */
export function extractInteger(p: Processing, scopeKey: Key, expression: Expression): Result<number> {
  const isDigits = expression.kind === 'static' && /^-?\d+(\.\d+)?$/.test(expression.text)
  const result = isDigits ? value<Value>(expression.text) : extract(p, scopeKey, expression, 'NUMBER')
  if (!result.ok) return result
  const integer = Math.trunc(Number(result.value))
  if (integer === (integer | 0)) return value(integer)
  return failed(
    'EXTRACT_VALUE_ERROR',
    `Expected result of the expression '${sourceOf(expression)}' to be an integer of 32 bits, but it is beyond.`,
  )
}
/** A list of texts. */
export function extractTexts(p: Processing, scopeKey: Key, expression: Expression): Result<readonly string[]> {
  const result = extract(p, scopeKey, expression, 'ARRAY')
  if (!result.ok) return result
  const items = result.value as readonly Value[]
  const source = sourceOf(expression)
  if (items.some((item) => typeOf(item) !== 'STRING')) {
    return failed(
      'EXTRACT_VALUE_ERROR',
      `Expected result of the expression '${source}' to be 'ARRAY' containing 'STRING' items, but was 'ARRAY' containing at least one non-'STRING' item.`,
    )
  }
  if (!items.every((item) => isText(item as string))) return failed('EXTRACT_VALUE_ERROR', noText(source))
  return value(items as readonly string[])
}
