import type {
  BoundaryEvent,
  EndEvent,
  IntermediateCatchEvent,
  IntermediateThrowEvent,
  StartEvent,
  ThrownEvent,
} from '../executable.ts'
import { type BoundaryEventElement, type EventElement, extension, is, type StartEventElement } from '../source.ts'
import { type Building, base, idOf, isEventSubProcess } from './building.ts'
import { eventOf, recordedType, thrownEventOf } from './event-kinds.ts'
import { job } from './extensions.ts'

export function startEvent(b: Building, node: StartEventElement): StartEvent {
  const inEventSubProcess = node.$parent !== undefined && isEventSubProcess(node.$parent)
  const event = eventOf(b, node, inEventSubProcess)
  return {
    kind: 'start-event',
    ...base(b, node, 'START_EVENT', recordedType(event)),
    event,
    interrupting: inEventSubProcess && node.isInterrupting !== false,
    formId: extension(node, 'zeebe:FormDefinition')?.formId ?? null,
  }
}

export function endEvent(b: Building, node: EventElement): EndEvent {
  const event = thrownEventOf(b, node)
  return { kind: 'end-event', ...base(b, node, 'END_EVENT', recordedType(event)), event, job: jobOf(b, node, event) }
}

export function intermediateThrowEvent(b: Building, node: EventElement): IntermediateThrowEvent {
  const event = thrownEventOf(b, node)
  const common = base(b, node, 'INTERMEDIATE_THROW_EVENT', recordedType(event))
  return { kind: 'intermediate-throw-event', ...common, event, job: jobOf(b, node, event) }
}

export function intermediateCatchEvent(b: Building, node: EventElement): IntermediateCatchEvent {
  const event = eventOf(b, node, true)
  return {
    kind: 'intermediate-catch-event',
    ...base(b, node, 'INTERMEDIATE_CATCH_EVENT', recordedType(event)),
    event,
    behindEventBasedGateway: b.topology.incoming(node).some((flow) => is(flow.sourceRef, 'bpmn:EventBasedGateway')),
  }
}

export function boundaryEvent(b: Building, node: BoundaryEventElement): BoundaryEvent {
  const event = eventOf(b, node, true)
  if (node.attachedToRef === undefined) throw new Error(`Expected ${node.id} to be attached`)
  return {
    kind: 'boundary-event',
    ...base(b, node, 'BOUNDARY_EVENT', recordedType(event)),
    event,
    attachedTo: idOf(node.attachedToRef),
    interrupting: node.cancelActivity !== false,
    handler: event.type === 'compensation' ? handlerOf(b, node) : null,
  }
}

/** The activity at the other end of the association. */
function handlerOf(b: Building, node: BoundaryEventElement): string | null {
  const [handler] = b.topology.associated(node)
  return handler?.id ?? null
}

const jobOf = (b: Building, node: EventElement, event: ThrownEvent) =>
  event.type === 'message' ? job(b.expressions, node) : null
