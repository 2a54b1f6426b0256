/**
 * Which days of a town count: rules 3–5 of the counting rules (c.c. 2963, L. 260/1949, the town's patron saint).
 * Plain arithmetic: timers of the engine, terms of the workers and forms in the browser ask the same functions.
 */
import type { TownCalendar } from './town.ts'

/** A `Temporal.PlainDate`, or a date of FEEL. */
export interface Day {
  readonly year: number
  readonly month: number
  readonly day: number
}

const SATURDAY = 6
const SUNDAY = 0

/** Easter Sunday by the Gregorian computus in the form of Meeus, Jones and Butcher; exact for every Gregorian year. */
export function easter(year: number): Day {
  const golden = year % 19
  const century = Math.floor(year / 100)
  const yearOfCentury = year % 100
  const moonShift = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3)
  const epact = (19 * golden + century - Math.floor(century / 4) - moonShift + 15) % 30
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(yearOfCentury / 4) - epact - (yearOfCentury % 4)) % 7
  const lateness = Math.floor((golden + 11 * epact + 22 * weekday) / 451)
  const monthAndDay = epact + weekday - 7 * lateness + 114
  return { year, month: Math.floor(monthAndDay / 31), day: (monthAndDay % 31) + 1 }
}

/** What a calendar says, made ready: a long term asks it of thousands of days. */
interface Ready {
  /** The year from which a day of the year is a holiday; days of the year as month × 100 + day. */
  readonly holidays: ReadonlyMap<number, number>
  readonly hasEasterMonday: boolean
  readonly patron: number
  /** Days since 1970. */
  readonly closures: ReadonlySet<number>
  readonly worksOnSaturdays: boolean
}
const known = new WeakMap<TownCalendar, Ready>()

function ready(calendar: TownCalendar): Ready {
  const found = known.get(calendar)
  if (found !== undefined) return found
  const made = {
    holidays: new Map(
      calendar.festivita.map(({ giorno, dal }) => [dayOfYear(giorno), dal ?? Number.NEGATIVE_INFINITY]),
    ),
    hasEasterMonday: calendar.lunediDellAngelo,
    patron: dayOfYear(calendar.patrono.giorno),
    closures: new Set(calendar.chiusure.map((date) => Date.parse(`${date}T00:00:00Z`) / 86_400_000)),
    worksOnSaturdays: calendar.sabatoLavorativo,
  }
  known.set(calendar, made)
  return made
}
/** Of `MM-DD`. */
const dayOfYear = (text: string): number => Number(text.slice(0, 2)) * 100 + Number(text.slice(3))

/** A Sunday or a national holiday: the days that make a term roll. The patron saint's day is not one. */
export const isHoliday = (day: Day, calendar: TownCalendar): boolean => holiday(day, ready(calendar))

/** A day on which the offices work. */
export const isWorkingDay = (day: Day, calendar: TownCalendar): boolean => works(day, ready(calendar))

/** The calendar as FEEL asks it. */
export const feelCalendar = (calendar: TownCalendar) => ({
  isHoliday: (day: Day): boolean => isHoliday(day, calendar),
  isWorkingDay: (day: Day): boolean => isWorkingDay(day, calendar),
})

function holiday(day: Day, { holidays, hasEasterMonday }: Ready): boolean {
  if (weekday(day) === SUNDAY) return true
  const since = holidays.get(day.month * 100 + day.day)
  return (since !== undefined && day.year >= since) || (hasEasterMonday && isEasterMonday(day))
}
function works(day: Day, calendar: Ready): boolean {
  if (holiday(day, calendar) || calendar.patron === day.month * 100 + day.day) return false
  if (calendar.closures.size > 0 && calendar.closures.has(epochDay(day))) return false
  return weekday(day) !== SATURDAY || calendar.worksOnSaturdays
}
/** Between 23 March and 26 April. */
const isEasterMonday = (day: Day): boolean =>
  (day.month === 3 || day.month === 4) && epochDay(day) === epochDay(easter(day.year)) + 1

const weekday = (day: Day): number => (((epochDay(day) + 4) % 7) + 7) % 7

/** Days since 1970. Years begin in March, so that the leap day is the last. */
function epochDay({ year, month, day }: Day): number {
  const y = month <= 2 ? year - 1 : year
  const months = (month + 9) % 12
  const days = Math.floor((153 * months + 2) / 5) + day - 1
  return y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + days - 719_468
}
