/**
 * Decimals of 34 digits and the exponents of decimal128, rounded half to even: whole digits times a power of ten.
 *
 * Owns: arithmetic that is exact or rounded as the exact result would be. Does not own: the short numbers that nearly all are
 * (fixed-point.ts); roots and logarithms (transcendental.ts).
 * Invariants: digits end in 0 only for zero, whose power is 0. What is written out keeps all its digits, what is calculated has at
 * most DIGITS. Where there is no number, or none within the range, `isFinite()` is false and `toNumber()` says which.
 */
import type { Rounding } from './fixed-point.ts'

export const DIGITS = 34
/** Of the first digit. */
const EXPONENT_MAX = 6144
/** Digits beyond those of a result that is not computed exactly. */
export const GUARD = 26

const TEXT = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/

const POWERS: readonly bigint[] = Array.from({ length: 128 }, (_none, power) => 10n ** BigInt(power))
/** From 0. */
export const tenTo = (power: number): bigint => POWERS[power] ?? 10n ** BigInt(power)
const lengthOf = (digits: bigint): number => digits.toString().length - (digits < 0n ? 1 : 0)

const halfEven: Rounding = (whole, _sign, half) => half > 0 || (half === 0 && whole % 2 !== 0)
const never: Rounding = () => false
const downwards: Rounding = (_whole, sign) => sign < 0

/** Without the last so many digits. */
function cut(digits: bigint, count: number, awayFromZero: Rounding): bigint {
  const unit = tenTo(count)
  const whole = digits / unit
  const rest = digits - whole * unit
  if (rest === 0n) return whole
  const [sign, size] = digits < 0n ? [-1, -rest] : [1, rest]
  return awayFromZero(Number(whole % 2n), sign, Number(2n * size > unit) - Number(2n * size < unit))
    ? whole + BigInt(sign)
    : whole
}

export class Decimal {
  static readonly #zero = new Decimal(0n, 0, 0)
  readonly digits: bigint
  readonly power: number
  /** The place of the first digit: 0 for 1 to 9. */
  readonly e: number
  /** NaN or an infinity; 0 for a number. */
  readonly #beyond: number

  private constructor(digits: bigint, power: number, e: number, beyond = 0) {
    this.digits = digits
    this.power = power
    this.e = e
    this.#beyond = beyond
  }

  /** As it is written, e.g. `-12.50e3`. */
  static read(text: string): Decimal {
    const [, sign, whole = '', fraction = '', exponent = '0'] = TEXT.exec(text) ?? []
    if (whole + fraction === '') return beyond(Number(text))
    const digits = BigInt(whole + fraction)
    return Decimal.of(sign === '-' ? -digits : digits, Number(exponent) - fraction.length)
  }

  static of(digits: bigint, power: number): Decimal {
    if (digits === 0n) return Decimal.#zero
    const text = digits.toString()
    let end = text.length
    while (text[end - 1] === '0') end--
    const zeros = text.length - end
    const length = digits < 0n ? end - 1 : end
    const e = power + zeros + length - 1
    if (e > EXPONENT_MAX) return beyond(digits < 0n ? -Infinity : Infinity)
    if (e < -EXPONENT_MAX) return Decimal.#zero
    return new Decimal(zeros === 0 ? digits : digits / tenTo(zeros), power + zeros, e)
  }

  static rounded(digits: bigint, power: number): Decimal {
    const excess = lengthOf(digits) - DIGITS
    return excess > 0 ? Decimal.of(cut(digits, excess, halfEven), power + excess) : Decimal.of(digits, power)
  }

  static beyond(value: number): Decimal {
    return new Decimal(0n, 0, Number.NaN, value)
  }

  isFinite(): boolean {
    return this.#beyond === 0
  }
  isZero(): boolean {
    return this.digits === 0n && this.isFinite()
  }
  isInteger(): boolean {
    return this.power >= 0 && this.isFinite()
  }
  isNegative(): boolean {
    return this.digits < 0n || this.#beyond < 0
  }

