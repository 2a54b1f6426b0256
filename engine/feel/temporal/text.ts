/** Dates, times and durations as ISO 8601 writes them, in FEEL's and in JSON's spelling. */
import { NANOS_PER_SECOND } from './calendar.ts'
import { type CalendarDate, type DateTime, type DaysDuration, type MonthsDuration, type Place, Time } from './values.ts'
import { offsetOf } from './zone.ts'

/** FEEL's own, or that in which Zeebe stores variables: java.time's. */
export type Spelling = 'feel' | 'stored'

const two = (value: number): string => String(value).padStart(2, '0')

/** java.time marks years of more digits. */
export function dateText({ year, month, day }: CalendarDate, spelling: Spelling = 'feel'): string {
  const digits = String(Math.abs(year)).padStart(4, '0')
  const sign = year < 0 ? '-' : spelling === 'stored' && digits.length > 4 ? '+' : ''
  return `${sign}${digits}-${two(month)}-${two(day)}`
}

function clockText(nanos: number): string {
  const seconds = Math.floor(nanos / NANOS_PER_SECOND)
  const minutes = Math.floor(seconds / 60)
  const fraction = fractionText(nanos - seconds * NANOS_PER_SECOND)
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}${fraction}`
}

const fractionText = (nanos: number): string =>
  nanos === 0 ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`

/** A stored local time has no seconds where there are none, and thousands of a second by three digits. */
const shortened = (clock: string): string =>
  clock
    .replace(/:00$/, '')
    .replace(/\.(\d+)$/, (_all, digits: string) => `.${digits.padEnd(Math.ceil(digits.length / 3) * 3, '0')}`)

function offsetText(seconds: number): string {
  if (seconds === 0) return 'Z'
  const size = Math.abs(seconds)
  const rest = size % 60 === 0 ? '' : `:${two(size % 60)}`
  return `${seconds < 0 ? '-' : '+'}${two(Math.floor(size / 3600))}:${two(Math.floor(size / 60) % 60)}${rest}`
}

export function placeName(place: Place): string {
  switch (place.kind) {
    case 'local':
      return ''
    case 'offset':
      return offsetText(place.seconds)
    case 'zone':
      return place.id
  }
}
const placeText = (place: Place): string => (place.kind === 'zone' ? '@' : '') + placeName(place)

export function timeText({ nanos, place }: Time, spelling: Spelling = 'feel'): string {
  const clock = clockText(nanos)
  return spelling === 'stored' && place.kind === 'local' ? shortened(clock) : clock + placeText(place)
}

export function dateTimeText(dateTime: DateTime, spelling: Spelling = 'feel'): string {
  const { date, time } = dateTime
  const wall = `${dateText(date, spelling)}T${clockText(time.nanos)}`
  if (spelling === 'feel' || time.place.kind !== 'zone') return wall + placeText(time.place)
  return `${wall}${offsetText(offsetOf(dateTime) ?? 0)}[${time.place.id}]`
}

export function monthsText({ months }: MonthsDuration): string {
  if (months === 0) return 'P0M'
  const size = Math.abs(months)
  const years = Math.floor(size / 12)
  return `${months < 0 ? '-' : ''}P${years > 0 ? `${years}Y` : ''}${size % 12 > 0 ? `${size % 12}M` : ''}`
}

const PER_SECOND = 1_000_000_000n
/** The second that has begun. */
export const wholeSeconds = (nanos: bigint): bigint =>
  (nanos - (((nanos % PER_SECOND) + PER_SECOND) % PER_SECOND)) / PER_SECOND

/** Zeebe drops fractions of a second: half a second before zero is a whole one. */
export function daysText({ nanos }: DaysDuration, fractions: 'kept' | 'dropped' = 'kept'): string {
  const whole = fractions === 'dropped' ? wholeSeconds(nanos) * PER_SECOND : nanos
  const size = whole < 0n ? -whole : whole
  const seconds = size / PER_SECOND
  const fraction = fractions === 'kept' ? fractionText(Number(size % PER_SECOND)) : ''
  const days = seconds / 86_400n
  const [hour, minute, second] = [(seconds / 3_600n) % 24n, (seconds / 60n) % 60n, seconds % 60n]
  const clock =
    (hour > 0n ? `${hour}H` : '') +
    (minute > 0n ? `${minute}M` : '') +
    (second > 0n || fraction !== '' ? `${second}${fraction}S` : '')
  if (days === 0n && clock === '') return fractions === 'kept' ? 'PT0S' : 'P0D'
  return `${nanos < 0n ? '-' : ''}P${days > 0n ? `${days}D` : ''}${clock === '' ? '' : `T${clock}`}`
}

/** A moment of the day, whole seconds and nanoseconds apart. */
export const timeOf = (hour: number, minute: number, second: number, nanos: number, place: Place): Time =>
  new Time((hour * 3600 + minute * 60 + second) * NANOS_PER_SECOND + nanos, place)
