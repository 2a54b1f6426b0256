/**
 * The life of element instances as BPMN and Zeebe want it. Written from the semantics, knowing nothing of the engine. It decides no
 * order: each instance says what must happen to it next, and whoever observes says what happened. What did not have to happen is
 * refused; so every interleaving is judged exactly, and none is preferred. Each family of rules has a file beside this one.
 */
import { adHocBegins, innerCompleted } from './ad-hoc.ts'
import { beginIn } from './beginnings.ts'
import { beginInterruption, catcherOf, open, startsIn } from './catching.ts'
import { choose, mayJoin } from './gateways.ts'
import type { Graph, Node } from './graph.ts'
import { Instance, type Step, type Variables, type Wanted } from './instance.ts'
import { childCompleted, loopBegins } from './loops.ts'
import { cancel, throwAt } from './throwing.ts'
import { Undoings } from './undoing.ts'
import { turn } from './user-tasks.ts'
import { violated } from './violation.ts'

const NO_EVENT = ['task', 'manualTask']

export class Interpreter {
  readonly graph: Graph
  readonly instances = new Map<number, Instance>()
  /** Processes that must begin, with their variables. */
  readonly processes: { id: string; variables: Variables; caller: Instance | null; event: Wanted | null }[] = []
  /** Signals that must be broadcast. */
  readonly signals: string[] = []
  readonly #undoings = new Map<Instance, Undoings>()
  now = 0

  constructor(graph: Graph) {
    this.graph = graph
  }

