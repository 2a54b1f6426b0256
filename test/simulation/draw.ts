/** The BPMN of what was planned. */
import {
  adHoc,
  calls,
  cancel,
  compensation,
  completion,
  condition as conditional,
  diagram,
  error,
  escalation,
  extensions,
  jobType,
  link,
  listened,
  message,
  multiInstance,
  Scope,
  script,
  signal,
  taskListeners,
  terminate,
  timer,
} from './diagram.ts'
import {
  type Condition,
  ERROR_CODE,
  ESCALATION_CODE,
  elementsOf,
  MESSAGE_KEY,
  type Plan,
  type PlannedAdHoc,
  type PlannedElement,
  type PlannedEvent,
  type PlannedLoop,
  type Plans,
  type Work,
} from './plan.ts'

export function draw(plans: Plans): Buffer {
  const elements = Object.values(plans).flatMap(elementsOf)
  const named = (type: PlannedEvent['type']) =>
    elements.flatMap(({ type: of, event }) =>
      event?.type === type && 'name' in event ? [{ name: event.name, isThrown: isThrowing(of) }] : [],
    )
  const messages = named('message').map(({ name, isThrown }) => [name, isThrown ? '' : `=${MESSAGE_KEY}`])
  const received = elements.flatMap(({ message: name }) => (name === undefined ? [] : [[name, `=${MESSAGE_KEY}`]]))
  return diagram({
    processes: Object.fromEntries(Object.entries(plans).map(([id, plan]) => [id, scopeOf(plan)])),
    messages: Object.fromEntries([...messages, ...received]),
    signals: [...new Set(named('signal').map(({ name }) => name))],
    errors: [ERROR_CODE],
    escalations: [ESCALATION_CODE],
  })
}
const isThrowing = (type: string) => type === 'endEvent' || type === 'intermediateThrowEvent'

function scopeOf({ elements, flows, undoing }: Plan): Scope {
  const scope = new Scope()
  for (const element of elements)
    scope.add(element.isTransaction ? 'transaction' : element.type, element.id, inside(element), attributes(element))
  for (const { id, from, to, when } of flows) scope.named(id, from, to, when && condition(when))
  for (const { event, handler } of undoing) scope.association(event, handler)
  return scope
}

function condition(when: Condition): string {
  if (when === 'again') return '=again = true'
  const remainder = `=modulo(choice, ${when.of})`
  return 'is' in when ? `${remainder} = ${when.is}` : `${remainder} &lt; ${when.isBelow}`
}

function attributes(element: PlannedElement): string {
  const { type, isInterrupting, attachedTo, message: name, isTriggeredByEvent, adHoc: how, isForCompensation } = element
  const interrupting = type === 'boundaryEvent' ? 'cancelActivity' : 'isInterrupting'
  return [
    attachedTo && `attachedToRef="${attachedTo}"`,
    isInterrupting !== undefined && `${interrupting}="${isInterrupting}"`,
    name && `messageRef="${name}"`,
    isTriggeredByEvent && 'triggeredByEvent="true"',
    how?.keepsRest && 'cancelRemainingInstances="false"',
    isForCompensation && 'isForCompensation="true"',
    element.otherwise && `default="${element.otherwise}"`,
  ]
    .filter((text) => typeof text === 'string')
    .join(' ')
}

/** In the order in which the schema wants it: extensions, event, loop, what it holds. */
function inside({ id, type, event, work, listeners = [], loop, inner, called, adHoc: how }: PlannedElement): string {
  const own = [
    work && workOf[work],
    event?.type === 'message' && isThrowing(type) && jobType('work'),
    called && calls(called),
    how && beginning(how),
  ].filter((text) => typeof text === 'string')
  const rest = [
    event && definition(id, event),
    loop && multiInstance(loopOf(loop)),
    inner && scopeOf(inner).xml,
    how?.untilOver && completion('again = false'),
  ].filter((text) => typeof text === 'string')
  const all = [...own, ...rest].join('')
  return listeners.length > 0 ? listened(all, ...listeners) : all
}
const workOf: Readonly<Record<Work, string>> = {
  job: jobType('work'),
  script: script('=choice + 1', 'choice'),
  person: extensions('<zeebe:userTask/>'),
  'listened person': extensions('<zeebe:userTask/>', taskListeners('creating', 'assigning', 'completing', 'canceling')),
}
const beginning = ({ begin }: PlannedAdHoc) =>
  begin === 'as a worker says' ? jobType('work') : adHoc(`[${begin.map((id) => `&quot;${id}&quot;`).join(',')}]`)
const loopOf = ({ isSequential, items, untilTwo, collection }: PlannedLoop) => ({
  isSequential,
  items: `[${Array.from({ length: items }, (_, i) => i)}]`,
  until: untilTwo ? 'numberOfCompletedInstances = 2' : '',
  collection,
})

function definition(id: string, event: PlannedEvent): string {
  switch (event.type) {
    case 'message':
      return message(event.name)
    case 'signal':
      return signal(event.name)
    case 'link':
      return link(`${id}link`, event.name)
    case 'conditional':
      return conditional(`${event.name} &gt; 0`)
    case 'timer':
      return timer('timeDuration', `PT${event.minutes}M`)
    case 'error':
      return error(ERROR_CODE)
    case 'escalation':
      return escalation(ESCALATION_CODE)
    case 'compensation':
      return compensation(`${id}undo`)
    case 'cancel':
      return cancel(`${id}cancel`)
    case 'terminate':
      return terminate.replace('"terminate"', `"${id}end"`)
  }
}
