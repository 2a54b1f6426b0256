/** Rules on tasks and call activities. */
import { type BaseElement, extensions, is, type TypeName } from '../source.ts'
import { reportSame } from './catchers.ts'
import { type Report, type Rule, rule } from './rule.ts'

export const activityHasDifferentBoundaryEvents = rule('bpmn:Activity', (activity, report, { topology }) => {
  const definitions = topology.boundaryEvents(activity).flatMap((event) => event.eventDefinitions ?? [])
  reportSame(definitions, report)
})

const count = (element: BaseElement, ...types: readonly TypeName[]): number =>
  types.reduce((sum, type) => sum + extensions(element, type).length, 0)

export const serviceTaskHasAJob = rule('bpmn:ServiceTask', (task, report) => {
  if (count(task, 'zeebe:TaskDefinition') !== 1)
    report("Must have exactly one 'zeebe:taskDefinition' extension element")
})

export const callActivityHasACalledElement = rule('bpmn:CallActivity', (activity, report) => {
  if (count(activity, 'zeebe:CalledElement') !== 1)
    report("Must have exactly one 'zeebe:calledElement' extension element")
})

export const scriptTaskHasOneWay = rule('bpmn:ScriptTask', (task, report) => {
  if (count(task, 'zeebe:Script', 'zeebe:TaskDefinition') === 1) return
  report("Must have either one 'zeebe:script' or one 'zeebe:taskDefinition' extension element")
})

export const businessRuleTaskHasOneWay = rule('bpmn:BusinessRuleTask', (task, report) => {
  if (count(task, 'zeebe:CalledDecision', 'zeebe:TaskDefinition') === 1) return
  report("Must have either one 'zeebe:calledDecision' or one 'zeebe:taskDefinition' extension element")
})

export const sendTaskHasOneWay = rule('bpmn:SendTask', (task, report) => {
  const published = count(task, 'zeebe:PublishMessage')
  if (published + count(task, 'zeebe:TaskDefinition') !== 1) {
    report("Must have either one 'zeebe:publishMessage' or one 'zeebe:taskDefinition' extension element")
  }
  if (published > 0 && task.messageRef === undefined) report('Must reference a message')
})

export const receiveTaskAwaitsAMessage = rule('bpmn:ReceiveTask', (task, report, { topology }) => {
  if (!is(task.messageRef, 'bpmn:Message')) {
    report('Must reference a message')
    return
  }
  reportOwnMessageOnBoundary(task.messageRef.name, topology.boundaryEvents(task), report)
})

function reportOwnMessageOnBoundary(
  name: string | undefined,
  boundaryEvents: readonly { eventDefinitions?: readonly BaseElement[] }[],
  report: Report,
): void {
  const names = boundaryEvents
    .flatMap((event) => event.eventDefinitions ?? [])
    .map((definition) => messageName(definition))
  if (name && names.includes(name)) report('Cannot reference the same message name as a boundary event')
}
const messageName = (definition: BaseElement & { messageRef?: BaseElement }): string | undefined =>
  definition.messageRef?.name

export const activityRules: readonly Rule[] = [
  activityHasDifferentBoundaryEvents,
  serviceTaskHasAJob,
  callActivityHasACalledElement,
  scriptTaskHasOneWay,
  businessRuleTaskHasOneWay,
  sendTaskHasOneWay,
  receiveTaskAwaitsAMessage,
]
