/** How a due date is told: the last useful day and the working days that remain, as icon, word and colour, never colour alone. */
import { isWorkingDay } from '../../../processes/calendar.ts'
import type { TownCalendar } from '../../../processes/town.ts'
import { TOWN_ZONE } from '../form/time.ts'
import { type Html, html } from '../html.ts'

export type Urgency = 'in tempo' | 'in scadenza' | 'scaduta'

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
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(TOWN_ZONE).toPlainDate()
  const isPast = end.epochMilliseconds <= now
  const workingDays = isPast ? -workingDaysBetween(day, today, calendar) : workingDaysBetween(today, day, calendar)
  return { urgency: isPast ? 'scaduta' : workingDays <= SOON ? 'in scadenza' : 'in tempo', day, workingDays }
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

const looks: Readonly<Record<Urgency, { readonly icon: string; readonly colour: string }>> = {
  'in tempo': { icon: 'it-clock', colour: 'success' },
  'in scadenza': { icon: 'it-warning-circle', colour: 'warning' },
  scaduta: { icon: 'it-error', colour: 'danger' },
}

export const dayText = (day: Temporal.PlainDate): string =>
  `${String(day.day).padStart(2, '0')}/${String(day.month).padStart(2, '0')}/${day.year}`

function remainingText({ workingDays, urgency }: Due): string {
  const days = Math.abs(workingDays)
  const counted = days === 1 ? '1 giorno lavorativo' : `${days} giorni lavorativi`
  if (urgency === 'scaduta') return days === 0 ? 'appena scaduta' : `da ${counted}`
  return days === 0 ? 'ultimo giorno' : days === 1 ? 'resta 1 giorno lavorativo' : `restano ${counted}`
}

export function renderDue(due: Due, icon: (name: string) => Html): Html {
  const { icon: name, colour } = looks[due.urgency]
  return html`<time datetime="${due.day.toString()}">${dayText(due.day)}</time><br><span class="border-start border-3 border-${colour} ps-2">${icon(name)} ${due.urgency}: ${remainingText(due)}</span>`
}
