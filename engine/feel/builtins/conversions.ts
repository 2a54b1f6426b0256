/** Texts and parts → numbers, dates, times, durations; values → text. */

import type { Dialect } from '../dialect.ts'
import { fromJson, toJson } from '../json.ts'
import { measured } from '../measure.ts'
import { decimal, type Numeric, parseNumber, wholeNumber } from '../number.ts'
import { RaisedFailure, type Run, TEXT_MAX } from '../run.ts'
import { dateTimeAt, dateTimeOf } from '../temporal/arithmetic.ts'
import { dateOf } from '../temporal/calendar.ts'
import { clock, placeNamed, readDate, readDateTime, readDuration, readTime } from '../temporal/parse.ts'
import { type CalendarDate, DateTime, DaysDuration, LOCAL, type Place, Time, UTC } from '../temporal/values.ts'
import { isDaysDuration, isLocalDateTime, isMonthsDuration, isPlacedTime, readsAsDate } from '../temporal/zeebe.ts'
import { instantOf } from '../temporal/zone.ts'
import { shown, valueText } from '../text.ts'
import type { Value } from '../value.ts'
import { type Definition, fn, type Illegal, illegal, UNFIT } from './signature.ts'

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?$/
const STANDARD_NUMBER = /^-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,4})?$/
const GROUPING = [' ', ',', '.']
const POINTS = [',', '.']

function number(run: Run, from: string): Value | Illegal {
  run.spend(from.length)
  return (run.dialect === 'standard' ? STANDARD_NUMBER : NUMBER).test(from)
    ? parseNumber(from)
    : illegal(`Can't parse '${from}' as a number`)
}

const isGrouping = (separator: Value): separator is string =>
  typeof separator === 'string' && GROUPING.includes(separator)
const isPoint = (separator: Value): separator is string => typeof separator === 'string' && POINTS.includes(separator)

function grouped(run: Run, from: string, grouping: Value): Value | Illegal {
  if (typeof grouping !== 'string') return UNFIT
  if (!isGrouping(grouping)) return illegal("illegal argument for grouping. Must be one of ' ', ',' or '.'")
  run.spend(from.length)
  return number(run, from.replaceAll(grouping, ''))
}

/** Separators are replaced before the number is read. Null for one that is not used; Zeebe wants one at least. */
function separated(run: Run, from: string, grouping: Value, point: Value): Value | Illegal {
  const isKnown = (grouping === null || isGrouping(grouping)) && (point === null || isPoint(point))
  if (run.dialect === 'camunda' && (grouping === null || point === null) && (!isKnown || grouping === point))
    return UNFIT
  if (!isKnown || (grouping !== null && grouping === point))
    return illegal("illegal arguments for grouping or decimal. Must be one of ' ' (grouping only), ',' or '.'")
  run.spend(from.length)
  const bare = typeof grouping === 'string' ? from.replaceAll(grouping, '') : from
  return number(run, typeof point === 'string' ? bare.replaceAll(point, '.') : bare)
}

function string(run: Run, from: Value): Value {
  if (from === null || typeof from === 'string') return from
  return run.text(valueText(measured(run, from), run.dialect, TEXT_MAX, (steps) => run.spend(steps)))
}

/** `what` says, in Zeebe's words, as what the text was read. */
const read =
  (what: (text: string) => string, parse: (text: string, dialect: Dialect) => Value) =>
  (run: Run, from: string): Value | Illegal => {
    const isZoned = ZONED.test(from)
    if (isZoned) run.spend(ZONE_COST)
    const value = parse(from, run.dialect)
    if (value !== null) return value
    if (isZoned) run.spend(NO_ZONE_COST)
    return illegal(`Failed to parse ${what(from)} from '${from}'`)
  }
