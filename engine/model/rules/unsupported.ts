/** What is refused as a whole: by Zeebe in its words, or by us because the core does not run it yet. */
import { isExecutableType } from '../compile.ts'
import { type BaseElement, extensions, is } from '../source.ts'
import { type Report, type Rule, rule } from './rule.ts'

/** Names of BPMN types that Zeebe knows and we do not run yet; issue them out of this table as the core learns them. */
export const typeIsExecuted = rule('bpmn:FlowElement', (element, report) => {
  if (!isExecutableType(element.$type) && !isDrawnOnly(element.$type)) reportType(element, report)
})
export function reportType({ $type }: BaseElement, report: Report): void {
  report(
    `Elements of type '${$type.slice('bpmn:'.length)}' are currently not supported. Please refer to the documentation for a list of supported elements: https://docs.camunda.io/docs/components/modeler/bpmn/bpmn-coverage/`,
  )
}
const isDrawnOnly = (type: string): boolean =>
  ['bpmn:SequenceFlow', 'bpmn:DataObject', 'bpmn:DataObjectReference', 'bpmn:DataStoreReference'].includes(type)

/** Zeebe deploys it and waits there for ever. */
export const publishedMessageIsSent = rule('bpmn:FlowNode', (node, report) => {
  const definitions = is(node, 'bpmn:ThrowEvent') ? (node.eventDefinitions ?? []) : []
  if (!is(node, 'bpmn:SendTask') && definitions.length === 0) return
  if ([node, ...definitions].some((element) => extensions(element, 'zeebe:PublishMessage').length > 0))
    report("Would wait for ever: nothing sends a 'zeebe:publishMessage'. Let a job send it: 'zeebe:taskDefinition'.")
})

export const unsupportedRules: readonly Rule[] = [typeIsExecuted, publishedMessageIsSent]
