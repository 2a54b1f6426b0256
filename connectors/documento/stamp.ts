/**
 * The protocol stamp on the first page of a PDF (DPR 445/2000 art. 55): body, number, date. A tagged document stays one: the stamp is
 * the first thing that is read. What is signed is not touched: its signature would be worth nothing.
 */
import {
  concatTransformationMatrix,
  EncryptedPDFError,
  endMarkedContent,
  PDFDict,
  PDFDocument,
  PDFName,
  PDFOperator,
  PDFOperatorNames,
  type PDFPage,
  popGraphicsState,
  pushGraphicsState,
  rgb,
} from '@cantoo/pdf-lib'
import * as fontkit from 'fontkit'
import { drawable, FONTS } from './lettering.ts'
import { addElement, elementsOfPage, structureOf } from './tagging.ts'
import type { ProtocolStamp } from './types.ts'

/** The document cannot bear a stamp. */
export class NotStampable extends Error {
  override readonly name = 'NotStampable'
  constructor(found: string) {
    super(`Expected to stamp a PDF that is neither signed nor encrypted, but ${found}. Register it without a stamp.`)
  }
}

const SIZE = 8
const SIZE_MIN = 3
const EDGE = 24
const PADDING = 3

const longDay = new Intl.DateTimeFormat('it-IT', { dateStyle: 'long', timeZone: 'Europe/Rome' })

export const stampText = ({ ente, numero, anno, registro, data }: ProtocolStamp): string =>
  `${ente} · ${registro} n. ${numero}/${anno} del ${longDay.format(new Date(data))}`

/** The same document and stamp are the same bytes. Throws `NotStampable`. */
export async function stampPdf(pdf: Uint8Array, stamp: ProtocolStamp): Promise<Uint8Array> {
  const document = await loaded(pdf)
  if (hasSignature(document)) throw new NotStampable('it is signed')
  document.registerFontkit(fontkit)
  const font = await document.embedFont(FONTS.strong, { subset: true })
  const page = document.getPage(0)
  const text = drawable(stampText(stamp)).replaceAll('\n', ' ')
  const { width, height, toPage } = seenAs(page)
  const size = Math.max(SIZE_MIN, Math.min(SIZE, (SIZE * (width - 2 * EDGE)) / font.widthOfTextAtSize(text, SIZE)))
  const textWidth = font.widthOfTextAtSize(text, size)
  const x = width - EDGE - textWidth
  const y = height - EDGE - size
  page.pushOperators(beginning(document, page), pushGraphicsState(), concatTransformationMatrix(...toPage))
  const box = { x: x - PADDING, y: y - PADDING, width: textWidth + 2 * PADDING, height: size + 2 * PADDING }
  page.drawRectangle({ ...box, color: rgb(1, 1, 1), borderColor: rgb(0.1, 0.1, 0.1), borderWidth: 0.5 })
  page.drawText(text, { x, y: y + size * 0.15, size, font, color: rgb(0.1, 0.1, 0.1) })
  page.pushOperators(popGraphicsState(), endMarkedContent())
  return document.save({ useObjectStreams: false, addDefaultPage: false, updateFieldAppearances: false })
}

async function loaded(pdf: Uint8Array): Promise<PDFDocument> {
  try {
    const document = await PDFDocument.load(pdf, { updateMetadata: false, throwOnInvalidObject: true })
    if (document.getPageCount() > 0) return document
  } catch (error) {
    if (error instanceof EncryptedPDFError) throw new NotStampable('it is encrypted')
    throw new NotStampable('it cannot be read as a PDF')
  }
  throw new NotStampable('it has no page')
}

/** Any field of the form that holds a signature; a field may be a tree, and what is not understood counts as signed. */
function hasSignature({ catalog, context }: PDFDocument): boolean {
  const form = catalog.lookupMaybe(PDFName.of('AcroForm'), PDFDict)
  if (form?.lookup(PDFName.of('SigFlags')) !== undefined) return true
  return (
    form !== undefined &&
    context
      .enumerateIndirectObjects()
      .some(([, object]) => object instanceof PDFDict && object.has(PDFName.of('ByteRange')))
  )
}

type Matrix = readonly [number, number, number, number, number, number]

/** The page as it is shown: its size, and the way from there to the page's own coordinates. */
function seenAs(page: PDFPage): { readonly width: number; readonly height: number; readonly toPage: Matrix } {
  const { x, y, width, height } = page.getCropBox()
  const turned = ((page.getRotation().angle % 360) + 360) % 360
  switch (turned) {
    case 90:
      return { width: height, height: width, toPage: [0, 1, -1, 0, x + width, y] }
    case 180:
      return { width, height, toPage: [-1, 0, 0, -1, x + width, y + height] }
    case 270:
      return { width: height, height: width, toPage: [0, -1, 1, 0, x, y + height] }
    default:
      return { width, height, toPage: [1, 0, 0, 1, x, y] }
  }
}

/** Begins what is drawn as the first paragraph of the document's structure; without one, as an artifact. */
function beginning(document: PDFDocument, page: PDFPage): PDFOperator {
  const marked = (tag: string, properties: string) =>
    PDFOperator.of(PDFOperatorNames.BeginMarkedContentSequence, [PDFName.of(tag), properties])
  const structure = structureOf(document)
  if (!structure) return marked('Artifact', '<</Type /Pagination>>')
  const elements = elementsOfPage(document, structure, page.node)
  const number = elements.size()
  const { context } = document
  elements.push(addElement(document, structure, 'P', { Pg: page.ref, K: context.obj(number) }, 'first'))
  return marked('P', `<</MCID ${number}>>`)
}
