/** Input and output mappings: what they give, and the scope it goes to. What one sees of another is said in model/mappings.ts. */
import { type Context, evaluate, STEPS, toJson } from '../../feel/index.ts'
import type { ExecutableElement, Mappings } from '../../model/executable.ts'
import { shownContext } from '../../model/mappings.ts'
import type { Key } from '../../protocol/records.ts'
import { type Entry, entriesOf } from '../documents.ts'
import { wholeVariablesOf } from '../lists.ts'
import { type Failure, failure, type Processing } from '../processing.ts'
import type { ElementInstance } from '../state/rows.ts'
import { evaluationFailure, evaluationIn } from './expressions.ts'
import { mergeLocal, mergeUp } from './variables.ts'

/** Emits VARIABLE events local to the instance. Incident: IO_MAPPING_ERROR. */
export function applyInputs(p: Processing, element: ExecutableElement, instance: ElementInstance): Failure | null {
  if (element.inputs === null) return null
  const mapped = evaluated(p, instance.key, element.inputs)
  if (!Array.isArray(mapped)) return mapped as Failure
  mergeLocal(p, instance, mapped)
  return null
}

/**
 * Takes up the event the instance waited for and lets its variables out: through the output mappings where there are any, else
 * all of them. Emits PROCESS_EVENT TRIGGERED, then VARIABLE events. Incident: IO_MAPPING_ERROR.
 */
export function applyOutputs(p: Processing, element: ExecutableElement, instance: ElementInstance): Failure | null {
  const document = takeTrigger(p, element, instance)
  const entries = document === null ? [] : entriesOf(document)
  if (element.outputs === null) {
    if (entries.length > 0) mergeUp(p, instance.key, entries)
    else if (document === null) releaseLocals(p, element, instance)
    return null
  }
  mergeLocal(p, instance, entries)
  const mapped = evaluated(p, instance.key, element.outputs)
  if (!Array.isArray(mapped)) return mapped as Failure
  mergeUp(p, outputScopeOf(p, instance), mapped)
  return null
}

/** A child of a multi-instance body writes to its own variables first: there its body finds the output element. */
function outputScopeOf(p: Processing, { key, flowScopeKey }: ElementInstance): Key {
  if (flowScopeKey <= 0) return key
  return p.instance(flowScopeKey).bpmnElementType === 'MULTI_INSTANCE_BODY' ? key : flowScopeKey
}

/** Emits PROCESS_EVENT TRIGGERED for the trigger that aims at this element; null when there is none. */
function takeTrigger(p: Processing, element: ExecutableElement, instance: ElementInstance): string | null {
  const aimed = (of: ElementInstance | undefined) =>
    of?.triggers.find((trigger) => trigger.targetElementId === element.id)
  let trigger = aimed(instance)
  if (trigger === undefined && element.kind === 'start-event') {
    const container = p.instance(instance.flowScopeKey)
    if (container.flowScopeKey > 0) trigger = aimed(p.state.get('elementInstance', container.flowScopeKey))
  }
  if (trigger === undefined) return null
  const { processInstanceKey, processDefinitionKey, tenantId } = instance
  p.emit('PROCESS_EVENT', 'TRIGGERED', trigger.key, {
    scopeKey: instance.key,
    targetElementId: element.id,
    processInstanceKey,
    processDefinitionKey,
    tenantId,
  })
  return trigger.variables
}

/**
 * Events that were activated with their variables already local (boundary, behind an event-based gateway, start of a process) pass
 * them on when they complete. Those of an error stay: they leave only by output mappings (error-boundary).
 */
function releaseLocals(p: Processing, element: ExecutableElement, instance: ElementInstance): void {
  const releases =
    (element.kind === 'boundary-event' && element.event.type !== 'error') ||
    element.kind === 'start-event' ||
    (element.kind === 'intermediate-catch-event' && element.behindEventBasedGateway)
  if (!releases) return
  const locals = wholeVariablesOf(p.state, instance.key)
  if (locals.length > 0)
    mergeUp(
      p,
      instance.flowScopeKey,
      locals.map((variable) => [variable.name, variable.value] as const),
    )
}

/** One evaluation computes them all, with the steps that each would have by itself. */
function evaluated(p: Processing, scopeKey: Key, mappings: Mappings): readonly Entry[] | Failure {
  const steps = STEPS * mappings.list.length
  const outcome = evaluate(mappings.context, { ...evaluationIn(p, scopeKey), steps })
  if (!outcome.ok) return failure('IO_MAPPING_ERROR', evaluationFailure(shownContext(mappings), outcome))
  return [...(outcome.value as Context)].map(([name, value]) => [name, toJson(value)] as const)
}
