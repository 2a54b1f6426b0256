/**
 * Beginning an element in the middle of a process instance: the scopes around it are found or opened at once, the element itself
 * follows by a command. Opened scopes skip their mappings and their start event, but listen as usual.
 */
import type { ContainerElement, ExecutableElement } from '../../model/executable.ts'
import type { Key } from '../../protocol/records.ts'
import { type Processing, refuse } from '../processing.ts'
import type { ElementInstance } from '../state/rows.ts'
import { catchersOf, subscribe } from './awaited-events.ts'
import { enter, transition } from './lifecycle.ts'

export interface Beginning {
  /** The instance of a scope around the element to begin in; -1 to take whichever there is, or a new one. */
  readonly ancestorKey: Key
  /** Called for each scope and the element, outermost first, as soon as its key is known. */
  begun(elementId: string, key: Key): void
  /** Several instances of a scope are there, and none is chosen. */
  undecided(scopeId: string): never
  /** A multi-instance body or an instance in one would have to be opened. */
  looped(scopeId: string): never
}

/** Answers the keys of the scopes around the element, the process instance first. */
export function beginInside(
  p: Processing,
  root: ElementInstance,
  element: ExecutableElement,
  beginning: Beginning,
): readonly Key[] {
  beginning.begun(root.elementId, root.key)
  const keys = [root.key]
  let scope = root
  for (const container of scopesAround(p, root, element)) {
    const present = presentScope(p, container, scope, beginning)
    if (present !== null) beginning.begun(container.id, present.key)
    scope = present ?? newScope(p, container, scope, beginning)
    keys.push(scope.key)
  }
  const key = p.newKey()
  p.follow('PROCESS_INSTANCE', 'ACTIVATE_ELEMENT', key, { elementId: element.id, flowScopeKey: scope.key })
  beginning.begun(element.id, key)
  return keys
}

function newScope(
  p: Processing,
  container: ExecutableElement,
  around: ElementInstance,
  beginning: Beginning,
): ElementInstance {
  if (container.kind === 'multi-instance-body' || p.bodyOf(around) !== null) return beginning.looped(container.id)
  return openScope(p, container as ContainerElement, enter(p, container, around, false), beginning)
}

/** Emits ELEMENT_ACTIVATED and what the scope listens to. Rejects: INVALID_ARGUMENT (a definition cannot be evaluated). */
export function openScope(
  p: Processing,
  container: ContainerElement,
  instance: ElementInstance,
  { begun }: Pick<Beginning, 'begun'>,
): ElementInstance {
  begun(container.id, instance.key)
  const active = transition(p, 'ELEMENT_ACTIVATED', container, instance)
  const failure = subscribe(p, active, catchersOf(container))
  if (failure !== null)
    refuse('INVALID_ARGUMENT', `Expected to subscribe to catch event(s) of '${container.id}' but ${failure.message}`)
  return p.instance(active.key)
}

/** Without the process itself, outermost first; of a multi-instance one the body and what is in it. */
function scopesAround(p: Processing, root: ElementInstance, element: ExecutableElement): readonly ExecutableElement[] {
  const scopes: ExecutableElement[] = []
  for (let id = element.flowScope; id !== null && id !== root.elementId; ) {
    const scope = p.elementOf(root.processDefinitionKey, id)
    scopes.unshift(...(scope.kind === 'multi-instance-body' ? [scope, scope.inner] : [scope]))
    id = scope.flowScope
  }
  return scopes
}

/** The instance of the scope to begin in; null when a new one is needed. */
function presentScope(
  p: Processing,
  container: ExecutableElement,
  around: ElementInstance,
  { ancestorKey, undecided }: Beginning,
): ElementInstance | null {
  const present = [...p.state.find('childrenOf', around.key).values()].filter((row) => row.elementId === container.id)
  const [only] = present
  if (only === undefined) return null
  if (present.length === 1) return liesIn(p, only, ancestorKey) ? null : only
  if (ancestorKey < 0) return undecided(container.id)
  const chosen = present.find((row) => row.key === ancestorKey)
  if (chosen !== undefined) return chosen
  if (present.some((row) => liesIn(p, row, ancestorKey))) return null
  const ancestor = p.instance(ancestorKey)
  return present.find((row) => liesIn(p, ancestor, row.key)) ?? undecided(container.id)
}

function liesIn(p: Processing, instance: ElementInstance, scopeKey: Key): boolean {
  for (let key = instance.flowScopeKey; key > 0; key = p.instance(key).flowScopeKey) if (key === scopeKey) return true
  return false
}
