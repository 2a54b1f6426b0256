/** ISO 8601 intervals and date-times in the subset that Java's `Period`, `Duration` and `ZonedDateTime` read, because Zeebe does. */
import type { Instant } from '../protocol/records.ts'

/** A calendar part and an exact part: months are added first, then days, then milliseconds, all in UTC. */
export interface Interval {
  readonly months: number
  readonly days: number
  readonly ms: number
}

const DAY_MS = 86_400_000
const PERIOD = /^([-+]?)P(?:([-+]?\d+)Y)?(?:([-+]?\d+)M)?(?:([-+]?\d+)W)?(?:([-+]?\d+)D)?$/i
const TIME = /^([-+]?)P?(?:T(?:([-+]?\d+)H)?(?:([-+]?\d+)M)?(?:([-+]?)(\d+)(?:[.,](\d{0,9}))?S)?)$/i
/** Some 126,000 years: with it no due date leaves the range of a Date. */
const LENGTH_MAX_MS = 4e15

export const TOO_LARGE =
  'Timer duration is too large and results in arithmetic overflow. Please use a smaller duration value.'

export type ParsedInterval =
  | { readonly ok: true; readonly interval: Interval }
  | { readonly ok: false; readonly message: string }

/** `P1M`, `PT30S`, `P1DT12H`, `-PT5M`; upper-case `T`. */
export function parseInterval(text: string): ParsedInterval {
  const timeAt = text.indexOf('T')
  const days = timeAt === -1 ? text : text.slice(0, timeAt)
  const calendar = /^[-+]?P$/i.test(days) && timeAt !== -1 ? { months: 0, days: 0 } : parsePeriod(days)
  if (calendar === null) return { ok: false, message: 'Text cannot be parsed to a Period' }
  const ms = timeAt === -1 ? 0 : parseTime(`${/^[-+]/.exec(text)?.[0] ?? ''}${text.slice(timeAt)}`)
  if (ms === null) return { ok: false, message: 'Text cannot be parsed to a Duration' }
  const interval = { ...calendar, ms }
  const length = Math.abs(interval.months) * 31 * DAY_MS + Math.abs(interval.days) * DAY_MS + Math.abs(ms)
  return length <= LENGTH_MAX_MS ? { ok: true, interval } : { ok: false, message: TOO_LARGE }
}

function parsePeriod(text: string): Pick<Interval, 'months' | 'days'> | null {
  const match = PERIOD.exec(text)
  if (match === null || match.slice(2).every((part) => part === undefined)) return null
  const [years, months, weeks, days] = match.slice(2).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
  ]
  const sign = match[1] === '-' ? -1 : 1
  return { months: sign * (years * 12 + months), days: sign * (weeks * 7 + days) }
}

function parseTime(text: string): number | null {
  const match = TIME.exec(text)
  if (match === null || match.slice(2).every((part) => part === undefined)) return null
  const [, sign, hours = '0', minutes = '0', secondsSign, seconds = '0', fraction = ''] = match
  const exact = Number(seconds) * 1000 + Math.floor(Number(`0.${fraction || '0'}`) * 1000)
  const ms = Number(hours) * 3_600_000 + Number(minutes) * 60_000 + (secondsSign === '-' ? -exact : exact)
  return sign === '-' ? -ms : ms
}

/** The 31st plus one month is the last day of the shorter month. */
export function add(from: Instant, { months, days, ms }: Interval): Instant {
  if (months === 0) return from + days * DAY_MS + ms
  const date = new Date(from)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months)
  date.setUTCDate(Math.min(day, daysInMonth(date.getUTCFullYear(), date.getUTCMonth())))
  return date.getTime() + days * DAY_MS + ms
}

/** `month` counts from 0. */
export const daysInMonth = (year: number, month: number): number => new Date(Date.UTC(year, month + 1, 0)).getUTCDate()

const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:Z|([-+])(\d\d):(\d\d)(?::(\d\d))?)(?:\[([\w+\-/]+)\])?$/i

/** An instant with offset, as `2024-03-02T15:35+02:00` or `…Z[Europe/Rome]`; null when the text is none. The offset decides. */
export function parseDateTime(text: string): Instant | null {
  const match = DATE_TIME.exec(text)
  if (match === null) return null
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  if (
    month < 1 ||
    month > 12 ||
    day < 1 ||
    day > daysInMonth(year, month - 1) ||
    hour > 23 ||
    minute > 59 ||
    second > 59
  )
    return null
  const [fraction = '', sign, offsetHours = '0', offsetMinutes = '0', offsetSeconds = '0', zone] = match.slice(7)
  const offset = Number(offsetHours) * 3600 + Number(offsetMinutes) * 60 + Number(offsetSeconds)
  if (
    offset > 18 * 3600 ||
    Number(offsetMinutes) > 59 ||
    Number(offsetSeconds) > 59 ||
    (zone !== undefined && !isZone(zone))
  )
    return null
  const local = new Date(0)
  local.setUTCFullYear(year, month - 1, day)
  local.setUTCHours(hour, minute, second, Number(fraction.padEnd(3, '0').slice(0, 3)))
  return local.getTime() - (sign === '-' ? -offset : offset) * 1000
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
