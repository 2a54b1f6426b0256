/**
 * XML written in its canonical form (Exclusive XML Canonicalization 1.0): what is hashed and signed is, byte for byte, what is written.
 * A prefix stands for one namespace throughout, and is declared where it is first used.
 */
import type { XmlNode } from '../xml.ts'

/** By prefix. */
export type Namespaces = Readonly<Record<string, string>>

const NO_XML = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu
const textOf = (text: string): string =>
  text
    .replaceAll(NO_XML, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#xD;')
const attributeOf = (text: string): string =>
  text
    .replaceAll(NO_XML, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\t', '&#x9;')
    .replaceAll('\n', '&#xA;')
    .replaceAll('\r', '&#xD;')

const prefixOf = (name: string): string | null => (name.includes(':') ? name.slice(0, name.indexOf(':')) : null)

/** `declared` are the prefixes that whatever is around it has declared already. */
export function canonicalXml(
  [name, content, attributes = {}]: XmlNode,
  namespaces: Namespaces,
  declared: ReadonlySet<string> = new Set(),
): string {
  const used = [name, ...Object.keys(attributes)].flatMap((each) => prefixOf(each) ?? [])
  const fresh = [...new Set(used)].filter((prefix) => !declared.has(prefix)).sort()
  const declarations = fresh.map((prefix) => ` xmlns:${prefix}="${attributeOf(namespaces[prefix] ?? '')}"`)
  // Attributes without a namespace first, then by namespace and name.
  const key = (attribute: string): string => {
    const prefix = prefixOf(attribute)
    return prefix === null ? attribute : `${namespaces[prefix]}\u0000${attribute.slice(prefix.length + 1)}`
  }
  const isQualified = (attribute: string): number => (prefixOf(attribute) === null ? 0 : 1)
  const written = Object.entries(attributes)
    .sort(([one], [other]) => isQualified(one) - isQualified(other) || (key(one) < key(other) ? -1 : 1))
    .map(([attribute, value]) => ` ${attribute}="${attributeOf(value)}"`)
  const inScope = new Set([...declared, ...fresh])
  const inside =
    typeof content === 'string'
      ? textOf(content)
      : content.map((child) => canonicalXml(child, namespaces, inScope)).join('')
  return `<${name}${declarations.join('')}${written.join('')}>${inside}</${name}>`
}
