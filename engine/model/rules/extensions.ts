/** Rules on the attributes of Zeebe's extension elements that must be there, and on extension elements that may stand only once. */
import type { ModdleElement } from 'bpmn-moddle'
import { retryBackoffFault } from '../retry-backoff.ts'
import { type BaseElement, type Bound, extensions, is, type TypeName, tagOf } from '../source.ts'
import { duplicates, isBlank, type Report, type Rule, rule } from './rule.ts'

const RESERVED_HEADERS = 'io.camunda.zeebe:'

const reportEmpty = (report: Report, attribute: string, text: string | undefined): void => {
  if (!text) report(`Attribute '${attribute}' must be present and not empty`)
}

/** Of an ad-hoc sub-process an empty type is reported as the missing expression it is. */
export const taskDefinitionIsComplete = rule('zeebe:TaskDefinition', ({ type, retries = '3', $parent }, report) => {
  if (is($parent?.$parent, 'bpmn:AdHocSubProcess')) return
  reportEmpty(report, 'type', type)
  reportEmpty(report, 'retries', retries)
})
export const subscriptionHasAKey = rule('zeebe:Subscription', ({ correlationKey }, report) =>
  reportEmpty(report, 'correlationKey', correlationKey),
)

export const calledDecisionIsComplete = rule('zeebe:CalledDecision', ({ decisionId, resultVariable }, report) => {
  reportEmpty(report, 'decisionId', decisionId)
  reportEmpty(report, 'resultVariable', resultVariable)
})
export const scriptIsComplete = rule('zeebe:Script', ({ expression, resultVariable }, report) => {
  reportEmpty(report, 'expression', expression)
  reportEmpty(report, 'resultVariable', resultVariable)
})
export const linkedResourceIsComplete = rule('zeebe:LinkedResource', (resource, report) => {
  reportEmpty(report, 'resourceId', resource.resourceId)
  reportBindingType(resource.get('bindingType'), report)
  reportEmpty(report, 'resourceType', resource.resourceType)
})
export const publishedMessageHasAKey = rule('zeebe:PublishMessage', ({ correlationKey }, report) =>
  reportEmpty(report, 'correlationKey', correlationKey),
)
/** A standard loop is ignored, as in Zeebe. */
export const multiInstanceHasALoop = rule('bpmn:MultiInstanceLoopCharacteristics', (marker, report) => {
  if (extensions(marker, 'zeebe:LoopCharacteristics').length !== 1)
    report("Must have exactly one 'zeebe:loopCharacteristics' extension element")
})
export const loopOutputIsWhole = rule('zeebe:LoopCharacteristics', ({ outputCollection, outputElement }, report) => {
  if (Boolean(outputCollection) === Boolean(outputElement)) return
  const [given, missing] = outputCollection
    ? (['outputCollection', 'outputElement'] as const)
    : (['outputElement', 'outputCollection'] as const)
  report(`Attribute '${missing}' must be present if the attribute '${given}' is set`)
})
export const userTaskFormHasABody = rule('zeebe:UserTaskForm', ({ body }, report) => {
  if (!body) report('User task form text content has to be present and not empty')
})

export const retryBackoffIsReadable = rule('zeebe:Properties', (properties, report) => {
  const fault = retryBackoffFault(properties)
  if (fault !== null) report(fault)
})

const bindingTypes = ['deployment', 'latest', 'versionTag']
function reportBindingType(given: unknown, report: Report): void {
  if (given !== undefined && !bindingTypes.some((type) => type === given))
    report(`Attribute 'bindingType' must be one of: ${bindingTypes.join(', ')}`)
}
function reportBinding({ bindingType = 'latest', versionTag }: Bound, report: Report): void {
  reportBindingType(bindingType, report)
  if (bindingType === 'versionTag' && isBlank(versionTag)) {
    report("Attribute 'versionTag' must be present and not empty if 'bindingType' is 'versionTag'")
  } else if (bindingType !== 'versionTag' && !isBlank(versionTag)) {
    report("Attribute 'versionTag' may only be used if 'bindingType' is 'versionTag'")
  }
}
export const calledElementIsBound = rule('zeebe:CalledElement', reportBinding)
export const calledDecisionIsBound = rule('zeebe:CalledDecision', reportBinding)
export const formIsBound = rule('zeebe:FormDefinition', reportBinding)

