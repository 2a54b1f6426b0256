/** Which elements of an ad-hoc sub-process shall begin: said by clients, or by the worker of its job. */
import type { AdHocSubProcess } from '../../model/executable.ts'
import type { AdHocSubProcessInstructionValue, CommandOf, JobResult } from '../../protocol/records.ts'
import { activateInside, cancelRemainingIn, fulfil, unknownElements } from '../behaviors/ad-hoc.ts'
import { mergeDocumentUp } from '../behaviors/variables.ts'
import { type Processing, refuse } from '../processing.ts'
import type { ElementInstance, Job } from '../state/rows.ts'

/**
 * Emits the inner instances, then AD_HOC_SUB_PROCESS_INSTRUCTION ACTIVATED; the elements follow by commands. With
 * `cancelRemainingInstances` what was active before terminates.
 * Rejects: NOT_FOUND (no such ad-hoc sub-process, no such elements), INVALID_STATE (not active).
 */
export function activate(p: Processing, command: CommandOf<'AD_HOC_SUB_PROCESS_INSTRUCTION'>): void {
  const { adHocSubProcessInstanceKey: key = -1, activateElements = [], cancelRemainingInstances } = command.value
  const instance = p.state.get('elementInstance', key)
  const element = instance && p.element(instance)
  if (instance === undefined || element?.kind !== 'ad-hoc-sub-process')
    refuse(
      'NOT_FOUND',
      `Expected to activate activities for ad-hoc sub-process but no ad-hoc sub-process instance found with key '${key}'.`,
    )
  if (instance.state !== 'ACTIVATED')
    refuse(
      'INVALID_STATE',
      `Expected to activate activities for ad-hoc sub-process with key '${key}', but it is not active.`,
    )
  checkElements(element, instance, activateElements)
  if (cancelRemainingInstances === true) cancelRemainingIn(p, instance)
  activateAll(p, element, instance, command.value)
}

/** Rejects: NOT_FOUND (no such elements), INVALID_STATE (the sub-process is not active). */
export function checkAdHocResult(p: Processing, job: Job, instance: ElementInstance, result: Partial<JobResult>): void {
  checkElements(p.element(instance) as AdHocSubProcess, instance, result.activateElements ?? [])
  if (instance.state !== 'ACTIVATED')
    refuse(
      'INVALID_STATE',
      `Expected to complete ad-hoc sub-process job, but the ad-hoc sub-process instance is not active (job key '${job.key}', type '${job.type}', processInstanceKey '${job.processInstanceKey}')\n`,
    )
}

/** Emits VARIABLE for what the worker found out, then what it decided: AD_HOC_SUB_PROCESS_INSTRUCTION ACTIVATED, COMPLETED. */
export function decided(p: Processing, instance: ElementInstance, variables: string, result: Partial<JobResult>): void {
  const { activateElements = [], completionConditionFulfilled = false, cancelRemainingInstances = false } = result
  const value = {
    adHocSubProcessInstanceKey: instance.key,
    activateElements,
    completionConditionFulfilled,
    cancelRemainingInstances,
    tenantId: instance.tenantId,
  }
  mergeDocumentUp(p, instance.key, variables)
  if (activateElements.length > 0)
    activateAll(p, p.element(instance) as AdHocSubProcess, p.instance(instance.key), value)
  if (!completionConditionFulfilled) return
  fulfil(p, p.instance(instance.key), cancelRemainingInstances)
  p.emit('AD_HOC_SUB_PROCESS_INSTRUCTION', 'COMPLETED', instance.key, value)
}

function activateAll(
  p: Processing,
  element: AdHocSubProcess,
  instance: ElementInstance,
  value: Partial<AdHocSubProcessInstructionValue>,
): void {
  for (const wanted of value.activateElements ?? []) activateInside(p, element, p.instance(instance.key), wanted)
  p.emit('AD_HOC_SUB_PROCESS_INSTRUCTION', 'ACTIVATED', instance.key, { ...value, tenantId: instance.tenantId })
}

function checkElements(
  element: AdHocSubProcess,
  instance: ElementInstance,
  wanted: readonly { readonly elementId: string }[],
): void {
  const unknown = unknownElements(
    element,
    instance,
    wanted.map(({ elementId }) => elementId),
  )
  if (unknown !== null) refuse('NOT_FOUND', unknown)
}
