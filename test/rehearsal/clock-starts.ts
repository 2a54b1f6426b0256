/** Tells which diagrams time alone starts, again and again. */
import { isA, many, processesOf, readDiagram } from '../../processes/diagram.ts'
import type { DeployableResource } from '../../processes/resources.ts'

export async function isStartedByClock({ name, content }: DeployableResource): Promise<boolean> {
  if (!name.endsWith('.bpmn')) return false
  const starts = processesOf(await readDiagram(new TextDecoder().decode(content)))
    .flatMap((process) => many(process, 'flowElements'))
    .filter((element) => isA(element, 'StartEvent'))
  return starts.some((start) => many(start, 'eventDefinitions').some((each) => isA(each, 'TimerEventDefinition')))
}
