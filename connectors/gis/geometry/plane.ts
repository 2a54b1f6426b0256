/**
 * Areas on the ground: longitude and latitude (WGS 84) laid on a plane of metres around a place, sizes, and what two areas share.
 * Pure, for server and browser. Owns the arithmetic. Does not own which polygons are acceptable (polygon.ts).
 * Exact enough: on an area some hundred metres wide the plane is wrong by less than one part in ten thousand.
 */

/** Longitude, latitude, in degrees, as GeoJSON has them (RFC 7946, 3.1.1). */
export type Position = readonly [longitude: number, latitude: number]
/** Its last position is its first. */
export type Ring = readonly Position[]
/** Rings of one or more polygons: shells counter-clockwise, holes clockwise (RFC 7946, 3.1.6). */
export type Area = readonly Ring[]

/** Metres east and north. */
export type Point = readonly [x: number, y: number]
export interface Plane {
  flat(position: Position): Point
  round(point: Point): Position
}

/** Of the ellipsoid of WGS 84. */
const SEMI_MAJOR_AXIS = 6_378_137
const ECCENTRICITY_SQUARED = 0.00669437999014
const DEGREE = Math.PI / 180

/** Tangent to the ellipsoid at that position. */
export function planeAt([longitude, latitude]: Position): Plane {
  const sine = Math.sin(latitude * DEGREE)
  const flattened = 1 - ECCENTRICITY_SQUARED * sine * sine
  const north = ((SEMI_MAJOR_AXIS * (1 - ECCENTRICITY_SQUARED)) / flattened ** 1.5) * DEGREE
  const east = (SEMI_MAJOR_AXIS / Math.sqrt(flattened)) * Math.cos(latitude * DEGREE) * DEGREE
  return {
    flat: ([lon, lat]) => [(lon - longitude) * east, (lat - latitude) * north],
    round: ([x, y]) => [longitude + x / east, latitude + y / north],
  }
}

const ORIGIN: Point = [0, 0]
export const cross = ([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): number =>
  (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)

export const edgesOf = <P>(ring: readonly P[]): readonly (readonly [P, P])[] =>
  ring.slice(1).map((to, index) => [ring[index]!, to])

/** Positive when it runs counter-clockwise; of points on a plane, square metres. */
export const signedArea = (ring: readonly Point[]): number =>
  edgesOf(ring).reduce((sum, [from, to]) => sum + cross(ORIGIN, from, to), 0) / 2

/** Square metres. */
export function sizeOf(area: Area): number {
  const { flat } = planeOf(area)
  return area.reduce((sum, ring) => sum + signedArea(ring.map(flat)), 0)
}

/** Turned as its part asks, whoever wrote it. */
export function turned(ring: Ring, part: 'shell' | 'hole'): Ring {
  const { flat } = planeOf([ring])
  return signedArea(ring.map(flat)) > 0 === (part === 'shell') ? ring : ring.toReversed()
}

export const planeOf = (area: Area): Plane => planeAt(area[0]?.[0] ?? [0, 0])

/**
 * Square metres that lie in both. An area is the sum of the triangles between one point and its edges, counted positive or negative as
 * the edge turns; so what two areas share is the sum of what their triangles share. Costs the product of the numbers of edges.
 */
export function sharedSize(one: Area, other: Area): number {
  const { flat } = planeOf(one)
  const others = trianglesOf(other, flat)
  let sum = 0
  for (const triangle of trianglesOf(one, flat))
    for (const against of others) sum += triangle.sign * against.sign * sharedByTriangles(triangle, against)
  return Math.max(sum, 0)
}

interface Triangle {
  readonly sign: 1 | -1
  /** Counter-clockwise. */
  readonly corners: readonly Point[]
  readonly box: Box
}
/** West, south, east, north. */
export type Box = readonly [west: number, south: number, east: number, north: number]

function trianglesOf(area: Area, flat: Plane['flat']): readonly Triangle[] {
  return area.flatMap((ring) =>
    edgesOf(ring.map(flat)).flatMap(([from, to]): Triangle[] => {
      const twice = cross(ORIGIN, from, to)
      if (twice === 0) return []
      const corners = [ORIGIN, ...(twice > 0 ? [from, to] : [to, from])]
      return [{ sign: twice > 0 ? 1 : -1, corners, box: boxAround(corners) }]
    }),
  )
}

export function boxAround(points: readonly (readonly [number, number])[]): Box {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)]
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
}
export const meet = (one: Box, other: Box): boolean =>
  one[0] <= other[2] && other[0] <= one[2] && one[1] <= other[3] && other[1] <= one[3]

function sharedByTriangles(one: Triangle, other: Triangle): number {
  if (!meet(one.box, other.box)) return 0
  let left: readonly Point[] = one.corners
  for (const [from, to] of edgesOf([...other.corners, other.corners[0]!])) left = leftOf(left, from, to)
  return left.length < 3 ? 0 : Math.abs(signedArea([...left, left[0]!]))
}

/** What of a convex polygon lies left of a line. */
function leftOf(corners: readonly Point[], from: Point, to: Point): readonly Point[] {
  return corners.flatMap((corner, index) => {
    const next = corners[(index + 1) % corners.length]!
    const [here, there] = [cross(from, to, corner), cross(from, to, next)]
    const kept = here >= 0 ? [corner] : []
    return here < 0 === there < 0 ? kept : [...kept, between(corner, next, here / (here - there))]
  })
}
const between = ([ax, ay]: Point, [bx, by]: Point, share: number): Point => [
  ax + (bx - ax) * share,
  ay + (by - ay) * share,
]

/** Whether a position lies in an area; on its edge, either. */
export function holds(area: Area, [x, y]: Position): boolean {
  const crossed = area
    .flatMap(edgesOf)
    .filter(([[ax, ay], [bx, by]]) => ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax))
  return crossed.length % 2 === 1
}

/** Metres from a position to the nearest point of a line. */
export function distanceTo(line: readonly Position[], position: Position): number {
  const { flat } = planeAt(position)
  return Math.min(...edgesOf(line.map(flat)).map(([from, to]) => distanceToEdge(from, to)))
}
function distanceToEdge([ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay]
  const length = dx * dx + dy * dy
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, -(ax * dx + ay * dy) / length))
  return Math.hypot(ax + along * dx, ay + along * dy)
}

/** A square of so many square metres around a position. */
export function squareAround(position: Position, size: number): Area {
  const { round } = planeAt(position)
  const half = Math.sqrt(size) / 2
  const corners: readonly Point[] = [
    [-half, -half],
    [half, -half],
    [half, half],
    [-half, half],
    [-half, -half],
  ]
  return [corners.map(round)]
}

/** What lies within half a width of each stretch of a line: its carriageway. Stretches overlap at bends. */
export function bandAlong(line: readonly Position[], width: number): Area {
  const { flat, round } = planeAt(line[0]!)
  return edgesOf(line.map(flat)).flatMap(([[ax, ay], [bx, by]]) => {
    const length = Math.hypot(bx - ax, by - ay)
    if (length === 0) return []
    const [ox, oy] = [((by - ay) / length) * (width / 2), ((ax - bx) / length) * (width / 2)]
    const corners: readonly Point[] = [
      [ax + ox, ay + oy],
      [bx + ox, by + oy],
      [bx - ox, by - oy],
      [ax - ox, ay - oy],
      [ax + ox, ay + oy],
    ]
    return [corners.map(round)]
  })
}
