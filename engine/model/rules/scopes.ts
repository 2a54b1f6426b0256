/** Rules on definitions, processes and sub-processes. */

import { mayStand } from '../builders/event-kinds.ts'
import { type BaseElement, childrenOfType, eventDefinitions, is, type Scope } from '../source.ts'
import { reportInterrupting, reportSame, reportSameName } from './catchers.ts'
import { type Rule, rule } from './rule.ts'

const ID_LENGTH_MAX = 255

export const definitionsHaveAnExecutableProcess = rule('bpmn:Definitions', ({ rootElements = [] }, report) => {
  const executable = rootElements.some((element) => is(element, 'bpmn:Process') && element.isExecutable === true)
  if (!executable) report('Must contain at least one executable process')
})

export const flowElementHasAnId = rule('bpmn:FlowElement', ({ id }, report) => {
  if (!id) report('Must have an id')
})

export const processHasAnId = rule('bpmn:Process', ({ id }, report) => {
  if (!id) report('Must have an id')
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
  if (
    definitions.some((definition) => is(definition, 'bpmn:CompensateEventDefinition')) &&
    !is(subProcess.$parent, 'bpmn:SubProcess')
  )
    report('A compensation event subprocess is not allowed on the process level')
  if (definitions.length === 0 || definitions.some((definition) => !mayStand(definition, 'event sub-process'))) {
    report('Start events in event subprocesses must be one of: message, timer, error, signal or escalation')
  }
  reportInterrupting(definitions, start.isInterrupting !== false, report)
})

function startDefinitions(scope: Scope): readonly BaseElement[] {
  return childrenOfType(scope, 'bpmn:SubProcess')
    .filter((subProcess) => subProcess.triggeredByEvent === true)
    .flatMap((subProcess) => childrenOfType(subProcess, 'bpmn:StartEvent'))
    .flatMap((start) => start.eventDefinitions ?? [])
}

export const scopeRules: readonly Rule[] = [
  definitionsHaveAnExecutableProcess,
  flowElementHasAnId,
  processHasAnId,
  idIsNotTooLong,
  processHasStartEvents,
  processStartsByDifferentMessages,
  processHasDifferentEventSubProcesses,
  processStartsByDifferentSignals,
  subProcessHasDifferentEventSubProcesses,
  subProcessHasOneStartEvent,
  embeddedSubProcessStartsByItself,
  eventSubProcessStartsByEvent,
]
