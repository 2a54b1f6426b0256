/** What can be read of a value by a path: entries of contexts, parts of dates, times, durations and ranges. */
import { canonical, decimal, fromBigInt, type Numeric } from './number.ts'
import type { Run } from './run.ts'
import { normalName } from './syntax/names.ts'
import { NANOS_PER_SECOND, weekday } from './temporal/calendar.ts'
import { wholeSeconds } from './temporal/text.ts'
import { type CalendarDate, DateTime, DaysDuration, type MonthsDuration, Time } from './temporal/values.ts'
import { offsetOf, offsetOfTime } from './temporal/zone.ts'
import { shown } from './text.ts'
import { type Context, FunctionValue, isContext, isList, type Kind, kindOf, type Range, type Value } from './value.ts'

type Properties<T> = Readonly<Record<string, (value: T) => Value>>

const ofDate: Properties<CalendarDate> = {
  year: (date) => date.year,
  month: (date) => date.month,
  day: (date) => date.day,
  weekday,
}

/** In the order in which Zeebe's warnings tell them. */
const ofTime: Properties<Time> = {
  timezone: ({ place }) => (place.kind === 'zone' ? place.id : null),
  second: ({ nanos }) => secondOf(nanos),
  'time offset': (time) => offset(offsetOfTime(time)),
  minute: ({ nanos }) => Math.floor(nanos / (60 * NANOS_PER_SECOND)) % 60,
  hour: ({ nanos }) => Math.floor(nanos / (3_600 * NANOS_PER_SECOND)),
}
const secondOf = (nanos: number): Numeric | null =>
  canonical(decimal(nanos % (60 * NANOS_PER_SECOND)).dividedBy(decimal(NANOS_PER_SECOND)))
const offset = (seconds: number | null): Value =>
  seconds === null ? null : new DaysDuration(BigInt(seconds) * BigInt(NANOS_PER_SECOND))

const byDate =
  (name: string) =>
  ({ date }: DateTime) =>
    ofDate[name]!(date)
const byTime =
  (name: string) =>
  ({ time }: DateTime) =>
    ofTime[name]!(time)
const ofDateTime: Properties<DateTime> = {
  timezone: byTime('timezone'),
  year: byDate('year'),
  second: byTime('second'),
  month: byDate('month'),
  day: byDate('day'),
  'time offset': (dateTime) => offset(offsetOf(dateTime)),
  weekday: byDate('weekday'),
  minute: byTime('minute'),
  hour: byTime('hour'),
}

/** Zeebe counts whole seconds. */
function inWholeSeconds(value: Value): Value {
  if (value instanceof DaysDuration) return new DaysDuration(wholeSeconds(value.nanos) * SECOND)
  if (value instanceof Time) return new Time(value.nanos - (value.nanos % NANOS_PER_SECOND), value.place)
  if (value instanceof DateTime) return new DateTime(value.date, inWholeSeconds(value.time) as Time)
  return value
}

const part =
  (unit: bigint, of: bigint | null) =>
  ({ nanos }: DaysDuration): Value =>
    fromBigInt(of === null ? nanos / unit : (nanos / unit) % of)
const SECOND = 1_000_000_000n
const ofDays: Properties<DaysDuration> = {
  days: part(86_400n * SECOND, null),
  hours: part(3_600n * SECOND, 24n),
  minutes: part(60n * SECOND, 60n),
  seconds: ({ nanos }) =>
    canonical(decimal(fromBigInt(nanos % (60n * SECOND)) ?? 0).dividedBy(decimal(NANOS_PER_SECOND))),
}

const ofMonths: Properties<MonthsDuration> = {
  years: ({ months }) => Math.trunc(months / 12) + 0,
  months: ({ months }) => (months % 12) + 0,
}

const ofRange: Properties<Range> = {
  start: ({ start }) => start,
  end: ({ end }) => end,
  'start included': ({ startIncluded }) => startIncluded,
  'end included': ({ endIncluded }) => endIncluded,
}

const none: Properties<never> = {}
const properties: { readonly [K in Kind]: Properties<never> } = {
  null: none,
  boolean: none,
  number: none,
  string: none,
  list: none,
  context: none,
  date: ofDate,
  time: ofTime,
  'date and time': ofDateTime,
  'days and time duration': ofDays,
  'years and months duration': ofMonths,
  range: ofRange,
  function: none,
}

/** Of the stack, against a closure, for each list within a list. */
const LEVELS = 4

/** `value.name`; of a list, the same of each item. */
export function propertyOf(run: Run, value: Value, name: string): Value {
  if (isContext(value)) {
    const entry = value.get(name) ?? entryOf(run, value, name)
    return entry === undefined || (run.dialect === 'camunda' && entry instanceof FunctionValue)
      ? noEntry(run, value, name)
      : entry
  }
  if (isList(value)) {
    run.items(value.length)
    return value.map((item) =>
      isList(item) ? run.nested(LEVELS, () => propertyOf(run, item, name)) : propertyOf(run, item, name),
    )
  }
  if (value === null)
    return run.warn('NO_CONTEXT_ENTRY_FOUND', `No context entry found with key '${name}'. The context is null`, name)
  const known = properties[kindOf(value)]
  const read = Object.hasOwn(known, name) ? known[name] : undefined
  if (read === undefined) return noProperty(run, value, name, Object.keys(known))
  return read((run.dialect === 'camunda' ? inWholeSeconds(value) : value) as never)
}

/** Of a name that may have to be brought into its normal form. */
const SPELLING_COST = 8

/** By its name, or by another spelling of it. */
export function entryOf(run: Run, context: Context, name: string): Value | undefined {
  const entry = context.get(name)
  if (entry !== undefined || /^\w+$/.test(name)) return entry
  run.spend(context.size * SPELLING_COST)
  const normal = normalName(name)
  for (const [key, value] of context) if (normalName(key) === normal) return value
  return undefined
}

const quoted = (names: Iterable<string>): string => [...names].map((name) => `'${name}'`).join(', ')

function noEntry(run: Run, context: Context, name: string): null {
  run.spend(context.size)
  const keys = [...context].filter(([, value]) => !(value instanceof FunctionValue)).map(([key]) => key)
  const found = keys.length === 0 ? 'The context is empty' : `Available keys: ${quoted(keys)}`
  return run.warn('NO_CONTEXT_ENTRY_FOUND', `No context entry found with key '${name}'. ${found}`, name)
}

const noProperty = (run: Run, value: Value, name: string, known: readonly string[]): null =>
  run.warn(
    'NO_PROPERTY_FOUND',
    `No property found with name '${name}' of value '${shown(value)}'. Available properties: ${quoted(known)}`,
    name,
  )
