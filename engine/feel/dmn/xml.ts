/** A DMN file as a tree of elements. All versions of DMN are read alike: only local names count, not the namespace's year. */
import { SaxesParser } from 'saxes'

const CHARACTERS_MAX = 4 * 1024 * 1024
const NODES_MAX = 100_000
const DEPTH_MAX = 200

export class Element {
  readonly name: string
  readonly line: number
  readonly children: Element[] = []
  text = ''
  readonly #attributes: ReadonlyMap<string, string>

  constructor(name: string, attributes: ReadonlyMap<string, string>, line: number) {
    this.name = name
    this.#attributes = attributes
    this.line = line
  }
  attribute(name: string): string | undefined {
    return this.#attributes.get(name)
  }
  child(name: string): Element | undefined {
    return this.children.find((child) => child.name === name)
  }
  all(name: string): readonly Element[] {
    return this.children.filter((child) => child.name === name)
  }
  /** Of the `text` element within, where there is one. */
  content(): string {
    return (this.child('text') ?? this).text
  }
}

/** Why a text is no DMN. */
export class Unreadable extends Error {}

/** Throws Unreadable. A DOCTYPE is refused, so that no entity can be declared. */
export function readElements(xml: string): Element {
  if (xml.length > CHARACTERS_MAX)
    throw new Unreadable(`Failed to parse DMN: Expected at most ${CHARACTERS_MAX} characters, but found ${xml.length}.`)
  const parser = new SaxesParser({ xmlns: true })
  const open: Element[] = [new Element('', new Map(), 0)]
  let nodes = 0
  const refuse = (reason: string): never => {
    throw new Unreadable(`Failed to parse DMN: Line ${parser.line}: ${reason}`)
  }
  const text = (content: string): void => {
    open.at(-1)!.text += content
  }
  parser.on('error', (error) => refuse(error.message.replace(/^\d+:\d+: /, '')))
  parser.on('doctype', () => refuse('A DOCTYPE is not allowed.'))
  parser.on('text', text)
  parser.on('cdata', text)
  parser.on('opentag', ({ local, attributes }) => {
    if (++nodes > NODES_MAX) refuse(`Expected at most ${NODES_MAX} elements, but found more.`)
    if (open.length > DEPTH_MAX) refuse(`Expected at most ${DEPTH_MAX} levels of elements, but found more.`)
    const named = Object.values(attributes).map((attribute) => [attribute.local, attribute.value] as const)
    const element = new Element(local, new Map(named), parser.line)
    open.at(-1)!.children.push(element)
    open.push(element)
  })
  parser.on('closetag', () => open.pop())
  parser.write(xml).close()
  return open[0]!.children[0] ?? refuse('No element.')
}
