/**
 * Cron expressions of Spring's six fields (second, minute, hour, day of month, month, day of week), by the clock of a zone.
 * Both day fields must match. Understood: `*`, `?`, lists, ranges, steps, names, `L`, `L-n`, `nW`, `LW`, `nL`, `n#k` and `@daily` etc.
 */
import { offsetAt } from '../feel/temporal/zone.ts'
import type { Instant } from '../protocol/records.ts'
import { daysInMonth, instantAt } from './interval.ts'

/** Whether a day of a month counts; `month` from 0, `day` from 1. */
type DayTest = (year: number, month: number, day: number) => boolean

export interface Cron {
  readonly seconds: readonly number[]
  readonly minutes: readonly number[]
  readonly hours: readonly number[]
  readonly months: ReadonlySet<number>
  readonly isDay: DayTest
}
export type ParsedCron = { readonly ok: true; readonly cron: Cron } | { readonly ok: false; readonly message: string }

/** 29 February on a given weekday comes at most 40 years later. */
const MONTHS_MAX = 41 * 12

const nicknames: Readonly<Record<string, string>> = {
  '@yearly': '0 0 0 1 1 *',
  '@annually': '0 0 0 1 1 *',
  '@monthly': '0 0 0 1 * *',
  '@weekly': '0 0 0 * * 0',
  '@daily': '0 0 0 * * *',
  '@midnight': '0 0 0 * * *',
  '@hourly': '0 0 * * * *',
}
const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']

class BadField extends Error {}

export function parseCron(text: string): ParsedCron {
  const given = text.trim()
  const parts = (Object.hasOwn(nicknames, given) ? nicknames[given]! : given.toUpperCase()).split(/\s+/)
  if (given === '') return { ok: false, message: 'Empty expression!' }
  if (parts.length !== 6)
    return { ok: false, message: `Cron expression contains ${parts.length} parts but we expect one of [6]` }
  const [second, minute, hour, dayOfMonth, month, dayOfWeek] = parts as [string, string, string, string, string, string]
  try {
    const isDayOfMonth = dayOfMonthTest(dayOfMonth)
    const isDayOfWeek = dayOfWeekTest(dayOfWeek)
    const cron: Cron = {
      seconds: values(second, 0, 59),
      minutes: values(minute, 0, 59),
      hours: values(hour, 0, 23),
      months: new Set(values(month, 1, 12, monthNames, 1).map((value) => value - 1)),
      isDay: (year, inMonth, day) => isDayOfMonth(year, inMonth, day) && isDayOfWeek(year, inMonth, day),
    }
    return nextTime(cron, 0) === null
      ? { ok: false, message: `Cron expression '${text}' never comes due` }
      : { ok: true, cron }
  } catch (error) {
    if (error instanceof BadField) return { ok: false, message: `Failed to parse cron expression. ${error.message}` }
    throw error
  }
}

const HOURS_OF_DAY = 24
const DAY_MS = 86_400_000

/**
 * The first time after `from` by the clock of a zone, or null when there is none. Where the clock changes, what is due at certain hours
 * is due once: as much later when its time is skipped, at the first of two equal times. What is due every hour goes on hour by hour.
 */
export function nextTimeIn(zone: string, cron: Cron, from: Instant): Instant | null {
  const offset = (at: Instant): number => offsetAt(zone, Math.floor(at / 1000)) * 1000
  return cron.hours.length < HOURS_OF_DAY
    ? atCertainHours(cron, from, Math.min(offset(from), offset(from - DAY_MS)), zone)
    : everyHour(cron, from, offset, zone)
}

/** From the lower of the clock's times before and after a change on, so that what was skipped is found. */
function atCertainHours(cron: Cron, from: Instant, offset: number, zone: string): Instant | null {
  for (let wall = nextTime(cron, from + offset); wall !== null; wall = nextTime(cron, wall)) {
    const due = instantAt(wall, zone)
    if (due > from) return due
  }
  return null
}

/** By the clock before a change as long as it holds, and by the one after it. */
function everyHour(cron: Cron, from: Instant, offset: (at: Instant) => number, zone: string): Instant | null {
  const wall = nextTime(cron, from + offset(from))
  if (wall === null) return null
  const natural = instantAt(wall, zone)
  const due = [offset(from), offset(natural)]
    .map((clock) => ({ clock, at: (nextTime(cron, from + clock) ?? Number.NaN) - clock }))
    .filter(({ clock, at }) => offset(at) === clock)
  return due.length === 0 ? natural : Math.min(...due.map(({ at }) => at))
}

/** The first time after `from` by a clock that never changes, or null when there is none. Cost: bounded by MONTHS_MAX months. */
export function nextTime(cron: Cron, from: Instant): Instant | null {
  const start = new Date(Math.floor(from / 1000) * 1000 + 1000)
  const [year, month, today] = [start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate()]
  for (let i = 0; i < MONTHS_MAX; i++) {
    const first = new Date(Date.UTC(year, month + i, 1))
    if (!cron.months.has(first.getUTCMonth())) continue
    const found = inMonth(cron, first, i === 0 ? today : 1, start.getTime())
    if (found !== null) return found
  }
  return null
}

