/** Jobs before an element begins its work and after it has done it. */
import type { JobDefinition } from '../../model/executable.ts'
import type { Failure, Processing } from '../processing.ts'
import type { ElementInstance } from '../state/rows.ts'
import { createJob, jobProperties } from './jobs.ts'
import { mergeLocalDocument } from './variables.ts'

/**
 * Emits JOB CREATED for the listener at that place of the list. Answers `done` when the list has no more.
 * Incidents: EXTRACT_VALUE_ERROR (type, retries).
 */
export function listen(
  p: Processing,
  instance: ElementInstance,
  phase: 'start' | 'end',
  index: number,
  listeners: Readonly<Record<'start' | 'end', readonly JobDefinition[]>>,
): Failure | 'waits' | 'done' {
  const listener = listeners[phase][index]
  if (listener === undefined) return 'done'
  const properties = jobProperties(p, instance, listener)
  if (!properties.ok) return properties.failure
  createJob(p, instance, properties.value, listener.headers, {
    jobKind: 'EXECUTION_LISTENER',
    jobListenerEventType: phase === 'start' ? 'START' : 'END',
    listenerIndex: index,
  })
  return 'waits'
}

/**
 * Takes up what the listener left: variables of a start listener become local to the element, those of an end listener local to
 * its scope. Emits VARIABLE events, PROCESS_EVENT TRIGGERED. What listeners of a parallel gateway leave is lost, as in Zeebe 8.8.0.
 */
export function takeResult(p: Processing, instance: ElementInstance, phase: 'start' | 'end'): void {
  const result = instance.triggers.find((trigger) => trigger.targetElementId === instance.elementId)
  if (result === undefined || instance.bpmnElementType === 'PARALLEL_GATEWAY') return
  const isLocal = phase === 'start' || instance.flowScopeKey <= 0
  mergeLocalDocument(p, isLocal ? instance : p.instance(instance.flowScopeKey), result.variables)
  p.emit('PROCESS_EVENT', 'TRIGGERED', result.key, {
    scopeKey: instance.key,
    targetElementId: instance.elementId,
    processInstanceKey: instance.processInstanceKey,
    processDefinitionKey: instance.processDefinitionKey,
    tenantId: instance.tenantId,
  })
}
