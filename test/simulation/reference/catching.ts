/** Who catches what, and what it does to whom. */
import { MESSAGE_KEY } from '../plan.ts'
import type { Node } from './graph.ts'
import type { Instance, Variables, Wait } from './instance.ts'

const MINUTE_MS = 60_000

/** Begins to wait for the events of the targets. A boundary event's key is seen from around its activity. */
export function open(instance: Instance, targets: readonly Node[], now: number): void {
  for (const target of targets) {
    const what = awaited(instance, target, now)
    if (what !== null) instance.waits.set(target.id, { target, what })
  }
}
function awaited(instance: Instance, { planned }: Node, now: number): Wait['what'] | null {
  const { event } = planned
  const message = planned.message ?? (event?.type === 'message' ? event.name : undefined)
  if (message !== undefined) {
    const from = planned.attachedTo === undefined ? instance : instance.scope
    return { message, key: from?.lookup(MESSAGE_KEY) }
  }
  if (event?.type === 'signal') return { signal: event.name }
  if (event?.type === 'conditional') return { condition: event.name, held: instance.holds(event.name) ? 1 : 0 }
  return event?.type === 'timer' ? { due: now + event.minutes * MINUTE_MS } : null
}

export const startsIn = (instance: Instance): readonly Node[] =>
  (instance.node.body?.eventSubProcesses ?? []).map((node) => node.body!.start!)

/**
 * An interrupted scope hears its boundary events still, one that is leaving hears nothing, and in one that is terminating nothing hears;
 * a cancelled transaction what undoes throws to its boundary, and in it what undoes hears.
 */
export function hears(instance: Instance, target: Node): boolean {
  const isFirst = instance.chosen === null || ['startEvent', 'boundaryEvent'].includes(target.planned.type)
  if (!isFirst) return false
  if (instance.phase !== 'active' || instance.leaving !== null) return false
  const { type, event } = target.planned
  if (instance.interruption !== null && type !== 'boundaryEvent') return false
  if (instance.cancelled !== null && event?.type !== 'error' && event?.type !== 'escalation') return false
  const { scope } = instance
  if (scope === null) return true
  if (scope.phase !== 'active') return false
  return scope.cancelled === null ? scope.interruption === null : instance.undoes !== null
}

/** The event has come. */
export function trigger(instance: Instance, target: Node, variables: Variables): void {
  const { type, isInterrupting } = target.planned
  if (type === 'boundaryEvent') {
    const event = { id: target.id, variables }
    if (isInterrupting) {
      // Of two messages that lay in wait the first counts; the second ends what listeners keep from completing.
      if (instance.next === 'COMPLETING') {
        instance.late = event
        return
      }
      instance.leaving = event
      instance.cancelled = null
      instance.mustTerminate()
    } else instance.scope!.wanted.push(event)
  } else if (type === 'startEvent') triggerInside(instance, target, variables)
  else {
    instance.result = variables
    instance.chosen = target
    instance.mustComplete()
  }
}
function triggerInside(scope: Instance, start: Node, variables: Variables): void {
  const node = scope.node.body!.eventSubProcesses.find(({ body }) => body!.start === start)!
  if (!start.planned.isInterrupting) {
    scope.wanted.push({ id: node.id, variables })
    return
  }
  for (const { id } of startsIn(scope)) scope.waits.delete(id)
  scope.clear()
  scope.interruption = { node, variables, isPending: true }
  for (const child of scope.children) child.mustTerminate()
  beginInterruption(scope)
}
/** It begins when all else in the scope has gone. */
export function beginInterruption(scope: Instance): void {
  const { interruption } = scope
  if (interruption?.isPending !== true || scope.children.size > 0) return
  scope.wanted.push({ id: interruption.node.id, variables: interruption.variables })
  scope.interruption = { ...interruption, isPending: false }
}

interface Caught {
  readonly instance: Instance
  readonly target: Node
}
/**
 * Outward from the thrower: in each scope its event sub-processes before the boundary events on it. A scope that was interrupted
 * ends the walk in its process; it goes on at the call activity.
 */
export function catcherOf(thrown: 'error' | 'escalation', from: Instance | null, thrower: Instance): Caught | null {
  for (let instance = from; instance !== null; ) {
    const isOpen =
      (instance.phase === 'active' || instance === thrower) &&
      (instance.interruption === null || instance.cancelled !== null)
    // An escalation that finds its catcher interrupted is lost there.
    if (isOpen || thrown === 'escalation') {
      const targets = [...(instance.cancelled === null ? startsIn(instance) : []), ...instance.boundaries]
      const target = targets.find(({ planned }) => planned.event?.type === thrown)
      if (target !== undefined) return { instance, target }
    }
    instance = isOpen && instance.scope !== null ? instance.scope : callerOf(instance)
  }
  return null
}
function callerOf(instance: Instance): Instance | null {
  const { caller } = instance.root
  return caller?.phase === 'active' ? caller : null
}
