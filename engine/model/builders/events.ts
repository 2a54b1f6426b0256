import type { BpmnEventType } from '../../protocol/records.ts'
import type {
  BoundaryEvent,
  EndEvent,
  EventDefinition,
  IntermediateCatchEvent,
  IntermediateThrowEvent,
  StartEvent,
} from '../executable.ts'
import {
  type BaseElement,
  type BoundaryEventElement,
  childrenOfType,
  type EventElement,
  eventDefinitions,
  extension,
  is,
  type Scope,
  type StartEventElement,
  type TimerEventDefinition,
  textOf,
} from '../source.ts'
import { type Building, base, idOf, isEventSubProcess } from './building.ts'
import { job } from './extensions.ts'

const eventTypes: Record<EventDefinition['type'], BpmnEventType> = {
  none: 'NONE',
  terminate: 'TERMINATE',
  message: 'MESSAGE',
  timer: 'TIMER',
  error: 'ERROR',
  signal: 'SIGNAL',
  escalation: 'ESCALATION',
  link: 'LINK',
  compensation: 'COMPENSATION',
}

export function startEvent(b: Building, node: StartEventElement): StartEvent {
  const inEventSubProcess = node.$parent !== undefined && isEventSubProcess(node.$parent)
  const event = eventOf(b, node, inEventSubProcess)
  return {
    kind: 'start-event',
    ...base(b, node, 'START_EVENT', eventTypes[event.type]),
    event,
    interrupting: inEventSubProcess && node.isInterrupting !== false,
    formId: extension(node, 'zeebe:FormDefinition')?.formId ?? null,
  }
}

export function endEvent(b: Building, node: EventElement): EndEvent {
  const event = eventOf(b, node, false)
  return { kind: 'end-event', ...base(b, node, 'END_EVENT', eventTypes[event.type]), event, job: jobOf(b, node, event) }
}

export function intermediateThrowEvent(b: Building, node: EventElement): IntermediateThrowEvent {
  const event = eventOf(b, node, false)
  const common = base(b, node, 'INTERMEDIATE_THROW_EVENT', eventTypes[event.type])
  return { kind: 'intermediate-throw-event', ...common, event, job: jobOf(b, node, event) }
}

export function intermediateCatchEvent(b: Building, node: EventElement): IntermediateCatchEvent {
  const event = eventOf(b, node, true)
  return {
    kind: 'intermediate-catch-event',
    ...base(b, node, 'INTERMEDIATE_CATCH_EVENT', eventTypes[event.type]),
    event,
    behindEventBasedGateway: b.topology.incoming(node).some((flow) => is(flow.sourceRef, 'bpmn:EventBasedGateway')),
  }
}

export function boundaryEvent(b: Building, node: BoundaryEventElement): BoundaryEvent {
  const event = eventOf(b, node, true)
  if (node.attachedToRef === undefined) throw new Error(`Expected ${node.id} to be attached`)
  return {
    kind: 'boundary-event',
    ...base(b, node, 'BOUNDARY_EVENT', eventTypes[event.type]),
    event,
    attachedTo: idOf(node.attachedToRef),
    interrupting: node.cancelActivity !== false,
    handler: event.type === 'compensation' ? handlerOf(b, node) : null,
  }
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

function eventOf(b: Building, node: EventElement, correlates: boolean): EventDefinition {
  const definition = node.eventDefinitions?.[0]
  if (definition === undefined) return { type: 'none' }
  if (is(definition, 'bpmn:MessageEventDefinition')) return messageEvent(b, definition.messageRef, correlates)
  if (is(definition, 'bpmn:TimerEventDefinition')) return timerEvent(b, definition)
  if (is(definition, 'bpmn:ErrorEventDefinition')) {
    const code = definition.errorRef?.errorCode
    return { type: 'error', code: code === undefined ? null : b.expressions.of(code) }
  }
  if (is(definition, 'bpmn:SignalEventDefinition'))
    return { type: 'signal', name: b.expressions.of(definition.signalRef?.name ?? '') }
  if (is(definition, 'bpmn:EscalationEventDefinition')) {
    const code = definition.escalationRef?.escalationCode
    return { type: 'escalation', code: code === undefined ? null : b.expressions.of(code) }
  }
  if (is(definition, 'bpmn:CompensateEventDefinition'))
    return { type: 'compensation', activity: definition.activityRef?.id ?? null }
  if (is(definition, 'bpmn:LinkEventDefinition')) return { type: 'link', target: linkTarget(node, definition.name) }
  if (is(definition, 'bpmn:TerminateEventDefinition')) return { type: 'terminate' }
  throw new Error(`Expected the event definition of ${node.id} to have been refused`)
}

/** Of a throw event: the catch event of its name in the same scope. */
function linkTarget(node: EventElement, name: string | undefined): string | null {
  if (!is(node, 'bpmn:ThrowEvent')) return null
  const target = childrenOfType(node.$parent as Scope, 'bpmn:IntermediateCatchEvent').find((event) =>
    eventDefinitions(event, 'bpmn:LinkEventDefinition').some((link) => link.name === name),
  )
  return target === undefined ? null : idOf(target)
}

/** The activity at the other end of the association. */
function handlerOf(b: Building, node: BoundaryEventElement): string | null {
  const [handler] = b.topology.associated(node)
  return handler?.id ?? null
}

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

const jobOf = (b: Building, node: EventElement, event: EventDefinition) =>
  event.type === 'message' ? job(b.expressions, node) : null
