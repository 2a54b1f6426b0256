/** Rules on catch events that compete with each other, shared by boundary events, event sub-processes and event-based gateways. */
import { type BaseElement, is, type TimerEventDefinition } from '../source.ts'
import { duplicates, type Report } from './rule.ts'

export function reportSameMessage(definitions: readonly BaseElement[], report: Report): void {
  const names = definitions.map((definition) =>
    is(definition, 'bpmn:MessageEventDefinition') ? definition.messageRef?.name : undefined,
  )
  for (const name of duplicates(names.filter((one) => one)))
    report(`Multiple message event definitions with the same name '${name}' are not allowed.`)
}

export function reportSameError(definitions: readonly BaseElement[], report: Report): void {
  const codes = definitions.flatMap((definition) =>
    is(definition, 'bpmn:ErrorEventDefinition') ? [definition.errorRef?.errorCode] : [],
  )
  if (codes.filter((code) => code === undefined).length > 1) {
    report(
      'The same scope can not contain more than one error catch event without error code. An error catch event without error code catches all errors.',
    )
  }
  for (const code of duplicates(codes.filter((code) => code !== undefined))) {
    report(`Multiple error catch events with the same error code '${code}' are not supported on the same scope.`)
  }
}

/** Errors always interrupt, and what interrupts cannot repeat. */
export function reportInterrupting(definitions: readonly BaseElement[], interrupting: boolean, report: Report): void {
  for (const definition of definitions) {
    if (!interrupting && !mayRunBeside(definition)) report('Non-Interrupting event of this type is not allowed')
    if (interrupting && isCycle(definition)) report('Interrupting timer event with time cycle is not allowed.')
  }
}
const mayRunBeside = (definition: BaseElement): boolean =>
  is(definition, 'bpmn:MessageEventDefinition') ||
  is(definition, 'bpmn:TimerEventDefinition') ||
  is(definition, 'bpmn:SignalEventDefinition') ||
  is(definition, 'bpmn:EscalationEventDefinition')

const isCycle = (definition: BaseElement | TimerEventDefinition): boolean =>
  is(definition, 'bpmn:TimerEventDefinition') && definition.timeCycle !== undefined
