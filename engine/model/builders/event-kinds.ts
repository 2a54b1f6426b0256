/**
 * The kinds of events: how each is drawn and recorded, where it may stand and what it becomes. A new kind is a member of
 * `EventDefinition` and a row here; builders and rules ask this table.
 */
import type { BpmnEventType, VariableEvent } from '../../protocol/records.ts'
import type { EventDefinition, ThrownEvent } from '../executable.ts'

import {
  type BaseElement,
  type ConditionalEventDefinition,
  childrenOfType,
  type ElementTypes,
  type EventElement,
  eventDefinitions,
  extension,
  is,
  type Scope,
  type TimerEventDefinition,
  type TypeName,
  textOf,
} from '../source.ts'
import { type Building, idOf } from './building.ts'

/**
 * `beside`: on a boundary or as the start of an event sub-process it may leave running what else runs. `awaited`: behind an
 * event-based gateway.
 */
export type Place = 'event sub-process' | 'boundary' | 'beside' | 'caught' | 'awaited' | 'thrown' | 'end'

interface EventKind {
  readonly drawn: TypeName
  readonly recorded: BpmnEventType
  readonly places: readonly Place[]
  /** Called with definitions of the type drawn only. */
  readonly build: (b: Building, definition: never, node: EventElement, correlates: boolean) => EventDefinition
}
const kind = <T extends TypeName>(
  drawn: T,
  recorded: BpmnEventType,
  places: readonly Place[],
  build: (b: Building, definition: ElementTypes[T], node: EventElement, correlates: boolean) => EventDefinition,
): EventKind => ({ drawn, recorded, places, build })

const kinds: Readonly<Record<Exclude<EventDefinition['type'], 'none'>, EventKind>> = {
  message: kind(
    'bpmn:MessageEventDefinition',
    'MESSAGE',
    ['event sub-process', 'boundary', 'beside', 'caught', 'awaited', 'thrown', 'end'],
    (b, { messageRef }, _node, correlates) => messageEvent(b, messageRef, correlates),
  ),
  timer: kind(
    'bpmn:TimerEventDefinition',
    'TIMER',
    ['event sub-process', 'boundary', 'beside', 'caught', 'awaited'],
    (b, definition) => timerEvent(b, definition),
  ),
  error: kind(
    'bpmn:ErrorEventDefinition',
    'ERROR',
    ['event sub-process', 'boundary', 'end'],
    (b, { errorRef }): EventDefinition => ({ type: 'error', code: codeOf(b, errorRef?.errorCode) }),
  ),
  signal: kind(
    'bpmn:SignalEventDefinition',
    'SIGNAL',
    ['event sub-process', 'boundary', 'beside', 'caught', 'awaited', 'thrown', 'end'],
    (b, { signalRef }): EventDefinition => ({ type: 'signal', name: b.expressions.of(signalRef?.name ?? '') }),
  ),
  conditional: kind(
    'bpmn:ConditionalEventDefinition',
    'CONDITIONAL',
    ['event sub-process', 'boundary', 'beside', 'caught', 'awaited'],
    (b, definition) => conditionalEvent(b, definition),
  ),
  escalation: kind(
    'bpmn:EscalationEventDefinition',
    'ESCALATION',
    ['event sub-process', 'boundary', 'beside', 'thrown', 'end'],
    (b, { escalationRef }): EventDefinition => ({ type: 'escalation', code: codeOf(b, escalationRef?.escalationCode) }),
  ),
  compensation: kind(
    'bpmn:CompensateEventDefinition',
    'COMPENSATION',
    ['event sub-process', 'boundary', 'thrown', 'end'],
    (_b, { activityRef }): EventDefinition => ({ type: 'compensation', activity: activityRef?.id ?? null }),
  ),
  link: kind(
    'bpmn:LinkEventDefinition',
    'LINK',
    ['caught', 'thrown'],
    (_b, { name }, node): EventDefinition => ({ type: 'link', target: linkTarget(node, name) }),
  ),
  cancel: kind(
    'bpmn:CancelEventDefinition',
    'CANCEL',
    ['boundary', 'end'],
    (): EventDefinition => ({ type: 'cancel' }),
  ),
  terminate: kind(
    'bpmn:TerminateEventDefinition',
    'TERMINATE',
    ['end'],
    (): EventDefinition => ({ type: 'terminate' }),
  ),
}

