/** Our decimals against decimal.js, operation by operation: the same digits, the same every time. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Decimal as DecimalJs } from 'decimal.js'
import { Decimal } from '../../engine/feel/decimal.ts'
import { exponential, logarithm, power, squareRoot } from '../../engine/feel/transcendental.ts'
import { generator } from './generator.ts'

const Theirs = DecimalJs.clone({
  precision: 34,
  rounding: DecimalJs.ROUND_HALF_EVEN,
  maxE: 6144,
  minE: -6144,
  toExpPos: 6_200,
  toExpNeg: -6_200,
})
type Theirs = DecimalJs

const CASES = 10_000

/** Up to 40 digits, the point anywhere, at times an exponent; never zero with a sign. */
function numberText(random: (below: number) => number): string {
  const digits = Array.from({ length: 1 + random(random(4) === 0 ? 40 : 12) }, () => random(10)).join('')
  const scale = random(20)
  const size = digits.padStart(scale + 1, '0')
  const sign = random(2) === 0 && /[1-9]/.test(digits) ? '-' : ''
  const exponent = random(10) === 0 ? `e${random(60) - 30}` : ''
  return `${sign}${size.slice(0, size.length - scale)}${scale > 0 ? `.${size.slice(size.length - scale)}` : ''}${exponent}`
}

const text = (value: Decimal | Theirs): string =>
  value.isFinite() ? (value.isZero() ? '0' : value.toFixed()) : String(value.toNumber())

const halfEven = (whole: number, _sign: number, half: number): boolean => half > 0 || (half === 0 && whole % 2 !== 0)

const unary: Readonly<Record<string, (ours: Decimal, theirs: Theirs) => readonly [unknown, unknown]>> = {
  'what is read': (a, x) => [text(a), text(x)],
  'the exponential spelling': (a, x) => [a.isZero() || a.toExponential(), x.isZero() || x.toExponential()],
  doubles: (a, x) => [a.toNumber(), x.toNumber() + 0],
  'places, digits and first digit': (a, x) => [
    [a.decimalPlaces(), a.precision(), a.e, a.isInteger(), a.isNegative()],
    [x.decimalPlaces(), x.precision(), x.e, x.isInteger(), x.isNegative()],
  ],
  'whole parts': (a, x) => [
    [a.truncated(), a.floor(), a.negated()].map(text),
    [x.truncated(), x.floor(), x.negated()].map(text),
  ],
  'two places': (a, x) => [text(a.toPlaces(2, halfEven)), text(x.toDecimalPlaces(2))],
  'hundreds, upwards': (a, x) => [text(a.toPlaces(-2, (_whole, sign) => sign > 0)), text(x.toNearest(100, 2))],
}
const binary: Readonly<Record<string, (a: Decimal, b: Decimal, x: Theirs, y: Theirs) => readonly [unknown, unknown]>> =
  {
    sums: (a, b, x, y) => [text(a.plus(b)), text(x.plus(y))],
    differences: (a, b, x, y) => [text(a.minus(b)), text(x.minus(y))],
    products: (a, b, x, y) => [text(a.times(b)), text(x.times(y))],
    quotients: (a, b, x, y) => [text(a.dividedBy(b)), text(x.dividedBy(y))],
    remainders: (a, b, x, y) => [text(a.modulo(b)), text(x.modulo(y))],
    order: (a, b, x, y) => [
      [Math.sign(a.comparedTo(b)), a.equals(b)],
      [x.comparedTo(y), x.equals(y)],
    ],
  }

for (const [name, compare] of Object.entries(unary))
  test(name, () => {
    const random = generator(31)
    for (let count = 0; count < CASES; count++) {
      const source = numberText(random)
      const [ours, theirs] = compare(Decimal.read(source), new Theirs(source))
      assert.deepEqual(ours, theirs, source)
    }
  })
for (const [name, compare] of Object.entries(binary))
  test(name, () => {
    const random = generator(37)
    for (let count = 0; count < CASES; count++) {
      const [one, other] = [numberText(random), numberText(random)]
      const found = compare(Decimal.read(one), Decimal.read(other), new Theirs(one), new Theirs(other))
      assert.deepEqual(found[0], found[1], `${one} and ${other}`)
    }
  })

const CASES_OF_SERIES = 200
const functions: Readonly<Record<string, readonly [ours: (a: Decimal) => Decimal, theirs: (x: Theirs) => Theirs]>> = {
  roots: [squareRoot, (x) => x.sqrt()],
  logarithms: [logarithm, (x) => x.ln()],
  exponentials: [(a) => exponential(a.modulo(Decimal.read('1000'))), (x) => x.modulo(1000).exp()],
  'whole powers': [(a) => power(a, Decimal.read('-17')), (x) => x.pow(-17)],
  'broken powers': [(a) => power(a, Decimal.read('12.34')), (x) => x.pow('12.34')],
}
for (const [name, [ours, theirs]] of Object.entries(functions))
  test(name, () => {
    const random = generator(41)
    for (let count = 0; count < CASES_OF_SERIES; count++) {
      const source = numberText(random)
      assert.equal(text(ours(Decimal.read(source))), text(theirs(new Theirs(source))), source)
    }
  })

test('at the ends of the range, and near one', () => {
  for (const source of ['1.0000000000000000000000000000001', '0.99999999999999999999999999999999', '1e-6000', '9e6000'])
    assert.equal(text(logarithm(Decimal.read(source))), text(new Theirs(source).ln()), source)
  for (const source of ['5e-34', '1e-40', '14147', '14148', '-14147', '-20000', '1e10', '-1e10'])
    assert.equal(text(exponential(Decimal.read(source))), text(new Theirs(source).exp()), source)
  const powers = [
    ...[
      ['10', '7000'],
      ['10', '6144'],
      ['10', '-6144'],
      ['10', '-6145'],
      ['0.25', '0.5'],
      ['1.0000000001', '999999999'],
    ],
    ...[
      ['0', '0'],
      ['0', '-1'],
      ['0', '0.5'],
      ['-8', '0.333'],
      ['-2', '3'],
    ],
  ] as const
  for (const [base, exponent] of powers) {
    const found = power(Decimal.read(base!), Decimal.read(exponent!))
    assert.equal(text(found), text(new Theirs(base!).pow(exponent!)), `${base} ** ${exponent}`)
  }
})