const siblings = ({ $parent }: ModdleElement): readonly ModdleElement[] =>
  ($parent as BaseElement['extensionElements'])?.values ?? []

/** A native user task names its form by id or by reference, one done by a job by id or by key. */
export const oneFormIsNamed = rule('zeebe:FormDefinition', (form, report) => {
  const native = siblings(form).some((one) => is(one, 'zeebe:UserTask'))
  const [attribute, text] = native
    ? (['externalReference', form.externalReference] as const)
    : (['formKey', form.formKey] as const)
  if (isBlank(form.formId) === isBlank(text)) {
    report(
      `Exactly one of the attributes 'formId, ${attribute}' must be present and not blank${native ? ' for native user tasks' : ''}`,
    )
  }
})

export const headersAreNotReserved = rule('zeebe:TaskHeaders', ({ values = [] }, report) => {
  for (const { key } of values) {
    if (!key?.startsWith(RESERVED_HEADERS)) continue
    report(
      `Attribute 'key' contains '${key}', but header keys starting with '${RESERVED_HEADERS}' are reserved for internal use.`,
    )
  }
})
export const headersAreDifferent = rule('zeebe:TaskHeaders', ({ values = [] }, report) => {
  for (const key of duplicates(values.map(({ key }) => key)))
    report(`Headers contain duplicate entries for key '${key}'`)
})

const once = (on: Extract<TypeName, `bpmn:${string}`>, ...types: readonly TypeName[]): readonly Rule[] =>
  types.map((type) => rule(on, (element, report) => reportMany(element as BaseElement, type, report)))

function reportMany(element: BaseElement, type: TypeName, report: Report): void {
  const found = extensions(element, type)
  if (found.length < 2 || found[0] === undefined) return
  report(
    `Must have exactly one 'zeebe:${tagOf(found[0])}' extension element when exists. Please check process definition XML and retain only one extension element.`,
  )
}

export const extensionsStandOnce: readonly Rule[] = [
  ...once('bpmn:Process', 'zeebe:VersionTag', 'zeebe:ExecutionListeners'),
  ...once('bpmn:FlowNode', 'zeebe:IoMapping', 'zeebe:ExecutionListeners', 'zeebe:Properties'),
  ...once('bpmn:ServiceTask', 'zeebe:TaskHeaders', 'zeebe:LinkedResources'),
  ...once('bpmn:SendTask', 'zeebe:TaskHeaders', 'zeebe:LinkedResources'),
  ...once('bpmn:UserTask', 'zeebe:UserTask', 'zeebe:AssignmentDefinition', 'zeebe:FormDefinition', 'zeebe:TaskHeaders'),
  ...once('bpmn:UserTask', 'zeebe:TaskSchedule', 'zeebe:PriorityDefinition', 'zeebe:TaskListeners'),
  ...once('bpmn:AdHocSubProcess', 'zeebe:AdHoc'),
  ...once('bpmn:BusinessRuleTask', 'zeebe:TaskDefinition', 'zeebe:TaskHeaders', 'zeebe:CalledDecision'),
  ...once('bpmn:ScriptTask', 'zeebe:Script', 'zeebe:TaskDefinition', 'zeebe:TaskHeaders'),
  ...once('bpmn:EndEvent', 'zeebe:TaskDefinition'),
  ...once('bpmn:IntermediateThrowEvent', 'zeebe:TaskDefinition'),
]

export const extensionRules: readonly Rule[] = [
  taskDefinitionIsComplete,
  subscriptionHasAKey,
  calledDecisionIsComplete,
  scriptIsComplete,
  linkedResourceIsComplete,
  publishedMessageHasAKey,
  multiInstanceHasALoop,
  loopOutputIsWhole,
  userTaskFormHasABody,
  calledElementIsBound,
  calledDecisionIsBound,
  formIsBound,
  oneFormIsNamed,
  retryBackoffIsReadable,
  headersAreNotReserved,
  headersAreDifferent,
  ...extensionsStandOnce,
]
