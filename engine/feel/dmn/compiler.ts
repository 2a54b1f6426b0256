/** What the parts of a DMN file share while they are compiled: dialect, known names, types, and the faults that were found. */
import type { Code, Scope } from '../compile/code.ts'
import type { Types } from '../compile/compilation.ts'
import { compile } from '../compile/compile.ts'
import { namedType } from '../compile/type.ts'
import type { Dialect } from '../dialect.ts'
import { measured } from '../measure.ts'
import { EvaluationFailure, failureText } from '../run.ts'
import { placeIn } from '../syntax/diagnosis.ts'
import type { Names } from '../syntax/names.ts'
import type { Top } from '../syntax/parse.ts'
import type { Value } from '../value.ts'
import type { ItemTypes } from './item-types.ts'
import type { Element } from './xml.ts'

export class DmnCompiler {
  readonly dialect: Dialect
  readonly names: Names
  readonly types: ItemTypes
  readonly faults: string[] = []
  readonly #types: Types

  constructor(dialect: Dialect, names: Names, types: ItemTypes) {
    this.dialect = dialect
    this.names = names
    this.types = types
    // Zeebe's FEEL knows nothing of the model's types.
    this.#types = (name) => (dialect === 'camunda' ? namedType(name, dialect) : types.named(name))
  }

  fault(place: string, reason: string): Code {
    this.faults.push(`- ${place}: ${reason}`)
    return failing(`${place}: ${reason}`)
  }

  /** What is compiled meanwhile fails whole when it has a fault, whatever its input: nobody should find out case by case. */
  whole<T>(compile: () => T, failed: (compiled: T, code: Code) => T): T {
    const before = this.faults.length
    const compiled = compile()
    const own = this.faults.slice(before)
    if (own.length === 0) return compiled
    return failed(
      compiled,
      failing(own.length === 1 ? own[0]!.replace(/^- /, '') : `there are faults:\n${listed(own)}`),
    )
  }

  /** `place` says where the expression stands, for whoever has to find it. */
  feel(element: Element | undefined, top: Top, place: string, scope: Scope | null): Code {
    const source = element?.content().trim() ?? ''
    if (source === '') return this.#nothing(top, place)
    const language = element?.attribute('expressionLanguage')
    if (language !== undefined && !/feel/i.test(language))
      return this.fault(place, `Expected the expression language FEEL, but found '${language}'.`)
    const compiled = compile(source, top, this.dialect, this.names, scope, this.#types)
    if (compiled.ok) return framed(source, compiled.code)
    return this.fault(place, `'${source}' at ${placeIn(source, compiled.fault.at)}: ${compiled.fault.message}`)
  }

  /** An empty test passes. An empty expression is null in the standard; Zeebe refuses it. */
  #nothing(top: Top, place: string): Code {
    if (top === 'UnaryTests') return () => true
    return this.dialect === 'standard'
      ? () => null
      : this.fault(place, 'Expected an expression, but found none. Write null where there is no value.')
  }

  /** Values with commas between. Anything else is none: no priorities then. */
  list(element: Element, place: string): Code {
    const compiled = compile(`[${element.content()}]`, 'Expression', this.dialect, this.names)
    return compiled.ok ? compiled.code : this.fault(place, compiled.fault.message)
  }
}

/** More are not listed: the first ones tell. */
const FAULTS_MAX = 50

export const listed = (faults: readonly string[]): string =>
  faults.length <= FAULTS_MAX
    ? faults.join('\n')
    : [...faults.slice(0, FAULTS_MAX), `- and ${faults.length - FAULTS_MAX} more`].join('\n')

const failing =
  (reason: string): Code =>
  () => {
    throw new EvaluationFailure(reason)
  }

/** Says of which expression a failure is. */
class Framed extends EvaluationFailure {}

const framed =
  (source: string, code: Code): Code =>
  (run, environment): Value => {
    try {
      return measured(run, code(run, environment))
    } catch (error) {
      if (!(error instanceof EvaluationFailure) || error instanceof Framed) throw error
      throw new Framed(failureText(source, error))
    }
  }
