/** Days that count, by the calendar that the evaluation brings. No other FEEL has these functions. */
import { wholeNumber } from '../number.ts'
import type { Run } from '../run.ts'
import { dateTimeOf } from '../temporal/arithmetic.ts'
import { addDays, epochDay } from '../temporal/calendar.ts'
import { type CalendarDate, DateTime } from '../temporal/values.ts'
import type { Calendar, Value } from '../value.ts'
import { type Definition, fn, type Illegal, illegal } from './signature.ts'

/** Of the budget, for a look at the calendar: terms of some 27 years can be counted. */
const DAY_COST = 20

type Moment = CalendarDate | DateTime
const dateOf = (moment: Moment): CalendarDate => (moment instanceof DateTime ? moment.date : moment)

function counts(run: Run, question: keyof Calendar, moment: Moment): boolean | Illegal {
  run.spend(DAY_COST)
  return run.evaluation.calendar?.[question](dateOf(moment)) ?? illegal('no calendar of working days is configured')
}

/** The day itself is not counted; 0 is the day itself. A date and time keeps its clock and its place. */
function addWorkingDays(run: Run, from: Moment, days: number): Value | Illegal {
  let day = dateOf(from)
  const step = days < 0 ? -1 : 1
  for (let left = Math.abs(days); left > 0; ) {
    const next = addDays(day, step)
    if (next === null) return null
    const isCounted = counts(run, 'isWorkingDay', next)
    if (typeof isCounted !== 'boolean') return isCounted
    day = next
    if (isCounted) left--
  }
  return from instanceof DateTime ? dateTimeOf(day, from.time.nanos, from.time.place) : day
}

/** After the first, up to the last; negative when the last lies before the first. */
function between(run: Run, from: Moment, to: Moment): Value | Illegal {
  const [first, last] = [epochDay(dateOf(from)), epochDay(dateOf(to))]
  const [early, late] = first <= last ? [from, last] : [to, first]
  let count = 0
  for (let day = dateOf(early), at = Math.min(first, last); at < late; at++) {
    day = addDays(day, 1)!
    const isCounted = counts(run, 'isWorkingDay', day)
    if (typeof isCounted !== 'boolean') return isCounted
    if (isCounted) count++
  }
  return first <= last ? count : 0 - count
}

const days = ['date', 'date and time'] as const

export const workingDayFunctions: readonly Definition[] = [
  ...days.flatMap((kind) => [
    fn(`is working day(date: ${kind})`, (run, day) => counts(run, 'isWorkingDay', day)),
    fn(`is holiday(date: ${kind})`, (run, day) => counts(run, 'isHoliday', day)),
    fn(`next working day(date: ${kind})`, (run, day) => addWorkingDays(run, day, 1)),
    fn(`add working days(date: ${kind}, days: number)`, (run, day, count) => {
      const whole = wholeNumber(count)
      return whole === null ? illegal('the number of days is not whole') : addWorkingDays(run, day, whole)
    }),
    ...days.map((other) => fn(`working days between(from: ${kind}, to: ${other})`, between)),
  ]),
]
