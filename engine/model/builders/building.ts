/** What every builder may use, and the fields that all elements have in common. */
import type { BpmnElementType, BpmnEventType } from '../../protocol/records.ts'
import type { Activity, ElementBase, ElementKind, ElementOf, ExecutableElement, SequenceFlow } from '../executable.ts'
import type { Expressions } from '../expressions.ts'
import { retryBackoffs } from '../retry-backoff.ts'
import { type ActivityElement, type FlowNode, is, type SequenceFlowElement } from '../source.ts'
import type { Topology } from '../topology.ts'
import { executionListeners, mappings } from './extensions.ts'

export interface Building {
  readonly expressions: Expressions
  readonly topology: Topology
  /** The element of a node; each node is built once. */
  built(node: FlowNode): ExecutableElement
  /** Puts an element that has no node of its own among those of the process. */
  registered<E extends ExecutableElement>(element: E): E
  flow(flow: SequenceFlowElement): SequenceFlow
}

/** Zeebe walks the file from its end (executable.ts, M2). */
export const modelOrder = <T>(inFileOrder: readonly T[]): readonly T[] => inFileOrder.toReversed()

export function ofKind<K extends ElementKind>(
  elements: readonly ExecutableElement[],
  kind: K,
): readonly ElementOf<K>[] {
  return elements.filter((element): element is ElementOf<K> => element.kind === kind)
}

export function base(
  b: Building,
  node: FlowNode,
  bpmnElementType: BpmnElementType,
  bpmnEventType: BpmnEventType = 'UNSPECIFIED',
): ElementBase {
  return {
    id: idOf(node),
    name: node.name ?? null,
    bpmnElementType,
    bpmnEventType,
    flowScope: node.$parent?.id ?? null,
    incoming: modelOrder(b.topology.incoming(node)).map((flow) => b.flow(flow)),
    outgoing: modelOrder(b.topology.outgoing(node)).map((flow) => b.flow(flow)),
    ...mappings(b.expressions, node),
    listeners: executionListeners(b.expressions, node),
    retryBackoffs: retryBackoffs(node),
  }
}

export function activity(b: Building, node: ActivityElement, bpmnElementType: BpmnElementType): Activity {
  const attached = modelOrder(b.topology.boundaryEvents(node)).map((event) => b.built(event))
  const eventType = node.isForCompensation === true ? 'COMPENSATION' : 'UNSPECIFIED'
  return { ...base(b, node, bpmnElementType, eventType), boundaryEvents: ofKind(attached, 'boundary-event') }
}

/** Every id is there after validation. */
export function idOf(node: FlowNode): string {
  if (node.id === undefined) throw new Error(`Expected an id on ${node.$type}`)
  return node.id
}

export const isEventSubProcess = (node: FlowNode): boolean =>
  is(node, 'bpmn:SubProcess') && node.triggeredByEvent === true
