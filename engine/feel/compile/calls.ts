/** Calls of built-in functions and of function values, by position or by name. */
import type { SyntaxNode } from '@lezer/common'
import { type Builtin, builtin } from '../builtins/index.ts'
import { Evaluating, type Evaluation, type Run } from '../run.ts'
import { FunctionValue, type Value } from '../value.ts'
import { type Code, type Environment, resolve, type Scope, valuesOf } from './code.ts'
import { type Builder, type Compilation, childrenOf, operandsOf } from './compilation.ts'

/** Undefined when there is no such function. */
type Callee = (run: Run, environment: Environment | null) => FunctionValue | undefined

export const invocation: Builder = (node, scope, c) => {
  const [callee, , parameters] = childrenOf(node) as [SyntaxNode, SyntaxNode, SyntaxNode]
  if (callee.name === 'AtLiteral') return c.compile(callee, scope)
  const known = isName(callee) ? builtin(c.name(callee), c.dialect) : null
  const local = known !== null && resolve(known.name, scope) === null
  if (local && READING.has(known.name)) {
    const value = valueOfLiteral(known, parameters, c)
    if (value !== null) return () => value
  }
  return parameters.name === 'NamedParameters'
    ? named(parameters, local ? known : calleeOf(callee, scope, c), c.name(callee), scope, c)
    : positional(parameters, local ? known : calleeOf(callee, scope, c), c.name(callee), scope, c)
}

/** `date("2026-03-01")` is read once: half the time of a sum of dates is reading them. Null where a warning is due each time. */
function valueOfLiteral(callee: Builtin, parameters: SyntaxNode, c: Compilation): Value {
  const [literal, ...others] = operandsOf(parameters)
  if (literal?.name !== 'StringLiteral' || others.length > 0) return null
  const run = new Evaluating(NOTHING, c.dialect)
  return callee.call(run, [c.compile(literal, null)(run, null)])
}
const READING: ReadonlySet<string> = new Set(['date', 'time', 'date and time', 'duration'])
const NOTHING: Evaluation = { lookup: () => undefined, now: 0, random: () => 0 }

const isName = ({ name }: SyntaxNode): boolean =>
  name === 'VariableName' || name === 'SpecialFunctionName' || name === 'DateTimeConstructor'

function calleeOf(node: SyntaxNode, scope: Scope | null, c: Compilation): Callee {
  if (!isName(node)) {
    if (c.dialect === 'camunda') c.refuse(node.nextSibling!)
    const code = c.compile(node, scope)
    return (run, environment) => functionIn(code(run, environment))
  }
  const name = c.name(node)
  const local = resolve(name, scope)
  const otherwise = builtin(name, c.dialect)?.value
  return (run, environment) => functionIn(local?.(environment) ?? run.variable(name)) ?? otherwise
}

const functionIn = (value: Value | undefined): FunctionValue | undefined =>
  value instanceof FunctionValue ? value : undefined

function positional(
  node: SyntaxNode,
  callee: Builtin | Callee,
  name: string,
  scope: Scope | null,
  c: Compilation,
): Code {
  const codes = operandsOf(node).map((operand) => c.compile(operand, scope))
  if (typeof callee !== 'function') return (run, environment) => callee.call(run, valuesOf(codes, run, environment))
  return (run, environment) => {
    const found = callee(run, environment)
    const args = valuesOf(codes, run, environment)
    if (found === undefined || (found.parameters.length !== args.length && !isBuiltin(found, c)))
      return unknown(run, name, `No function found with name '${name}' and ${args.length} parameters`)
    return found.invoke(run, args)
  }
}

/** A built-in that is passed as a value chooses its definition itself. */
const isBuiltin = (found: FunctionValue, c: Compilation): boolean => builtin(found.name, c.dialect)?.value === found

function named(node: SyntaxNode, callee: Builtin | Callee, name: string, scope: Scope | null, c: Compilation): Code {
  const parameters = operandsOf(node).map((parameter) => {
    const [key, value] = operandsOf(parameter) as [SyntaxNode, SyntaxNode]
    return { name: c.name(key), code: c.compile(value, scope) }
  })
  const argumentsIn = (run: Run, environment: Environment | null) =>
    new Map(parameters.map((parameter) => [parameter.name, parameter.code(run, environment)] as const))
  if (typeof callee !== 'function') return (run, environment) => callee.callNamed(run, argumentsIn(run, environment))
  return (run, environment) => {
    const found = callee(run, environment)
    const args = argumentsIn(run, environment)
    if (found === undefined || [...args.keys()].some((key) => !found.parameters.includes(key)))
      return unknown(run, name, `No function found with name '${name}' and parameters: ${[...args.keys()].join(',')}`)
    return found.invoke(
      run,
      found.parameters.map((parameter) => args.get(parameter) ?? null),
    )
  }
}

const unknown = (run: Run, name: string, message: string): null => run.warn('NO_FUNCTION_FOUND', message, name)

export const functionDefinition: Builder = (node, scope, c) => {
  const children = childrenOf(node)
  if (children.some(({ name }) => name === 'external'))
    return (run) => run.warn('FUNCTION_INVOCATION_FAILURE', 'External functions are not supported')
  const declared = children.find(({ name }) => name === 'FormalParameters')
  const parameters = declared === undefined ? [] : operandsOf(declared).map((one) => c.name(operandsOf(one)[0]!))
  const inner = parameters.reduce<Scope | null>((outer, name) => ({ name, outer }), scope)
  const body = operandsOf(children.find(({ name }) => name === 'FunctionBody')!)[0]!
  const { code, cost, levels } = c.body(body, inner)
  return (run, environment) => {
    run.spend(1)
    return new FunctionValue('', parameters, (caller, args) => {
      caller.spend(1 + cost)
      let own = environment
      for (let index = 0; index < parameters.length; index++) own = { value: args[index] ?? null, outer: own }
      return caller.nested(levels, () => code(caller, own))
    })
  }
}
