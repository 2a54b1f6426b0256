/** Rules on conditional events, in the words of Zeebe 8.9. */
import { childrenOfType, type EventElement, eventDefinitions, is, textOf } from '../source.ts'
import { duplicates, isBlank, type Rule, rule } from './rule.ts'

export const conditionIsGiven = rule('bpmn:Expression', (condition, report) => {
  if (is(condition.$parent, 'bpmn:ConditionalEventDefinition') && isBlank(condition.body))
    report("Attribute 'condition' must be present and not empty")
})

const variableEvents = ['create', 'update']

export const filteredEventsAreKnown = rule('zeebe:ConditionalFilter', (filter, report) => {
  for (const event of (filter.variableEvents ?? '').split(',').map((part) => part.trim()))
    if (event !== '' && !variableEvents.includes(event))
      report(
        `Variable event '${event}' is not valid. Must be one of: ${variableEvents.join(', ')} or a comma-separated list of both.`,
      )
})

export const startConditionsDiffer = rule('bpmn:Process', (process, report) => {
  const sameOf = (starts: readonly EventElement[]) =>
    duplicates(
      starts
        .flatMap((start) => eventDefinitions(start, 'bpmn:ConditionalEventDefinition'))
        .flatMap(({ condition }) => textOf(condition) ?? []),
    )
  for (const condition of sameOf(childrenOfType(process, 'bpmn:StartEvent')))
    report(
      `Duplicate condition expression '${condition}' found in conditional start events of process '${process.id}'. Condition expressions for conditional start events must be unique within a process.`,
    )
  const subProcesses = childrenOfType(process, 'bpmn:SubProcess')
  for (const condition of sameOf(subProcesses.flatMap((one) => childrenOfType(one, 'bpmn:StartEvent'))))
    report(
      `Duplicate condition expression '${condition}' found in conditional start events of event subprocesses in process '${process.id}'. Condition expressions for conditional start events in event subprocesses must be unique within a process.`,
    )
})

export const conditionRules: readonly Rule[] = [conditionIsGiven, filteredEventsAreKnown, startConditionsDiffer]
