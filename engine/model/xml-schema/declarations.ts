/**
 * The schema of BPMN, as the Object Management Group publishes it, read into what a check needs.
 *
 * Owns: as much of XML Schema as those files use (sequences, choices, wildcards, extension, substitution, abstract types). The files
 * themselves come with bpmn-moddle. Does not own: the check (check.ts).
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { SaxesParser } from 'saxes'
import { ContentModel, type Particle } from './content.ts'
import { builtInTypes, enumeration, type SimpleType } from './simple-values.ts'

const XSD = 'http://www.w3.org/2001/XMLSchema'
const FILES = ['BPMN20', 'Semantic', 'BPMNDI', 'DI', 'DC']

/** Names are written `{namespace}local`. */
export const nameOf = (uri: string, local: string): string => `{${uri}}${local}`
export const localOf = (name: string): string => name.slice(name.indexOf('}') + 1)

export interface AttributeDeclaration {
  readonly type: SimpleType
  readonly isRequired: boolean
}
export interface ComplexType {
  readonly kind: 'complex'
  readonly name: string
  readonly base: string | null
  readonly isAbstract: boolean
  readonly isMixed: boolean
  readonly attributes: ReadonlyMap<string, AttributeDeclaration>
  /** Attributes of other namespaces may stand there, but of this one; null: none may. */
  readonly foreignTo: string | null
  readonly content: ContentModel
}
export type Type = ComplexType | SimpleType

export interface ElementDeclaration {
  readonly type: string
  /** The element that it may stand in for. */
  readonly substitutes: string | null
}
export interface Declarations {
  readonly elements: ReadonlyMap<string, ElementDeclaration>
  readonly types: ReadonlyMap<string, Type>
}

interface Part {
  readonly local: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Part[]
}

export function readSchemas(): Declarations {
  const require = createRequire(import.meta.url)
  const reader = new SchemaReader()
  for (const file of FILES)
    reader.read(readFileSync(require.resolve(`bpmn-moddle/resources/bpmn/xsd/${file}.xsd`), 'utf8'))
  return reader.declarations()
}

class SchemaReader {
  readonly #elements = new Map<string, ElementDeclaration>()
  readonly #types = new Map<string, Type>([...builtInTypes].map(([name, type]) => [nameOf(XSD, name), type]))
  readonly #complex = new Map<string, { readonly part: Part; readonly scope: Scope }>()

  read(text: string): void {
    const root = partsOf(text)
    const scope = new Scope(root)
    for (const part of root.children) {
      const name = nameOf(scope.target, part.attributes.name ?? '')
      if (part.local === 'simpleType') this.#types.set(name, simpleTypeOf(part))
      if (part.local === 'complexType') this.#complex.set(name, { part, scope })
      if (part.local === 'element') this.#declare(name, part, scope)
    }
  }

