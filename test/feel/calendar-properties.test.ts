/**
 * The calendar against Temporal used directly: 10,000 cases of each sum, difference, comparison and property, the same every time.
 * Years before 0 and beyond 9999 are among them as far as Temporal goes, and both changes of hour of several zones.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileExpression, evaluate, fromJson, isContext, toJson } from '../../engine/feel/index.ts'
import { generator, type Random } from './generator.ts'

const CASES = 10_000

const pad = (value: number, length = 2): string => String(value).padStart(length, '0')
const yearText = (year: number): string => `${year < 0 ? '-' : ''}${pad(Math.abs(year), 4)}`
const dateText = ({ year, month, day }: { year: number; month: number; day: number }): string =>
  `${yearText(year)}-${pad(month)}-${pad(day)}`
const dateTimeText = (moment: Temporal.PlainDateTime): string => `${dateText(moment)}T${moment.toPlainTime()}`
const zonedText = (moment: Temporal.ZonedDateTime): string => {
  const place = moment.timeZoneId
  const offset = moment.offset === '+00:00' ? 'Z' : moment.offset
  return `${dateTimeText(moment.toPlainDateTime())}${/^[+-]/.test(place) ? offset : `@${place}`}`
}

const DAY = 86_400_000_000_000n
const SECOND = 1_000_000_000n

/** Days, hours, minutes and seconds, as ISO 8601 writes them. */
function durationText(nanos: bigint): string {
  const size = nanos < 0n ? -nanos : nanos
  const [seconds, rest] = [size / SECOND, size % SECOND]
  const fraction = rest === 0n ? '' : `.${String(rest).padStart(9, '0').replace(/0+$/, '')}`
  const parts = [
    [(seconds / 3_600n) % 24n, 'H'],
    [(seconds / 60n) % 60n, 'M'],
  ] as const
  const clock = parts.map(([count, unit]) => (count === 0n ? '' : `${count}${unit}`)).join('')
  const last = seconds % 60n === 0n && fraction === '' ? '' : `${seconds % 60n}${fraction}S`
  const days = size / DAY === 0n ? '' : `${size / DAY}D`
  if (days + clock + last === '') return 'PT0S'
  return `${nanos < 0n ? '-' : ''}P${days}${clock + last === '' ? '' : `T${clock}${last}`}`
}
function monthsText(months: number): string {
  const [years, rest] = [Math.trunc(Math.abs(months) / 12), Math.abs(months) % 12]
  return months === 0 ? 'P0M' : `${months < 0 ? '-' : ''}P${years > 0 ? `${years}Y` : ''}${rest > 0 ? `${rest}M` : ''}`
}

/** Nearly any year, and often one of this century. */
const date = (random: Random): Temporal.PlainDate =>
  random(2) === 0
    ? Temporal.PlainDate.from('2000-01-01').add({ days: random(36_525) })
    : Temporal.PlainDate.from('-200000-01-01').add({ days: random(146_000_000) })
const time = (random: Random): Temporal.PlainTime =>
  new Temporal.PlainTime(
    random(24),
    random(60),
    random(60),
    ...(random(3) === 0 ? [random(1_000), random(1_000), random(1_000)] : []),
  )
const dateTime = (random: Random): Temporal.PlainDateTime => date(random).toPlainDateTime(time(random))
const inOffset = (random: Random): Temporal.ZonedDateTime =>
  dateTime(random).toZonedDateTime(`${random(2) === 0 ? '-' : '+'}${pad(random(15))}:${pad(random(4) * 15)}`)

/** Some change by an hour, one by half an hour, one no more. */
const ZONES = [
  'Europe/Rome',
  'Europe/Rome',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Africa/Casablanca',
]
/** Half of them within a day of a change of hour. */
function inZone(random: Random): Temporal.ZonedDateTime {
  const zone = ZONES[random(ZONES.length)]!
  const moment = Temporal.Instant.fromEpochMilliseconds(
    Date.UTC(1975, 0, 1) + random(2_000_000) * 1_000_000,
  ).toZonedDateTimeISO(zone)
  const change = random(2) === 0 ? moment.getTimeZoneTransition('next') : null
  const found = change === null ? moment : change.add({ seconds: random(172_800) - 86_400 })
  // An hour that the clock shows twice is written as its first.
  return found.toPlainDateTime().toZonedDateTime(zone)
}
const nanosIn = (random: Random, daysMax = 20): bigint =>
  (BigInt(random(daysMax * 86_400)) * SECOND + (random(3) === 0 ? BigInt(random(1_000_000_000)) : 0n)) *
  (random(2) === 0 ? 1n : -1n)
const monthsIn = (random: Random): number => random(4_000) - 2_000
const duration = (nanos: bigint): Temporal.Duration =>
  Temporal.Duration.from({ seconds: Number(nanos / SECOND), nanoseconds: Number(nanos % SECOND) })
const nanosOf = (found: Temporal.Duration): bigint =>
  BigInt(found.days) * DAY +
  BigInt(found.hours * 3_600 + found.minutes * 60 + found.seconds) * SECOND +
  BigInt(found.milliseconds * 1_000_000 + found.microseconds * 1_000 + found.nanoseconds)
