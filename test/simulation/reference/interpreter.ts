/**
 * The life of element instances as BPMN and Zeebe want it. Written from the semantics, knowing nothing of the engine. It decides no
 * order: each instance says what must happen to it next, and whoever observes says what happened. What did not have to happen is
 * refused; so every interleaving is judged exactly, and none is preferred.
 */
import type { Condition } from '../plan.ts'
import { beginInterruption, catcherOf, hears, open, startsIn, trigger } from './catching.ts'
import type { Graph, Node } from './graph.ts'
import { Instance, type Role, type Step, type Variables, type Wanted } from './instance.ts'
import { leadsTo } from './reach.ts'
import { Undoings } from './undoing.ts'

/** Of what is observed, what may not be. */
export class Violation extends Error {}
export function violated(message: string): never {
  throw new Violation(message)
}

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
      scopeKey > 0 ? this.#beginIn(this.instance(scopeKey), key, id) : this.#beginProcess(key, id, callerKey)
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
  #beginIn(scope: Instance, key: number, id: string): Instance {
    if (scope.phase !== 'active') violated(`${id} begins in ${scope.node.id}, which is ${scope.phase}`)
    const at = scope.wanted.findIndex((one) => one.id === id)
    const [wanted] = at < 0 ? [] : scope.wanted.splice(at, 1)
    const [adHocId = id, isInner] = id.split('#')
    const node = this.graph.node(adHocId)
    if (wanted === undefined) this.#consume(scope, node)
    const isLoop = node.planned.loop !== undefined && scope.role !== 'body'
    const role: Role = isInner !== undefined ? 'inner' : isLoop ? 'body' : 'element'
    const instance = new Instance(key, node, role, { scope })
    instance.undoes = wanted?.undoes ?? null
    if (node.planned.isTriggeredByEvent) instance.setLocal(instance.undoes?.recalled ?? {})
    if (scope.role === 'body') instance.setLocal({ item: scope.loop.begun, loopCounter: ++scope.loop.begun })
    const variables = wanted?.variables
    if (variables === undefined) return instance
    if (role === 'inner') instance.wanted.push({ id: variables.element as string })
    // An event sub-process hands the event to its start; the others have its variables as their own until they complete.
    const isHandedOn = scope.node.planned.isTriggeredByEvent && node.planned.type === 'startEvent'
    if (node.planned.isTriggeredByEvent || isHandedOn) instance.result = variables
    else {
      instance.setLocal(role === 'inner' ? (variables.own as Variables) : variables)
      instance.chosen = node
    }
    return instance
  }
  #consume(scope: Instance, node: Node): void {
    const { incoming, planned } = node
    const waiting = incoming.filter(({ id }) => scope.tokens.has(id))
    if (!this.#mayJoin(scope, node)) violated(`${planned.id} begins, but its tokens do not allow it`)
    const isJoin = planned.type === 'parallelGateway' || planned.type === 'inclusiveGateway'
    for (const { id } of isJoin ? waiting : waiting.slice(0, 1)) scope.token(id, -1)
  }
  /** Whether tokens let the node begin. */
  #mayJoin(scope: Instance, { incoming, planned, id }: Node): boolean {
    const waiting = incoming.filter((flow) => scope.tokens.has(flow.id))
    if (planned.type === 'parallelGateway') return waiting.length === incoming.length
    if (waiting.length === 0) return false
    return planned.type !== 'inclusiveGateway' || !leadsTo(this.graph, scope, id)
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
    if (role === 'body') this.#loopBegins(instance)
    else if (role === 'inner') return
    else if (role === 'process' || instance.type === 'subProcess') instance.wanted.push(this.#startOf(instance))
    else if (instance.type === 'adHocSubProcess') this.#adHocBegins(instance)
    else if (instance.type.endsWith('Gateway')) this.#gateway(instance)
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
    else if (work !== undefined) this.#taskTurns(instance, 'CREATING')
  }
  /** A user task begins a transition: its listener works, if it has one. Answers whether it has. */
  #taskTurns(instance: Instance, task: 'CREATING' | 'ASSIGNING' | 'COMPLETING' | 'CANCELING'): boolean {
    const isListened = instance.node.planned.work === 'listened person'
    instance.task = isListened ? task : 'CREATED'
    if (isListened) instance.job = 'TASK_LISTENER'
    return isListened
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
    else if (event?.type === 'error' || event?.type === 'escalation') this.#throw(instance, event.type)
    else if (event?.type === 'cancel') this.#cancel(instance)
  }
  /** The nearest transaction ends what is in it. */
  #cancel(instance: Instance): void {
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
  /** Nothing is left in the transaction: the next is undone or, after the last, it goes. */
  #undoNext(transaction: Instance): void {
    const wanted = this.#undoingsOf(transaction).next(transaction)
    transaction.wanted.push(...wanted)
    if (wanted.length > 0) return
    transaction.leaving = { id: transaction.cancelled!.id, variables: {} }
    transaction.mustTerminate()
  }
  #throw(instance: Instance, thrown: 'error' | 'escalation'): void {
    const caught = catcherOf(thrown, thrown === 'error' ? instance : instance.scope, instance)
    if (thrown === 'error' || caught?.target.planned.isInterrupting) instance.next = null
    if (caught !== null && hears(caught.instance, caught.target)) trigger(caught.instance, caught.target, {})
  }
  /** A worker throws an error; uncaught it is an incident. */
  throwError(instance: Instance): void {
    const caught = catcherOf('error', instance, instance)
    if (caught === null) {
      instance.incident = 'UNHANDLED_ERROR_EVENT'
      return
    }
    instance.job = null
    if (hears(caught.instance, caught.target)) trigger(caught.instance, caught.target, {})
  }

  #gateway(instance: Instance): void {
    const { type, otherwise } = instance.node.planned
    const { outgoing } = instance.node
    if (type === 'eventBasedGateway') {
      open(
        instance,
        outgoing.map(({ to }) => this.graph.node(to)),
        this.now,
      )
      return
    }
    const holding = outgoing.filter(({ when }) => when !== undefined && holds(instance, when))
    const chosen = type === 'exclusiveGateway' ? holding.slice(0, 1) : holding
    const isFree =
      type === 'parallelGateway' || outgoing.every(({ when, id }) => when === undefined && id !== otherwise)
    const taken = isFree ? outgoing : chosen.length > 0 ? chosen : outgoing.filter(({ id }) => id === otherwise)
    instance.flows = taken.map(({ id }) => id)
    instance.mustComplete()
  }

  #loopBegins(body: Instance): void {
    open(body, body.boundaries, this.now)
    const { items, isSequential, collection } = body.node.planned.loop!
    if (collection !== '') body.locals.set(collection, new Array(items).fill(null))
    const count = isSequential ? Math.min(1, items) : items
    for (let i = 0; i < count; i++) body.wanted.push({ id: body.node.id })
    if (items === 0) body.mustComplete()
  }
  #childCompleted(body: Instance, child: Instance): void {
    const { items, isSequential, collection, untilTwo } = body.node.planned.loop!
    const { loop } = body
    loop.completed++
    if (collection !== '') {
      const list = [...(body.locals.get(collection) as unknown[])]
      list[(child.locals.get('loopCounter') as number) - 1] = child.lookup('item')
      body.locals.set(collection, list)
    }
    if (untilTwo && loop.completed === 2) {
      body.wanted = []
      for (const other of body.children) other.mustTerminate()
      if (body.children.size === 0) body.mustComplete()
    } else if (isSequential && loop.begun < items) body.wanted.push({ id: body.node.id })
    else if (body.isQuiet) body.mustComplete()
  }

  #adHocBegins(instance: Instance): void {
    open(instance, [...startsIn(instance), ...instance.boundaries], this.now)
    const { begin } = instance.node.planned.adHoc!
    if (begin === 'as a worker says') instance.job = 'AD_HOC_SUB_PROCESS'
    else for (const element of begin) this.wantInside(instance, element, {})
  }
  wantInside(adHoc: Instance, element: string, own: Variables): void {
    adHoc.wanted.push({ id: `${adHoc.node.id}#innerInstance`, variables: { element, own } })
  }
  #innerCompleted(adHoc: Instance): void {
    const { begin, untilOver, keepsRest } = adHoc.node.planned.adHoc!
    if (adHoc.phase !== 'active') return
    if (begin === 'as a worker says') {
      adHoc.incident = null
      adHoc.job = adHoc.isFulfilled ? null : 'AD_HOC_SUB_PROCESS'
      if (adHoc.isFulfilled) this.fulfil(adHoc, true)
    } else if (untilOver) {
      if (adHoc.lookup('again') === false) this.fulfil(adHoc, !keepsRest)
    } else if (adHoc.isQuiet) adHoc.mustComplete()
  }
  /** The worker of an ad-hoc sub-process has said how it goes on. */
  decided(adHoc: Instance, variables: Variables, begin: readonly { element: string; own: Variables }[]): void {
    adHoc.job = null
    adHoc.merge(variables)
    for (const { element, own } of begin) this.wantInside(adHoc, element, own)
  }
  /** It is to complete: at once, or when the rest has ended. */
  fulfil(adHoc: Instance, cancelsRest: boolean): void {
    if (cancelsRest) this.cancelInside(adHoc)
    if (adHoc.isQuiet) adHoc.mustComplete()
  }

  /** Its children end, unless they complete first. */
  cancelInside(adHoc: Instance): void {
    for (const child of adHoc.children) child.isCancelled = true
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
    if (listens) instance.job = 'EXECUTION_LISTENER'
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
    if (instance.undoes !== null) this.#undoingsOf(instance).done(instance.undoes)
    const { type, event } = node.planned
    if (scope.role === 'body') this.#childCompleted(scope, instance)
    else if (role === 'inner') this.#innerCompleted(scope)
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
    if (instance.task !== null && this.#taskTurns(instance, 'CANCELING')) return
    instance.task = null
    this.#mayEnd(instance)
  }
  #mayEnd(instance: Instance): void {
    if (instance.children.size === 0 && instance.called === null) instance.next = 'TERMINATED'
  }
  #terminated(instance: Instance): void {
    const { scope, caller, leaving } = instance
    if (instance.isInCancelled) this.#undoingsOf(instance).keep(instance)
    this.#gone(instance)
    if (caller !== null) {
      caller.called = null
      if (caller.phase === 'terminating') this.#mayEnd(caller)
    }
    if (scope === null) return
    if (leaving !== null && scope.phase === 'active' && scope.interruption === null) scope.wanted.push(leaving)
    else if (scope.phase === 'terminating') this.#mayEnd(scope)
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
  /** The listener of a user task is done. */
  taskListenerDone(instance: Instance, isDenied: boolean): void {
    const { task } = instance
    instance.job = null
    instance.task = 'CREATED'
    if (task === 'CANCELING') {
      instance.task = null
      this.#mayEnd(instance)
    } else if (task === 'COMPLETING' && !isDenied) this.#taskDone(instance)
    else if (task === 'COMPLETING') instance.result = null
  }
  #taskDone(instance: Instance): void {
    instance.task = null
    instance.mustComplete()
  }
  /** A person does something with a task. */
  person(instance: Instance, does: 'ASSIGNING' | 'COMPLETING', variables: Variables): void {
    if (instance.task !== 'CREATED') violated(`${instance.node.id} is ${does} while it is ${instance.task}`)
    if (does === 'COMPLETING') instance.result = variables
    if (!this.#taskTurns(instance, does) && does === 'COMPLETING') this.#taskDone(instance)
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
        if (this.#mayJoin(instance, target)) return `${target.id} was to begin: its tokens are there`
      }
    }
    return null
  }
}

function holds(instance: Instance, when: Condition): boolean {
  if (when === 'again') return instance.lookup('again') === true
  const remainder = (instance.lookup('choice') as number) % when.of
  return 'is' in when ? remainder === when.is : remainder < when.isBelow
}
