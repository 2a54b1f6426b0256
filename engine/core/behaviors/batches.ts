/**
 * Work on many children of one scope: a child for each command, as in Zeebe, and no more in one turn than leaves room for others.
 * What a turn leaves is noted in the scope's row, where the clock finds it (runtime/timers.ts), also after a crash.
 */
import type { MultiInstanceBody } from '../../model/executable.ts'
import type { ProcessInstanceBatchValue } from '../../protocol/records.ts'
import type { Processing } from '../processing.ts'
import type { ElementInstance } from '../state/rows.ts'
import { requestActivation } from './lifecycle.ts'

const of = (scope: ElementInstance, index: number): Partial<ProcessInstanceBatchValue> => ({
  batchElementInstanceKey: scope.key,
  processInstanceKey: scope.processInstanceKey,
  tenantId: scope.tenantId,
  index,
})

/** Lets all children of a parallel body begin, one after the other. */
export function activateChildren(p: Processing, body: ElementInstance): void {
  p.follow('PROCESS_INSTANCE_BATCH', 'ACTIVATE', body.key, {})
}
/** The next child of a sequential body; in a later turn when this one has grown long. */
export function activateNextChild(p: Processing, element: MultiInstanceBody, body: ElementInstance): void {
  if (p.isLong) postpone(p, body, 'ACTIVATE', 1)
  else requestActivation(p, element.inner, body)
}
/** Asks every child to terminate; answers whether there is one. */
export function terminateChildren(p: Processing, scope: ElementInstance): boolean {
  if (scope.childCount > 0) p.follow('PROCESS_INSTANCE_BATCH', 'TERMINATE', scope.key, {})
  return scope.childCount > 0
}

/** The children of an active body terminate, and no other begins. Emits PROCESS_INSTANCE_BATCH TERMINATING. */
export function endChildren(p: Processing, body: ElementInstance): void {
  postpone(p, body, 'TERMINATE', -1)
  p.follow('PROCESS_INSTANCE_BATCH', 'TERMINATE', body.key, {})
}

/** Leaves the rest to a later turn. Emits PROCESS_INSTANCE_BATCH ACTIVATING or TERMINATING. */
export function postpone(p: Processing, scope: ElementInstance, batch: 'ACTIVATE' | 'TERMINATE', index: number): void {
  const intent = batch === 'ACTIVATE' ? 'ACTIVATING' : 'TERMINATING'
  p.emit('PROCESS_INSTANCE_BATCH', intent, p.newKey(), of(scope, index))
}
/** Emits PROCESS_INSTANCE_BATCH ACTIVATED or TERMINATED. */
export function finish(p: Processing, scope: ElementInstance, batch: 'ACTIVATE' | 'TERMINATE', index: number): void {
  const intent = batch === 'ACTIVATE' ? 'ACTIVATED' : 'TERMINATED'
  p.emit('PROCESS_INSTANCE_BATCH', intent, p.newKey(), of(scope, index))
}
