/**
 * Transactions: sub-processes with a cancel event on their boundary. Source: BPMN 2.0.2 §10.3.5, §13.4.4.
 * Owns: what is inside one, and how it is cancelled. Does not own: undoing (compensation.ts).
 */
import type { BoundaryEvent, ExecutableElement } from '../../model/executable.ts'
import type { Processing } from '../processing.ts'
import type { ElementInstance } from '../state/rows.ts'
import { canBeTriggered, isCancelled, trigger } from './events.ts'

function cancelEventOn(element: ExecutableElement): BoundaryEvent | undefined {
  return 'boundaryEvents' in element ? element.boundaryEvents.find(({ event }) => event.type === 'cancel') : undefined
}

/** The scopes around an instance, from the nearest to the process instance. */
function* scopesAround(p: Processing, instance: ElementInstance): Generator<ElementInstance> {
  for (let scope = instance; scope.flowScopeKey > 0; yield scope) scope = p.instance(scope.flowScopeKey)
}

export const isInTransaction = (p: Processing, instance: ElementInstance): boolean =>
  scopesAround(p, instance).some((scope) => cancelEventOn(p.element(scope)) !== undefined)
/** What ends there is undone with its transaction. */
export const isInCancelled = (p: Processing, instance: ElementInstance): boolean =>
  scopesAround(p, instance).some((scope) => isCancelled(p, scope))

/**
 * A cancel end event has been reached: the nearest transaction around it is cancelled, unless it has been interrupted already.
 * Emits PROCESS_EVENT TRIGGERING for the boundary event and closes what the transaction waits for; its children terminate by
 * commands, the end event among them. What had completed in it is undone when the last of them is gone (compensation.ts).
 */
export function cancelTransaction(p: Processing, thrower: ElementInstance): void {
  for (const scope of scopesAround(p, thrower)) {
    const boundary = cancelEventOn(p.element(scope))
    if (boundary === undefined) continue
    if (canBeTriggered(p, scope, boundary.id)) trigger(p, scope, boundary, '{}')
    return
  }
}
