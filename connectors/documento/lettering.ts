/**
 * The words on a sheet: typeface, colours, what can be drawn. Titillium Web comes with the design kit of the pages, under the SIL
 * Open Font Licence.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as fontkit from 'fontkit'
import type { Runs } from './markup.ts'

/** What is written on. */
interface Paper {
  readonly document: PDFKit.PDFDocument
}
export interface Place {
  readonly x: number
  readonly width: number
}
export interface Style {
  readonly size: number
  readonly strong?: boolean
  readonly colour?: string
}

export const COLOURS = {
  text: '#1a1a1a',
  quiet: '#455b71',
  accent: '#004d99',
  line: '#8797a8',
  shade: '#eef2f6',
} as const
export const BODY: Style = { size: 10.5 }
const LINE_GAP = 0.5

const fontFolder = join(dirname(createRequire(import.meta.url).resolve('bootstrap-italia/package.json')), 'dist/fonts')
const titillium = (weight: string): Buffer =>
  readFileSync(join(fontFolder, `Titillium_Web/titillium-web-v10-latin-ext_latin-${weight}.ttf`))
export const FONTS = { regular: titillium('regular'), strong: titillium('600') } as const

const shapes = Object.values(FONTS).map((font) => fontkit.create(font) as fontkit.Font)

/** A character that the fonts lack is named, not lost: `[U+4E2D]`. */
export const drawable = (text: string): string =>
  Array.from(text, (character) =>
    character === '\n' || shapes.every((font) => font.hasGlyphForCodePoint(character.codePointAt(0)!))
      ? character
      : named(character),
  ).join('')

const named = (character: string): string =>
  `[U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`

/** The words alone, as they are drawn. */
export const drawn = (runs: Runs): string => runs.map(({ text }) => drawable(text)).join('')

export const words = (text: string): Runs => [{ text, strong: false }]

export function setStyle({ document }: Paper, { size, strong = false, colour = COLOURS.text }: Style): void {
  document
    .font(strong ? 'strong' : 'regular')
    .fontSize(size)
    .fillColor(colour)
}

export const textOptions = ({ width }: Place) => ({ width, lineGap: LINE_GAP })

/** Never less than what `write` takes. */
export function heightOf(paper: Paper, runs: Runs, style: Style, place: Place): number {
  setStyle(paper, { ...style, strong: style.strong || runs.some(({ strong }) => strong) })
  return paper.document.heightOfString(drawn(runs), textOptions(place))
}

/** Writes the words at the current height as content of the element, and moves below them. */
export function write(
  paper: Paper,
  runs: Runs,
  style: Style,
  { x, width }: Place,
  element: PDFKit.PDFStructureElement,
): void {
  const { document } = paper
  const all = runs.length > 0 ? runs : words(' ')
  all.forEach((run, index) => {
    const options = { ...textOptions({ x, width }), continued: index < all.length - 1 }
    const linked = run.link === undefined ? { underline: false } : { link: run.link, underline: true }
    const draw = (): void => {
      setStyle(paper, {
        ...style,
        strong: style.strong || run.strong,
        ...(run.link !== undefined && { colour: COLOURS.accent }),
      })
      const text = drawable(run.text)
      if (index === 0) document.text(text, x, document.y, { ...options, ...linked })
      else document.text(text, { ...options, ...linked })
    }
    element.add(run.link === undefined ? draw : document.struct('Link', {}, draw))
  })
}
