/** The delivered diagrams as their authors drew them. */
import type { ModdleElement } from 'bpmn-moddle'
import { type Diagram, many, one, readDiagram } from '../../processes/diagram.ts'
import { filesLike, textOf } from '../house/sources.ts'

/** The Zeebe extensions of one type on an element. */
export const extensions = (element: ModdleElement, type: string): readonly ModdleElement[] => {
  const values = one(element, 'extensionElements')
  return values === undefined ? [] : many(values, 'values').filter(({ $type }) => $type === `zeebe:${type}`)
}

export interface Delivered extends Diagram {
  readonly path: string
}
export const diagrams: readonly Delivered[] = await Promise.all(
  filesLike('processes/**/*.bpmn').map(async (path) => ({ path, ...(await readDiagram(textOf(path))) })),
)
/** Each element of each diagram, with the file it is in. */
export const everyElement = diagrams.flatMap(({ path, elements }) => elements.map((element) => ({ path, element })))
