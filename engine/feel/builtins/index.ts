/** The built-in functions of a dialect, and how a call finds the definition it means. */
import type { Dialect } from '../dialect.ts'
import type { Run } from '../run.ts'
import { shown } from '../text.ts'
import { FunctionValue, isList, type Value } from '../value.ts'
import { booleanFunctions } from './booleans.ts'
import { contextFunctions } from './contexts.ts'
import { conversionFunctions } from './conversions.ts'
import { cycleFunctions } from './cycle.ts'
import { listFunctions } from './lists.ts'
import { numberFunctions } from './numbers.ts'
import { rangeFunctions } from './ranges.ts'
import { type Definition, Illegal, type Parameter, UNFIT } from './signature.ts'
import { statisticFunctions } from './statistics.ts'
import { stringFunctions } from './strings.ts'
import { temporalFunctions } from './temporals.ts'
import { workingDayFunctions } from './working-days.ts'

const definitions: readonly Definition[] = [
  ...booleanFunctions,
  ...contextFunctions,
  ...conversionFunctions,
  ...cycleFunctions,
  ...listFunctions,
  ...numberFunctions,
  ...rangeFunctions,
  ...statisticFunctions,
  ...stringFunctions,
  ...temporalFunctions,
  ...workingDayFunctions,
]

/** What can be called; `dialect` is null when both know it. Several of one name differ in number, names or kinds of parameters. */
export const signatures: readonly Pick<Definition, 'name' | 'signature' | 'dialect'>[] = definitions

export class Builtin {
  readonly name: string
  readonly definitions: readonly Definition[]
  /** The function as a value. */
  readonly value: FunctionValue
  /** The definitions that take so many arguments; the last entry is for any greater number. */
  readonly #byCount: readonly (readonly Definition[])[]

  constructor(name: string, definitions: readonly Definition[]) {
    this.name = name
    this.definitions = definitions
    const longest = Math.max(...definitions.map(({ parameters: { length } }) => length))
    this.#byCount = Array.from({ length: longest + 2 }, (_none, count) =>
      definitions.filter((definition) => takes(definition, count)),
    )
    const parameters = definitions[0]?.parameters.map((parameter) => parameter.name) ?? []
    this.value = new FunctionValue(name, parameters, (run, args) => this.call(run, args))
  }

  takes(count: number): boolean {
    return this.definitions.some((definition) => takes(definition, count))
  }
  takesNamed(names: readonly string[]): boolean {
    return this.definitions.some((definition) => knows(definition, names))
  }

  call(run: Run, args: readonly Value[]): Value {
    run.spend(1)
    const fitting = this.#byCount[Math.min(args.length, this.#byCount.length - 1)]!
    if (fitting.length === 0)
      return run.warn(
        'NO_FUNCTION_FOUND',
        `No function found with name '${this.name}' and ${args.length} parameters`,
        this.name,
      )
    return this.#choose(run, args, fitting, gathered)
  }

  callNamed(run: Run, args: ReadonlyMap<string, Value>): Value {
    run.spend(1)
    const names = [...args.keys()]
    const fitting = this.definitions.filter((definition) => knows(definition, names))
    if (fitting.length === 0)
      return run.warn(
        'NO_FUNCTION_FOUND',
        `No function found with name '${this.name}' and parameters: ${names.join(',')}`,
        this.name,
      )
    const chosen = run.dialect === 'camunda' ? fitting.filter(likeFirst) : mostExact(fitting, names.length)
    const [{ parameters }] = chosen as [Definition]
    return this.#choose(
      run,
      parameters.map(({ name }) => args.get(name) ?? null),
      chosen,
      run.dialect === 'camunda' ? asGiven : gathered,
    )
  }

  #choose(run: Run, args: readonly Value[], fitting: readonly Definition[], gather: Gather): Value {
    // Whatever is done with a text, it is read once.
    for (let index = 0; index < args.length; index++) {
      const arg = args[index]
      if (typeof arg === 'string') run.spend(arg.length >> 5)
    }
    for (const definition of fitting) {
      const adapted = adapt(run.dialect, definition, gather(definition, args))
      const result = adapted === null ? UNFIT : definition.invoke(run, adapted)
      if (result !== UNFIT) return this.#result(run, result)
    }
    const found = gather(fitting[0]!, args)
    return this.#result(run, new Illegal(`Illegal arguments: ${found.map((arg) => `'${shown(arg)}'`).join(', ')}`))
  }

  #result(run: Run, result: Value | Illegal): Value {
    if (!(result instanceof Illegal)) return result
    return run.warn(
      'FUNCTION_INVOCATION_FAILURE',
      `Failed to invoke function '${this.name}': ${result.reason}`,
      this.name,
    )
  }
}

