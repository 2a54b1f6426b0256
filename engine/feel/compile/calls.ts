/** Calls of built-in functions and of function values, by position or by name. */
import type { SyntaxNode } from '@lezer/common'
import { expected } from '../arithmetic.ts'
import { type Builtin, builtin } from '../builtins/index.ts'
import { Evaluating, type Evaluation, EvaluationFailure, type Run } from '../run.ts'
import { readers as literalReaders } from '../temporal/parse.ts'
import { shown } from '../text.ts'
import { FunctionValue, isContext, type Value } from '../value.ts'
import { type Code, type Environment, type Scope, valuesOf } from './code.ts'
import { type Builder, type Compilation, childrenOf, operandsOf } from './compilation.ts'
import { typeIn } from './instance-of.ts'
import { typed } from './type.ts'

/** A function and who is told when there is none. */
interface Callee {
  readonly name: string
  /** Undefined when there is no such function. */
  find(run: Run, environment: Environment | null): FunctionValue | undefined
  /** The built-in of that name, for calls that fit no other. */
  readonly builtin: Builtin | null
  unknown(run: Run, message: string, name: string): Value
}

export const invocation: Builder = (node, scope, c) => {
  const [callee, , parameters] = childrenOf(node) as [SyntaxNode, SyntaxNode, SyntaxNode]
  if (callee.name === 'AtLiteral') return c.compile(callee, scope)
  const literal = temporalLiteral(callee, parameters, c)
  if (literal !== null) return literal
  const known = isName(callee) ? builtin(c.name(callee), c.dialect) : null
  const isBuiltin = known !== null && c.resolve(known.name, scope) === null
  if (isBuiltin && c.dialect === 'standard' && READING.has(known.name)) {
    const value = valueOfLiteral(known, parameters, c)
    if (value !== null) return () => value
  }
  if (parameters.name === 'NamedParameters')
    return isBuiltin
      ? namedBuiltin(parameters, known, scope, c)
      : named(parameters, calleeOf(callee, scope, c), scope, c)
  return isBuiltin
    ? positionalBuiltin(parameters, known, scope, c)
    : positional(parameters, calleeOf(callee, scope, c), scope, c)
}

/** To Zeebe `date("2026-03-01")` is a literal: null when it is none, without a warning. */
function temporalLiteral(callee: SyntaxNode, parameters: SyntaxNode, c: Compilation): Code | null {
  const name = c.name(callee)
  const [only, ...more] = parameters.name === 'PositionalParameters' ? operandsOf(parameters) : []
  if (c.dialect !== 'camunda' || !Object.hasOwn(literalReaders, name)) return null
  if (only?.name !== 'StringLiteral' || more.length > 0) return null
  const value = literalReaders[name]!(c.text(only).slice(1, -1))
  return () => value
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
  if (!isName(node)) return c.dialect === 'camunda' ? methodOf(node, scope, c) : yieldedBy(node, scope, c)
  const name = c.name(node)
  const local = c.resolve(name, scope)
  const known = builtin(name, c.dialect)
  const find = (run: Run, environment: Environment | null) =>
    functionIn(local?.(environment) ?? run.variable(name)) ?? known?.value
  return { name, find, builtin: known, unknown }
}

function yieldedBy(node: SyntaxNode, scope: Scope | null, c: Compilation): Callee {
  const code = c.compile(node, scope)
  const find = (run: Run, environment: Environment | null) => functionIn(code(run, environment))
  return { name: c.name(node), find, builtin: null, unknown }
}

/** `a.b.f(…)`: to Zeebe the function of a context. Where there is none the evaluation fails. */
function methodOf(node: SyntaxNode, scope: Scope | null, c: Compilation): Callee {
  if (!isPathOfNames(node)) c.refuse(node.nextSibling!)
  const [source, , key] = childrenOf(node) as [SyntaxNode, SyntaxNode, SyntaxNode]
  const name = c.name(key)
  const context = c.compile(source, scope)
  const fail = (run: Run, message: string): never => {
    unknown(run, message, name)
    throw new EvaluationFailure(message)
  }
  const find = (run: Run, environment: Environment | null) => {
    const found = context(run, environment)
    if (isContext(found)) return functionIn(found.get(name))
    expected(run, 'context', found, name)
    throw new EvaluationFailure(`Expected context but found '${shown(found)}'`)
  }
  return { name, find, builtin: null, unknown: fail }
}
const isPathOfNames = (node: SyntaxNode): boolean =>
  node.name === 'VariableName' || (node.name === 'PathExpression' && isPathOfNames(node.firstChild!))

