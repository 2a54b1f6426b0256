/** Rules on execution and task listeners: where they may stand, on which events, each once. */
import { type BaseElement, type ElementTypes, extensions, is, type Listener, tagOf, taskEvents } from '../source.ts'
import { duplicates, type Report, type Rule, rule } from './rule.ts'

/** In the order in which the report lists them. */
const supporting = [
  ...['process', 'subProcess', 'callActivity', 'adHocSubProcess'],
  ...['task', 'sendTask', 'serviceTask', 'scriptTask', 'userTask', 'receiveTask', 'businessRuleTask', 'manualTask'],
  ...['startEvent', 'intermediateThrowEvent', 'intermediateCatchEvent', 'boundaryEvent', 'endEvent'],
  ...['exclusiveGateway', 'inclusiveGateway', 'parallelGateway', 'eventBasedGateway'],
]
const executionEvents = ['start', 'end'] as const

function reportIncomplete({ eventType, type }: Listener, events: readonly string[], report: Report): void {
  if (!eventType) report("Attribute 'eventType' must be present and not empty")
  else if (!events.includes(eventType))
    report(`Attribute 'eventType' must be one of: ${events.join(', ')}; but it is '${eventType}'`)
  if (!type) report("Attribute 'type' must be present and not empty")
}
export const executionListenerIsComplete = rule('zeebe:ExecutionListener', (listener, report) =>
  reportIncomplete(listener, executionEvents, report),
)
export const taskListenerIsComplete = rule('zeebe:TaskListener', (listener, report) =>
  reportIncomplete(listener, Object.keys(taskEvents), report),
)

export const executionListenersAreDifferent = rule('zeebe:ExecutionListeners', (given, report) => {
  const { listeners = [] } = given
  const element = given.$parent?.$parent
  if (listeners.length === 0 || element === undefined) return
  if (!supporting.includes(tagOf(element)) && !is(element, 'bpmn:Transaction')) {
    report(
      `Execution listeners are not supported for the '${tagOf(element)}' element. Currently, only [${supporting.join(', ')}] elements can have execution listeners.`,
    )
    return
  }
  const names = listeners.map(({ eventType = '', type = '' }) => `eventType[${eventType}] and type[${type}]`)
  for (const name of duplicates(names)) {
    const count = names.filter((other) => other === name).length
    report(`Found '${count}' duplicates based on ${name}, these combinations should be unique.`)
  }
})

export const taskListenersAreOnNativeTasks = rule('zeebe:TaskListeners', ({ listeners = [], $parent }, report) => {
  const task = $parent?.$parent as BaseElement | undefined
  if (listeners.length === 0 || task === undefined) return
  if (!is(task, 'bpmn:UserTask') || extensions(task, 'zeebe:UserTask').length === 0)
    report('Task listeners are only allowed on Camunda user tasks.')
})

const listensTo = (element: BaseElement, event: (typeof executionEvents)[number]): boolean =>
  extensions(element, 'zeebe:ExecutionListeners').some(({ listeners = [] }) =>
    listeners.some(({ eventType }) => eventType === event),
  )
const without = <T extends keyof ElementTypes>(
  type: T,
  event: (typeof executionEvents)[number],
  where: string,
  applies: (element: ElementTypes[T]) => boolean = () => true,
): Rule =>
  rule(type, (element, report) => {
    if (applies(element) && listensTo(element as BaseElement, event))
      report(`Execution listeners of type '${event}' are not supported by ${where}`)
  })

export const listenersCanBeCalled: readonly Rule[] = [
  without('bpmn:StartEvent', 'start', 'start events'),
  without('bpmn:BoundaryEvent', 'start', 'boundary events'),
  without('bpmn:EndEvent', 'end', '[error] end events', ({ eventDefinitions = [] }) =>
    eventDefinitions.some((definition) => is(definition, 'bpmn:ErrorEventDefinition')),
  ),
  without('bpmn:EndEvent', 'end', '[cancel] end events', ({ eventDefinitions = [] }) =>
    eventDefinitions.some((definition) => is(definition, 'bpmn:CancelEventDefinition')),
  ),
  without('bpmn:Gateway', 'end', 'gateway element'),
]

export const listenerRules: readonly Rule[] = [
  executionListenerIsComplete,
  taskListenerIsComplete,
  executionListenersAreDifferent,
  taskListenersAreOnNativeTasks,
  ...listenersCanBeCalled,
]
