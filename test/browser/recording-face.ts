/** The evaluator's face, which answers as ever and writes down what it is asked, as JSON in the folder of `ITER_QUESTIONS`. */
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as feel from '../../engine/feel/index.ts'
import { type Encoded, encode, type Model, type Question, type Surroundings } from './answers.ts'

export * from '../../engine/feel/index.ts'

const models: Record<string, Model> = {}
/** Some tests ask a hundred thousand at random: from so many on, only each second is kept, each fourth… */
const QUESTIONS_MAX = 4_000
let questions: string[] = []
let asked = 0
let stride = 1

/** Whether the next question is written down. */
const isNoted = (): boolean => asked++ % stride === 0

function note(question: Question): void {
  questions.push(JSON.stringify(question))
  if (questions.length < QUESTIONS_MAX) return
  questions = questions.filter((_question, index) => index % 2 === 0)
  stride *= 2
}

process.on('exit', () => {
  const folder = process.env.ITER_QUESTIONS
  if (folder !== undefined && questions.length > 0)
    writeFileSync(
      join(folder, `${process.pid}.json`),
      `{"models":${JSON.stringify(models)},"questions":[${[...questions]}]}`,
    )
})

type Top = 'expression' | 'tests'
const tops = new WeakMap<feel.Expression, Top>()

function noted(kind: Top, source: string, dialect: feel.Dialect, compiled: feel.CompiledExpression) {
  if (compiled.ok) tops.set(compiled.expression, kind)
  else if (isNoted()) note({ kind, source, dialect })
  return compiled
}
export const compileExpression: typeof feel.compileExpression = (source, dialect = 'camunda') =>
  noted('expression', source, dialect, feel.compileExpression(source, dialect))
export const compileUnaryTests: typeof feel.compileUnaryTests = (source, dialect = 'camunda') =>
  noted('tests', source, dialect, feel.compileUnaryTests(source, dialect))

/** The evaluation, and what was looked up in it once it is over. */
function watched(evaluation: feel.Evaluation): readonly [feel.Evaluation, () => Surroundings] {
  const seen = new Map<string, Encoded>()
  const { now, zone, input, steps } = evaluation
  const lookup = (name: string): feel.Value | undefined => {
    const value = evaluation.lookup(name)
    if (value !== undefined) seen.set(name, encode(value))
    return value
  }
  return [
    { ...evaluation, lookup },
    () => ({
      variables: [...seen],
      now,
      ...(zone !== undefined && { zone }),
      ...(input !== undefined && { input: encode(input) }),
      ...(steps !== undefined && { steps }),
    }),
  ]
}

export const evaluate: typeof feel.evaluate = (expression, evaluation) => {
  if (!isNoted()) return feel.evaluate(expression, evaluation)
  const [watching, surroundings] = watched(evaluation)
  const outcome = feel.evaluate(expression, watching)
  const { source, dialect } = expression
  note({ kind: tops.get(expression) ?? 'expression', source, dialect, in: surroundings() })
  return outcome
}

const names = new WeakMap<feel.DecisionModel, string>()
export const compileDecisions: typeof feel.compileDecisions = (xml, options = {}) => {
  const compiled = feel.compileDecisions(xml, options)
  const name = createHash('sha1')
    .update(JSON.stringify([xml, options]))
    .digest('base64url')
  models[name] = { xml, options }
  if (compiled.ok) names.set(compiled.model, name)
  else note({ kind: 'model', model: name })
  return compiled
}

export const evaluateDecision: typeof feel.evaluateDecision = (model, id, evaluation) => {
  const [watching, surroundings] = watched(evaluation)
  const outcome = feel.evaluateDecision(model, id, watching)
  note({ kind: 'decision', model: names.get(model)!, id, in: surroundings() })
  return outcome
}
export const evaluateInvocable: typeof feel.evaluateInvocable = (model, id, args, evaluation) => {
  const [watching, surroundings] = watched({
    ...evaluation,
    lookup: (name) => args.get(name) ?? evaluation.lookup(name),
  })
  const outcome = feel.evaluateInvocable(model, id, args, watching)
  for (const name of args.keys()) watching.lookup(name)
  note({ kind: 'invocable', model: names.get(model)!, id, in: surroundings() })
  return outcome
}
