/**
 * FEEL numbers: decimals of 34 digits, rounded half to even.
 *
 * Owns: arithmetic, and the two representations. Does not own: warnings; an operation without a result is `null`.
 * Invariants: a whole number within ±(2^53 − 1) is a JavaScript number, never -0; anything else is a Decimal. So `===` on numbers is
 * exact equality, and the ordinary sums of a procedure never allocate.
 */
import { Decimal as DecimalJs } from 'decimal.js'

const DIGITS = 34
/** decimal128's range: beyond it there is no number. */
const EXPONENT_MAX = 6144

export const Decimal = DecimalJs.clone({
  precision: DIGITS,
  rounding: DecimalJs.ROUND_HALF_EVEN,
  maxE: EXPONENT_MAX,
  minE: -EXPONENT_MAX,
  toExpPos: EXPONENT_MAX + DIGITS,
  toExpNeg: -EXPONENT_MAX - DIGITS,
})
export type Decimal = DecimalJs
export type Numeric = number | Decimal

export const isNumeric = (value: unknown): value is Numeric => typeof value === 'number' || value instanceof Decimal

/** The canonical representation; null beyond the range. */
export function canonical(decimal: Decimal): Numeric | null {
  if (!decimal.isFinite()) return null
  if (decimal.e < 16 && decimal.isInteger()) {
    const whole = decimal.toNumber()
    if (Number.isSafeInteger(whole)) return whole + 0
  }
  return decimal
}

/** Reads digits, with fraction and exponent; keeps more than 34 digits as they are written. */
export function parseNumber(text: string): Numeric | null {
  if (text.length < 16) {
    const whole = Number(text)
    if (Number.isSafeInteger(whole)) return whole + 0
  }
  return canonical(new Decimal(text))
}

/** A number computed by JavaScript, e.g. a count or a fraction of a second. */
export const fromDouble = (double: number): Numeric | null =>
  Number.isSafeInteger(double) ? double + 0 : canonical(new Decimal(double))

export const fromBigInt = (whole: bigint): Numeric | null => parseNumber(whole.toString())

/** All digits, never an exponent. */
export const numberText = (value: Numeric): string => (typeof value === 'number' ? String(value) : value.toFixed())

export const decimal = (value: Numeric): Decimal => (typeof value === 'number' ? new Decimal(value) : value)

export function add(a: Numeric, b: Numeric): Numeric | null {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    if (Number.isSafeInteger(sum)) return sum
  }
  return canonical(decimal(a).plus(b))
}

export function subtract(a: Numeric, b: Numeric): Numeric | null {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b
    if (Number.isSafeInteger(difference)) return difference
  }
  return canonical(decimal(a).minus(b))
}

export function multiply(a: Numeric, b: Numeric): Numeric | null {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b
    if (Number.isSafeInteger(product)) return product + 0
  }
  return canonical(decimal(a).times(b))
}

/** Null when the divisor is zero. */
export function divide(a: Numeric, b: Numeric): Numeric | null {
  if (b === 0) return null
  if (typeof a === 'number' && typeof b === 'number') {
    const quotient = a / b
    if (Number.isSafeInteger(quotient) && quotient * b === a) return quotient + 0
  }
  return canonical(decimal(a).dividedBy(b))
}

/** Exponents beyond this are refused: the work of a power grows with it. */
const POWER_MAX = 999_999_999

export function power(base: Numeric, exponent: Numeric): Numeric | null {
  if (decimal(exponent).abs().greaterThan(POWER_MAX)) return null
  return canonical(decimal(base).pow(exponent))
}

export const negate = (value: Numeric): Numeric =>
  typeof value === 'number' ? 0 - value : (canonical(value.negated()) ?? 0)

export const absolute = (value: Numeric): Numeric =>
  typeof value === 'number' ? Math.abs(value) : (canonical(value.abs()) ?? 0)

/** Negative, zero or positive. */
export const compareNumbers = (a: Numeric, b: Numeric): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : decimal(a).comparedTo(b)

export const numbersEqual = (a: Numeric, b: Numeric): boolean =>
  a === b || (typeof a !== 'number' && typeof b !== 'number' && a.equals(b))

export const isWhole = (value: Numeric): boolean => typeof value === 'number' || value.isInteger()

/** The whole part as a JavaScript number, when it is within ±(2^53 − 1). */
export function wholeNumber(value: Numeric): number | null {
  if (typeof value === 'number') return value
  const whole = value.truncated().toNumber()
  return Number.isSafeInteger(whole) ? whole + 0 : null
}
