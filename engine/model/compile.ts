/**
 * The typed diagram → the executable graph.
 *
 * Owns: building one frozen graph per executable process, in model order. Does not own: refusing (validate.ts); what arrives here has
 * passed, so that a missing piece is a bug and throws.
 */
import { adHocSubProcess } from './builders/ad-hoc.ts'
import { type Building, idOf } from './builders/building.ts'
import { process, subProcess } from './builders/containers.ts'
import {
  boundaryEvent,
  endEvent,
  intermediateCatchEvent,
  intermediateThrowEvent,
  startEvent,
} from './builders/events.ts'
import { eventBasedGateway, exclusiveGateway, inclusiveGateway, parallelGateway } from './builders/gateways.ts'
import { looped } from './builders/multi-instance.ts'
import {
  businessRuleTask,
  callActivity,
  manualTask,
  receiveTask,
  scriptTask,
  sendTask,
  serviceTask,
  undefinedTask,
  userTask,
} from './builders/tasks.ts'
import type { ExecutableElement, ExecutableProcess, SequenceFlow } from './executable.ts'
import type { Expressions } from './expressions.ts'
import {
  type ElementTypes,
  extension,
  type FlowNode,
  is,
  type ProcessElement,
  type SequenceFlowElement,
  textOf,
} from './source.ts'
import type { Topology } from './topology.ts'

/** Every flow node that is executed has a row; validate.ts refuses whatever has none. */
const builders = {
  'bpmn:AdHocSubProcess': adHocSubProcess,
  'bpmn:BoundaryEvent': boundaryEvent,
  'bpmn:BusinessRuleTask': businessRuleTask,
  'bpmn:CallActivity': callActivity,
  'bpmn:EndEvent': endEvent,
  'bpmn:EventBasedGateway': eventBasedGateway,
  'bpmn:ExclusiveGateway': exclusiveGateway,
  'bpmn:InclusiveGateway': inclusiveGateway,
  'bpmn:IntermediateCatchEvent': intermediateCatchEvent,
  'bpmn:IntermediateThrowEvent': intermediateThrowEvent,
  'bpmn:ManualTask': manualTask,
  'bpmn:ParallelGateway': parallelGateway,
  'bpmn:ReceiveTask': receiveTask,
  'bpmn:ScriptTask': scriptTask,
  'bpmn:SendTask': sendTask,
  'bpmn:ServiceTask': serviceTask,
  'bpmn:StartEvent': startEvent,
  'bpmn:SubProcess': subProcess,
  'bpmn:Task': undefinedTask,
  'bpmn:Transaction': subProcess,
  'bpmn:UserTask': userTask,
} satisfies { [T in keyof ElementTypes]?: (b: Building, node: ElementTypes[T]) => ExecutableElement }

export type ExecutableType = keyof typeof builders
export const isExecutableType = (type: string): type is ExecutableType => Object.hasOwn(builders, type)

export function compile(source: ProcessElement, topology: Topology, expressions: Expressions): ExecutableProcess {
  return new ProcessCompiler(topology, expressions).compile(source)
}

class ProcessCompiler implements Building {
  readonly topology: Topology
  readonly expressions: Expressions
  readonly #elements = new Map<string, ExecutableElement>()
  readonly #flows = new Map<string, SequenceFlow>()

  constructor(topology: Topology, expressions: Expressions) {
    this.topology = topology
    this.expressions = expressions
  }

  compile(source: ProcessElement): ExecutableProcess {
    const graph = frozen(process(this, source))
    this.#elements.set(graph.id, graph)
    return Object.freeze({
      id: graph.id,
      name: graph.name,
      versionTag: extension(source, 'zeebe:VersionTag')?.value ?? null,
      process: graph,
      elements: this.#elements,
      flows: this.#flows,
    })
  }

  built(node: FlowNode): ExecutableElement {
    const id = idOf(node)
    const known = this.#elements.get(id)
    if (known !== undefined) return known
    const element = frozen(this.#build(node))
    this.#elements.set(id, element)
    return element
  }

  registered<E extends ExecutableElement>(element: E): E {
    this.#elements.set(element.id, frozen(element))
    return element
  }

  flow(source: SequenceFlowElement): SequenceFlow {
    const id = idOf(source)
    const known = this.#flows.get(id)
    if (known !== undefined) return known
    const { sourceRef, targetRef, conditionExpression } = source
    if (sourceRef === undefined || targetRef === undefined) throw new Error(`Expected flow ${id} to have two ends`)
    const text = textOf(conditionExpression)
    const condition = text === undefined ? null : this.expressions.of(text)
    const flow = frozen({ id, source: idOf(sourceRef), target: idOf(targetRef), condition })
    this.#flows.set(id, flow)
    return flow
  }

  #build(node: FlowNode): ExecutableElement {
    if (!isExecutableType(node.$type)) throw new Error(`Expected ${node.$type} to have been refused`)
    const build: (b: Building, node: never) => ExecutableElement = builders[node.$type]
    const element = build(this, node as never)
    return is(node, 'bpmn:Activity') ? looped(this, node, element) : element
  }
}

/** Freezes what is not frozen yet, all the way down. */
function frozen<T extends object>(value: T): T {
  for (const held of Object.values(value))
    if (typeof held === 'object' && held !== null && !Object.isFrozen(held)) frozen(held)
  return Object.freeze(value)
}
