/** The diagrams look right in the Modeler: everything is drawn, nothing covers anything, each flow leads where it says. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ModdleElement } from 'bpmn-moddle'
import { type Bounds, type Edge, isA, one, type Point, type Shape } from '../../processes/diagram.ts'
import { type Delivered, diagrams } from './diagrams.ts'

const found = (check: (diagram: Delivered) => readonly string[]): void =>
  assert.deepEqual(
    diagrams.flatMap((diagram) => check(diagram).map((fault) => `${diagram.path}: ${fault}`)),
    [],
  )

const isConnection = (element: ModdleElement): boolean => isA(element, 'SequenceFlow') || isA(element, 'Association')
const isBoundaryEvent = (element: ModdleElement): boolean => isA(element, 'BoundaryEvent')
const isContainer = (element: ModdleElement): boolean => isA(element, 'SubProcess')
const hasLabelOutside = (element: ModdleElement): boolean => isA(element, 'Event') || isA(element, 'Gateway')
const isNamed = (element: ModdleElement): boolean => (element.get('name') ?? '') !== ''

const right = ({ x, width }: Bounds): number => x + width
const bottom = ({ y, height }: Bounds): number => y + height
const middle = (bounds: Bounds): Point => ({ x: bounds.x + bounds.width / 2, y: bounds.y + bounds.height / 2 })
const overlap = (one: Bounds, other: Bounds): boolean =>
  one.x < right(other) && other.x < right(one) && one.y < bottom(other) && other.y < bottom(one)
const contains = (outer: Bounds, inner: Bounds): boolean =>
  inner.x > outer.x && right(inner) < right(outer) && inner.y > outer.y && bottom(inner) < bottom(outer)

/** Whether a point lies on the outline, as the Modeler draws it: circle, diamond or rectangle. */
function isOnOutline({ element, bounds }: Shape, point: Point): boolean {
  const centre = middle(bounds)
  const [dx, dy] = [Math.abs(point.x - centre.x), Math.abs(point.y - centre.y)]
  const [rx, ry] = [bounds.width / 2, bounds.height / 2]
  const isNear = (distance: number): boolean => Math.abs(distance) <= 1
  if (isA(element, 'Event')) return isNear(Math.hypot(dx, dy) - rx)
  if (isA(element, 'Gateway')) return isNear(dx + dy - rx)
  return (isNear(dx - rx) && dy <= ry) || (isNear(dy - ry) && dx <= rx)
}

const pairs = <Item>(items: readonly Item[]): [Item, Item][] =>
  items.flatMap((one, index) => items.slice(index + 1).map((other): [Item, Item] => [one, other]))
const segments = ({ waypoints }: Edge): [Point, Point][] =>
  waypoints.slice(1).map((point, index) => [waypoints[index]!, point])
const ancestors = (element: ModdleElement): ModdleElement[] =>
  element.$parent === undefined ? [] : [element.$parent, ...ancestors(element.$parent)]

test('every element is drawn', () => {
  found(({ elements, shapes, edges }) =>
    elements.filter(({ id }) => !shapes.has(id!) && !edges.has(id!)).map(({ id }) => `${id} is not drawn`),
  )
})

test('what has a name shows it', () => {
  found(({ shapes, edges }) =>
    [...shapes.values(), ...edges.values()]
      .filter(({ element, label }) => isNamed(element) && label === null)
      .filter(({ element }) => hasLabelOutside(element) || isConnection(element))
      .map(({ element }) => `${element.id} has no place for its name`),
  )
})

test('sub-processes hold what is in them, boundary events sit on the border', () => {
  found(({ shapes }) =>
    [...shapes.values()].flatMap(({ element, bounds }) => {
      const scope = shapes.get(element.$parent?.id ?? '')
      const escapes = scope !== undefined && !contains(scope.bounds, bounds)
      const host = isBoundaryEvent(element) ? shapes.get(one(element, 'attachedToRef')!.id!) : undefined
      const floats = host !== undefined && !isOnOutline(host, middle(bounds))
      return [...(escapes ? [`${element.id} leaves its scope`] : []), ...(floats ? [`${element.id} floats`] : [])]
    }),
  )
})

