/** Codes on a page, read as a scanner reads them. */
import { decodePDFRawStream, type PDFDocument, PDFRawStream } from '@cantoo/pdf-lib'
import { BinaryBitmap, DecodeHintType, HybridBinarizer, type Reader, RGBLuminanceSource } from '@zxing/library'

export interface Code {
  readonly side: number
  readonly millimetres: number
  /** Row by row, from the top. */
  readonly dark: ReadonlySet<string>
}

/** The codes drawn on the page, as filled squares: each kind of square is one code. */
export function codesIn(pdf: PDFDocument): readonly Code[] {
  const drawn = [...contentOf(pdf).matchAll(/^(\S+) (\S+) (\S+) (\S+) re$/gm)].map((found) =>
    found.slice(1).map(Number),
  )
  const squares = drawn.filter(([, , width, height]) => width === height)
  return [...Map.groupBy(squares, ([, , width]) => width!)].map(([width, ofCode]) => {
    const [left, top] = [0, 1].map((axis) => Math.min(...ofCode.map((square) => square[axis]!)))
    const placed = ofCode.map(([x = 0, y = 0]) => [(x - left!) / width, (y - top!) / width].map(Math.round))
    const side = Math.max(...placed.flat()) + 1
    return { side, millimetres: (side * width * 25.4) / 72, dark: new Set(placed.map(String)) }
  })
}

function contentOf({ context }: PDFDocument): string {
  return context
    .enumerateIndirectObjects()
    .flatMap(([, object]) =>
      object instanceof PDFRawStream ? [Buffer.from(decodePDFRawStream(object).decode()).toString('latin1')] : [],
    )
    .join('\n')
}

const PIXELS = 4
const QUIET = 4

/** As a scanner sees it: dark on light, with a margin around. */
export function scanned({ side, dark }: Code, reader: Reader): string {
  const width = (side + 2 * QUIET) * PIXELS
  const grey = Uint8ClampedArray.from({ length: width * width }, (_, index) => {
    const [x, y] = [index % width, Math.floor(index / width)].map((pixel) => Math.floor(pixel / PIXELS) - QUIET)
    return dark.has(`${x},${y}`) ? 0 : 255
  })
  const bitmap = new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(grey, width, width)))
  return reader.decode(bitmap, new Map([[DecodeHintType.PURE_BARCODE, true]])).getText()
}
