import type {
  EventBasedGateway,
  ExclusiveGateway,
  InclusiveGateway,
  ParallelGateway,
  SequenceFlow,
} from '../executable.ts'
import type { FlowNode, GatewayElement } from '../source.ts'
import { type Building, base, modelOrder, ofKind } from './building.ts'

const defaultFlow = (b: Building, node: GatewayElement): SequenceFlow | null =>
  node.default === undefined ? null : b.flow(node.default)

export const exclusiveGateway = (b: Building, node: GatewayElement): ExclusiveGateway => ({
  kind: 'exclusive-gateway',
  ...base(b, node, 'EXCLUSIVE_GATEWAY'),
  defaultFlow: defaultFlow(b, node),
})

export const inclusiveGateway = (b: Building, node: GatewayElement): InclusiveGateway => ({
  kind: 'inclusive-gateway',
  ...base(b, node, 'INCLUSIVE_GATEWAY'),
  defaultFlow: defaultFlow(b, node),
})

export const parallelGateway = (b: Building, node: FlowNode): ParallelGateway => ({
  kind: 'parallel-gateway',
  ...base(b, node, 'PARALLEL_GATEWAY'),
})

export function eventBasedGateway(b: Building, node: FlowNode): EventBasedGateway {
  const targets = modelOrder(b.topology.outgoing(node)).flatMap((flow) =>
    flow.targetRef === undefined ? [] : [b.built(flow.targetRef)],
  )
  return {
    kind: 'event-based-gateway',
    ...base(b, node, 'EVENT_BASED_GATEWAY'),
    events: ofKind(targets, 'intermediate-catch-event'),
  }
}
