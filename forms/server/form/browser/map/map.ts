/**
 * The map on which a person draws an area, by pointer or by keyboard. What is drawn is written into the text field beside it, and its size into
 * the field for square metres: the form knows no other. Owns its place in the page (`data-own`). Does not own the fields, nor what they
 * say of the drawing, which the page renders as it does without a script.
 */
/// <reference lib="dom" />
import { type Plane, type Point, planeAt } from '../../../../../connectors/gis/geometry/plane.ts'
import type { MapSheet } from '../../../../../connectors/gis/geometry/sheet.ts'
import { faultText, type Language } from '../../faults.ts'
import { type Beside, besideOf, drawnIn, MAP, MAP_REACH, roundedSize } from '../../map-field.ts'
import { words } from '../../words.ts'
import {
  areaOf,
  cleared,
  type Drawing,
  drawingOf,
  EMPTY,
  faultIn,
  moved,
  textIn,
  withCorner,
  withoutLast,
} from './drawing.ts'
import { lineOf, outline, placed, sceneOf, shape, streetAt } from './scene.ts'

/** Metres from the middle of what is seen to its edges. */
const SCALES = [15, 30, 60, 120] as const

/** Offers the map; nothing is loaded before somebody wants it. */
export function offerMap(place: HTMLElement): void {
  const language: Language = place.dataset.language === 'en' ? 'en' : 'it'
  const say = words[language].map
  const button = pressable(say.open, () => void open())
  const news = document.createElement('p')
  news.setAttribute('role', 'status')
  place.append(button, news)
  const open = async (): Promise<void> => {
    news.textContent = say.loading
    const sheet = await sheetFor(place)
    if (sheet === 'unknown' || sheet === 'away') news.textContent = say[sheet]
    else new DrawingBoard(place, sheet, language).show()
  }
}

function pressable(text: string, act: () => void): HTMLButtonElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'btn btn-outline-primary btn-sm'
  button.textContent = text
  button.addEventListener('click', act)
  return button
}

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement
function controlOf(place: HTMLElement, name: string): Control | null {
  const found = place.closest('form')?.elements.namedItem(name)
  return found instanceof HTMLInputElement || found instanceof HTMLSelectElement || found instanceof HTMLTextAreaElement
    ? found
    : null
}
const beside = (place: HTMLElement, field: Beside): Control | null =>
  controlOf(place, besideOf(place.dataset.map ?? '', field))

/** Around what is drawn already, else around the address. */
async function sheetFor(place: HTMLElement): Promise<MapSheet | 'unknown' | 'away'> {
  const first = drawnIn(controlOf(place, place.dataset.map ?? '')?.value ?? '')?.[0]?.[0]
  const asked = first
    ? new URLSearchParams({ punto: first.join(',') })
    : new URLSearchParams({ via: beside(place, 'via')?.value ?? '', civico: beside(place, 'civico')?.value ?? '' })
  try {
    const answer = await fetch(`${MAP}?${asked}`, { headers: { accept: 'application/json' } })
    const isSheet = answer.ok && answer.headers.get('content-type')?.includes('json')
    return isSheet ? (((await answer.json()) as MapSheet | null) ?? 'unknown') : 'away'
  } catch {
    return 'away'
  }
}

class DrawingBoard {
  readonly #place: HTMLElement
  readonly #sheet: MapSheet
  readonly #language: Language
  readonly #plane: Plane
  readonly #svg = shape('svg', { 'aria-hidden': 'true' }) as SVGSVGElement
  readonly #drawn = shape('g', {})
  readonly #news = document.createElement('p')
  readonly #board = document.createElement('div')
  #drawing: Drawing = EMPTY
  #scale = 1

