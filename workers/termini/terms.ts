/**
 * The legal clock: from the day something was received to the day and instant a term ends.
 *
 * Owns the counting rules. Does not own which terms a procedure has (a DMN table) or which days count (processes/calendar.ts).
 * Invariants
 * T1 The first day is excluded: n days from D end on D+n.
 * T2 The last day is useful to its end: a term takes effect at the following midnight, Europe/Rome.
 * T3 Days are counted first, instants derived last; adding hours to a UTC instant would be wrong across summer time.
 * T4 Only the final day rolls, and only when both the rule and the town say so; alarms never roll. The day as counted stays known: whether a
 *    term rolls may be disputed, and who must act can be told the day that is safe either way.
 */

import { z } from 'zod'
import { isHoliday, isWorkingDay } from '../../processes/calendar.ts'
import type { TownCalendar } from '../../processes/town.ts'

export const LEGAL_TIME_ZONE = 'Europe/Rome'

/** No term in municipal law is longer than ten years; the bound also ends the search for a working day in a town that has none. */
export const TERM_DAYS_MAX = 3660

export interface TermRule {
  readonly giorni: number
  readonly computo: 'calendario' | 'lavorativi'
  /** A last day that is a Sunday or holiday moves on. */
  readonly slitta: boolean
  /** An alarm sounds as its day begins, a term ends as its day is over. */
  readonly momento: 'inizio' | 'fine'
}

export interface DayAndInstant {
  /** The last useful day, or the alarm's day. */
  readonly giorno: string
  /** The instant, in UTC, at which the engine's timer fires. */
  readonly istante: string
}
export interface Term extends DayAndInstant {
  /** As counted, before it rolled. */
  readonly contato: DayAndInstant
}

/** As engines and people write it: a form's time of day has no seconds. */
export const instantSchema = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/, 'expected an ISO instant')
  .meta({ format: 'date-time' })

/** The last day as counted, in what workers take and give. */
export const countedSchema = z
  .object({
    giorno: z.iso
      .date()
      .meta({ title: 'Giorno', description: 'L’ultimo giorno come si conta.', examples: ['2027-04-15'] }),
    istante: z.iso.datetime({ offset: true }).meta({
      title: 'Istante',
      description: 'L’istante in cui quel giorno finisce.',
      examples: ['2027-04-15T22:00:00Z'],
    }),
  })
  .meta({
    title: 'Contato',
    description: 'Lo stesso prima di slittare: entro quel giorno è in tempo anche se il termine non slitta.',
  })

/** The day on which an instant falls in Rome. */
export function legalDay(instant: string): Temporal.PlainDate {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(LEGAL_TIME_ZONE).toPlainDate()
}

/** Counts a term from the day of receipt. Throws a `RangeError` when it would pass `TERM_DAYS_MAX`. */
export function term(receipt: Temporal.PlainDate, rule: TermRule, calendar: TownCalendar): Term {
  const counted =
    rule.computo === 'lavorativi' ? addWorkingDays(receipt, rule.giorni, calendar) : addDays(receipt, rule.giorni)
  const day = rule.slitta && calendar.slitta ? roll(counted, calendar) : counted
  return { ...at(day, rule), contato: at(counted, rule) }
}

const at = (day: Temporal.PlainDate, { momento }: TermRule): DayAndInstant => ({
  giorno: day.toString(),
  istante: midnight(momento === 'inizio' ? day : day.add({ days: 1 })),
})

function addDays(from: Temporal.PlainDate, days: number): Temporal.PlainDate {
  if (days > TERM_DAYS_MAX) throw tooLong(days)
  return from.add({ days })
}

function addWorkingDays(from: Temporal.PlainDate, days: number, calendar: TownCalendar): Temporal.PlainDate {
  let left = days
  for (let passed = 1; passed <= TERM_DAYS_MAX; passed++) {
    const day = from.add({ days: passed })
    if (isWorkingDay(day, calendar)) left--
    if (left <= 0) return day
  }
  throw tooLong(days)
}

function roll(day: Temporal.PlainDate, calendar: TownCalendar): Temporal.PlainDate {
  return isHoliday(day, calendar) ? roll(day.add({ days: 1 }), calendar) : day
}

function midnight(day: Temporal.PlainDate): string {
  return day.toZonedDateTime(LEGAL_TIME_ZONE).toInstant().toString()
}

function tooLong(days: number): RangeError {
  return new RangeError(`Expected a term of at most ${TERM_DAYS_MAX} days, but counting ${days} days would pass that`)
}
