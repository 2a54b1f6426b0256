/** Which days of a town count: rules 3–5 of the counting rules (c.c. 2963, L. 260/1949, the town's patron saint). */
import type { TownCalendar } from './town.ts'

const SATURDAY = 6
const SUNDAY = 7

/** Easter Sunday by the Gregorian computus in the form of Meeus, Jones and Butcher; exact for every Gregorian year. */
export function easter(year: number): Temporal.PlainDate {
  const golden = year % 19
  const century = Math.floor(year / 100)
  const yearOfCentury = year % 100
  const moonShift = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3)
  const epact = (19 * golden + century - Math.floor(century / 4) - moonShift + 15) % 30
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(yearOfCentury / 4) - epact - (yearOfCentury % 4)) % 7
  const lateness = Math.floor((golden + 11 * epact + 22 * weekday) / 451)
  const monthAndDay = epact + weekday - 7 * lateness + 114
  return Temporal.PlainDate.from({ year, month: Math.floor(monthAndDay / 31), day: (monthAndDay % 31) + 1 })
}

/** A Sunday or a national holiday: the days that make a term roll. The patron saint's day is not one. */
export function isHoliday(day: Temporal.PlainDate, calendar: TownCalendar): boolean {
  if (day.dayOfWeek === SUNDAY) return true
  if (calendar.lunediDellAngelo && day.equals(easter(day.year).add({ days: 1 }))) return true
  return calendar.festivita.some((holiday) => holiday.giorno === monthDay(day) && day.year >= (holiday.dal ?? 0))
}

/** A day on which the offices work. */
export function isWorkingDay(day: Temporal.PlainDate, calendar: TownCalendar): boolean {
  if (isHoliday(day, calendar) || calendar.patrono.giorno === monthDay(day)) return false
  if (calendar.chiusure.includes(day.toString())) return false
  return day.dayOfWeek !== SATURDAY || calendar.sabatoLavorativo
}

function monthDay(day: Temporal.PlainDate): string {
  return day.toString().slice(5)
}
