import type { AdHocInnerInstance, AdHocSubProcess } from '../executable.ts'
import { type AdHocSubProcessElement, childrenOfType, extension, type FlowNode, is, textOf } from '../source.ts'
import { activity, type Building, idOf, isEventSubProcess, modelOrder, ofKind } from './building.ts'
import { job } from './extensions.ts'
import { output } from './multi-instance.ts'

export function adHocSubProcess(b: Building, node: AdHocSubProcessElement): AdHocSubProcess {
  const common = activity(b, node, 'AD_HOC_SUB_PROCESS')
  const nodes = childrenOfType(node, 'bpmn:FlowNode')
  const inside = modelOrder(nodes).map((child) => b.built(child))
  const adHoc = extension(node, 'zeebe:AdHoc')
  const condition = textOf(node.completionCondition)
  const activities = nodes.filter((child) => canBegin(b, child))
  return {
    kind: 'ad-hoc-sub-process',
    ...common,
    startEvent: null,
    eventSubProcesses: ofKind(inside, 'event-sub-process'),
    activities: activities.map(idOf),
    metadata: JSON.stringify(activities.map(described)),
    activeElements: adHoc?.activeElementsCollection ? b.expressions.of(adHoc.activeElementsCollection) : null,
    completionCondition: condition ? b.expressions.of(condition) : null,
    cancelRemainingInstances: node.cancelRemainingInstances !== false,
    output: adHoc === undefined ? null : output(b, adHoc),
    job: job(b.expressions, node),
    innerInstance: b.registered(innerInstance(common)),
  }
}

/** What no flow leads to, no event begins and nothing undoes. */
const canBegin = (b: Building, node: FlowNode): boolean =>
  b.topology.incoming(node).length === 0 &&
  !is(node, 'bpmn:BoundaryEvent') &&
  !isEventSubProcess(node) &&
  !(is(node, 'bpmn:Activity') && node.isForCompensation === true)

/** How an element is described to whoever decides what shall begin, an agent perhaps. */
function described(node: FlowNode) {
  const properties = extension(node, 'zeebe:Properties')?.properties ?? []
  const documentation = textOf(node.documentation?.[0] as Parameters<typeof textOf>[0])
  return {
    elementId: idOf(node),
    ...(node.name && { elementName: node.name }),
    ...(documentation && { documentation }),
    ...(properties.length > 0 && {
      properties: Object.fromEntries(properties.map(({ name = '', value = '' }) => [name, value])),
    }),
  }
}

const innerInstance = ({ id, name, listeners: _, ...adHoc }: ReturnType<typeof activity>): AdHocInnerInstance => ({
  kind: 'ad-hoc-inner-instance',
  id: `${id}#innerInstance`,
  name,
  bpmnElementType: 'AD_HOC_SUB_PROCESS_INNER_INSTANCE',
  bpmnEventType: adHoc.bpmnEventType,
  flowScope: id,
  incoming: [],
  outgoing: [],
  inputs: null,
  outputs: null,
  listeners: { start: [], end: [] },
  retryBackoffs: [],
})
