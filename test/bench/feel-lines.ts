/**
 * What `bench:feel` measures: expressions as procedures hold them, each beside the closure that one would write by hand, which does
 * the obvious native thing on the same variables.
 */

export interface Line {
  readonly name: string
  readonly source: string
  /** `expression`, or a cell of a table, whose input is the variable `?`. */
  readonly top: 'expression' | 'unary tests'
  readonly variables: Readonly<Record<string, unknown>>
  readonly native: () => unknown
  /** Why the line may be slower than feelin: what it does that feelin does not. */
  readonly excepted: string | null
}

const FRACTION = 'a fraction beyond 15 digits'
const PATTERN = 'a regular expression within a budget'

function line<V extends Readonly<Record<string, unknown>>>(
  name: string,
  source: string,
  variables: V,
  native: (v: V) => unknown,
  excepted: string | null = null,
): Line {
  return { name, source, top: 'expression', variables, native: () => native(variables), excepted }
}

function cell<T>(name: string, source: string, input: T, native: (input: T) => unknown): Line {
  const variables = { '?': input }
  return { name, source, top: 'unary tests', variables, native: () => native(variables['?']), excepted: null }
}

const numbers = { a: 12, b: 30, c: 7, d: 5 }
const money = { amount: 1234.56, fee: 16, days: 45 }
const person = { first: 'Giulia', last: 'Esposito', email: 'giulia.esposito@example.org', age: 34, status: 'open' }
const order = {
  order: { customer: { name: 'Giulia', address: { city: 'Torino', zip: '10121' } }, lines: 3 },
}
const itemsOf = (count: number) =>
  Array.from({ length: count }, (_none, index) => ({
    sku: `p${index}`,
    price: ((index * 37) % 400) + 1,
    quantity: (index % 4) + 1,
    paid: index % 3 === 0,
  }))
const ten = { items: itemsOf(10) }
const thousand = { items: itemsOf(1_000) }
const prices = { prices: [12.5, 3.99, 120, 7.25, 0.75, 49.9, 18, 2.2, 5.05, 64.36] }
const manyNumbers = { numbers: Array.from({ length: 10_000 }, (_none, index) => (index * 7_919) % 10_007) }
const tags = { tags: ['urgent', 'residence', 'urgent', 'fee', 'residence', 'paper'] }
const dates = { filed: '2026-03-01', due: '2026-05-31', at: '2026-03-28T23:30:00Z' }
const days = (from: Temporal.PlainDate, to: Temporal.PlainDate): number => from.until(to, { largestUnit: 'days' }).days
const cents = (value: number): number => Math.round(value * 100) / 100

