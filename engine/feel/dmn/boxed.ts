/** Boxed expressions → closures. The list of what DMN can put in a decision. */

import { itemAt } from '../compile/access.ts'
import type { Code, Environment, Scope } from '../compile/code.ts'
import { eachOf } from '../compile/iteration.ts'
import { type Type, typed } from '../compile/type.ts'
import { isNumeric } from '../number.ts'
import { EvaluationFailure, type Run } from '../run.ts'
import { FunctionValue, isList, type Value } from '../value.ts'
import type { DmnCompiler } from './compiler.ts'
import { compileTable, type TableCode } from './table.ts'
import type { DecisionType } from './trace.ts'
import type { Element } from './xml.ts'

export interface Logic {
  readonly type: DecisionType
  readonly code: TableCode
}

type Boxed = (element: Element, place: string, scope: Scope | null, c: DmnCompiler) => TableCode

const boxed: Readonly<Record<string, { readonly type: DecisionType; readonly compile: Boxed }>> = {
  decisionTable: { type: 'DECISION_TABLE', compile: compileTable },
  literalExpression: { type: 'LITERAL_EXPRESSION', compile: literal },
  context: { type: 'CONTEXT', compile: context },
  invocation: { type: 'INVOCATION', compile: invocation },
  list: { type: 'LIST', compile: list },
  relation: { type: 'RELATION', compile: relation },
  functionDefinition: { type: 'UNKNOWN', compile: functionDefinition },
  conditional: { type: 'UNKNOWN', compile: conditional },
  filter: { type: 'UNKNOWN', compile: filter },
  for: { type: 'UNKNOWN', compile: iteration },
  some: { type: 'UNKNOWN', compile: quantified },
  every: { type: 'UNKNOWN', compile: quantified },
}

const isBoxed = ({ name }: Element): boolean => Object.hasOwn(boxed, name)

/** The expression within an element; null when there is none. */
export function compileLogic(
  holder: Element | undefined,
  place: string,
  scope: Scope | null,
  c: DmnCompiler,
): Logic | null {
  const element = holder?.children.find(isBoxed)
  return element === undefined ? null : logicOf(element, place, scope, c)
}

function logicOf(element: Element, place: string, scope: Scope | null, c: DmnCompiler): Logic {
  const { type, compile } = boxed[element.name]!
  const code = compile(element, place, scope, c)
  const resultType = typeOf(element, c)
  if (resultType === null) return { type, code }
  return { type, code: (run, environment, trace) => typed(run, resultType, code(run, environment, trace)) }
}

const typeOf = (element: Element, c: DmnCompiler): Type | null =>
  c.dialect === 'standard' ? c.types.of(element.attribute('typeRef')) : null

/** For an expression that must be there. */
function inner(holder: Element | undefined, place: string, scope: Scope | null, c: DmnCompiler): Code {
  const logic = compileLogic(holder, place, scope, c)
  return logic === null ? c.fault(place, 'Expected an expression, but found none.') : untraced(logic)
}
const untraced =
  ({ code }: Logic): Code =>
  (run, environment) =>
    code(run, environment, null)

function literal(element: Element, place: string, scope: Scope | null, c: DmnCompiler): TableCode {
  return c.feel(element, 'Expression', place, scope)
}

function context(element: Element, place: string, outer: Scope | null, c: DmnCompiler): TableCode {
  let scope = outer
  const entries = element.all('contextEntry').map((entry, index) => {
    const variable = entry.child('variable')
    const name = variable?.attribute('name') ?? null
    const own: Scope | null = name === null ? scope : { name, outer: scope }
    const seesItself = name !== null && entry.child('functionDefinition') !== undefined
    const at = `${place}, entry ${name === null ? index + 1 : `'${name}'`}`
    const code = inner(entry, at, seesItself ? own : scope, c)
    scope = own
    return { name, code, seesItself, type: variable === undefined ? null : typeOf(variable, c) }
  })
  return (run, outerEnvironment) => {
    run.items(entries.length)
    const result = new Map<string, Value>()
    let environment = outerEnvironment
    for (const { name, code, seesItself, type } of entries) {
      const own: { value: Value; readonly outer: Environment | null } = { value: null, outer: environment }
      own.value = typed(run, type, code(run, seesItself ? own : environment))
      if (name === null) return own.value
      result.set(name, own.value)
      environment = own
    }
    return result
  }
}

function invocation(element: Element, place: string, scope: Scope | null, c: DmnCompiler): TableCode {
  const callee = inner(element, `${place}, function`, scope, c)
  const bindings = element.all('binding').map((binding) => {
    const name = binding.child('parameter')?.attribute('name') ?? ''
    return { name, code: inner(binding, `${place}, parameter '${name}'`, scope, c) }
  })
  return (run, environment) => {
    const found = callee(run, environment)
    const args = new Map(bindings.map(({ name, code }) => [name, code(run, environment)] as const))
    if (!(found instanceof FunctionValue)) throw new EvaluationFailure('the invoked expression is not a function')
    run.spend(1)
    const unknown = [...args.keys()].find((name) => !found.parameters.includes(name))
    if (unknown !== undefined) throw new EvaluationFailure(`the function has no parameter '${unknown}'`)
    return found.invoke(
      run,
      found.parameters.map((name) => args.get(name) ?? null),
    )
  }
}

function list(element: Element, place: string, scope: Scope | null, c: DmnCompiler): TableCode {
  const items = element.children
    .filter(isBoxed)
    .map((item, index) => untraced(logicOf(item, `${place}, item ${index + 1}`, scope, c)))
  return (run, environment) => {
    run.items(items.length)
    return items.map((item) => item(run, environment))
  }
}

