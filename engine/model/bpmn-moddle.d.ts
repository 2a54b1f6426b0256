/** What we use of bpmn-moddle and its Zeebe descriptor, which come without types for their entry points. */
declare module 'bpmn-moddle' {
  /** An element as moddle holds it: properties by name, a reference as the element it names, undefined when it names none. */
  export interface ModdleElement {
    readonly $type: string
    readonly $parent?: ModdleElement
    /** Children of an element that no descriptor knows. */
    readonly $children?: readonly ModdleElement[]
    readonly $descriptor: { readonly properties?: readonly PropertyDescriptor[] }
    readonly id?: string
    get(property: string): unknown
    /** Undefined takes the property away. */
    set(property: string, value: unknown): void
    $instanceOf?(type: string): boolean
  }

  interface PropertyDescriptor {
    /** With its prefix, as in `bpmn:flowElements`. */
    readonly name: string
    readonly ns: { readonly localName: string }
    readonly isAttr?: boolean
    readonly isBody?: boolean
    readonly isReference?: boolean
    readonly isVirtual?: boolean
    /** Set when the tag is named after the property, not after the type. */
    readonly xml?: { readonly serialize?: 'xsi:type' | 'property' }
  }

  export interface ParseResult {
    readonly rootElement: ModdleElement
    /** Of a reference that leads nowhere also whose it is, and the id it names. */
    readonly warnings: readonly {
      readonly message: string
      readonly element?: ModdleElement
      readonly property?: string
      readonly value?: string
    }[]
  }

  export class BpmnModdle {
    constructor(packages: Readonly<Record<string, unknown>>)
    /** Rejects with an Error when the text is no BPMN. */
    fromXML(xml: string, type?: string): Promise<ParseResult>
    toXML(element: ModdleElement): Promise<{ readonly xml: string }>
  }
}
