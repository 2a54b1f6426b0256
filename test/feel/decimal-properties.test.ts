/** Decimals against exact rational numbers: the same 12,000 pairs every time, of all the sizes at which something changes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  compileExpression,
  type Evaluation,
  evaluate,
  fromJson,
  isContext,
  toJson,
  type Value,
} from '../../engine/feel/index.ts'
import { generator, type Random } from './generator.ts'
import {
  compare,
  minus,
  over,
  plus,
  power,
  type Rational,
  rational,
  read,
  rounded,
  significant,
  times,
} from './rational.ts'

const CASES = 12_000
const DIGITS = 34

const digits = (random: Random, length: number): string => {
  let text = String(1 + random(9))
  while (text.length < length) text += random(10)
  return text
}

/** A point so many digits from the right. */
function pointed(text: string, scale: number): string {
  const padded = text.padStart(scale + 1, '0')
  return scale === 0 ? padded : `${padded.slice(0, -scale)}.${padded.slice(-scale)}`
}

/** Each kind of number, without its sign. */
const kinds: readonly ((random: Random) => string)[] = [
  () => '0',
  (random) => String(random(100)),
  (random) => pointed(digits(random, 1 + random(5)), random(4)),
  (random) => pointed(digits(random, 1 + random(9)), 2),
  (random) => pointed(digits(random, 1 + random(17)), random(18)),
  (random) => pointed(digits(random, 1 + random(DIGITS)), random(40)),
  (random) => `${digits(random, 1 + random(DIGITS))}e${random(200) - 100}`,
  (random) => pointed(String(2n ** 53n + BigInt(random(7) - 3)), random(17)),
  (random) => pointed(`${digits(random, 1 + random(6))}5`, 1 + random(3)),
  (random) => `${pointed(`${digits(random, 1 + random(6))}4`, 1 + random(3))}${'9'.repeat(1 + random(12))}`,
  (random) => `${pointed(`${digits(random, 1 + random(6))}5`, 1 + random(3))}${'0'.repeat(random(12))}1`,
  // The last digit that is kept, and what decides about it.
  (random) => digits(random, DIGITS),
  (random) => ['0.5', '0.50000000001', '0.49999999999', '0.05'][random(4)]!,
]
const numberIn = (random: Random): string => (random(2) === 0 ? '-' : '') + kinds[random(kinds.length)]!(random)

interface Case {
  readonly a: string
  readonly b: string
  /** Digits after the point. */
  readonly scale: number
  /** Of powers. */
  readonly exponent: number
}
function caseIn(random: Random): Case {
  const a = numberIn(random)
  // Some pairs are equal, though written in another way.
  const b = random(10) === 0 ? (a.includes('.') && !a.includes('e') ? `${a}0` : a) : numberIn(random)
  return { a, b, scale: random(9) - 2, exponent: random(24) - 6 }
}

/** What an expression answers: the exact number, whether something holds, or nothing. */
type Expected = (of: { a: Rational; b: Rational; scale: number; exponent: number }) => Rational | boolean | null

const near = (value: Rational): Rational => significant(value, DIGITS)
const isZero = ({ numerator }: Rational): boolean => numerator === 0n

const properties: Readonly<Record<string, Expected>> = {
  'a + b': ({ a, b }) => near(plus(a, b)),
  'a - b': ({ a, b }) => near(minus(a, b)),
  'a * b': ({ a, b }) => near(times(a, b)),
  'a / b': ({ a, b }) => (isZero(b) ? null : near(over(a, b))),
  'a ** exponent': ({ a, exponent }) => (isZero(a) && exponent < 0 ? null : near(power(a, exponent))),
  'modulo(a, if b = 0 then 1 else b)': ({ a, b }) => {
    const divisor = isZero(b) ? rational(1n) : b
    return near(minus(a, times(divisor, rounded(over(a, divisor), 0, 'floor'))))
  },
  '-a': ({ a }) => rational(-a.numerator, a.denominator),
  'abs(a)': ({ a }) => (a.numerator < 0n ? rational(-a.numerator, a.denominator) : a),
  'round up(a, scale)': ({ a, scale }) => rounded(a, scale, 'up'),
  'round down(a, scale)': ({ a, scale }) => rounded(a, scale, 'down'),
  'round half up(a, scale)': ({ a, scale }) => rounded(a, scale, 'half up'),
  'round half down(a, scale)': ({ a, scale }) => rounded(a, scale, 'half down'),
  'decimal(a, scale)': ({ a, scale }) => rounded(a, scale, 'half even'),
  'floor(a, scale)': ({ a, scale }) => rounded(a, scale, 'floor'),
  'ceiling(a, scale)': ({ a, scale }) => rounded(a, scale, 'ceiling'),
  'floor(a)': ({ a }) => rounded(a, 0, 'floor'),
  'ceiling(a)': ({ a }) => rounded(a, 0, 'ceiling'),
  'a < b': ({ a, b }) => compare(a, b) < 0,
  'a <= b': ({ a, b }) => compare(a, b) <= 0,
  'a = b': ({ a, b }) => compare(a, b) === 0,
  'a = a + 0': () => true,
  'a in [b..b]': ({ a, b }) => compare(a, b) === 0,
  'sum([a, b, a])': ({ a, b }) => near(plus(near(plus(a, b)), a)),
  'even(floor(a))': ({ a }) => rounded(a, 0, 'floor').numerator % (2n * rounded(a, 0, 'floor').denominator) === 0n,
}

function evaluationOf({ a, b, scale, exponent }: Case): Evaluation {
  const variables = fromJson(`{"a":${a},"b":${b},"scale":${scale},"exponent":${exponent}}`)
  return { lookup: (name) => (isContext(variables) ? variables.get(name) : undefined), now: 0, random: () => 0 }
}

function answer(value: Value): Rational | boolean | null {
  return value === null || typeof value === 'boolean' ? value : read(toJson(value))
}

const random = generator(31)
const cases = Array.from({ length: CASES }, () => {
  const text = caseIn(random)
  return { text, evaluation: evaluationOf(text), exactly: { ...text, a: read(text.a), b: read(text.b) } }
})

const isSame = (found: Rational | boolean | null, expected: Rational | boolean | null): boolean =>
  found === null || expected === null || typeof found === 'boolean' || typeof expected === 'boolean'
    ? found === expected
    : compare(found, expected) === 0

for (const [source, expected] of Object.entries(properties))
  test(`${source} is exact, or the nearest decimal of ${DIGITS} digits`, () => {
    const compiled = compileExpression(source)
    assert.ok(compiled.ok)
    for (const { text, evaluation, exactly } of cases) {
      const outcome = evaluate(compiled.expression, evaluation)
      const found = outcome.ok ? answer(outcome.value) : null
      const exact = expected(exactly)
      if (!isSame(found, exact))
        assert.fail(
          `${JSON.stringify(text)}: ${outcome.ok ? toJson(outcome.value) : outcome.message}, not ${JSON.stringify(exact, (_key, item) => (typeof item === 'bigint' ? String(item) : item))}`,
        )
    }
  })

test('numbers leave as JSON with the digits they have', () => {
  for (const [text, written] of [
    ['0.10', '0.1'],
    ['1e400', '1e+400'],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
  ])
    assert.equal(toJson(fromJson(text!)), written)
})
