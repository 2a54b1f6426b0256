/** Days and times of forms against Temporal, which not every browser has: the same cases every time, both changes of hour among them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shown } from '../../../forms/server/form/display.ts'
import { dateOf, momentOf, TOWN_ZONE, todayAt } from '../../../forms/server/form/time.ts'

const CASES = 3_000
const HOURS = 24 * 366
const two = (value: number): string => String(value).padStart(2, '0')

/** The wall clock of the town, by hours from the first of January. */
const wallAt = (hour: number): Temporal.PlainDateTime =>
  Temporal.PlainDateTime.from('2027-01-01T00:30').add({ hours: hour })

function expected(wall: Temporal.PlainDateTime): readonly (string | null)[] {
  try {
    const zoned = wall.toZonedDateTime(TOWN_ZONE, { disambiguation: 'reject' })
    const minutes = { smallestUnit: 'minute' } as const
    return [`${wall.toString(minutes)}${zoned.offset}`, zoned.toInstant().toString(minutes)]
  } catch {
    return [null, null]
  }
}

test('a time of a day is an instant, unless the clock skips it or shows it twice', () => {
  let without = 0
  for (let hour = 0; hour < HOURS; hour++) {
    const wall = wallAt(hour)
    const [date, time] = [wall.toPlainDate().toString(), `${two(wall.hour)}:30`]
    const found = [momentOf(date, time, 'utc_offset'), momentOf(date, time, 'utc_normalized')]
    assert.deepEqual(found, expected(wall), `${date} ${time}`)
    if (found[0] === null) without++
  }
  assert.equal(without, 2)
})

test('what is today, and how an instant is shown, is the town that says it', () => {
  for (let count = 0; count < CASES; count++) {
    const instant = Temporal.Instant.from('2027-01-01T00:00Z').add({ minutes: count * 97 })
    const local = instant.toZonedDateTimeISO(TOWN_ZONE)
    assert.equal(todayAt(instant.epochMilliseconds), local.toPlainDate().toString())
    const wanted = `${two(local.day)}/${two(local.month)}/${local.year} ${two(local.hour)}:${two(local.minute)}`
    assert.equal(shown(instant.toString()), wanted)
    assert.equal(shown(`${local.toPlainDateTime()}${local.offset}[Europe/Rome]`), wanted)
  }
})

test('only days that exist are days', () => {
  for (const text of [
    '2027-02-29',
    '31/04/2027',
    '0/1/2027',
    '2027-13-01',
    '-2027-01-01',
    '+012027-01-01',
    '1/1/27',
    '',
  ])
    assert.equal(dateOf(text), null, text)
  assert.equal(dateOf('29/2/2028'), '2028-02-29')
})
