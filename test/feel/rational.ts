/** Exact fractions of whole numbers: what decimals are compared with. */

export interface Rational {
  readonly numerator: bigint
  /** Positive. */
  readonly denominator: bigint
}

export const rational = (numerator: bigint, denominator = 1n): Rational =>
  denominator < 0n ? { numerator: -numerator, denominator: -denominator } : { numerator, denominator }

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/

export function read(text: string): Rational {
  const [, sign, whole, fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? []
  if (whole === undefined) throw new Error(`'${text}' is no decimal number`)
  const digits = BigInt(`${sign}${whole}${fraction}`)
  const scale = fraction.length - Number(exponent)
  return scale < 0 ? rational(digits * 10n ** BigInt(-scale)) : rational(digits, 10n ** BigInt(scale))
}

export const plus = (a: Rational, b: Rational): Rational =>
  rational(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator)
export const minus = (a: Rational, b: Rational): Rational => plus(a, rational(-b.numerator, b.denominator))
export const times = (a: Rational, b: Rational): Rational =>
  rational(a.numerator * b.numerator, a.denominator * b.denominator)
export const over = (a: Rational, b: Rational): Rational =>
  rational(a.numerator * b.denominator, a.denominator * b.numerator)

export const power = (a: Rational, exponent: number): Rational =>
  exponent < 0
    ? over(rational(1n), power(a, -exponent))
    : rational(a.numerator ** BigInt(exponent), a.denominator ** BigInt(exponent))

/** Negative, zero or positive. */
export function compare(a: Rational, b: Rational): number {
  const difference = minus(a, b).numerator
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

export type Mode = 'up' | 'down' | 'floor' | 'ceiling' | 'half up' | 'half down' | 'half even'

/** To so many digits after the point; before it when `scale` is negative. */
export function rounded(value: Rational, scale: number, mode: Mode): Rational {
  const unit = scale < 0 ? rational(10n ** BigInt(-scale)) : rational(1n, 10n ** BigInt(scale))
  const { numerator, denominator } = over(value, unit)
  const size = numerator < 0n ? -numerator : numerator
  const [whole, rest] = [size / denominator, size % denominator]
  const isNegative = numerator < 0n
  const more = isAway(
    mode,
    isNegative,
    whole,
    rest === 0n ? -1 : compare(rational(2n * rest), rational(denominator)),
    rest,
  )
  const result = more ? whole + 1n : whole
  return times(rational(isNegative ? -result : result), unit)
}

/** `half`: whether the rest is less than, equal to or more than a half. */
function isAway(mode: Mode, isNegative: boolean, whole: bigint, half: number, rest: bigint): boolean {
  if (rest === 0n) return false
  switch (mode) {
    case 'up':
      return true
    case 'down':
      return false
    case 'floor':
      return isNegative
    case 'ceiling':
      return !isNegative
    case 'half up':
      return half >= 0
    case 'half down':
      return half > 0
    case 'half even':
      return half > 0 || (half === 0 && whole % 2n === 1n)
  }
}

/** To so many significant digits, half to even. */
export function significant(value: Rational, digits: number): Rational {
  if (value.numerator === 0n) return value
  const size = value.numerator < 0n ? -value.numerator : value.numerator
  let exponent = size.toString().length - value.denominator.toString().length
  if (compare(rational(size, value.denominator), powerOfTen(exponent)) < 0) exponent--
  return rounded(value, digits - 1 - exponent, 'half even')
}

const powerOfTen = (exponent: number): Rational =>
  exponent < 0 ? rational(1n, 10n ** BigInt(-exponent)) : rational(10n ** BigInt(exponent))
