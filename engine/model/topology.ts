/** Who follows whom: sequence flows by their ends and boundary events by their activity, in file order. */
import type { ModdleElement } from 'bpmn-moddle'
import { type BoundaryEventElement, childrenOfType, type Scope, type SequenceFlowElement } from './source.ts'

export class Topology {
  readonly #outgoing = new Map<ModdleElement, SequenceFlowElement[]>()
  readonly #incoming = new Map<ModdleElement, SequenceFlowElement[]>()
  readonly #boundaryEvents = new Map<ModdleElement, BoundaryEventElement[]>()

  constructor(processes: readonly Scope[]) {
    for (const process of processes) this.#add(process)
  }

  outgoing(node: ModdleElement): readonly SequenceFlowElement[] {
    return this.#outgoing.get(node) ?? []
  }
  incoming(node: ModdleElement): readonly SequenceFlowElement[] {
    return this.#incoming.get(node) ?? []
  }
  boundaryEvents(activity: ModdleElement): readonly BoundaryEventElement[] {
    return this.#boundaryEvents.get(activity) ?? []
  }

  #add(scope: Scope): void {
    for (const flow of childrenOfType(scope, 'bpmn:SequenceFlow')) {
      put(this.#outgoing, flow.sourceRef, flow)
      put(this.#incoming, flow.targetRef, flow)
    }
    for (const event of childrenOfType(scope, 'bpmn:BoundaryEvent'))
      put(this.#boundaryEvents, event.attachedToRef, event)
    for (const subProcess of childrenOfType(scope, 'bpmn:SubProcess')) this.#add(subProcess)
  }
}

function put<T>(map: Map<ModdleElement, T[]>, key: ModdleElement | undefined, value: T): void {
  if (key === undefined) return
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}
