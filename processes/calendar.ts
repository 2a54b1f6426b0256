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
const DAY_MS = 86_400_000

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

/** A Sunday or a national holiday: the days that make a term roll. The patron saint's day is not one. */
export function isHoliday(day: Day, calendar: TownCalendar): boolean {
  if (weekday(day) === SUNDAY) return true
  if (calendar.lunediDellAngelo && midnight(day) === midnight(easter(day.year)) + DAY_MS) return true
  return calendar.festivita.some((holiday) => holiday.giorno === monthDay(day) && day.year >= (holiday.dal ?? 0))
}

/** A day on which the offices work. */
export function isWorkingDay(day: Day, calendar: TownCalendar): boolean {
  if (isHoliday(day, calendar) || calendar.patrono.giorno === monthDay(day)) return false
  if (calendar.chiusure.includes(`${String(day.year).padStart(4, '0')}-${monthDay(day)}`)) return false
  return weekday(day) !== SATURDAY || calendar.sabatoLavorativo
}

/** The calendar as FEEL asks it. */
export const feelCalendar = (calendar: TownCalendar) => ({
  isHoliday: (day: Day): boolean => isHoliday(day, calendar),
  isWorkingDay: (day: Day): boolean => isWorkingDay(day, calendar),
})

const midnight = ({ year, month, day }: Day): number => new Date(0).setUTCFullYear(year, month - 1, day)
const weekday = (day: Day): number => (((midnight(day) / DAY_MS + 4) % 7) + 7) % 7
const two = (value: number): string => String(value).padStart(2, '0')
const monthDay = ({ month, day }: Day): string => `${two(month)}-${two(day)}`
