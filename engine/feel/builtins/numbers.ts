/** Rounding, roots, remainders. Money is rounded here: exactly, and the way that was asked for. */
import { noDecimal } from '../arithmetic.ts'
import { FixedPoint, type Rounding, roundShort } from '../fixed-point.ts'
import { absolute, canonical, type Decimal, decimal, fromDouble, modulo, type Numeric } from '../number.ts'
import { RaisedFailure, type Run } from '../run.ts'
import { isNegative, negateDuration } from '../temporal/arithmetic.ts'
import { exponential, logarithm, squareRoot } from '../transcendental.ts'
import type { Value } from '../value.ts'
import { alike, type Definition, fn, type Illegal, illegal } from './signature.ts'

/** decimal128 has no finer or coarser scale. */
const SCALE_MIN = -6_111
const SCALE_MAX = 6_176
const COST = 50

/** Whether what is cut off makes the rest grow. */
const modes = {
  UP: () => true,
  DOWN: () => false,
  CEILING: (_whole, sign) => sign > 0,
  FLOOR: (_whole, sign) => sign < 0,
  HALF_UP: (_whole, _sign, half) => half >= 0,
  HALF_DOWN: (_whole, _sign, half) => half > 0,
  HALF_EVEN: (whole, _sign, half) => half > 0 || (half === 0 && whole % 2 !== 0),
  UNNECESSARY: null,
} as const satisfies Record<string, Rounding | null>
type Mode = keyof typeof modes

/** To so many digits after the point; a negative scale rounds to tens, hundreds… */
function round(run: Run, value: Numeric, scale: Numeric, mode: Mode): Value | Illegal {
  const digits = typeof scale === 'number' ? scale : decimal(scale).truncated().toNumber()
  if (typeof value === 'number' && digits >= 0) return value
  if (digits < SCALE_MIN || digits > SCALE_MAX)
    return illegal(`Failed to apply rounding mode '${mode}': scale ${scale}`)
  const rounding = modes[mode]
  if (rounding !== null && value instanceof FixedPoint && digits >= 0) return roundShort(value, digits, rounding)
  run.spend(COST)
  if (rounding === null)
    return decimal(value).decimalPlaces() <= digits
      ? value
      : illegal(`Failed to apply rounding mode '${mode}': Rounding necessary`)
  return canonical(decimal(value).toPlaces(digits, rounding))
}

const rounded =
  (mode: Mode) =>
  (run: Run, value: Numeric, scale: Numeric = 0): Value | Illegal =>
    round(run, value, scale, mode)

function named(run: Run, value: Numeric, scale: Numeric, mode: string): Value | Illegal {
  const name = mode.toUpperCase()
  return Object.hasOwn(modes, name)
    ? round(run, value, scale, name as Mode)
    : illegal(`Illegal argument '${mode}' for rounding mode. Must be one of: ${Object.keys(modes).join(', ')}`)
}

/** Zeebe fails when it divides by zero. */
function remainder(run: Run, dividend: Numeric, divisor: Numeric): Value {
  if (divisor === 0) {
    if (run.dialect === 'standard') return null
    throw new RaisedFailure(`java.lang.ArithmeticException: Division ${dividend === 0 ? 'undefined' : 'by zero'}`)
  }
  return modulo(dividend, divisor)
}

/** Zeebe computes these with doubles, and fails where a double is infinite or no number. */
const computed =
  (compute: (value: Decimal) => Decimal) =>
  (run: Run, value: Numeric): Value => {
    run.spend(COST * 30)
    const result = compute(decimal(value))
    if (run.dialect === 'camunda' && !Number.isFinite(result.toNumber())) throw noDecimal(result.toNumber())
    return canonical(result)
  }

/** The standard's roots are null where there is none, and so are Zeebe's. */
const root = (run: Run, value: Numeric): Value =>
  decimal(value).isNegative() ? null : computed(squareRoot)(run, value)

const parity =
  (rest: 0 | 1) =>
  (_run: Run, value: Numeric): boolean =>
    modulo(value, 2) === rest

export const numberFunctions: readonly Definition[] = [
  fn('decimal(n: number, scale: number)', rounded('HALF_EVEN')),
  fn('decimal(n: number, scale: number, mode: string)', named, 'camunda'),
  fn('floor(n: number)', rounded('FLOOR')),
  fn('floor(n: number, scale: number)', rounded('FLOOR')),
  fn('ceiling(n: number)', rounded('CEILING')),
  fn('ceiling(n: number, scale: number)', rounded('CEILING')),
  fn('round up(n: number, scale: number)', rounded('UP')),
  fn('round down(n: number, scale: number)', rounded('DOWN')),
  fn('round half up(n: number, scale: number)', rounded('HALF_UP')),
  fn('round half down(n: number, scale: number)', rounded('HALF_DOWN')),
  ...alike(['abs(number: number)', 'abs(n: number)'], (_run, value) => absolute(value)),
  ...alike(['abs(number: days and time duration)', 'abs(n: days and time duration)'], (_run, value) =>
    isNegative(value) ? negateDuration(value) : value,
  ),
  ...alike(['abs(number: years and months duration)', 'abs(n: years and months duration)'], (_run, value) =>
    isNegative(value) ? negateDuration(value) : value,
  ),
  fn('modulo(dividend: number, divisor: number)', remainder),
  fn('sqrt(number: number)', root),
  fn('log(number: number)', computed(logarithm)),
  fn('exp(number: number)', computed(exponential)),
  fn('odd(number: number)', parity(1)),
  fn('even(number: number)', parity(0)),
  fn('random number()', (run) => fromDouble(run.evaluation.random())),
]
