/** ISO 8601 intervals and date-times in the subset that Java's `Period`, `Duration` and `ZonedDateTime` read, because Zeebe does. */
import { dateTimeAt, dateTimeOf } from '../feel/temporal/arithmetic.ts'
import { addDays, addMonths } from '../feel/temporal/calendar.ts'
import { CalendarDate, DateTime, type Place, Time, UTC } from '../feel/temporal/values.ts'
import { instantOf, isZone } from '../feel/temporal/zone.ts'
import type { Instant } from '../protocol/records.ts'

/** A calendar part and an exact part: months are added first, then days, both on the calendar of a place, then milliseconds. */
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

const NANOS_PER_MS = 1_000_000
const inMs = (moment: DateTime): Instant => Number(instantOf(moment) / BigInt(NANOS_PER_MS))

/**
 * The 31st plus one month is the last day of the shorter month. On another day the clock of the place shows the same time, or `clock`
 * where that is given (nanoseconds since midnight); a time that the clock skips is as much later.
 */
export function add(from: Instant, { months, days, ms }: Interval, place: Place = UTC, clock?: number): Instant {
  const wall = months === 0 && days === 0 ? null : dateTimeAt(BigInt(from) * BigInt(NANOS_PER_MS), place)
  const month = wall && addMonths(wall.date, months)
  const day = month && addDays(month, days)
  const moment = day && dateTimeOf(day, clock ?? wall!.time.nanos, place)
  return moment === null ? from + ms : inMs(moment) + ms
}

/** `month` counts from 0. */
export const daysInMonth = (year: number, month: number): number => new Date(Date.UTC(year, month + 1, 0)).getUTCDate()

/** Nanoseconds since midnight that the clock of the place shows. */
export const clockAt = (at: Instant, place: Place): number | undefined =>
  dateTimeAt(BigInt(at) * BigInt(NANOS_PER_MS), place)?.time.nanos

/** The instant at which the clock of the zone shows what one in UTC shows at `wall`. */
export function instantAt(wall: Instant, zone: string): Instant {
  const shown = dateTimeAt(BigInt(wall) * BigInt(NANOS_PER_MS), UTC)
  const moment = shown && dateTimeOf(shown.date, shown.time.nanos, zoneOf(zone))
  return moment === null ? wall : inMs(moment)
}

const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:(Z)|([-+])(\d\d):(\d\d)(?::(\d\d))?|)(?:\[([\w+\-/]+)\])?$/i

/** An instant, and the place by whose clock it was given. */
export interface PlacedInstant {
  readonly at: Instant
  readonly place: Place
}

/**
 * An instant with offset, as `2024-03-02T15:35+02:00` or `…Z[Europe/Rome]`, where the offset decides; or without one, as the clock of
 * `zone` shows it. Null when the text is none, or needs a zone and there is none.
 */
export function parseDateTime(text: string, zone?: string): PlacedInstant | null {
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
  const [fraction = '', utc, sign, offsetHours = '0', offsetMinutes = '0', offsetSeconds = '0', named] = match.slice(7)
  const offset = Number(offsetHours) * 3600 + Number(offsetMinutes) * 60 + Number(offsetSeconds)
  const isPlaced = utc !== undefined || sign !== undefined
  if (offset > 18 * 3600 || Number(offsetMinutes) > 59 || Number(offsetSeconds) > 59) return null
  if (isPlaced ? named !== undefined && !isZone(named) : named !== undefined || zone === undefined) return null
  const given: Place = isPlaced ? { kind: 'offset', seconds: sign === '-' ? -offset : offset } : zoneOf(zone!)
  const nanos = ((hour * 60 + minute) * 60 + second) * 1_000_000_000 + Number(fraction.padEnd(9, '0'))
  const at = inMs(new DateTime(new CalendarDate(year, month, day), new Time(nanos, given)))
  return { at, place: named === undefined ? given : zoneOf(named) }
}

export const zoneOf = (id: string): Place => ({ kind: 'zone', id, offset: null })
