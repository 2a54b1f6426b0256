/** How a due date is told: the last useful day and the working days that remain, as icon, word and colour, never colour alone. */
import { isWorkingDay } from '../../../processes/calendar.ts'
import type { TownCalendar } from '../../../processes/town.ts'
import type { Say } from '../catalogue.ts'
import { TOWN_ZONE } from '../form/time.ts'
import { type Html, html } from '../html.ts'

export type Urgency = 'inTime' | 'soon' | 'overdue'

export interface Due {
  readonly urgency: Urgency
  /** The last useful day. */
  readonly day: Temporal.PlainDate
  /** From tomorrow to the last useful day; negative when days have passed since. */
  readonly workingDays: number
}

/** This many working days or fewer are little time. */
const SOON = 2
const DAYS_MAX = 400

/** A term takes effect at the midnight that ends its last day: the day people know is the one before the instant. */
export function dueOf(instant: string, now: number, calendar: TownCalendar): Due {
  const end = Temporal.Instant.from(instant)
  const day = end.subtract({ milliseconds: 1 }).toZonedDateTimeISO(TOWN_ZONE).toPlainDate()
  const today = todayAt(now)
  const isPast = end.epochMilliseconds <= now
  const workingDays = isPast ? -workingDaysBetween(day, today, calendar) : workingDaysBetween(today, day, calendar)
  return { urgency: isPast ? 'overdue' : workingDays <= SOON ? 'soon' : 'inTime', day, workingDays }
}

export const todayAt = (now: number): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(TOWN_ZONE).toPlainDate()

/** The day on which an instant falls in the town. */
export const dayAt = (instant: string): Temporal.PlainDate =>
  Temporal.Instant.from(instant).toZonedDateTimeISO(TOWN_ZONE).toPlainDate()

/** The midnight that ends the working day so many after today; 0 is today, whatever day it is. */
export function endOfWorkingDay(ahead: number, now: number, calendar: TownCalendar): Temporal.Instant {
  let day = todayAt(now)
  for (let days = 0, left = ahead; days < DAYS_MAX && left > 0; days++) {
    day = day.add({ days: 1 })
    if (isWorkingDay(day, calendar)) left--
  }
  return day.add({ days: 1 }).toZonedDateTime(TOWN_ZONE).toInstant()
}

/** After the first day, up to the last. */
function workingDaysBetween(first: Temporal.PlainDate, last: Temporal.PlainDate, calendar: TownCalendar): number {
  let count = 0
  let day = first
  for (let days = 0; days < DAYS_MAX && Temporal.PlainDate.compare(day, last) < 0; days++) {
    day = day.add({ days: 1 })
    if (isWorkingDay(day, calendar)) count++
  }
  return count
}

const icons: Readonly<Record<Urgency, string>> = { inTime: 'it-clock', soon: 'it-warning-circle', overdue: 'it-error' }

export const dayText = (day: Temporal.PlainDate): string =>
  `${String(day.day).padStart(2, '0')}/${String(day.month).padStart(2, '0')}/${day.year}`

function remainingText({ workingDays, urgency }: Due, say: Say): string {
  const days = Math.abs(workingDays)
  const counted = days === 1 ? say('workingDay') : say('workingDays', { days: String(days) })
  if (urgency === 'overdue') return days === 0 ? say('dueJustOver') : say('dueSince', { days: counted })
  if (days === 0) return say('dueLastDay')
  return days === 1 ? say('dueLeftOne', { days: counted }) : say('dueLeft', { days: counted })
}

export function renderDue(due: Due, icon: (name: string) => Html, say: Say): Html {
  const words = { inTime: say('dueInTime'), soon: say('dueSoon'), overdue: say('dueOverdue') }
  return html`<time datetime="${due.day.toString()}">${dayText(due.day)}</time><span class="iter-due iter-due-${due.urgency}">${icon(icons[due.urgency])} ${words[due.urgency]}: ${remainingText(due, say)}</span>`
}
