import type { Container, EventSubProcess, ExecutableElement, Process, SubProcess } from '../executable.ts'
import { childrenOfType, type FlowNode, type ProcessElement, type Scope, type SubProcessElement } from '../source.ts'
import { activity, type Building, base, isEventSubProcess, modelOrder, ofKind } from './building.ts'

export function process(b: Building, node: ProcessElement): Process {
  const inside = content(b, node)
  const startEvents = ofKind(inside, 'start-event')
  const none = startEvents.find((start) => start.event.type === 'none') ?? null
  return {
    kind: 'process',
    ...base(b, node, 'PROCESS'),
    flowScope: null,
    ...container(inside),
    startEvent: none,
    startEvents,
  }
}

export function subProcess(b: Building, node: SubProcessElement): SubProcess | EventSubProcess {
  const inside = container(content(b, node))
  if (!isEventSubProcess(node)) return { kind: 'sub-process', ...activity(b, node, 'SUB_PROCESS'), ...inside }
  const { startEvent } = inside
  if (startEvent === null) throw new Error(`Expected ${node.id} to have a start event`)
  const eventType = startEvent.event.type === 'compensation' ? 'COMPENSATION' : 'UNSPECIFIED'
  return { kind: 'event-sub-process', ...base(b, node, 'EVENT_SUB_PROCESS', eventType), ...inside, startEvent }
}

/** What lies directly in the scope. */
function content(b: Building, scope: Scope): readonly ExecutableElement[] {
  return modelOrder(childrenOfType(scope, 'bpmn:FlowNode')).map((node: FlowNode) => b.built(node))
}

function container(inside: readonly ExecutableElement[]): Container {
  return {
    startEvent: ofKind(inside, 'start-event')[0] ?? null,
    eventSubProcesses: ofKind(inside, 'event-sub-process'),
  }
}
