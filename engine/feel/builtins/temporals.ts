/** Clock and calendar. The clock is the evaluation's, never the machine's. */
import type { Run } from '../run.ts'
import { dateTimeAt, monthsBetween } from '../temporal/arithmetic.ts'
import { dayOfYear, daysInMonth, weekday, weekOfYear } from '../temporal/calendar.ts'
import { CalendarDate, type DateTime, type Place } from '../temporal/values.ts'
import type { Value } from '../value.ts'
import { type Definition, fn } from './signature.ts'

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

const NANOS_PER_MILLISECOND = 1_000_000

/** With the zone of the evaluation; Zeebe's containers run in UTC and print `Z`. */
function now({ evaluation: { now, zone } }: Run): DateTime | null {
  const place: Place = zone === undefined ? { kind: 'offset', seconds: 0 } : { kind: 'zone', id: zone, offset: null }
  return dateTimeAt(BigInt(Math.trunc(now)) * BigInt(NANOS_PER_MILLISECOND), place)
}

const ofDay = (name: string, read: (date: CalendarDate) => Value): readonly Definition[] => [
  fn(`${name}(date: date)`, (_run, date) => read(date)),
  fn(`${name}(date: date and time)`, (_run, { date }) => read(date)),
]

type Day = CalendarDate | DateTime
const months = (_run: Run, from: Day, to: Day): Value => monthsBetween(from, to)
const dateOf = (moment: Day): CalendarDate => (moment instanceof CalendarDate ? moment : moment.date)
/** Zeebe looks at the days alone. */
const monthsOfDays = (run: Run, from: Day, to: Day): Value =>
  run.dialect === 'camunda' ? monthsBetween(dateOf(from), dateOf(to)) : months(run, from, to)

export const temporalFunctions: readonly Definition[] = [
  fn('now()', now),
  fn('today()', (run) => now(run)?.date ?? null),
  ...ofDay('day of year', dayOfYear),
  ...ofDay('day of week', (date) => WEEKDAYS[weekday(date) - 1]!),
  ...ofDay('month of year', ({ month }) => MONTHS[month - 1]!),
  ...ofDay('week of year', weekOfYear),
  ...ofDay('last day of month', ({ year, month }) => new CalendarDate(year, month, daysInMonth(year, month))),
  fn('years and months duration(from: date, to: date)', months),
  fn('years and months duration(from: date, to: date and time)', monthsOfDays),
  fn('years and months duration(from: date and time, to: date)', monthsOfDays),
  fn('years and months duration(from: date and time, to: date and time)', monthsOfDays),
]
