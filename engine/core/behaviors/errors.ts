/** Who catches a BPMN error: outward through the scopes, then up the call tree. */
import type { Json } from '../../protocol/records.ts'
import type { Failure, Processing } from '../processing.ts'
import type { ElementInstance } from '../state/rows.ts'
import { canBeTriggered, trigger } from './events.ts'
import { type Caught, callerOf, catcherIn, catching, codesIn, isOpen } from './thrown.ts'

/**
 * The nearest catcher. Within a scope its event sub-processes come before the boundary events on it, and a specific code before
 * a catch-all. A scope that an event sub-process has interrupted ends the walk in its process: the call activity is asked next
 * (error-rethrow).
 */
export function findCatcher(p: Processing, thrower: ElementInstance, errorCode: string): Caught | Failure {
  const available = new Set<string>()
  let instance: ElementInstance | undefined = thrower
  while (instance !== undefined) {
    const letsOut: boolean = (instance.state === 'ACTIVATED' || instance === thrower) && isOpen(p, instance)
    if (letsOut) {
      const element = catching(p, instance)
      const catcher = catcherIn(element, 'error', errorCode)
      if (catcher !== null) return { instance, catcher }
      for (const code of codesIn(element, 'error')) available.add(code)
    }
    instance = letsOut && instance.flowScopeKey > 0 ? p.instance(instance.flowScopeKey) : callerOf(p, instance)
  }
  const where =
    available.size > 0
      ? `Available error events are [${[...available].join(', ')}]`
      : 'No error events are available in the scope.'
  return { errorType: 'UNHANDLED_ERROR_EVENT', message: where }
}

/** One that was interrupted in the meantime catches no more; the error is lost, as in Zeebe. */
export function catchError(p: Processing, { instance, catcher }: Caught, variables: Json): void {
  if (canBeTriggered(p, instance, catcher.id)) trigger(p, instance, catcher, variables)
}

/** The incident text when nobody catches. */
export function uncaught(errorCode: string, errorMessage: string, where: string): string {
  const saying = errorMessage === '' ? '' : ` with message '${errorMessage}'`
  return `Expected to throw an error event with the code '${errorCode}'${saying}, but it was not caught. ${where}`
}
