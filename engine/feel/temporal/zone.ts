/** Offsets of the zones of the IANA database, by `Intl`, which server and browser both have. */

import { epochDay, NANOS_PER_DAY, NANOS_PER_SECOND } from './calendar.ts'
import type { DateTime, Place, Time } from './values.ts'

const SECONDS_PER_DAY = 86_400
/** What `Intl` can format, in seconds; beyond it the offset of the nearest instant is taken. */
const SECONDS_MAX = 8_640_000_000_000
const ZONES_MAX = 100
const DAYS_MAX = 10_000

interface Zone {
  readonly format: Intl.DateTimeFormat
  /** Offsets at the beginnings of days of UTC: `Intl` takes 1 µs for one. */
  readonly days: Map<number, number>
}

const zones = new Map<string, Zone | null>()

function zoneOf(id: string): Zone | null {
  const known = zones.get(id)
  if (known !== undefined) return known
  if (zones.size >= ZONES_MAX) zones.clear()
  const zone = newZone(id)
  zones.set(id, zone)
  return zone
}

function newZone(id: string): Zone | null {
  if (!/^[A-Za-z]/.test(id)) return null
  try {
    return { format: new Intl.DateTimeFormat('en-US', { timeZone: id, timeZoneName: 'longOffset' }), days: new Map() }
  } catch {
    return null
  }
}

export const isZone = (id: string): boolean => zoneOf(id) !== null

/** Seconds east of UTC in that zone at an instant. No zone changes its offset twice in a day. */
export function offsetAt(id: string, epochSeconds: number): number {
  const zone = zoneOf(id)
  if (zone === null) return 0
  const day = Math.floor(epochSeconds / SECONDS_PER_DAY)
  const offset = offsetOfDay(zone, day)
  return offset === offsetOfDay(zone, day + 1) ? offset : offsetIn(zone, epochSeconds)
}

function offsetOfDay(zone: Zone, day: number): number {
  const known = zone.days.get(day)
  if (known !== undefined) return known
  if (zone.days.size >= DAYS_MAX) zone.days.clear()
  const offset = offsetIn(zone, day * SECONDS_PER_DAY)
  zone.days.set(day, offset)
  return offset
}

function offsetIn({ format }: Zone, epochSeconds: number): number {
  const within = Math.max(-SECONDS_MAX, Math.min(SECONDS_MAX, epochSeconds))
  const found = /GMT([+-])(\d{2}):(\d{2})(?::(\d{2}))?$/.exec(format.format(within * 1000))
  if (found === null) return 0
  const [, sign, hours, minutes, seconds = '0'] = found
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
  return sign === '-' ? -total : total
}

/** Seconds since 1970 as if the wall clock stood in UTC. */
const wallSeconds = ({ date, time }: DateTime): number =>
  epochDay(date) * SECONDS_PER_DAY + Math.floor(time.nanos / NANOS_PER_SECOND)

/**
 * The offset of a wall clock time. Where the clock skips or repeats an hour the offset from before the change holds, as in
 * Temporal's `compatible` and java.time.
 */
export function offsetOf(dateTime: DateTime): number | null {
  const { place } = dateTime.time
  switch (place.kind) {
    case 'local':
      return null
    case 'offset':
      return place.seconds
    case 'zone': {
      if (place.offset !== null) return place.offset
      const wall = wallSeconds(dateTime)
      const before = offsetAt(place.id, wall - offsetAt(place.id, wall - SECONDS_PER_DAY))
      const early = offsetAt(place.id, wall - SECONDS_PER_DAY)
      const late = offsetAt(place.id, wall + SECONDS_PER_DAY)
      if (early === late) return before
      return offsetAt(place.id, wall - early) === early ? early : afterChange(place.id, wall, early, late)
    }
  }
}

/** The wall clock is past the change, or in the hour that is skipped: then the earlier offset holds. */
const afterChange = (zone: string, wall: number, early: number, late: number): number =>
  offsetAt(zone, wall - late) === late ? late : early

/** The offset of a time without a date; that of a zone is its winter offset of 1970, for want of a better day. */
export function offsetOfTime(time: Time): number | null {
  const { place } = time
  switch (place.kind) {
    case 'local':
      return null
    case 'offset':
      return place.seconds
    case 'zone':
      return place.offset ?? offsetAt(place.id, 0)
  }
}

/** The instant in nanoseconds since 1970; a local date and time counts as UTC. */
export const instantOf = (dateTime: DateTime): bigint =>
  BigInt(epochDay(dateTime.date)) * BigInt(NANOS_PER_DAY) +
  BigInt(dateTime.time.nanos) -
  BigInt(offsetOf(dateTime) ?? 0) * BigInt(NANOS_PER_SECOND)

export const samePlace = (a: Place, b: Place): boolean => {
  if (a.kind === 'offset' && b.kind === 'offset') return a.seconds === b.seconds
  if (a.kind === 'zone' && b.kind === 'zone') return a.id === b.id
  return a.kind === b.kind
}