test('shapes and names do not cover each other', () => {
  found(({ shapes, edges }) => {
    const isOnOther = (one: Shape, other: Shape): boolean =>
      one.element.get('attachedToRef') === other.element || ancestors(one.element).includes(other.element)
    const covered = pairs([...shapes.values()])
      .filter(([one, other]) => overlap(one.bounds, other.bounds) && !isOnOther(one, other) && !isOnOther(other, one))
      .map(([one, other]) => `${one.element.id} and ${other.element.id} overlap`)
    const labels = [...shapes.values(), ...edges.values()].flatMap(({ element, label }) =>
      label === null ? [] : [{ id: element.id, label }],
    )
    const solid = [...shapes.values()].filter(({ element }) => !isContainer(element))
    return [
      ...covered,
      ...pairs(labels)
        .filter(([one, other]) => overlap(one.label, other.label))
        .map(([one, other]) => `the names of ${one.id} and ${other.id} overlap`),
      ...labels.flatMap(({ id, label }) =>
        solid
          .filter(({ bounds }) => overlap(label, bounds))
          .map(({ element }) => `the name of ${id} covers ${element.id}`),
      ),
    ]
  })
})

test('flows leave and reach the outline of the shapes they join, and run straight', () => {
  found(({ shapes, edges }) =>
    [...edges.values()].flatMap((edge) => {
      const ends = [
        ['sourceRef', edge.waypoints[0]!],
        ['targetRef', edge.waypoints.at(-1)!],
      ] as const
      const loose = ends
        .filter(([end, point]) => !isOnOutline(shapes.get(one(edge.element, end)!.id!)!, point))
        .map(([end]) => `${edge.element.id} does not touch its ${end}`)
      const slanting = segments(edge).some(([from, to]) => from.x !== to.x && from.y !== to.y)
      return slanting && isA(edge.element, 'SequenceFlow') ? [...loose, `${edge.element.id} slants`] : loose
    }),
  )
})

/** A straight run as the area it covers, shortened by a pixel at each end. */
const trace = ([from, to]: [Point, Point]): Bounds => ({
  x: Math.min(from.x, to.x) + 1,
  y: Math.min(from.y, to.y) + 1,
  width: Math.max(Math.abs(from.x - to.x) - 2, 0.1),
  height: Math.max(Math.abs(from.y - to.y) - 2, 0.1),
})

test('flows run through no shape and no name but their own', () => {
  found(({ shapes, edges }) =>
    [...edges.values()]
      .filter(({ element }) => isA(element, 'SequenceFlow'))
      .flatMap((edge) => {
        const runs = segments(edge).map(trace)
        const own = [one(edge.element, 'sourceRef')!, one(edge.element, 'targetRef')!]
        const around = new Set([...own, ...own.flatMap(ancestors)])
        const crosses = (area: Bounds): boolean => runs.some((run) => overlap(run, area))
        return [...shapes.values()].flatMap(({ element, bounds, label }) => [
          ...(crosses(bounds) && !around.has(element) ? [`${edge.element.id} runs through ${element.id}`] : []),
          ...(label !== null && crosses(label) ? [`${edge.element.id} runs through the name of ${element.id}`] : []),
        ])
      }),
  )
})

test('no flow runs on another, unless they meet at the same end', () => {
  found(({ edges }) =>
    pairs([...edges.values()].filter(({ element }) => isA(element, 'SequenceFlow')))
      .filter(([one, other]) => one.element.get('targetRef') !== other.element.get('targetRef'))
      .filter(([one, other]) => segments(one).some((run) => segments(other).some((second) => share(run, second))))
      .map(([one, other]) => `${one.element.id} runs on ${other.element.id}`),
  )
})

function share(one: [Point, Point], other: [Point, Point]): boolean {
  const isVertical = ([from, to]: [Point, Point]): boolean => from.x === to.x
  return isVertical(one) === isVertical(other) && overlap(trace(one), trace(other))
}
