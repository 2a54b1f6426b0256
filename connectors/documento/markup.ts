/**
 * The markup in which a document is written: lines of text that an analyst can read, turned into blocks.
 *
 *     # Title                       ## Section              ### Subsection
 *     a paragraph: lines up to the next empty one, with **strong** words and [a link](https://example.org)
 *     - item                        1. numbered item
 *     | Label | value |             a table of labels and values; with a line |---|---| under the first row, that row is the heading
 *     > Addressee                   one line of the addressee
 *     @firma Role | Name | note     who signs
 *     @qr text | what it is for     a QR code that says the text, with words beside it
 *
 * Owns the shapes. Does not own where the text comes from (template.ts) or what it looks like (writer.ts).
 * Invariants
 * M1 A character after a backslash is itself: what was written by `escapeMarkup` never is markup.
 * M2 LINE SEPARATOR (U+2028) breaks a line and never ends a block.
 */

export const MARKUP_CHARS_MAX = 200_000
/** Bytes: a code of 25 mm says no more to a telephone (version 10). */
export const QR_BYTES_MAX = 213
export const LINE_BREAK = '\u2028'

export interface Run {
  readonly text: string
  readonly strong: boolean
  /** An https: or mailto: address. */
  readonly link?: string
}
export type Runs = readonly Run[]
export type Block =
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly runs: Runs }
  | { readonly kind: 'paragraph'; readonly runs: Runs }
  | { readonly kind: 'list'; readonly numbered: boolean; readonly items: readonly Runs[] }
  | { readonly kind: 'table'; readonly heading: readonly Runs[] | null; readonly rows: readonly (readonly Runs[])[] }
  | { readonly kind: 'addressee'; readonly lines: readonly Runs[] }
  | { readonly kind: 'signature'; readonly role: Runs; readonly name: Runs; readonly note: Runs | null }
  | { readonly kind: 'qr'; readonly text: string; readonly caption: Runs }

/** The text cannot be read as markup: the template is wrong, never the data in it. */
export class MarkupError extends Error {
  override readonly name = 'MarkupError'
}

