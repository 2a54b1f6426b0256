/**
 * Whether a document keeps BPMN's XML schema. Zeebe looks at that before it looks at the model, and so do we: what the builders read
 * is where the schema has it. As in XML Schema, elements of other vocabularies are not looked into but for elements of BPMN.
 * Reports every fault, unlike Zeebe, which stops at the first; each begins with the rule of XML Schema that it breaks, as there.
 */
import { type Tag, type XmlVisitor, xmlFault } from '../xml.ts'
import { ContentModel } from './content.ts'
import { type ComplexType, type Declarations, localOf, nameOf, readSchemas, type Type } from './declarations.ts'
import type { SimpleType } from './simple-values.ts'

const FAULTS_MAX = 100
const XMLNS = 'http://www.w3.org/2000/xmlns/'
const XSI = 'http://www.w3.org/2001/XMLSchema-instance'
/** Zeebe takes any text as the process that BPMN's own attribute calls, which it ignores. */
const FREE_TEXTS: ReadonlySet<string> = new Set(['calledElement'])

let read: Declarations | undefined
const declared = (): Declarations => {
  read ??= readSchemas()
  return read
}

/** Of what the schema does not know. */
const anyType: ComplexType = {
  kind: 'complex',
  name: 'anyType',
  base: null,
  isAbstract: false,
  isMixed: true,
  attributes: new Map(),
  foreignTo: null,
  content: new ContentModel({ kind: 'any', except: null, min: 0, max: Number.POSITIVE_INFINITY }),
}

interface OpenElement {
  readonly name: string
  readonly type: Type
  /** The last child's place in the content model; null before the first. */
  position: number | null
  /** Nothing more is said of the children once one was out of place. */
  isBroken: boolean
  /** Of elements without children; of others only whether there is some. */
  text: string
}

export class SchemaCheck implements XmlVisitor {
  readonly #faults: string[] = []
  readonly #ids = new Set<string>()
  readonly #references: { readonly id: string; readonly line: number }[] = []
  readonly #open: OpenElement[] = []

  open(tag: Tag): void {
    const parent = this.#open.at(-1)
    const type = this.#retyped(parent === undefined ? this.#rootType(tag) : this.#childType(parent, tag), tag)
    const { uri, local, line } = tag
    if (type.kind === 'simple') this.#checkBareAttributes(tag)
    else this.#checkAttributes(type, tag)
    if (type.kind === 'complex' && type.isAbstract)
      this.#fault(line, `cvc-type.2: Element '${local}' is abstract: one of its kinds must be written instead.`)
    this.#open.push({ name: nameOf(uri, local), type, position: null, isBroken: false, text: '' })
  }

  text(text: string): void {
    const element = this.#open.at(-1)
    if (element === undefined) return
    if (element.type.kind === 'simple') element.text += text
    else if (!element.type.isMixed && (element.type.content.isEmpty || text.trim() !== '')) element.text = text
  }