  constructor(place: HTMLElement, sheet: MapSheet, language: Language) {
    this.#place = place
    this.#sheet = sheet
    this.#language = language
    this.#plane = planeAt(sheet.centro)
    const standing = drawnIn(this.#field?.value ?? '')
    if (standing) this.#drawing = drawingOf(standing, this.#plane)
  }
  get #say() {
    return words[this.#language].map
  }
  get #field(): Control | null {
    return controlOf(this.#place, this.#place.dataset.map ?? '')
  }

  show(): void {
    const help = document.createElement('p')
    help.className = 'form-text'
    help.id = `${this.#place.id}-aiuto`
    help.textContent = this.#say.help
    this.#news.setAttribute('role', 'status')
    const [board, svg] = [this.#board, this.#svg]
    for (const [name, value] of [
      ['role', 'application'],
      ['tabindex', '0'],
      ['aria-label', this.#say.label],
      ['aria-describedby', help.id],
      ['class', 'iter-map-board'],
    ] as const)
      board.setAttribute(name, value)
    svg.append(...sceneOf(this.#sheet, this.#plane), this.#drawn)
    board.append(svg)
    board.addEventListener('keydown', (event) => this.#press(event))
    svg.addEventListener('click', (event) => this.#point(event))
    this.#place.replaceChildren(help, board, this.#buttons(), this.#legend(), this.#news)
    this.#paint()
    board.focus()
  }

  #buttons(): HTMLElement {
    const row = document.createElement('div')
    row.className = 'iter-map-buttons'
    row.append(
      pressable(this.#say.add, () => this.#change(withCorner(this.#drawing, this.#drawing.cursor))),
      pressable(this.#say.undo, () => this.#change(withoutLast(this.#drawing))),
      pressable(this.#say.clear, () => this.#change(cleared(this.#drawing))),
      pressable(this.#say.closer, () => this.#rescale(-1)),
      pressable(this.#say.wider, () => this.#rescale(1)),
    )
    return row
  }
  /** What colours say, in words. */
  #legend(): HTMLElement {
    const list = document.createElement('ul')
    list.className = 'small'
    for (const text of [
      ...this.#sheet.zone.map(({ zona }) => this.#say.zone(zona)),
      ...this.#sheet.vincoli.map(({ descrizione }) => this.#say.constraint(descrizione)),
    ])
      list.append(Object.assign(document.createElement('li'), { textContent: text }))
    return list
  }

  #press(event: KeyboardEvent): void {
    const act = this.#actOf(event)
    if (act === null || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    act()
  }
  #actOf({ key, shiftKey }: KeyboardEvent): (() => void) | null {
    const step = shiftKey ? 5 : 1
    switch (key) {
      case 'ArrowUp':
        return () => this.#move([0, step])
      case 'ArrowDown':
        return () => this.#move([0, -step])
      case 'ArrowLeft':
        return () => this.#move([-step, 0])
      case 'ArrowRight':
        return () => this.#move([step, 0])
      case 'Enter':
      case ' ':
        return () => this.#change(withCorner(this.#drawing, this.#drawing.cursor))
      case 'Backspace':
      case 'Delete':
        return () => this.#change(withoutLast(this.#drawing))
      case '+':
        return () => this.#rescale(-1)
      case '-':
        return () => this.#rescale(1)
      default:
        return null
    }
  }
  #point(event: MouseEvent): void {
    const matrix = this.#svg.getScreenCTM()
    if (matrix === null) return
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse())
    this.#change(withCorner(this.#drawing, placed([x, y])))
  }

  #move(by: Point): void {
    this.#drawing = moved(this.#drawing, by, MAP_REACH)
    this.#paint()
    const { cursor } = this.#drawing
    const [east, north] = cursor.map(Math.round) as [number, number]
    this.#news.textContent = this.#say.cursor(east, north, streetAt(this.#sheet, this.#plane, cursor))
  }
  #rescale(by: 1 | -1): void {
    this.#scale = Math.max(0, Math.min(SCALES.length - 1, this.#scale + by))
    this.#paint()
  }
  #change(drawing: Drawing): void {
    this.#drawing = drawing
    this.#paint()
    this.#news.textContent = this.#told()
    this.#write()
  }
  #told(): string {
    const count = this.#drawing.corners.length
    const area = areaOf(this.#drawing, this.#plane)
    if (count === 0) return this.#say.cleared
    if (area === null) return this.#say.corner(count)
    const fault = faultIn(area)
    const size = words[this.#language].drawnSize(sizeOf(area))
    return `${this.#say.corner(count)} ${fault === null ? size : faultText({ kind: 'area', fault }, this.#language)}`
  }

  /** Into the fields, as if typed; what the person wrote stays until the drawing is an area. */
  #write(): void {
    const area = areaOf(this.#drawing, this.#plane)
    const [field, size] = [this.#field, beside(this.#place, 'mq')]
    if (size !== null && area !== null && faultIn(area) === null) size.value = sizeOf(area)
    if (field === null) return
    field.value = textIn(this.#drawing, this.#plane)
    field.dispatchEvent(new Event('input', { bubbles: true }))
  }

  #paint(): void {
    const { corners, cursor } = this.#drawing
    const reach = SCALES[this.#scale] ?? SCALES[1]
    const [x, y] = placed(this.#middle(reach))
    this.#svg.setAttribute('viewBox', [x - reach, y - reach, 2 * reach, 2 * reach].join(' '))
    const area = areaOf(this.#drawing, this.#plane)
    const [cx, cy] = placed(cursor)
    const [dot, arm] = [reach / 60, reach / 15]
    this.#drawn.replaceChildren(
      ...(area ? [shape('path', { class: 'iter-map-area', d: outline(area, this.#plane) })] : []),
      ...(area === null && corners.length > 1 ? [shape('path', { class: 'iter-map-area', d: lineOf(corners) })] : []),
      ...corners
        .map(placed)
        .map(([at, down]) => shape('circle', { class: 'iter-map-corner', cx: at, cy: down, r: dot })),
      shape('path', {
        class: 'iter-map-cursor',
        d: `M${cx - arm} ${cy}H${cx + arm}M${cx} ${cy - arm}V${cy + arm}`,
      }),
    )
  }
  /** What is seen follows the cursor, in steps of its own size. */
  #middle(reach: number): Point {
    const follow = (at: number): number => (Math.abs(at) <= reach ? 0 : Math.round(at / reach) * reach)
    const [x, y] = this.#drawing.cursor
    return [follow(x), follow(y)]
  }
}

/** As people in Italy type a number. */
const sizeOf = (area: Parameters<typeof roundedSize>[0]): string => String(roundedSize(area)).replace('.', ',')
