/** What happened in a decision, for whoever must explain it: the inputs, the rules that fired, what came out. */
import type { Value, Warning } from '../value.ts'

export interface TracedValue {
  readonly id: string
  readonly name: string
  readonly value: Value
}
export interface MatchedRule {
  readonly id: string
  /** Counts from 1. */
  readonly index: number
  /** What the modeller wrote beside it: its description and annotations. */
  readonly remarks: readonly string[]
  readonly outputs: readonly TracedValue[]
}

export type DecisionType =
  | 'DECISION_TABLE'
  | 'LITERAL_EXPRESSION'
  | 'CONTEXT'
  | 'INVOCATION'
  | 'LIST'
  | 'RELATION'
  | 'UNKNOWN'

/** `output` is null when the decision failed. */
export interface EvaluatedDecision {
  readonly decisionId: string
  readonly decisionName: string
  /** Of the model that declares it: it may be an imported one. */
  readonly namespace: string
  readonly decisionType: DecisionType
  readonly output: Value
  readonly inputs: readonly TracedValue[]
  readonly matchedRules: readonly MatchedRule[]
  readonly warnings: readonly Warning[]
}

/** Collects while one decision is evaluated. */
export class Trace {
  #inputs: readonly TracedValue[] = []
  readonly #rules: MatchedRule[] = []

  inputs(values: readonly TracedValue[]): void {
    this.#inputs = values
  }
  rule(matched: MatchedRule): void {
    this.#rules.push(matched)
  }
  get seen(): Pick<EvaluatedDecision, 'inputs' | 'matchedRules'> {
    return { inputs: this.#inputs, matchedRules: this.#rules }
  }
}
