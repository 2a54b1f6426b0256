/** What a scope does when its children end. */
import type { Processing } from '../processing.ts'
import type { ElementInstance } from '../state/rows.ts'
import { pendingInterruption } from './events.ts'
import { isQuiet, pathEnded } from './flow.ts'
import { requestActivation } from './lifecycle.ts'

/**
 * A child has terminated. An interrupting event sub-process that waited for the scope to be empty begins now; a scope in which
 * nothing is left completes. Answers whether the scope itself is terminating and can end now.
 */
export function childTerminated(p: Processing, scope: ElementInstance): 'ends' | 'goes-on' {
  if (scope.childCount > 0) return 'goes-on'
  if (scope.state === 'TERMINATING') return 'ends'
  if (scope.state !== 'ACTIVATED') return 'goes-on'
  const eventSubProcess = pendingInterruption(p, scope)
  if (eventSubProcess !== null) requestActivation(p, eventSubProcess, scope)
  else if (isQuiet(p, scope)) pathEnded(p, scope.key)
  return 'goes-on'
}
