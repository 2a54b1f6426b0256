/** Who follows whom and who refers to what: flows by their ends, boundary events by their activity, users of a message; in file order. */
import type { ModdleElement } from 'bpmn-moddle'
import {
  type BoundaryEventElement,
  childrenOfType,
  eventDefinitions,
  type Scope,
  type SequenceFlowElement,
} from './source.ts'

export class Topology {
  readonly #outgoing = new Map<ModdleElement, SequenceFlowElement[]>()
  readonly #incoming = new Map<ModdleElement, SequenceFlowElement[]>()
  readonly #boundaryEvents = new Map<ModdleElement, BoundaryEventElement[]>()
  readonly #users = new Map<ModdleElement, ModdleElement[]>()

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
  /** Events, send and receive tasks that refer to the message. */
  usersOf(message: ModdleElement): readonly ModdleElement[] {
    return this.#users.get(message) ?? []
  }

  #add(scope: Scope): void {
    for (const flow of childrenOfType(scope, 'bpmn:SequenceFlow')) {
      put(this.#outgoing, flow.sourceRef, flow)
      put(this.#incoming, flow.targetRef, flow)
    }
    for (const event of childrenOfType(scope, 'bpmn:BoundaryEvent'))
      put(this.#boundaryEvents, event.attachedToRef, event)
    for (const event of childrenOfType(scope, 'bpmn:Event')) {
      for (const { messageRef } of eventDefinitions(event, 'bpmn:MessageEventDefinition'))
        put(this.#users, messageRef, event)
    }
    for (const task of childrenOfType(scope, 'bpmn:ReceiveTask')) put(this.#users, task.messageRef, task)
    for (const task of childrenOfType(scope, 'bpmn:SendTask')) put(this.#users, task.messageRef, task)
    for (const subProcess of childrenOfType(scope, 'bpmn:SubProcess')) this.#add(subProcess)
  }
}

function put<T>(map: Map<ModdleElement, T[]>, key: ModdleElement | undefined, value: T): void {
  if (key === undefined) return
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}