const SPECIAL = /[!-/:-@[-`{-~]/g
const CONTROL = /[^\P{Cc}\n]|[\p{Cf}\p{Cs}]/gu

/** A value as text that is itself wherever it stands. Its line breaks stay; characters that nobody sees do not. */
export const escapeMarkup = (value: string): string =>
  value
    .normalize('NFC')
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[\t\u2028\u2029]/g, ' ')
    .replaceAll(CONTROL, '')
    .replaceAll(SPECIAL, '\\$&')
    .replaceAll('\n', LINE_BREAK)

/** Throws `MarkupError`, which names the line. */
export function blocksOf(text: string): readonly Block[] {
  if (text.length > MARKUP_CHARS_MAX)
    throw new MarkupError(
      `Expected a document of at most ${MARKUP_CHARS_MAX} characters, but it has ${text.length}. Shorten what goes into it.`,
    )
  const lines = text.split('\n').map((line, index) => ({ text: line.trim(), number: index + 1 }))
  const blocks: Block[] = []
  for (let at = 0; at < lines.length; ) {
    const kind = kindOf(lines[at]!)
    let end = at + 1
    while (!STANDS_ALONE.has(kind) && end < lines.length && kindOf(lines[end]!) === kind) end++
    if (kind !== 'empty') blocks.push(block(kind, lines.slice(at, end)))
    at = end
  }
  return blocks
}

interface Line {
  readonly text: string
  readonly number: number
}
type LineKind = 'empty' | 'heading' | 'bullet' | 'number' | 'row' | 'addressee' | 'signature' | 'qr' | 'text'
/** Two of them in a row are two blocks. */
const STANDS_ALONE: ReadonlySet<LineKind> = new Set(['heading', 'signature', 'qr'])

const MARKS: readonly (readonly [RegExp, LineKind])[] = [
  [/^$/, 'empty'],
  [/^#{1,3} /, 'heading'],
  [/^- /, 'bullet'],
  [/^\d+\. /, 'number'],
  [/^\|/, 'row'],
  [/^> ?/, 'addressee'],
  [/^@firma /, 'signature'],
  [/^@qr /, 'qr'],
]

function kindOf({ text, number }: Line): LineKind {
  const kind = MARKS.find(([mark]) => mark.test(text))?.[1] ?? 'text'
  if (kind === 'text' && /^[@#]/.test(text))
    throw new MarkupError(
      `Expected line ${number} to begin with "# " to "### ", "@firma " or "@qr ", but found "${text.slice(0, 20)}". Correct it.`,
    )
  return kind
}

const without = (mark: RegExp, { text, number }: Line): Line => ({ text: text.replace(mark, ''), number })

function block(kind: Exclude<LineKind, 'empty'>, lines: readonly [Line, ...Line[]] | readonly Line[]): Block {
  const first = lines[0]!
  switch (kind) {
    case 'heading':
      return {
        kind,
        level: first.text.indexOf(' ') as 1 | 2 | 3 satisfies number,
        runs: runsOf(without(/^#+ /, first)),
      }
    case 'bullet':
      return { kind: 'list', numbered: false, items: lines.map((line) => runsOf(without(/^- /, line))) }
    case 'number':
      return { kind: 'list', numbered: true, items: lines.map((line) => runsOf(without(/^\d+\. /, line))) }
    case 'row':
      return table(lines)
    case 'addressee':
      return { kind, lines: lines.map((line) => runsOf(without(/^> ?/, line))) }
    case 'signature': {
      const [role, name, note, more] = parts(without(/^@firma /, first))
      if (role === undefined || name === undefined || more !== undefined)
        throw new MarkupError(
          `Expected "@firma Role | Name | note" on line ${first.number}, but found another. Correct it.`,
        )
      return { kind, role, name, note: note ?? null }
    }
    case 'qr': {
      const [text, caption, more] = parts(without(/^@qr /, first))
      if (text === undefined || caption === undefined || more !== undefined)
        throw new MarkupError(
          `Expected "@qr text | what it is for" on line ${first.number}, but found another. Correct it.`,
        )
      return { kind, text: qrText(plainText(text), first.number), caption }
    }
    case 'text':
      return {
        kind: 'paragraph',
        runs: runsOf({ text: lines.map(({ text }) => text).join(' '), number: first.number }),
      }
  }
}

function qrText(text: string, number: number): string {
  const length = Buffer.byteLength(text)
  if (length > 0 && length <= QR_BYTES_MAX) return text
  throw new MarkupError(
    `Expected the QR code on line ${number} to say 1 to ${QR_BYTES_MAX} bytes, but it has ${length}. Shorten it.`,
  )
}

const RULE = /^\|(?: *:?-+:? *\|)+$/

function table(lines: readonly Line[]): Block {
  const headed = lines[1] !== undefined && RULE.test(lines[1].text)
  const rows = lines.filter((_, index) => !(headed && index === 1)).map((line) => parts(bare(line)))
  const width = rows[0]?.length
  const odd = rows.findIndex((row) => row.length !== width)
  if (odd !== -1)
    throw new MarkupError(
      `Expected each row of the table on line ${lines[0]!.number} to have ${width} cells, but one has ${rows[odd]!.length}.`,
    )
  return headed ? { kind: 'table', heading: rows[0]!, rows: rows.slice(1) } : { kind: 'table', heading: null, rows }
}

/** Without the bars at both ends. */
function bare({ text, number }: Line): Line {
  if (!/[^\\](?:\\\\)*\|$/.test(text))
    throw new MarkupError(`Expected the row of a table on line ${number} to end with "|", but it does not. Add it.`)
  return { text: text.slice(1, -1), number }
}

/** The text between bars. */
function parts({ text, number }: Line): readonly Runs[] {
  const found = text.match(/(?:\\.|[^|\\])+|(?<=\||^)(?=\||$)/gsu) ?? ['']
  return found.map((part) => runsOf({ text: part.trim(), number }))
}

const TOKEN =
  /\\(?<itself>.)|(?<strong>\*\*)|\[(?<label>(?:\\.|[^\]\\])+)\]\((?<address>(?:\\.|[^)\\])+)\)|(?<plain>.)/gsu
const ADDRESS = /^(?:https:\/\/|mailto:)[^\s<>"]+$/

/** The words of one line: equal neighbours are one run. */
function runsOf({ text, number }: Line): Runs {
  const runs: { text: string; strong: boolean; link?: string }[] = []
  let strong = false
  const add = (piece: string): void => {
    const last = runs.at(-1)
    if (last && last.strong === strong && last.link === undefined) last.text += piece
    else runs.push({ text: piece, strong })
  }
  for (const { groups = {} } of text.replaceAll(LINE_BREAK, '\n').matchAll(TOKEN)) {
    if (groups.strong) strong = !strong
    else if (groups.label && groups.address)
      runs.push({ text: unescaped(groups.label), strong, link: address(unescaped(groups.address), number) })
    else add(groups.itself ?? groups.plain ?? '')
  }
  if (strong) throw new MarkupError(`Expected "**" on line ${number} to be closed, but it is not. Close it.`)
  return runs
}

const unescaped = (text: string): string => text.replaceAll(/\\(.)/gsu, '$1')

function address(text: string, number: number): string {
  if (ADDRESS.test(text)) return text
  throw new MarkupError(
    `Expected the link on line ${number} to lead to https: or mailto:, but it does not. Correct it.`,
  )
}

/** The words alone. */
export const plainText = (runs: Runs): string => runs.map(({ text }) => text).join('')
