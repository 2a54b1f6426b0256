/** Timers by the clock of a town: both changes of the hour of Rome (28 March 2027, 31 October 2027) and days that are not everywhere the same. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firstDue, nextDue, parseTimer, type Timer, type TimerKind } from '../../engine/model/timer.ts'

const ROME = 'Europe/Rome'
const instant = (text: string): number => Temporal.ZonedDateTime.from(`${text}[${ROME}]`).epochMilliseconds
const shown = (at: number): string =>
  Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(ROME)
    .toString({ timeZoneName: 'never' })
    .replace(/:00(?=[+-])/, '')

function timer(kind: TimerKind, text: string, zone: string | undefined = ROME): Timer {
  const parsed = parseTimer(kind, text, zone)
  if (!parsed.ok) throw new Error(parsed.message)
  return parsed.timer
}

const due: readonly (readonly [kind: TimerKind, text: string, now: string, first: string])[] = [
  ['duration', 'P10D', '2027-03-20T09:00+01:00', '2027-03-30T09:00+02:00'],
  ['duration', 'PT240H', '2027-03-20T09:00+01:00', '2027-03-30T10:00+02:00'],
  ['duration', 'P10D', '2027-10-25T09:00+02:00', '2027-11-04T09:00+01:00'],
  ['duration', 'P1W', '2027-10-25T23:30+02:00', '2027-11-01T23:30+01:00'],
  ['duration', 'P1M', '2027-03-01T00:30+01:00', '2027-04-01T00:30+02:00'],
  ['duration', 'P1M', '2027-01-31T00:30+01:00', '2027-02-28T00:30+01:00'],
  ['duration', 'P1Y', '2028-02-29T12:00+01:00', '2029-02-28T12:00+01:00'],
  ['duration', 'P4Y', '2028-02-29T12:00+01:00', '2032-02-29T12:00+01:00'],
  ['duration', 'P1DT2H', '2027-03-27T12:00+01:00', '2027-03-28T14:00+02:00'],
  ['duration', 'P1D', '2027-03-27T02:30+01:00', '2027-03-28T03:30+02:00'],
  ['duration', 'P1D', '2027-10-30T02:30+02:00', '2027-10-31T02:30+02:00'],
  ['date', '2027-03-28T09:00', '2027-01-01T00:00+01:00', '2027-03-28T09:00+02:00'],
  ['date', '2027-01-10T09:00:00', '2027-01-01T00:00+01:00', '2027-01-10T09:00+01:00'],
  ['date', '2027-03-28T02:30', '2027-01-01T00:00+01:00', '2027-03-28T03:30+02:00'],
  ['date', '2027-10-31T02:30', '2027-01-01T00:00+01:00', '2027-10-31T02:30+02:00'],
  ['date', '2027-01-10T09:00Z', '2027-01-01T00:00+01:00', '2027-01-10T10:00+01:00'],
  ['cycle', 'R/2027-03-27T09:00/P1D', '2027-01-01T00:00+01:00', '2027-03-27T09:00+01:00'],
  ['cycle', '0 0 9-17 * * MON-FRI', '2027-03-26T17:00+01:00', '2027-03-29T09:00+02:00'],
  ['cycle', '0 0 9-17 * * MON-FRI', '2027-10-29T17:00+02:00', '2027-11-01T09:00+01:00'],
  ['cycle', '@daily', '2027-03-28T12:00+02:00', '2027-03-29T00:00+02:00'],
  ['cycle', '@monthly', '2027-03-28T12:00+02:00', '2027-04-01T00:00+02:00'],
  ['cycle', '0 0 0 29 2 ?', '2027-03-28T12:00+02:00', '2028-02-29T00:00+01:00'],
  ['cycle', '0 0 0 L * *', '2028-02-01T12:00+01:00', '2028-02-29T00:00+01:00'],
]
for (const [kind, text, now, first] of due) {
  test(`in Rome at ${now} ${kind} ${text} is due at ${first}`, () =>
    assert.equal(shown(firstDue(timer(kind, text), instant(now))), first))
}

const times = (text: string, from: string, count: number): readonly string[] => {
  const cycle = timer('cycle', text)
  const found: string[] = []
  let at = instant(from)
  for (let due = firstDue(cycle, at); found.length < count; due = nextDue(cycle, due, due)) {
    assert.ok(due > at || found.length === 0, 'a cycle goes forward')
    at = due
    found.push(shown(due))
  }
  return found
}

const cycles: readonly (readonly [what: string, text: string, from: string, expected: readonly string[]])[] = [
  [
    'a cycle that starts in a zone keeps its time over the hour that is skipped',
    'R/2027-03-27T02:30+01:00[Europe/Rome]/P1D',
    '2027-03-01T00:00+01:00',
    ['2027-03-27T02:30+01:00', '2027-03-28T03:30+02:00', '2027-03-29T02:30+02:00', '2027-03-30T02:30+02:00'],
  ],
  [
    'and over the hour that is shown twice',
    'R/2027-10-30T02:30+02:00[Europe/Rome]/P1D',
    '2027-03-01T00:00+01:00',
    ['2027-10-30T02:30+02:00', '2027-10-31T02:30+02:00', '2027-11-01T02:30+01:00'],
  ],
  [
    'one that starts at an offset keeps the offset',
    'R/2027-03-27T09:00+01:00/P1D',
    '2027-03-01T00:00+01:00',
    ['2027-03-27T09:00+01:00', '2027-03-28T10:00+02:00', '2027-03-29T10:00+02:00'],
  ],
  [
    'hours are hours',
    'R/2027-03-27T22:00+01:00[Europe/Rome]/PT6H',
    '2027-03-01T00:00+01:00',
    ['2027-03-27T22:00+01:00', '2027-03-28T05:00+02:00', '2027-03-28T11:00+02:00'],
  ],
  [
    'a nightly cron is due once in the night without its hour',
    '0 30 2 * * *',
    '2027-03-27T12:00+01:00',
    ['2027-03-28T03:30+02:00', '2027-03-29T02:30+02:00'],
  ],
  [
    'several of that hour are as much later, each once',
    '0 0/20 2 * * *',
    '2027-03-28T01:00+01:00',
    ['2027-03-28T03:00+02:00', '2027-03-28T03:20+02:00', '2027-03-28T03:40+02:00', '2027-03-29T02:00+02:00'],
  ],
  [
    'and once in the night in which its hour is shown twice',
    '0 30 2 * * *',
    '2027-10-30T12:00+02:00',
    ['2027-10-31T02:30+02:00', '2027-11-01T02:30+01:00'],
  ],
  [
    'an hourly cron goes on by the hour: 23 in one day',
    '0 0 * * * *',
    '2027-03-28T00:30+01:00',
    ['2027-03-28T01:00+01:00', '2027-03-28T03:00+02:00', '2027-03-28T04:00+02:00'],
  ],
  [
    'and 25 in another',
    '0 0 * * * *',
    '2027-10-31T00:30+02:00',
    ['2027-10-31T01:00+02:00', '2027-10-31T02:00+02:00', '2027-10-31T02:00+01:00', '2027-10-31T03:00+01:00'],
  ],
  [
    'quarters too',
    '0 */30 * * * *',
    '2027-10-31T02:20+02:00',
    ['2027-10-31T02:30+02:00', '2027-10-31T02:00+01:00', '2027-10-31T02:30+01:00', '2027-10-31T03:00+01:00'],
  ],
]
for (const [what, text, from, expected] of cycles)
  test(`${what}: ${text}`, () => assert.deepEqual(times(text, from, expected.length), expected))

