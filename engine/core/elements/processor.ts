/**
 * What an element does at each of its transitions. A processor appends events and follow-up commands; it never calls another.
 * A returned failure becomes an incident, and the same step runs again when it is resolved, from its beginning.
 *
 *   ACTIVATING: prepare → start listeners → activate        COMPLETING: conclude → end listeners → complete
 */
import type { ExecutableElement } from '../../model/executable.ts'
import type { Failure, Follow, Processing } from '../processing.ts'
import type { ElementInstance } from '../state/rows.ts'

export interface ElementProcessor<E extends ExecutableElement> {
  /** The instance is ACTIVATING: what its start listeners shall find there, i.e. inputs. */
  prepare?(p: Processing, element: E, instance: ElementInstance): Failure | null
  /** The instance is ACTIVATING, its start listeners are done. */
  activate(p: Processing, element: E, instance: ElementInstance, command: Follow): Failure | null
  /** The instance is COMPLETING: outputs, and closing what must not act any more while the end listeners work. */
  conclude?(p: Processing, element: E, instance: ElementInstance): Failure | null
  /** The instance is COMPLETING, its end listeners are done; ends with `leave` or its like. */
  complete(p: Processing, element: E, instance: ElementInstance): Failure | null
  /** The instance is TERMINATING, its job is cancelled: close what else it holds. Answers whether it has ended, or waits for its children to end. */
  terminate(p: Processing, element: E, instance: ElementInstance): 'ended' | 'waits'
}