export const lines: readonly Line[] = [
  line('whole numbers', '(a + b) * c - d', numbers, (v) => (v.a + v.b) * v.c - v.d),
  line('an exact quotient', 'a * b / d', numbers, (v) => (v.a * v.b) / v.d),
  line('a remainder', 'modulo(b, c) + 1', numbers, (v) => (v.b % v.c) + 1),
  line('money times a rate', 'amount * 1.22', money, (v) => v.amount * 1.22),
  line('money, rounded', 'decimal(amount * 0.22, 2)', money, (v) => cents(v.amount * 0.22)),
  line('fee and surcharge', 'fee + amount * 0.015 + 0.35', money, (v) => v.fee + v.amount * 0.015 + 0.35),
  line('a share', 'round half up(amount * days / 365, 2)', money, (v) => cents((v.amount * v.days) / 365), FRACTION),
  line('a third', 'amount / 7', money, (v) => v.amount / 7, FRACTION),
  line('a square', '1.05 ** 2', numbers, () => 1.05 ** 2),
  line(
    'floor and ceiling',
    'floor(amount) + ceiling(amount)',
    money,
    (v) => Math.floor(v.amount) + Math.ceil(v.amount),
  ),
  line('a sum of money', 'sum(prices)', prices, (v) => v.prices.reduce((sum, price) => sum + price, 0)),
  line('least and greatest', 'max(prices) - min(prices)', prices, (v) => Math.max(...v.prices) - Math.min(...v.prices)),

  line('comparisons', 'a < b and c >= d', numbers, (v) => v.a < v.b && v.c >= v.d),
  line('between', 'amount between 1000 and 1500', money, (v) => v.amount >= 1000 && v.amount <= 1500),
  line('in a range', 'amount in [1000..1500)', money, (v) => v.amount >= 1000 && v.amount < 1500),
  line('one of the texts', 'status in ("late", "open", "paid")', person, (v) =>
    ['late', 'open', 'paid'].includes(v.status),
  ),
  line('if', 'if age >= 18 then "adult" else "minor"', person, (v) => (v.age >= 18 ? 'adult' : 'minor')),
  line('null', 'if missing = null then 0 else missing', { missing: null }, (v) => (v.missing === null ? 0 : v.missing)),
  line('instance of', 'age instance of number', person, (v) => typeof v.age === 'number'),
  cell('a test of greatness', '> 100', 120, (input) => input > 100),
  cell('a test of a range', '[18..65)', 34, (input) => input >= 18 && input < 65),
  cell('a test of texts', '"late", "open", "paid"', 'paid', (input) => ['late', 'open', 'paid'].includes(input)),
  cell('a negated test', 'not("late", "open")', 'paid', (input) => !['late', 'open'].includes(input)),

  line('joining texts', 'first + " " + last', person, (v) => `${v.first} ${v.last}`),
  line('upper case', 'upper case(last)', person, (v) => v.last.toUpperCase()),
  line('a part of a text', 'substring(last, 1, 3)', person, (v) => v.last.slice(0, 3)),
  line('before a sign', 'substring before(email, "@")', person, (v) => v.email.slice(0, v.email.indexOf('@'))),
  line(
    'contains',
    'contains(email, "example") and ends with(email, ".org")',
    person,
    (v) => v.email.includes('example') && v.email.endsWith('.org'),
  ),
  line('a number as text', '"Fee: " + string(fee)', money, (v) => `Fee: ${v.fee}`),
  line('a list as text', 'string join(tags, ", ")', tags, (v) => v.tags.join(', ')),
  line(
    'matches',
    'matches(email, "^[a-z.]+@[a-z]+[.]org$")',
    person,
    (v) => /^[a-z.]+@[a-z]+[.]org$/u.test(v.email),
    PATTERN,
  ),
  line('replace', 'replace(email, "[aeiou]", "_")', person, (v) => v.email.replace(/[aeiou]/gu, '_'), PATTERN),
  line('split', 'split(email, "@")', person, (v) => v.email.split('@'), PATTERN),

  line('a path', 'order.customer.address.city', order, (v) => v.order.customer.address.city),
  line('a context', '{net: amount, tax: net * 0.22, gross: net + tax}', money, (v) => {
    const tax = v.amount * 0.22
    return { net: v.amount, tax, gross: v.amount + tax }
  }),
  line('a function', '{twice: function(x) x + x, r: twice(a) + twice(b)}.r', numbers, (v) => {
    const twice = (x: number) => x + x
    return twice(v.a) + twice(v.b)
  }),
  line('a list', 'count([a, b, c, d])', numbers, (v) => [v.a, v.b, v.c, v.d].length),
  line('an item', 'items[3].sku', ten, (v) => v.items[2]?.sku),
  line('a filter', 'items[price > 100]', ten, (v) => v.items.filter(({ price }) => price > 100)),
  line(
    'a filter of two',
    'count(items[paid and price < 200])',
    ten,
    (v) => v.items.filter(({ paid, price }) => paid && price < 200).length,
  ),
  line('entries of a list', 'sum(items.price)', ten, (v) => v.items.reduce((sum, { price }) => sum + price, 0)),
  line('for', 'for i in items return i.price * i.quantity', ten, (v) => v.items.map((i) => i.price * i.quantity)),
  line('for over a range', 'for i in 1..20 return i * i', numbers, () =>
    Array.from({ length: 20 }, (_none, at) => (at + 1) ** 2),
  ),
  line('some', 'some i in items satisfies i.price > 300', ten, (v) => v.items.some((i) => i.price > 300)),
  line('every', 'every i in items satisfies i.quantity > 0', ten, (v) => v.items.every((i) => i.quantity > 0)),
  line('list contains', 'list contains(tags, "paper")', tags, (v) => v.tags.includes('paper')),
  line('distinct values', 'distinct values(tags)', tags, (v) => [...new Set(v.tags)]),
  line('sort', 'sort(prices, function(x, y) x < y)', prices, (v) => v.prices.toSorted((x, y) => x - y)),

  line('a date and days', 'string(date(filed) + duration("P30D"))', dates, (v) =>
    Temporal.PlainDate.from(v.filed).add({ days: 30 }).toString(),
  ),
  line('a date and months', 'string(date(due) + duration("P1M"))', dates, (v) =>
    Temporal.PlainDate.from(v.due).add({ months: 1 }).toString(),
  ),
  line('days between', '(date(due) - date(filed)).days', dates, (v) =>
    days(Temporal.PlainDate.from(v.filed), Temporal.PlainDate.from(v.due)),
  ),
  line(
    'dates compared',
    'date(filed) <= date(due)',
    dates,
    (v) => Temporal.PlainDate.compare(Temporal.PlainDate.from(v.filed), Temporal.PlainDate.from(v.due)) <= 0,
  ),
  line(
    'parts of a date',
    'date(due).year * 100 + date(due).month',
    dates,
    (v) => Temporal.PlainDate.from(v.due).year * 100 + Temporal.PlainDate.from(v.due).month,
  ),
  line('a moment and hours', 'string(date and time(at) + duration("PT36H"))', dates, (v) =>
    Temporal.Instant.from(v.at).add({ hours: 36 }).toString(),
  ),
  line(
    'hours between',
    '(date and time(at) - date and time("2026-03-01T00:00:00Z")).days',
    dates,
    (v) => (Temporal.Instant.from('2026-03-01T00:00:00Z').until(v.at, { largestUnit: 'hours' }).hours / 24) | 0,
  ),
  line('a moment in Rome', 'string(date and time("2026-04-28T12:00:00@Europe/Rome") + duration("PT24H"))', dates, () =>
    Temporal.ZonedDateTime.from('2026-04-28T12:00:00[Europe/Rome]')
      .add({ hours: 24 })
      .toString({ offset: 'never', timeZoneName: 'never' })
      .concat('@Europe/Rome'),
  ),
  line(
    'durations',
    'duration("PT90M") + duration("PT45M") > duration("PT2H")',
    dates,
    () => Temporal.Duration.compare(Temporal.Duration.from('PT90M').add('PT45M'), 'PT2H') > 0,
  ),

  line('a filter of 1,000', 'items[price > 100 and paid].sku', thousand, (v) =>
    v.items.filter(({ price, paid }) => price > 100 && paid).map(({ sku }) => sku),
  ),
  line('a sum over 1,000', 'sum(for i in items return i.price * i.quantity)', thousand, (v) =>
    v.items.map((i) => i.price * i.quantity).reduce((sum, one) => sum + one, 0),
  ),
  line('some of 1,000', 'some i in items satisfies i.price > 1000', thousand, (v) =>
    v.items.some((i) => i.price > 1000),
  ),
  line('a sum of 10,000', 'sum(numbers)', manyNumbers, (v) => v.numbers.reduce((sum, one) => sum + one, 0)),
  line('an item of 1,000', 'items[500].sku', thousand, (v) => v.items[499]?.sku),
]
