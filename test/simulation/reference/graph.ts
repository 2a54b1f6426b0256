/** Plans as a graph: every element with what leads to it, out of it and around it. Ids are unique over all processes. */
import type { Plan, PlannedElement, PlannedFlow, Plans } from '../plan.ts'

export interface Node {
  readonly id: string
  readonly planned: PlannedElement
  /** Of the process or sub-process that the node is; null of all others. */
  readonly body: Body | null
  readonly processId: string
  readonly outgoing: PlannedFlow[]
  readonly incoming: PlannedFlow[]
  /** Boundary events, compensation's apart. */
  readonly boundaries: Node[]
  /** What undoes it. */
  undoing: { readonly event: Node; readonly handler: Node } | null
}
export interface Body {
  readonly nodes: readonly Node[]
  readonly start: Node | null
  readonly eventSubProcesses: readonly Node[]
}

export class Graph {
  readonly #nodes = new Map<string, Node>()
  readonly #flows = new Map<string, PlannedFlow>()
  readonly processes = new Map<string, Node>()

  constructor(plans: Plans) {
    for (const [id, plan] of Object.entries(plans))
      this.processes.set(id, this.#node({ id, type: 'process', inner: plan }, id))
  }
  node(id: string): Node {
    const node = this.#nodes.get(id)
    if (node === undefined) throw new Error(`The plan has no element '${id}'`)
    return node
  }
  has(id: string): boolean {
    return this.#nodes.has(id)
  }
  flow(id: string): PlannedFlow | undefined {
    return this.#flows.get(id)
  }
  /** The catching end of a link. */
  linked(name: string): Node {
    const isEnd = ({ planned: { type, event } }: Node) =>
      type === 'intermediateCatchEvent' && event?.type === 'link' && event.name === name
    return this.#nodes.values().find(isEnd)!
  }

  #node(planned: PlannedElement, processId: string): Node {
    const { id, inner } = planned
    const node: Node = {
      ...{ id, planned, processId, undoing: null, outgoing: [], incoming: [], boundaries: [] },
      body: inner === undefined ? null : this.#body(inner, processId),
    }
    this.#nodes.set(id, node)
    return node
  }
  #body(plan: Plan, processId: string): Body {
    const nodes = plan.elements.map((element) => this.#node(element, processId))
    // Model order is the file's, reversed.
    for (const flow of [...plan.flows].reverse()) {
      this.#flows.set(flow.id, flow)
      this.node(flow.from).outgoing.push(flow)
      this.node(flow.to).incoming.push(flow)
    }
    for (const { event, handler } of plan.undoing) {
      const undoing = { event: this.node(event), handler: this.node(handler) }
      this.node(undoing.event.planned.attachedTo!).undoing = undoing
    }
    for (const node of nodes) {
      const { attachedTo, event } = node.planned
      if (attachedTo !== undefined && event?.type !== 'compensation') this.node(attachedTo).boundaries.push(node)
    }
    return {
      nodes,
      start: nodes.find(({ planned }) => planned.type === 'startEvent') ?? null,
      eventSubProcesses: nodes.filter(({ planned }) => planned.isTriggeredByEvent),
    }
  }
}
