/** Sums and differences of moments and durations. Null where there is none, or where it leaves the calendar. */
import { Decimal, decimal, type Numeric } from '../number.ts'
import { addDays, addMonths, dateOfEpochDay, epochDay, NANOS_PER_DAY, NANOS_PER_SECOND } from './calendar.ts'
import { CalendarDate, DateTime, DaysDuration, MonthsDuration, type Place, Time } from './values.ts'
import { instantOf, offsetAt, offsetOfTime } from './zone.ts'

const DAY = BigInt(NANOS_PER_DAY)
const SECOND = BigInt(NANOS_PER_SECOND)

const floorDiv = (a: bigint, b: bigint): bigint => (a - (((a % b) + b) % b)) / b

export type Moment = CalendarDate | Time | DateTime
export type Duration = DaysDuration | MonthsDuration

export function addDuration(moment: Moment, duration: Duration): Moment | null {
  return duration instanceof MonthsDuration
    ? addMonthsDuration(moment, duration.months)
    : addNanos(moment, duration.nanos)
}

function addMonthsDuration(moment: Moment, months: number): Moment | null {
  if (moment instanceof Time) return null
  if (moment instanceof CalendarDate) return addMonths(moment, months)
  const date = addMonths(moment.date, months)
  return date && dateTimeOf(date, moment.time.nanos, moment.time.place)
}

/** In a zone a time that the clock skips is as much later. On another day another offset may hold. */
export function dateTimeOf(date: CalendarDate, nanos: number, place: Place): DateTime | null {
  if (place.kind !== 'zone') return new DateTime(date, new Time(nanos, place))
  return dateTimeAt(instantOf(new DateTime(date, new Time(nanos, { ...place, offset: null }))), place)
}

function addNanos(moment: Moment, nanos: bigint): Moment | null {
  if (moment instanceof Time) {
    const total = (((BigInt(moment.nanos) + nanos) % DAY) + DAY) % DAY
    return new Time(Number(total), moment.place)
  }
  if (moment instanceof CalendarDate) return addDays(moment, Number(floorDiv(nanos, DAY)))
  return moment.time.place.kind === 'zone'
    ? dateTimeAt(instantOf(moment) + nanos, moment.time.place)
    : wallTime(moment, nanos)
}

function wallTime({ date, time }: DateTime, nanos: bigint): DateTime | null {
  const total = BigInt(time.nanos) + nanos
  const days = floorDiv(total, DAY)
  const day = addDays(date, Number(days))
  return day && new DateTime(day, new Time(Number(total - days * DAY), time.place))
}

/** The wall clock at an instant, in nanoseconds since 1970, in some place. */
export function dateTimeAt(instant: bigint, place: Place): DateTime | null {
  const seconds = place.kind === 'zone' ? offsetAt(place.id, Number(floorDiv(instant, SECOND))) : offsetOfPlace(place)
  const here = place.kind === 'zone' ? { ...place, offset: seconds } : place
  const wall = instant + BigInt(seconds) * SECOND
  const days = floorDiv(wall, DAY)
  const date = dateOfEpochDay(Number(days))
  return date && new DateTime(date, new Time(Number(wall - days * DAY), here))
}
const offsetOfPlace = (place: Place): number => (place.kind === 'offset' ? place.seconds : 0)

/** From `b` to `a`. A date and a date with time: the date is its midnight. */
export function difference(a: Moment, b: Moment): DaysDuration | null {
  if (a instanceof Time || b instanceof Time)
    return a instanceof Time && b instanceof Time ? differenceOfTimes(a, b) : null
  if (a instanceof CalendarDate && b instanceof CalendarDate)
    return new DaysDuration(BigInt(epochDay(a) - epochDay(b)) * DAY)
  const [from, to] = [atMidnight(b), atMidnight(a)]
  if ((from.time.place.kind === 'local') !== (to.time.place.kind === 'local')) return null
  return new DaysDuration(instantOf(to) - instantOf(from))
}

