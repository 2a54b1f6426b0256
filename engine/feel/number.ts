/**
 * FEEL numbers: decimals of 34 digits, rounded half to even.
 *
 * Owns: arithmetic, and the three representations. Does not own: warnings; an operation without a result is `null`.
 * Invariants: a whole number within ±(2^53 − 1) is a JavaScript number, never -0; a short fraction is a FixedPoint; anything else is a
 * Decimal. So each number has one representation, and the ordinary sums of a procedure never allocate.
 */
import { Decimal } from './decimal.ts'
import {
  addShort,
  compareShort,
  divideShort,
  FixedPoint,
  isShort,
  multiplyShort,
  readShort,
  remainderShort,
  SCALE_MAX,
  short,
  wholePart,
} from './fixed-point.ts'
import { power as powerOf } from './transcendental.ts'

export { Decimal } from './decimal.ts'
export type Numeric = number | FixedPoint | Decimal

export const isNumeric = (value: unknown): value is Numeric => isShort(value) || value instanceof Decimal

/** The canonical representation; null beyond the range. */
export function canonical(decimal: Decimal): Numeric | null {
  if (!decimal.isFinite()) return null
  if (decimal.e >= 16) return decimal
  const scale = decimal.decimalPlaces()
  if (scale > SCALE_MAX || decimal.precision() > 16) return decimal
  return short(scale === 0 ? decimal.toNumber() : Number(decimal.digits), scale) ?? decimal
}

/** Reads digits, with fraction and exponent; keeps more than 34 digits as they are written. */
export function parseNumber(text: string): Numeric | null {
  if (text.length < 16) {
    const whole = Number(text)
    if (Number.isSafeInteger(whole)) return whole + 0
  }
  return readShort(text) ?? canonical(Decimal.read(text))
}

/** A number computed by JavaScript, e.g. a count or a fraction of a second. */
export const fromDouble = (double: number): Numeric | null =>
  Number.isSafeInteger(double) ? double + 0 : canonical(Decimal.read(String(double)))

export const fromBigInt = (whole: bigint): Numeric | null => parseNumber(whole.toString())

/** All digits, never an exponent. */
export const numberText = (value: Numeric): string => (value instanceof Decimal ? value.toFixed() : String(value))

export function decimal(value: Numeric): Decimal {
  if (value instanceof Decimal) return value
  return value instanceof FixedPoint ? Decimal.of(BigInt(value.digits), -value.scale) : Decimal.of(BigInt(value), 0)
}

export function add(a: Numeric, b: Numeric): Numeric | null {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    if (Number.isSafeInteger(sum)) return sum
  }
  return (isShort(a) && isShort(b) ? addShort(a, b, 1) : null) ?? canonical(decimal(a).plus(decimal(b)))
}

export function subtract(a: Numeric, b: Numeric): Numeric | null {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b
    if (Number.isSafeInteger(difference)) return difference
  }
  return (isShort(a) && isShort(b) ? addShort(a, b, -1) : null) ?? canonical(decimal(a).minus(decimal(b)))
}

export function multiply(a: Numeric, b: Numeric): Numeric | null {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b
    if (Number.isSafeInteger(product)) return product + 0
  }
  return (isShort(a) && isShort(b) ? multiplyShort(a, b) : null) ?? canonical(decimal(a).times(decimal(b)))
}

/** Null when the divisor is zero. */
export function divide(a: Numeric, b: Numeric): Numeric | null {
  if (b === 0) return null
  if (typeof a === 'number' && typeof b === 'number') {
    const quotient = a / b
    if (Number.isSafeInteger(quotient) && quotient * b === a) return quotient + 0
  }
  return (isShort(a) && isShort(b) ? divideShort(a, b) : null) ?? canonical(decimal(a).dividedBy(decimal(b)))
}

/** The remainder, with the sign of the divisor, which is not zero. */
export function modulo(a: Numeric, b: Numeric): Numeric | null {
  if (typeof a === 'number' && typeof b === 'number') {
    const rest = a % b
    return rest === 0 ? 0 : rest < 0 === b < 0 ? rest : rest + b
  }
  const rest = (isShort(a) && isShort(b) ? remainderShort(a, b) : null) ?? canonical(decimal(a).modulo(decimal(b)))
  return rest === null || rest === 0 || isNegative(rest) === isNegative(b) ? rest : add(rest, b)
}

/** Exponents beyond this are refused: the work of a power grows with it. */
const POWER_MAX = 999_999_999
/** Few factors are multiplied as long as the product stays short. */
const FACTORS_MAX = 16

export function power(base: Numeric, exponent: Numeric): Numeric | null {
  if (isShort(base) && typeof exponent === 'number' && exponent >= 0 && exponent <= FACTORS_MAX) {
    let product: ReturnType<typeof multiplyShort> = 1
    for (let factor = 0; factor < exponent && product !== null; factor++) product = multiplyShort(product, base)
    if (product !== null) return product
  }
  const by = decimal(exponent)
  return Math.abs(by.toNumber()) > POWER_MAX ? null : canonical(powerOf(decimal(base), by))
}

export function negate(value: Numeric): Numeric {
  if (typeof value === 'number') return 0 - value
  return value instanceof FixedPoint ? new FixedPoint(0 - value.digits, value.scale) : (canonical(value.negated()) ?? 0)
}

export const isNegative = (value: Numeric): boolean => compareNumbers(value, 0) < 0

export const absolute = (value: Numeric): Numeric => (isNegative(value) ? negate(value) : value)

/** Negative, zero or positive. */
export function compareNumbers(a: Numeric, b: Numeric): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return (isShort(a) && isShort(b) ? compareShort(a, b) : null) ?? decimal(a).comparedTo(decimal(b))
}

export function numbersEqual(a: Numeric, b: Numeric): boolean {
  if (a instanceof FixedPoint) return b instanceof FixedPoint && a.digits === b.digits && a.scale === b.scale
  return a === b || (a instanceof Decimal && b instanceof Decimal && a.equals(b))
}

/** The whole part as a JavaScript number, when it is within ±(2^53 − 1). */
export function wholeNumber(value: Numeric): number | null {
  if (typeof value === 'number') return value
  if (value instanceof FixedPoint) return wholePart(value)
  const whole = value.truncated().toNumber()
  return Number.isSafeInteger(whole) ? whole + 0 : null
}
