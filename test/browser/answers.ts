/** What was asked of FEEL, as plain data, and the answer as text: the same code in Node and in a browser. */
import {
  type Context,
  compileDecisions,
  compileExpression,
  compileUnaryTests,
  type DecisionModel,
  type DecisionOutcome,
  type Dialect,
  type Evaluation,
  evaluate,
  evaluateDecision,
  evaluateInvocable,
  isContext,
  isList,
  type Value,
  valueFromText,
  valueToText,
} from '../../engine/feel/index.ts'

export type Encoded =
  | null
  | boolean
  | string
  | readonly Encoded[]
  | { readonly entries: readonly (readonly [name: string, value: Encoded])[] }
  | { readonly type: string; readonly text: string }

/** Parts of one value: lists that hold the same list twice, forty levels deep, would never end. */
const PARTS_MAX = 10_000

export function encode(value: Value): Encoded {
  let parts = 0
  const part = (value: Value): Encoded => {
    if (++parts > PARTS_MAX) return '…'
    if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
    if (isList(value)) return value.slice(0, PARTS_MAX).map(part)
    if (isContext(value)) return { entries: [...value].map(([name, entry]) => [name, part(entry)]) }
    const { type, value: text } = valueToText(value)
    return { type, text }
  }
  return part(value)
}

function decode(encoded: Encoded): Value {
  if (encoded === null || typeof encoded !== 'object') return encoded
  if (Array.isArray(encoded)) return encoded.map(decode)
  const given = encoded as Exclude<Encoded, null | boolean | string | readonly Encoded[]>
  if ('entries' in given) return new Map(given.entries.map(([name, entry]) => [name, decode(entry)]))
  return valueFromText(given.type, given.text)
}

/** Numbers are text here, so that no digit is lost on the way. */
export interface Surroundings {
  readonly variables: readonly (readonly [name: string, value: Encoded])[]
  readonly now: number
  readonly zone?: string
  readonly input?: Encoded
  readonly steps?: number
}
export interface Model {
  readonly xml: string
  readonly options: Parameters<typeof compileDecisions>[1] & object
}
/** By a name of their own, because hundreds of questions are about one. */
export type Models = Readonly<Record<string, Model>>
export type Question =
  | {
      readonly kind: 'expression' | 'tests'
      readonly source: string
      readonly dialect: Dialect
      /** Absent: whether it compiles. */
      readonly in?: Surroundings
    }
  | { readonly kind: 'model'; readonly model: string }
  | { readonly kind: 'decision' | 'invocable'; readonly model: string; readonly id: string; readonly in: Surroundings }

/** With the steps that were spent. Of a long answer, its length and a sum over it. */
export function answerTo(question: Question, models: Models): string {
  const answer = wholeAnswerTo(question, models)
  if (answer.length <= ANSWER_MAX) return answer
  let sum = 0
  for (let at = 0; at < answer.length; at++) sum = (sum * 31 + answer.charCodeAt(at)) >>> 0
  return `${answer.slice(0, ANSWER_MAX)}… ${answer.length} characters, sum ${sum}`
}
const ANSWER_MAX = 1_000

function wholeAnswerTo(question: Question, models: Models): string {
  switch (question.kind) {
    case 'expression':
    case 'tests': {
      const { kind, source, dialect } = question
      const compiled = kind === 'tests' ? compileUnaryTests(source, dialect) : compileExpression(source, dialect)
      if (!compiled.ok) return JSON.stringify(compiled.fault)
      if (question.in === undefined) return 'compiled'
      const outcome = evaluate(compiled.expression, evaluationOf(question.in))
      return JSON.stringify(outcome.ok ? { ...outcome, value: encode(outcome.value) } : outcome)
    }
    case 'model': {
      const { xml, options } = models[question.model]!
      const compiled = compileDecisions(xml, options)
      return compiled.ok ? 'compiled' : JSON.stringify(compiled)
    }
    case 'decision':
      return told(evaluateDecision(modelOf(question.model, models), question.id, evaluationOf(question.in)))
    case 'invocable': {
      const args = new Map(question.in.variables.map(([name, value]) => [name, decode(value)]))
      const model = modelOf(question.model, models)
      return told(evaluateInvocable(model, question.id, args, evaluationOf(question.in)))
    }
  }
}

let last: { readonly name: string; readonly model: DecisionModel } | undefined
function modelOf(name: string, models: Models): DecisionModel {
  if (last?.name === name) return last.model
  const { xml, options } = models[name]!
  const compiled = compileDecisions(xml, options)
  if (!compiled.ok) throw new Error(compiled.message)
  last = { name, model: compiled.model }
  return compiled.model
}

function evaluationOf({ variables, input, ...rest }: Surroundings): Evaluation {
  const values: Context = new Map(variables.map(([name, value]) => [name, decode(value)]))
  let state = 1
  return {
    ...rest,
    ...(input !== undefined && { input: decode(input) }),
    lookup: (name) => values.get(name),
    random: () => {
      state = (state * 48_271) % 2_147_483_647
      return state / 2_147_483_647
    },
  }
}

/** Plain data as JSON, values by their own text. */
const told = (outcome: DecisionOutcome): string =>
  JSON.stringify({ ...outcome, output: encode(outcome.output) }, (_name, part: unknown) =>
    isPlain(part) ? part : encode(part as Value),
  )
const isPlain = (part: unknown): boolean =>
  typeof part !== 'object' || part === null || [Object.prototype, Array.prototype].includes(Object.getPrototypeOf(part))
