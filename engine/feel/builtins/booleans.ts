/** Truth, defaults and assertions. */
import { equal } from '../compare.ts'
import { AssertionFailure, type Run } from '../run.ts'
import { DateTime, Time } from '../temporal/values.ts'
import { samePlace } from '../temporal/zone.ts'
import { shown } from '../text.ts'
import { kindOf, type Value } from '../value.ts'
import { type Definition, fn } from './signature.ts'

/** Ends the evaluation. */
function assertion(run: Run, value: Value, condition: Value, cause: string): Value {
  if (condition === true) return value
  run.warn('ASSERT_FAILURE', cause)
  throw new AssertionFailure(cause)
}

/** The same element of the same domain: times of different places are not, even when they are equal. */
function identical(run: Run, a: Value, b: Value): boolean {
  if (a instanceof DateTime && b instanceof DateTime)
    return identical(run, a.date, b.date) && identical(run, a.time, b.time)
  if (a instanceof Time && b instanceof Time) return a.nanos === b.nanos && samePlace(a.place, b.place)
  return kindOf(a) === kindOf(b) && equal(run, a, b) === true
}

const unfitting = (...args: readonly Value[]): string =>
  `Illegal arguments: ${args.map((arg) => `'${shown(arg)}'`).join(', ')}`

export const booleanFunctions: readonly Definition[] = [
  fn('not(negand: any)', (_run, negand) => (typeof negand === 'boolean' ? !negand : null)),
  fn('is(value1: any, value2: any)', identical, 'standard'),
  fn('is defined(value: any)', (_run, value) => value !== null),
  fn('get or else(value: any, default: any)', (_run, value, otherwise) => value ?? otherwise),
  fn('assert(value: any, condition: any)', (run, value, condition) =>
    assertion(run, value, condition, 'The condition is not fulfilled'),
  ),
  fn('assert(value: any, condition: any, cause: any)', (run, value, condition, cause) =>
    assertion(run, value, condition, typeof cause === 'string' ? cause : unfitting(value, condition, cause)),
  ),
  // Marks what a language model is to provide; evaluated it is the value itself.
  fn('fromAi(value: any)', (_run, value) => value),
  fn('fromAi(value: any, description: any)', (_run, value) => value),
  fn('fromAi(value: any, description: any, type: any)', (_run, value) => value),
  fn('fromAi(value: any, description: any, type: any, schema: any)', (_run, value) => value),
  fn('fromAi(value: any, description: any, type: any, schema: any, options: any)', (_run, value) => value),
]
