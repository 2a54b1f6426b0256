/** Whether an inclusive join can still get a token: a walk from all that is alive in its scope. */
import type { Graph } from './graph.ts'
import type { Instance } from './instance.ts'

/** By a flow on which no token waits yet, and not by a way through the join itself. */
export function leadsTo(graph: Graph, scope: Instance, joinId: string): boolean {
  const arriving = [...scope.tokens.keys(), ...scope.flows].map((id) => graph.flow(id)!.to)
  const open = [...scope.children].map(({ node }) => node.id)
  open.push(...arriving.filter((id) => id !== joinId), ...scope.wanted.map(({ id }) => id))
  const seen = new Set([joinId])
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id) || !graph.has(id)) continue
    seen.add(id)
    const { outgoing, boundaries, planned } = graph.node(id)
    if (outgoing.some((flow) => flow.to === joinId && !scope.tokens.has(flow.id))) return true
    open.push(...outgoing.map(({ to }) => to), ...boundaries.map((event) => event.id))
    if (planned.event?.type === 'link' && planned.type === 'intermediateThrowEvent')
      open.push(graph.linked(planned.event.name).id)
  }
  return false
}