const order = (sign: number): string => ['<', '=', '>'][sign + 1]!

interface Case {
  readonly variables: Readonly<Record<string, string | number>>
  readonly expected: string | number
}
type Property = (random: Random) => Case

const ORDER = (type: string): string =>
  `if ${type}(a) < ${type}(b) then "<" else if ${type}(a) = ${type}(b) then "=" else if ${type}(a) > ${type}(b) then ">" else null`

const properties: Readonly<Record<string, readonly [source: string, property: Property]>> = {
  'a date and days': [
    'string(date(a) + duration(d))',
    (random) => {
      const [a, days] = [date(random), random(200_000) - 100_000]
      return { variables: { a: dateText(a), d: durationText(BigInt(days) * DAY) }, expected: dateText(a.add({ days })) }
    },
  ],
  'a date without months': [
    'string(date(a) - duration(d))',
    (random) => {
      const [a, months] = [date(random), monthsIn(random)]
      return { variables: { a: dateText(a), d: monthsText(months) }, expected: dateText(a.subtract({ months })) }
    },
  ],
  'days between dates': [
    'string(date(a) - date(b))',
    (random) => {
      const [a, b] = [date(random), date(random)]
      return {
        variables: { a: dateText(a), b: dateText(b) },
        expected: durationText(BigInt(b.until(a, { largestUnit: 'days' }).days) * DAY),
      }
    },
  ],
  'the order of dates': [
    ORDER('date'),
    (random) => {
      const a = date(random)
      const b = random(3) === 0 ? a : random(2) === 0 ? a.add({ days: random(5) - 2 }) : date(random)
      return { variables: { a: dateText(a), b: dateText(b) }, expected: order(Temporal.PlainDate.compare(a, b)) }
    },
  ],
  'parts of a date': [
    'string([date(a).year, date(a).month, date(a).day, date(a).weekday, day of year(date(a)), week of year(date(a))])',
    (random) => {
      const a = date(random)
      const parts = [a.year, a.month, a.day, a.dayOfWeek, a.dayOfYear, a.weekOfYear]
      return { variables: { a: dateText(a) }, expected: `[${parts.join(', ')}]` }
    },
  ],
  'months between dates': [
    'string(years and months duration(date(a), date(b)))',
    (random) => {
      const a = date(random)
      const b = random(2) === 0 ? a.add({ months: random(50) - 25 }).add({ days: random(5) - 2 }) : date(random)
      const { years, months } = a.until(b, { largestUnit: 'years' })
      return { variables: { a: dateText(a), b: dateText(b) }, expected: monthsText(years * 12 + months) }
    },
  ],

  'a time and a duration': [
    'string(time(a) + duration(d))',
    (random) => {
      const [a, d] = [time(random), nanosIn(random)]
      return { variables: { a: `${a}`, d: durationText(d) }, expected: `${a.add(duration(d))}` }
    },
  ],
  'between times': [
    'string(time(a) - time(b))',
    (random) => {
      const [a, b] = [time(random), time(random)]
      return { variables: { a: `${a}`, b: `${b}` }, expected: durationText(nanosOf(b.until(a))) }
    },
  ],
  'the order of times': [
    ORDER('time'),
    (random) => {
      const a = time(random)
      const b = random(3) === 0 ? a : time(random)
      return { variables: { a: `${a}`, b: `${b}` }, expected: order(Temporal.PlainTime.compare(a, b)) }
    },
  ],

  'a local moment and a duration': [
    'string(date and time(a) + duration(d))',
    (random) => {
      const [a, d] = [dateTime(random), nanosIn(random, 2_000)]
      return { variables: { a: dateTimeText(a), d: durationText(d) }, expected: dateTimeText(a.add(duration(d))) }
    },
  ],
  'a local moment without months': [
    'string(date and time(a) - duration(d))',
    (random) => {
      const [a, months] = [dateTime(random), monthsIn(random)]
      return {
        variables: { a: dateTimeText(a), d: monthsText(months) },
        expected: dateTimeText(a.subtract({ months })),
      }
    },
  ],
  'between local moments': [
    'string(date and time(a) - date and time(b))',
    (random) => {
      const [a, b] = [dateTime(random), dateTime(random)]
      return {
        variables: { a: dateTimeText(a), b: dateTimeText(b) },
        expected: durationText(nanosOf(b.until(a, { largestUnit: 'days' }))),
      }
    },
  ],
  'parts of a moment': [
    'string([date and time(a).hour, date and time(a).minute, date and time(a).second])',
    (random) => {
      const a = dateTime(random).round('seconds')
      return { variables: { a: dateTimeText(a) }, expected: `[${a.hour}, ${a.minute}, ${a.second}]` }
    },
  ],

  'a moment at an offset and a duration': [
    'string(date and time(a) + duration(d))',
    (random) => {
      const [a, d] = [inOffset(random), nanosIn(random, 2_000)]
      return { variables: { a: zonedText(a), d: durationText(d) }, expected: zonedText(a.add(duration(d))) }
    },
  ],
  'between moments at offsets': [
    'string(date and time(a) - date and time(b))',
    (random) => {
      const [a, b] = [inOffset(random), inOffset(random)]
      return {
        variables: { a: zonedText(a), b: zonedText(b) },
        expected: durationText(a.epochNanoseconds - b.epochNanoseconds),
      }
    },
  ],
  'the order of moments at offsets': [
    ORDER('date and time'),
    (random) => {
      const a = inOffset(random)
      const b =
        random(3) === 0
          ? a.withTimeZone('+05:30')
          : random(2) === 0
            ? a.add({ seconds: random(5) - 2 })
            : inOffset(random)
      return { variables: { a: zonedText(a), b: zonedText(b) }, expected: order(Temporal.ZonedDateTime.compare(a, b)) }
    },
  ],

  // What the clock shows twice is told apart by the offset.
  'a moment in a zone and a duration': [
    'string(date and time(a) + duration(d)) + string((date and time(a) + duration(d)).time offset)',
    (random) => {
      const [a, d] = [inZone(random), nanosIn(random)]
      const sum = a.add(duration(d))
      return {
        variables: { a: zonedText(a), d: durationText(d) },
        expected: zonedText(sum) + durationText(BigInt(sum.offsetNanoseconds)),
      }
    },
  ],
  'a moment in a zone without months': [
    'string(date and time(a) - duration(d)) + string((date and time(a) - duration(d)).time offset)',
    (random) => {
      const [a, months] = [inZone(random), random(100) - 50]
      const sum = a.toPlainDateTime().subtract({ months })
      const offset = sum.toZonedDateTime(a.timeZoneId).offsetNanoseconds
      return {
        variables: { a: zonedText(a), d: monthsText(months) },
        expected: `${dateTimeText(sum)}@${a.timeZoneId}${durationText(BigInt(offset))}`,
      }
    },
  ],
  'between moments in zones': [
    'string(date and time(a) - date and time(b))',
    (random) => {
      const [a, b] = [inZone(random), inZone(random)]
      return {
        variables: { a: zonedText(a), b: zonedText(b) },
        expected: durationText(a.epochNanoseconds - b.epochNanoseconds),
      }
    },
  ],
  'the offset of a moment': [
    'string(date and time(a).time offset)',
    (random) => {
      const a = inZone(random)
      return { variables: { a: zonedText(a) }, expected: durationText(BigInt(a.offsetNanoseconds)) }
    },
  ],
  'another zone': [
    'string(date and time(date and time(a), z))',
    (random) => {
      const [a, z] = [inZone(random), ZONES[random(ZONES.length)]!]
      return { variables: { a: zonedText(a), z }, expected: zonedText(a.withTimeZone(z)) }
    },
  ],

  'a sum of durations': [
    'string(duration(a) + duration(b))',
    (random) => {
      const [a, b] = [nanosIn(random), nanosIn(random)]
      const sum = duration(a).add(duration(b)).round({ largestUnit: 'days' })
      return { variables: { a: durationText(a), b: durationText(b) }, expected: durationText(nanosOf(sum)) }
    },
  ],
  'the order of durations': [
    ORDER('duration'),
    (random) => {
      const a = nanosIn(random)
      const b = random(3) === 0 ? a : nanosIn(random)
      return {
        variables: { a: durationText(a), b: durationText(b) },
        expected: order(Temporal.Duration.compare(duration(a), duration(b))),
      }
    },
  ],
  'parts of a duration': [
    'string([duration(a).days, duration(a).hours, duration(a).minutes])',
    (random) => {
      const a = nanosIn(random)
      const { days, hours, minutes } = duration(a).round({ largestUnit: 'days', smallestUnit: 'nanoseconds' })
      return { variables: { a: durationText(a) }, expected: `[${days + 0}, ${hours + 0}, ${minutes + 0}]` }
    },
  ],
  'months less months': [
    'string(duration(a) - duration(b))',
    (random) => {
      const [a, b] = [monthsIn(random), monthsIn(random)]
      return { variables: { a: monthsText(a), b: monthsText(b) }, expected: monthsText(a - b) }
    },
  ],
}

/** Beyond Temporal's last day there is nothing to compare with: another case is taken. */
function caseOf(property: Property, random: Random): Case {
  for (;;)
    try {
      return property(random)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
    }
}

for (const [name, [source, property]] of Object.entries(properties))
  test(`${name}, as Temporal has it`, () => {
    const compiled = compileExpression(source, 'standard')
    assert.ok(compiled.ok)
    const random = generator(37)
    for (let count = 0; count < CASES; count++) {
      const { variables, expected } = caseOf(property, random)
      const values = fromJson(JSON.stringify(variables))
      const outcome = evaluate(compiled.expression, {
        lookup: (name) => (isContext(values) ? values.get(name) : undefined),
        now: 0,
        random: () => 0,
      })
      const found = outcome.ok ? toJson(outcome.value) : outcome.message
      if (found !== JSON.stringify(expected)) assert.fail(`${JSON.stringify(variables)}: ${found}, not ${expected}`)
    }
  })
