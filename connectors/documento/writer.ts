/** Blocks on the sheets of the town: a tagged PDF that a screen reader reads as it is meant and an archive keeps (PDF/A-2a, PDF/UA-1). */
import { drawCode, qrCodeOf } from '../code-symbol.ts'
import { BODY, COLOURS, heightOf, type Place, type Style, words, write } from './lettering.ts'
import { type Block, MarkupError, plainText, type Runs } from './markup.ts'
import { decorate, endSheet, keep, openSheet, pageRoom, part, type Sheet, skip } from './sheet.ts'
import { writeTable } from './table.ts'
import type { Letterhead } from './types.ts'

const HEADINGS: Readonly<Record<1 | 2 | 3, { readonly style: Style; readonly above: number }>> = {
  1: { style: { size: 17, strong: true, colour: COLOURS.accent }, above: 10 },
  2: { style: { size: 12.5, strong: true }, above: 10 },
  3: { style: { size: 10.5, strong: true }, above: 6 },
}
const PARAGRAPH_GAP = 7
const ITEM_GAP = 3
const ITEM_INDENT = 18
const SMALL: Style = { size: 8.5, colour: COLOURS.quiet }
/** As pagoPA wants it on a notice: 25 mm, with four modules of paper around it. */
const QR_SIDE = (25 / 25.4) * 72
const QR_QUIET = 12
/** A heading is not left alone at the foot of a page. */
const LINES_BELOW_HEADING = 48

export interface WritingOptions {
  readonly letterhead: Letterhead
  /** Epoch milliseconds: when the document says it was made. */
  readonly at: number
}

/** The first block must be the title. Throws `MarkupError` or `TooManyPages`. */
export async function writePdf(blocks: readonly Block[], { letterhead, at }: WritingOptions): Promise<Uint8Array> {
  const [first] = blocks
  if (first?.kind !== 'heading' || first.level !== 1)
    throw new MarkupError('Expected a document to begin with its title ("# "), but it does not. Write the title first.')
  const sheet = openSheet({ title: plainText(first.runs), ente: letterhead.ente, at })
  writeLetterhead(sheet, letterhead)
  for (const block of blocks) await writeBlock(sheet, block)
  return endSheet(sheet)
}

function writeLetterhead(sheet: Sheet, { ente, ufficio, recapiti }: Letterhead): void {
  const { document, full } = sheet
  writeLine(sheet, words(ente), { size: 15, strong: true, colour: COLOURS.accent }, full)
  if (ufficio !== null) writeLine(sheet, words(ufficio), { ...BODY, strong: true }, full)
  for (const line of recapiti) writeLine(sheet, words(line), SMALL, full)
  skip(sheet, 6)
  decorate(sheet, () => {
    document
      .moveTo(full.x, document.y)
      .lineTo(full.x + full.width, document.y)
      .lineWidth(1)
      .stroke(COLOURS.accent)
  })
  skip(sheet, 14)
}

async function writeBlock(sheet: Sheet, block: Block): Promise<void> {
  switch (block.kind) {
    case 'heading':
      writeHeading(sheet, block)
      break
    case 'paragraph':
      writeLine(sheet, block.runs, BODY, sheet.full)
      skip(sheet, PARAGRAPH_GAP)
      break
    case 'list':
      writeList(sheet, block.items, block.numbered)
      break
    case 'table':
      writeTable(sheet, block)
      skip(sheet, PARAGRAPH_GAP)
      break
    case 'addressee':
      for (const line of block.lines) writeLine(sheet, line, BODY, rightHalf(sheet))
      skip(sheet, 2 * PARAGRAPH_GAP)
      break
    case 'signature':
      writeSignature(sheet, block)
      break
    case 'qr':
      await writeQr(sheet, block)
      break
  }
}

const rightHalf = ({ full: { x, width } }: Sheet): Place => ({ x: x + width / 2, width: width / 2 })

function writeLine(sheet: Sheet, runs: Runs, style: Style, place: Place, type = 'P'): void {
  const element = part(sheet, type, sheet.body)
  write(sheet, runs, style, place, element)
  element.end()
}

function writeHeading(sheet: Sheet, { level, runs }: Extract<Block, { kind: 'heading' }>): void {
  const { style, above } = HEADINGS[level]
  keep(sheet, above + heightOf(sheet, runs, style, sheet.full) + LINES_BELOW_HEADING)
  skip(sheet, above)
  writeLine(sheet, runs, style, sheet.full, `H${level}`)
  skip(sheet, PARAGRAPH_GAP)
}

function writeList(sheet: Sheet, items: readonly Runs[], numbered: boolean): void {
  const { document, full, body } = sheet
  const list = part(sheet, 'L', body)
  // PDF/UA 7.6: what is numbered says so.
  const { dictionary } = list as typeof list & { readonly dictionary: { readonly data: Record<string, unknown> } }
  dictionary.data.A = { O: 'List', ListNumbering: numbered ? 'Decimal' : 'Disc' }
  const text: Place = { x: full.x + ITEM_INDENT, width: full.width - ITEM_INDENT }
  items.forEach((runs, index) => {
    keep(sheet, 2 * BODY.size)
    const item = part(sheet, 'LI', list)
    const top = document.y
    const label = words(numbered ? `${index + 1}.` : '•')
    write(sheet, label, BODY, { x: full.x, width: ITEM_INDENT + PARAGRAPH_GAP }, part(sheet, 'Lbl', item))
    document.y = top
    write(sheet, runs, BODY, text, part(sheet, 'LBody', item))
    skip(sheet, ITEM_GAP)
  })
  list.end()
  skip(sheet, PARAGRAPH_GAP - ITEM_GAP)
}

function writeSignature(sheet: Sheet, { role, name, note }: Extract<Block, { kind: 'signature' }>): void {
  const place = rightHalf(sheet)
  const lines: readonly (readonly [Runs, Style])[] = [
    [role, BODY],
    [name, { ...BODY, strong: true }],
    ...(note === null ? [] : [[note, SMALL] as const]),
  ]
  const height = lines.reduce((sum, [runs, style]) => sum + heightOf(sheet, runs, style, place), 0)
  keep(sheet, Math.min(height + 2 * PARAGRAPH_GAP, pageRoom(sheet)))
  skip(sheet, 2 * PARAGRAPH_GAP)
  for (const [runs, style] of lines) writeLine(sheet, runs, style, place)
  skip(sheet, PARAGRAPH_GAP)
}

/** The code at the left, its words beside it. */
async function writeQr(sheet: Sheet, { text, caption }: Extract<Block, { kind: 'qr' }>): Promise<void> {
  const { document, full, body } = sheet
  const symbol = await qrCodeOf(text)
  const beside = QR_SIDE + 2 * QR_QUIET
  const right: Place = { x: full.x + beside, width: full.width - beside }
  keep(sheet, Math.min(Math.max(beside, heightOf(sheet, caption, BODY, right)), pageRoom(sheet)))
  const [x, y] = [full.x + QR_QUIET, document.y + QR_QUIET]
  const bbox = [x, y, x + QR_SIDE, y + QR_SIDE]
  const figure = part(sheet, 'Figure', body, { alt: `Codice QR: ${plainText(caption)}`, bbox, placement: 'Block' })
  figure.add(() => drawCode(document, symbol, { x, y, width: QR_SIDE }))
  figure.end()
  document.y = y
  writeLine(sheet, caption, BODY, right)
  document.y = Math.max(document.y, y + QR_SIDE + QR_QUIET)
}