  close(tag: Pick<Tag, 'line' | 'isPrefixBound'>): void {
    const element = this.#open.pop()
    if (element === undefined) return
    const { name, type, position, isBroken, text } = element
    if (type.kind === 'simple') this.#checkValue(type, text, tag)
    else if (text !== '' && type.content.isEmpty)
      this.#fault(tag.line, `cvc-complex-type.2.1: Element '${localOf(name)}' must be empty.`)
    else if (text !== '')
      this.#fault(tag.line, `cvc-complex-type.2.3: Element '${localOf(name)}' cannot have text between its children.`)
    else if (!isBroken && !type.content.mayEnd(position))
      this.#fault(
        tag.line,
        `cvc-complex-type.2.4.b: The content of element '${localOf(name)}' is not complete.${expected(type, position)}`,
      )
  }

  /** Null when the document keeps the schema. */
  result(): string | null {
    for (const { id, line } of this.#references)
      if (!this.#ids.has(id)) this.#fault(line, `cvc-id.1: There is no ID/IDREF binding for IDREF '${id}'.`)
    return this.#faults.length === 0 ? null : this.#faults.join('\n')
  }

  #fault(line: number, reason: string): void {
    if (this.#faults.length < FAULTS_MAX) this.#faults.push(xmlFault('Error', line, reason))
  }

  #rootType({ uri, local, line }: Tag): Type {
    const known = typeOfElement(nameOf(uri, local))
    if (known === null || localOf(nameOf(uri, local)) !== 'definitions')
      this.#fault(line, `cvc-elt.1.a: Cannot find the declaration of element '${local}'.`)
    return known ?? anyType
  }

  #childType(parent: OpenElement, { uri, local, line }: Tag): Type {
    const name = nameOf(uri, local)
    const { type } = parent
    if (type.kind === 'simple') {
      this.#fault(line, `cvc-type.3.1.2: Element '${localOf(parent.name)}' must have no children, but has '${local}'.`)
      return anyType
    }
    if (parent.isBroken) return typeOfElement(name) ?? anyType
    const position = type.content.next(parent.position).find((next) => takes(type, next, name, uri))
    if (position === undefined) {
      this.#fault(
        line,
        `cvc-complex-type.2.4.a: Invalid content was found in '${localOf(parent.name)}' starting with element '{${quoted(name)}}'.${expected(type, parent.position)}`,
      )
      parent.isBroken = true
      return typeOfElement(name) ?? anyType
    }
    parent.position = position
    const leaf = type.content.leaves[position]
    const own = leaf?.kind === 'element' && !leaf.isReference ? declared().types.get(leaf.type) : undefined
    return own ?? typeOfElement(name) ?? anyType
  }

  /** `xsi:type` may name a type that extends the declared one. */
  #retyped(type: Type, { attributes, line, resolve }: Tag): Type {
    const given = attributes.find(({ uri, local }) => uri === XSI && local === 'type')?.value.trim()
    if (given === undefined) return type
    const [local = '', prefix = ''] = given.split(':').reverse()
    const uri = resolve(prefix)
    const named = uri === undefined ? undefined : declared().types.get(nameOf(uri, local))
    if (named === undefined) {
      if (type !== anyType) this.#fault(line, `cvc-elt.4.2: Cannot resolve '${given}' to a type definition.`)
      return type
    }
    if (type !== anyType && !extendsType(named, type)) {
      this.#fault(line, `cvc-elt.4.3: Type '${given}' is not validly derived from the type of the element.`)
      return type
    }
    return named
  }

  #checkAttributes(type: ComplexType, tag: Tag): void {
    const { attributes, local, line } = tag
    if (type === anyType) return
    for (const { uri, name, value } of attributes) {
      if (uri === XMLNS || uri === XSI) continue
      const declaration = uri === '' ? type.attributes.get(name) : undefined
      if (declaration !== undefined) {
        if (!FREE_TEXTS.has(name)) this.#checkValue(declaration.type, value, tag)
      } else if (uri === '' || type.foreignTo === null || uri === type.foreignTo)
        this.#fault(line, `cvc-complex-type.3.2.2: Attribute '${name}' is not allowed to appear in element '${local}'.`)
    }
    for (const [name, { isRequired }] of type.attributes)
      if (isRequired && !attributes.some((one) => one.uri === '' && one.local === name))
        this.#fault(line, `cvc-complex-type.4: Attribute '${name}' must appear on element '${local}'.`)
  }

  #checkBareAttributes({ attributes, local, line }: Tag): void {
    for (const { uri, name } of attributes)
      if (uri !== XMLNS && uri !== XSI)
        this.#fault(line, `cvc-type.3.1.1: Element '${local}' cannot have attributes, but has '${name}'.`)
  }

  #checkValue(type: SimpleType, text: string, { line, isPrefixBound }: Pick<Tag, 'line' | 'isPrefixBound'>): void {
    const value = text.trim()
    const fault = type.fault(value, isPrefixBound)
    if (fault !== null) this.#fault(line, fault)
    else if (type.role === 'reference') this.#references.push({ id: value, line })
    else if (type.role === 'id') {
      if (this.#ids.has(value)) this.#fault(line, `cvc-id.2: There are multiple occurrences of ID value '${value}'.`)
      this.#ids.add(value)
    }
  }
}

function typeOfElement(name: string): Type | null {
  const { elements, types } = declared()
  const declaration = elements.get(name)
  return (declaration && types.get(declaration.type)) ?? null
}

function takes({ content }: ComplexType, position: number, name: string, uri: string): boolean {
  const leaf = content.leaves[position]
  if (leaf === undefined) return false
  if (leaf.kind === 'any') return leaf.except === null || (uri !== '' && uri !== leaf.except)
  return leaf.name === name || (leaf.isReference && standsInFor(name, leaf.name))
}
function standsInFor(name: string, head: string): boolean {
  const substituted = declared().elements.get(name)?.substitutes ?? null
  return substituted !== null && (substituted === head || standsInFor(substituted, head))
}
function extendsType(type: Type, base: Type): boolean {
  if (type === base) return true
  if (type.kind === 'simple' || type.base === null) return false
  const parent = declared().types.get(type.base)
  return parent !== undefined && extendsType(parent, base)
}

function expected({ content }: ComplexType, position: number | null): string {
  const names = content.next(position).flatMap((next) => {
    const leaf = content.leaves[next]
    return leaf?.kind === 'element' ? [quoted(leaf.name)] : []
  })
  return names.length === 0 ? '' : ` One of '{${names.join(', ')}}' is expected.`
}

/** `"namespace":local`, as Zeebe's report writes it. */
const quoted = (name: string): string => `"${name.slice(1, name.indexOf('}'))}":${localOf(name)}`
