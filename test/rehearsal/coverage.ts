/** What scenarios have taken of a procedure: each sequence flow, boundary event and rule of a decision, in numbers and as a picture. */
import type { ModdleElement } from 'bpmn-moddle'
import { SaxesParser } from 'saxes'
import { one, processesOf, readDiagram } from '../../processes/diagram.ts'
import { type Mark, picture } from '../../processes/picture.ts'

export interface Coverage {
  readonly name: string
  readonly total: number
  /** Ids that no scenario has taken. */
  readonly missed: readonly string[]
}

const TAKEN: Mark = { stroke: '#006b4a', fill: '#e6f5ef' }
const MISSED: Mark = { stroke: '#b3123a', fill: '#fbe9ee' }

/** `taken` holds `process/id` of each flow and element that any scenario has seen. */
export async function coverageOfDiagram(xml: string, taken: ReadonlySet<string>): Promise<Coverage> {
  const { process, counted, isTaken } = await partsOf(xml, taken)
  return { name: process, total: counted.length, missed: counted.filter((id) => !isTaken(id)) }
}

/** Green: taken by at least one scenario; red: by none. */
export async function coveragePicture(xml: string, taken: ReadonlySet<string>): Promise<string> {
  const { name, drawn, counted, isTaken } = await partsOf(xml, taken)
  const marks = new Map(drawn.map((id) => [id, isTaken(id) ? TAKEN : MISSED]))
  const reached = counted.filter(isTaken).length
  return picture(xml, { title: `${name}: ${reached} di ${counted.length} passaggi percorsi dagli scenari`, marks })
}

interface Parts {
  readonly process: string
  readonly name: string
  /** Flows and boundary events: what can be missed without anybody noticing. */
  readonly counted: readonly string[]
  readonly drawn: readonly string[]
  isTaken(id: string): boolean
}
async function partsOf(xml: string, taken: ReadonlySet<string>): Promise<Parts> {
  const diagram = await readDiagram(xml)
  const [process] = processesOf(diagram)
  if (process === undefined) throw new Error('Expected a process in the file, but there is none')
  const all = diagram.elements.filter(({ $type }) => !UNTAKEN.has($type))
  const elements = new Map(all.map((element) => [element.id!, element]))
  const isSeen = (id: string) => taken.has(`${process.id}/${id}`)
  return {
    process: process.id!,
    name: String(process.get('name') ?? process.id),
    drawn: all.map(({ id }) => id!),
    counted: all.filter(({ $type }) => COUNTED.has($type)).map(({ id }) => id!),
    isTaken(id) {
      const awaited = awaitedBy(elements.get(id))
      return isSeen(awaited ?? id)
    },
  }
}

/** Nobody takes a flow behind an event-based gateway: it is the event that happens (zeebe-traces: event-gateway). */
function awaitedBy(flow: ModdleElement | undefined): string | null {
  const isAwaited = flow !== undefined && one(flow, 'sourceRef')?.$type === 'bpmn:EventBasedGateway'
  return isAwaited ? (one(flow, 'targetRef')?.id ?? null) : null
}

/** Notes are never taken. */
const UNTAKEN: ReadonlySet<string> = new Set(['bpmn:TextAnnotation', 'bpmn:Association'])
const COUNTED: ReadonlySet<string> = new Set(['bpmn:SequenceFlow', 'bpmn:BoundaryEvent'])

/** One for each decision table of a model; `matched` holds `decision/rule`. A decision without rules is met by being evaluated. */
export function coverageOfDecisions(xml: string, matched: ReadonlySet<string>): readonly Coverage[] {
  const decisions: { id: string; rules: string[] }[] = []
  const parser = new SaxesParser()
  parser.on('opentag', ({ name, attributes }) => {
    const tag = name.replace(/^.*:/, '')
    if (tag === 'decision') decisions.push({ id: attributes.id ?? '', rules: [] })
    if (tag === 'rule') decisions.at(-1)?.rules.push(attributes.id ?? '')
  })
  parser.write(xml).close()
  return decisions.map(({ id, rules }) => {
    const counted = rules.length === 0 ? [id] : rules.map((rule) => `${id}/${rule}`)
    return { name: id, total: counted.length, missed: counted.filter((rule) => !matched.has(rule)) }
  })
}
