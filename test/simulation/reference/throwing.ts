/** Errors, escalations and cancellation: from who throws to who catches, which is catching.ts. */
import { catcherOf, hears, trigger } from './catching.ts'
import type { Instance } from './instance.ts'

/** A throw or end event throws. An error ends its path whoever catches it, an escalation where that interrupts. */
export function throwAt(instance: Instance, thrown: 'error' | 'escalation'): void {
  const caught = catcherOf(thrown, thrown === 'error' ? instance : instance.scope, instance)
  if (thrown === 'error' || caught?.target.planned.isInterrupting) instance.next = null
  if (caught !== null && hears(caught.instance, caught.target)) trigger(caught.instance, caught.target, {})
}
/** A worker throws an error; uncaught it is an incident. */
export function throwError(instance: Instance): void {
  const caught = catcherOf('error', instance, instance)
  if (caught === null) {
    instance.incident = 'UNHANDLED_ERROR_EVENT'
    return
  }
  instance.job = null
  if (hears(caught.instance, caught.target)) trigger(caught.instance, caught.target, {})
}
/** The nearest transaction ends what is in it. */
export function cancel(instance: Instance): void {
  instance.next = null
  const transaction = instance.around.find(({ node }) => node.planned.isTransaction)!
  const target = transaction.boundaries.find(({ planned }) => planned.event?.type === 'cancel')!
  if (!hears(transaction, target)) return
  transaction.cancelled = target
  transaction.interruption = { node: target, variables: {}, isPending: false }
  transaction.waits.clear()
  transaction.clear()
  for (const child of transaction.children) child.mustTerminate()
}
