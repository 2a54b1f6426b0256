/** The decisions look right in the Modeler: everything is drawn, nothing covers anything, each requirement leads where it says. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Element, readElements } from '../../engine/feel/dmn/xml.ts'
import type { Bounds, Point } from '../../processes/diagram.ts'
import { filesLike, textOf } from '../house/sources.ts'

interface Requirement {
  readonly id: string
  readonly from: string
  readonly to: string
}
interface Graph {
  readonly path: string
  /** Ids of decisions, input data and business knowledge models. */
  readonly nodes: readonly string[]
  readonly requirements: readonly Requirement[]
  readonly shapes: ReadonlyMap<string, Bounds>
  readonly edges: ReadonlyMap<string, readonly Point[]>
}

const NODES = ['decision', 'inputData', 'businessKnowledgeModel']
const attribute = (element: Element, name: string): string => element.attribute(name) ?? ''
const side = (element: Element, name: string): number => Number(attribute(element, name))

function graphOf(path: string): Graph {
  const definitions = readElements(textOf(path))
  const nodes = NODES.flatMap((kind) => definitions.all(kind))
  const drawn = definitions.all('DMNDI').flatMap((di) => di.all('DMNDiagram'))
  const requirements = nodes.flatMap((node) =>
    ['informationRequirement', 'knowledgeRequirement']
      .flatMap((kind) => node.all(kind))
      .map((one) => ({
        id: attribute(one, 'id'),
        from: attribute(one.children[0]!, 'href').replace('#', ''),
        to: attribute(node, 'id'),
      })),
  )
  const shapes = drawn
    .flatMap((diagram) => diagram.all('DMNShape'))
    .map((shape) => {
      const box = shape.child('Bounds')!
      const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((name) => side(box, name))
      return [attribute(shape, 'dmnElementRef'), { x: x!, y: y!, width: width!, height: height! }] as const
    })
  const edges = drawn
    .flatMap((diagram) => diagram.all('DMNEdge'))
    .map((edge) => {
      const points = edge.all('waypoint').map((point) => ({ x: side(point, 'x'), y: side(point, 'y') }))
      return [attribute(edge, 'dmnElementRef'), points] as const
    })
  return {
    path,
    nodes: nodes.map((node) => attribute(node, 'id')),
    requirements,
    shapes: new Map(shapes),
    edges: new Map(edges),
  }
}

const graphs = [...filesLike('processes/**/*.dmn'), ...filesLike('docs/**/*.dmn')].map(graphOf)
const found = (check: (graph: Graph) => readonly string[]): void =>
  assert.deepEqual(
    graphs.flatMap((graph) => check(graph).map((fault) => `${graph.path}: ${fault}`)),
    [],
  )

const overlap = (one: Bounds, other: Bounds): boolean =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height
const isNear = (distance: number): boolean => Math.abs(distance) <= 1
function isOnOutline({ x, y, width, height }: Bounds, point: Point): boolean {
  const dx = Math.abs(point.x - (x + width / 2)) - width / 2
  const dy = Math.abs(point.y - (y + height / 2)) - height / 2
  return (isNear(dx) && dy <= 1) || (isNear(dy) && dx <= 1)
}
/** Whether a straight run passes through the box: cut to the box side by side (Liang and Barsky), something is left. */
function crosses(from: Point, to: Point, { x, y, width, height }: Bounds): boolean {
  let [enter, leave] = [0, 1]
  for (const [step, before, after] of [
    [to.x - from.x, x - from.x, x + width - from.x],
    [to.y - from.y, y - from.y, y + height - from.y],
  ] as const) {
    if (step === 0 && (before > 0 || after < 0)) return false
    if (step === 0) continue
    enter = Math.max(enter, Math.min(before / step, after / step))
    leave = Math.min(leave, Math.max(before / step, after / step))
  }
  return enter < leave
}

test('every decision, input and requirement is drawn, and nothing else', () => {
  assert.ok(graphs.some(({ requirements }) => requirements.length > 10))
  found(({ nodes, requirements, shapes, edges }) => {
    const [wanted, seen] = [
      [...nodes, ...requirements.map(({ id }) => id)],
      [...shapes.keys(), ...edges.keys()],
    ]
    return [
      ...wanted.filter((id) => !seen.includes(id)).map((id) => `${id} is not drawn`),
      ...seen.filter((id) => !wanted.includes(id)).map((id) => `${id} is drawn, and is not there`),
    ]
  })
})

test('what is required is there, each thing once', () => {
  found(({ nodes, requirements }) => [
    ...requirements.filter(({ from }) => !nodes.includes(from)).map(({ id, from }) => `${id} requires ${from}`),
    ...requirements
      .filter(({ from, to }, at) => requirements.findIndex((one) => one.from === from && one.to === to) !== at)
      .map(({ id }) => `${id} is there twice`),
  ])
})

test('shapes do not cover each other', () => {
  found(({ shapes }) =>
    [...shapes].flatMap(([id, bounds], at) =>
      [...shapes]
        .slice(at + 1)
        .filter(([, other]) => overlap(bounds, other))
        .map(([other]) => `${id} and ${other} overlap`),
    ),
  )
})

test('a requirement leads from the outline of what is required to that of what requires it, through nothing else', () => {
  found(({ requirements, shapes, edges }) =>
    requirements.flatMap(({ id, from, to }) => {
      const points = edges.get(id) ?? []
      const loose = [
        [from, points[0]],
        [to, points.at(-1)],
      ] as const
      const runs = points.slice(1).map((point, at) => [points[at]!, point] as const)
      const others = [...shapes].filter(([other]) => other !== from && other !== to)
      return [
        ...loose
          .filter(([end, point]) => point === undefined || !isOnOutline(shapes.get(end)!, point))
          .map(([end]) => `${id} does not touch ${end}`),
        ...others
          .filter(([, bounds]) => runs.some(([start, end]) => crosses(start, end, bounds)))
          .map(([other]) => `${id} runs through ${other}`),
      ]
    }),
  )
})

test('what others see of a decision is named, by a name that an expression can say', () => {
  const required = (path: string) => {
    const definitions = readElements(textOf(path))
    const uses = definitions.all('decision').flatMap((decision) => decision.all('informationRequirement'))
    const ids = uses.flatMap((use) => use.all('requiredDecision')).map((one) => attribute(one, 'href').slice(1))
    return definitions.all('decision').filter((decision) => ids.includes(attribute(decision, 'id')))
  }
  found(({ path }) =>
    required(path)
      .filter((decision) => !/^\p{L}[\p{L}\p{N}_]*$/u.test(decision.child('variable')?.attribute('name') ?? ''))
      .map((decision) => `${attribute(decision, 'id')} has no name for others`),
  )
})
