/** The legal clock of a practice: the term, its stops, its alarms, as the procedure keeps them (`termine`). */
import { type Context, isContext, isList, type Value } from '../../../engine/feel/index.ts'
import type { Say } from '../catalogue.ts'
import { shown } from '../form/display.ts'
import { valueAt } from '../form/paths.ts'
import { type Html, html, type Part } from '../html.ts'
import type { PersonVisit, TownHall } from '../page.ts'
import { dueOf, renderDue } from './due.ts'
import type { InstanceStory } from './instance-story.ts'
import { officeName } from './names.ts'

export function renderClock(hall: TownHall, { say }: PersonVisit, { legal, readable }: InstanceStory): Part {
  const term = legal.get('termine') ?? null
  if (!isContext(term)) return null
  const text = (path: string): string => shown(valueAt(term, path) ?? null)
  const stop = valueAt(term, 'sospeso') ?? null
  const isOver = readable.root.state !== 'ACTIVE' && readable.root.state !== 'SUSPENDED'
  const fact = (name: string, value: Part): Html => html`<div><dt>${name}</dt><dd>${value}</dd></div>`
  return html`<section aria-labelledby="termine"><h2 class="h4" id="termine">${say('legalTerm')}</h2><dl class="iter-facts">${fact(say('termFrom'), text('inizio'))}${fact(
    say('termLength'),
    text('tipo') === 'lavorativi'
      ? say('termWorkingDays', { days: text('giorni') })
      : say('termDays', { days: text('giorni') }),
  )}${fact(say('termEnd'), isContext(stop) ? renderStop(hall, say, stop) : endOf(hall, say, term, isOver))}</dl>${renderStops(say, term)}${renderAlarms(hall, say, term)}</section>`
}

/** Of a practice that is over the day alone: nobody has anything left to do by then. */
function endOf(hall: TownHall, say: Say, term: Context, isOver: boolean): Part {
  const effect = instantIn(term, 'effetto')
  if (effect === null || isOver) return shown(valueAt(term, 'scadenza') ?? null)
  return renderDue(dueOf(effect, hall.now(), hall.town.calendario), hall.icon, say)
}

function renderStop({ icon }: TownHall, say: Say, stop: Context): Html {
  const text = (name: string): string => shown(stop.get(name) ?? null)
  return html`<span class="iter-due iter-due-stopped">${icon('it-minus-circle')} ${say('termStopped', { from: text('dal'), cause: text('causa'), days: text('restano') })}</span>`
}

const contextsIn = (value: Value | undefined): readonly Context[] =>
  value !== undefined && isList(value) ? value.filter(isContext) : []

function renderStops(say: Say, term: Context): Part {
  const stops = contextsIn(term.get('sospensioni'))
  if (stops.length === 0) return null
  return html`<h3 class="h6">${say('termStops')}</h3><ul>${stops.map((stop) => {
    const text = (name: string): string => shown(stop.get(name) ?? null)
    return html`<li>${say('termStopFromTo', { from: text('dal'), to: text('al'), cause: text('causa') })}</li>`
  })}</ul>`
}

function renderAlarms(hall: TownHall, say: Say, term: Context): Part {
  const alarms = contextsIn(term.get('allarmi'))
  if (alarms.length === 0) return null
  const items = alarms.map((alarm) => {
    const at = instantIn(alarm, 'istante')
    const group = shown(alarm.get('gruppo') ?? null)
    const isPast = at !== null && Temporal.Instant.from(at).epochMilliseconds <= hall.now()
    return html`<li>${shown(alarm.get('istante') ?? null)}: ${officeName(hall, group)}${isPast && ` (${say('alarmSounded')})`}</li>`
  })
  return html`<h3 class="h6">${say('termAlarms')}</h3><ul>${items}</ul>`
}

/** A text that is an instant; a variable may hold anything. */
function instantIn(context: Context, name: string): string | null {
  const value = context.get(name) ?? null
  if (typeof value !== 'string') return null
  return /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(value) && !Number.isNaN(Date.parse(value)) ? value : null
}
