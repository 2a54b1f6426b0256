/**
 * How built-in functions are defined: a signature as the standard writes it, and an implementation whose arguments have the types
 * that the signature says. Several definitions of one name are tried by number or names of the arguments, then by their kinds.
 */
import type { Dialect } from '../dialect.ts'
import { isNumeric, type Numeric } from '../number.ts'
import type { Run } from '../run.ts'
import { CalendarDate, DateTime, DaysDuration, MonthsDuration, Time } from '../temporal/values.ts'
import { type Context, FunctionValue, isContext, isList, type List, Range, type Value } from '../value.ts'

interface KindValues {
  boolean: boolean
  number: Numeric
  string: string
  list: List
  context: Context
  range: Range
  function: FunctionValue
  date: CalendarDate
  time: Time
  'date and time': DateTime
  'days and time duration': DaysDuration
  'years and months duration': MonthsDuration
  any: Value
  null: null
}
export type ParameterKind = keyof KindValues

/** `name(first: string, ...items: list)` → `[string, List]`. */
type ArgumentsOf<S extends string> = S extends `${string}(${infer P})` ? ParametersOf<P> : never
type ParametersOf<P extends string> = P extends ''
  ? []
  : P extends `${infer First}, ${infer Further}`
    ? [ParameterOf<First>, ...ParametersOf<Further>]
    : [ParameterOf<P>]
type ParameterOf<P extends string> = P extends `${string}: ${infer K extends ParameterKind}` ? KindValues[K] : never

export interface Parameter {
  readonly name: string
  readonly kind: ParameterKind
  readonly accepts: (value: Value) => boolean
}

export interface Definition {
  readonly name: string
  /** As it is defined: the names and kinds of the parameters. */
  readonly signature: string
  readonly parameters: readonly Parameter[]
  /** The last parameter takes all further arguments as a list; a single one may be that list itself. */
  readonly rest: boolean
  /** Null when both know it. */
  readonly dialect: Dialect | null
  invoke(run: Run, args: readonly Value[]): Value | Illegal
}

/** Why a call has no result, in the words of Zeebe's warning. */
export class Illegal {
  readonly reason: string
  constructor(reason: string) {
    this.reason = reason
  }
}
export const illegal = (reason: string): Illegal => new Illegal(reason)
/** The arguments are of the right kinds, and still not those of this definition. */
export const UNFIT = illegal('')

type Implementation<S extends string> = (run: Run, ...args: ArgumentsOf<S>) => Value | Illegal

const SIGNATURE = /^([^(]+)\((.*)\)$/

export function fn<const S extends string>(
  signature: S,
  implementation: Implementation<S>,
  dialect: Dialect | null = null,
): Definition {
  const [, name = '', list = ''] = SIGNATURE.exec(signature) ?? []
  const parameters = list === '' ? [] : list.split(', ').map(parameterOf)
  return {
    name,
    signature,
    parameters,
    rest: list.includes('...'),
    dialect,
    // The caller has compared every argument with its kind.
    invoke: (run, args) => implementation(run, ...(args as ArgumentsOf<S>)),
  }
}

function parameterOf(text: string): Parameter {
  const [name = '', kind = ''] = text.replace('...', '').split(': ')
  return { name, kind: kind as ParameterKind, accepts: accepting[kind as ParameterKind] }
}

/** The same function under several spellings of its parameters. */
export const alike = <const S extends string>(
  signatures: readonly S[],
  implementation: Implementation<S>,
  dialect: Dialect | null = null,
): readonly Definition[] => signatures.map((signature) => fn(signature, implementation, dialect))

const accepting: { readonly [K in ParameterKind]: (value: Value) => boolean } = {
  any: () => true,
  null: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
  number: isNumeric,
  string: (value) => typeof value === 'string',
  list: isList,
  context: isContext,
  range: (value) => value instanceof Range,
  function: (value) => value instanceof FunctionValue,
  date: (value) => value instanceof CalendarDate,
  time: (value) => value instanceof Time,
  'date and time': (value) => value instanceof DateTime,
  'days and time duration': (value) => value instanceof DaysDuration,
  'years and months duration': (value) => value instanceof MonthsDuration,
}
