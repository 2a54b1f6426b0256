/**
 * Types of a model: `typeRef`s of FEEL and of the file's item definitions. A value that is not of its type becomes null; what
 * arrives as JSON text becomes the date, time or duration that its type says.
 */
import type { Code } from '../compile/code.ts'
import { namedType } from '../compile/instance-of.ts'
import type { Dialect } from '../dialect.ts'
import type { Run } from '../run.ts'
import { readDate, readDateTime, readDuration, readTime } from '../temporal/parse.ts'
import { isContext, isList, kindOf, type Value } from '../value.ts'
import type { Element } from './xml.ts'

/** Undefined when the value is not of the type. */
export type Coercion = (run: Run, value: Value) => Value | undefined

interface Allowed {
  readonly test: Code
  /** Whether it constrains the whole value or, of a collection, each item. */
  readonly of: 'value' | 'item'
}
type TestCompiler = (element: Element, place: string) => Code

export class ItemTypes {
  readonly #dialect: Dialect
  readonly #definitions = new Map<string, Element>()
  readonly #known = new Map<string, Coercion>()
  #compileTest: TestCompiler = () => () => true

  constructor(dialect: Dialect, definitions: readonly Element[]) {
    this.#dialect = dialect
    for (const definition of definitions) this.#definitions.set(definition.attribute('name') ?? '', definition)
  }

  /** Allowed values are unary tests, which the compiler of the file knows to compile. */
  compileTestsWith(compile: TestCompiler): void {
    this.#compileTest = compile
  }

  /** Null when anything goes. */
  of(typeRef: string | undefined): Coercion | null {
    const name = typeRef?.trim()
    if (name === undefined || name === '' || name === 'Any') return null
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const definition = this.#definitions.get(name)
    if (definition === undefined) return simple(name, this.#dialect)
    // A type may hold itself: the inner one is found when it is needed.
    this.#known.set(name, (run, value) => this.#known.get(name)!(run, value))
    const coercion = this.#define(definition, name)
    this.#known.set(name, coercion)
    return coercion
  }

  #define(definition: Element, place: string): Coercion {
    const inner = this.#base(definition, place)
    const isCollection = definition.attribute('isCollection') === 'true'
    const allowed = this.#allowed(definition, place, isCollection)
    const ofItem = allowed?.of === 'item' ? restricted(inner, allowed.test) : inner
    const whole = isCollection ? listOf(ofItem) : ofItem
    return allowed?.of === 'value' ? restricted(whole, allowed.test) : whole
  }

  #base(definition: Element, place: string): Coercion {
    const components = definition.all('itemComponent')
    if (components.length > 0) return this.#context(components, place)
    if (definition.child('functionItem') !== undefined) return simple('function', this.#dialect) ?? anything
    return this.of(definition.child('typeRef')?.text ?? definition.attribute('typeRef')) ?? anything
  }

  #context(components: readonly Element[], place: string): Coercion {
    const entries = components.map((component) => {
      const name = component.attribute('name') ?? ''
      return { name, coercion: this.#define(component, `${place}.${name}`) }
    })
    return (run, value) => {
      if (!isContext(value)) return undefined
      const coerced = new Map(value)
      for (const { name, coercion } of entries) {
        const entry = value.get(name)
        if (entry === undefined) continue
        const fitting = entry === null ? null : coercion(run, entry)
        if (fitting === undefined) return undefined
        coerced.set(name, fitting)
      }
      return coerced
    }
  }

  #allowed(definition: Element, place: string, isCollection: boolean): Allowed | null {
    const constraint = definition.child('typeConstraint')
    if (constraint !== undefined) return { test: this.#compileTest(constraint, place), of: 'value' }
    const values = definition.child('allowedValues')
    if (values === undefined) return null
    return { test: this.#compileTest(values, place), of: isCollection ? 'item' : 'value' }
  }
}

const anything: Coercion = (_run, value) => value

const restricted =
  (coercion: Coercion, test: Code): Coercion =>
  (run, value) => {
    const fitting = coercion(run, value)
    return fitting !== undefined && test(run, { value: fitting, outer: null }) === true ? fitting : undefined
  }

const listOf =
  (coercion: Coercion): Coercion =>
  (run, value) => {
    const items: Value[] = []
    for (const item of isList(value) ? value : [value]) {
      const fitting = item === null ? null : coercion(run, item)
      if (fitting === undefined) return undefined
      items.push(fitting)
    }
    return items
  }

const readers: Readonly<Record<string, (text: string, dialect: Dialect) => Value>> = {
  date: readDate,
  time: readTime,
  'date and time': readDateTime,
  'days and time duration': readDuration,
  'years and months duration': readDuration,
}

/** A list of one stands for its item. */
function simple(name: string, dialect: Dialect): Coercion | null {
  const type = namedType(name.replace(/^feel[:.]/, ''))
  if (type === null) return null
  const { is, kind } = type
  const read = kind === null ? undefined : readers[kind]
  return (run, value) => {
    if (is(value)) return value
    if (isList(value) && value.length === 1 && kind !== 'list') return simple(name, dialect)!(run, value[0]!)
    const converted = typeof value === 'string' ? read?.(value, dialect) : undefined
    return converted !== undefined && converted !== null && kindOf(converted) === kind ? converted : undefined
  }
}
