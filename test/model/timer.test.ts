/** When timers are due. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firstDue, nextDue, parseTimer, type Timer, type TimerKind } from '../../engine/model/timer.ts'

/** A Wednesday, the last day of its month in a leap year. */
const NOW = Date.parse('2024-01-31T10:15:30.500Z')
const at = (instant: number): string => new Date(instant).toISOString().replace(':00.000Z', 'Z')

function timer(kind: TimerKind, text: string): Timer {
  const parsed = parseTimer(kind, text)
  if (!parsed.ok) throw new Error(parsed.message)
  return parsed.timer
}

const due: readonly (readonly [kind: TimerKind, text: string, first: string, repetitions?: number])[] = [
  ['duration', 'PT1M', '2024-01-31T10:16:30.500Z'],
  ['duration', 'PT0.25S', '2024-01-31T10:15:30.750Z'],
  ['duration', 'P1M', '2024-02-29T10:15:30.500Z'],
  ['duration', 'P1Y1M', '2025-02-28T10:15:30.500Z'],
  ['duration', 'P1W', '2024-02-07T10:15:30.500Z'],
  ['duration', 'P1DT2H', '2024-02-01T12:15:30.500Z'],
  ['duration', '-PT5M', '2024-01-31T10:10:30.500Z'],
  ['duration', '-P1DT1H', '2024-01-30T09:15:30.500Z'],
  ['date', '2020-01-01T00:00:00Z', '2020-01-01T00:00Z'],
  ['date', '2023-03-02T15:35+02:00', '2023-03-02T13:35Z'],
  ['date', '2023-03-02T15:35+01:00[Europe/Rome]', '2023-03-02T14:35Z'],
  ['cycle', 'R/PT1H', '2024-01-31T11:15:30.500Z', -1],
  ['cycle', 'R5/PT1H', '2024-01-31T11:15:30.500Z', 5],
  ['cycle', 'R0/PT1H', '2024-01-31T11:15:30.500Z', 1],
  ['cycle', 'R3/2030-01-01T00:00:00Z/P1M', '2030-01-01T00:00Z', 3],
  ['cycle', 'R/2020-01-01T00:00:00Z/PT1H', '2024-01-31T11:15:30.500Z', -1],
  ['cycle', '0 0 * * * *', '2024-01-31T11:00Z', -1],
  ['cycle', '*/15 * * * * *', '2024-01-31T10:15:45.000Z', -1],
  ['cycle', '0 0/30 8-10 * * *', '2024-01-31T10:30Z', -1],
  ['cycle', '0 0 9 * * MON-FRI', '2024-02-01T09:00Z', -1],
  ['cycle', '0 0 0 1 JAN,jul ?', '2024-07-01T00:00Z', -1],
  ['cycle', '0 0 0 13 * 5', '2024-09-13T00:00Z', -1],
  ['cycle', '0 0 0 ? * 7', '2024-02-04T00:00Z', -1],
  ['cycle', '0 0 0 L * *', '2024-02-29T00:00Z', -1],
  ['cycle', '0 0 0 L-3 * *', '2024-02-26T00:00Z', -1],
  ['cycle', '0 0 0 LW 3 *', '2024-03-29T00:00Z', -1],
  ['cycle', '0 0 0 1W 6 *', '2024-06-03T00:00Z', -1],
  ['cycle', '0 0 0 ? * 5L', '2024-02-23T00:00Z', -1],
  ['cycle', '0 0 0 ? * MON#1', '2024-02-05T00:00Z', -1],
  ['cycle', '0 0 0 29 2 MON', '2044-02-29T00:00Z', -1],
  ['cycle', '@monthly', '2024-02-01T00:00Z', -1],
]
for (const [kind, text, first, repetitions = 1] of due) {
  test(`${kind} ${text} is first due at ${first}`, () => {
    assert.deepEqual([at(firstDue(timer(kind, text), NOW)), timer(kind, text).repetitions], [first, repetitions])
  })
}

const refused: readonly (readonly [kind: TimerKind, text: string, message: string | RegExp])[] = [
  ['duration', '10 minutes', "Invalid duration format '10 minutes' for expression 'x'."],
  ['duration', 'P', "Invalid duration format 'P' for expression 'x'."],
  ['duration', 'P1DT', "Invalid duration format 'P1DT' for expression 'x'."],
  ['duration', `P${'9'.repeat(400)}Y`, /^Invalid duration format/],
  ['date', 'soon', "Invalid date-time format 'soon' for expression 'x'."],
  ['date', '2023-02-29T00:00:00Z', /^Invalid date-time format/],
  ['date', '2023-03-02T15:35', /^Invalid date-time format/],
  ['date', '2023-03-02T15:35+02:00[Mars/Base]', /^Invalid date-time format/],
  ['cycle', 'often', 'Cron expression contains 1 parts but we expect one of [6]'],
  ['cycle', '', 'Empty expression!'],
  ['cycle', 'R', 'No interval given'],
  ['cycle', 'Rx/PT1M', 'Cannot parse repetitions count'],
  ['cycle', 'R/often', 'Text cannot be parsed to a Period'],
  ['cycle', 'R/PT', 'Text cannot be parsed to a Duration'],
  ['cycle', 'R/PT99999999999999999S', /too large/],
  ['cycle', '0 0 0 30 2 *', /never comes due/],
  ['cycle', '60 * * * * *', /not in range \[0, 59\]/],
  ['cycle', '*/0 * * * * *', /Invalid chars/],
  ['cycle', '0 0 0 1-2-3 * *', /Invalid chars/],
]
for (const [kind, text, message] of refused) {
  test(`${kind} '${text.slice(0, 40)}' is refused`, () => {
    const parsed = parseTimer(kind, text, undefined, 'x')
    assert.ok(!parsed.ok)
    if (typeof message === 'string') assert.equal(parsed.message, message)
    else assert.match(parsed.message, message)
  })
}

const MINUTE = 60_000

test('a cycle goes on from when it was due, so that it keeps its beat', () => {
  assert.equal(nextDue(timer('cycle', 'R/PT20M'), NOW, NOW - MINUTE), NOW + 19 * MINUTE)
})
test('a cycle that missed a beat goes on from now', () => {
  assert.equal(nextDue(timer('cycle', 'R5/PT1M'), NOW, NOW - 2 * MINUTE), NOW + MINUTE)
})
test('months are counted on the calendar', () => {
  const first = firstDue(timer('cycle', 'R/P1M'), NOW)
  assert.equal(at(nextDue(timer('cycle', 'R/P1M'), first, first)), '2024-03-29T10:15:30.500Z')
})
test('a cron expression is next due strictly later', () => {
  const hour = Date.parse('2024-01-31T11:00:00Z')
  assert.equal(at(nextDue(timer('cycle', '0 0 * * * *'), hour, hour)), '2024-01-31T12:00Z')
})
