/** What Zeebe 8.8.0 answered must be what the evaluator answers. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  compileDecisions,
  compileExpression,
  type DecisionModel,
  type DecisionOutcome,
  evaluateDecision,
  toJson,
  type Value,
} from '../../engine/feel/index.ts'
import { evaluationOf, outcomeOf } from './evaluation.ts'
import { type Json, missing, type Scenario, scenariosOf } from './traces.ts'

/** Whole numbers of 16 digits and more are recorded as text. */
const json = (value: Value): Json => JSON.parse(toJson(value).replace(/(?<![\d."])-?\d{16,}(?![\d.])/g, '"$&"')) as Json

const variablesAtEnd = ({ expected }: Scenario): Readonly<Record<string, Json>> =>
  Object.fromEntries(Object.values(expected.final.variables).flatMap((scope) => Object.entries(scope)))

const variablesOf = (scenario: Scenario): string => {
  const create = scenario.steps.find((step) => step.create !== undefined)?.create
  return JSON.stringify((create as { variables?: Json } | undefined)?.variables ?? {})
}

for (const scenario of scenariosOf('feel')) {
  const results = variablesAtEnd(scenario)
  const variables = variablesOf(scenario)
  const isRefused = scenario.expected.responses[0]?.error !== undefined
  for (const [name, source] of Object.entries(scenario.expressions))
    test(`${scenario.name} ${name}: ${source}`, () => {
      if (isRefused) assert.equal(compileExpression(source).ok, false)
      else assertResult(scenario, source, variables, results[name])
    })
}

/** Without a variable there is an incident, whose text the failure must bear. */
function assertResult(scenario: Scenario, source: string, variables: string, expected: Json | undefined): void {
  const outcome = outcomeOf(source, variables)
  if (expected !== undefined) {
    assert.ok(outcome.ok)
    assert.deepEqual(json(outcome.value), expected)
    return
  }
  assert.ok(!outcome.ok)
  const incident = scenario.expected.final.incidents.find((text) => text.includes(`'${source}'`))
  assert.ok(incident?.includes(outcome.message), incident ?? 'no incident')
}

function modelOf(folder: string): DecisionModel {
  const file = readdirSync(folder).find((name) => name.endsWith('.dmn') && !name.endsWith('-2.dmn'))
  assert.ok(file)
  const compiled = compileDecisions(readFileSync(join(folder, file), 'utf8'))
  assert.ok(compiled.ok, compiled.ok ? '' : compiled.message)
  return compiled.model
}

for (const scenario of scenariosOf('dmn'))
  for (const [at, step] of scenario.steps.entries()) {
    const asked = step.evaluate as { decision?: string; variables?: Json } | undefined
    const answer = scenario.expected.responses[at]?.ok
    if (asked?.decision === undefined || answer === undefined) continue
    const { decision, variables = {} } = asked
    test(`${scenario.name}: ${decision} of ${JSON.stringify(variables)}`, () => {
      const outcome = evaluateDecision(modelOf(scenario.folder), decision, evaluationOf(JSON.stringify(variables)))
      assert.deepEqual(recorded(outcome), comparable(answer))
    })
  }

/** The parts of a reply that evaluating alone can know. */
function comparable(answer: { readonly [name: string]: Json }): unknown {
  const evaluated = answer.evaluatedDecisions as readonly { readonly [name: string]: Json }[]
  return {
    output: answer.decisionOutput,
    failed: answer.failedDecisionId ?? '',
    message: answer.failureMessage ?? '',
    evaluated: evaluated.map(
      ({ decisionId, decisionName, decisionType, decisionOutput, matchedRules, evaluatedInputs }) => ({
        decisionId,
        decisionName,
        decisionType,
        decisionOutput,
        matchedRules: matchedRules ?? [],
        evaluatedInputs: evaluatedInputs ?? [],
      }),
    ),
  }
}

function recorded({ output, failure, evaluated }: DecisionOutcome): unknown {
  return {
    output: json(output),
    failed: failure?.decisionId ?? '',
    message: failure?.message ?? '',
    evaluated: evaluated.map(({ decisionId, decisionName, decisionType, output, matchedRules, inputs }) => ({
      decisionId,
      decisionName,
      decisionType,
      decisionOutput: json(output),
      matchedRules: matchedRules.map((rule) => ({
        ruleId: rule.id,
        ruleIndex: rule.index,
        evaluatedOutputs: rule.outputs.map(({ id, name, value }) => ({
          outputId: id,
          outputName: name,
          outputValue: json(value),
        })),
      })),
      evaluatedInputs: inputs.map(({ id, name, value }) => ({ inputId: id, inputName: name, inputValue: json(value) })),
    })),
  }
}

/** Scripts of the other expression scenarios, read from their diagrams. Numbers beyond 64 bits are wanted to differ. */
const scripts = /expression="=?([^"]*)" resultVariable="(\w+)"/g
const wantedDifferences: Readonly<Record<string, readonly string[]>> = { 'expr-precision': ['e', 'h'] }

for (const scenario of scenariosOf('expressions')) {
  const diagram = readdirSync(scenario.folder).find((name) => name.endsWith('.bpmn'))
  const source = diagram === undefined ? '' : readFileSync(join(scenario.folder, diagram), 'utf8')
  const results = variablesAtEnd(scenario)
  for (const [, script = '', name = ''] of source.matchAll(scripts))
    test(`${scenario.name}: ${script}`, () => {
      const outcome = outcomeOf(
        script.replaceAll('&#34;', '"').replaceAll('&quot;', '"').replaceAll('&gt;', '>'),
        variablesOf(scenario),
      )
      assert.ok(outcome.ok)
      const without = (value: Json | undefined): Json =>
        Object.fromEntries(
          Object.entries(value as object).filter(([key]) => !wantedDifferences[scenario.name]?.includes(key)),
        )
      assert.deepEqual(without(json(outcome.value)), without(results[name]))
    })
}

test('the recorded scenarios are there', { skip: missing }, () => {
  assert.ok(scenariosOf('feel').length > 0)
})
