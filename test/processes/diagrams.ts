/** The delivered diagrams, decisions and forms as their authors drew them. */
import { createRequire } from 'node:module'
import { BpmnModdle, type ModdleElement } from 'bpmn-moddle'
import { filesLike, textOf } from '../house/sources.ts'

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
  readonly path: string
  readonly definitions: ModdleElement
  /** Everything inside the processes, containers before what they contain. */
  readonly elements: readonly ModdleElement[]
  readonly shapes: ReadonlyMap<string, Shape>
  readonly edges: ReadonlyMap<string, Edge>
}

export const isA = (element: ModdleElement, type: string): boolean => element.$instanceOf?.(`bpmn:${type}`) ?? false
export const one = (element: ModdleElement, property: string): ModdleElement | undefined =>
  element.get(property) as ModdleElement | undefined
export const many = (element: ModdleElement, property: string): readonly ModdleElement[] =>
  (element.get(property) as readonly ModdleElement[] | undefined) ?? []
export const text = (element: ModdleElement, property: string): string => (element.get(property) as string) ?? ''

/** The Zeebe extensions of one type on an element. */
export const extensions = (element: ModdleElement, type: string): readonly ModdleElement[] => {
  const values = one(element, 'extensionElements')
  return values === undefined ? [] : many(values, 'values').filter(({ $type }) => $type === `zeebe:${type}`)
}

async function read(path: string): Promise<Diagram> {
  const zeebe = createRequire(import.meta.url)('zeebe-bpmn-moddle/resources/zeebe.json')
  const { rootElement, warnings } = await new BpmnModdle({ zeebe }).fromXML(textOf(path), 'bpmn:Definitions')
  if (warnings.length > 0) throw new Error(`${path}: ${warnings.map(({ message }) => message).join('\n')}`)
  const processes = many(rootElement, 'rootElements').filter((element) => isA(element, 'Process'))
  const drawn = many(rootElement, 'diagrams').flatMap((diagram) => many(one(diagram, 'plane')!, 'planeElement'))
  return {
    path,
    definitions: rootElement,
    elements: processes.flatMap((process) => [...within(process)]),
    shapes: new Map(drawn.filter(({ $type }) => $type === 'bpmndi:BPMNShape').map(shape)),
    edges: new Map(drawn.filter(({ $type }) => $type === 'bpmndi:BPMNEdge').map(edge)),
  }
}

function* within(scope: ModdleElement): Generator<ModdleElement> {
  for (const element of [...many(scope, 'flowElements'), ...many(scope, 'artifacts')]) {
    yield element
    if (isA(element, 'SubProcess')) yield* within(element)
  }
}

const bounds = (element: ModdleElement | undefined): Bounds | null => {
  const found = element && one(element, 'bounds')
  const side = (name: string): number => found!.get(name) as number
  return found ? { x: side('x'), y: side('y'), width: side('width'), height: side('height') } : null
}
const shape = (drawn: ModdleElement): [string, Shape] => {
  const element = one(drawn, 'bpmnElement')!
  return [element.id!, { element, bounds: bounds(drawn)!, label: bounds(one(drawn, 'label')) }]
}
const edge = (drawn: ModdleElement): [string, Edge] => {
  const element = one(drawn, 'bpmnElement')!
  const waypoints = many(drawn, 'waypoint').map((point) => ({
    x: point.get('x') as number,
    y: point.get('y') as number,
  }))
  return [element.id!, { element, waypoints, label: bounds(one(drawn, 'label')) }]
}

export const diagrams: readonly Diagram[] = await Promise.all(filesLike('processes/**/*.bpmn').map(read))
/** Each element of each diagram, with the file it is in. */
export const everyElement = diagrams.flatMap(({ path, elements }) => elements.map((element) => ({ path, element })))
