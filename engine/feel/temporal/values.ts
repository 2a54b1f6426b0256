/**
 * Dates, times and durations as FEEL means them: any year, nanoseconds, and a time that may or may not know its place on earth.
 *
 * Owns: the data. Does not own: reading (parse.ts), writing (text.ts), calculating (calendar.ts, arithmetic.ts).
 * Invariants: a value is made once and never changed; offsets are in seconds east of UTC.
 */

export class CalendarDate {
  readonly year: number
  readonly month: number
  readonly day: number
  constructor(year: number, month: number, day: number) {
    this.year = year
    this.month = month
    this.day = day
  }
}

/** Where a time is meant: nowhere in particular, at an offset from UTC, or in a zone of the IANA database. */
export type Place = { readonly kind: 'local' } | { readonly kind: 'offset'; readonly seconds: number } | Zoned

/** `offset` is known of an instant; it tells the two hours apart that the clock shows twice. Null where only the wall clock is known. */
export interface Zoned {
  readonly kind: 'zone'
  readonly id: string
  readonly offset: number | null
}

export const LOCAL: Place = Object.freeze({ kind: 'local' })
export const UTC: Place = Object.freeze({ kind: 'offset', seconds: 0 })

export class Time {
  /** Since midnight; below 86,400 × 10^9. */
  readonly nanos: number
  readonly place: Place
  constructor(nanos: number, place: Place) {
    this.nanos = nanos
    this.place = place
  }
}

export class DateTime {
  readonly date: CalendarDate
  readonly time: Time
  constructor(date: CalendarDate, time: Time) {
    this.date = date
    this.time = time
  }
}

export class DaysDuration {
  readonly nanos: bigint
  constructor(nanos: bigint) {
    this.nanos = nanos
  }
}

export class MonthsDuration {
  readonly months: number
  constructor(months: number) {
    this.months = months
  }
}
