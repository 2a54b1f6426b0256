/** The little XML our platforms need: text escaped on the way out, a bounded tree without DOCTYPE on the way in. */
import { SaxesParser } from 'saxes'

const NODES_MAX = 100_000
const DEPTH_MAX = 100

export interface XmlElement {
  /** Local name: prefixes are dropped. */
  readonly name: string
  /** By local name. */
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  readonly text: string
}

interface Building {
  name: string
  attributes: ReadonlyMap<string, string>
  children: Building[]
  text: string
}

/** What no XML document may hold, not even escaped. */
const NO_XML = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

export function escapeXml(text: string): string {
  return text
    .replaceAll(NO_XML, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1)

export interface XmlOptions {
  /** A DOCTYPE that only names a definition is passed over; one that defines anything is refused all the same. */
  readonly isDoctypeNamed?: boolean
}

/** What is to be written: an element with text or elements in it. */
export type XmlNode = readonly [
  name: string,
  content: string | readonly XmlNode[],
  attributes?: Readonly<Record<string, string>>,
]

/** Without white space of its own. */
export const xmlOf = ([name, content, attributes = {}]: XmlNode): string => {
  const inside = typeof content === 'string' ? escapeXml(content) : content.map(xmlOf).join('')
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`)
  return `<${name}${written.join('')}>${inside}</${name}>`
}

/** Throws a `SyntaxError` on text that is not well-formed, has a DOCTYPE, or exceeds the bounds. */
export function parseXml(text: string, { isDoctypeNamed = false }: XmlOptions = {}): XmlElement {
  const parser = new SaxesParser()
  const open: Building[] = []
  let root: Building | undefined
  let nodes = 0
  const fail = (reason: string): never => {
    throw new SyntaxError(`Expected XML, but ${reason}`)
  }
  parser.on('doctype', (doctype) => {
    if (!isDoctypeNamed || doctype.includes('[')) fail('it has a DOCTYPE')
  })
  parser.on('error', (error) => fail(error.message))
  parser.on('opentag', ({ name, attributes }) => {
    if (++nodes > NODES_MAX || open.length >= DEPTH_MAX) fail('it has too many or too deep elements')
    const named = new Map(Object.entries(attributes).map(([key, value]) => [localName(key), value]))
    const element: Building = { name: localName(name), attributes: named, children: [], text: '' }
    open.at(-1)?.children.push(element)
    root ??= element
    open.push(element)
  })
  const append = (content: string) => {
    const element = open.at(-1)
    if (element) element.text += content
  }
  parser.on('text', append)
  parser.on('cdata', append)
  parser.on('closetag', () => void open.pop())
  parser.write(text).close()
  return root ?? fail('it is empty')
}

/** The first element reached by going down the names; undefined when there is none. */
export function find(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>((at, name) => at?.children.find((child) => child.name === name), element)
}

/** The trimmed text of `find`, or an empty string. */
export function textAt(element: XmlElement | undefined, ...path: readonly string[]): string {
  return find(element, ...path)?.text.trim() ?? ''
}

/** Every element of that name, at any depth, in document order. */
export function findAll(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.flatMap((child) =>
    child.name === name ? [child, ...findAll(child, name)] : findAll(child, name),
  )
}
