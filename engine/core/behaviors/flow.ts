/** Sequence flows, joins and the end of a path. */
import type { ExecutableElement, MultiInstanceBody, SequenceFlow } from '../../model/executable.ts'
import type { Failure, Processing } from '../processing.ts'
import type { ElementInstance } from '../state/rows.ts'
import { canBeCompensated, hasCompensated, undoNext } from './compensation.ts'
import { isCancelled, isHandler } from './events.ts'
import {
  requestActivation,
  requestActivationBy,
  requestCompletion,
  requestTermination,
  transition,
} from './lifecycle.ts'
import { childCompleted, collect } from './multi-instance.ts'
import { canStillBeReached } from './reach.ts'

/**
 * Ends an element instance and goes on along the given flows (all outgoing ones unless told otherwise).
 * Emits: ELEMENT_COMPLETED, then SEQUENCE_FLOW_TAKEN for each flow; without a flow the path ends here. Of an activity that can be undone
 * also COMPENSATION_SUBSCRIPTION CREATED, of one that has undone another COMPLETED. A child of a multi-instance body first gives its
 * output. Incidents: those of `collect`.
 */
export function leave(
  p: Processing,
  element: ExecutableElement,
  instance: ElementInstance,
  flows: readonly SequenceFlow[] = element.outgoing,
): Failure | null {
  const body = p.bodyOf(p.state.get('elementInstance', instance.flowScopeKey))
  if (body !== null) return leaveLoop(p, body, element, instance)
  if (!complete(p, element, instance)) return null
  for (const flow of flows) takeFlow(p, element, instance, flow)
  if (flows.length === 0) pathEnded(p, instance.flowScopeKey)
  return null
}

function leaveLoop(
  p: Processing,
  body: MultiInstanceBody,
  element: ExecutableElement,
  instance: ElementInstance,
): Failure | null {
  const isSatisfied = collect(p, body, instance)
  if (!isSatisfied.ok) return isSatisfied.failure
  if (complete(p, element, instance)) childCompleted(p, body, instance.flowScopeKey, isSatisfied.value)
  return null
}

/** Ends a link event and goes on at the catch event of its name. No flow leads there. */
export function jump(p: Processing, element: ExecutableElement, instance: ElementInstance, targetId: string): void {
  if (!complete(p, element, instance)) return
  const target = p.elementOf(instance.processDefinitionKey, targetId)
  p.jump(instance.flowScopeKey, targetId)
  requestActivation(p, target, p.instance(instance.flowScopeKey))
}

/** Answers whether its token goes on: not when the process instance was to end here. */
function complete(p: Processing, element: ExecutableElement, instance: ElementInstance): boolean {
  canBeCompensated(p, element, instance)
  transition(p, 'ELEMENT_COMPLETED', element, instance)
  if (isHandler(element)) hasCompensated(p, instance)
  const root = p.instance(instance.processInstanceKey)
  if (root.terminateAfter.includes(element.id)) {
    p.emit('RUNTIME_INSTRUCTION', 'INTERRUPTED', p.newKey(), {
      processInstanceKey: root.key,
      elementId: element.id,
      tenantId: root.tenantId,
    })
    requestTermination(p, root.key)
    return false
  }
  return true
}

/** Emits SEQUENCE_FLOW_TAKEN and asks for the target. */
function takeFlow(p: Processing, from: ExecutableElement, instance: ElementInstance, flow: SequenceFlow): void {
  p.emit('PROCESS_INSTANCE', 'SEQUENCE_FLOW_TAKEN', p.newKey(), {
    bpmnElementType: 'SEQUENCE_FLOW',
    elementId: flow.id,
    processDefinitionKey: instance.processDefinitionKey,
    processInstanceKey: instance.processInstanceKey,
    flowScopeKey: instance.flowScopeKey,
    tenantId: instance.tenantId,
  })
  const scope = p.instance(instance.flowScopeKey)
  const target = p.elementOf(
    from.flowScope === null ? instance.processDefinitionKey : scope.processDefinitionKey,
    flow.target,
  )
  requestActivationBy(p, flow, target, scope)
}

/**
 * A parallel join begins with a token on every incoming flow, an inclusive one with a token when no other can still arrive. Asked
 * when the join is about to begin, not when the flow is taken: until then its siblings are taken too, and an earlier request may
 * have used up the tokens.
 */
export function tokensSuffice(p: Processing, target: ExecutableElement, scope: ElementInstance): boolean {
  const waits = (flow: SequenceFlow) => (scope.takenFlows[flow.id] ?? 0) > 0
  switch (target.kind) {
    case 'parallel-gateway':
      return target.incoming.every(waits)
    case 'inclusive-gateway':
      return target.incoming.some(waits) && !canStillBeReached(p, target, scope)
    default:
      return true
  }
}

/**
 * A token has come to its end in that scope: the scope completes when nothing in it is active or on its way; a cancelled transaction
 * goes on undoing.
 */
export function pathEnded(p: Processing, scopeKey: number): void {
  const scope = p.state.get('elementInstance', scopeKey)
  if (scope === undefined || scope.state !== 'ACTIVATED' || !isQuiet(p, scope)) return
  if (isCancelled(p, scope)) undoNext(p, scope)
  else requestCompletion(p, scope.key)
}
export function isQuiet(p: Processing, scope: ElementInstance): boolean {
  return scope.childCount === 0 && Object.keys(scope.takenFlows).length === 0 && p.jumpsIn(scope.key).length === 0
}
