/** Can an inclusive join still get a token? A walk over the graph from everything that is active in its scope. */
import type { InclusiveGateway } from '../../model/executable.ts'
import type { Processing } from '../processing.ts'
import type { ElementInstance } from '../state/rows.ts'

/**
 * True while an incoming flow that has no token yet can be reached from an active element of the scope, or from a flow or a link on its
 * way.
 * A path that leads through the join itself does not count. Cost: O(elements + flows of the scope).
 * Source: BPMN 2.0.2 §13.4.3.
 */
export function canStillBeReached(p: Processing, join: InclusiveGateway, scope: ElementInstance): boolean {
  const process = p.process(scope.processDefinitionKey)
  const waiting = new Set(join.incoming.filter((flow) => (scope.takenFlows[flow.id] ?? 0) === 0).map((flow) => flow.id))
  if (waiting.size === 0) return false
  const open: string[] = [...p.jumpsIn(scope.key)]
  for (const child of p.state.find('childrenOf', scope.key).values()) open.push(child.elementId)
  for (const id of Object.keys(scope.takenFlows)) {
    const flow = process.flows.get(id)
    if (flow !== undefined && flow.target !== join.id) open.push(flow.target)
  }
  const seen = new Set<string>()
  while (open.length > 0) {
    const id = open.pop()!
    if (id === join.id || seen.has(id)) continue
    seen.add(id)
    const element = process.elements.get(id)
    if (element === undefined) continue
    for (const flow of element.outgoing) {
      if (waiting.has(flow.id)) return true
      open.push(flow.target)
    }
    if ('boundaryEvents' in element) open.push(...element.boundaryEvents.map((event) => event.id))
    if (element.kind === 'intermediate-throw-event' && element.event.type === 'link') open.push(element.event.target!)
    if (element.kind === 'event-based-gateway') open.push(...element.events.map((event) => event.id))
  }
  return false
}
