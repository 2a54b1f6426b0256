/**
 * As much of XML Schema as the platforms' schemas use for what we exchange: sequences, choices and wildcards with their bounds, the
 * facets of simple types. Not supported: attributes, identity constraints, substitution groups, types of other namespaces.
 */
import { SaxesParser } from 'saxes'
import type { XmlElement } from '../../connectors/xml.ts'

interface Part {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Part[]
}
export interface Schema {
  /** What is wrong, each with its path; none when the element is as declared. */
  faults(root: XmlElement): readonly string[]
  /** Whether the named simple type takes the text. */
  accepts(type: string, text: string): boolean
}

export function schemaIn(text: string): Schema {
  const root = partsOf(text)
  const named = (kind: string, name: string) =>
    root.children.find((part) => part.name === kind && part.attributes.name === local(name))
  const typeOf = ({ attributes, children }: Part): Part | undefined =>
    attributes.type === undefined
      ? children.find(({ name }) => name === 'complexType' || name === 'simpleType')
      : (named('complexType', attributes.type) ?? named('simpleType', attributes.type))

  const simpleFault = (type: Part, value: string): string | undefined => {
    const restriction = restrictionOf(type)
    if (!restriction) return undefined
    const { base = '' } = restriction.attributes
    const under = named('simpleType', base)
    return facetFault(restriction, value) ?? (under ? simpleFault(under, value) : builtInFault(base, value))
  }

  const elementFaults = (element: XmlElement, declared: Part, path: string): string[] => {
    const type = typeOf(declared)
    if (type?.name !== 'complexType') {
      const fault = type ? simpleFault(type, element.text) : builtInFault(declared.attributes.type, element.text)
      return fault ? [`${path}: ${fault}`] : []
    }
    const { rest, faults } = take(type, element.children, path)
    return [...faults, ...rest.map(({ name }) => `${path}/${name}: not expected here`)]
  }

  /** Takes what the particle declares from the front of the children. */
  const take = (particle: Part, children: readonly XmlElement[], path: string): Taken => {
    let rest = children
    const faults: string[] = []
    for (const part of particle.children) {
      const taken = takePart(part, rest, path)
      rest = taken.rest
      faults.push(...taken.faults)
    }
    return { rest, faults }
  }
  const takePart = (part: Part, children: readonly XmlElement[], path: string): Taken => {
    switch (part.name) {
      case 'sequence':
        return take(part, children, path)
      case 'any':
        return { rest: [], faults: [] }
      case 'choice': {
        const chosen = part.children.find(({ attributes }) => attributes.name === children[0]?.name)
        return chosen ? takePart(chosen, children, path) : { rest: children, faults: [`${path}: no choice made`] }
      }
      case 'element':
        return takeElements(part, children, path)
      default:
        return { rest: children, faults: [] }
    }
  }
  const takeElements = (declared: Part, children: readonly XmlElement[], path: string): Taken => {
    const { name = '', minOccurs = '1', maxOccurs = '1' } = declared.attributes
    const most = maxOccurs === 'unbounded' ? children.length : Number(maxOccurs)
    const end = children.findIndex((child, index) => child.name !== name || index >= most)
    const mine = end < 0 ? children : children.slice(0, end)
    const missing = mine.length < Number(minOccurs) ? [`${path}/${name}: missing`] : []
    const faults = mine.flatMap((child) => elementFaults(child, declared, `${path}/${name}`))
    return { rest: children.slice(mine.length), faults: [...missing, ...faults] }
  }
  return {
    faults(element) {
      const declared = named('element', element.name)
      return declared ? elementFaults(element, declared, element.name) : [`${element.name}: not declared`]
    },
    accepts(type, value) {
      const declared = named('simpleType', type)!
      return restrictionOf(declared) !== undefined && simpleFault(declared, value) === undefined
    },
  }
}

interface Taken {
  readonly rest: readonly XmlElement[]
  readonly faults: readonly string[]
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1)
const restrictionOf = (type: Part) => type.children.find(({ name }) => name === 'restriction')

const FACETS: Readonly<Record<string, (text: string, bound: string) => boolean>> = {
  minLength: (text, bound) => text.length >= Number(bound),
  maxLength: (text, bound) => text.length <= Number(bound),
  minInclusive: (text, bound) => Number(text) >= Number(bound),
  maxInclusive: (text, bound) => Number(text) <= Number(bound),
  pattern: (text, bound) => new RegExp(`^(?:${bound})$`).test(text),
}
const WORDS: Readonly<Record<string, string>> = { minLength: 'too short', maxLength: 'too long' }

/** Of XML Schema itself, as far as what we exchange has them. */
const BUILT_IN: Readonly<Record<string, RegExp>> = {
  boolean: /^(?:true|false|0|1)$/,
  int: /^[+-]?\d{1,10}$/,
  integer: /^[+-]?\d+$/,
  decimal: /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/,
  date: /^\d{4}-\d\d-\d\d(?:Z|[+-]\d\d:\d\d)?$/,
  dateTime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?$/,
  base64Binary: /^(?:[A-Za-z0-9+/]{4}|\s)*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\s*$/,
}
const isBuiltIn = /^xsd?:/

/** Undefined too for the types without rules of their own, as `xs:string`. */
function builtInFault(type: string | undefined, text: string): string | undefined {
  if (type === undefined || !isBuiltIn.test(type)) return undefined
  return BUILT_IN[local(type)]?.test(text.trim()) === false ? `no ${local(type)}` : undefined
}

function facetFault({ children }: Part, text: string): string | undefined {
  const words = children.filter(({ name }) => name === 'enumeration').map(({ attributes }) => attributes.value)
  if (words.length > 0 && !words.includes(text)) return `not one of ${words.join(', ')}`
  const broken = children.find(({ name, attributes }) => FACETS[name]?.(text, attributes.value ?? '') === false)
  return broken && (WORDS[broken.name] ?? `against ${broken.name} ${broken.attributes.value}`)
}

function partsOf(text: string): Part {
  const top: Part = { name: '', attributes: {}, children: [] }
  const open = [top]
  const parser = new SaxesParser()
  parser.on('opentag', ({ name, attributes }) => {
    const part: Part = { name: local(name), attributes, children: [] }
    open.at(-1)?.children.push(part)
    open.push(part)
  })
  parser.on('closetag', () => void open.pop())
  parser.write(text).close()
  return top.children[0]!
}
