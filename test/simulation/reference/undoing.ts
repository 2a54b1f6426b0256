/** Compensation: what has completed in a process instance and can be undone, oldest first. */
import type { Instance, Undoing } from './instance.ts'

export class Undoings {
  #all: Undoing[] = []

  /** The instance has completed: it, or something in it, may have to be undone. */
  note(instance: Instance): void {
    const { node, scope, role } = instance
    if (scope === null || role === 'inner') return
    const handler = scope.role === 'body' ? null : (node.undoing?.handler ?? null)
    const holds = role === 'body' || (node.planned.type === 'subProcess' && !node.planned.isTriggeredByEvent)
    if (handler === null && !(holds && this.#within(instance).length > 0)) return
    this.#all.push({ node, instance, scope, handler, thrower: null })
  }
  #within(scope: Instance): readonly Undoing[] {
    return this.#all.filter((one) => one.scope === scope)
  }
  /**
   * Everything that has completed in the thrower's scope is undone, and in the scope around an event sub-process that throws. The
   * handlers begin in the scope of the thrower. Answers whether there is anything.
   */
  throwIn(thrower: Instance): boolean {
    const scope = thrower.scope!
    const isReaching = scope.node.planned.isTriggeredByEvent === true && scope.role === 'element'
    const scopes = isReaching ? [scope, scope.scope] : [scope]
    const aimed = this.#all.filter((one) => one.thrower === null && scopes.includes(one.scope))
    const undo = (one: Undoing): void => {
      const inner = this.#within(one.instance).filter((other) => other.thrower === null)
      one.thrower = thrower
      if (one.handler !== null) {
        scope.wanted.push({ id: one.node.undoing!.event.id }, { id: one.handler.id, undoes: one })
      }
      inner.forEach(undo)
    }
    aimed.forEach(undo)
    return aimed.length > 0
  }
  /** A handler has completed; the thrower goes on after the last. */
  done(undoing: Undoing): void {
    this.#remove(undoing)
    this.#closeScope(undoing.scope)
    const { thrower } = undoing
    if (!this.#all.some((one) => one.thrower === thrower)) thrower?.mustComplete()
  }
  #closeScope(scope: Instance): void {
    if (this.#within(scope).length > 0) return
    const own = this.#all.find((one) => one.instance === scope && one.handler === null)
    if (own === undefined) return
    this.#remove(own)
    this.#closeScope(own.scope)
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
