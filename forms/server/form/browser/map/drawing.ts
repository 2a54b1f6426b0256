/** What somebody draws: corners and a cursor, on a plane of metres around a place. Pure. */
import { type Area, type Plane, type Point, turned } from '../../../../../connectors/gis/geometry/plane.ts'
import { CORNERS_MAX, faultOf, type PolygonFault, textOf } from '../../../../../connectors/gis/geometry/polygon.ts'

export interface Drawing {
  readonly corners: readonly Point[]
  readonly cursor: Point
}

export const EMPTY: Drawing = { corners: [], cursor: [0, 0] }

/** Beyond the last one nothing is added. */
export const withCorner = ({ corners }: Drawing, at: Point): Drawing => ({
  corners: corners.length < CORNERS_MAX ? [...corners, at] : corners,
  cursor: at,
})
export const withoutLast = ({ corners, cursor }: Drawing): Drawing => ({ corners: corners.slice(0, -1), cursor })
export const cleared = ({ cursor }: Drawing): Drawing => ({ corners: [], cursor })

/** No farther than the sheet reaches. */
export function moved({ corners, cursor: [x, y] }: Drawing, [east, north]: Point, reach: number): Drawing {
  const within = (value: number): number => Math.max(-reach, Math.min(reach, value))
  return { corners, cursor: [within(x + east), within(y + north)] }
}

/** The closed area, once it has three corners; null before. */
export function areaOf({ corners }: Drawing, { round }: Plane): Area | null {
  return corners.length < 3 ? null : [turned([...corners, corners[0]!].map(round), 'shell')]
}
/** As the field holds it: empty before there are three corners. */
export const textIn = (drawing: Drawing, plane: Plane): string => {
  const area = areaOf(drawing, plane)
  return area === null ? '' : textOf(area)
}
export const faultIn = (area: Area): PolygonFault | null => faultOf(area[0] ?? [])

/** Of what the field holds already; the last corner repeats the first. */
export const drawingOf = (area: Area, { flat }: Plane): Drawing => {
  const corners = (area[0] ?? []).slice(0, -1).map(flat)
  return { corners, cursor: corners.at(-1) ?? [0, 0] }
}
