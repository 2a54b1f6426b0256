/** Which attributes are expressions, and what they must be when they are fixed text. */
import type { Expression } from '../executable.ts'
import { parseDateTime } from '../interval.ts'
import { type ElementTypes, is, type TypeName, textOf } from '../source.ts'
import { type Report, type Rule, rule, type Surroundings } from './rule.ts'

interface Requirement {
  /** Absent text is a fault. */
  readonly mandatory?: boolean
  /** Fixed text is a fault. */
  readonly feel?: boolean
  readonly static?: { readonly holds: (text: string) => boolean; readonly description: string }
}

function expression<T extends TypeName>(
  type: T,
  requirement: Requirement,
  textOf: (element: ElementTypes[T]) => string | undefined,
): Rule {
  return rule(type, (element, report, surroundings) => check(textOf(element), requirement, report, surroundings))
}

function check(
  text: string | undefined,
  requirement: Requirement,
  report: Report,
  { expressions }: Surroundings,
): void {
  if (text === undefined) {
    if (requirement.mandatory) report('Expected expression but not found.')
    return
  }
  const parsed = expressions.parse(text)
  if (!parsed.ok) report(parsed.message)
  else if (parsed.expression.kind === 'static') checkStatic(parsed.expression, requirement, report)
}

function checkStatic(
  { text }: Extract<Expression, { kind: 'static' }>,
  requirement: Requirement,
  report: Report,
): void {
  if (requirement.feel) {
    report(`Expected expression but found static value '${text}'. An expression must start with '=' (e.g. '=${text}').`)
  } else if (requirement.static && !requirement.static.holds(text)) {
    report(`Expected static value to ${requirement.static.description}, but found '${text}'.`)
  }
}

const commaSeparated = {
  holds: (text: string) => text.split(',').every((part) => part.trim() !== ''),
  description: "be a list of comma-separated values, e.g. 'a,b,c'",
}
const dateTime = {
  holds: (text: string) => parseDateTime(text) !== null,
  description: "be a valid DateTime String, e.g. '2023-03-02T15:35+02:00'",
}
const number = { holds: (text: string) => /^[-+]?\d+$/.test(text), description: 'be a valid Number between 0 and 100' }

const expressionsAreValid: readonly Rule[] = [
  expression('zeebe:Input', {}, ({ source }) => source),
  expression('zeebe:Output', { mandatory: true, feel: true }, ({ source }) => source),
  expression('bpmn:Message', {}, ({ name }) => name),
  expression('bpmn:Signal', {}, ({ name }) => name),
  expression('bpmn:Escalation', {}, ({ escalationCode }) => escalationCode),
  expression('bpmn:Error', {}, ({ errorCode }) => errorCode),
  expression('zeebe:Subscription', { mandatory: true, feel: true }, ({ correlationKey }) => correlationKey),
  expression('zeebe:TaskDefinition', { mandatory: true }, ({ type }) => type),
  expression('zeebe:TaskDefinition', { mandatory: true }, ({ retries = '3' }) => retries),
  expression('zeebe:AdHoc', { feel: true }, ({ activeElementsCollection }) => activeElementsCollection),
  expression('zeebe:AdHoc', { feel: true }, ({ outputElement }) => outputElement),
  expression('bpmn:AdHocSubProcess', { feel: true }, ({ completionCondition }) => textOf(completionCondition)),
  expression('zeebe:ExecutionListener', {}, ({ type }) => type),
  expression('zeebe:ExecutionListener', {}, ({ retries }) => retries),
  expression('zeebe:TaskListener', {}, ({ type }) => type),
  expression('zeebe:TaskListener', {}, ({ retries }) => retries),
  expression('zeebe:CalledElement', { mandatory: true }, ({ processId }) => processId),
  expression('zeebe:CalledDecision', { mandatory: true }, ({ decisionId }) => decisionId),
  expression('zeebe:Script', { mandatory: true, feel: true }, (script) => script.expression),
  expression('zeebe:LoopCharacteristics', { mandatory: true, feel: true }, ({ inputCollection }) => inputCollection),
  expression('zeebe:LoopCharacteristics', { feel: true }, ({ outputElement }) => outputElement),
  expression('bpmn:MultiInstanceLoopCharacteristics', {}, ({ completionCondition }) => textOf(completionCondition)),
  expression('zeebe:FormDefinition', {}, ({ formId }) => formId),
  expression('zeebe:FormDefinition', {}, ({ externalReference }) => externalReference),
  expression('zeebe:AssignmentDefinition', {}, ({ assignee }) => assignee),
  expression('zeebe:AssignmentDefinition', { static: commaSeparated }, ({ candidateGroups }) => candidateGroups),
  expression('zeebe:AssignmentDefinition', { static: commaSeparated }, ({ candidateUsers }) => candidateUsers),
  expression('zeebe:TaskSchedule', { static: dateTime }, ({ dueDate }) => dueDate),
  expression('zeebe:TaskSchedule', { static: dateTime }, ({ followUpDate }) => followUpDate),
  expression('zeebe:PriorityDefinition', { mandatory: true, static: number }, ({ priority }) => priority),
  expression('bpmn:TimerEventDefinition', {}, ({ timeDate }) => textOf(timeDate)),
  expression('bpmn:TimerEventDefinition', {}, ({ timeDuration }) => textOf(timeDuration)),
  expression('bpmn:TimerEventDefinition', {}, ({ timeCycle }) => textOf(timeCycle)),
  rule('bpmn:Expression', (condition, report, surroundings) => {
    if (is(condition.$parent, 'bpmn:SequenceFlow'))
      check(textOf(condition), { mandatory: true, feel: true }, report, surroundings)
    if (is(condition.$parent, 'bpmn:ConditionalEventDefinition'))
      check(textOf(condition) || undefined, { feel: true }, report, surroundings)
  }),
]

export const priorityIsInRange = rule('zeebe:PriorityDefinition', ({ priority = '' }, report) => {
  if (number.holds(priority) && !(Number(priority) >= 0 && Number(priority) <= 100)) {
    report(`Priority must be a number between 0 and 100, but was '${priority}'`)
  }
})

export const expressionRules: readonly Rule[] = [...expressionsAreValid, priorityIsInRange]