const UTC_MIDNIGHT = new Time(0, { kind: 'offset', seconds: 0 })
const atMidnight = (moment: CalendarDate | DateTime): DateTime =>
  moment instanceof DateTime ? moment : new DateTime(moment, UTC_MIDNIGHT)

function differenceOfTimes(a: Time, b: Time): DaysDuration | null {
  if ((a.place.kind === 'local') !== (b.place.kind === 'local')) return null
  const seconds = (offsetOfTime(a) ?? 0) - (offsetOfTime(b) ?? 0)
  return new DaysDuration(BigInt(a.nanos - b.nanos) - BigInt(seconds) * SECOND)
}

/** Whole months from the first to the second. */
export function monthsBetween(from: CalendarDate | DateTime, to: CalendarDate | DateTime): MonthsDuration {
  const [a, b] = [dateOf(from), dateOf(to)]
  const months = (b.year - a.year) * 12 + b.month - a.month
  const day = b.day - a.day || clockOf(to) - clockOf(from)
  if (months > 0 && day < 0) return new MonthsDuration(months - 1)
  if (months < 0 && day > 0) return new MonthsDuration(months + 1)
  return new MonthsDuration(months)
}
const dateOf = (moment: CalendarDate | DateTime): CalendarDate => (moment instanceof DateTime ? moment.date : moment)
const clockOf = (moment: CalendarDate | DateTime): number => (moment instanceof DateTime ? moment.time.nanos : 0)

const MONTHS_MAX = 12 * 999_999_999
const NANOS_MAX = 9_223_372_036_854_775_807n * SECOND

const daysOf = (nanos: bigint): DaysDuration | null =>
  nanos > NANOS_MAX || nanos < -NANOS_MAX ? null : new DaysDuration(nanos)
const monthsOf = (months: number): MonthsDuration | null =>
  Math.abs(months) > MONTHS_MAX ? null : new MonthsDuration(months)

/** Null for durations of two kinds. */
export function addDurations(a: Duration, b: Duration, sign: 1 | -1): Duration | null {
  if (a instanceof MonthsDuration) return b instanceof MonthsDuration ? monthsOf(a.months + sign * b.months) : null
  return b instanceof DaysDuration ? daysOf(a.nanos + BigInt(sign) * b.nanos) : null
}

export const negateDuration = (duration: Duration): Duration =>
  duration instanceof MonthsDuration ? new MonthsDuration(0 - duration.months) : new DaysDuration(-duration.nanos)

export const isNegative = (duration: Duration): boolean =>
  duration instanceof MonthsDuration ? duration.months < 0 : duration.nanos < 0n

/** Fractions of a month and of a nanosecond are cut. */
export function scaleDuration(duration: Duration, factor: Decimal): Duration | null {
  if (!factor.isFinite()) return null
  if (duration instanceof MonthsDuration) return monthsOf(factor.times(decimal(duration.months)).truncated().toNumber())
  const nanos = factor.times(Decimal.of(duration.nanos, 0)).truncated()
  return nanos.e > 40 ? null : daysOf(nanos.digits * 10n ** BigInt(nanos.power))
}

export const divideDuration = (duration: Duration, divisor: Numeric): Duration | null =>
  divisor === 0
    ? null
    : duration instanceof MonthsDuration
      ? monthsOf(decimal(duration.months).dividedBy(decimal(divisor)).truncated().toNumber())
      : quotient(duration, divisor)

function quotient(duration: DaysDuration, divisor: Numeric): DaysDuration | null {
  const nanos = Decimal.of(duration.nanos, 0).dividedBy(decimal(divisor)).truncated()
  return nanos.e > 40 ? null : daysOf(nanos.digits * 10n ** BigInt(nanos.power))
}

/** How often the second is in the first; null for two kinds, or nothing. */
export function ratio(a: Duration, b: Duration): Decimal | null {
  if (a instanceof MonthsDuration)
    return b instanceof MonthsDuration && b.months !== 0 ? decimal(a.months).dividedBy(decimal(b.months)) : null
  if (!(b instanceof DaysDuration) || b.nanos === 0n) return null
  return Decimal.of(a.nanos, 0).dividedBy(Decimal.of(b.nanos, 0))
}
