/** Evaluates expressions and shows results and warnings. */
import {
  type CompiledExpression,
  compileExpression,
  compileUnaryTests,
  type Dialect,
  type Evaluation,
  evaluate,
  explainFailure,
  explainFault,
  explainWarning,
  signatures,
  toJson,
  type Value,
} from '../feel/index.ts'
import { COMMON, dialectOf, evaluationOf, FAILED, fileText, jsonIn, refuse, variablesIn, wordsOf } from './asked.ts'
import { withType } from './display.ts'

const USAGE = `Evaluates a FEEL expression.

  npm run feel -- 'importo * 1.22' '{"importo": 100}'
  npm run feel -- 'nucleo[anni < 18].nome' variables.json
  npm run feel -- --input 120 '[100..200), > 500'
  npm run feel -- --file expressions.feel variables.json
  npm run feel -- --functions month

Usage: npm run feel -- [options] 'expression' [variables]

  variables         a file of JSON, JSON itself, or - for standard input; none: there are none
  --input VALUE     tests as in a cell of a decision table, of this value, itself FEEL
  --file FILE       each line is an expression, instead of the one expression
  --dialect NAME    camunda, as in processes and forms, or standard, DMN 1.5; none: camunda
  --functions WORD  the built-in functions with that word in their names, instead
${COMMON.help}

An expression may begin with =, as in Camunda Modeler.
Exit status: 0 there is a result, 1 there is none, 2 the command was not understood. The language: docs/feel.md`

const { values, positionals } = wordsOf(
  { ...COMMON.options, input: { type: 'string' }, file: { type: 'string' }, functions: { type: 'string' } },
  USAGE,
)
const dialect = dialectOf(values) ?? 'camunda'

if (values.functions !== undefined) {
  const word = values.functions.toLowerCase()
  const known = signatures.filter((one) => one.dialect === null || one.dialect === dialect)
  for (const { signature } of known.filter(({ name }) => name.toLowerCase().includes(word))) console.log(signature)
  process.exit(0)
}

const [sources, given] =
  values.file === undefined
    ? [positionals.slice(0, 1), positionals.slice(1)]
    : [expressionsIn(fileText(values.file)), positionals]
if (sources.length === 0) refuse('Expected an expression, but found none. See --help.')
if (given.length > 1)
  refuse(`Expected one source of variables, but found ${given.map((one) => `'${one}'`).join(', ')}.`)

const variables = variablesIn(given[0] === undefined ? new Map() : jsonIn(given[0]))
const evaluation = evaluationOf(variables, values)
let failures = 0
const input = values.input === undefined ? undefined : resultOf(values.input, evaluation, compileExpression)
if (failures > 0) process.exit(FAILED)

for (const source of sources) {
  if (values.file !== undefined && !values.json) console.log(source)
  const result =
    input === undefined
      ? resultOf(withoutMark(source), evaluation, compileExpression)
      : resultOf(source, { ...evaluation, input }, compileUnaryTests)
  if (result !== undefined) console.log(values.json ? toJson(result, dialect) : withType(result, dialect))
}
process.exit(failures > 0 ? FAILED : 0)

/** In the Modeler `=` says that FEEL follows. The places in the rest stay the same. */
function withoutMark(source: string): string {
  return source.replace(/^\s*=/, (mark) => ' '.repeat(mark.length))
}

/** Comments and empty lines are none. */
function expressionsIn(text: string): readonly string[] {
  return text.split(/\r?\n/).filter((line) => !/^\s*(?:\/\/|$)/.test(line))
}

/** Undefined when there is none; what is to be said is said on standard error. */
function resultOf(
  source: string,
  evaluation: Evaluation,
  compile: (source: string, dialect: Dialect) => CompiledExpression,
): Value | undefined {
  const compiled = compile(source, dialect)
  if (!compiled.ok) return fail(`at ${explainFault(source, compiled.fault)}`)
  const outcome = evaluate(compiled.expression, evaluation)
  for (const warning of outcome.warnings)
    console.error(`warning: ${explainWarning(warning, { dialect, variables: [...variables.keys()] })}`)
  return outcome.ok ? outcome.value : fail(explainFailure(outcome.message))
}

function fail(message: string): undefined {
  console.error(`error: ${message}`)
  failures++
}
