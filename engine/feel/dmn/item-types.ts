/** The types of a model: `typeRef`s name those of FEEL, of the file's item definitions and of imported ones. */
import type { Code } from '../compile/code.ts'
import { ANY, contextType, listType, namedType, restricted, type Type } from '../compile/type.ts'
import type { Dialect } from '../dialect.ts'
import type { Element } from './xml.ts'

/** Closures that a type within itself nests. */
const LEVELS = 3

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
  readonly #known = new Map<string, Type>()
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

  /** Null when anything goes, or the type is unknown. */
  of(typeRef: string | undefined): Type | null {
    const type = this.named(typeRef?.trim() ?? '')
    return type === ANY ? null : type
  }

  /** Null when it is unknown. */
  named(name: string): Type | null {
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const [types, definition] = this.#find(name) ?? []
    if (definition === undefined) return namedType(name.replace(/^feel[:.]/, ''), this.#dialect)
    if (types !== this) return types!.named(definition.attribute('name') ?? '')
    // A type may hold itself: the inner one is found when it is needed, as deep as functions may nest.
    this.#known.set(name, {
      holds: (run, value) => run.nested(LEVELS, () => this.#known.get(name)!.holds(run, value)),
      coerce: (run, value, origin) => run.nested(LEVELS, () => this.#known.get(name)!.coerce(run, value, origin)),
    })
    const type = this.#define(definition, name)
    this.#known.set(name, type)
    return type
  }

  /** Of what a call gives: a type that is no function is that of the result itself. */
  ofResult(typeRef: string | undefined): Type | null {
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

  #define(definition: Element, place: string): Type {
    const inner = this.#base(definition, place)
    const isCollection = definition.attribute('isCollection') === 'true'
    const allowed = this.#allowed(definition, place, isCollection)
    const ofItem = allowed?.of === 'item' ? restricted(inner, allowed.test) : inner
    const whole = isCollection ? listType(ofItem) : ofItem
    return allowed?.of === 'value' ? restricted(whole, allowed.test) : whole
  }

  #base(definition: Element, place: string): Type {
    const components = definition.all('itemComponent')
    if (components.length > 0) return this.#context(components, place)
    if (definition.child('functionItem') !== undefined) return this.named('function') ?? ANY
    return this.of(definition.child('typeRef')?.text ?? definition.attribute('typeRef')) ?? ANY
  }

  #context(components: readonly Element[], place: string): Type {
    return contextType(
      components.map((component) => {
        const name = component.attribute('name') ?? ''
        return { name, type: this.#define(component, `${place}.${name}`) }
      }),
    )
  }

  #allowed(definition: Element, place: string, isCollection: boolean): Allowed | null {
    const constraint = definition.child('typeConstraint')
    if (constraint !== undefined) return { test: this.#compileTest(constraint, place), of: 'value' }
    const values = definition.child('allowedValues')
    if (values === undefined) return null
    return { test: this.#compileTest(values, place), of: isCollection ? 'item' : 'value' }
  }
}
