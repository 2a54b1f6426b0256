/**
 * Types of a model: `typeRef`s of FEEL and of the file's item definitions. A value that is not of its type becomes null; what
 * arrives as JSON text becomes the date, time or duration that its type says.
 */
import type { Code } from '../compile/code.ts'
import { namedType } from '../compile/instance-of.ts'
import type { Dialect } from '../dialect.ts'
import type { Run } from '../run.ts'
import { readDate, readDateTime, readDuration, readTime } from '../temporal/parse.ts'
import { dateText } from '../temporal/text.ts'
import { CalendarDate } from '../temporal/values.ts'
import { isContext, isList, kindOf, type Value } from '../value.ts'
import type { Element } from './xml.ts'

/** Undefined when the value is not of the type. */
export type Coercion = (run: Run, value: Value) => Value | undefined

/** A value that is not of its type is null. */
export const typed = (run: Run, type: Coercion | null, value: Value): Value =>
  type === null || value === null ? value : (type(run, value) ?? null)

interface Allowed {
  readonly test: Code
  /** Whether it constrains the whole value or, of a collection, each item. */
  readonly of: 'value' | 'item'
}
type TestCompiler = (element: Element, place: string) => Code

/** The types of a model that is imported: `prefix.name`, or `name` when the prefix is empty. */
interface ImportedTypes {
  readonly prefix: string
  readonly types: ItemTypes
}

export class ItemTypes {
  readonly #dialect: Dialect
  readonly #definitions = new Map<string, Element>()
  readonly #imported: readonly ImportedTypes[]
  readonly #known = new Map<string, Coercion>()
  #compileTest: TestCompiler = () => () => true

  constructor(dialect: Dialect, definitions: readonly Element[], imported: readonly ImportedTypes[]) {
    this.#dialect = dialect
    this.#imported = imported
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
    const [types, definition] = this.#find(name) ?? []
    if (definition === undefined) return simple(name, this.#dialect)
    if (types !== this) return types!.of(definition.attribute('name'))
    // A type may hold itself: the inner one is found when it is needed.
    this.#known.set(name, (run, value) => this.#known.get(name)!(run, value))
    const coercion = this.#define(definition, name)
    this.#known.set(name, coercion)
    return coercion
  }

  /** Of what a call gives: a type that is no function is that of the result itself. */
  ofResult(typeRef: string | undefined): Coercion | null {
    const [types, definition] = this.#find(typeRef?.trim() ?? '') ?? []
    const item = definition?.child('functionItem')
    if (item !== undefined) return types!.of(item.attribute('outputTypeRef'))
    return typeRef?.trim() === 'function' ? null : this.of(typeRef)
  }

  /** What a type allows, in its order; undefined when it allows whatever its base does. */
  allowedValues(typeRef: string | undefined): Element | undefined {
    return this.#find(typeRef?.trim() ?? '')?.[1].child('allowedValues')
  }

  /** With the types among which it stands. */
  #find(name: string): readonly [ItemTypes, Element] | null {
    const own = this.#definitions.get(name)
    if (own !== undefined) return [this, own]
    for (const { prefix, types } of this.#imported) {
      const start = prefix === '' ? '' : `${prefix}.`
      const found = name.startsWith(start) ? types.#find(name.slice(start.length)) : null
      if (found !== null) return found
    }
    return null
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
    return (run, given) => {
      const value = only(given)
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

/** A list of one stands for its item. */
const only = (value: Value): Value => (isList(value) && value.length === 1 ? value[0]! : value)

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

function simple(name: string, dialect: Dialect): Coercion | null {
  const type = namedType(name.replace(/^feel[:.]/, ''))
  if (type === null) return null
  const { is, kind } = type
  const read = kind === null ? undefined : readers[kind]
  return (_run, given) => {
    if (is(given)) return given
    const value = only(given)
    if (is(value)) return value
    if (kind === 'date and time' && value instanceof CalendarDate) return atMidnight(value)
    const converted = typeof value === 'string' ? read?.(value, dialect) : undefined
    return converted !== undefined && converted !== null && kindOf(converted) === kind ? converted : undefined
  }
}

/** A date as a moment: its beginning in UTC. */
const atMidnight = (date: CalendarDate): Value => readDateTime(`${dateText(date)}T00:00:00Z`, 'standard')
