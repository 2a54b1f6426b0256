/**
 * The `html` component's content: tags of a list, without attributes but the address of a link; the rest is left out.
 * Invariants: every tag written is of the list and closed in order; text and entities stay text; linear in the content.
 */
import { escapeText, Html } from '../html.ts'
import { isSafeLink } from './link.ts'

const KEPT = new Set(
  'h1 h2 h3 h4 h5 h6 p div span em strong b i a ul ol li table thead tbody tr th td pre code hr br blockquote'.split(
    ' ',
  ),
)
const EMPTY = new Set(['hr', 'br'])
/** Left out with what is inside. */
const SILENCED = /<(script|style|iframe|object|template|textarea|title|noscript)\b[\s\S]*?(?:<\/\1\s*>|$)/gi
const TOKEN = /<(\/?)([a-z][a-z0-9]*)((?:"[^"<>]*"|'[^'<>]*'|[^"'<>])*)>|<!--[\s\S]*?(?:-->|$)|([^<]+|<)/gi

/** `topLevel` is the level of the content's first-level headings on this page. */
export function sanitised(content: string, topLevel = 1): Html {
  const open: string[] = []
  let markup = ''
  for (const [, slash, name, given, text] of content.replace(SILENCED, '').matchAll(TOKEN)) {
    const tag = shifted(name?.toLowerCase(), topLevel)
    if (text !== undefined) markup += escapeText(decoded(text))
    else if (tag === undefined || !KEPT.has(tag)) continue
    else if (slash) markup += close(open, tag)
    else {
      markup += `<${tag}${tag === 'a' ? addressIn(given ?? '') : ''}>`
      if (!EMPTY.has(tag)) open.push(tag)
    }
  }
  return new Html(markup + closeFrom(open, 0))
}

/** Below the headings of the page around it. */
const shifted = (tag: string | undefined, topLevel: number): string | undefined => {
  const level = /^h([1-6])$/.exec(tag ?? '')?.[1]
  return level === undefined ? tag : `h${Math.min(6, Number(level) + topLevel - 1)}`
}

/** Nothing when the tag is not open. */
const close = (open: string[], tag: string): string =>
  open.includes(tag) ? closeFrom(open, open.lastIndexOf(tag)) : ''

const closeFrom = (open: string[], index: number): string =>
  open
    .splice(index)
    .toReversed()
    .map((tag) => `</${tag}>`)
    .join('')

function addressIn(given: string): string {
  const [, double, single] = /\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')/i.exec(given) ?? []
  const address = decoded(double ?? single ?? '')
  return address !== '' && isSafeLink(address) ? ` href="${escapeText(address)}"` : ''
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: '\u00a0' }
const decoded = (text: string): string =>
  text.replace(/&(?:(amp|lt|gt|quot|nbsp)|#(\d{1,6}));/g, (_all, name?: string, code?: string) =>
    name ? NAMED[name]! : String.fromCodePoint(Number(code)),
  )
