/**
 * When timers are due: dates, durations, cycles and cron expressions, as pure functions of a text, an instant and a zone.
 *
 * Owns: reading the text and all date arithmetic. Does not own: evaluating, clocks, or who is triggered.
 * Where no zone is configured, days are those of UTC, and a date without an offset is refused, as in Zeebe.
 * Source: Camunda docs › BPMN › Timer events; zeebe-traces timers/*.
 */
import { type TypeName, toJson, typeOf, type Value } from '../feel/index.ts'
import { type Place, UTC } from '../feel/temporal/values.ts'
import type { Instant } from '../protocol/records.ts'
import { type Cron, nextTime, nextTimeIn, parseCron } from './cron.ts'
import { add, clockAt, type Interval, parseDateTime, parseInterval, zoneOf } from './interval.ts'

export type TimerKind = 'date' | 'duration' | 'cycle'

/** `repetitions` as Zeebe's records say it: -1 is endless, 1 is the last time. */
export type Timer =
  | { readonly type: 'date'; readonly at: Instant; readonly repetitions: number }
  | {
      readonly type: 'interval'
      readonly interval: Interval
      /** Whose days are counted. */
      readonly place: Place
      readonly start: Instant | null
      readonly repetitions: number
    }
  | { readonly type: 'cron'; readonly cron: Cron; readonly zone: string | undefined; readonly repetitions: number }

export type ParsedTimer =
  | { readonly ok: true; readonly timer: Timer }
  | { readonly ok: false; readonly message: string }

export const ENDLESS = -1

const types: Readonly<Record<TimerKind, readonly TypeName[]>> = {
  date: ['DATE_TIME', 'STRING'],
  duration: ['DURATION', 'PERIOD', 'STRING'],
  cycle: ['STRING'],
}

/** Of the value of an expression. A date alone is none to Zeebe; in a zone it is the midnight with which the day begins. */
export const timerTypes = (kind: TimerKind, zone: string | undefined): readonly TypeName[] =>
  kind === 'date' && zone !== undefined ? [...types.date, 'DATE'] : types[kind]

/** Its text, as `parseTimer` reads it. */
export function timerText(value: Value): string {
  if (typeof value === 'string') return value
  // Dates and durations leave FEEL as quoted JSON text.
  const text = String(JSON.parse(toJson(value)))
  return typeOf(value) === 'DATE' ? `${text}T00:00:00` : text
}

/**
 * `zone` is the configured one. `expression` is what the text came from, as the message of a bad date or duration names it; the text
 * itself when it is static.
 */
export function parseTimer(kind: TimerKind, text: string, zone?: string, expression: string = text): ParsedTimer {
  switch (kind) {
    case 'date':
      return parseDate(text, zone, expression)
    case 'duration':
      return parseDuration(text, zone, expression)
    case 'cycle':
      return text.startsWith('R') ? parseCycle(text, zone) : parseCronTimer(text, zone)
  }
}

/** Never before `now` for durations and cycles; a date may lie in the past. */
export function firstDue(timer: Timer, now: Instant): Instant {
  switch (timer.type) {
    case 'date':
      return timer.at
    case 'interval':
      return timer.start !== null && timer.start >= now ? timer.start : oneIntervalFrom(now, timer)
    case 'cron':
      return (timer.zone === undefined ? nextTime(timer.cron, now) : nextTimeIn(timer.zone, timer.cron, now)) ?? now
  }
}

/**
 * The next time of a cycle that was due at `lastDue` and fires at `now`: one interval after it was due, or, when that has passed too,
 * one interval from now. Missed times are not caught up (timer-cycle-late, timer-start-redeploy).
 */
export function nextDue(timer: Timer, now: Instant, lastDue: Instant = now): Instant {
  if (timer.type !== 'interval') return firstDue(timer, now)
  const natural = oneIntervalFrom(lastDue, timer)
  return natural >= now ? natural : oneIntervalFrom(now, timer)
}

type IntervalTimer = Extract<Timer, { type: 'interval' }>

/** Whole days and months of a cycle that starts in a zone are counted to the time that the clock showed at its start. */
function oneIntervalFrom(from: Instant, { interval, place, start }: IntervalTimer): Instant {
  const keepsClock = start !== null && interval.ms === 0 && place.kind === 'zone'
  return add(from, interval, place, keepsClock ? clockAt(start, place) : undefined)
}

const timer = (of: Timer): ParsedTimer => ({ ok: true, timer: of })
const failed = (message: string): ParsedTimer => ({ ok: false, message })

function parseDate(text: string, zone: string | undefined, expression: string): ParsedTimer {
  const date = parseDateTime(text, zone)
  if (date === null) return failed(`Invalid date-time format '${text}' for expression '${expression}'.`)
  return timer({ type: 'date', at: date.at, repetitions: 1 })
}

function parseDuration(text: string, zone: string | undefined, expression: string): ParsedTimer {
  const parsed = parseStartedInterval(text, zone)
  if (!parsed.ok) return failed(`Invalid duration format '${text}' for expression '${expression}'.`)
  return timer({ ...parsed.timer, repetitions: 1 })
}

/** `R3/PT1M`, `R/2030-01-01T00:00:00Z/P1M`. A count of zero or less still fires once. */
function parseCycle(text: string, zone: string | undefined): ParsedTimer {
  const slash = text.indexOf('/')
  if (slash === -1) return failed('No interval given')
  const count = text.slice(1, slash)
  if (!/^([-+]?\d{1,9})?$/.test(count)) return failed('Cannot parse repetitions count')
  const parsed = parseStartedInterval(text.slice(slash + 1), zone)
  if (!parsed.ok) return parsed
  const repetitions = count === '' ? ENDLESS : Number(count)
  return timer({ ...parsed.timer, repetitions: repetitions === ENDLESS ? ENDLESS : Math.max(1, repetitions) })
}

function parseStartedInterval(text: string, zone: string | undefined): ParsedTimer {
  const slash = text.lastIndexOf('/')
  const startText = slash > 0 ? text.slice(0, slash) : null
  const start = startText === null ? null : parseDateTime(startText, zone)
  if (startText !== null && start === null) return failed(`Text '${startText}' could not be parsed at index 0`)
  const parsed = parseInterval(text.slice(slash + 1))
  if (!parsed.ok) return parsed
  const place = start?.place ?? (zone === undefined ? UTC : zoneOf(zone))
  return timer({ type: 'interval', interval: parsed.interval, place, start: start?.at ?? null, repetitions: 1 })
}

function parseCronTimer(text: string, zone: string | undefined): ParsedTimer {
  const parsed = parseCron(text)
  return parsed.ok ? timer({ type: 'cron', cron: parsed.cron, zone, repetitions: ENDLESS }) : parsed
}
