/** Which definition a call activity, a decision or a form link means. */
import type { Binding, CallActivity } from '../../model/executable.ts'
import type { Key } from '../../protocol/records.ts'
import type { Processing } from '../processing.ts'
import type { ElementInstance, ProcessDefinition } from '../state.ts'
import { extractText, failed, type Result, value } from './expressions.ts'

/** So many processes may call one another in a row, as in Zeebe; what calls itself would do so for ever. */
const CALL_DEPTH_MAX = 1_000

interface Bound {
  readonly version: number
  readonly versionTag: string
  readonly deploymentKey: Key
  readonly deleted: boolean
}

/** Of several versions the one the binding names; for a tag the youngest that carries it. */
export function bind<R extends Bound>(versions: Iterable<R>, binding: Binding, deploymentKey: Key): R | undefined {
  let best: R | undefined
  for (const row of versions) {
    if (row.deleted) continue
    if (binding.type === 'versionTag' && row.versionTag !== binding.versionTag) continue
    if (binding.type === 'deployment' && row.deploymentKey !== deploymentKey) continue
    if (best === undefined || row.version > best.version) best = row
  }
  return best
}

/** How an incident says which one was looked for. */
export function boundAs(binding: Binding): string {
  switch (binding.type) {
    case 'latest':
      return ''
    case 'deployment':
      return ' in current deployment'
    case 'versionTag':
      return ` and version tag '${binding.versionTag}'`
  }
}

export function deploymentOf(p: Processing, instance: ElementInstance): Key {
  return p.state.get('processDefinition', instance.processDefinitionKey)?.deploymentKey ?? -1
}

export function calledProcess(
  p: Processing,
  element: CallActivity,
  instance: ElementInstance,
): Result<ProcessDefinition> {
  const id = extractText(p, instance.key, element.processId)
  if (!id.ok) return id
  const versions = p.state.find('processesWithId', instance.tenantId, id.value).values()
  const definition = bind(versions, element.binding, deploymentOf(p, instance))
  if (definition === undefined) return failed('CALLED_ELEMENT_ERROR', notFound(p, id.value, element.binding, instance))
  if (p.process(definition.key).process.startEvent === null) {
    return failed(
      'CALLED_ELEMENT_ERROR',
      `Expected process with BPMN process id '${id.value}' to have a none start event, but not found.`,
    )
  }
  if (callDepth(p, instance) >= CALL_DEPTH_MAX) {
    return failed(
      'CALLED_ELEMENT_ERROR',
      `The call activity has reached the maximum depth of ${CALL_DEPTH_MAX}. This is likely due to a recursive call. Cancel the root process instance if this was unintentional.`,
    )
  }
  return value(definition)
}

function notFound(p: Processing, id: string, binding: Binding, instance: ElementInstance): string {
  switch (binding.type) {
    case 'latest':
      return `Expected process with BPMN process id '${id}' to be deployed, but not found.`
    case 'deployment':
      return `Expected to call process with BPMN process id '${id}' with binding type 'deployment', but no such process found in the deployment with key ${deploymentOf(p, instance)} which contained the current process. To resolve this incident, migrate the process instance to a process definition that is deployed together with the intended process definition to call.`
    case 'versionTag':
      return `Expected to call process with BPMN process id '${id}' and version tag '${binding.versionTag}', but no such process found. To resolve this incident, deploy a process with the given process id and version tag.`
  }
}

/** How many processes stand above, its own included. */
function callDepth(p: Processing, instance: ElementInstance): number {
  let depth = 1
  for (let at = p.instance(instance.processInstanceKey); at.parentProcessInstanceKey > 0; depth++)
    at = p.instance(at.parentProcessInstanceKey)
  return depth
}
