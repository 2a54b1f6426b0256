/**
 * The texts that Zeebe takes for dates, times and durations: java.time's, within patterns of its own. Signs may stand before each
 * part of a duration, and a time with a place has seconds.
 */
import { DaysDuration, MonthsDuration } from './values.ts'

const DATE = /^-?(?:[1-9]\d{0,4})?\d{4}-[01]\d-[0-3]\d$/
const PLACED_TIME = /^T?\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[+-]\d{2}:\d{2}|Z|@.*)$/
const CLOCK = '[0-2]\\d:[0-5]\\d(?::[0-5]\\d)?(?:\\.\\d{1,9})?'
const LOCAL_DATE_TIME = new RegExp(`^-?(?:[1-9]\\d{0,4})?\\d{4}-[01]\\d-[0-3]\\dT${CLOCK}$`)
const PLACED_DATE_TIME = new RegExp(
  `^-?(?:[1-9]\\d{0,4})?\\d{4}-[01]\\d-[0-3]\\dT${CLOCK}(?:[+-][01]\\d:[0-5]\\d|Z|@.*)$`,
)
const LOCAL_TIME = /^T?\d{2}:\d{2}(?::\d{2})?(?:\.\d{1,9})?$/
const MONTHS = /^-?P-?(?:\d+Y)?-?(?:\d+M)?$/
const DAYS = /^-?P(?:-?(?:\d+D)?(?:T-?(?:\d+H)?-?(?:\d+M)?-?(?:\d+(?:.\d*)?S)?)?)?$/

export const readsAsDate = (text: string): boolean => DATE.test(text)
export const isPlacedTime = (text: string): boolean => PLACED_TIME.test(text)
export const isTime = (text: string): boolean => PLACED_TIME.test(text) || LOCAL_TIME.test(text)
export const isLocalDateTime = (text: string): boolean => LOCAL_DATE_TIME.test(text)
export const isDateTime = (text: string): boolean => LOCAL_DATE_TIME.test(text) || PLACED_DATE_TIME.test(text)
export const isMonthsDuration = (text: string): boolean => MONTHS.test(text)
export const isDaysDuration = (text: string): boolean => DAYS.test(text)

const PERIOD = /^([+-]?)P(?:([+-]?\d{1,10})Y)?(?:([+-]?\d{1,10})M)?$/i
const DURATION =
  /^([+-]?)P(?:([+-]?\d{1,16})D)?(?:T(?:([+-]?\d{1,16})H)?(?:([+-]?\d{1,17})M)?(?:([+-]?)(\d{1,19})(?:[.,](\d{0,9}))?S)?)?$/i
const SECOND = 1_000_000_000n
const INT_MAX = 2_147_483_647

function readPeriod(text: string): MonthsDuration | null {
  const [, sign, years, months] = PERIOD.exec(text) ?? []
  if (sign === undefined || (years === undefined && months === undefined)) return null
  const [y, m] = [Number(years ?? 0), Number(months ?? 0)]
  if (Math.abs(y) > INT_MAX || Math.abs(m) > INT_MAX || Math.abs(y) > 999_999_999) return null
  const total = y * 12 + m
  return new MonthsDuration(sign === '-' ? 0 - total : total + 0)
}

function readJavaDuration(text: string): DaysDuration | null {
  const [, sign, days, hours, minutes, minus, seconds, fraction = ''] = DURATION.exec(text) ?? []
  const parts = [days, hours, minutes, seconds]
  if (sign === undefined || parts.every((part) => part === undefined) || /T$/i.test(text)) return null
  const below = BigInt(seconds ?? 0) * SECOND + BigInt(fraction.padEnd(9, '0'))
  const whole = BigInt(bare(days)) * 86_400n + BigInt(bare(hours)) * 3_600n + BigInt(bare(minutes)) * 60n
  const nanos = whole * SECOND + (minus === '-' ? -below : below)
  return new DaysDuration(sign === '-' ? -nanos : nanos)
}
const bare = (digits: string | undefined): string => (digits ?? '0').replace('+', '')

/** Of a text that is known only when the expression runs. */
export function readDurationInZeebe(text: string): MonthsDuration | DaysDuration | null {
  if (isMonthsDuration(text)) return readPeriod(text)
  return isDaysDuration(text) ? readJavaDuration(text) : null
}

/** Of a literal, which may be in small letters. */
export const readDurationLiteral = (text: string): MonthsDuration | DaysDuration | null =>
  isMonthsDuration(text) ? readPeriod(text) : readJavaDuration(text)
