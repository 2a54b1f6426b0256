/** What a message, timer or signal definition means in the scope of an element instance. */
import { toJson } from '../../feel/index.ts'
import type { EventDefinition } from '../../model/executable.ts'
import { firstDue, parseTimer, timerText, timerTypes } from '../../model/timer.ts'
import type { Instant, Key } from '../../protocol/records.ts'
import type { Processing } from '../processing.ts'
import type { ElementInstance } from '../state/rows.ts'
import { extract, extractText, failed, type Result, value } from './expressions.ts'

type MessageDefinition = Extract<EventDefinition, { type: 'message' }>
type SignalDefinition = Extract<EventDefinition, { type: 'signal' }>
type TimerDefinition = Extract<EventDefinition, { type: 'timer' }>

export interface ScheduledTimer {
  readonly dueDate: Instant
  readonly repetitions: number
}

export function messageNameOf(p: Processing, instance: ElementInstance, event: MessageDefinition): Result<string> {
  return extractText(p, instance.key, event.name)
}

/** `scopeKey` -1 for a start event: its name is fixed at deployment, where it was checked. */
export function signalNameOf(p: Processing, scopeKey: Key, event: SignalDefinition): Result<string> {
  return extractText(p, scopeKey, event.name)
}

/** The name of a start message is fixed at deployment, where it was checked. */
export function messageStartNameOf(p: Processing, event: MessageDefinition): string {
  const name = extractText(p, -1, event.name)
  if (!name.ok) throw new Error(name.failure.message)
  return name.value
}

/** Text, or a number as text; anything else is an EXTRACT_VALUE_ERROR. */
export function correlationKeyOf(p: Processing, scopeKey: Key, event: MessageDefinition): Result<string> {
  if (event.correlationKey === null) return value('')
  if (event.correlationKey.kind === 'static') return value(event.correlationKey.text)
  const result = extract(p, scopeKey, event.correlationKey, 'STRING', 'NUMBER')
  if (result.ok) return value(typeof result.value === 'string' ? result.value : toJson(result.value))
  const { source } = event.correlationKey
  const found = result.failure.message.match(/but was '([A-Z_]+)'\./)
  if (found === null) return result
  const warnings = result.failure.message.slice(found.index! + found[0].length)
  return failed(
    'EXTRACT_VALUE_ERROR',
    `Failed to extract the correlation key for '${source}': The value must be either a string or a number, but was '${found[1]}'.${warnings}`,
  )
}

/** The first due date and the number of repetitions. Incidents: EXTRACT_VALUE_ERROR with the reason of the parser. */
export function timerOf(p: Processing, scopeKey: Key, event: TimerDefinition): Result<ScheduledTimer> {
  const text = timerTextOf(p, scopeKey, event)
  if (!text.ok) return text
  const timer = parseTimer(event.timer, text.value, p.settings.locality.zone)
  if (!timer.ok) return failed('EXTRACT_VALUE_ERROR', timer.message)
  return value({ dueDate: firstDue(timer.timer, p.now), repetitions: timer.timer.repetitions })
}

/** The text of a timer as its scope sees it now. */
export function timerTextOf(p: Processing, scopeKey: Key, event: TimerDefinition): Result<string> {
  if (event.expression.kind === 'static') return value(event.expression.text)
  const types = timerTypes(event.timer, p.settings.locality.zone)
  const given = extract(p, scopeKey, event.expression, ...types)
  return given.ok ? value(timerText(given.value)) : given
}
