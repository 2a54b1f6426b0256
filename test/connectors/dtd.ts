/** The little of XML DTDs that `daticert.dtd` uses: content models, and attributes with their words. */
import type { XmlElement } from '../../connectors/xml.ts'

export interface Dtd {
  /** What is wrong, each with its place; nothing when the document is valid. */
  faults(root: XmlElement): readonly string[]
}

interface Declared {
  /** Over the names of the children, each followed by a semicolon; null for text alone. */
  readonly content: RegExp | null
  readonly isEmpty: boolean
  readonly attributes: ReadonlyMap<string, { readonly words: ReadonlySet<string> | null; readonly isRequired: boolean }>
}

export function readDtd(text: string): Dtd {
  const source = text.replace(/<!--[\s\S]*?-->/g, '')
  const declared = new Map<string, Declared>()
  for (const [, name = '', model = ''] of source.matchAll(/<!ELEMENT\s+(\S+)\s+([^>]+)>/g))
    declared.set(name, { content: contentOf(model.trim()), isEmpty: model.trim() === 'EMPTY', attributes: new Map() })
  for (const [, name = '', list = ''] of source.matchAll(/<!ATTLIST\s+(\S+)\s+([^>]+)>/g))
    declared.set(name, { ...declared.get(name)!, attributes: attributesOf(list) })
  return { faults: (root) => faultsOf(root, declared, root.name) }
}

function contentOf(model: string): RegExp | null {
  if (model === 'EMPTY' || model.includes('#PCDATA')) return null
  return new RegExp(`^${model.replaceAll(/[a-z-]+/g, '(?:$&;)').replaceAll(/[\s,]/g, '')}$`)
}

function attributesOf(list: string): Declared['attributes'] {
  const found = list.matchAll(/([\w-]+)\s+(CDATA|\([^)]*\))\s+(#REQUIRED|#IMPLIED|"[^"]*")/g)
  return new Map(
    [...found].map(([, name = '', type = '', presence]) => {
      const words =
        type === 'CDATA'
          ? null
          : new Set(
              type
                .slice(1, -1)
                .split('|')
                .map((word) => word.trim()),
            )
      return [name, { words, isRequired: presence === '#REQUIRED' }]
    }),
  )
}

function faultsOf(element: XmlElement, declared: ReadonlyMap<string, Declared>, place: string): string[] {
  const known = declared.get(element.name)
  if (known === undefined) return [`${place}: unknown`]
  const children = element.children.map(({ name }) => `${name};`).join('')
  const isText = known.content === null
  const wrongContent = isText ? children !== '' : !known.content.test(children)
  const hasText = known.isEmpty && element.text !== ''
  const missing = [...known.attributes].filter(([name, { isRequired }]) => isRequired && !element.attributes.has(name))
  const wrong = [...element.attributes].filter(([name, value]) => {
    const attribute = known.attributes.get(name)
    return attribute === undefined || attribute.words?.has(value) === false
  })
  return [
    ...(wrongContent || hasText ? [`${place}: not as its content model says`] : []),
    ...[...missing, ...wrong].map(([name]) => `${place}/@${name}`),
    ...element.children.flatMap((child) => faultsOf(child, declared, `${place}/${child.name}`)),
  ]
}