function relation(element: Element, place: string, scope: Scope | null, c: DmnCompiler): TableCode {
  const columns = element.all('column').map((column) => ({
    name: column.attribute('name') ?? '',
    type: typeOf(column, c),
  }))
  const rows = element.all('row').map((row, at) => {
    const cells = row.children.filter(isBoxed)
    const rowPlace = `${place}, row ${at + 1}`
    if (cells.length !== columns.length)
      c.fault(rowPlace, `expected row with '${columns.length}' elements but found '${cells.length}'`)
    return cells.map((cell, index) =>
      untraced(logicOf(cell, `${rowPlace}, column '${columns[index]?.name}'`, scope, c)),
    )
  })
  return (run, environment) => {
    run.items(rows.length * columns.length)
    return rows.map(
      (row) =>
        new Map(
          columns.map(({ name, type }, index) => [name, typed(run, type, row[index]!(run, environment))] as const),
        ),
    )
  }
}

export interface Parameter {
  readonly name: string
  readonly type: Type | null
}
/** A function whose body sees its parameters. */
export interface Encapsulated {
  readonly parameters: readonly Parameter[]
  readonly code: Code
  readonly resultType: Type | null
}

/** Also the logic of a business knowledge model. */
export function compileFunction(element: Element, place: string, scope: Scope | null, c: DmnCompiler): Encapsulated {
  const parameters = element.all('formalParameter').map((parameter) => ({
    name: parameter.attribute('name') ?? '',
    type: typeOf(parameter, c),
  }))
  const own = parameters.reduce<Scope | null>((outer, { name }) => ({ name, outer }), scope)
  const resultType = typeOf(element, c)
  const kind = element.attribute('kind') ?? 'FEEL'
  if (kind !== 'FEEL')
    return {
      parameters,
      resultType,
      code: (run) => run.warn('FUNCTION_INVOCATION_FAILURE', `A function in ${kind} is not supported`),
    }
  return { parameters, resultType, code: inner(element, place, own, c) }
}

/** Closures that a boxed function may nest before it calls another; its own expressions count apart. */
const LEVELS = 10

export function functionOf(
  name: string,
  { parameters, code, resultType }: Encapsulated,
  environment: Environment | null,
  free: (run: Run) => Run,
): FunctionValue {
  return new FunctionValue(
    name,
    parameters.map((parameter) => parameter.name),
    (run, args) => {
      run.spend(1)
      const own = free(run)
      const inside = parameters.reduce<Environment | null>(
        (outer, { type }, index) => ({ value: typed(own, type, args[index] ?? null), outer }),
        environment,
      )
      return typed(
        own,
        resultType,
        run.nested(LEVELS, () => code(own, inside)),
      )
    },
  )
}

function functionDefinition(element: Element, place: string, scope: Scope | null, c: DmnCompiler): TableCode {
  // Its own typeRef is the type of the function, not of what it gives.
  const encapsulated = { ...compileFunction(element, place, scope, c), resultType: null }
  return (_run, environment) => functionOf('', encapsulated, environment, (run) => run)
}

function conditional(element: Element, place: string, scope: Scope | null, c: DmnCompiler): TableCode {
  const [condition, yes, no] = ['if', 'then', 'else'].map((part) =>
    inner(element.child(part), `${place}, ${part}`, scope, c),
  ) as [Code, Code, Code]
  return (run, environment) => {
    const found = condition(run, environment)
    if (typeof found !== 'boolean' && found !== null) return null
    return (found === true ? yes : no)(run, environment)
  }
}

function filter(element: Element, place: string, scope: Scope | null, c: DmnCompiler): TableCode {
  const source = inner(element.child('in'), `${place}, in`, scope, c)
  const match = inner(element.child('match'), `${place}, match`, { name: null, outer: scope }, c)
  return (run, environment) => {
    const value = source(run, environment)
    if (value === null) return null
    const items = isList(value) ? value : [value]
    const selected: Value[] = []
    for (const item of items) {
      run.spend(LEVELS)
      const found = match(run, { value: item, outer: environment })
      if (isNumeric(found)) return itemAt(items, found)
      if (found === true) selected.push(item)
    }
    return selected
  }
}

interface Iterated {
  readonly source: Code
  readonly body: Code
}
function iterated(element: Element, part: string, place: string, scope: Scope | null, c: DmnCompiler): Iterated {
  const variable = element.attribute('iteratorVariable') ?? ''
  const partial: Scope = { name: 'partial', outer: scope }
  return {
    source: inner(element.child('in'), `${place}, in`, scope, c),
    body: inner(element.child(part), `${place}, ${part}`, { name: variable, outer: partial }, c),
  }
}

function iteration(element: Element, place: string, scope: Scope | null, c: DmnCompiler): TableCode {
  const { source, body } = iterated(element, 'return', place, scope, c)
  return (run, outer) => {
    const results: Value[] = []
    const ended = eachOf(run, source(run, outer), (value) => {
      run.spend(LEVELS + results.length)
      results.push(body(run, { value, outer: { value: [...results], outer } }))
      return true
    })
    return ended === null ? null : results
  }
}

function quantified(element: Element, place: string, scope: Scope | null, c: DmnCompiler): TableCode {
  const decisive = element.name === 'some'
  const { source, body } = iterated(element, 'satisfies', place, scope, c)
  return (run, outer) => {
    let found: boolean | null = !decisive
    const ended = eachOf(run, source(run, outer), (value) => {
      run.spend(LEVELS)
      const holds = body(run, { value, outer: { value: null, outer } })
      if (holds === !decisive) return true
      // Unlike in a text, what is neither true nor false ends a boxed expression.
      found = holds === decisive ? decisive : null
      return false
    })
    return ended === null ? null : found
  }
}
