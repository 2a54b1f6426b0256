/**
 * A diagram as the Modeler draws it, as one SVG: for the docs, for coverage pictures, for pages without scripts.
 *
 * Owns: shapes, symbols, arrows and where a name is broken into lines. Does not own: what a mark means.
 */
import type { ModdleElement } from 'bpmn-moddle'
import {
  type Bounds,
  type Diagram,
  type Edge,
  isA,
  many,
  one,
  type Point,
  processesOf,
  readDiagram,
  type Shape,
  text,
} from './diagram.ts'

export interface PictureOptions {
  /** What readers without eyes are told first; the process's own name unless given. */
  readonly title?: string
  /** Colours by element or flow id; what has none is drawn in black and white. */
  readonly marks?: ReadonlyMap<string, Mark>
  /** Signs at the upper edge of elements, by their ids: what a colour alone would not tell everybody. */
  readonly signs?: ReadonlyMap<string, Sign>
}
export interface Sign {
  readonly colour: string
  /** One character; empty: a dot, as a token is drawn. */
  readonly text: string
}
export interface Mark {
  readonly stroke: string
  readonly fill: string
}

const PLAIN: Mark = { stroke: '#22242a', fill: '#ffffff' }
const FONT_SIZE = 12
const LINE_HEIGHT = 14
/** Of a sans-serif letter, in the mean, as a share of its size; a little wide, so that a name never leaves its shape. */
const LETTER_WIDTH = 0.54
const MARGIN = 10

/** Throws an `Error` that names the fault when the text is no BPMN or draws nothing. */
export const picture = async (xml: string, options: PictureOptions = {}): Promise<string> =>
  drawn(await readDiagram(xml), options)

/** Of a diagram that was read before: reading takes longer than drawing. Throws an `Error` when it draws nothing. */
export function drawn(diagram: Diagram, { title, marks = new Map(), signs = new Map() }: PictureOptions = {}): string {
  const [shapes, edges] = [[...diagram.shapes.values()], [...diagram.edges.values()]]
  if (shapes.length === 0)
    throw new Error('Expected the file to draw its process (bpmndi:BPMNDiagram), but it does not')
  const frame = frameOf(shapes, edges)
  const markOf = ({ element }: Shape | Edge): Mark => marks.get(element.id ?? '') ?? PLAIN
  const draw = (shape: Shape): string => drawShape(shape, markOf(shape))
  const pieces = [
    ...shapes.filter(({ element }) => isContainer(element)).map(draw),
    ...edges.map((edge) => drawEdge(edge, markOf(edge))),
    ...shapes.filter(({ element }) => !isContainer(element)).map(draw),
    ...shapes.map(({ element, bounds }) => drawSign(bounds, signs.get(element.id ?? ''))),
  ]
  const [process] = processesOf(diagram)
  const named = escaped(title ?? (process === undefined ? '' : text(process, 'name')))
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${frame.x} ${frame.y} ${frame.width} ${frame.height}" width="${frame.width}" height="${frame.height}" role="img" font-family="sans-serif" font-size="${FONT_SIZE}"><title>${named}</title>${pieces.join('')}</svg>\n`
}

const SIGN_RADIUS = 9
function drawSign({ x, y, width }: Bounds, sign: Sign | undefined): string {
  if (sign === undefined) return ''
  const middle = x + width / 2
  const letter =
    sign.text === ''
      ? ''
      : `<text x="${middle}" y="${y + 5}" text-anchor="middle" font-weight="bold" font-size="14" fill="#ffffff">${escaped(sign.text)}</text>`
  return `<g class="sign"><circle cx="${middle}" cy="${y}" r="${SIGN_RADIUS}" fill="${sign.colour}" stroke="#ffffff" stroke-width="2"/>${letter}</g>`
}

/** Drawn first, since others are drawn on it. */
const isContainer = (element: ModdleElement): boolean =>
  isA(element, 'SubProcess') || isA(element, 'Participant') || isA(element, 'Lane')

