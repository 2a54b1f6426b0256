/**
 * What a person reads in a PDF of ours, in the order in which it was written. Owns: the text of fonts that say what their glyphs mean
 * (ToUnicode). Does not own: layout; runs are joined by a space.
 */
import {
  decodePDFRawStream,
  PDFArray,
  PDFDict,
  PDFDocument,
  PDFName,
  type PDFObject,
  PDFRawStream,
} from '@cantoo/pdf-lib'

type Glyphs = ReadonlyMap<number, string>

/** Rejects what is no PDF. */
export async function pdfText(bytes: Uint8Array): Promise<string> {
  const document = await PDFDocument.load(bytes, { updateMetadata: false })
  const look = (found: PDFObject | undefined) => document.context.lookup(found)
  const texts = document.getPages().map(({ node }) => {
    const fonts = look(node.Resources()?.get(PDFName.of('Font')))
    const named = fonts instanceof PDFDict ? fonts.entries() : []
    const glyphs = new Map<string, Glyphs>()
    for (const [name, reference] of named) {
      const font = look(reference)
      const map = font instanceof PDFDict ? look(font.get(PDFName.of('ToUnicode'))) : undefined
      if (map instanceof PDFRawStream) glyphs.set(name.asString(), glyphsOf(decoded(map)))
    }
    const contents = look(node.get(PDFName.of('Contents')))
    const streams = contents instanceof PDFArray ? contents.asArray().map(look) : [contents]
    return streams
      .filter((stream) => stream instanceof PDFRawStream)
      .map((stream) => written(decoded(stream), glyphs))
      .join(' ')
  })
  return texts.join(' ').replace(/\s+/g, ' ').trim()
}

const decoded = (stream: PDFRawStream): string => Buffer.from(decodePDFRawStream(stream).decode()).toString('latin1')
const textOf = (hex: string): string => Buffer.from(hex, 'hex').swap16().toString('utf16le')

/** Pairs, and ranges with a list or a first text. */
function glyphsOf(map: string): Glyphs {
  const glyphs = new Map<number, string>()
  for (const [, body = ''] of map.matchAll(/beginbfchar(.*?)endbfchar/gs))
    for (const [, code = '', text = ''] of body.matchAll(/<([\da-f]+)>\s*<([\da-f]+)>/gi))
      glyphs.set(Number.parseInt(code, 16), textOf(text))
  for (const [, body = ''] of map.matchAll(/beginbfrange(.*?)endbfrange/gs))
    for (const [, from = '', list] of body.matchAll(/<([\da-f]+)>\s*<[\da-f]+>\s*\[([^\]]*)\]/gi)) {
      const first = Number.parseInt(from, 16)
      for (const [index, [, text = '']] of [...(list ?? '').matchAll(/<([\da-f ]+)>/gi)].entries())
        glyphs.set(first + index, textOf(text.replaceAll(' ', '')))
    }
  return glyphs
}

function written(content: string, fonts: ReadonlyMap<string, Glyphs>): string {
  let glyphs: Glyphs = new Map()
  let text = ''
  for (const [, font, run] of content.matchAll(/(\/\S+)\s+[\d.]+\s+Tf|(\[[^\]]*\]\s*TJ|<[\da-f]+>\s*Tj)/gi)) {
    if (font !== undefined) glyphs = fonts.get(font) ?? new Map()
    for (const [, hex = ''] of (run ?? '').matchAll(/<([\da-f]+)>/gi))
      for (const [code] of hex.matchAll(/.{4}/g)) text += glyphs.get(Number.parseInt(code, 16)) ?? ''
    if (run !== undefined) text += ' '
  }
  return text
}
