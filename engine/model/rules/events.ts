/** Rules on events and what they listen to or throw. */

import { mayStand } from '../builders/event-kinds.ts'
import { type EventElement, eventDefinitions, extensions, is } from '../source.ts'
import { reportInterrupting } from './catchers.ts'
import { type Rule, rule } from './rule.ts'

export const startEventHasOneType = rule('bpmn:StartEvent', ({ eventDefinitions = [] }, report) => {
  if (eventDefinitions.length > 1) report("Start event can't have more than one type")
})

export const boundaryEventIsAttached = rule('bpmn:BoundaryEvent', (event, report) => {
  if (!is(event.attachedToRef, 'bpmn:Activity') || event.attachedToRef.$parent !== event.$parent)
    report('Must be attached to an activity')
})

export const boundaryEventHasNoIncomingFlow = rule('bpmn:BoundaryEvent', (event, report, { topology }) => {
  if (topology.incoming(event).length > 0) report('Cannot have incoming sequence flows')
})

export const boundaryEventHasOneDefinition = rule('bpmn:BoundaryEvent', ({ eventDefinitions = [] }, report) => {
  if (eventDefinitions.length !== 1) report('Must have exactly one event definition')
})

export const boundaryEventIsSupported = rule(
  'bpmn:BoundaryEvent',
  ({ eventDefinitions = [], cancelActivity }, report) => {
    if (!eventDefinitions.every((definition) => mayStand(definition, 'boundary')))
      report('Boundary events must be one of: timer, message, error, signal, escalation')
    reportInterrupting(eventDefinitions, cancelActivity !== false, report)
  },
)

export const endEventHasNoOutgoingFlow = rule('bpmn:EndEvent', (event, report, { topology }) => {
  if (topology.outgoing(event).length > 0) report('End events must not have outgoing sequence flows to other elements.')
})

export const endEventIsSupported = rule('bpmn:EndEvent', ({ eventDefinitions = [] }, report) => {
  if (eventDefinitions.length > 1) report('Must have at most one event definition')
  if (!eventDefinitions.every((definition) => mayStand(definition, 'end'))) {
    report('End events must be one of: none, error, message, terminate, signal, escalation or compensation')
  }
})

export const catchEventIsSupported = rule('bpmn:IntermediateCatchEvent', ({ eventDefinitions = [] }, report) => {
  const [definition] = eventDefinitions
  if (definition === undefined || eventDefinitions.length > 1) report('Must have exactly one event definition')
  else if (!mayStand(definition, 'caught')) {
    report('Event definition must be one of: message, timer, signal, or link')
  } else if (
    is(definition, 'bpmn:TimerEventDefinition') &&
    definition.timeDuration === undefined &&
    definition.timeDate === undefined
  ) {
    report('Intermediate timer catch event must have either a time duration or a time date.')
  }
})

/** Ours: Zeebe lets these pass and stumbles over them at run time. */
export const throwEventIsSupported = rule('bpmn:IntermediateThrowEvent', ({ eventDefinitions = [] }, report) => {
  if (eventDefinitions.length > 1) report('Must have at most one event definition')
  else if (eventDefinitions.some((definition) => !mayStand(definition, 'thrown'))) {
    report('Intermediate throw events must be one of: none, message, signal, escalation, compensation or link')
  }
})

export const timerHasOneTime = rule('bpmn:TimerEventDefinition', ({ timeDate, timeDuration, timeCycle }, report) => {
  const given = [timeDate, timeDuration, timeCycle].filter((time) => time !== undefined)
  if (given.length !== 1) report('Must be exactly one type of timer: timeDuration, timeDate or timeCycle')
})

export const errorEndEventHasACode = rule('bpmn:ErrorEventDefinition', ({ $parent, errorRef }, report) => {
  if (!is($parent, 'bpmn:EndEvent')) return
  if (!is(errorRef, 'bpmn:Error')) report('Must reference an error')
  else if (!errorRef.errorCode) report('ErrorCode must be present and not empty')
})

export const caughtErrorCodeIsStatic = rule('bpmn:ErrorEventDefinition', ({ $parent, errorRef }, report) => {
  if (is($parent, 'bpmn:EndEvent') || !errorRef?.errorCode?.startsWith('=')) return
  report('The errorCode of the error catch event is not allowed to be an expression')
})

export const caughtMessageIsReferenced = rule('bpmn:MessageEventDefinition', ({ $parent, messageRef }, report) => {
  if (!is($parent, 'bpmn:ThrowEvent') && !is(messageRef, 'bpmn:Message')) report('Must reference a message')
})

export const messageThrowEventIsDoneByJob = rule('bpmn:ThrowEvent', (event: EventElement, report) => {
  const [message] = eventDefinitions(event, 'bpmn:MessageEventDefinition')
  if (message === undefined) return
  const published = (message.extensionElements?.values ?? []).filter(
    (value) => value.$type === 'zeebe:publishMessage',
  ).length
  const jobs = extensions(event, 'zeebe:TaskDefinition').length
  if (published + jobs !== 1)
    report("Must have either one 'zeebe:publishMessage' or one 'zeebe:taskDefinition' extension element")
})

export const eventRules: readonly Rule[] = [
  startEventHasOneType,
  boundaryEventIsAttached,
  boundaryEventHasNoIncomingFlow,
  boundaryEventHasOneDefinition,
  boundaryEventIsSupported,
  endEventHasNoOutgoingFlow,
  endEventIsSupported,
  catchEventIsSupported,
  throwEventIsSupported,
  timerHasOneTime,
  errorEndEventHasACode,
  caughtErrorCodeIsStatic,
  caughtMessageIsReferenced,
  messageThrowEventIsDoneByJob,
]
