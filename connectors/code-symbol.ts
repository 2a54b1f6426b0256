/** Codes that a camera reads: QR (ISO/IEC 18004) and Data Matrix (ISO/IEC 16022). Owns modules and drawing; not what a code says. */

export interface CodeSymbol {
  /** Modules. */
  readonly side: number
  /** Row by row; 1 is dark. */
  readonly modules: readonly number[]
}

/** So much a QR code of version 4 holds for certain: less is drawn in it too, as pagoPA wants the code of a notice. */
const VERSION_4_BYTES = 62

/** Error correction M: an eighth of it may be dirty. Throws when no version holds the text. */
export const qrCodeOf = (text: string): Promise<CodeSymbol> =>
  symbolOf('qrcode', text, { eclevel: 'M', ...(Buffer.byteLength(text) <= VERSION_4_BYTES && { version: '4' }) })
export const dataMatrixOf = (text: string): Promise<CodeSymbol> => symbolOf('datamatrix', text)

async function symbolOf(kind: 'qrcode' | 'datamatrix', text: string, options: object = {}): Promise<CodeSymbol> {
  // A megabyte that nobody loads who prints no code.
  const { default: codes } = await import('bwip-js/node')
  const [symbol] = codes.raw(kind, text, options)
  if (!symbol || !('pixs' in symbol)) throw new Error('Expected a code of modules, but it has none')
  return { side: symbol.pixx, modules: [...symbol.pixs] }
}

export interface CodePlace {
  /** Left and top, and how wide, in points. */
  readonly x: number
  readonly y: number
  readonly width: number
}

export function drawCode(sheet: PDFKit.PDFDocument, { side, modules }: CodeSymbol, { x, y, width }: CodePlace): void {
  const module = width / side
  modules.forEach((dark, index) => {
    const [row, column] = [Math.floor(index / side), index % side]
    if (dark === 1) sheet.rect(x + column * module, y + row * module, module, module)
  })
  sheet.fill('black')
}
