/**
 * The sheets of a document of the town: A4, number of the page on each, fonts embedded, and where the next line goes.
 *
 * Owns page, metadata and structure. Does not own words (lettering.ts) or blocks (writer.ts).
 * Invariants
 * S1 PDF/A-2a and PDF/UA-1: whatever is drawn is part of the structure or an artifact; no glyph is missing.
 * S2 The same content at the same instant is the same bytes.
 * S3 A document has at most PAGES_MAX pages.
 */
import PDFDocument from 'pdfkit'
import { COLOURS, drawable, FONTS, type Place } from './lettering.ts'
import { extensionSchema } from './metadata.ts'

export interface SheetOptions {
  readonly title: string
  /** The body that speaks: author, and foot of each page. */
  readonly ente: string
  /** Epoch milliseconds: when the document says it was made. */
  readonly at: number
}
export type Element = PDFKit.PDFStructureElement
export interface Sheet {
  readonly document: PDFKit.PDFDocument
  readonly ente: string
  /** The element that holds all others. */
  readonly body: Element
  readonly full: Place
  readonly chunks: readonly Buffer[]
}

export const PAGES_MAX = 60
const MARGINS = { top: 60, bottom: 70, left: 62, right: 62 } as const
const FOOT = 46

export class TooManyPages extends Error {
  override readonly name = 'TooManyPages'
  constructor() {
    super(`Expected a document of at most ${PAGES_MAX} pages, but it has more. Shorten what goes into it.`)
  }
}

export function openSheet({ title, ente, at }: SheetOptions): Sheet {
  const made = new Date(at)
  const document = new PDFDocument({
    ...{ size: 'A4', margins: MARGINS, bufferPages: true, font: FONTS.regular as never },
    ...{ pdfVersion: '1.7', subset: 'PDF/A-2a', tagged: true, lang: 'it-IT', displayTitle: true },
    info: { Title: title, Author: ente, Creator: 'Iter', Producer: 'Iter', CreationDate: made, ModDate: made },
  })
  document.registerFont('regular', FONTS.regular)
  document.registerFont('strong', FONTS.strong)
  document.appendXML(extensionSchema)
  describeLinks(document)
  const chunks: Buffer[] = []
  document.on('data', (chunk: Buffer) => void chunks.push(chunk))
  document.on('pageAdded', () => {
    if (document.bufferedPageRange().count > PAGES_MAX) throw new TooManyPages()
  })
  const body = document.struct('Document')
  document.addStructure(body)
  const { left, right } = MARGINS
  return { document, ente, body, chunks, full: { x: left, width: document.page.width - left - right } }
}

export const roomLeft = ({ document }: Sheet): number => document.page.height - MARGINS.bottom - document.y
export const pageRoom = ({ document }: Sheet): number => document.page.height - MARGINS.top - MARGINS.bottom

/** A new page unless so much is left. */
export function keep(sheet: Sheet, height: number): void {
  if (roomLeft(sheet) < height) sheet.document.addPage()
}

export function skip({ document }: Sheet, height: number): void {
  document.y += height
}

export function part({ document }: Sheet, type: string, parent: Element, more: object = {}): Element {
  const element = document.struct(type, more)
  parent.add(element)
  return element
}

/** Draws what says nothing: lines, shades, what was read before. */
export function decorate({ document }: Sheet, draw: () => void): void {
  document.markContent('Artifact', { type: 'Layout' })
  draw()
  document.endMarkedContent()
}

export async function endSheet({ document, ente, body, full, chunks }: Sheet): Promise<Uint8Array> {
  body.end()
  numberPages(document, full, ente)
  const done = new Promise((resolve) => document.once('end', resolve))
  document.end()
  await done
  return Buffer.concat(chunks)
}

/** PDF/UA 7.18.5: a link says where it leads. pdfkit leaves that empty. */
function describeLinks(document: PDFKit.PDFDocument): void {
  const link = document.link.bind(document)
  document.link = (x, y, width, height, url, options) =>
    link(x, y, width, height, url, { ...options, Contents: new String(`Collegamento a ${url}`) } as typeof options)
}

function numberPages(document: PDFKit.PDFDocument, { x, width }: Place, ente: string): void {
  const { count } = document.bufferedPageRange()
  for (let index = 0; index < count; index++) {
    document.switchToPage(index)
    // Below the margin there is no room for text, as pdfkit sees it: it would begin a page.
    document.page.margins.bottom = 0
    const options = { width: width / 2, height: FOOT, lineBreak: false }
    const y = document.page.height - FOOT
    document.markContent('Artifact', { type: 'Pagination' })
    document.font('regular').fontSize(8.5).fillColor(COLOURS.quiet)
    document.text(drawable(ente), x, y, options)
    document.text(`Pagina ${index + 1} di ${count}`, x + width / 2, y, { ...options, align: 'right' })
    document.endMarkedContent()
  }
}
