/** Texts and parts → numbers, dates, times, durations; values → text. */
import { fromJson, toJson } from '../json.ts'
import { decimal, type Numeric, parseNumber, wholeNumber } from '../number.ts'
import { type Run, TEXT_MAX } from '../run.ts'
import { dateTimeAt } from '../temporal/arithmetic.ts'
import { dateOf } from '../temporal/calendar.ts'
import { clock, readDate, readDateTime, readDuration, readTime } from '../temporal/parse.ts'
import { type CalendarDate, DateTime, DaysDuration, LOCAL, type Place, Time, UTC } from '../temporal/values.ts'
import { instantOf, isZone } from '../temporal/zone.ts'
import { valueText } from '../text.ts'
import type { Value } from '../value.ts'
import { type Definition, fn, type Illegal, illegal } from './signature.ts'

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?$/
const STANDARD_NUMBER = /^-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,4})?$/
const GROUPING = [' ', ',', '.']
const POINTS = [',', '.']

function number(run: Run, from: string): Value | Illegal {
  run.spend(from.length >> 2)
  return (run.dialect === 'standard' ? STANDARD_NUMBER : NUMBER).test(from)
    ? parseNumber(from)
    : illegal(`Can't parse '${from}' as a number`)
}

/** Separators are replaced before the number is read. Null for one that is not used. */
function separated(run: Run, from: string, grouping: Value, point: Value = null): Value | Illegal {
  const isGrouping = grouping === null || (typeof grouping === 'string' && GROUPING.includes(grouping))
  const isPoint = point === null || (typeof point === 'string' && POINTS.includes(point))
  if (!isGrouping || !isPoint || (grouping !== null && grouping === point))
    return illegal("illegal arguments for grouping or decimal. Must be one of ' ' (grouping only), ',' or '.'")
  const bare = typeof grouping === 'string' ? from.replaceAll(grouping, '') : from
  return number(run, typeof point === 'string' ? bare.replace(point, '.') : bare)
}

function string(run: Run, from: Value): Value {
  if (from === null || typeof from === 'string') return from
  return run.text(valueText(from, run.dialect, TEXT_MAX))
}

const read =
  <T extends Value>(what: string, parse: (text: string, run: Run) => T | null) =>
  (run: Run, from: string): Value | Illegal =>
    parse(from, run) ?? illegal(`Failed to parse ${what} from '${from}'`)

function dateFrom(_run: Run, year: Numeric, month: Numeric, day: Numeric): Value | Illegal {
  const [y, m, d] = [year, month, day].map((part) => wholeNumber(part) ?? Number.NaN) as [number, number, number]
  return dateOf(y, m, d) ?? illegal(`Failed to parse date from: year=${year}, month=${month}, day=${day}`)
}

function timeFrom(_run: Run, hour: Numeric, minute: Numeric, second: Numeric, offset: Value = null): Value | Illegal {
  const place = placeOf(offset)
  const seconds = decimal(second)
  const nanos = seconds.minus(seconds.floor()).times(1e9).floor().toNumber()
  const [h, m] = [wholeNumber(hour) ?? -1, wholeNumber(minute) ?? -1]
  const time = place && clock(h, m, seconds.floor().toNumber(), nanos, place)
  return time ?? illegal(`Failed to parse time from: hour=${hour}, minute=${minute}, second=${second}`)
}

const OFFSET_MAX = 18n * 3_600n * 1_000_000_000n
function placeOf(offset: Value): Place | null {
  if (offset === null) return LOCAL
  if (!(offset instanceof DaysDuration) || offset.nanos > OFFSET_MAX || offset.nanos < -OFFSET_MAX) return null
  return { kind: 'offset', seconds: Number(offset.nanos / 1_000_000_000n) }
}

/** The offset of the time's own day need not be that of the date. */
const combined = (_run: Run, date: CalendarDate, { nanos, place }: Time): Value =>
  new DateTime(date, new Time(nanos, place.kind === 'zone' ? { ...place, offset: null } : place))

/** The same instant seen from another zone; a local one is put there. */
function moved(_run: Run, dateTime: DateTime, zone: string): Value | Illegal {
  if (!isZone(zone)) return illegal(`Unknown time-zone ID: ${zone}`)
  const place: Place = { kind: 'zone', id: zone, offset: null }
  return dateTime.time.place.kind === 'local'
    ? new DateTime(dateTime.date, new Time(dateTime.time.nanos, place))
    : dateTimeAt(instantOf(dateTime), place)
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
  fn('number(from: string, grouping separator: any)', separated, 'camunda'),
  fn('number(from: string, grouping separator: any, decimal separator: any)', separated),
  fn('date(from: string)', read('date', readDate)),
  fn('date(from: date)', (_run, date) => date),
  fn('date(from: date and time)', (_run, { date }) => date),
  fn('date(year: number, month: number, day: number)', dateFrom),
  fn(
    'time(from: string)',
    read('time', (text, { dialect }) => readTime(text, dialect)),
  ),
  fn('time(from: time)', (_run, time) => time, 'standard'),
  fn('time(from: date and time)', (_run, { time }) => time),
  fn('time(from: date)', () => midnight),
  fn('time(hour: number, minute: number, second: number)', timeFrom),
  fn('time(hour: number, minute: number, second: number, offset: any)', timeFrom),
  fn(
    'date and time(from: string)',
    read('date-time', (text, { dialect }) => readDateTime(text, dialect)),
  ),
  fn('date and time(from: date and time)', (_run, from) => from, 'standard'),
  fn('date and time(from: date)', (_run, date) => new DateTime(date, new Time(0, UTC)), 'standard'),
  fn('date and time(date: date, time: time)', combined),
  fn('date and time(date: date and time, time: time)', (run, { date }, time) => combined(run, date, time)),
  fn('date and time(date: date and time, timezone: string)', moved),
  fn('duration(from: string)', read('duration', readDuration)),
  fn('from json(json: string)', parsedJson, 'standard'),
  fn('to json(value: any)', (run, value) => run.text(toJson(value)), 'standard'),
]
