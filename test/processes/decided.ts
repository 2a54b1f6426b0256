/** The delivered decisions, asked as a process asks them. */
import assert from 'node:assert/strict'
import { compileDecisions, type DecisionOutcome, evaluateDecision, toJson } from '../../engine/feel/index.ts'
import { evaluationOf } from '../feel/evaluation.ts'
import { filesLike, textOf } from '../house/sources.ts'

export const models = filesLike('processes/**/*.dmn').map((path) => {
  const compiled = compileDecisions(textOf(path))
  assert.ok(compiled.ok, compiled.ok ? '' : `${path}: ${compiled.message}`)
  return { path, model: compiled.model }
})

function outcomeOf(id: string, variables: object): DecisionOutcome {
  const found = models.find(({ model }) => model.decisions.some((decision) => decision.id === id))
  assert.ok(found, `no decision ${id}`)
  return evaluateDecision(found.model, id, evaluationOf(JSON.stringify(variables)))
}

/** What it gives; it must not fail. */
export function decide(id: string, variables: object): unknown {
  const { output, failure } = outcomeOf(id, variables)
  assert.equal(failure, undefined)
  return JSON.parse(toJson(output))
}

/** Why it gives nothing; it must fail. */
export function refusalOf(id: string, variables: object): string {
  const { failure } = outcomeOf(id, variables)
  assert.ok(failure, `expected ${id} to fail with ${JSON.stringify(variables)}`)
  return failure.message
}