function frameOf(shapes: readonly Shape[], edges: readonly Edge[]): Bounds {
  const labels = [...shapes, ...edges].map(({ label }) => label)
  const boxes = [...shapes.map(({ bounds }) => bounds), ...labels].filter((box) => box !== null)
  const points = [
    ...boxes.flatMap(({ x, y, width, height }) => [
      { x, y },
      { x: x + width, y: y + height },
    ]),
    ...edges.flatMap(({ waypoints }) => waypoints),
  ]
  const [left, top] = [Math.min(...points.map(({ x }) => x)), Math.min(...points.map(({ y }) => y))]
  const [right, bottom] = [Math.max(...points.map(({ x }) => x)), Math.max(...points.map(({ y }) => y))]
  const round = (value: number): number => Math.round(value)
  return {
    x: round(left - MARGIN),
    y: round(top - MARGIN),
    width: round(right - left + 2 * MARGIN),
    height: round(bottom - top + 2 * MARGIN),
  }
}

function drawShape({ element, bounds: box, label }: Shape, mark: Mark): string {
  const body = isA(element, 'Event')
    ? drawEvent(element, box, mark)
    : isA(element, 'Gateway')
      ? drawGateway(element, box, mark)
      : isA(element, 'TextAnnotation')
        ? drawAnnotation(element, box)
        : drawBox(element, box, mark)
  const name = label === null ? '' : lines(text(element, 'name'), label, 'top')
  return `<g id="${escaped(element.id ?? '')}">${body}${name}</g>`
}

function drawBox(element: ModdleElement, box: Bounds, { stroke, fill }: Mark): string {
  const width = isA(element, 'CallActivity') ? 4 : 1.5
  const dashes = isA(element, 'SubProcess') && element.get('triggeredByEvent') === true ? ' stroke-dasharray="3 4"' : ''
  const isLane = isA(element, 'Participant') || isA(element, 'Lane')
  const frame = `<rect x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" rx="${isLane ? 0 : 10}" stroke="${stroke}" stroke-width="${width}" fill="${fill}"${dashes}/>`
  if (isContainer(element))
    return `${frame}${lines(text(element, 'name'), { ...box, y: box.y + 4, height: LINE_HEIGHT }, 'top')}${loopSymbol(element, box, stroke)}`
  return `${frame}${kindSymbol(element, box, stroke)}${lines(text(element, 'name'), box, 'middle')}${loopSymbol(element, box, stroke)}`
}

function drawAnnotation(element: ModdleElement, box: Bounds): string {
  const bracket = `<path d="M${box.x + 20} ${box.y}H${box.x}V${box.y + box.height}H${box.x + 20}" fill="none" stroke="${PLAIN.stroke}"/>`
  return `${bracket}${lines(text(element, 'text'), { ...box, x: box.x + 4, width: box.width - 4 }, 'middle')}`
}

const middle = ({ x, y, width, height }: Bounds): Point => ({ x: x + width / 2, y: y + height / 2 })

function drawEvent(element: ModdleElement, box: Bounds, { stroke, fill }: Mark): string {
  const { x, y } = middle(box)
  const radius = box.width / 2
  const isEnd = isA(element, 'EndEvent')
  const isWaiting = element.get('cancelActivity') === false || element.get('isInterrupting') === false
  const dashes = isWaiting ? ' stroke-dasharray="4 3"' : ''
  const circle = (r: number, width: number): string =>
    `<circle cx="${x}" cy="${y}" r="${r}" stroke="${stroke}" stroke-width="${width}" fill="${fill}"${dashes}/>`
  const rings =
    isEnd || isA(element, 'StartEvent')
      ? circle(radius, isEnd ? 4 : 1.5)
      : circle(radius, 1.5) + circle(radius - 4, 1.5)
  const [definition] = many(element, 'eventDefinitions')
  const isFilled = isEnd || isA(element, 'IntermediateThrowEvent')
  return rings + (definition === undefined ? '' : eventSymbol(definition.$type, { x, y }, stroke, isFilled))
}

