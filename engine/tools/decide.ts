/** Evaluates the decisions of a DMN file: results, the rules that fired on which inputs, warnings; of many inputs, a table. */
import {
  compileDecisions,
  compileExpression,
  type Decision,
  type DecisionModel,
  type DecisionOutcome,
  type EvaluatedDecision,
  type Expression,
  evaluate,
  evaluateDecision,
  explainFailure,
  explainFault,
  explainWarning,
  isContext,
  isList,
  type TracedValue,
  toJson,
  type Value,
} from '../feel/index.ts'
import { COMMON, dialectOf, evaluationOf, FAILED, fileText, jsonIn, refuse, variablesIn, wordsOf } from './asked.ts'
import { aligned, display } from './display.ts'
import { requirementsTree, titleOf } from './requirements-tree.ts'

const USAGE = `Evaluates the decisions of a DMN file and shows which rules fired.

  npm run decide -- fees.dmn inputs.json
  npm run decide -- fees.dmn '{"isee": 8500}' --decision fascia
  npm run decide -- fees.dmn types.dmn inputs.json
  npm run decide -- fees.dmn --tree

Usage: npm run decide -- [options] table.dmn [imported.dmn …] [inputs]

  inputs            a file of JSON, JSON itself, or - for standard input: an object with the variables, or a list of such
                    objects, which gives a table of results; none: there are no variables
  --decision ID     by id or name; none: those that no other decision of the file requires
  --tree            what each decision requires, instead
  --show FEEL       of what the decisions give, only this: an expression over their results' entries, as total
  --dialect NAME    camunda or standard; none: what the file says of itself, as at deployment
${COMMON.help}

Exit status: 0 there are results, 1 a decision failed or the file is no DMN, 2 the command was not understood.
How tables are read: docs/dmn.md`

interface Answer {
  readonly decision: Decision
  readonly outcome: DecisionOutcome
}
interface Row {
  readonly variables: ReadonlyMap<string, Value>
  readonly answers: readonly Answer[]
}

const { values, positionals } = wordsOf(
  {
    ...COMMON.options,
    decision: { type: 'string' },
    tree: { type: 'boolean', default: false },
    show: { type: 'string' },
  },
  USAGE,
)
const [file = '', ...others] = positionals
const imports = others.filter((name) => name.endsWith('.dmn'))
const given = others.filter((name) => !name.endsWith('.dmn'))
if (given.length > 1) refuse(`Expected one source of inputs, but found ${given.map((one) => `'${one}'`).join(', ')}.`)

const model = modelIn(file)
const { dialect } = model
const decisions = decisionsAsked(values.decision)
const part = values.show === undefined ? null : partAsked(values.show)
if (values.tree) {
  for (const line of requirementsTree(model, decisions)) console.log(line)
  process.exit(0)
}
const asked = given[0] === undefined ? new Map() : jsonIn(given[0])
/** Decisions that have been shown: ids. */
const told = new Set<string>()
const rows = (isList(asked) ? asked : [asked]).map((one) => rowOf(variablesIn(one)))

if (values.json) console.log(toJson(isList(asked) ? rows.map(traced) : traced(rows[0]!), dialect))
else if (isList(asked)) showTable()
else for (const { outcome } of rows[0]!.answers) show(outcome, rows[0]!)
process.exit(rows.some((row) => row.answers.some(({ outcome }) => outcome.failure !== undefined)) ? FAILED : 0)

function modelIn(path: string): DecisionModel {
  const options = { dialect: dialectOf(values), imports: imports.map(fileText) }
  const compiled = compileDecisions(fileText(path), options)
  if (!compiled.ok) refuse(`${path}:\n${compiled.message}`, FAILED)
  for (const fault of compiled.faults) console.error(`warning: ${fault.replace(/^- /, '')}`)
  return compiled.model
}

function decisionsAsked(wanted: string | undefined): readonly Decision[] {
  const required = new Set(model.decisions.flatMap((one) => one.requiredDecisions.map(({ id }) => id)))
  const found = model.decisions.filter(({ id, name }) =>
    wanted === undefined ? !required.has(id) : id === wanted || name === wanted,
  )
  if (found.length > 0) return found
  const known = model.decisions.map(({ id, name }) => (name === id ? `'${id}'` : `'${id}' (${name})`)).join(', ')
  const one = wanted === undefined ? 'a decision' : `a decision '${wanted}'`
  return refuse(`Expected ${one}, but ${file} has ${known === '' ? 'none' : known}.`)
}

function partAsked(source: string): Expression {
  const compiled = compileExpression(source, dialect)
  return compiled.ok
    ? compiled.expression
    : refuse(`Expected --show with FEEL: ${explainFault(source, compiled.fault)}`)
}

