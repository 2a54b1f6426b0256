/**
 * A polygon as people draw it and variables hold it: one ring, as well-known text (OGC 06-103r4, 7.2). Owns reading, writing and what makes
 * a polygon acceptable. Pure, for server and browser.
 */
import {
  type Area,
  cross,
  edgesOf,
  type Point,
  type Position,
  planeOf,
  type Ring,
  signedArea,
  sizeOf,
  turned,
} from './plane.ts'

export const CORNERS_MAX = 40
/** Longer than what so many corners take. */
export const TEXT_MAX = 2_000
/** Square metres; more than the largest square of a town. */
export const SIZE_MAX = 50_000
/** Square metres; less is a slip of the hand. */
export const SIZE_MIN = 0.1

/** Why a polygon is none: `form` no polygon of one ring is written there · `crossing` its outline meets itself. */
export type PolygonFault = 'form' | 'open' | 'fewCorners' | 'manyCorners' | 'crossing' | 'small' | 'large'

export type ReadPolygon = { readonly polygon: Area; readonly fault: null } | { readonly fault: PolygonFault }

const NUMBER = '-?\\d{1,3}(?:\\.\\d{1,15})?'
const POSITION = new RegExp(`^(${NUMBER}) (${NUMBER})$`)
const POLYGON = /^POLYGON ?\(\(([\d., -]+)\)\)$/i

/** `POLYGON((11.0968 43.88, …))`, longitude first. Bounded by `TEXT_MAX` and `CORNERS_MAX`. */
export function polygonIn(text: string): ReadPolygon {
  const ring = text.length > TEXT_MAX ? null : ringIn(text.trim())
  if (ring === null) return { fault: 'form' }
  const fault = faultOf(ring)
  return fault === null ? { polygon: [turned(ring, 'shell')], fault } : { fault }
}

function ringIn(text: string): Ring | null {
  const inside = POLYGON.exec(text)?.[1]
  if (inside === undefined) return null
  const positions = inside.split(',').map((written) => positionIn(written.trim()))
  return positions.every((position) => position !== null) ? positions : null
}
function positionIn(text: string): Position | null {
  const found = POSITION.exec(text)
  if (!found) return null
  const [longitude, latitude] = [Number(found[1]), Number(found[2])]
  return Math.abs(longitude) <= 180 && Math.abs(latitude) < 90 ? [longitude, latitude] : null
}

/** Null when the ring bounds an area. */
export function faultOf(ring: Ring): PolygonFault | null {
  const [first, last] = [ring[0], ring.at(-1)]
  if (first?.[0] !== last?.[0] || first?.[1] !== last?.[1]) return 'open'
  if (ring.length < 4) return 'fewCorners'
  if (ring.length > CORNERS_MAX + 1) return 'manyCorners'
  const { flat } = planeOf([ring])
  const points = ring.map(flat)
  if (!isSimple(points)) return 'crossing'
  const size = Math.abs(signedArea(points))
  return size < SIZE_MIN ? 'small' : size > SIZE_MAX ? 'large' : null
}

/** No two edges meet but neighbours, at their corner. */
function isSimple(points: readonly Point[]): boolean {
  const edges = edgesOf(points)
  return edges.every(([from, to], index) =>
    edges.slice(index + 1).every(([start, end], further) => {
      const isNext = further === 0
      const isClosing = index === 0 && further === edges.length - 2
      if (isNext) return !isOn(from, to, end) && !isOn(start, end, from)
      return isClosing ? !isOn(from, to, start) && !isOn(start, end, to) : !meets(from, to, start, end)
    }),
  )
}

function meets(a: Point, b: Point, c: Point, d: Point): boolean {
  const crosses =
    Math.sign(cross(a, b, c)) * Math.sign(cross(a, b, d)) < 0 &&
    Math.sign(cross(c, d, a)) * Math.sign(cross(c, d, b)) < 0
  return crosses || isOn(a, b, c) || isOn(a, b, d) || isOn(c, d, a) || isOn(c, d, b)
}

/** Square metres of a sliver that counts as none: finer than any coordinate that is written. */
const SLIVER = 1e-6
const isOn = (a: Point, b: Point, point: Point): boolean =>
  Math.abs(cross(a, b, point)) < SLIVER &&
  Math.min(a[0], b[0]) <= point[0] + SLIVER &&
  point[0] <= Math.max(a[0], b[0]) + SLIVER &&
  Math.min(a[1], b[1]) <= point[1] + SLIVER &&
  point[1] <= Math.max(a[1], b[1]) + SLIVER

/** About a centimetre. */
const DECIMALS = 7

/** The shell alone. */
export const textOf = (polygon: Area): string =>
  `POLYGON((${(polygon[0] ?? []).map((position) => position.map((degrees) => degrees.toFixed(DECIMALS)).join(' ')).join(', ')}))`

/** Square metres, to the hundredth. */
export const squareMetres = (polygon: Area): number => Math.round(sizeOf(polygon) * 100) / 100
