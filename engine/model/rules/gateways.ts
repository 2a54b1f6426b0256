/** Rules on gateways and sequence flows. */
import { mayStand } from '../builders/event-kinds.ts'
import {
  type BaseElement,
  type EventElement,
  type GatewayElement,
  is,
  processOf,
  type SequenceFlowElement,
} from '../source.ts'
import { reportSameName } from './catchers.ts'
import { type Report, type Rule, rule } from './rule.ts'

const reportForeignDefault = (gateway: GatewayElement, report: Report): void => {
  if (gateway.default !== undefined && gateway.default.sourceRef !== gateway)
    report('Default flow must start at gateway')
}
export const exclusiveDefaultStartsHere = rule('bpmn:ExclusiveGateway', reportForeignDefault)
export const inclusiveDefaultStartsHere = rule('bpmn:InclusiveGateway', reportForeignDefault)

export const exclusiveFlowHasACondition = rule('bpmn:SequenceFlow', (flow, report, { topology }) => {
  const { sourceRef } = flow
  if (
    !is(sourceRef, 'bpmn:ExclusiveGateway') ||
    topology.outgoing(sourceRef).length < 2 ||
    !needsCondition(flow, sourceRef)
  )
    return
  report('Must have a condition or be default flow')
})
export const inclusiveFlowHasACondition = rule('bpmn:SequenceFlow', (flow, report, { topology }) => {
  const { sourceRef } = flow
  if (
    !is(sourceRef, 'bpmn:InclusiveGateway') ||
    topology.outgoing(sourceRef).length < 2 ||
    !needsCondition(flow, sourceRef)
  )
    return
  report('Must have a condition')
})
const needsCondition = (flow: SequenceFlowElement, gateway: GatewayElement): boolean =>
  gateway.default !== flow && flow.conditionExpression === undefined

export const onlyGatewaysHaveConditions = rule('bpmn:FlowNode', (node, report, { topology }) => {
  if (is(node, 'bpmn:ExclusiveGateway') || is(node, 'bpmn:InclusiveGateway')) return
  if (topology.outgoing(node).some((flow) => flow.conditionExpression !== undefined)) {
    report('Conditional sequence flows are only supported at exclusive or inclusive gateway')
  }
})

/** Ours: Zeebe's own gateway hands such a file to the engine, which then fails on it. */
export const flowConnectsNodes = rule('bpmn:SequenceFlow', (flow, report) => {
  const { sourceRef, targetRef } = flow
  const apart = [sourceRef, targetRef].some((end) => processOf(end) !== processOf(flow))
  if (!is(sourceRef, 'bpmn:FlowNode') || !is(targetRef, 'bpmn:FlowNode') || apart) {
    report('Must lead from one flow node to another of the same process')
  }
})

export const eventBasedGatewayHasAChoice = rule('bpmn:EventBasedGateway', (gateway, report, { topology }) => {
  if (topology.outgoing(gateway).length < 2) report('Event-based gateway must have at least 2 outgoing sequence flows.')
})

export const eventBasedGatewayLeadsToEvents = rule('bpmn:EventBasedGateway', (gateway, report, { topology }) => {
  if (
    topology
      .outgoing(gateway)
      .every(({ targetRef }) => is(targetRef, 'bpmn:IntermediateCatchEvent') && isAwaited(targetRef))
  )
    return
  report(
    'Event-based gateway must not have an outgoing sequence flow to other elements than message/timer/signal intermediate catch events.',
  )
})
const isAwaited = ({ eventDefinitions: [definition, ...others] = [] }: EventElement): boolean =>
  definition !== undefined && others.length === 0 && mayStand(definition, 'awaited')

export const eventBasedGatewayAwaitsDifferentMessages = rule(
  'bpmn:EventBasedGateway',
  (gateway, report, { topology }) => {
    const awaited = topology
      .outgoing(gateway)
      .flatMap(({ targetRef }): readonly BaseElement[] =>
        is(targetRef, 'bpmn:IntermediateCatchEvent') ? (targetRef.eventDefinitions ?? []) : [],
      )
    reportSameName(awaited, report)
  },
)

export const eventBasedGatewayOwnsItsEvents = rule('bpmn:EventBasedGateway', (gateway, report, { topology }) => {
  const targets = new Set(
    topology.outgoing(gateway).flatMap(({ targetRef }) => (targetRef === undefined ? [] : [targetRef])),
  )
  if ([...targets].every((target) => topology.incoming(target).every((flow) => flow.sourceRef === gateway))) return
  report(
    'Target elements of an event gateway must not have any additional incoming sequence flows other than that from the event gateway.',
  )
})

export const gatewayRules: readonly Rule[] = [
  exclusiveDefaultStartsHere,
  inclusiveDefaultStartsHere,
  exclusiveFlowHasACondition,
  inclusiveFlowHasACondition,
  onlyGatewaysHaveConditions,
  flowConnectsNodes,
  eventBasedGatewayHasAChoice,
  eventBasedGatewayLeadsToEvents,
  eventBasedGatewayAwaitsDifferentMessages,
  eventBasedGatewayOwnsItsEvents,
]
