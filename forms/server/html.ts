/**
 * HTML as a tagged template. Owns: escaping. Invariant: a text becomes markup only as an `Html`; everything else put into a
 * template is escaped for text and for quoted attributes alike, so attribute values are always written between quotes.
 */

/** Markup that may be sent as it is. */
export class Html {
  readonly markup: string
  constructor(markup: string) {
    this.markup = markup
  }
  toString(): string {
    return this.markup
  }
}

/** Nothing, false and empty lists write nothing. */
export type Part = Html | string | number | false | null | undefined | readonly Part[]

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export const escapeText = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!)

export const html = (markup: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(markup.reduce((text, piece, index) => text + write(parts[index - 1]) + piece))

function write(part: Part): string {
  if (part instanceof Html) return part.markup
  if (Array.isArray(part)) return part.map(write).join('')
  return part === null || part === undefined || part === false ? '' : escapeText(String(part))
}

/** ` name="value"` for each; true is the bare name, false, null and undefined leave it out. */
export const attributes = (values: Readonly<Record<string, string | number | boolean | null | undefined>>): Html =>
  new Html(
    Object.entries(values)
      .filter(([, value]) => value !== false && value !== null && value !== undefined)
      .map(([name, value]) => (value === true ? ` ${name}` : ` ${name}="${escapeText(String(value))}"`))
      .join(''),
  )