const functionIn = (value: Value | undefined): FunctionValue | undefined =>
  value instanceof FunctionValue ? value : undefined

const unknown = (run: Run, message: string, name: string): null => run.warn('NO_FUNCTION_FOUND', message, name)

function positionalBuiltin(node: SyntaxNode, callee: Builtin, scope: Scope | null, c: Compilation): Code {
  const codes = operandsOf(node).map((operand) => c.compile(operand, scope))
  // Arguments of what cannot be called are not looked at.
  if (!callee.takes(codes.length))
    return (run) =>
      callee.call(
        run,
        codes.map(() => null),
      )
  return (run, environment) => callee.call(run, valuesOf(codes, run, environment))
}

function positional(node: SyntaxNode, callee: Callee, scope: Scope | null, c: Compilation): Code {
  const codes = operandsOf(node).map((operand) => c.compile(operand, scope))
  return (run, environment) => {
    const found = callee.find(run, environment)
    const fitting = found?.parameters.length === codes.length || found === callee.builtin?.value ? found : undefined
    const chosen = fitting ?? (callee.builtin?.takes(codes.length) ? callee.builtin.value : undefined)
    if (chosen === undefined)
      return callee.unknown(
        run,
        `No function found with name '${callee.name}' and ${codes.length} parameters`,
        callee.name,
      )
    return chosen.invoke(run, valuesOf(codes, run, environment))
  }
}

interface NamedArgument {
  readonly name: string
  readonly code: Code
}
const namedArguments = (node: SyntaxNode, scope: Scope | null, c: Compilation): readonly NamedArgument[] =>
  operandsOf(node).map((parameter) => {
    const [key, value] = operandsOf(parameter) as [SyntaxNode, SyntaxNode]
    return { name: c.name(key), code: c.compile(value, scope) }
  })
const namedValues = (args: readonly NamedArgument[], run: Run, environment: Environment | null) =>
  new Map(args.map(({ name, code }) => [name, code(run, environment)] as const))

function namedBuiltin(node: SyntaxNode, callee: Builtin, scope: Scope | null, c: Compilation): Code {
  const args = namedArguments(node, scope, c)
  if (!callee.takesNamed(args.map(({ name }) => name)))
    return (run) => callee.callNamed(run, new Map(args.map(({ name }) => [name, null])))
  return (run, environment) => callee.callNamed(run, namedValues(args, run, environment))
}

function named(node: SyntaxNode, callee: Callee, scope: Scope | null, c: Compilation): Code {
  const args = namedArguments(node, scope, c)
  return (run, environment) => {
    const found = callee.find(run, environment)
    if (found === undefined || !args.every(({ name }) => found.parameters.includes(name))) {
      const names = args.map(({ name }) => name).join(',')
      return callee.unknown(run, `No function found with name '${callee.name}' and parameters: ${names}`, callee.name)
    }
    const values = namedValues(args, run, environment)
    return found.invoke(
      run,
      found.parameters.map((parameter) => values.get(parameter) ?? null),
    )
  }
}

export const functionDefinition: Builder = (node, scope, c) => {
  const children = childrenOf(node)
  if (children.some(({ name }) => name === 'external'))
    return (run) => run.warn('FUNCTION_INVOCATION_FAILURE', 'External functions are not supported')
  const declared = children.find(({ name }) => name === 'FormalParameters')
  const formal = declared === undefined ? [] : operandsOf(declared).map((one) => operandsOf(one))
  const withType = formal.map(([, type]) => type).find((type) => type !== undefined)
  if (withType !== undefined && c.dialect === 'camunda') c.refuse(withType)
  const parameters = formal.map(([name]) => c.name(name!))
  const types = formal.map(([, type]) => (type === undefined ? null : typeIn(type, c)))
  const inner = parameters.reduce<Scope | null>((outer, name) => ({ name, outer }), scope)
  const body = operandsOf(children.find(({ name }) => name === 'FunctionBody')!)[0]!
  const { code, cost, levels } = c.body(body, inner)
  return (run, environment) => {
    run.spend(1)
    return new FunctionValue('', parameters, (caller, args) => {
      caller.spend(1 + cost)
      let own = environment
      for (let index = 0; index < parameters.length; index++)
        own = { value: typed(caller, types[index]!, args[index] ?? null), outer: own }
      return caller.nested(levels, () => code(caller, own))
    })
  }
}
