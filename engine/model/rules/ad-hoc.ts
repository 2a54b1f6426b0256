/** Rules on ad-hoc sub-processes. */
import { type AdHocSubProcessElement, extension, extensions, is } from '../source.ts'
import { type Report, type Rule, rule } from './rule.ts'

export const adHocIsDrivenOneWay = rule('bpmn:AdHocSubProcess', (subProcess, report) => {
  if (extension(subProcess, 'zeebe:TaskDefinition') === undefined) return
  const refuse = (what: string) => report(`Must not define ${what} in combination with zeebe:taskDefinition.`)
  if (subProcess.cancelRemainingInstances === false) refuse('cancelRemainingInstances')
  if (subProcess.completionCondition !== undefined) refuse('completionCondition')
  if (extension(subProcess, 'zeebe:AdHoc')?.activeElementsCollection) refuse('activeElementsCollection')
})

export const adHocOutputIsWhole = rule('bpmn:AdHocSubProcess', (subProcess, report) => {
  for (const { outputElement, outputCollection } of extensions(subProcess, 'zeebe:AdHoc')) {
    if (!outputElement === !outputCollection) continue
    report(
      `OutputElement and OutputCollection must both be set, or neither of them set. outputElement:${outputElement ?? null} and outputCollection:${outputCollection ?? null}.`,
    )
  }
})

export const adHocHasActivities = rule('bpmn:AdHocSubProcess', (subProcess, report) => {
  const inside = subProcess.flowElements ?? []
  if (inside.length === 0) report('Must have at least one activity.')
  if (inside.some((element) => is(element, 'bpmn:StartEvent'))) report('Must not contain a start event.')
  if (inside.some((element) => is(element, 'bpmn:EndEvent'))) report('Must not contain an end event.')
})

export const adHocIsNotInterruptedFromWithin = rule('bpmn:SubProcess', (subProcess, report) => {
  if (!is(subProcess.$parent, 'bpmn:AdHocSubProcess') || subProcess.triggeredByEvent !== true) return
  reportInterrupting(subProcess.flowElements ?? [], report)
})
function reportInterrupting(inside: NonNullable<AdHocSubProcessElement['flowElements']>, report: Report): void {
  const interrupts = inside.some((element) => is(element, 'bpmn:StartEvent') && element.isInterrupting !== false)
  if (interrupts) report('An interrupting event subprocess is not allowed inside an ad-hoc subprocess')
}

export const adHocRules: readonly Rule[] = [
  adHocIsDrivenOneWay,
  adHocOutputIsWhole,
  adHocHasActivities,
  adHocIsNotInterruptedFromWithin,
]
