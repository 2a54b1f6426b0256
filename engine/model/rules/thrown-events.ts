/** Rules on signals, escalations, links and compensation. */
import type { ModdleElement } from 'bpmn-moddle'
import {
  type ActivityElement,
  type BaseElement,
  childrenOfType,
  type EventElement,
  eventDefinitions,
  is,
  type Scope,
} from '../source.ts'
import { reportSameName } from './catchers.ts'
import { type Report, type Rule, rule, type Surroundings } from './rule.ts'

export const signalIsReferenced = rule('bpmn:SignalEventDefinition', ({ signalRef }, report) => {
  if (!is(signalRef, 'bpmn:Signal')) report('Must reference a signal')
})

/** Once for all who throw or catch it and once for each process that it starts, as Zeebe reports it. */
export const signalHasAName = rule('bpmn:Signal', (signal, report, { topology }) => {
  if (signal.name) return
  const users = topology.usersOf(signal)
  const starts = users.filter((user) => is(user, 'bpmn:StartEvent') && is(user.$parent, 'bpmn:Process'))
  const reports = starts.length + (users.length > starts.length ? 1 : 0)
  for (let i = 0; i < reports; i++) report('Name must be present and not empty')
})

export const thrownEscalationIsReferenced = rule('bpmn:EscalationEventDefinition', (definition, report) => {
  if (is(definition.$parent, 'bpmn:ThrowEvent')) {
    if (!is(definition.escalationRef, 'bpmn:Escalation')) report('Must reference an escalation')
  } else if (definition.escalationRef?.escalationCode?.startsWith('=')) {
    report('The escalationCode of the escalation catch event is not allowed to be an expression')
  }
})

export const thrownEscalationHasACode = rule('bpmn:Escalation', (escalation, report, { topology }) => {
  const isThrown = topology.usersOf(escalation).some((user) => is(user, 'bpmn:ThrowEvent'))
  if (isThrown && !escalation.escalationCode) report('EscalationCode must be present and not empty')
})

export const escalationIsCaughtOnScopes = rule('bpmn:BoundaryEvent', (event, report) => {
  const { attachedToRef } = event
  if (eventDefinitions(event, 'bpmn:EscalationEventDefinition').length === 0) return
  if (!is(attachedToRef, 'bpmn:SubProcess') && !is(attachedToRef, 'bpmn:CallActivity'))
    report('An escalation boundary event should only be attached to a subprocess, or a call activity.')
})

export const linkHasAName = rule('bpmn:LinkEventDefinition', ({ name }, report) => {
  if (!name) report('Link name must be present and not empty.')
})

export const processLinksMeet = rule('bpmn:Process', (process, report) => reportLinks(process, report))
export const subProcessLinksMeet = rule('bpmn:SubProcess', (subProcess, report) => reportLinks(subProcess, report))

/** A link leads to the catch event of its name in the same scope; no name is caught twice, in scopes within neither. */
function reportLinks(scope: Scope, report: Report): void {
  reportSameName(linkCatches(scope), report)
  const caught = new Set(linksOf(childrenOfType(scope, 'bpmn:IntermediateCatchEvent')).map(({ name }) => name))
  const thrown = new Set(linksOf(childrenOfType(scope, 'bpmn:IntermediateThrowEvent')).map(({ name }) => name))
  for (const name of thrown)
    if (name && !caught.has(name))
      report(`Can't find an catch link event for the throw link event with the name '${name}'.`)
}
const linksOf = (events: readonly EventElement[]): readonly BaseElement[] =>
  events.flatMap((event) => eventDefinitions(event, 'bpmn:LinkEventDefinition'))
const linkCatches = (scope: Scope): readonly BaseElement[] => [
  ...linksOf(childrenOfType(scope, 'bpmn:IntermediateCatchEvent')),
  ...childrenOfType(scope, 'bpmn:SubProcess').flatMap(linkCatches),
]

export const compensationEventHasAHandler = rule('bpmn:BoundaryEvent', (event, report, { topology }) => {
  if (eventDefinitions(event, 'bpmn:CompensateEventDefinition').length === 0) return
  if (topology.associated(event).length === 0 || topology.outgoing(event).length > 0)
    report('Compensation boundary events must have a compensation association and no outgoing sequence flows')
})

/** Only tasks are looked at, as in Zeebe. */
export const compensationHandlerStandsApart = rule('bpmn:Task', (task, report, { topology }) => {
  if (task.isForCompensation !== true) return
  if (topology.incoming(task).length > 0) report('A compensation handler should have no incoming sequence flows')
  if (topology.outgoing(task).length > 0) report('A compensation handler should have no outgoing sequence flows')
  if (topology.boundaryEvents(task).length > 0) report('A compensation handler should have no boundary events')
})

export const compensationIsWaitedFor = rule('bpmn:ThrowEvent', (event: EventElement, report) => {
  const what = is(event, 'bpmn:EndEvent') ? 'end event' : 'intermediate throwing event'
  for (const { waitForCompletion } of eventDefinitions(event, 'bpmn:CompensateEventDefinition'))
    if (waitForCompletion === false)
      report(`A compensation ${what} waitForCompletion attribute must be true or not present`)
})

export const compensatedActivityIsNear = rule('bpmn:CompensateEventDefinition', (definition, report, surroundings) => {
  const { activityRef, $parent } = definition
  for (const { id } of surroundings.dangling.get(definition) ?? [])
    report(`The referenced compensation activity '${id}' doesn't exist`)
  if (activityRef === undefined) return
  if (!canBeCompensated(activityRef, surroundings)) {
    report(
      `The referenced compensation activity '${activityRef.id}' must have either a compensation boundary event or be a subprocess`,
    )
  }
  if (!isNear(activityRef, $parent?.$parent)) {
    report(
      `The referenced compensation activity '${activityRef.id}' must be in the same scope as the compensation throw event`,
    )
  }
})
function canBeCompensated(activity: ActivityElement, { topology }: Surroundings): boolean {
  if (is(activity, 'bpmn:SubProcess') && activity.triggeredByEvent !== true) return true
  return topology
    .boundaryEvents(activity)
    .some((event) => eventDefinitions(event, 'bpmn:CompensateEventDefinition').length > 0)
}
function isNear(activity: ActivityElement, scope: ModdleElement | undefined): boolean {
  if (activity.$parent === scope) return true
  return is(scope, 'bpmn:SubProcess') && scope.triggeredByEvent === true && activity.$parent === scope.$parent
}

export const thrownEventRules: readonly Rule[] = [
  signalIsReferenced,
  signalHasAName,
  thrownEscalationIsReferenced,
  thrownEscalationHasACode,
  escalationIsCaughtOnScopes,
  linkHasAName,
  processLinksMeet,
  subProcessLinksMeet,
  compensationEventHasAHandler,
  compensationHandlerStandsApart,
  compensationIsWaitedFor,
  compensatedActivityIsNear,
]
