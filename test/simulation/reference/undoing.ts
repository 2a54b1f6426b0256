/** Compensation: what has completed in a process instance and can be undone, oldest first. */
import type { Node } from './graph.ts'
import type { Instance, Undoing, Wanted } from './instance.ts'

export class Undoings {
  #all: Undoing[] = []

  /** The instance has completed: it, or something in it, may have to be undone. */
  note(instance: Instance): void {
    const { node, scope, role } = instance
    if (scope === null || (instance.undoes !== null && instance.isInCancelled)) return
    const handler = scope.role === 'body' || role === 'inner' ? null : (node.undoing?.handler ?? null)
    const own = role === 'element' ? ownHandler(node) : undefined
    if (own !== undefined) this.#add(instance, own, true)
    else if (handler !== null) this.#add(instance, handler)
    else this.keep(instance)
  }
  /** Compensation reaches what has completed in it, if anything has; in an event sub-process only inside a transaction. */
  keep(instance: Instance): void {
    const { role, type, node } = instance
    const isScope = role !== 'element' || type === 'subProcess' || type === 'adHocSubProcess'
    const isReached = isScope && (!node.planned.isTriggeredByEvent || instance.isInTransaction)
    if (isReached && this.#isAnyLeft(instance, instance.isInTransaction)) this.#add(instance, null)
  }
  /** What a thrower that is gone had begun to undo stays as it is, but for a transaction. */
  #isAnyLeft(scope: Instance, isUndoneAgain: boolean): boolean {
    return this.#within(scope).some(({ thrower }) => isUndoneAgain || thrower?.phase !== 'gone')
  }
  #add(instance: Instance, handler: Node | null, recalls = false): void {
    const { node, scope } = instance
    const recalled = recalls ? Object.fromEntries(instance.locals) : null
    this.#all.push({ node, instance, scope: scope!, handler, recalled, thrower: null })
  }
  #within(scope: Instance): readonly Undoing[] {
    return this.#all.filter((one) => one.scope === scope)
  }
  /**
   * Everything that has completed in the thrower's scope is undone, and in the scope around an event sub-process that throws or in the
   * completed one that it undoes. The handlers begin in the scope of the thrower. Answers whether there is anything.
   */
  throwIn(thrower: Instance): boolean {
    const scope = thrower.scope!
    const isReaching = scope.node.planned.isTriggeredByEvent === true && scope.role === 'element'
    const scopes = isReaching ? [scope, scope.undoes?.instance ?? scope.scope] : [scope]
    const aimed = this.#all.filter((one) => one.thrower === null && scopes.includes(one.scope))
    const undo = (one: Undoing): void => {
      const inner = this.#along(one).filter((other) => other.thrower === null)
      one.thrower = thrower
      scope.wanted.push(...begin(one))
      inner.forEach(undo)
    }
    aimed.forEach(undo)
    return aimed.length > 0
  }
  /** What is undone with it, unless an event sub-process decides. */
  #along({ instance, recalled }: Undoing): readonly Undoing[] {
    return recalled === null ? this.#within(instance) : []
  }
  /** What must begin for a cancelled transaction: of what has completed in it the last, and not twice. */
  next(transaction: Instance): readonly Wanted[] {
    const inside = (one: Undoing): readonly Undoing[] => [one, ...this.#along(one).flatMap(inside)]
    const all = new Set(this.#within(transaction).flatMap(inside))
    for (const one of this.#all.toReversed()) {
      if (!all.has(one) || one.thrower === transaction) continue
      one.thrower = transaction
      if (one.handler !== null) return begin(one)
    }
    return []
  }
  /** A handler has completed; the thrower goes on after the last. What an event sub-process left stays as it is. */
  done(undoing: Undoing, handler: Instance): void {
    this.#remove(undoing)
    if (undoing.recalled !== null) this.forget(undoing.instance)
    this.#closeScope(undoing.scope, handler.isInTransaction)
    const { thrower } = undoing
    if (thrower?.cancelled === null && !this.#all.some((one) => one.thrower === thrower)) thrower.mustComplete()
  }
  #closeScope(scope: Instance, isUndoneAgain: boolean): void {
    if (this.#isAnyLeft(scope, isUndoneAgain)) return
    const own = this.#all.find((one) => one.instance === scope && one.handler === null)
    if (own === undefined) return
    this.#remove(own)
    this.#closeScope(own.scope, isUndoneAgain)
  }
  #remove(undoing: Undoing): void {
    this.#all = this.#all.filter((one) => one !== undoing)
  }
  /** The scope ends: what has completed in it stays as it is. */
  forget(scope: Instance): void {
    for (const one of this.#within(scope)) {
      this.#remove(one)
      this.forget(one.instance)
    }
  }
}

const ownHandler = ({ body }: Node): Node | undefined =>
  body?.eventSubProcesses.find((node) => node.body!.start!.planned.event?.type === 'compensation')
const begin = (one: Undoing): readonly Wanted[] => {
  if (one.handler === null) return []
  const handler = { id: one.handler.id, undoes: one }
  return one.recalled === null ? [{ id: one.node.undoing!.event.id }, handler] : [handler]
}
