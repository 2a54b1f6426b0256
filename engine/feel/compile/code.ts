/**
 * What an expression is compiled to, and the names it sees.
 *
 * Invariants: names are resolved once, at compile time, to a number of steps outward; only the entries of filtered items are looked
 * up by name while the expression runs. `Environment` and `Scope` have the same shape: one holds values, the other their names.
 */

import type { Run } from '../run.ts'
import { isContext, type Value } from '../value.ts'

export interface Environment {
  readonly value: Value
  readonly outer: Environment | null
}
export type Code = (run: Run, environment: Environment | null) => Value

export interface Scope {
  /** Null for the item of a filter, whose entries are names too. */
  readonly name: string | null
  readonly outer: Scope | null
}

export const INPUT = '?'
const ITEM = 'item'

/** A loop, because `map` would make a closure each time. */
export function valuesOf(codes: readonly Code[], run: Run, environment: Environment | null): Value[] {
  const values: Value[] = []
  for (const code of codes) values.push(code(run, environment))
  return values
}

/** Stands for the item where a filter is looked at without one. */
export const ABSENT: Value = Object.freeze([])

/** Undefined when the name is not local. */
export type Local = (environment: Environment | null) => Value | undefined

export interface Resolved {
  /** Null when no scope can have the name. */
  readonly local: Local | null
  /** How many scopes are between, counted again for each filter on the way. */
  readonly steps: number
  /** A variable from outside may be meant: nobody declares the name, an item of a filter at most has it. */
  readonly isFree: boolean
}
export function resolve(name: string, scope: Scope | null): Resolved {
  const items: number[] = []
  let steps = 0
  let found = scope
  for (; found !== null && found.name !== name; found = found.outer) {
    if (found.name === null) items.push(steps)
    steps++
  }
  const declared = found === null ? null : valueAt(steps)
  return {
    local: items.reduceRight<Local | null>((further, item) => entryOfItem(name, item, further), declared),
    steps: items.reduce((sum, item) => sum + item, steps),
    isFree: found === null && !(name === ITEM && items.length > 0),
  }
}

const valueAt = (steps: number): Local =>
  steps === 0 ? (environment) => environment?.value ?? null : (environment) => at(environment, steps)

const entryOfItem =
  (name: string, steps: number, further: Local | null): Local =>
  (environment) => {
    const item = at(environment, steps)
    if (item === ABSENT) return further?.(environment)
    const entry = isContext(item) ? item.get(name) : undefined
    if (entry !== undefined) return entry
    return name === ITEM ? item : further?.(environment)
  }

function at(environment: Environment | null, steps: number): Value {
  let found = environment
  for (let step = 0; step < steps; step++) found = found?.outer ?? null
  return found?.value ?? null
}
