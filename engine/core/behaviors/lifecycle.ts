/**
 * The transitions of an element instance and the events that record them. Knows no element kind's rules.
 *
 *   ACTIVATING → ACTIVATED → COMPLETING → COMPLETED        and from each of the first three: → TERMINATING → TERMINATED
 */
import type { ExecutableElement, SequenceFlow } from '../../model/executable.ts'
import type { Key, ProcessInstanceValue } from '../../protocol/records.ts'
import type { Processing } from '../processing.ts'
import type { ElementInstance, Trigger } from '../state/rows.ts'

type Intent =
  | 'ELEMENT_ACTIVATED'
  | 'ELEMENT_COMPLETING'
  | 'ELEMENT_COMPLETED'
  | 'ELEMENT_TERMINATING'
  | 'ELEMENT_TERMINATED'

/** What every PROCESS_INSTANCE record of an instance says of it. */
function processInstanceValue(element: ExecutableElement, instance: ElementInstance): Partial<ProcessInstanceValue> {
  return {
    bpmnElementType: element.bpmnElementType,
    bpmnEventType: element.bpmnEventType,
    elementId: element.id,
    processDefinitionKey: instance.processDefinitionKey,
    processInstanceKey: instance.processInstanceKey,
    flowScopeKey: instance.flowScopeKey,
    parentProcessInstanceKey: instance.parentProcessInstanceKey,
    parentElementInstanceKey: instance.parentElementInstanceKey,
    tenantId: instance.tenantId,
    tags: instance.tags,
    ...named(instance),
  }
}

/** The business id, where the instance has one. */
export const named = ({ businessId }: ElementInstance): Pick<ProcessInstanceValue, 'businessId'> =>
  businessId === '' ? {} : { businessId }

/** Records the transition and returns the row as it is afterwards; a row that has ended is returned as it was. */
export function transition(
  p: Processing,
  intent: Intent,
  element: ExecutableElement,
  instance: ElementInstance,
): ElementInstance {
  p.emit('PROCESS_INSTANCE', intent, instance.key, processInstanceValue(element, instance))
  return p.state.get('elementInstance', instance.key) ?? instance
}

/**
 * Emits ELEMENT_ACTIVATING for a child of `scope`.
 * @param consumes true when a sequence flow led here, so that its token is taken off its way
 * @param key the instance's, where somebody had to know it before
 */
export function enter(
  p: Processing,
  element: ExecutableElement,
  scope: ElementInstance,
  consumes: boolean,
  key: Key = p.newKey(),
): ElementInstance {
  p.emit('PROCESS_INSTANCE', 'ELEMENT_ACTIVATING', key, {
    bpmnElementType: element.bpmnElementType,
    bpmnEventType: element.bpmnEventType,
    elementId: element.id,
    processDefinitionKey: scope.processDefinitionKey,
    processInstanceKey: scope.processInstanceKey,
    flowScopeKey: scope.key,
    tenantId: scope.tenantId,
    ...(consumes && { incoming: element.incoming.map((flow) => flow.id) }),
  })
  return p.instance(key)
}

/** Asks for the activation of a child of `scope`; it happens when the commands before it are done. */
export function requestActivation(
  p: Processing,
  element: ExecutableElement,
  scope: ElementInstance,
  trigger?: Trigger,
): void {
  p.follow('PROCESS_INSTANCE', 'ACTIVATE_ELEMENT', -1, { elementId: element.id, flowScopeKey: scope.key }, trigger)
}
/** The same for a token that comes along a flow. */
export function requestActivationBy(
  p: Processing,
  flow: SequenceFlow,
  element: ExecutableElement,
  scope: ElementInstance,
): void {
  const value = { elementId: element.id, flowScopeKey: scope.key, incoming: [flow.id] }
  p.follow('PROCESS_INSTANCE', 'ACTIVATE_ELEMENT', -1, value)
}
export function requestCompletion(p: Processing, key: Key): void {
  p.follow('PROCESS_INSTANCE', 'COMPLETE_ELEMENT', key, {})
}
export function requestTermination(p: Processing, key: Key): void {
  p.follow('PROCESS_INSTANCE', 'TERMINATE_ELEMENT', key, {})
}
