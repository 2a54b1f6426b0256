/** User tasks: their transitions, in each of which a listener may work. */
import type { Instance, Variables } from './instance.ts'
import { violated } from './violation.ts'

/** A user task begins a transition: its listener works, if it has one. Answers whether it has. */
export function turn(instance: Instance, task: 'CREATING' | 'ASSIGNING' | 'COMPLETING' | 'CANCELING'): boolean {
  const isListened = instance.node.planned.work === 'listened person'
  instance.task = isListened ? task : 'CREATED'
  if (isListened) instance.job = 'TASK_LISTENER'
  return isListened
}
/** The listener of a user task is done. */
export function taskListenerDone(instance: Instance, isDenied: boolean): void {
  const { task } = instance
  instance.job = null
  instance.task = 'CREATED'
  if (task === 'CANCELING') {
    instance.task = null
    instance.mayEnd()
  } else if (task === 'COMPLETING' && !isDenied) taskDone(instance)
  else if (task === 'COMPLETING') instance.result = null
}
function taskDone(instance: Instance): void {
  instance.task = null
  instance.mustComplete()
}
/** A person does something with a task. */
export function person(instance: Instance, does: 'ASSIGNING' | 'COMPLETING', variables: Variables): void {
  if (instance.task !== 'CREATED') violated(`${instance.node.id} is ${does} while it is ${instance.task}`)
  if (does === 'COMPLETING') instance.result = variables
  if (!turn(instance, does) && does === 'COMPLETING') taskDone(instance)
}
