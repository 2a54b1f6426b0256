/**
 * One evaluation under way: what it may read, what it has noted, what it may still spend.
 *
 * Owns: free variables, warnings, the budget. Does not own: local names, which live in `Environment`s.
 * Invariant: nothing here looks at a clock or another source of chance, so the same evaluation spends the same on every machine.
 */
import type { Dialect } from './dialect.ts'
import type { Evaluation, Run, Value, Warning, WarningKind } from './value.ts'

export type { Evaluation, Run, Warning, WarningKind } from './value.ts'

/** Ends the evaluation without a value: an assertion that failed, or the budget. */
export class EvaluationFailure extends Error {}
export class AssertionFailure extends EvaluationFailure {}
/** What Zeebe's FEEL throws, in the words of Java. */
export class RaisedFailure extends EvaluationFailure {}

/** The failure of an expression as Zeebe tells it. */
export function failureText(source: string, failure: EvaluationFailure): string {
  if (failure instanceof AssertionFailure)
    return `Assertion failure on evaluate the expression '${source}': ${failure.message}`
  return `failed to evaluate expression '${source}'${failure instanceof RaisedFailure ? ' ' : ''}: ${failure.message}`
}

export const STEPS = 200_000
/** Nested closures of functions that call each other. */
const DEPTH_MAX = 1_500
const WARNINGS_MAX = 100
/** Its words are put together even when there are too many already. */
const WARNING_COST = 5
/** Characters of one text. */
export const TEXT_MAX = 1_000_000

/** What is left to spend. A decision shares it among all its expressions. */
export class Budget {
  readonly #given: number
  #steps: number
  #depth = 0
  constructor(steps = STEPS) {
    this.#given = steps
    this.#steps = steps
  }
  get spent(): number {
    return this.#given - this.#steps
  }
  spend(steps: number): void {
    this.#steps -= steps
    if (this.#steps < 0)
      throw new EvaluationFailure(
        'Expected to evaluate within the budget of steps, but it is spent. Simplify the expression.',
      )
  }
  /** Runs a function body that nests `levels` closures. */
  nested<T>(levels: number, body: () => T): T {
    this.#depth += levels
    if (this.#depth > DEPTH_MAX)
      throw new EvaluationFailure(`Expected functions to nest at most ${DEPTH_MAX} levels, but found more.`)
    try {
      return body()
    } finally {
      this.#depth -= levels
    }
  }
}

/** A free variable that was looked up: few are remembered in a chain, which is three times faster than a Map of two names. */
interface Known {
  readonly name: string
  readonly value: Value | undefined
  readonly next: Known | null
}
const CHAIN_MAX = 8

const NO_WARNINGS: readonly Warning[] = Object.freeze([])

export class Evaluating implements Run {
  readonly evaluation: Evaluation
  readonly dialect: Dialect
  readonly #budget: Budget
  #warnings: Warning[] | null = null
  #known: Known | null = null
  #length = 0
  #others: Map<string, Value | undefined> | null = null

  constructor(evaluation: Evaluation, dialect: Dialect, budget = new Budget(evaluation.steps)) {
    this.evaluation = evaluation
    this.dialect = dialect
    this.#budget = budget
  }

  get warnings(): readonly Warning[] {
    return this.#warnings ?? NO_WARNINGS
  }

  get spent(): number {
    return this.#budget.spent
  }

  spend(steps: number): void {
    this.#budget.spend(steps)
  }

  text(text: string): string {
    if (text.length > TEXT_MAX)
      throw new EvaluationFailure(`Expected a text of at most ${TEXT_MAX} characters, but found ${text.length}.`)
    this.spend(text.length >> 6)
    return text
  }

  items(count: number): void {
    this.spend(1 + (count >> 2))
  }

  nested<T>(levels: number, body: () => T): T {
    return this.#budget.nested(levels, body)
  }
  with(lookup: Evaluation['lookup']): Run {
    const inner = new Evaluating({ ...this.evaluation, lookup }, this.dialect, this.#budget)
    inner.#warnings = this.#warnings ??= []
    return inner
  }

  warn(kind: WarningKind, message: string, name?: string): null {
    this.spend(WARNING_COST + (message.length >> 4))
    this.#warnings ??= []
    if (this.#warnings.length < WARNINGS_MAX)
      this.#warnings.push({ kind, message, ...(name !== undefined && { name }) })
    return null
  }

  variable(name: string): Value | undefined {
    for (let known = this.#known; known !== null; known = known.next) if (known.name === name) return known.value
    const known = this.#others?.get(name)
    if (known !== undefined || this.#others?.has(name)) return known
    const value = this.evaluation.lookup(name)
    this.#remember(name, value)
    return value
  }
  #remember(name: string, value: Value | undefined): void {
    if (this.#length < CHAIN_MAX) {
      this.#known = { name, value, next: this.#known }
      this.#length++
    } else {
      this.#others ??= new Map()
      this.#others.set(name, value)
    }
  }
}
