/**
 * Reads XML that nobody vouches for.
 * Owns: well-formedness and the bounds on size, nodes and depth; a DOCTYPE is refused, so that no entity can be declared.
 * Does not own: what the elements mean (xml-schema/check.ts).
 */
import { type SaxesAttributeNS, SaxesParser } from 'saxes'

const BYTES_MAX = 4 * 1024 * 1024
const NODES_MAX = 100_000
const DEPTH_MAX = 500

export interface Tag {
  readonly uri: string
  readonly local: string
  readonly attributes: readonly SaxesAttributeNS[]
  readonly line: number
  readonly isPrefixBound: (prefix: string) => boolean
  /** The namespace of a prefix here; '' is the prefix of what has none. */
  readonly resolve: (prefix: string) => string | undefined
}

/** What happens while a document is read, in its order. */
export interface XmlVisitor {
  open(tag: Tag): void
  text(text: string): void
  close(tag: Pick<Tag, 'line' | 'isPrefixBound'>): void
}

/** The place and the reason, in the form in which Zeebe passes on what its XML parser says. */
export const xmlFault = (severity: 'Error' | 'Fatal Error', line: number, reason: string): string =>
  `${severity}: URI=null Line=${line}: ${reason}`

class Refused extends Error {}

/** Null when the text is well-formed and within bounds, else why not. */
export function readXml(text: string, visitor: XmlVisitor): string | null {
  const parser = new SaxesParser({ xmlns: true })
  const refuse = (reason: string): never => {
    throw new Refused(xmlFault('Fatal Error', parser.line, reason))
  }
  const resolve = (prefix: string): string | undefined => parser.resolve(prefix)
  const isPrefixBound = (prefix: string): boolean => resolve(prefix) !== undefined
  let nodes = 0
  let depth = 0
  const count = (): void => {
    nodes += 1
    if (nodes > NODES_MAX) refuse(`The document has more than ${NODES_MAX} nodes.`)
  }
  parser.on('error', (error) => refuse(error.message.replace(/^\d+:\d+: /, '')))
  parser.on('doctype', () => refuse('A DOCTYPE is not allowed.'))
  parser.on('comment', count)
  parser.on('processinginstruction', count)
  parser.on('text', (content) => visitor.text(content))
  parser.on('cdata', (content) => visitor.text(content))
  parser.on('opentag', ({ uri, local, attributes }) => {
    count()
    depth += 1
    if (depth > DEPTH_MAX) refuse(`Elements are nested deeper than ${DEPTH_MAX}.`)
    visitor.open({ uri, local, attributes: Object.values(attributes), line: parser.line, isPrefixBound, resolve })
  })
  parser.on('closetag', () => {
    depth -= 1
    visitor.close({ line: parser.line, isPrefixBound })
  })
  if (Buffer.byteLength(text) > BYTES_MAX)
    return xmlFault('Fatal Error', 1, `The document has more than ${BYTES_MAX} bytes.`)
  try {
    parser.write(text).close()
  } catch (error) {
    if (error instanceof Refused) return error.message
    throw error
  }
  return null
}