/** A zone's name is looked for, and a few offsets of it. */
const ZONE_COST = 100
/** That there is no such zone takes longer to find out. */
const NO_ZONE_COST = 300
const ZONED = /[@[]/

const timeKind = (text: string): string => (isPlacedTime(text) ? 'time' : 'local-time')
function dateTimeKind(text: string): string {
  if (readsAsDate(text)) return 'date(-time)'
  return isLocalDateTime(text) ? 'local-date-time' : 'date-time'
}
function durationKind(text: string): string {
  if (isMonthsDuration(text)) return 'year-month-duration'
  return isDaysDuration(text) ? 'day-time-duration' : 'duration'
}

function dateFrom(_run: Run, year: Numeric, month: Numeric, day: Numeric): Value | Illegal {
  const [y, m, d] = [year, month, day].map((part) => wholeNumber(part) ?? Number.NaN) as [number, number, number]
  return (
    dateOf(y, m, d) ??
    illegal(`Failed to parse date from: year=${shown(year)}, month=${shown(month)}, day=${shown(day)}`)
  )
}

function timeFrom(_run: Run, hour: Numeric, minute: Numeric, second: Numeric, offset: Value = null): Value | Illegal {
  const place = placeOf(offset)
  const seconds = decimal(second)
  const nanos = seconds.minus(seconds.floor()).times(decimal(1e9)).floor().toNumber()
  const [h, m] = [wholeNumber(hour) ?? -1, wholeNumber(minute) ?? -1]
  const time = place && clock(h, m, seconds.floor().toNumber(), nanos, place)
  if (time !== null) return time
  const [kind, further] = offset === null ? ['local-time', ''] : ['time', `, offset=${shown(offset)}`]
  return illegal(
    `Failed to parse ${kind} from: hour=${shown(hour)}, minute=${shown(minute)}, second=${shown(second)}${further}`,
  )
}

/** Zeebe drops the fraction of the second where the offset is null. */
function timeAt(run: Run, hour: Numeric, minute: Numeric, second: Numeric, offset: Value): Value | Illegal {
  if (offset !== null && !(offset instanceof DaysDuration)) return UNFIT
  const seconds = offset === null && run.dialect === 'camunda' ? (wholeNumber(second) ?? second) : second
  return timeFrom(run, hour, minute, seconds, offset)
}

const OFFSET_MAX = 18n * 3_600n * 1_000_000_000n
function placeOf(offset: Value): Place | null {
  if (offset === null) return LOCAL
  if (!(offset instanceof DaysDuration) || offset.nanos > OFFSET_MAX || offset.nanos < -OFFSET_MAX) return null
  return { kind: 'offset', seconds: Number(offset.nanos / 1_000_000_000n) }
}

/** The offset of the time's own day need not be that of the date. */
const combined = (_run: Run, date: CalendarDate, { nanos, place }: Time): Value => dateTimeOf(date, nanos, place)

/** The same instant seen from another zone; a local one is put there. */
function moved(run: Run, dateTime: DateTime, zone: string): Value | Illegal {
  const place = placeNamed(zone)
  if (place === null) return unknownZone(run, zone)
  return dateTime.time.place.kind === 'local'
    ? dateTimeOf(dateTime.date, dateTime.time.nanos, place)
    : dateTimeAt(instantOf(dateTime), place)
}
function unknownZone(run: Run, zone: string): Illegal {
  if (run.dialect === 'camunda')
    throw new RaisedFailure(`java.time.zone.ZoneRulesException: Unknown time-zone ID: ${zone}`)
  return illegal(`Unknown time-zone ID: ${zone}`)
}

function parsedJson(_run: Run, json: string): Value | Illegal {
  try {
    return fromJson(json)
  } catch (error) {
    if (error instanceof SyntaxError) return illegal(`Failed to parse JSON from '${json}'`)
    throw error
  }
}

const midnight = new Time(0, UTC)

export const conversionFunctions: readonly Definition[] = [
  fn('string(from: any)', string),
  fn('number(from: string)', number),
  fn('number(from: string, grouping separator: any)', grouped, 'camunda'),
  fn('number(from: string, grouping separator: any, decimal separator: any)', separated),
  fn(
    'date(from: string)',
    read(() => 'date', readDate),
  ),
  fn('date(from: date)', (_run, date) => date),
  fn('date(from: date and time)', (_run, { date }) => date),
  fn('date(year: number, month: number, day: number)', dateFrom),
  fn('time(from: string)', read(timeKind, readTime)),
  fn('time(from: time)', (_run, time) => time, 'standard'),
  fn('time(from: date and time)', (_run, { time }) => time),
  fn('time(from: date)', () => midnight),
  fn('time(hour: number, minute: number, second: number)', timeFrom),
  fn('time(hour: number, minute: number, second: number, offset: any)', timeAt),
  fn('date and time(from: string)', read(dateTimeKind, readDateTime)),
  fn('date and time(from: date and time)', (_run, from) => from, 'standard'),
  fn('date and time(from: date)', (_run, date) => new DateTime(date, new Time(0, UTC)), 'standard'),
  fn('date and time(date: date, time: time)', combined),
  fn('date and time(date: date and time, time: time)', (run, { date }, time) => combined(run, date, time)),
  fn('date and time(date: date and time, time: string)', moved, 'camunda'),
  fn('date and time(date: date and time, timezone: string)', moved),
  fn('duration(from: string)', read(durationKind, readDuration)),
  fn('from json(json: string)', parsedJson, 'standard'),
  fn('to json(value: any)', (run, value) => run.text(toJson(measured(run, value, 1))), 'standard'),
]
