/** Decision tables: inputs once, rules in order, then the hit policy. */
import { type Code, type Environment, INPUT, type Scope } from '../compile/code.ts'
import { type Type, typed } from '../compile/type.ts'
import { EvaluationFailure, type Run } from '../run.ts'
import { isList, type List, type Value } from '../value.ts'
import type { DmnCompiler } from './compiler.ts'
import {
  type Aggregation,
  type Answering,
  aggregations,
  answer,
  byValues,
  byWriting,
  type HitPolicy,
  hitPolicies,
} from './hit-policy.ts'
import type { Trace } from './trace.ts'
import type { Element } from './xml.ts'

interface Input {
  readonly id: string
  readonly name: string
  /** How faults name it. */
  readonly column: string
  readonly value: Code
  readonly type: Type | null
  readonly allowed: Code | null
}
interface Output {
  readonly id: string
  /** As the entry of the result. */
  readonly key: string
  readonly name: string
  readonly column: string
  readonly values: Code | null
  readonly otherwise: Code | null
  readonly type: Type | null
}
interface Rule {
  readonly id: string
  readonly index: number
  readonly remarks: readonly string[]
  readonly tests: readonly Code[]
  readonly outputs: readonly Code[]
}
interface Table extends Answering {
  readonly inputs: readonly Input[]
  readonly outputs: readonly Output[]
  readonly rules: readonly Rule[]
}

/** A table's closure tells the trace, when there is one, what it saw. */
export type TableCode = (run: Run, environment: Environment | null, trace: Trace | null) => Value

export function compileTable(element: Element, place: string, scope: Scope | null, c: DmnCompiler): TableCode {
  const inputs = element.all('input').map((input, index) => inputOf(input, place, index + 1, scope, c))
  const outputs = element.all('output').map((output, index) => outputOf(output, place, index + 1, scope, c))
  const rules = element.all('rule').map((rule, index) => ruleOf(rule, index + 1, place, [inputs, outputs], scope, c))
  const hitPolicy = element.attribute('hitPolicy') ?? 'UNIQUE'
  const aggregation = (element.attribute('aggregation') ?? null) as Aggregation | null
  if (!hitPolicies.has(hitPolicy)) c.fault(place, `Expected a hit policy, but found '${hitPolicy}'.`)
  if (outputs.length === 0) c.fault(place, 'Expected at least one output, but found none.')
  if (aggregation !== null && !aggregations.has(aggregation))
    c.fault(place, `Expected an aggregation, but found '${aggregation}'.`)
  if (outputs.length > 1)
    for (const { column } of outputs.filter(({ key }) => key === ''))
      c.fault(`${place}, ${column}`, 'Expected a name, because the table has several outputs, but found none.')
  if (outputs.length > 1 && hitPolicy === 'COLLECT' && aggregation !== null)
    c.fault(place, "hit policy 'COLLECT' with aggregator is not defined for compound output")
  const table: Table = {
    inputs,
    outputs,
    rules,
    hitPolicy: hitPolicy as HitPolicy,
    aggregation,
    byPriority: c.dialect === 'camunda' ? orderAsWritten(element.all('output')) : orderOfValues(outputs),
  }
  return (run, environment, trace) => evaluateTable(run, environment, table, trace)
}

const orderOfValues =
  (outputs: readonly Output[]): Answering['byPriority'] =>
  (run, matched) =>
    byValues(run, new Map(outputs.map(({ key, values }) => [key, listIn(values?.(run, null) ?? null)])), matched)
const listIn = (value: Value): List => (isList(value) ? value : [])

