import type { ExecutableElement, Loop, LoopedActivity, LoopOutput, MultiInstanceBody } from '../executable.ts'
import { type ActivityElement, extension, is, type LoopCharacteristics, textOf } from '../source.ts'
import type { Building } from './building.ts'

/** Puts the body around an activity that has a multi-instance marker; any other element is returned as it is. */
export function looped(b: Building, node: ActivityElement, element: ExecutableElement): ExecutableElement {
  const { loopCharacteristics: marker } = node
  // An event sub-process has no boundary events and does not loop.
  if (!is(marker, 'bpmn:MultiInstanceLoopCharacteristics') || !('boundaryEvents' in element)) return element
  const characteristics = extension(marker, 'zeebe:LoopCharacteristics')
  if (characteristics === undefined) throw new Error(`Expected ${node.id} to have loop characteristics`)
  const condition = textOf(marker.completionCondition)
  return around(element as LoopedActivity, {
    isSequential: marker.isSequential ?? false,
    inputCollection: b.expressions.of(characteristics.inputCollection ?? ''),
    inputElement: characteristics.inputElement || null,
    output: output(b, characteristics),
    completionCondition: condition ? b.expressions.of(condition) : null,
  })
}

function around(activity: LoopedActivity, loop: Loop): MultiInstanceBody {
  const { id, name, bpmnEventType, flowScope, incoming, outgoing, boundaryEvents } = activity
  return {
    kind: 'multi-instance-body',
    id,
    name,
    bpmnElementType: 'MULTI_INSTANCE_BODY',
    bpmnEventType,
    flowScope,
    incoming,
    outgoing,
    inputs: null,
    outputs: null,
    listeners: { start: [], end: [] },
    retryBackoffs: [],
    boundaryEvents,
    loop,
    inner: { ...activity, bpmnEventType: 'UNSPECIFIED', flowScope: id, incoming: [], outgoing: [], boundaryEvents: [] },
  }
}

export function output(
  b: Building,
  { outputCollection, outputElement }: Pick<LoopCharacteristics, 'outputCollection' | 'outputElement'>,
): LoopOutput | null {
  if (!outputCollection || !outputElement) return null
  const element = b.expressions.of(outputElement)
  return {
    collection: outputCollection,
    element,
    variable: element.kind === 'feel' ? variableIn(element.source) : null,
  }
}

const VARIABLE = /^\s*(?!(?:true|false|null)\b)([\p{L}_?][\p{L}\p{N}_?]*)(?:\s*\.\s*[\p{L}_?][\p{L}\p{N}_?]*)*\s*$/u
const variableIn = (source: string): string | null => VARIABLE.exec(source)?.[1] ?? null
