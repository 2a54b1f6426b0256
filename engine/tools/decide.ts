/**
 * Evaluates the decisions of a DMN file and shows which rules fired.
 *
 *     npm run decide -- fees.dmn inputs.json            the last decision of the file, or the only one
 *     npm run decide -- fees.dmn inputs.json fee        the decision with that id
 */
import { readFileSync } from 'node:fs'
import {
  compileDecisions,
  type EvaluatedDecision,
  evaluateDecision,
  fromJson,
  isContext,
  toJson,
  type Value,
} from '../feel/index.ts'

const STEPS = 2_500_000

const [file, inputs, wanted] = process.argv.slice(2)
if (file === undefined || file === '--help') {
  console.error('Usage: npm run decide -- table.dmn [inputs.json] [decision id]')
  process.exit(2)
}

const compiled = compileDecisions(readFileSync(file, 'utf8'))
if (!compiled.ok) {
  console.error(compiled.message)
  process.exit(1)
}

const variables = fromJson(inputs === undefined ? '{}' : readFileSync(inputs, 'utf8'))
const required = new Set(
  compiled.model.decisions.flatMap(({ requiredDecisions }) => requiredDecisions.map(({ id }) => id)),
)
const decision = wanted ?? compiled.model.decisions.findLast(({ id }) => !required.has(id))?.id ?? ''
const outcome = evaluateDecision(compiled.model, decision, {
  lookup: (name) => (isContext(variables) ? variables.get(name) : undefined),
  now: Date.now(),
  random: Math.random,
  steps: STEPS,
})

outcome.evaluated.forEach(show)
if (outcome.failure !== undefined) {
  console.error(outcome.failure.message)
  process.exit(1)
}

function show({ decisionId, decisionType, output, inputs, matchedRules }: EvaluatedDecision): void {
  console.log(`${decisionId} (${decisionType}) = ${toJson(output)}`)
  for (const input of inputs) console.log(`  input  ${named(input)}`)
  for (const rule of matchedRules) console.log(`  rule ${rule.index}  ${rule.outputs.map(named).join(', ')}`)
}
function named({ name, value }: { readonly name: string; readonly value: Value }): string {
  return `${name} = ${toJson(value)}`
}
