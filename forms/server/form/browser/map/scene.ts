/** A sheet of the town's map as SVG, in metres around its centre; north is up. Owns how it looks. Does not own what is drawn on it. */
/// <reference lib="dom" />
import { type Area, distanceTo, type Plane, type Point } from '../../../../../connectors/gis/geometry/plane.ts'
import type { MapSheet } from '../../../../../connectors/gis/geometry/sheet.ts'

const SVG = 'http://www.w3.org/2000/svg'

export function shape(name: string, given: Readonly<Record<string, string | number>>, text = ''): SVGElement {
  const element = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(given)) element.setAttribute(key, String(value))
  element.textContent = text
  return element
}

/** SVG counts downwards. */
export const placed = ([x, y]: Point): Point => [x, -y]
const path = (points: readonly Point[]): string =>
  `M${points
    .map((point) =>
      placed(point)
        .map((metres) => metres.toFixed(2))
        .join(' '),
    )
    .join('L')}`
export const outline = (area: Area, { flat }: Plane): string => area.map((ring) => `${path(ring.map(flat))}Z`).join('')
export const lineOf = path

export function sceneOf({ strade, civici, zone, vincoli }: MapSheet, plane: Plane): readonly SVGElement[] {
  const { flat } = plane
  return [
    ...zone.map(({ area }) => shape('path', { class: 'iter-map-zone', d: outline(area, plane) })),
    // All edges before all streets, so that crossings stay open.
    ...strade.map(({ asse, larghezza }) => band('iter-map-kerb', asse.map(flat), larghezza + 2 * KERB)),
    ...strade.map(({ asse, larghezza }) => band('iter-map-street', asse.map(flat), larghezza)),
    ...vincoli.map(({ area }) => shape('path', { class: 'iter-map-constraint', d: outline(area, plane) })),
    ...strade.map(({ nome, asse }) => named(nome, asse.map(flat))),
    ...civici.map(({ civico, punto }) => {
      const [x, y] = placed(flat(punto))
      return shape('text', { class: 'iter-map-number', x, y }, civico)
    }),
  ]
}

/** Metres. */
const KERB = 0.3
const band = (look: string, axis: readonly Point[], width: number): SVGElement =>
  shape('path', { class: look, d: path(axis), 'stroke-width': width })

/** Along the stretch that comes nearest to the centre, never upside down. */
function named(name: string, axis: readonly Point[]): SVGElement {
  const [from, to] = [placed(axis[0]!), placed(axis.at(-1)!)]
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1
  const [ux, uy] = [(to[0] - from[0]) / length, (to[1] - from[1]) / length]
  const along = Math.max(0, Math.min(length, -(from[0] * ux + from[1] * uy) - NAME_AWAY))
  const turn = (Math.atan2(uy, ux) * 180) / Math.PI
  const upright = turn > 90 || turn <= -90 ? turn + 180 : turn
  const [x, y] = [from[0] + ux * along, from[1] + uy * along]
  return shape('text', { class: 'iter-map-name', transform: `translate(${x} ${y}) rotate(${upright})` }, name)
}
/** Metres from the centre, where people draw. */
const NAME_AWAY = 22

/** The street on which a point lies. */
export function streetAt({ strade }: MapSheet, { round }: Plane, point: Point): string | null {
  const position = round(point)
  const near = strade.map(({ nome, asse, larghezza }) => ({ nome, away: distanceTo(asse, position) - larghezza / 2 }))
  const nearest = near.toSorted((one, other) => one.away - other.away)[0]
  return nearest !== undefined && nearest.away <= 0 ? nearest.nome : null
}
