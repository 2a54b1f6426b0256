/**
 * How much a value holds. Lists share their items, so that a short expression can build a value that is endless when it is written
 * out; whoever writes one out, or hands it on, measures it first.
 */
import { EvaluationFailure } from './run.ts'
import { isContext, isList, type Run, type Value } from './value.ts'

/** Nested lists and contexts; more would exhaust the stack of whoever walks them. */
const LEVELS_MAX = 1_000
/** Values that are passed in the time of a step; to write one takes a step itself. */
const VALUES_PER_STEP = 8

/** The value itself, which has been paid for. */
export function measured(run: Run, value: Value, perStep = VALUES_PER_STEP): Value {
  if (typeof value === 'object' && value !== null) walk(run, value, 0, perStep)
  return value
}

function walk(run: Run, value: Value, level: number, perStep: number): void {
  if (isList(value)) {
    enter(run, level, value.length / perStep)
    for (const item of value) walk(run, item, level + 1, perStep)
  } else if (isContext(value)) {
    enter(run, level, value.size / perStep)
    for (const item of value.values()) walk(run, item, level + 1, perStep)
  }
}

function enter(run: Run, level: number, steps: number): void {
  if (level > LEVELS_MAX)
    throw new EvaluationFailure(`Expected a value of at most ${LEVELS_MAX} levels, but found more.`)
  run.spend(Math.ceil(steps))
}
