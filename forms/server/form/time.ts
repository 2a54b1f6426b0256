/**
 * Days and times as people type them and as variables hold them. Where the law counts days, it counts those of Europe/Rome.
 * By FEEL's own calendar, so that every browser reads them as the server does, whether it knows `Temporal` or not.
 */
import { dateTimeAt } from '../../../engine/feel/temporal/arithmetic.ts'
import { readDate, readDateTime } from '../../../engine/feel/temporal/parse.ts'
import { dateText, dateTimeText } from '../../../engine/feel/temporal/text.ts'
import { DateTime, type Place, Time, UTC } from '../../../engine/feel/temporal/values.ts'
import { instantOf, offsetAt } from '../../../engine/feel/temporal/zone.ts'

export const TOWN_ZONE = 'Europe/Rome'
const TOWN: Place = { kind: 'zone', id: TOWN_ZONE, offset: null }

const ITALIAN_DATE = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/
const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/
const ISO_INSTANT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))(?:\[[\w/+-]+\])?$/

const NANOS_PER_MILLISECOND = 1_000_000n
const NANOS_PER_SECOND = 1_000_000_000n
const SECONDS_PER_DAY = 86_400

export type TimeFormat = 'utc_offset' | 'utc_normalized' | 'no_timezone'

export function todayAt(now: number): string {
  const moment = dateTimeAt(BigInt(Math.trunc(now)) * NANOS_PER_MILLISECOND, TOWN)
  if (moment === null) throw new Error(`Expected a moment within the calendar, but found ${now}.`)
  return dateText(moment.date)
}

/** The wall clock of the town at the instant that an ISO text names; null when it names none. */
export function townTime(text: string): DateTime | null {
  const moment = readDateTime(ISO_INSTANT.exec(text)?.[1] ?? '', 'camunda')
  return moment && dateTimeAt(instantOf(moment), TOWN)
}

/** From `gg/mm/aaaa` or `aaaa-mm-gg` to the latter; null when there is no such day. */
export function dateOf(text: string): string | null {
  const italian = ITALIAN_DATE.exec(text)
  const iso = italian ? `${italian[3]}-${italian[2]!.padStart(2, '0')}-${italian[1]!.padStart(2, '0')}` : text
  const date = /^\d{4}-/.test(iso) ? readDate(iso) : null
  return date && dateText(date)
}

/** A time of that day in the form's format; null when the clock never shows it, as in the hour that summer time skips. */
export function timeOf(text: string, date: string, format: TimeFormat): string | null {
  const stamp = momentOf(date, text, format)
  return stamp?.slice(stamp.indexOf('T') + 1) ?? null
}

/** Null in the hour that the clock shows twice, too: nobody knows which one is meant. */
export function momentOf(date: string, time: string, format: TimeFormat): string | null {
  if (!TIME.test(time)) return null
  const wall = readDateTime(`${date}T${time}`, 'camunda')
  if (wall === null || format === 'no_timezone') return wall && `${date}T${time}`
  const offset = offsetOfWall(wall)
  if (offset === null) return null
  const moment = new DateTime(wall.date, new Time(wall.time.nanos, { kind: 'offset', seconds: offset }))
  return withoutSeconds(format === 'utc_offset' ? moment : dateTimeAt(instantOf(moment), UTC))
}

/** Of those that hold a day before and a day after, the only one under which the clock shows that time. */
function offsetOfWall(wall: DateTime): number | null {
  const seconds = Number(instantOf(wall) / NANOS_PER_SECOND)
  const offsets = new Set([seconds - SECONDS_PER_DAY, seconds + SECONDS_PER_DAY].map((at) => offsetAt(TOWN_ZONE, at)))
  const fitting = [...offsets].filter((offset) => offsetAt(TOWN_ZONE, seconds - offset) === offset)
  return fitting.length === 1 ? fitting[0]! : null
}

const withoutSeconds = (moment: DateTime | null): string | null =>
  moment && dateTimeText(moment).replace(/(T\d\d:\d\d):00/, '$1')
