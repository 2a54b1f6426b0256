/**
 * The FEEL of a form: conditions, options, limits, templates. One `Expressions` serves one form at one moment and compiles each
 * text once. Every evaluation has a budget of steps, because whoever deploys a form is not always whoever runs the server.
 */
import {
  type Calendar,
  type Context,
  compileExpression,
  compileUnaryTests,
  type Expression,
  evaluate,
  type Value,
} from '../../../engine/feel/index.ts'
import { isNumeric, type Numeric, parseNumber } from '../../../engine/feel/number.ts'
import { feelCalendar } from '../../../processes/calendar.ts'
import type { TownCalendar } from '../../../processes/town.ts'
import { shown } from './display.ts'
import { BROKEN, fill, type Writing } from './template.ts'
import { TOWN_ZONE } from './time.ts'

const STEPS_MAX = 50_000
const MATCHES = 'matches(text, pattern)'

type Kind = 'expression' | 'test'

const isFeel = (text: string): boolean => text.startsWith('=')

export class Expressions {
  readonly #now: number
  readonly #calendar: Calendar | null
  readonly #compiled: Readonly<Record<Kind, Map<string, Expression | null>>> = {
    expression: new Map(),
    test: new Map(),
  }

  /** Without a calendar its functions are null. */
  constructor(now: number, calendar?: TownCalendar) {
    this.#now = now
    this.#calendar = calendar === undefined ? null : feelCalendar(calendar)
  }

  /** Undefined when the text is no FEEL or the evaluation fails. */
  evaluate(source: string, scope: Context): Value | undefined {
    return this.#run(source, 'expression', scope)
  }

  /** The value of a property that is FEEL when it begins with `=`, else a literal. */
  value(property: string, scope: Context): Value | undefined {
    return isFeel(property) ? this.evaluate(property.slice(1), scope) : property
  }

  /** As form-js has it, a unary test of null: true passes, and so does null; a broken condition or another value does not. */
  passes(condition: string | undefined, scope: Context): boolean {
    return condition !== undefined && isFeel(condition) && this.#run(condition.slice(1), 'test', scope) === true
  }

  /** Null when there is no limit, or none that is a number. */
  limit(property: number | string | undefined, scope: Context): Numeric | null {
    if (property === undefined) return null
    const value = typeof property === 'number' ? parseNumber(String(property)) : this.value(property, scope)
    if (typeof value === 'string') return /^-?\d+(\.\d+)?$/.test(value) ? parseNumber(value) : null
    return value !== undefined && isNumeric(value) ? value : null
  }

  /** A text that is FEEL or a template, its values passed through `write`. */
  text(property: string | undefined, scope: Context, write: Writing['write'] = shown): string {
    if (property === undefined) return ''
    if (!isFeel(property))
      return fill(property, scope, { evaluate: (source, names) => this.evaluate(source, names), write })
    const value = this.evaluate(property.slice(1), scope)
    return value === undefined ? BROKEN : write(value)
  }

  /** A label: its first line. */
  label(property: string | undefined, scope: Context): string {
    return this.text(property, scope).split('\n', 1)[0]!
  }

  /**
   * By FEEL's `matches`, not anchored, each step paid for. A pattern it does not know matches everything; a text that takes too
   * many steps does not match.
   */
  matches(text: string, pattern: string): boolean {
    const scopeOf = (input: string): Context =>
      new Map([
        ['text', input],
        ['pattern', pattern],
      ])
    if (typeof this.evaluate(MATCHES, scopeOf('')) !== 'boolean') return true
    return this.evaluate(MATCHES, scopeOf(text)) === true
  }

  #run(source: string, as: Kind, scope: Context): Value | undefined {
    const compiled = this.#compile(source, as)
    if (compiled === null) return undefined
    const outcome = evaluate(compiled, {
      lookup: (name) => scope.get(name),
      now: this.#now,
      random: Math.random,
      zone: TOWN_ZONE,
      ...(this.#calendar && { calendar: this.#calendar }),
      input: null,
      steps: STEPS_MAX,
    })
    return outcome.ok ? outcome.value : undefined
  }

  #compile(source: string, as: Kind): Expression | null {
    const known = this.#compiled[as].get(source)
    if (known !== undefined) return known
    const compiled = as === 'test' ? compileUnaryTests(source) : compileExpression(source)
    const expression = compiled.ok ? compiled.expression : null
    this.#compiled[as].set(source, expression)
    return expression
  }
}
