/**
 * Evaluates one FEEL expression for whoever writes it.
 *
 *     npm run feel -- 'fee * 1.22' variables.json
 *     npm run feel -- --standard '[1, 2] instance of list<number>'
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { compileExpression, evaluate, fromJson, isContext, toJson, typeOf } from '../feel/index.ts'

/** Tools may think longer than the engine. */
const STEPS = 2_500_000

const { values, positionals } = parseArgs({
  options: { standard: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const [source, file] = positionals
if (values.help || source === undefined) {
  console.error("Usage: npm run feel -- [--standard] 'expression' [variables.json]")
  process.exit(2)
}

const compiled = compileExpression(source, values.standard ? 'standard' : 'camunda')
if (!compiled.ok) {
  console.error(source)
  console.error(`${' '.repeat(compiled.fault.at)}^ ${compiled.fault.message}`)
  process.exit(1)
}

const variables = fromJson(file === undefined ? '{}' : readFileSync(file, 'utf8'))
const outcome = evaluate(compiled.expression, {
  lookup: (name) => (isContext(variables) ? variables.get(name) : undefined),
  now: Date.now(),
  random: Math.random,
  steps: STEPS,
})
for (const { kind, message } of outcome.warnings) console.error(`${kind}: ${message}`)
if (!outcome.ok) {
  console.error(outcome.message)
  process.exit(1)
}
console.log(`${toJson(outcome.value)}  (${typeOf(outcome.value)})`)
