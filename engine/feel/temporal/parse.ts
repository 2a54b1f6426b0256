/** Texts → dates, times and durations. Null when the text is none, or names a day that does not exist. */
import type { Dialect } from '../dialect.ts'
import type { Value } from '../value.ts'
import { dateTimeOf } from './arithmetic.ts'
import { dateOf, NANOS_PER_SECOND } from './calendar.ts'
import { timeOf } from './text.ts'
import {
  type CalendarDate,
  type DateTime,
  DaysDuration,
  LOCAL,
  MonthsDuration,
  type Place,
  type Time,
  UTC,
} from './values.ts'
import { isDateTime, isTime, readDurationInZeebe, readDurationLiteral, readsAsDate } from './zeebe.ts'
import { isZone } from './zone.ts'

const DATE = /^(-?(?:[1-9]\d{4,8}|\d{4}))-(\d{2})-(\d{2})$/
const CLOCK = /^(\d{2}):(\d{2})(?::(\d{2}))?(\.\d{1,9}\d*)?(.*)$/
const OFFSET = /^([+-])(\d{2}):(\d{2})(?::(\d{2}))?$/
/** java.time writes the offset and then the zone in brackets. */
const BRACKETED = /^(?:Z|[+-]\d{2}:\d{2})\[(.+)\]$/

const HOURS_MAX = 18

export function readDate(text: string): CalendarDate | null {
  const [, year, month, day] = DATE.exec(text) ?? []
  return year === undefined || year === '-0000' ? null : dateOf(Number(year), Number(month), Number(day))
}

/** Camunda does without seconds, allows a leading `T`, and 24:00 is midnight. */
export function readTime(text: string, dialect: Dialect): Time | null {
  if (dialect === 'standard') return readClock(text, /:\d{2}:/)
  if (!isTime(text)) return null
  return readClock(text.replace(/^T/, '').replace(/^24:00(?=$|:00(?:\.0+)?(?!\.|\d))/, '00:00'))
}

/** `needed` is what else the text must hold. */
function readClock(text: string, needed = /^/): Time | null {
  const [, hour, minute, second, fraction, rest] = CLOCK.exec(text) ?? []
  if (hour === undefined || !needed.test(text)) return null
  const place = readPlace(rest ?? '')
  return place && clock(Number(hour), Number(minute), Number(second ?? 0), nanosOf(fraction), place)
}

const nanosOf = (fraction: string | undefined): number =>
  fraction === undefined ? 0 : Number(fraction.slice(1, 10).padEnd(9, '0'))

function readPlace(text: string): Place | null {
  if (text === '') return LOCAL
  if (text === 'Z' || text === 'z') return UTC
  if (text.startsWith('@')) return zone(text.slice(1))
  const bracketed = BRACKETED.exec(text)?.[1]
  if (bracketed !== undefined) return zone(bracketed)
  const [, sign, hours, minutes, seconds = '0'] = OFFSET.exec(text) ?? []
  if (sign === undefined) return null
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
  if (size > HOURS_MAX * 3600 || Number(minutes) > 59 || Number(seconds) > 59) return null
  return { kind: 'offset', seconds: sign === '-' ? 0 - size : size }
}

/** Java knows these only by their offsets. */
const NO_ZONES = /^(?:EST|HST|MST)$/
const zone = (id: string): Place | null =>
  isZone(id) && !NO_ZONES.test(id) ? { kind: 'zone', id, offset: null } : null

/** Null when it is no time of day. */
export const clock = (hour: number, minute: number, second: number, nanos: number, place: Place): Time | null =>
  hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60 && nanos < NANOS_PER_SECOND
    ? timeOf(hour, minute, second, nanos, place)
    : null

/** A date alone is its midnight. */
export function readDateTime(text: string, dialect: Dialect): DateTime | null {
  const split = text.indexOf('T')
  const date = readDate(split < 0 ? text : text.slice(0, split))
  if (date === null || (dialect === 'camunda' && !readsAsDate(text) && !isDateTime(text))) return null
  const time = split < 0 ? timeOf(0, 0, 0, 0, LOCAL) : readClock(text.slice(split + 1), SECONDS[dialect])
  return time && dateTimeOf(date, time.nanos, time.place)
}
const SECONDS: Readonly<Record<Dialect, RegExp>> = { standard: /:\d{2}:/, camunda: /^/ }

const MONTHS = /^(-)?P(?:(\d{1,10})Y)?(?:(\d{1,11})M)?$/
const DAYS = /^(-)?P(?:(\d{1,16})D)?(?:T(?:(\d{1,17})H)?(?:(\d{1,18})M)?(?:(\d{1,19})(\.\d*)?S)?)?$/
const SECOND = BigInt(NANOS_PER_SECOND)

export function readDuration(text: string, dialect: Dialect = 'standard'): DaysDuration | MonthsDuration | null {
  if (dialect === 'camunda') return readDurationInZeebe(text)
  if (/[PT]$/.test(text)) return null
  const [ofMonths, minusMonths, years, months] = MONTHS.exec(text) ?? []
  if (ofMonths !== undefined) {
    const total = Number(years ?? 0) * 12 + Number(months ?? 0)
    return total > 12 * 999_999_999 ? null : new MonthsDuration(minusMonths === undefined ? total : 0 - total)
  }
  const [ofDays, minus, days, hours, minutes, seconds, fraction] = DAYS.exec(text) ?? []
  if (ofDays === undefined) return null
  const whole =
    BigInt(days ?? 0) * 86_400n + BigInt(hours ?? 0) * 3_600n + BigInt(minutes ?? 0) * 60n + BigInt(seconds ?? 0)
  const nanos = whole * SECOND + BigInt(nanosOf(fraction))
  return new DaysDuration(minus === undefined ? nanos : -nanos)
}

/** What `@"…"` means. */
export const readLiteral = (text: string, dialect: Dialect): Value =>
  readDate(text) ?? readTime(text, dialect) ?? readDateTime(text, dialect) ?? readDuration(text, dialect)

/** What `duration("…")` means where the text is written there. */
export const readers: Readonly<Record<string, (text: string) => Value>> = {
  date: readDate,
  time: (text) => readTime(text, 'camunda'),
  'date and time': (text) => readDateTime(text, 'camunda'),
  duration: readDurationLiteral,
}

/** The place that a text names by itself: an offset, `Z`, or a zone. */
export const placeNamed = (text: string): Place | null => (text === '' ? null : (readPlace(text) ?? zone(text)))