  plus(other: Decimal): Decimal {
    if (!this.isFinite() || !other.isFinite()) return beyond(this.toNumber() + other.toNumber())
    const power = Math.min(this.power, other.power)
    return Decimal.rounded(this.#at(power) + other.#at(power), power)
  }
  minus(other: Decimal): Decimal {
    return this.plus(other.negated())
  }
  times(other: Decimal): Decimal {
    if (!this.isFinite() || !other.isFinite()) return beyond(this.toNumber() * other.toNumber())
    return Decimal.rounded(this.digits * other.digits, this.power + other.power)
  }
  dividedBy(other: Decimal): Decimal {
    if (!this.isFinite() || !other.isFinite() || other.isZero()) return beyond(this.toNumber() / other.toNumber())
    const shift = Math.max(0, DIGITS + 2 + lengthOf(other.digits) - lengthOf(this.digits))
    const dividend = this.digits * tenTo(shift)
    const quotient = dividend / other.digits
    // A digit that stands for all that follow: only whether there is something counts.
    const more = quotient * other.digits === dividend ? 0n : dividend < 0n === other.digits < 0n ? 1n : -1n
    return Decimal.rounded(quotient * 10n + more, this.power - other.power - shift - 1)
  }
  /** With the sign of the dividend. */
  modulo(other: Decimal): Decimal {
    if (!this.isFinite() || !other.isFinite() || other.isZero()) return beyond(this.toNumber() % other.toNumber())
    const power = Math.min(this.power, other.power)
    return Decimal.rounded(this.#at(power) % other.#at(power), power)
  }
  /** To a whole power. */
  toWhole(exponent: number): Decimal {
    if (!this.isFinite()) return beyond(this.toNumber() ** exponent)
    let [digits, power] = [1n, 0]
    let [factor, factorPower] = [this.digits, this.power]
    for (let left = Math.abs(exponent); left > 0; left = Math.floor(left / 2)) {
      if (left % 2 === 1) [digits, power] = shortened(digits * factor, power + factorPower)
      ;[factor, factorPower] = shortened(factor * factor, factorPower * 2)
    }
    return exponent < 0 ? inverse(digits, power) : Decimal.rounded(digits, power)
  }

  negated(): Decimal {
    return this.isFinite() ? new Decimal(-this.digits, this.power, this.e) : beyond(-this.#beyond)
  }
  truncated(): Decimal {
    return this.toPlaces(0, never)
  }
  floor(): Decimal {
    return this.toPlaces(0, downwards)
  }
  /** So many digits after the point; fewer than none rounds to tens, hundreds… */
  toPlaces(places: number, awayFromZero: Rounding): Decimal {
    const excess = -this.power - places
    return excess > 0 && this.isFinite() ? Decimal.of(cut(this.digits, excess, awayFromZero), -places) : this
  }

  /** Negative, zero or positive. */
  comparedTo(other: Decimal): number {
    if (!this.isFinite() || !other.isFinite()) return this.toNumber() - other.toNumber()
    const signs =
      Number(this.digits > 0n) - Number(this.digits < 0n) - Number(other.digits > 0n) + Number(other.digits < 0n)
    if (signs !== 0 || this.digits === 0n) return signs
    if (this.e !== other.e) return this.e > other.e === this.digits > 0n ? 1 : -1
    const power = Math.min(this.power, other.power)
    const [a, b] = [this.#at(power), other.#at(power)]
    return a < b ? -1 : a > b ? 1 : 0
  }
  equals(other: Decimal): boolean {
    return this.digits === other.digits && this.power === other.power && this.#beyond === other.#beyond
  }

  /** How many digits it has. */
  precision(): number {
    return lengthOf(this.digits)
  }
  decimalPlaces(): number {
    return Math.max(0, -this.power)
  }
  toNumber(): number {
    return this.#beyond === 0 ? Number(`${this.digits}e${this.power}`) : this.#beyond
  }
  /** All digits, never an exponent. */
  toFixed(): string {
    if (!this.isFinite()) return String(this.#beyond)
    if (this.power >= 0) return this.#at(0).toString()
    const size = (this.digits < 0n ? -this.digits : this.digits).toString().padStart(1 - this.power, '0')
    return `${this.digits < 0n ? '-' : ''}${size.slice(0, this.power)}.${size.slice(this.power)}`
  }
  toExponential(): string {
    const [sign, first, rest] = /^(-?)(\d)(\d*)$/.exec(this.digits.toString())!.slice(1)
    return `${sign}${first}${rest && `.${rest}`}e${this.e < 0 ? '' : '+'}${this.e}`
  }
  toString(): string {
    return this.toFixed()
  }

  /** The digits of a power that is not greater. */
  #at(power: number): bigint {
    return this.power === power ? this.digits : this.digits * tenTo(this.power - power)
  }
}

const beyond = (value: number): Decimal => Decimal.beyond(value)

function inverse(digits: bigint, power: number): Decimal {
  if (digits === 0n) return beyond(Infinity)
  const shift = 2 * (DIGITS + GUARD)
  return Decimal.rounded(tenTo(shift) / digits, -power - shift)
}

/** Few digits more than a result has are enough for the next step. */
function shortened(digits: bigint, power: number): [digits: bigint, power: number] {
  const excess = lengthOf(digits) - DIGITS - GUARD
  return excess > 0 ? [digits / tenTo(excess), power + excess] : [digits, power]
}