/** To Zeebe priorities are texts between commas, without quotes. */
function orderAsWritten(outputs: readonly Element[]): Answering['byPriority'] {
  const written = outputs.map((output) => {
    const values = output.child('outputValues')?.content().split(',') ?? []
    return [output.attribute('name') ?? '', values.map((value) => value.trim().replace(/["']/g, ''))] as const
  })
  return (_run, matched) => byWriting(new Map(written), matched)
}

/** `input 'ISEE'`, or `input 2` where nothing names it. */
const columnOf = (what: 'input' | 'output', index: number, name: string): string =>
  name === '' ? `${what} ${index}` : `${what} '${name}'`

function inputOf(element: Element, table: string, index: number, scope: Scope | null, c: DmnCompiler): Input {
  const expression = element.child('inputExpression')
  const name = element.attribute('label') ?? expression?.content().trim() ?? ''
  const column = columnOf('input', index, name)
  const place = `${table}, ${column}`
  const input = {
    id: element.attribute('id') ?? '',
    name,
    column,
    value: c.feel(expression, 'Expression', place, scope),
  }
  if (c.dialect === 'camunda') return { ...input, type: null, allowed: null }
  const allowed = element.child('inputValues')
  return {
    ...input,
    type: c.types.of(expression?.attribute('typeRef')),
    allowed:
      allowed === undefined ? null : c.feel(allowed, 'UnaryTests', `${place}, values`, { name: INPUT, outer: scope }),
  }
}

function outputOf(element: Element, table: string, index: number, scope: Scope | null, c: DmnCompiler): Output {
  const key = element.attribute('name') ?? ''
  const name = element.attribute('label') ?? key
  const column = columnOf('output', index, name)
  const place = `${table}, ${column}`
  const typeRef = element.attribute('typeRef')
  const isStandard = c.dialect === 'standard'
  // Priorities may come from the type.
  const values = isStandard ? (element.child('outputValues') ?? c.types.allowedValues(typeRef)) : undefined
  const otherwise = element.child('defaultOutputEntry')
  return {
    id: element.attribute('id') ?? '',
    key,
    name,
    column,
    values: values === undefined ? null : c.list(values, `${place}, values`),
    otherwise: otherwise === undefined ? null : c.feel(otherwise, 'Expression', `${place}, default`, scope),
    type: isStandard ? c.types.of(typeRef) : null,
  }
}

type Columns = readonly [inputs: readonly Input[], outputs: readonly Output[]]

function ruleOf(
  element: Element,
  index: number,
  table: string,
  columns: Columns,
  scope: Scope | null,
  c: DmnCompiler,
): Rule {
  const id = element.attribute('id') ?? ''
  const place = `${table}, rule ${index}${id === '' ? '' : ` '${id}'`}`
  const [inputs, outputs] = columns
  const tests = element.all('inputEntry')
  const results = element.all('outputEntry')
  if (tests.length !== inputs.length || results.length !== outputs.length)
    c.fault(
      place,
      `Expected ${inputs.length} input and ${outputs.length} output entries, but found ${tests.length} and ${results.length}.`,
    )
  const inner = { name: INPUT, outer: scope }
  return {
    id,
    index,
    remarks: remarksOf(element),
    tests: tests.map((entry, at) =>
      c.feel(entry, 'UnaryTests', `${place}, ${inputs[at]?.column ?? columnOf('input', at + 1, '')}`, inner),
    ),
    outputs: results.map((entry, at) =>
      c.feel(entry, 'Expression', `${place}, ${outputs[at]?.column ?? columnOf('output', at + 1, '')}`, scope),
    ),
  }
}

const remarksOf = (rule: Element): readonly string[] =>
  [rule.child('description'), ...rule.all('annotationEntry')]
    .map((remark) => remark?.content().trim() ?? '')
    .filter((remark) => remark !== '')

function evaluateTable(run: Run, environment: Environment | null, table: Table, trace: Trace | null): Value {
  const values = table.inputs.map((input) => inputValue(run, environment, input))
  trace?.inputs(table.inputs.map(({ id, name }, at) => ({ id, name, value: values[at]! })))
  const matching: Rule[] = []
  for (const rule of table.rules) {
    if (!matches(run, environment, rule, values)) continue
    matching.push(rule)
    if (table.hitPolicy === 'FIRST') break
  }
  if (matching.length === 0) return defaults(run, environment, table)
  const outputs = matching.map((rule) => {
    const found = outputsOf(run, environment, table, rule)
    const { id, index, remarks } = rule
    const told = table.outputs.map(({ id, name }, at) => ({ id, name, value: found[at] ?? null }))
    trace?.rule({ id, index, remarks, outputs: told })
    return new Map(table.outputs.map(({ key }, at) => [key, found[at] ?? null] as const))
  })
  return answer(run, table, outputs)
}

function inputValue(run: Run, environment: Environment | null, { value, type, allowed, name }: Input): Value {
  // A variable that no input data declares is what it is by this column.
  const found = typed(run, type, value(run, environment), 'given')
  if (allowed !== null && allowed(run, { value: found, outer: environment }) !== true)
    throw new EvaluationFailure(`the value of input '${name}' is not one of its allowed values`)
  return found
}

function matches(run: Run, outer: Environment | null, rule: Rule, values: readonly Value[]): boolean {
  run.spend(1 + rule.tests.length)
  return rule.tests.every((test, at) => test(run, { value: values[at] ?? null, outer }) === true)
}

const outputsOf = (run: Run, environment: Environment | null, { outputs }: Table, rule: Rule): readonly Value[] =>
  outputs.map(({ type }, at) => typed(run, type, rule.outputs[at]?.(run, environment) ?? null))

/** Null when no column has a default. Zeebe leaves out the columns without one. */
function defaults(run: Run, environment: Environment | null, { outputs }: Table): Value {
  const withDefault = outputs.filter(({ otherwise }) => otherwise !== null)
  if (withDefault.length === 0) return null
  const told = run.dialect === 'camunda' ? withDefault : outputs
  const found = new Map(
    told.map(({ key, otherwise, type }) => [key, typed(run, type, otherwise?.(run, environment) ?? null)] as const),
  )
  return found.size === 1 ? [...found.values()][0]! : found
}
