/** The evaluator's face, which answers as ever and writes down what it is asked, as JSON in the folder of `ITER_QUESTIONS`. */
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as feel from '../../engine/feel/index.ts'
import { type Encoded, encode, type Model, type Question, type Surroundings } from './answers.ts'

export * from '../../engine/feel/index.ts'

const models: Record<string, Model> = {}
const questions = new Set<string>()
const note = (question: Question): void => void questions.add(JSON.stringify(question))
process.on('exit', () => {
  const folder = process.env.ITER_QUESTIONS
  if (folder !== undefined && questions.size > 0)
    writeFileSync(
      join(folder, `${process.pid}.json`),
      `{"models":${JSON.stringify(models)},"questions":[${[...questions]}]}`,
    )
})

type Top = 'expression' | 'tests'
const tops = new WeakMap<feel.Expression, Top>()

function noted(kind: Top, source: string, dialect: feel.Dialect, compiled: feel.CompiledExpression) {
  if (compiled.ok) tops.set(compiled.expression, kind)
  else note({ kind, source, dialect })
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
  const [asked, surroundings] = watched(evaluation)
  const outcome = feel.evaluate(expression, asked)
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
  const [asked, surroundings] = watched(evaluation)
  const outcome = feel.evaluateDecision(model, id, asked)
  note({ kind: 'decision', model: names.get(model)!, id, in: surroundings() })
  return outcome
}
export const evaluateInvocable: typeof feel.evaluateInvocable = (model, id, args, evaluation) => {
  const [asked, surroundings] = watched({ ...evaluation, lookup: (name) => args.get(name) ?? evaluation.lookup(name) })
  const outcome = feel.evaluateInvocable(model, id, args, asked)
  for (const name of args.keys()) asked.lookup(name)
  note({ kind: 'invocable', model: names.get(model)!, id, in: surroundings() })
  return outcome
}