const kindOf = (definition: BaseElement): EventKind | undefined =>
  Object.values(kinds).find(({ drawn }) => is(definition, drawn))

export const mayStand = (definition: BaseElement, place: Place): boolean =>
  kindOf(definition)?.places.includes(place) ?? false

export const recordedType = ({ type }: EventDefinition): BpmnEventType =>
  type === 'none' ? 'NONE' : kinds[type].recorded

/** The event of a throw or end event. */
export function thrownEventOf(b: Building, node: EventElement): ThrownEvent {
  const event = eventOf(b, node, false)
  if (!isThrown(event)) throw new Error(`Expected the event definition of ${node.id} to have been refused`)
  return event
}
const isThrown = (event: EventDefinition): event is ThrownEvent =>
  event.type === 'none' || kinds[event.type].places.some((place) => place === 'thrown' || place === 'end')

/** `correlates` as in `messageEvent`. */
export function eventOf(b: Building, node: EventElement, correlates: boolean): EventDefinition {
  const definition = node.eventDefinitions?.[0]
  if (definition === undefined) return { type: 'none' }
  const known = kindOf(definition)
  if (known === undefined) throw new Error(`Expected the event definition of ${node.id} to have been refused`)
  return known.build(b, definition as never, node, correlates)
}

/** `correlates` is false where nothing runs yet, or where the message is thrown: there is no key to compare then. */
export function messageEvent(
  b: Building,
  message: BaseElement | undefined,
  correlates = true,
): Extract<EventDefinition, { type: 'message' }> {
  const key = message && extension(message, 'zeebe:Subscription')?.correlationKey
  return {
    type: 'message',
    name: b.expressions.of(message?.name ?? ''),
    correlationKey: correlates && key ? b.expressions.of(key) : null,
  }
}

const codeOf = (b: Building, code: string | undefined) => (code === undefined ? null : b.expressions.of(code))

/** Of a throw event: the catch event of its name in the same scope. */
function linkTarget(node: EventElement, name: string | undefined): string | null {
  if (!is(node, 'bpmn:ThrowEvent')) return null
  const target = childrenOfType(node.$parent as Scope, 'bpmn:IntermediateCatchEvent').find((event) =>
    eventDefinitions(event, 'bpmn:LinkEventDefinition').some((link) => link.name === name),
  )
  return target === undefined ? null : idOf(target)
}

function conditionalEvent(b: Building, definition: ConditionalEventDefinition): EventDefinition {
  const condition = b.expressions.of(textOf(definition.condition) ?? '')
  if (condition.kind !== 'feel') throw new Error(`Expected condition '${condition.text}' to have been refused`)
  const filter = extension(definition, 'zeebe:ConditionalFilter')?.variableEvents ?? ''
  const named = filter.split(',').map((part) => part.trim())
  return { type: 'conditional', condition, variableEvents: variableEvents.filter((event) => named.includes(event)) }
}
const variableEvents: readonly VariableEvent[] = ['create', 'update']

function timerEvent(b: Building, { timeDate, timeDuration, timeCycle }: TimerEventDefinition): EventDefinition {
  const of = (timer: 'date' | 'duration' | 'cycle', text: string): EventDefinition => ({
    type: 'timer',
    timer,
    expression: b.expressions.of(text),
  })
  if (timeDate !== undefined) return of('date', textOf(timeDate))
  if (timeDuration !== undefined) return of('duration', textOf(timeDuration))
  return of('cycle', textOf(timeCycle) ?? '')
}