/** Of what a decision gave, the part that was asked for; all of it when none was. */
function shownOf({ output }: DecisionOutcome): Value {
  if (part === null) return output
  const entries = isContext(output) ? output : new Map<string, Value>()
  const outcome = evaluate(part, evaluationOf(entries, values))
  return outcome.ok ? outcome.value : null
}

function rowOf(variables: ReadonlyMap<string, Value>): Row {
  const evaluation = evaluationOf(variables, values)
  return {
    variables,
    answers: decisions.map((decision) => ({ decision, outcome: evaluateDecision(model, decision.id, evaluation) })),
  }
}

/** Each decision with what it required, in the order in which they were made; one that several require, once. */
function show(outcome: DecisionOutcome, row: Row): void {
  const asked = outcome.evaluated.at(-1)
  for (const evaluated of outcome.evaluated) {
    const { decisionId, decisionName, decisionType } = evaluated
    if (told.has(decisionId)) continue
    told.add(decisionId)
    const failed = outcome.failure?.decisionId === decisionId
    const output = evaluated === asked ? shownOf(outcome) : evaluated.output
    console.log(`${titleOf(decisionId, decisionName, decisionType)} = ${failed ? 'failed' : display(output, dialect)}`)
    for (const line of aligned(linesOf(evaluated, failed))) console.log(`  ${line}`)
  }
  for (const message of saidOf(outcome, row)) console.error(message)
}

function linesOf(
  { inputs, matchedRules, decisionType }: EvaluatedDecision,
  failed: boolean,
): readonly (readonly string[])[] {
  const named = ({ name, value }: TracedValue): string => `${name} = ${display(value, dialect)}`
  const rules = matchedRules.map(({ index, outputs, remarks }) => [
    `rule ${index}`,
    outputs.map(named).join(', '),
    remarks.join('; '),
  ])
  const none = rules.length === 0 && decisionType === 'DECISION_TABLE' && !failed ? [['no rule matched']] : []
  return [...inputs.map((input) => ['input', named(input)]), ...rules, ...none]
}

/** Warnings, each once, and the failure. */
function saidOf({ evaluated, failure }: DecisionOutcome, { variables }: Row): readonly string[] {
  const known = { dialect, variables: [...variables.keys()] }
  const warnings = evaluated.flatMap(({ decisionId, warnings }) =>
    warnings.map((warning) => `warning: ${decisionId}: ${explainWarning(warning, known)}`),
  )
  const failures = failure === undefined ? [] : [`error: ${explainFailure(failure.message)}`]
  return [...new Set([...warnings, ...failures])]
}

/** One line for each object of the list. */
function showTable(): void {
  const columns = [...new Set(rows.flatMap(({ variables }) => [...variables.keys()]))]
  const head = ['', ...columns, ...decisions.map(({ name }) => name), 'rules']
  const body = rows.map(({ variables, answers }, at) => [
    String(at + 1),
    ...columns.map((name) => cellOf(variables.get(name))),
    ...answers.map(({ outcome }) => (outcome.failure === undefined ? cellOf(shownOf(outcome)) : 'failed')),
    answers.map(({ outcome }) => rulesIn(outcome)).join(', '),
  ])
  for (const line of aligned([head, ...body])) console.log(line)
  for (const [at, row] of rows.entries())
    for (const { outcome } of row.answers)
      for (const message of saidOf(outcome, row)) console.error(`line ${at + 1}: ${message}`)
}

function cellOf(value: Value | undefined): string {
  return value === undefined ? '' : toJson(value, dialect)
}

function rulesIn({ evaluated }: DecisionOutcome): string {
  const rules = evaluated
    .filter(({ matchedRules }) => matchedRules.length > 0)
    .map(({ decisionId, matchedRules }) => `${decisionId} ${matchedRules.map(({ index }) => index).join('+')}`)
  return [...new Set(rules)].join(', ')
}

/** What each decision asked gave, or why it failed, and all that was decided for it. */
function traced({ answers }: Row): Value {
  return new Map(
    answers.map(({ decision, outcome }) => [
      decision.id,
      context({
        output: outcome.output,
        failure: outcome.failure?.message ?? null,
        evaluated: outcome.evaluated.map(tracedDecision),
      }),
    ]),
  )
}

function tracedDecision({ decisionId, output, inputs, matchedRules, warnings }: EvaluatedDecision): Value {
  const values = (list: readonly TracedValue[]) => list.map(({ name, value }) => context({ name, value }))
  return context({
    decision: decisionId,
    output,
    inputs: values(inputs),
    rules: matchedRules.map(({ index, id, remarks, outputs }) =>
      context({ index, id, remarks: [...remarks], outputs: values(outputs) }),
    ),
    warnings: warnings.map(({ message }) => message),
  })
}

function context(entries: Readonly<Record<string, Value>>): Value {
  return new Map(Object.entries(entries))
}
