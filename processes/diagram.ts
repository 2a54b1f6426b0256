/** A BPMN file as its author drew it: what is in it, and where it lies. Owns the reading; does not own looks (picture.ts). */
import { createRequire } from 'node:module'
import { BpmnModdle, type ModdleElement } from 'bpmn-moddle'

export interface Point {
  readonly x: number
  readonly y: number
}
export interface Bounds extends Point {
  readonly width: number
  readonly height: number
}
export interface Shape {
  readonly element: ModdleElement
  readonly bounds: Bounds
  readonly label: Bounds | null
}
export interface Edge {
  readonly element: ModdleElement
  readonly waypoints: readonly Point[]
  readonly label: Bounds | null
}
export interface Diagram {
  readonly definitions: ModdleElement
  /** Everything inside the processes, containers before what they contain. */
  readonly elements: readonly ModdleElement[]
  /** By the id of what they show, in the order in which they are drawn. */
  readonly shapes: ReadonlyMap<string, Shape>
  readonly edges: ReadonlyMap<string, Edge>
}

export const isA = (element: ModdleElement, type: string): boolean => element.$instanceOf?.(`bpmn:${type}`) ?? false
export const one = (element: ModdleElement, property: string): ModdleElement | undefined =>
  element.get(property) as ModdleElement | undefined
export const many = (element: ModdleElement, property: string): readonly ModdleElement[] =>
  (element.get(property) as readonly ModdleElement[] | undefined) ?? []
export const text = (element: ModdleElement, property: string): string =>
  (element.get(property) as string | undefined) ?? ''

/** Throws an `Error` that names what cannot be read. */
export async function readDiagram(xml: string): Promise<Diagram> {
  const { rootElement: definitions, warnings } = await new BpmnModdle({ zeebe }).fromXML(xml, 'bpmn:Definitions')
  if (warnings.length > 0) throw new Error(warnings.map(({ message }) => message).join('\n'))
  const drawn = many(definitions, 'diagrams').flatMap((diagram) => many(one(diagram, 'plane')!, 'planeElement'))
  return {
    definitions,
    elements: processesOf({ definitions }).flatMap((process) => [...within(process)]),
    shapes: new Map(drawn.filter(({ $type }) => $type === 'bpmndi:BPMNShape').map(shape)),
    edges: new Map(drawn.filter(({ $type }) => $type === 'bpmndi:BPMNEdge').map(edge)),
  }
}

export const processesOf = ({ definitions }: Pick<Diagram, 'definitions'>): readonly ModdleElement[] =>
  many(definitions, 'rootElements').filter((element) => isA(element, 'Process'))

const zeebe = createRequire(import.meta.url)('zeebe-bpmn-moddle/resources/zeebe.json') as object

function* within(scope: ModdleElement): Generator<ModdleElement> {
  for (const element of [...many(scope, 'flowElements'), ...many(scope, 'artifacts')]) {
    yield element
    if (isA(element, 'SubProcess')) yield* within(element)
  }
}

const side = (element: ModdleElement, name: string): number => element.get(name) as number
const bounds = (element: ModdleElement | undefined): Bounds | null => {
  const found = element && one(element, 'bounds')
  return found
    ? { x: side(found, 'x'), y: side(found, 'y'), width: side(found, 'width'), height: side(found, 'height') }
    : null
}
const shape = (drawn: ModdleElement): [string, Shape] => {
  const element = one(drawn, 'bpmnElement')!
  return [element.id!, { element, bounds: bounds(drawn)!, label: bounds(one(drawn, 'label')) }]
}
const edge = (drawn: ModdleElement): [string, Edge] => {
  const element = one(drawn, 'bpmnElement')!
  const waypoints = many(drawn, 'waypoint').map((point) => ({ x: side(point, 'x'), y: side(point, 'y') }))
  return [element.id!, { element, waypoints, label: bounds(one(drawn, 'label')) }]
}