  declarations(): Declarations {
    for (const name of [...this.#complex.keys()]) this.#complexType(name)
    return { elements: this.#elements, types: this.#types }
  }

  #declare(name: string, { attributes }: Part, scope: Scope): void {
    const { type = '', substitutionGroup } = attributes
    const substitutes = substitutionGroup === undefined ? null : scope.resolve(substitutionGroup)
    this.#elements.set(name, { type: scope.resolve(type), substitutes })
  }

  #complexType(name: string): ComplexType {
    const known = this.#types.get(name)
    if (known?.kind === 'complex') return known
    const { part, scope } = this.#complex.get(name)!
    const extension = part.children[0]?.local === 'complexContent' ? part.children[0].children[0] : undefined
    const base = extension?.attributes.base === undefined ? null : scope.resolve(extension.attributes.base)
    const type = this.#ownType(name, part, extension ?? part, base, scope)
    this.#types.set(name, type)
    return type
  }

  #ownType(name: string, { attributes }: Part, own: Part, base: string | null, scope: Scope): ComplexType {
    const inherited = base === null ? null : this.#complexType(base)
    const group = own.children.find(({ local }) => local === 'sequence' || local === 'choice')
    const particle = group === undefined ? EMPTY : this.#particle(group, scope)
    const parts = [inherited === null ? EMPTY : particleOf.get(inherited)!, particle]
    const whole: Particle = { kind: 'sequence', min: 1, max: 1, parts }
    const isOpen = own.children.some(({ local }) => local === 'anyAttribute')
    const type: ComplexType = {
      kind: 'complex',
      name,
      base,
      isAbstract: attributes.abstract === 'true',
      isMixed: attributes.mixed === 'true' || inherited?.isMixed === true,
      attributes: new Map([...(inherited?.attributes ?? []), ...this.#attributes(own, scope)]),
      foreignTo: isOpen ? scope.target : (inherited?.foreignTo ?? null),
      content: new ContentModel(whole),
    }
    particleOf.set(type, whole)
    return type
  }

  #attributes({ children }: Part, scope: Scope): readonly (readonly [string, AttributeDeclaration])[] {
    return children
      .filter(({ local }) => local === 'attribute')
      .map(({ attributes }) => {
        const { name = '', type = '', use } = attributes
        return [name, { type: this.#simpleType(scope.resolve(type)), isRequired: use === 'required' }]
      })
  }

  #simpleType(name: string): SimpleType {
    const type = this.#types.get(name)
    if (type?.kind !== 'simple') throw new Error(`Expected ${name} to be a simple type of BPMN's schema`)
    return type
  }

  #particle(part: Part, scope: Scope): Particle {
    const { minOccurs = '1', maxOccurs = '1', name, ref, type, namespace } = part.attributes
    const occurrence = { min: Number(minOccurs), max: maxOccurs === 'unbounded' ? Number.POSITIVE_INFINITY : 1 }
    switch (part.local) {
      case 'sequence':
      case 'choice':
        return { ...occurrence, kind: part.local, parts: part.children.map((child) => this.#particle(child, scope)) }
      case 'any':
        return { ...occurrence, kind: 'any', except: namespace === '##other' ? scope.target : null }
      case 'element':
        if (ref !== undefined)
          return { ...occurrence, kind: 'element', name: scope.resolve(ref), isReference: true, type: '' }
        return { ...occurrence, ...this.#local(name ?? '', type, part, scope) }
      default:
        throw new Error(`Expected no ${part.local} in BPMN's schema`)
    }
  }

  /** An element that is declared where it stands, perhaps with a type of its own. */
  #local(name: string, type: string | undefined, { children }: Part, scope: Scope) {
    const full = nameOf(scope.target, name)
    const [own] = children
    if (type === undefined && own !== undefined) this.#complex.set(full, { part: own, scope })
    return { kind: 'element', name: full, isReference: false, type: type ? scope.resolve(type) : full } as const
  }
}

const EMPTY: Particle = { kind: 'sequence', min: 1, max: 1, parts: [] }
/** A type that extends another begins with the content of that one. */
const particleOf = new WeakMap<ComplexType, Particle>()

function simpleTypeOf({ children }: Part): SimpleType {
  const [derived] = children
  // The unions of BPMN take any URI beside the words they list.
  if (derived?.local !== 'restriction') return builtInTypes.get('anyURI')!
  return enumeration(derived.children.map(({ attributes }) => attributes.value ?? ''))
}

/** The prefixes of one schema file; all are bound at its root. */
class Scope {
  readonly target: string
  readonly #prefixes: ReadonlyMap<string, string>

  constructor({ attributes }: Part) {
    this.target = attributes.targetNamespace ?? ''
    this.#prefixes = new Map(
      Object.entries(attributes).flatMap(([name, uri]) =>
        name.startsWith('xmlns') ? [[name.replace(/^xmlns:?/, ''), uri] as const] : [],
      ),
    )
  }

  resolve(qualified: string): string {
    const [local = '', prefix = ''] = qualified.split(':').reverse()
    return nameOf(this.#prefixes.get(prefix) ?? this.target, local)
  }
}

function partsOf(text: string): Part {
  const parser = new SaxesParser({ xmlns: true })
  const open: Part[] = [{ local: '', attributes: {}, children: [] }]
  parser.on('opentag', ({ local, attributes }) => {
    const values = Object.values(attributes).map(({ name, value }) => [name, value] as const)
    const part: Part = { local, attributes: Object.fromEntries(values), children: [] }
    open.at(-1)?.children.push(part)
    open.push(part)
  })
  parser.on('closetag', () => open.pop())
  parser.write(text.replace(/^\ufeff/, '')).close()
  return open[0]!.children[0]!
}