/** Drawn within a circle of radius 9 around the origin. */
const eventSymbols: Readonly<Record<string, string>> = {
  'bpmn:TimerEventDefinition': 'M0-9A9 9 0 1 1 0 9A9 9 0 1 1 0-9M0-7V-5M0 5V7M-7 0H-5M5 0H7M0 0L3-6M0 0L5 2',
  'bpmn:MessageEventDefinition': 'M-8-5H8V6H-8ZM-8-5L0 1L8-5',
  'bpmn:ErrorEventDefinition': 'M-7 7L-3-6L2 2L7-7L3 6L-2-2Z',
  'bpmn:EscalationEventDefinition': 'M0-8L6 8L0 2L-6 8Z',
  'bpmn:SignalEventDefinition': 'M0-8L8 6H-8Z',
  'bpmn:LinkEventDefinition': 'M-8-3H2V-7L8 0L2 7V3H-8Z',
  'bpmn:CompensateEventDefinition': 'M0-6L-8 0L0 6ZM8-6L0 0L8 6Z',
  'bpmn:ConditionalEventDefinition': 'M-6-8H6V8H-6ZM-4-5H4M-4-2H4M-4 1H4M-4 4H4',
  'bpmn:CancelEventDefinition': 'M-7-5L-5-7L0-2L5-7L7-5L2 0L7 5L5 7L0 2L-5 7L-7 5L-2 0Z',
  'bpmn:TerminateEventDefinition': 'M0-8A8 8 0 1 1 0 8A8 8 0 1 1 0-8',
}
function eventSymbol(type: string, { x, y }: Point, stroke: string, isFilled: boolean): string {
  const path = eventSymbols[type]
  if (path === undefined) return ''
  const isSolid = isFilled && type !== 'bpmn:MessageEventDefinition'
  return `<path transform="translate(${x} ${y})" d="${path}" stroke="${stroke}" fill="${isSolid ? stroke : 'none'}" stroke-linejoin="round"/>`
}

/** Drawn around the origin. */
const gatewaySymbols: Readonly<Record<string, string>> = {
  'bpmn:ExclusiveGateway': 'M-7-9L7 9M7-9L-7 9',
  'bpmn:ParallelGateway': 'M-11 0H11M0-11V11',
  'bpmn:InclusiveGateway': 'M0-10A10 10 0 1 1 0 10A10 10 0 1 1 0-10',
  'bpmn:EventBasedGateway':
    'M0-13A13 13 0 1 1 0 13A13 13 0 1 1 0-13M0-10A10 10 0 1 1 0 10A10 10 0 1 1 0-10M0-7L6-2L4 5H-4L-6-2Z',
}
function drawGateway(element: ModdleElement, box: Bounds, { stroke, fill }: Mark): string {
  const { x, y } = middle(box)
  const diamond = `M${x} ${box.y}L${box.x + box.width} ${y}L${x} ${box.y + box.height}L${box.x} ${y}Z`
  const isThin = isA(element, 'EventBasedGateway')
  return `<path d="${diamond}" stroke="${stroke}" stroke-width="1.5" fill="${fill}"/><path transform="translate(${x} ${y})" d="${gatewaySymbols[element.$type] ?? ''}" stroke="${stroke}" stroke-width="${isThin ? 1 : 3}" fill="none"/>`
}

