/** Rules on definitions, processes and sub-processes. */

import { mayStand } from '../builders/event-kinds.ts'
import {
  type BaseElement,
  childrenOfType,
  eventDefinitions,
  is,
  type Scope,
  type SubProcessElement,
  type TypeName,
  tagOf,
} from '../source.ts'
import { reportInterrupting, reportSame, reportSameName } from './catchers.ts'
import { type Rule, rule } from './rule.ts'

const ID_LENGTH_MAX = 255

export const definitionsHaveAnExecutableProcess = rule('bpmn:Definitions', ({ rootElements = [] }, report) => {
  const executable = rootElements.some((element) => is(element, 'bpmn:Process') && element.isExecutable === true)
  if (!executable) report('Must contain at least one executable process')
})

/** Zeebe does not look at the ids of links and compensations, and fails on those without. */
const named: readonly TypeName[] = [
  ...(['bpmn:FlowElement', 'bpmn:Process', 'bpmn:Message', 'bpmn:Signal', 'bpmn:Escalation', 'bpmn:Error'] as const),
  ...(['bpmn:LinkEventDefinition', 'bpmn:CompensateEventDefinition'] as const),
]
export const elementsHaveAnId: readonly Rule[] = named.map((type) =>
  rule(type, (element, report) => {
    if (!element.id) report('Element id must be present and not empty.')
  }),
)

/** Zeebe puts up with an incoming flow that is not there. */
export const outgoingFlowsExist = rule('bpmn:FlowNode', (node, report, { dangling }) => {
  for (const { property, id } of dangling.get(node) ?? [])
    if (property === 'bpmn:outgoing') report(`Unable to find a model element instance for id ${id}`)
  for (const flow of node.outgoing ?? [])
    if (!is(flow, 'bpmn:SequenceFlow')) report(`Outgoing '${flow.id}' must be a sequence flow, but is a ${tagOf(flow)}`)
})

/** Ids are parts of keys in the store's indexes. */
export const idIsNotTooLong = rule('bpmn:BaseElement', ({ id = '' }, report) => {
  if (id.length > ID_LENGTH_MAX)
    report(`IDs must not be longer than the configured max-id-length of ${ID_LENGTH_MAX} characters.`)
})

export const processHasStartEvents = rule('bpmn:Process', (process, report) => {
  const starts = childrenOfType(process, 'bpmn:StartEvent')
  if (starts.length === 0) report('Must have at least one start event')
  else if (starts.filter((start) => !start.eventDefinitions?.length).length > 1)
    report('Multiple none start events are not allowed')
})

/** Two messages of one name; one message on two start events is a fault of the message (messages.ts). */
export const processStartsByDifferentMessages = rule('bpmn:Process', (process, report) => {
  const starts = childrenOfType(process, 'bpmn:StartEvent')
  const definitions = starts.flatMap((start) => eventDefinitions(start, 'bpmn:MessageEventDefinition'))
  const oneForEachMessage = new Map(definitions.map((definition) => [definition.messageRef, definition]))
  reportSameName([...oneForEachMessage.values()], report)
})

export const processHasDifferentEventSubProcesses = rule('bpmn:Process', (process, report) =>
  reportSame(startDefinitions(process), report),
)
export const subProcessHasDifferentEventSubProcesses = rule('bpmn:SubProcess', (subProcess, report) =>
  reportSame(startDefinitions(subProcess), report),
)

export const processStartsByDifferentSignals = rule('bpmn:Process', (process, report) => {
  const starts = childrenOfType(process, 'bpmn:StartEvent')
  reportSameName(
    starts.flatMap((start) => eventDefinitions(start, 'bpmn:SignalEventDefinition')),
    report,
  )
})

export const subProcessHasOneStartEvent = rule('bpmn:SubProcess', (subProcess, report) => {
  if (is(subProcess, 'bpmn:AdHocSubProcess')) return
  if (childrenOfType(subProcess, 'bpmn:StartEvent').length !== 1) report('Must have exactly one start event')
})

export const embeddedSubProcessStartsByItself = rule('bpmn:SubProcess', (subProcess, report) => {
  const [start] = childrenOfType(subProcess, 'bpmn:StartEvent')
  if (subProcess.triggeredByEvent === true || start === undefined) return
  if (start.eventDefinitions?.length) report('Start events in subprocesses must be of type none')
})

export const eventSubProcessStartsByEvent = rule('bpmn:SubProcess', (subProcess, report) => {
  const [start] = childrenOfType(subProcess, 'bpmn:StartEvent')
  if (subProcess.triggeredByEvent !== true || start === undefined) return
  const definitions = start.eventDefinitions ?? []
  const isOnProcess =
    eventDefinitions(start, 'bpmn:CompensateEventDefinition').length > 0 && !is(subProcess.$parent, 'bpmn:SubProcess')
  if (isOnProcess) report('A compensation event subprocess is not allowed on the process level')
  if (
    isOnProcess ||
    definitions.length === 0 ||
    definitions.some((definition) => !mayStand(definition, 'event sub-process'))
  ) {
    report('Start events in event subprocesses must be one of: message, timer, error, signal or escalation')
  }
  reportInterrupting(definitions, start.isInterrupting !== false, report)
})

export const isStartedByCompensation = (subProcess: SubProcessElement): boolean =>
  subProcess.triggeredByEvent === true &&
  childrenOfType(subProcess, 'bpmn:StartEvent').some(
    (start) => eventDefinitions(start, 'bpmn:CompensateEventDefinition').length > 0,
  )

/** Ours, as is the element itself. */
export const subProcessIsUndoneInOneWay = rule('bpmn:SubProcess', (subProcess, report, { topology }) => {
  const inside = childrenOfType(subProcess, 'bpmn:SubProcess').filter(isStartedByCompensation)
  if (inside.length === 0) return
  if (inside.length > 1) report('Multiple compensation event subprocesses are not allowed in one subprocess')
  if (is(subProcess, 'bpmn:AdHocSubProcess') || subProcess.triggeredByEvent === true)
    report('A compensation event subprocess is not allowed in an ad-hoc or event subprocess')
  const isOnBoundary = topology
    .boundaryEvents(subProcess)
    .some((event) => eventDefinitions(event, 'bpmn:CompensateEventDefinition').length > 0)
  if (isOnBoundary)
    report('Must not have both a compensation boundary event and a compensation event subprocess: either undoes it')
})

function startDefinitions(scope: Scope): readonly BaseElement[] {
  return childrenOfType(scope, 'bpmn:SubProcess')
    .filter((subProcess) => subProcess.triggeredByEvent === true)
    .flatMap((subProcess) => childrenOfType(subProcess, 'bpmn:StartEvent'))
    .flatMap((start) => start.eventDefinitions ?? [])
}

export const scopeRules: readonly Rule[] = [
  definitionsHaveAnExecutableProcess,
  ...elementsHaveAnId,
  outgoingFlowsExist,
  idIsNotTooLong,
  processHasStartEvents,
  processStartsByDifferentMessages,
  processHasDifferentEventSubProcesses,
  processStartsByDifferentSignals,
  subProcessHasDifferentEventSubProcesses,
  subProcessHasOneStartEvent,
  embeddedSubProcessStartsByItself,
  eventSubProcessStartsByEvent,
  subProcessIsUndoneInOneWay,
]
