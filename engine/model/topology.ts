/** Who follows whom and who refers to what: flows and associations by their ends, boundary events by their activity, users of messages, signals and escalations; in file order. */
import type { ModdleElement } from 'bpmn-moddle'
import {
  type BoundaryEventElement,
  childrenOfType,
  eventDefinitions,
  is,
  type Scope,
  type SequenceFlowElement,
} from './source.ts'

export class Topology {
  readonly #outgoing = new Map<ModdleElement, SequenceFlowElement[]>()
  readonly #incoming = new Map<ModdleElement, SequenceFlowElement[]>()
  readonly #boundaryEvents = new Map<ModdleElement, BoundaryEventElement[]>()
  readonly #associated = new Map<ModdleElement, ModdleElement[]>()
  readonly #users = new Map<ModdleElement, ModdleElement[]>()

  /** Of all processes of a file, whether they are executed or only drawn. */
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
  /** What associations lead to from the element. */
  associated(element: ModdleElement): readonly ModdleElement[] {
    return this.#associated.get(element) ?? []
  }
  /** Events, send and receive tasks that refer to the message, signal or escalation. */
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
    for (const artifact of scope.artifacts ?? []) {
      if (is(artifact, 'bpmn:Association') && artifact.targetRef !== undefined)
        put(this.#associated, artifact.sourceRef, artifact.targetRef)
    }
    for (const event of childrenOfType(scope, 'bpmn:Event')) {
      for (const { messageRef } of eventDefinitions(event, 'bpmn:MessageEventDefinition'))
        put(this.#users, messageRef, event)
      for (const { signalRef } of eventDefinitions(event, 'bpmn:SignalEventDefinition'))
        put(this.#users, signalRef, event)
      for (const { escalationRef } of eventDefinitions(event, 'bpmn:EscalationEventDefinition'))
        put(this.#users, escalationRef, event)
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
