/** What is refused as a whole: by Zeebe in its words, or by us because the core does not run it yet. */
import { isExecutableType } from '../compile.ts'
import { type BaseElement, is } from '../source.ts'
import { type Report, type Rule, rule } from './rule.ts'

const notYet = (report: Report, what: string): void => report(`${what} are not executed by this engine yet.`)

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

export const publishedMessageIsExecuted = rule('bpmn:FlowNode', (node, report) => {
  const own = node.extensionElements?.values ?? []
  const ofEvent = is(node, 'bpmn:Event')
    ? (node.eventDefinitions ?? []).flatMap((definition) => definition.extensionElements?.values ?? [])
    : []
  if ([...own, ...ofEvent].some((value) => value.$type === 'zeebe:publishMessage'))
    notYet(report, "Messages by 'zeebe:publishMessage'")
})

export const unsupportedRules: readonly Rule[] = [typeIsExecuted, publishedMessageIsExecuted]
