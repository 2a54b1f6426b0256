/** Expressions that are evaluated at deployment: nothing runs yet that could give them variables. */
import {
  type Evaluation,
  evaluate,
  type TypeName as FeelType,
  type Locality,
  typeOf,
  type Warning,
} from '../../feel/index.ts'
import type { Expression } from '../executable.ts'
import { type BaseElement, eventDefinitions, is, type TimerEventDefinition, textOf } from '../source.ts'
import { parseTimer, type TimerKind, timerText, timerTypes } from '../timer.ts'
import { type Report, type Rule, rule, type Surroundings } from './rule.ts'

type Constant =
  | { readonly ok: true; readonly type: FeelType; readonly text: string }
  | { readonly ok: false; readonly message: string }

/** The value is looked at for its type and form only, so that any instant will do. */
const withoutVariables = (locality: Locality): Evaluation => ({
  lookup: () => undefined,
  now: 0,
  random: () => 0,
  ...locality,
})

const isNumber = (text: string): boolean => /^-?\d+(\.\d+)?$/.test(text)

export const startNamesAreConstant = rule('bpmn:StartEvent', (event, report, surroundings) => {
  if (!is(event.$parent, 'bpmn:Process')) return
  for (const { messageRef } of eventDefinitions(event, 'bpmn:MessageEventDefinition'))
    checkName('message', messageRef?.name, report, surroundings)
  for (const { signalRef } of eventDefinitions(event, 'bpmn:SignalEventDefinition'))
    checkName('signal', signalRef?.name, report, surroundings)
})

function checkName(
  what: 'message' | 'signal',
  name: string | undefined,
  report: Report,
  { expressions, locality }: Surroundings,
): void {
  const parsed = name ? expressions.parse(name) : undefined
  if (!parsed?.ok) return
  const outcome = typed(parsed.expression, locality)
  if (!outcome.ok) {
    report(
      `Expected constant expression but found '${name}', which could not be evaluated without context: ${outcome.message}`,
    )
  } else if (outcome.type !== 'STRING') {
    report(`Expected constant expression of type String for ${what} name '${name}', but was ${outcome.type}`)
  }
}

/** Fixed texts of all timers, and whatever the timers of a process's own start events are given. */
export const timerIsValid = rule('bpmn:CatchEvent', (event, report, surroundings) => {
  const startsProcess = is(event, 'bpmn:StartEvent') && is(event.$parent, 'bpmn:Process')
  for (const definition of eventDefinitions(event, 'bpmn:TimerEventDefinition')) {
    const given = timeOf(definition, surroundings)
    if (given === null || (given.expression.kind === 'feel' && !startsProcess)) continue
    const fault = timerFault(given.kind, given.expression, surroundings.locality)
    if (fault !== null) report(`Invalid timer ${given.kind} expression (${fault})`)
  }
})

function timeOf(
  definition: TimerEventDefinition & BaseElement,
  { expressions }: Surroundings,
): { kind: TimerKind; expression: Expression } | null {
  const { timeDuration, timeCycle, timeDate } = definition
  const [kind, text] =
    timeDuration !== undefined
      ? (['duration', textOf(timeDuration)] as const)
      : timeCycle !== undefined
        ? (['cycle', textOf(timeCycle)] as const)
        : (['date', textOf(timeDate)] as const)
  const parsed = text === undefined ? undefined : expressions.parse(text)
  return parsed?.ok ? { kind, expression: parsed.expression } : null
}

function timerFault(kind: TimerKind, expression: Expression, locality: Locality): string | null {
  const source = expression.kind === 'static' ? expression.text : expression.source
  const outcome = typed(expression, locality, timerTypes(kind, locality.zone))
  if (!outcome.ok) return outcome.message
  const parsed = parseTimer(kind, outcome.text, locality.zone, source)
  return parsed.ok ? null : parsed.message
}

/** Type and text of a constant. With `expected` another type is a fault, in the words of the incident it would be at run time. */
function typed(expression: Expression, locality: Locality, expected: readonly FeelType[] | null = null): Constant {
  const source = expression.kind === 'static' ? expression.text : expression.source
  const outcome = expression.kind === 'static' ? staticValue(expression.text) : feelValue(expression, locality)
  if (!outcome.ok || expected === null || expected.includes(outcome.type)) return outcome
  const wanted = expected.length === 1 ? `'${expected[0]}'` : `one of '[${expected.join(', ')}]'`
  return {
    ok: false,
    message: `Expected result of the expression '${source}' to be ${wanted}, but was '${outcome.type}'.${outcome.warnings}`,
  }
}

type Evaluated =
  | { readonly ok: true; readonly type: FeelType; readonly text: string; readonly warnings: string }
  | { readonly ok: false; readonly message: string }

const staticValue = (text: string): Evaluated => ({
  ok: true,
  type: isNumber(text) ? 'NUMBER' : 'STRING',
  text,
  warnings: '',
})

function feelValue({ feel, source }: Extract<Expression, { kind: 'feel' }>, locality: Locality): Evaluated {
  const outcome = evaluate(feel, withoutVariables(locality))
  const warnings = warningText(outcome.warnings)
  if (!outcome.ok)
    return { ok: false, message: `failed to evaluate expression '${source}' : ${outcome.message}${warnings}` }
  const { value } = outcome
  return { ok: true, type: typeOf(value), text: timerText(value), warnings }
}

function warningText(warnings: readonly Warning[]): string {
  if (warnings.length === 0) return ''
  return ` The evaluation reported the following warnings:\n${warnings.map(({ kind, message }) => `[${kind}] ${message}`).join('\n')}`
}

export const constantRules: readonly Rule[] = [startNamesAreConstant, timerIsValid]