/** To Zeebe, definitions with the same parameters are one function. */
const likeFirst = ({ parameters }: Definition, _index: number, [first]: readonly Definition[]): boolean =>
  parameters.length === first!.parameters.length &&
  parameters.every(({ name }, at) => name === first!.parameters[at]!.name)

function mostExact(fitting: readonly Definition[], count: number): readonly Definition[] {
  const exact = fitting.filter(({ parameters }) => parameters.length === count)
  return exact.length > 0 ? exact : fitting
}

const takes = ({ parameters, rest }: Definition, count: number): boolean =>
  parameters.length === count || (rest && count > parameters.length)

const knows = ({ parameters }: Definition, names: readonly string[]): boolean =>
  names.every((name) => parameters.some((parameter) => parameter.name === name))

/** Arguments as the parameters want them; null when they do not fit. */
function adapt(dialect: Dialect, { parameters }: Definition, given: readonly Value[]): readonly Value[] | null {
  if (fit(parameters, given)) return given
  if (dialect === 'camunda') return null
  const adapted: Value[] = []
  for (const [index, parameter] of parameters.entries()) {
    const value = given[index] ?? null
    const fitting = parameter.accepts(value) ? value : coerced(parameter, value)
    if (fitting === undefined) return null
    adapted.push(fitting)
  }
  return adapted
}

function fit(parameters: readonly Parameter[], given: readonly Value[]): boolean {
  for (let index = 0; index < parameters.length; index++)
    if (!parameters[index]!.accepts(given[index] ?? null)) return false
  return true
}

type Gather = (definition: Definition, args: readonly Value[]) => readonly Value[]

/** By name Zeebe takes a list only where it wants one. */
const asGiven: Gather = (_definition, args) => args

function gathered({ rest, parameters }: Definition, args: readonly Value[]): readonly Value[] {
  if (!rest) return args
  const count = parameters.length
  if (count === 1 && args.length === 1 && isList(args[0]!)) return args
  return [...args.slice(0, count - 1), args.slice(count - 1)]
}

/** The standard takes a list of one for its item, and an item for a list of one. */
function coerced({ kind, accepts }: Parameter, value: Value): Value | undefined {
  if (kind === 'list') return value === null ? undefined : [value]
  if (!isList(value) || value.length !== 1) return undefined
  const [item] = value as [Value]
  return accepts(item) ? item : undefined
}

const tables: Readonly<Record<Dialect, ReadonlyMap<string, Builtin>>> = {
  camunda: tableOf('camunda'),
  standard: tableOf('standard'),
}

function tableOf(dialect: Dialect): ReadonlyMap<string, Builtin> {
  const known = definitions.filter((definition) => definition.dialect === null || definition.dialect === dialect)
  const names = new Set(known.map(({ name }) => name))
  return new Map(
    [...names].map((name) => [
      name,
      new Builtin(
        name,
        known.filter((one) => one.name === name),
      ),
    ]),
  )
}

export const builtin = (name: string, dialect: Dialect): Builtin | null => tables[dialect].get(name) ?? null
export const builtinNames = (dialect: Dialect): Iterable<string> => tables[dialect].keys()