function inMonth(cron: Cron, first: Date, fromDay: number, notBefore: Instant): Instant | null {
  const [year, month] = [first.getUTCFullYear(), first.getUTCMonth()]
  for (let day = fromDay; day <= daysInMonth(year, month); day++) {
    if (!cron.isDay(year, month, day)) continue
    const midnight = Date.UTC(year, month, day)
    const found = midnight >= notBefore ? firstOfDay(cron, midnight) : laterThatDay(cron, midnight, notBefore)
    if (found !== null) return found
  }
  return null
}
const firstOfDay = (cron: Cron, midnight: Instant): Instant =>
  at(midnight, cron.hours[0]!, cron.minutes[0]!, cron.seconds[0]!)
const at = (midnight: Instant, hour: number, minute: number, second: number): Instant =>
  midnight + ((hour * 60 + minute) * 60 + second) * 1000

function laterThatDay(cron: Cron, midnight: Instant, notBefore: Instant): Instant | null {
  for (const hour of cron.hours) {
    if (at(midnight, hour, 59, 59) < notBefore) continue
    for (const minute of cron.minutes) {
      if (at(midnight, hour, minute, 59) < notBefore) continue
      for (const second of cron.seconds)
        if (at(midnight, hour, minute, second) >= notBefore) return at(midnight, hour, minute, second)
    }
  }
  return null
}

const weekday = (year: number, month: number, day: number): number => new Date(Date.UTC(year, month, day)).getUTCDay()

function dayOfMonthTest(field: string): DayTest {
  if (field === '?') return () => true
  if (field.includes('L') || field.includes('W')) return specialDayOfMonth(field)
  const days = new Set(values(field, 1, 31))
  return (_year, _month, day) => days.has(day)
}

function specialDayOfMonth(field: string): DayTest {
  const last = /^L(?:-(\d+))?$/.exec(field)
  if (last !== null) return (year, month, day) => day === daysInMonth(year, month) - Number(last[1] ?? 0)
  if (field === 'LW') return (year, month, day) => day === nearestWeekday(year, month, daysInMonth(year, month))
  const near = /^(\d+)W$/.exec(field)
  const wanted = Number(near?.[1])
  if (near === null || wanted < 1 || wanted > 31)
    throw new BadField(`Invalid chars in expression! Expression: ${field}`)
  return (year, month, day) => wanted <= daysInMonth(year, month) && day === nearestWeekday(year, month, wanted)
}

/** Monday to Friday, in the same month. */
function nearestWeekday(year: number, month: number, day: number): number {
  const on = weekday(year, month, day)
  if (on === 6) return day === 1 ? 3 : day - 1
  if (on === 0) return day === daysInMonth(year, month) ? day - 2 : day + 1
  return day
}

function dayOfWeekTest(field: string): DayTest {
  if (field === '?') return () => true
  const special = /^(\w+?)(?:#([1-5])|L)$/.exec(field)
  if (special !== null) {
    const [wanted] = values(special[1]!, 0, 7, dayNames, 0)
    const nth = special[2] === undefined ? null : Number(special[2])
    const isPlace = (year: number, month: number, day: number) =>
      nth === null ? day + 7 > daysInMonth(year, month) : Math.ceil(day / 7) === nth
    return (year, month, day) => weekday(year, month, day) === wanted! % 7 && isPlace(year, month, day)
  }
  const days = new Set(values(field, 0, 7, dayNames, 0).map((value) => value % 7))
  return (year, month, day) => days.has(weekday(year, month, day))
}

/** Sorted values of a field; `names[0]` stands for `firstNamed`. */
function values(
  field: string,
  min: number,
  max: number,
  names: readonly string[] = [],
  firstNamed = 0,
): readonly number[] {
  const valueIn = (text: string): number => {
    const named = names.indexOf(text)
    const value = named === -1 ? Number(/^\d{1,4}$/.test(text) ? text : Number.NaN) : named + firstNamed
    if (!(value >= min && value <= max)) throw new BadField(`Value ${text} not in range [${min}, ${max}]`)
    return value
  }
  const found = new Set<number>()
  for (const item of field.split(',')) {
    const [range = '', step, ...rest] = item.split('/')
    const [from = '', to, ...more] = range === '*' ? [String(min), String(max)] : range.split('-')
    const by = step === undefined ? 1 : Number(/^\d{1,4}$/.test(step) ? step : 0)
    if (rest.length > 0 || more.length > 0 || by < 1)
      throw new BadField(`Invalid chars in expression! Expression: ${item}`)
    const start = valueIn(from)
    const end = to !== undefined ? valueIn(to) : step === undefined ? start : max
    if (end < start) throw new BadField(`Invalid range! [${start}, ${end}]`)
    for (let value = start; value <= end; value += by) found.add(value)
  }
  return [...found].sort((a, b) => a - b)
}