test('an hourly cron is due 8,760 times in a year of 365 days, wherever the clock changes', () => {
  const cycle = timer('cycle', '0 0 * * * *')
  const end = instant('2028-01-01T00:00+01:00')
  let count = 0
  for (let at = firstDue(cycle, instant('2027-01-01T00:00+01:00')); at <= end; at = nextDue(cycle, at, at)) count++
  assert.equal(count, 8_760)
})

test('a late cycle with a start in a zone goes back to its time', () => {
  const cycle = timer('cycle', 'R/2027-03-01T08:00+01:00[Europe/Rome]/P1D')
  const late = instant('2027-03-28T15:10+02:00')
  assert.equal(shown(nextDue(cycle, late, instant('2027-03-20T08:00+01:00'))), '2027-03-29T08:00+02:00')
})

test('a zone that skips half an hour', () => {
  const cycle = timer('cycle', '0 15 2 * * *', 'Australia/Lord_Howe')
  const at = firstDue(cycle, Date.parse('2027-10-02T12:00:00Z'))
  assert.equal(new Date(at).toISOString(), '2027-10-02T15:45:00.000Z')
})

for (const text of ['2027-03-28T09:00', '2027-03-28T09:00[Europe/Rome]', '2027-03-28'])
  test(`without a configured zone the date ${text} is refused, as in Zeebe`, () =>
    assert.deepEqual(parseTimer('date', text), {
      ok: false,
      message: `Invalid date-time format '${text}' for expression '${text}'.`,
    }))

test('without a configured zone days are those of UTC', () => {
  const plain = parseTimer('duration', 'P10D')
  assert.ok(plain.ok)
  assert.equal(shown(firstDue(plain.timer, instant('2027-03-20T09:00+01:00'))), '2027-03-30T10:00+02:00')
})
