/** What errors and escalations have in common: events of a scope that catch by code, and the way up the call tree. */
import type { BoundaryEvent, ExecutableElement, StartEvent } from '../../model/executable.ts'
import type { Processing } from '../processing.ts'
import type { ElementInstance } from '../state/rows.ts'
import { isCancelled } from './events.ts'

type Thrown = 'error' | 'escalation'
type Catcher = BoundaryEvent | StartEvent
/** The event and the instance that it belongs to. */
export interface Caught {
  readonly instance: ElementInstance
  readonly catcher: Catcher
}

function catchersIn(element: ExecutableElement, thrown: Thrown): readonly Catcher[] {
  const starts = 'eventSubProcesses' in element ? element.eventSubProcesses.map((esp) => esp.startEvent) : []
  const boundaries = 'boundaryEvents' in element ? element.boundaryEvents : []
  return [...starts, ...boundaries].filter(({ event }) => event.type === thrown)
}
/** What may catch at an instance: on a cancelled transaction, which begins nothing any more, its boundary events alone. */
export function catching(p: Processing, instance: ElementInstance): ExecutableElement {
  const element = p.element(instance)
  const isOnlyBoundary = element.kind === 'sub-process' && isCancelled(p, instance)
  return isOnlyBoundary ? { ...element, eventSubProcesses: [] } : element
}
/** An interrupted scope lets nothing out, but a cancelled transaction what is thrown by what undoes. */
export const isOpen = (p: Processing, instance: ElementInstance): boolean =>
  instance.interruptingElementId === '' || isCancelled(p, instance)

/** '' catches all. */
function codeOf({ event }: Catcher): string {
  if (event.type !== 'error' && event.type !== 'escalation') return ''
  return event.code?.kind === 'static' ? event.code.text : ''
}

/** The event that names the code, else the one that names none. */
export function catcherIn(element: ExecutableElement, thrown: Thrown, code: string): Catcher | null {
  const catchers = catchersIn(element, thrown)
  return (
    catchers.find((catcher) => codeOf(catcher) === code) ?? catchers.find((catcher) => codeOf(catcher) === '') ?? null
  )
}

/** The active call activity that has called the process of the instance. */
export function callerOf(p: Processing, instance: ElementInstance): ElementInstance | undefined {
  const { parentElementInstanceKey } = p.instance(instance.processInstanceKey)
  const caller = parentElementInstanceKey > 0 ? p.state.get('elementInstance', parentElementInstanceKey) : undefined
  return caller?.state === 'ACTIVATED' ? caller : undefined
}

/** The codes that are named in the element. */
export function codesIn(element: ExecutableElement, thrown: Thrown): readonly string[] {
  return catchersIn(element, thrown)
    .map(codeOf)
    .filter((code) => code !== '')
}
