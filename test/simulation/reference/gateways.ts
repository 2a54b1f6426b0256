/** Gateways: what tokens let one begin, and where it lets them go. */
import type { Condition } from '../plan.ts'
import { open } from './catching.ts'
import type { Graph, Node } from './graph.ts'
import type { Instance } from './instance.ts'
import { leadsTo } from './reach.ts'
import { violated } from './violation.ts'

/** The node begins: its tokens are used up. */
export function consume(graph: Graph, scope: Instance, node: Node): void {
  const { incoming, planned } = node
  const waiting = incoming.filter(({ id }) => scope.tokens.has(id))
  if (!mayJoin(graph, scope, node)) violated(`${planned.id} begins, but its tokens do not allow it`)
  const isJoin = planned.type === 'parallelGateway' || planned.type === 'inclusiveGateway'
  for (const { id } of isJoin ? waiting : waiting.slice(0, 1)) scope.token(id, -1)
}
/** Whether tokens let the node begin. */
export function mayJoin(graph: Graph, scope: Instance, { incoming, planned, id }: Node): boolean {
  const waiting = incoming.filter((flow) => scope.tokens.has(flow.id))
  if (planned.type === 'parallelGateway') return waiting.length === incoming.length
  if (waiting.length === 0) return false
  return planned.type !== 'inclusiveGateway' || !leadsTo(graph, scope, id)
}

/** It waits for the events behind it, or knows where it goes. */
export function choose(graph: Graph, instance: Instance, now: number): void {
  const { type, otherwise } = instance.node.planned
  const { outgoing } = instance.node
  if (type === 'eventBasedGateway') {
    open(
      instance,
      outgoing.map(({ to }) => graph.node(to)),
      now,
    )
    return
  }
  const holding = outgoing.filter(({ when }) => when !== undefined && holds(instance, when))
  const chosen = type === 'exclusiveGateway' ? holding.slice(0, 1) : holding
  const isFree = type === 'parallelGateway' || outgoing.every(({ when, id }) => when === undefined && id !== otherwise)
  const taken = isFree ? outgoing : chosen.length > 0 ? chosen : outgoing.filter(({ id }) => id === otherwise)
  instance.flows = taken.map(({ id }) => id)
  instance.mustComplete()
}

function holds(instance: Instance, when: Condition): boolean {
  if (when === 'again') return instance.lookup('again') === true
  const remainder = (instance.lookup('choice') as number) % when.of
  return 'is' in when ? remainder === when.is : remainder < when.isBelow
}
