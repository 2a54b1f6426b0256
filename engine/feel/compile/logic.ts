/** `and` and `or`. */
import { expected } from '../arithmetic.ts'
import type { Run } from '../run.ts'
import type { Value } from '../value.ts'
import type { Code } from './code.ts'

/** A value that is neither true nor false counts as unknown. */
const truth = (run: Run, value: Value, operator: string): boolean | null =>
  typeof value === 'boolean' ? value : expected(run, 'boolean', value, operator)

/**
 * `decisive` settles the outcome whatever the other operand is; only a right operand that can still matter is evaluated. Zeebe does not
 * warn of it any more where the outcome is unknown already.
 */
const logic =
  (decisive: boolean, operator: string) =>
  (left: Code, right: Code): Code =>
  (run, environment) => {
    const a = truth(run, left(run, environment), operator)
    if (a === decisive) return a
    const found = right(run, environment)
    const b =
      a === null && run.dialect === 'camunda' ? (found === decisive ? decisive : null) : truth(run, found, operator)
    if (b === decisive) return b
    return a === null || b === null ? null : !decisive
  }

export const either = logic(true, 'or')
export const both = logic(false, 'and')
