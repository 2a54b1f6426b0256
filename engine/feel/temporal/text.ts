/** Dates, times and durations as ISO 8601 writes them, in FEEL's and in JSON's spelling. */
import { NANOS_PER_SECOND } from './calendar.ts'
import { type CalendarDate, type DateTime, type DaysDuration, type MonthsDuration, type Place, Time } from './values.ts'
import { offsetOf } from './zone.ts'

/** `full` always has seconds and names zones with `@`; `short` is java.time's spelling, in which variables are stored. */
export type Spelling = 'full' | 'short'

const two = (value: number): string => String(value).padStart(2, '0')

export function dateText({ year, month, day }: CalendarDate): string {
  const digits = String(Math.abs(year)).padStart(4, '0')
  return `${year < 0 ? '-' : ''}${digits}-${two(month)}-${two(day)}`
}

function clockText(nanos: number, spelling: Spelling): string {
  const seconds = Math.floor(nanos / NANOS_PER_SECOND)
  const fraction = nanos - seconds * NANOS_PER_SECOND
  const minutes = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}`
  if (spelling === 'short' && seconds % 60 === 0 && fraction === 0) return minutes
  return `${minutes}:${two(seconds % 60)}${fractionText(fraction)}`
}

const fractionText = (nanos: number): string =>
  nanos === 0 ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`

function offsetText(seconds: number): string {
  if (seconds === 0) return 'Z'
  const size = Math.abs(seconds)
  const rest = size % 60 === 0 ? '' : `:${two(size % 60)}`
  return `${seconds < 0 ? '-' : '+'}${two(Math.floor(size / 3600))}:${two(Math.floor(size / 60) % 60)}${rest}`
}

function placeText(place: Place): string {
  switch (place.kind) {
    case 'local':
      return ''
    case 'offset':
      return offsetText(place.seconds)
    case 'zone':
      return `@${place.id}`
  }
}

export const timeText = ({ nanos, place }: Time, spelling: Spelling = 'full'): string =>
  clockText(nanos, spelling) + placeText(place)

export function dateTimeText(dateTime: DateTime, spelling: Spelling = 'full'): string {
  const { date, time } = dateTime
  const wall = `${dateText(date)}T${clockText(time.nanos, spelling)}`
  if (spelling === 'full' || time.place.kind !== 'zone') return wall + placeText(time.place)
  return `${wall}${offsetText(offsetOf(dateTime) ?? 0)}[${time.place.id}]`
}

export function monthsText({ months }: MonthsDuration): string {
  if (months === 0) return 'P0M'
  const size = Math.abs(months)
  const years = Math.floor(size / 12)
  return `${months < 0 ? '-' : ''}P${years > 0 ? `${years}Y` : ''}${size % 12 > 0 ? `${size % 12}M` : ''}`
}

const PER_SECOND = 1_000_000_000n

/** Zeebe drops fractions of a second. */
export function daysText({ nanos }: DaysDuration, fractions: 'kept' | 'dropped' = 'kept'): string {
  const size = nanos < 0n ? -nanos : nanos
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
