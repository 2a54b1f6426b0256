/**
 * Dates, times and durations as FEEL means them: any year, nanoseconds, and a time that may or may not know its place on earth.
 *
 * Owns: the data. Does not own: reading (parse.ts), writing (text.ts), calculating (calendar.ts, arithmetic.ts).
 * Invariant: a value is made once and never changed; `offset` is in seconds and wins over `zone` only where there is no `zone`.
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
export type Place =
  | { readonly kind: 'local' }
  | { readonly kind: 'offset'; readonly seconds: number }
  | { readonly kind: 'zone'; readonly id: string }

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
