/**
 * Roots, logarithms, exponentials and powers of decimals, rounded as the exact result would be, with whole numbers of so many digits
 * after the point.
 *
 * Source: Brent and Zimmermann, Modern Computer Arithmetic, § 4.2 to 4.4.
 */
import { Decimal, DIGITS, GUARD, tenTo } from './decimal.ts'

/** Digits of x near 1 that its logarithm still sees. */
const NEAR_ONE_MAX = 200
/** e to this is beyond the range, as is e to its opposite. */
const EXPONENT_MAX = 15_000

export function squareRoot(value: Decimal): Decimal {
  if (!value.isFinite() || value.isNegative()) return Decimal.beyond(Math.sqrt(value.toNumber()))
  if (value.isZero()) return value
  const wanted = 2 * (DIGITS + 2) - value.precision()
  const shift = Math.max(0, wanted) + Math.abs((value.power - Math.max(0, wanted)) % 2)
  const radicand = value.digits * tenTo(shift)
  const root = wholeRoot(radicand)
  return Decimal.rounded(root * 10n + (root * root === radicand ? 0n : 1n), (value.power - shift) / 2 - 1)
}

/** By Newton, from above. */
function wholeRoot(radicand: bigint): bigint {
  let root = tenTo(Math.ceil(radicand.toString().length / 2))
  for (;;) {
    const next = (root + radicand / root) / 2n
    if (next >= root) return root
    root = next
  }
}

/** So many digits after the point; further ones are cut. */
const fixed = ({ digits, power }: Decimal, places: number): bigint =>
  power + places >= 0 ? digits * tenTo(power + places) : digits / tenTo(-power - places)

export function logarithm(value: Decimal): Decimal {
  if (!value.isFinite() || value.isZero() || value.isNegative()) return Decimal.beyond(Math.log(value.toNumber()))
  // Between 0.3 and 3, so that nothing is lost when the logarithms of the power and of the rest are added.
  const e = value.e + (value.digits > 3n * tenTo(value.precision() - 1) ? 1 : 0)
  const distance = value.minus(Decimal.of(1n, 0))
  if (distance.isZero()) return distance
  const near = e === 0 ? Math.min(NEAR_ONE_MAX, Math.max(0, -distance.e)) : 0
  const places = DIGITS + GUARD + near
  const rest = fixed(Decimal.of(value.digits, value.power - e), places)
  return Decimal.rounded(smallLogarithm(rest, places) + BigInt(e) * logarithmOfTen(places), -places)
}

const smallLogarithm = (value: bigint, places: number): bigint => {
  const one = tenTo(places)
  return 2n * inverseHyperbolicTangent(((value - one) * one) / (value + one), places)
}

function inverseHyperbolicTangent(value: bigint, places: number): bigint {
  const one = tenTo(places)
  const square = (value * value) / one
  let [sum, term] = [0n, value]
  for (let odd = 1n; term !== 0n; odd += 2n) {
    sum += term / odd
    term = (term * square) / one
  }
  return sum
}

let known = { places: 0, value: 0n }
/** ln 10 = 3 ln 2 + ln 1.25. */
function logarithmOfTen(places: number): bigint {
  if (known.places < places) {
    const one = tenTo(places)
    const value = 6n * inverseHyperbolicTangent(one / 3n, places) + 2n * inverseHyperbolicTangent(one / 9n, places)
    known = { places, value }
  }
  return known.value / tenTo(known.places - places)
}

const HALVINGS = 8n

export function exponential(value: Decimal): Decimal {
  if (value.isZero()) return Decimal.of(1n, 0)
  if (!value.isFinite() || value.e > 4 || Math.abs(value.toNumber()) > EXPONENT_MAX)
    return value.isNegative() ? Decimal.of(0n, 0) : Decimal.beyond(value.isFinite() ? Infinity : value.toNumber())
  const places = DIGITS + GUARD + Math.min(NEAR_ONE_MAX, Math.max(0, -value.e))
  const [exponent, ten, one] = [fixed(value, places), logarithmOfTen(places), tenTo(places)]
  const power = exponent / ten
  const small = (exponent - power * ten) >> HALVINGS
  let [sum, term] = [one, one]
  for (let count = 1n; term !== 0n && term !== -1n; count++) {
    term = (term * small) / one / count
    sum += term
  }
  for (let left = HALVINGS; left > 0n; left--) sum = (sum * sum) / one
  return Decimal.rounded(sum, Number(power) - places)
}

/** Of a negative number only to a whole exponent. */
export function power(base: Decimal, exponent: Decimal): Decimal {
  if (exponent.isInteger()) return base.toWhole(exponent.toNumber())
  if (base.isZero()) return exponent.isNegative() ? Decimal.beyond(Infinity) : base
  if (base.isNegative()) return Decimal.beyond(Number.NaN)
  return exponential(precise(base, exponent))
}

/** With more digits than DIGITS, because what the exponent lacks the power lacks too. */
function precise(base: Decimal, exponent: Decimal): Decimal {
  const places = DIGITS + GUARD
  const e = base.e + (base.digits > 3n * tenTo(base.precision() - 1) ? 1 : 0)
  const rest = fixed(Decimal.of(base.digits, base.power - e), places)
  const log = smallLogarithm(rest, places) + BigInt(e) * logarithmOfTen(places)
  return Decimal.of(log * exponent.digits, exponent.power - places)
}