/** Drawn in a square of 14 at the upper left corner. */
const kindSymbols: Readonly<Record<string, string>> = {
  'bpmn:UserTask': 'M7 1A3.5 3.5 0 1 1 7 8A3.5 3.5 0 1 1 7 1M0 14C0 9 14 9 14 14Z',
  'bpmn:ServiceTask':
    'M7 2A5 5 0 1 1 7 12A5 5 0 1 1 7 2M7 0V4M7 10V14M0 7H4M10 7H14M2 2L5 5M9 9L12 12M12 2L9 5M5 9L2 12',
  'bpmn:SendTask': 'M0 2H14V12H0ZM0 2L7 8L14 2',
  'bpmn:ReceiveTask': 'M0 2H14V12H0ZM0 2L7 8L14 2',
  'bpmn:ScriptTask': 'M3 0H13C9 4 15 9 11 14H1C5 9-1 4 3 0M4 4H10M5 7H11M5 10H10',
  'bpmn:BusinessRuleTask': 'M0 1H14V13H0ZM0 5H14M0 9H14M5 5V13',
  'bpmn:ManualTask': 'M0 5H8V2L14 7L8 12V9H0Z',
}
function kindSymbol(element: ModdleElement, box: Bounds, stroke: string): string {
  const path = kindSymbols[element.$type]
  return path === undefined
    ? ''
    : `<path transform="translate(${box.x + 5} ${box.y + 5})" d="${path}" stroke="${stroke}" fill="none"/>`
}
function loopSymbol(element: ModdleElement, box: Bounds, stroke: string): string {
  const loop = one(element, 'loopCharacteristics')
  if (loop === undefined) return ''
  const [x, y] = [box.x + box.width / 2, box.y + box.height - 12]
  const path = loop.get('isSequential') === true ? 'M-6-4H6M-6 0H6M-6 4H6' : 'M-4-5V5M0-5V5M4-5V5'
  return `<path transform="translate(${x} ${y})" d="${path}" stroke="${stroke}" stroke-width="2"/>`
}

function drawEdge({ element, waypoints: points, label }: Edge, { stroke }: Mark): string {
  const isFlow = isA(element, 'SequenceFlow')
  const path = points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('')
  const line = `<path d="${path}" stroke="${stroke}" stroke-width="${isFlow ? 1.8 : 1.2}" fill="none"${isFlow ? '' : ' stroke-dasharray="2 4"'}/>`
  const name = label === null ? '' : lines(text(element, 'name'), label, 'top')
  return `<g id="${escaped(element.id ?? '')}">${line}${isFlow ? arrow(points, stroke) + defaultSlash(element, points, stroke) : ''}${name}</g>`
}

function arrow(points: readonly Point[], stroke: string): string {
  const [from, to] = [points.at(-2)!, points.at(-1)!]
  return `<path transform="translate(${to.x} ${to.y}) rotate(${angle(from, to)})" d="M0 0L-10-4V4Z" fill="${stroke}"/>`
}
function defaultSlash(flow: ModdleElement, [from, to]: readonly Point[], stroke: string): string {
  const source = one(flow, 'sourceRef')
  if (source === undefined || from === undefined || to === undefined || one(source, 'default') !== flow) return ''
  return `<path transform="translate(${from.x} ${from.y}) rotate(${angle(from, to)})" d="M6-5L12 5" stroke-width="1.8" stroke="${stroke}"/>`
}
const angle = (from: Point, to: Point): number => Math.round((Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI)

/** A name in lines that fit the width, centred. */
function lines(name: string, box: Bounds, place: 'top' | 'middle'): string {
  if (name === '') return ''
  const wrapped = wrap(name, Math.max(Math.floor(box.width / (FONT_SIZE * LETTER_WIDTH)), 8))
  const height = wrapped.length * LINE_HEIGHT
  const top = place === 'top' ? box.y : box.y + (box.height - height) / 2
  const x = box.x + box.width / 2
  const spans = wrapped.map(
    (line, index) => `<tspan x="${x}" y="${top + (index + 0.8) * LINE_HEIGHT}">${escaped(line)}</tspan>`,
  )
  return `<text text-anchor="middle" fill="${PLAIN.stroke}">${spans.join('')}</text>`
}
function wrap(name: string, letters: number): readonly string[] {
  const wrapped: string[] = []
  for (const word of name.split(/\s+/)) {
    const last = wrapped.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= letters) wrapped[wrapped.length - 1] = `${last} ${word}`
    else wrapped.push(word)
  }
  return wrapped
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (value: string): string => value.replace(/[&<>"]/g, (sign) => entities[sign]!)
