/** The proleptic Gregorian calendar as arithmetic on whole numbers: no year is too far, and no host object is asked. */
import { CalendarDate } from './values.ts'

export const YEAR_MAX = 999_999_999
export const NANOS_PER_SECOND = 1_000_000_000
export const NANOS_PER_DAY = 86_400 * NANOS_PER_SECOND

const DAYS_PER_ERA = 146_097
/** Days between 0000-03-01 and 1970-01-01. */
const EPOCH_SHIFT = 719_468

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

const isDate = (year: number, month: number, day: number): boolean =>
  Math.abs(year) <= YEAR_MAX && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)

/** Null when there is no such day. */
export const dateOf = (year: number, month: number, day: number): CalendarDate | null =>
  isDate(year, month, day) ? new CalendarDate(year, month, day) : null

/** Days since 1970-01-01. Years begin in March, so that the leap day is the last. */
export function epochDay({ year, month, day }: CalendarDate): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * DAYS_PER_ERA + dayOfEra - EPOCH_SHIFT
}

/** Null beyond the greatest year. */
export function dateOfEpochDay(days: number): CalendarDate | null {
  const shifted = days + EPOCH_SHIFT
  const era = Math.floor(shifted / DAYS_PER_ERA)
  const dayOfEra = shifted - era * DAYS_PER_ERA
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  return dateOf(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
}

/** The same day of the month, or the last one where that is shorter. */
export function addMonths(date: CalendarDate, months: number): CalendarDate | null {
  const total = date.year * 12 + date.month - 1 + months
  const year = Math.floor(total / 12)
  const month = total - year * 12 + 1
  if (Math.abs(year) > YEAR_MAX) return null
  return new CalendarDate(year, month, Math.min(date.day, daysInMonth(year, month)))
}

export const addDays = (date: CalendarDate, days: number): CalendarDate | null =>
  Number.isSafeInteger(days) ? dateOfEpochDay(epochDay(date) + days) : null

/** Monday is 1. */
export const weekday = (date: CalendarDate): number => ((((epochDay(date) + 3) % 7) + 7) % 7) + 1

export const dayOfYear = (date: CalendarDate): number =>
  epochDay(date) - epochDay(new CalendarDate(date.year, 1, 1)) + 1

/** The week of ISO 8601: the one that holds the year's first Thursday is the first. */
export function weekOfYear(date: CalendarDate): number {
  const thursday = epochDay(date) - weekday(date) + 4
  const { year } = dateOfEpochDay(thursday) ?? date
  return Math.floor((thursday - epochDay(new CalendarDate(year, 1, 1))) / 7) + 1
}
