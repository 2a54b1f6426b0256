/** Decimals against exact rational numbers, the calendar against Temporal: 10,000 cases each, the same every time. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toJson } from '../../engine/feel/index.ts'
import { add, divide, multiply, type Numeric, numberText, parseNumber, subtract } from '../../engine/feel/number.ts'
import { resultOf } from './evaluation.ts'

const CASES = 10_000

function generator(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}

/** numerator / 10^scale */
interface Fraction {
  readonly digits: bigint
  readonly scale: number
}

function fraction(random: (below: number) => number): Fraction {
  const length = 1 + random(16)
  let digits = ''
  for (let at = 0; at < length; at++) digits += random(10)
  return { digits: BigInt(digits) * (random(2) === 0 ? 1n : -1n), scale: random(12) }
}

function textOf({ digits, scale }: Fraction): string {
  const size = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0')
  const [whole, rest] = [size.slice(0, size.length - scale), size.slice(size.length - scale)]
  return `${digits < 0n ? '-' : ''}${whole}${scale > 0 ? `.${rest}` : ''}`
}

const numeric = (of: Fraction): Numeric => parseNumber(textOf(of)) ?? assert.fail()
const trimmed = (of: Fraction): string => {
  const text = textOf(of)
  const short = text.includes('.') ? text.replace(/\.?0+$/, '') : text
  return short === '-0' ? '0' : short
}
const exactly = (found: Numeric | null, expected: Fraction): void =>
  assert.equal(found === null ? null : numberText(found), trimmed(expected))

test('sums, differences and products are exact', () => {
  const random = generator(11)
  for (let count = 0; count < CASES; count++) {
    const [a, b] = [fraction(random), fraction(random)]
    const scale = Math.max(a.scale, b.scale)
    const [x, y] = [a.digits * 10n ** BigInt(scale - a.scale), b.digits * 10n ** BigInt(scale - b.scale)]
    exactly(add(numeric(a), numeric(b)), { digits: x + y, scale })
    exactly(subtract(numeric(a), numeric(b)), { digits: x - y, scale })
    exactly(multiply(numeric(a), numeric(b)), { digits: a.digits * b.digits, scale: a.scale + b.scale })
  }
})

const abs = (value: bigint): bigint => (value < 0n ? -value : value)

test('quotients are the nearest decimals of 34 digits, ties to even', () => {
  const random = generator(13)
  for (let count = 0; count < CASES; count++) {
    const [a, b] = [fraction(random), fraction(random)]
    if (b.digits === 0n) continue
    const found = divide(numeric(a), numeric(b)) ?? assert.fail()
    const [whole = '', rest = ''] = numberText(found).replace('-', '').split('.')
    const scale = rest.length
    const digits = (whole + rest).replace(/^0+/, '')
    assert.ok(digits.length <= 34)
    // |found × b − a| ≤ half a unit in the last of 34 digits × |b|, all over a common scale.
    const q = BigInt(whole + rest) * 10n ** 40n
    const exact = (abs(a.digits) * 10n ** BigInt(b.scale + scale + 40)) / (abs(b.digits) * 10n ** BigInt(a.scale))
    const unit = 10n ** BigInt(40 - (34 - Math.max(digits.length, 1)))
    assert.ok(abs(q - exact) * 2n <= unit + 2n, `${textOf(a)} / ${textOf(b)} = ${numberText(found)}`)
  }
})

test('halves go to the even neighbour in decimal(), away from zero in round half up()', () => {
  const random = generator(17)
  for (let count = 0; count < 1_000; count++) {
    const cents = random(100_000)
    const even = cents % 2 === 0 ? cents : cents + 1
    const text = (value: number): string => String(value / 100)
    assert.equal(resultOf(`decimal(${cents}.5 / 100, 2)`), text(even))
    assert.equal(resultOf(`round half up(${cents}.5 / 100, 2)`), text(cents + 1))
  }
})

const pad = (value: number, length = 2): string => String(value).padStart(length, '0')

test('dates move as those of Temporal', () => {
  const random = generator(19)
  for (let count = 0; count < CASES; count++) {
    const date = Temporal.PlainDate.from('1600-01-01').add({ days: random(300_000) })
    const [days, months] = [random(100_000) - 50_000, random(4_000) - 2_000]
    const moved = `date("${date}") + duration("${days < 0 ? '-' : ''}P${Math.abs(days)}D")`
    assert.equal(resultOf(moved), `"${date.add({ days })}"`)
    const turned = `date("${date}") + duration("${months < 0 ? '-' : ''}P${Math.abs(months)}M")`
    assert.equal(resultOf(turned), `"${date.add({ months })}"`)
  }
})

/** Nine days around each change of hour of some years, and anything between. */
function zonedAround(random: (below: number) => number): Temporal.ZonedDateTime {
  const year = 1980 + random(60)
  const month = [3, 4, 9, 10, 1 + random(12)][random(5)]!
  const wall = `${year}-${pad(month)}-${pad(20 + random(9))}T${pad(random(24))}:${pad(random(60))}:${pad(random(60))}`
  return Temporal.PlainDateTime.from(wall).toZonedDateTime('Europe/Rome')
}

test('Europe/Rome moves as in Temporal, over both changes of hour', () => {
  const random = generator(23)
  for (let count = 0; count < CASES; count++) {
    const zoned = zonedAround(random)
    const seconds = random(20 * 86_400) - 10 * 86_400
    const expected = zoned.add({ seconds })
    const source = `date and time("${zoned.toPlainDateTime()}@Europe/Rome") + duration("${seconds < 0 ? '-' : ''}PT${Math.abs(seconds)}S")`
    const found = Temporal.ZonedDateTime.from(JSON.parse(resultOf(source)) as string)
    assert.equal(found.toString(), expected.toString(), source)
  }
})

test('numbers leave as JSON with the digits they have', () => {
  assert.equal(toJson(parseNumber('0.10') ?? null), '0.1')
  assert.equal(toJson(parseNumber('1e400') ?? null), '1e+400')
  assert.equal(toJson(parseNumber('123456789012345678901234567890') ?? null), '123456789012345678901234567890')
})
