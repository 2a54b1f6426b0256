/** Who catches a BPMN error: outward through the scopes, then up the call tree. */
import type { BoundaryEvent, ExecutableElement, StartEvent } from '../../model/executable.ts'
import type { Json } from '../../protocol/records.ts'
import type { Failure, Processing } from '../processing.ts'
import type { ElementInstance } from '../state.ts'
import { trigger } from './events.ts'

export interface CaughtError {
  readonly instance: ElementInstance
  readonly catcher: BoundaryEvent | StartEvent
}

/**
 * The nearest catcher. Within a scope its event sub-processes come before the boundary events on it, and a specific code before
 * a catch-all. A scope that an event sub-process has interrupted is skipped whole (error-rethrow).
 */
export function findCatcher(p: Processing, thrower: ElementInstance, errorCode: string): CaughtError | Failure {
  const available = new Set<string>()
  let instance: ElementInstance | undefined = thrower
  while (instance !== undefined) {
    if (instance.state === 'ACTIVATED' || instance === thrower) {
      if (instance.interruptingElementId === '') {
        const catcher = catcherOf(p.element(instance), errorCode, available)
        if (catcher !== null) return { instance, catcher }
      }
    }
    const outer: number = instance.flowScopeKey > 0 ? instance.flowScopeKey : instance.parentElementInstanceKey
    instance = outer > 0 ? p.state.get('elementInstance', outer) : undefined
  }
  const where =
    available.size > 0
      ? `Available error events are [${[...available].join(', ')}]`
      : 'No error events are available in the scope.'
  return { errorType: 'UNHANDLED_ERROR_EVENT', message: where }
}

function catcherOf(
  element: ExecutableElement,
  errorCode: string,
  available: Set<string>,
): BoundaryEvent | StartEvent | null {
  const starts: (BoundaryEvent | StartEvent)[] =
    'eventSubProcesses' in element ? element.eventSubProcesses.map((esp) => esp.startEvent) : []
  const boundaries: readonly BoundaryEvent[] = 'boundaryEvents' in element ? element.boundaryEvents : []
  const catchers = [...starts, ...boundaries].filter((catcher) => catcher.event.type === 'error')
  const codeOf = (catcher: BoundaryEvent | StartEvent) =>
    catcher.event.type === 'error' && catcher.event.code?.kind === 'static' ? catcher.event.code.text : null
  for (const catcher of catchers) {
    const code = codeOf(catcher)
    if (code !== null && code !== '') available.add(code)
  }
  return (
    catchers.find((catcher) => codeOf(catcher) === errorCode) ??
    catchers.find((catcher) => codeOf(catcher) === null || codeOf(catcher) === '') ??
    null
  )
}

export function catchError(p: Processing, { instance, catcher }: CaughtError, variables: Json): void {
  trigger(p, instance, catcher, variables)
}

/** The incident text when nobody catches. */
export function uncaught(errorCode: string, errorMessage: string, where: string): string {
  const saying = errorMessage === '' ? '' : ` with message '${errorMessage}'`
  return `Expected to throw an error event with the code '${errorCode}'${saying}, but it was not caught. ${where}`
}
