/**
 * What an element does at each of its transitions. A processor appends events and follow-up commands; it never calls another.
 * A returned failure becomes an incident, and the same step runs again when it is resolved.
 */
import type { ExecutableElement } from '../../model/executable.ts'
import type { Failure, Follow, Processing } from '../processing.ts'
import type { ElementInstance } from '../state.ts'

export interface ElementProcessor<E extends ExecutableElement> {
  /** The instance is ACTIVATING. */
  activate(p: Processing, element: E, instance: ElementInstance, command: Follow): Failure | null
  /** The instance is COMPLETING; ends with `leave` or its like. */
  complete(p: Processing, element: E, instance: ElementInstance): Failure | null
  /** The instance is TERMINATING: close what it holds. Answers whether it has ended, or waits for its children to end. */
  terminate(p: Processing, element: E, instance: ElementInstance): 'ended' | 'waits'
}