  /** An element begins: somebody must have wanted it, or a token led there. */
  begin(key: number, id: string, scopeKey: number, callerKey: number): Instance {
    const instance =
      scopeKey > 0 ? beginIn(this.graph, this.instance(scopeKey), key, id) : this.#beginProcess(key, id, callerKey)
    this.instances.set(key, instance)
    const { node, role } = instance
    // What begins with its event already there has no start listeners.
    const listens = role === 'element' && instance.chosen === null && node.planned.listeners?.includes('start') === true
    if (listens) instance.job = 'EXECUTION_LISTENER'
    else this.#ready(instance)
    return instance
  }
  #beginProcess(key: number, id: string, callerKey: number): Instance {
    const at = this.processes.findIndex((one) => one.id === id && (one.caller?.key ?? -1) === callerKey)
    const [wanted] = at < 0 ? [] : this.processes.splice(at, 1)
    if (wanted === undefined) return violated(`process ${id} begins, but nobody has started it`)
    const instance = new Instance(key, this.graph.processes.get(id)!, 'process', { scope: null, caller: wanted.caller })
    instance.setLocal(wanted.variables)
    if (wanted.caller !== null) wanted.caller.called = instance
    this.#undoings.set(instance, new Undoings())
    if (wanted.event !== null) instance.wanted.push(wanted.event)
    return instance
  }
  /** Its start listeners are done. */
  #ready(instance: Instance): void {
    const isError = instance.type === 'endEvent' && instance.node.planned.event?.type === 'error'
    if (isError && catcherOf('error', instance, instance) === null) instance.incident = 'UNHANDLED_ERROR_EVENT'
    else instance.next = 'ACTIVATED'
  }

  /** What must have been next has happened. */
  step(key: number, step: Step): Instance {
    const instance = this.instance(key)
    const mayEnd = step === 'TERMINATING' && instance.isCancelled && instance.phase !== 'terminating'
    if (instance.next !== step && !mayEnd)
      violated(`${instance.node.id} ${step}, but it was to be ${instance.next ?? 'as it is'} (${instance.phase})`)
    instance.next = null
    if (step === 'ACTIVATED') this.#activated(instance)
    else if (step === 'COMPLETING') this.#completing(instance)
    else if (step === 'COMPLETED') this.#completed(instance)
    else if (step === 'TERMINATING') this.#terminating(instance)
    else this.#terminated(instance)
    return instance
  }

  #activated(instance: Instance): void {
    instance.phase = 'active'
    const { node, role } = instance
    if (role === 'process' && instance.wanted.length > 0) return
    if (role === 'body') loopBegins(instance, this.now)
    else if (role === 'inner') return
    else if (role === 'process' || instance.type === 'subProcess') instance.wanted.push(this.#startOf(instance))
    else if (instance.type === 'adHocSubProcess') adHocBegins(instance, this.now)
    else if (instance.type.endsWith('Gateway')) choose(this.graph, instance, this.now)
    else if (instance.type.endsWith('Event')) this.#event(instance)
    else this.#task(instance, node)
  }
  #startOf(instance: Instance): Wanted {
    const { result, node } = instance
    instance.result = null
    return { id: node.body!.start!.id, ...(result && { variables: result }) }
  }
  #task(instance: Instance, { planned }: Node): void {
    const { type, work, called, message } = planned
    if (NO_EVENT.includes(type) || work === 'script') {
      if (work === 'script') instance.result = { choice: (instance.lookup('choice') as number) + 1 }
      instance.mustComplete()
      return
    }
    open(instance, [...(message === undefined ? [] : [instance.node]), ...instance.boundaries], this.now)
    if (called !== undefined)
      this.processes.push({ id: called, variables: instance.visible(), caller: instance, event: null })
    else if (work === 'job' || (type === 'userTask' && work === undefined)) instance.job = 'BPMN_ELEMENT'
    else if (work !== undefined) turn(instance, 'CREATING')
  }
  #event(instance: Instance): void {
    const { type, event } = instance.node.planned
    if (type === 'intermediateCatchEvent' && event?.type !== 'link' && instance.chosen === null) {
      open(instance, [instance.node], this.now)
      return
    }
    instance.mustComplete()
    if (type !== 'endEvent' && type !== 'intermediateThrowEvent') return
    if (event?.type === 'message') {
      instance.next = null
      instance.job = 'BPMN_ELEMENT'
    } else if (event?.type === 'signal') this.signals.push(event.name)
    else if (event?.type === 'compensation' && this.#undoingsOf(instance).throwIn(instance)) instance.next = null
    else if (event?.type === 'error' || event?.type === 'escalation') throwAt(instance, event.type)
    else if (event?.type === 'cancel') cancel(instance)
  }
  /** Nothing is left in the transaction: the next is undone or, after the last, it goes. */
  #undoNext(transaction: Instance): void {
    const wanted = this.#undoingsOf(transaction).next(transaction)
    transaction.wanted.push(...wanted)
    if (wanted.length > 0) return
    transaction.leaving = { id: transaction.cancelled!.id, variables: {} }
    transaction.mustTerminate()
  }
  #completing(instance: Instance): void {
    instance.phase = 'completing'
    const { node, role, scope } = instance
    const { type, event, loop, listeners } = node.planned
    if (role === 'body') {
      const collection = loop!.collection
      if (collection !== '') scope!.merge({ [collection]: instance.locals.get(collection) })
    } else if (instance.result !== null && type !== 'eventBasedGateway') instance.merge(instance.result)
    else if (instance.chosen !== null && role === 'element' && event?.type !== 'error' && type !== 'eventBasedGateway')
      scope!.merge(Object.fromEntries(instance.locals))
    instance.waits.clear()
    const isUndoing = type === 'boundaryEvent' && event?.type === 'compensation'
    const listens = role === 'element' && listeners?.includes('end') === true && !isUndoing
    if (listens && instance.late !== null) {
      instance.leaving = instance.late
      instance.mustTerminate()
    } else if (listens) instance.job = 'EXECUTION_LISTENER'
    else instance.next = 'COMPLETED'
  }

  #completed(instance: Instance): void {
    const { scope, node, role } = instance
    this.#gone(instance)
    if (scope === null) {
      const { caller } = instance
      if (caller !== null) {
        caller.called = null
        caller.result = Object.fromEntries(instance.locals)
        caller.mustComplete()
      }
      return
    }
    this.#undoingsOf(instance).note(instance)
    if (instance.undoes !== null) this.#undoingsOf(instance).done(instance.undoes, instance)
    const { type, event } = node.planned
    if (scope.role === 'body') childCompleted(scope, instance)
    else if (role === 'inner') innerCompleted(scope)
    else if (event?.type === 'link' && type === 'intermediateThrowEvent')
      scope.wanted.push({ id: this.graph.linked(event.name).id })
    else if (type === 'eventBasedGateway') scope.wanted.push({ id: instance.chosen!.id, variables: instance.result! })
    else if (event?.type === 'terminate') {
      scope.clear()
      scope.interruption = { node, variables: {}, isPending: false }
      for (const other of scope.children) other.mustTerminate()
    } else scope.flows.push(...(type.endsWith('Gateway') ? instance.flows : node.outgoing.map(({ id }) => id)))
    if (type === 'startEvent') open(scope, [...startsIn(scope), ...scope.boundaries], this.now)
    this.#settle(scope)
  }
  take(flowId: string, scopeKey: number): void {
    const scope = this.instance(scopeKey)
    const at = scope.flows.indexOf(flowId)
    if (at < 0) violated(`flow ${flowId} is taken, but nothing goes out by it`)
    scope.flows.splice(at, 1)
    scope.token(flowId, 1)
  }
  /** The scope completes when nothing in it is left; of loops and ad-hoc sub-processes others decide while something completes. */
  #settle(scope: Instance): void {
    const decides = scope.role === 'body' || (scope.role === 'element' && scope.type === 'adHocSubProcess')
    if (!decides) this.#mayComplete(scope)
  }

  #mayComplete(scope: Instance): void {
    if (scope.phase !== 'active' || scope.leaving !== null || !scope.isQuiet) return
    if (scope.cancelled !== null) this.#undoNext(scope)
    else scope.mustComplete()
  }

  #terminating(instance: Instance): void {
    instance.phase = 'terminating'
    instance.job = null
    instance.incident = null
    instance.waits.clear()
    instance.clear()
    if (!instance.isInCancelled) this.#undoingsOf(instance).forget(instance)
    for (const child of instance.children) child.mustTerminate()
    instance.called?.mustTerminate()
    if (instance.task !== null && turn(instance, 'CANCELING')) return
    instance.task = null
    instance.mayEnd()
  }
  #terminated(instance: Instance): void {
    const { scope, caller, leaving } = instance
    if (instance.isInCancelled) this.#undoingsOf(instance).keep(instance)
    this.#gone(instance)
    if (caller !== null) {
      caller.called = null
      if (caller.phase === 'terminating') caller.mayEnd()
    }
    if (scope === null) return
    if (leaving !== null && scope.phase === 'active' && scope.interruption === null) scope.wanted.push(leaving)
    else if (scope.phase === 'terminating') scope.mayEnd()
    else if (scope.children.size === 0 && scope.interruption?.isPending) beginInterruption(scope)
    else this.#mayComplete(scope)
  }
  #gone(instance: Instance): void {
    instance.phase = 'gone'
    instance.scope?.children.delete(instance)
    this.instances.delete(instance.key)
  }

  /** The job of an instance is done. */
  jobDone(instance: Instance, variables: Variables): void {
    const { job, phase, scope, type } = instance
    instance.job = null
    if (job !== 'EXECUTION_LISTENER') {
      instance.result = variables
      instance.mustComplete()
      return
    }
    const place = phase === 'activating' ? instance : scope
    // What listeners of a parallel gateway leave is lost.
    if (type !== 'parallelGateway') place?.setLocal(variables)
    if (phase === 'activating') this.#ready(instance)
    else instance.next = 'COMPLETED'
  }
  /** An incident that has no job is resolved: the step is tried again. */
  retry(instance: Instance): void {
    instance.incident = null
    if (instance.phase === 'activating' && instance.job === null) this.#ready(instance)
  }

  instance(key: number): Instance {
    return this.instances.get(key) ?? violated(`something happens to instance ${key}, which is not there`)
  }
  #undoingsOf(instance: Instance): Undoings {
    return this.#undoings.get(instance.root)!
  }

  /** What had to happen and did not; null when all is at rest. */
  unrest(): string | null {
    const [process] = this.processes
    if (process !== undefined) return `process ${process.id} was to begin`
    if (this.signals.length > 0) return `signal ${this.signals[0]} was to be broadcast`
    for (const instance of this.instances.values()) {
      const { id } = instance.node
      if (instance.isCancelled && instance.phase !== 'terminating') return `${id} was to end`
      if (instance.next !== null) return `${id} was to be ${instance.next}`
      if (instance.flows.length > 0) return `flow ${instance.flows[0]} was to be taken`
      if (instance.wanted.length > 0) return `${instance.wanted[0]!.id} was to begin`
      for (const flow of instance.tokens.keys()) {
        const target = this.graph.node(this.graph.flow(flow)!.to)
        if (mayJoin(this.graph, instance, target)) return `${target.id} was to begin: its tokens are there`
      }
    }
    return null
  }
}
