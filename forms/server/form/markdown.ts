/**
 * The Markdown that form texts use → HTML: headings, paragraphs, lists, rules, quotes, strong, emphasis, code, links, hard breaks.
 *
 * Owns: these marks. Does not own: tags in the text, which are shown as text.
 * Invariants: nothing from the text becomes markup but what is written here; linear in the text, nesting at most NESTING_MAX.
 */
import { escapeText, Html, html } from '../html.ts'
import { isSafeLink } from './link.ts'

const NESTING_MAX = 6
const HEADING_MAX = 6

/** So that a value put into Markdown stays the text it is. */
export const escapeMarkdown = (value: string): string =>
  value.replace(/[!-/:-@[-`{-~]/g, '\\$&').replace(/\r?\n/g, '\\\n')

/** `topLevel` is the level of the text's first-level headings on this page. */
export function markdown(text: string, topLevel: number): Html {
  return html`${text
    .replace(/\r\n?/g, '\n')
    .split(/\n[ \t]*(?:\n[ \t]*)+/)
    .filter((block) => block.trim() !== '')
    .map((block) => blockOf(block, topLevel))}`
}

const BULLET = /^\s{0,3}[-*+]\s+/
const ORDINAL = /^\s{0,3}\d{1,9}[.)]\s+/

function blockOf(block: string, topLevel: number): Html {
  const lines = block.split('\n').filter((line) => line.trim() !== '')
  const heading = /^\s{0,3}(#{1,6})\s+(.*)$/.exec(lines[0]!)
  if (heading)
    return html`${headingOf(heading[1]!.length + topLevel - 1, heading[2]!)}${rest(lines.slice(1), topLevel)}`
  if (/^\s{0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$/.test(lines[0]!))
    return html`<hr>${rest(lines.slice(1), topLevel)}`
  if (BULLET.test(lines[0]!)) return html`<ul>${itemsOf(lines, BULLET)}</ul>`
  if (ORDINAL.test(lines[0]!)) return html`<ol>${itemsOf(lines, ORDINAL)}</ol>`
  if (/^\s{0,3}>/.test(lines[0]!)) {
    return html`<blockquote><p>${inline(lines.map((line) => line.replace(/^\s{0,3}>\s?/, '')).join('\n'))}</p></blockquote>`
  }
  return html`<p>${inline(lines.map((line) => line.trimStart()).join('\n'))}</p>`
}

const rest = (lines: readonly string[], topLevel: number): Html =>
  lines.length === 0 ? html`` : blockOf(lines.join('\n'), topLevel)

function headingOf(level: number, text: string): Html {
  const tag = new Html(`h${Math.min(level, HEADING_MAX)}`)
  return html`<${tag}>${inline(text.replace(/\s#+\s*$/, ''))}</${tag}>`
}

/** A line without a mark goes on with the item above. */
function itemsOf(lines: readonly string[], mark: RegExp): readonly Html[] {
  const items: string[] = []
  for (const line of lines) {
    if (mark.test(line)) items.push(line.replace(mark, ''))
    else items.push(`${items.pop() ?? ''}\n${line.trim()}`)
  }
  return items.map((item) => html`<li>${inline(item)}</li>`)
}

const inline = (text: string): Html => new Html(new Inline(text).write(0))

class Inline {
  readonly #text: string
  #at = 0
  /** Marks that are not closed further on: they are not looked for again. */
  readonly #unclosed = new Set<string>()

  constructor(text: string) {
    this.#text = text
  }

  write(nesting: number): string {
    let markup = ''
    while (this.#at < this.#text.length) markup += this.#next(nesting)
    return markup
  }

  #next(nesting: number): string {
    const text = this.#text
    const character = text[this.#at]!
    if (character === '\\' && this.#at + 1 < text.length) return this.#escaped(text[this.#at + 1]!)
    if (character === '\n') return this.#take(1, ' ')
    if (character === ' ' && /^ {2,}\n/.test(text.slice(this.#at, this.#at + 20)))
      return this.#take(text.indexOf('\n', this.#at) - this.#at + 1, '<br>')
    if (nesting < NESTING_MAX) {
      const marked = this.#marked(nesting)
      if (marked !== null) return marked
    }
    return this.#take(1, escapeText(character))
  }

  #take(characters: number, markup: string): string {
    this.#at += characters
    return markup
  }

  #escaped(character: string): string {
    if (character === '\n') return this.#take(2, '<br>')
    return /[!-/:-@[-`{-~]/.test(character) ? this.#take(2, escapeText(character)) : this.#take(1, '\\')
  }

  #marked(nesting: number): string | null {
    const text = this.#text
    if (text.startsWith('`', this.#at)) return this.#between('`', (inner) => html`<code>${inner}</code>`)
    const nested = (inner: string) => new Html(new Inline(inner).write(nesting + 1))
    for (const mark of ['**', '__']) {
      if (text.startsWith(mark, this.#at))
        return this.#between(mark, (inner) => html`<strong>${nested(inner)}</strong>`)
    }
    for (const mark of ['*', '_']) {
      if (text.startsWith(mark, this.#at)) return this.#between(mark, (inner) => html`<em>${nested(inner)}</em>`)
    }
    return text[this.#at] === '[' ? this.#link(nested) : null
  }

  #between(mark: string, wrap: (inner: string) => Html): string | null {
    const from = this.#at + mark.length
    const to = this.#closing(mark, from)
    if (to === null || to === from) return null
    return this.#take(to + mark.length - this.#at, wrap(this.#text.slice(from, to)).markup)
  }

  #closing(mark: string, from: number): number | null {
    if (this.#unclosed.has(mark)) return null
    for (let at = from; at < this.#text.length; at++) {
      if (this.#text[at] === '\\') at++
      else if (this.#text.startsWith(mark, at)) return at
    }
    this.#unclosed.add(mark)
    return null
  }

  #link(nested: (inner: string) => Html): string | null {
    const middle = this.#closing('](', this.#at + 1)
    const end = middle === null ? null : this.#closing(')', middle + 2)
    if (middle === null || end === null) return null
    const address = this.#text
      .slice(middle + 2, end)
      .trim()
      .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    const label = nested(this.#text.slice(this.#at + 1, middle))
    return this.#take(
      end + 1 - this.#at,
      (isSafeLink(address) ? html`<a href="${address}">${label}</a>` : label).markup,
    )
  }
}
