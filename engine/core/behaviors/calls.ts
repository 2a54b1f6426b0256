/** Which definition a call activity, a decision or a form link means. */
import type { Binding, CallActivity } from '../../model/executable.ts'
import type { Key } from '../../protocol/records.ts'
import type { Processing } from '../processing.ts'
import type { ElementInstance, ProcessDefinition } from '../state/rows.ts'
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

const sought = {
  process: { how: 'call process with BPMN process id', by: 'process id', aim: 'process definition to call' },
  decision: { how: 'evaluate decision with id', by: 'id', aim: 'decision to evaluate' },
  form: { how: 'use a form with id', by: 'id', aim: 'form to use' },
} as const

/** Why a binding to a deployment or a tag finds nothing; null for the latest, of which each kind speaks in its own words. */
export function unbound(kind: keyof typeof sought, id: string, binding: Binding, deploymentKey: Key): string | null {
  const { how, by, aim } = sought[kind]
  switch (binding.type) {
    case 'latest':
      return null
    case 'deployment':
      return `Expected to ${how} '${id}' with binding type 'deployment', but no such ${kind} found in the deployment with key ${deploymentKey} which contained the current process. To resolve this incident, migrate the process instance to a process definition that is deployed together with the intended ${aim}.`
    case 'versionTag':
      return `Expected to ${how} '${id}' and version tag '${binding.versionTag}', but no such ${kind} found. To resolve this incident, deploy a ${kind} with the given ${by} and version tag.`
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
  const deploymentKey = deploymentOf(p, instance)
  const definition = bind(versions, element.binding, deploymentKey)
  if (definition === undefined) {
    return failed(
      'CALLED_ELEMENT_ERROR',
      unbound('process', id.value, element.binding, deploymentKey) ??
        `Expected process with BPMN process id '${id.value}' to be deployed, but not found.`,
    )
  }
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

/** How many processes stand above, its own included. */
function callDepth(p: Processing, instance: ElementInstance): number {
  let depth = 1
  for (let at = p.instance(instance.processInstanceKey); at.parentProcessInstanceKey > 0; depth++)
    at = p.instance(at.parentProcessInstanceKey)
  return depth
}
