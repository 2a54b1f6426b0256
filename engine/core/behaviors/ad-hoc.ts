/** Ad-hoc sub-processes: how their elements begin, and what happens when the path of one has ended. */
import { toJson } from '../../feel/index.ts'
import type { AdHocSubProcess } from '../../model/executable.ts'
import type { JobResultActivateElement } from '../../protocol/records.ts'
import { itemsOfList } from '../documents.ts'
import { whole } from '../lists.ts'
import { type Failure, failure, type Processing } from '../processing.ts'
import type { ElementInstance } from '../state/rows.ts'
import { evaluateIn, evaluationFailure, extractBoolean, extractTexts, type Result, value } from './expressions.ts'
import { isQuiet } from './flow.ts'
import { close } from './incidents.ts'
import { cancelJob, createJob, jobProperties } from './jobs.ts'
import { enter, requestActivation, requestCompletion, requestTermination, transition } from './lifecycle.ts'
import { localVariable, mergeLocal, mergeLocalDocument } from './variables.ts'

/** The elements the model wants active from the first. Incidents: EXTRACT_VALUE_ERROR (no list of texts, unknown elements). */
export function elementsToActivate(
  p: Processing,
  element: AdHocSubProcess,
  instance: ElementInstance,
): Result<readonly string[]> {
  if (element.activeElements === null) return value([])
  const wanted = extractTexts(p, instance.key, element.activeElements)
  if (!wanted.ok) {
    const { errorType, message } = wanted.failure
    return { ok: false, failure: failure(errorType, `Failed to activate ad-hoc elements. ${message}`) }
  }
  const unknown = unknownElements(element, instance, wanted.value)
  return unknown === null ? wanted : { ok: false, failure: failure('EXTRACT_VALUE_ERROR', unknown) }
}

/** Why not all of them can be activated; null when they can. */
export function unknownElements(
  element: AdHocSubProcess,
  instance: ElementInstance,
  elementIds: readonly string[],
): string | null {
  const unknown = elementIds.filter((id) => !element.activities.includes(id))
  if (unknown.length === 0) return null
  return `Expected to activate activities for ad-hoc sub-process with key '${instance.key}', but the given elements [${unknown.join(', ')}] do not exist.`
}

/**
 * Lets an element begin in an inner instance of its own, with variables of its own.
 * Emits ELEMENT_ACTIVATING and ELEMENT_ACTIVATED of the inner instance, VARIABLE CREATED; the element follows by a command.
 */
export function activateInside(
  p: Processing,
  element: AdHocSubProcess,
  instance: ElementInstance,
  { elementId, variables }: JobResultActivateElement,
): void {
  const inner = enter(p, element.innerInstance, instance, false)
  const active = transition(p, 'ELEMENT_ACTIVATED', element.innerInstance, inner)
  const variable = element.output?.variable ?? null
  if (variable !== null) mergeLocal(p, active, [[variable, 'null']])
  mergeLocalDocument(p, active, variables)
  requestActivation(p, p.elementOf(instance.processDefinitionKey, elementId), active)
}

/** Emits JOB CREATED for the worker that decides what to do next. Incidents: EXTRACT_VALUE_ERROR. */
export function askWorker(p: Processing, element: AdHocSubProcess, instance: ElementInstance): Failure | null {
  if (element.job === null) return null
  const properties = jobProperties(p, instance, element.job)
  if (!properties.ok) return properties.failure
  createJob(p, instance, properties.value, element.job.headers, { jobKind: 'AD_HOC_SUB_PROCESS' })
  return null
}

/** The inner instance is about to complete: its output is collected and the completion condition looked at; null when there is none. */
export function collectOutput(p: Processing, element: AdHocSubProcess, inner: ElementInstance): Result<boolean | null> {
  const scope = p.instance(inner.flowScopeKey)
  const failed = element.output === null ? null : append(p, element.output, scope, inner)
  if (failed !== null) return { ok: false, failure: failed }
  if (element.completionCondition === null) return value(null)
  const holds = extractBoolean(p, scope.key, element.completionCondition)
  if (holds.ok) return holds
  const { errorType, message } = holds.failure
  return { ok: false, failure: failure(errorType, `Failed to evaluate completion condition. ${message}`) }
}

function append(
  p: Processing,
  output: NonNullable<AdHocSubProcess['output']>,
  scope: ElementInstance,
  inner: ElementInstance,
): Failure | null {
  const outcome = evaluateIn(p, inner.key, output.element)
  if (!outcome.ok) {
    const source = output.element.kind === 'feel' ? output.element.source : output.element.text
    return failure('EXTRACT_VALUE_ERROR', evaluationFailure(source, outcome))
  }
  const variable = localVariable(p, scope.key, output.collection)
  const items = variable === undefined ? null : itemsOfList(whole(p.state, variable).value)
  if (items === null) return failure('UNKNOWN', 'The output collection has the wrong type. Expected ARRAY.')
  mergeLocal(p, scope, [[output.collection, `[${[...items, toJson(outcome.value)].join(',')}]`]])
  return null
}

/** An inner instance has completed: the sub-process completes, waits, or asks its worker again. */
export function innerCompleted(
  p: Processing,
  element: AdHocSubProcess,
  scope: ElementInstance,
  isSatisfied: boolean | null,
): void {
  if (scope.state !== 'ACTIVATED') return
  if (element.job !== null) {
    cancelJob(p, scope)
    // What has stopped the job that is taken back needs nobody any more.
    close(p, scope)
    if (scope.isFulfilled) fulfil(p, scope, element.cancelRemainingInstances)
    // As in Zeebe 8.8.0, a worker whose job cannot be created is not asked, and no incident says so.
    else askWorker(p, element, p.instance(scope.key))
  } else if (isSatisfied === true) fulfil(p, scope, element.cancelRemainingInstances)
  else if (isSatisfied === null && isQuiet(p, scope)) requestCompletion(p, scope.key)
}

/** The sub-process is to complete: at once, when the rest has been terminated, or when the rest has completed. */
export function fulfil(p: Processing, scope: ElementInstance, cancelRemaining: boolean): void {
  if (scope.childCount > 0) {
    if (cancelRemaining) cancelRemainingIn(p, scope)
  } else if (cancelRemaining || isQuiet(p, scope)) requestCompletion(p, scope.key)
}
export function cancelRemainingIn(p: Processing, scope: ElementInstance): void {
  for (const { key } of p.state.find('childrenOf', scope.key).values()) requestTermination(p, key)
}
