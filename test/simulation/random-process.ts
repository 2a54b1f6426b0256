/**
 * A process planned by chance from blocks with one way in and one way out, so that whatever happens inside it can always come to its
 * end. The kinds of blocks are the kinds of elements the engine has. Of what chance offers the simplest stands first (random.ts).
 */
import {
  type Condition,
  type Plan,
  type PlannedElement,
  type PlannedEvent,
  type PlannedFlow,
  type PlannedLoop,
  type Plans,
  SIGNAL_BESIDE,
  type Work,
} from './plan.ts'
import type { Chance } from './random.ts'

const DEPTH_MAX = 3
const BRANCHES_MAX = 3

/** A planned block: where tokens go in and come out. */
interface Block {
  readonly from: string
  readonly to: string
}
type PlanBlock = (scope: Growing, depth: number) => Block
type Rest = Omit<PlannedElement, 'id' | 'type'>

/** A scope while it is planned. */
class Growing implements Plan {
  readonly elements: PlannedElement[] = []
  readonly flows: PlannedFlow[] = []
  readonly undoing: { event: string; handler: string }[] = []
  /** No end event may stand there. */
  readonly isEndless: boolean

  constructor(isEndless = false) {
    this.isEndless = isEndless
  }
  /** A flow, named after its ends. */
  flow(from: string, to: string, when?: Condition): this {
    return this.named(`${from}.${to}.${this.flows.length + 1}`, from, to, when)
  }
  named(id: string, from: string, to: string, when?: Condition): this {
    this.flows.push({ id, from, to, ...(when && { when }) })
    return this
  }
  /** Flows through all of them in turn. */
  path(...ids: readonly string[]): this {
    for (const [i, id] of ids.slice(1).entries()) this.flow(ids[i]!, id)
    return this
  }
  reaches(id: string): boolean {
    return this.flows.some(({ to }) => to === id)
  }
}

export class RandomProcess {
  readonly #chance: Chance
  readonly #processes: Record<string, Plan> = {}
  readonly #signals: string[] = []
  #ids = 0
  #loops = 0
  /** Inside what events start: who throws there what had started it would never come to an end. */
  #started = 0
  /** Inside a transaction. */
  #inTransaction = false

  constructor(chance: Chance) {
    this.#chance = chance
  }
  /** A process `main` and those it calls. */
  plan(): Plans {
    this.#process('main', 0)
    if (this.#chance.happens(0.2)) this.#processStartedBySignal()
    return this.#processes
  }

  #process(id: string, depth: number): void {
    const scope = new Growing()
    this.#transacted(false, () => this.#body(scope, depth))
    if (this.#chance.happens(0.3)) this.#transacted(false, () => this.#eventSubProcess(scope, depth))
    this.#processes[id] = scope
  }
  /** A start, some blocks, an end. */
  #body(scope: Growing, depth: number): void {
    const from = this.#add(scope, 'startEvent')
    const block = this.#sequence(scope, depth)
    scope.flow(from, block.from).flow(block.to, this.#end(scope, depth))
  }
  #end(scope: Growing, depth: number): string {
    const kind = this.#chance.below(10)
    if (kind === 9) return this.#add(scope, 'endEvent', { event: { type: 'terminate' } })
    if (kind === 8) return this.#add(scope, 'endEvent', { event: this.#message() })
    if (kind === 7 && depth > 0) return this.#add(scope, 'endEvent', { event: { type: 'error' } })
    if (kind === 6) return this.#add(scope, 'endEvent', { event: this.#thrown() })
    if (kind === 5 && this.#inTransaction) return this.#cancelEnd(scope)
    return this.#plainEnd(scope)
  }
  #plainEnd(scope: Growing): string {
    return this.#add(scope, scope.isEndless ? 'task' : 'endEvent')
  }

  #cancelEnd(scope: Growing): string {
    return this.#add(scope, 'endEvent', { event: { type: 'cancel' } })
  }
  /** Plans what stands in a transaction, or in none. */
  #transacted<T>(inTransaction: boolean, planned: () => T): T {
    const around = this.#inTransaction
    this.#inTransaction = inTransaction
    const result = planned()
    this.#inTransaction = around
    return result
  }

  #id(): string {
    return `n${++this.#ids}`
  }
  #add(scope: Growing, type: string, rest: Rest = {}): string {
    const id = this.#id()
    const listeners = this.#listeners(type)
    scope.elements.push({ id, type, ...rest, ...(listeners.length > 0 && { listeners }) })
    return id
  }
  /** Perhaps with listeners before and after. */
  #listeners(type: string): readonly ('start' | 'end')[] {
    if (!this.#chance.happens(0.12)) return []
    const hasStart = type !== 'startEvent' && type !== 'boundaryEvent'
    const hasEnd = type !== 'endEvent' && !type.endsWith('Gateway')
    const events = [...(hasStart ? (['start'] as const) : []), ...(hasEnd ? (['end'] as const) : [])]
    return events.filter(() => this.#chance.happens(0.7))
  }
  #message(): PlannedEvent {
    return { type: 'message', name: `m${++this.#ids}` }
  }
  #signal(interrupting: boolean): PlannedEvent {
    const name = `${interrupting ? 'signal' : SIGNAL_BESIDE}${++this.#ids}`
    this.#signals.push(name)
    return { type: 'signal', name }
  }
  /** What an event throws inside the engine. */
  #thrown(): PlannedEvent {
    const heard = this.#signals.filter((name) => !name.startsWith(SIGNAL_BESIDE))
    const isSignal = heard.length > 0 && this.#chance.happens(0.4)
    if (this.#started === 0 && isSignal) return { type: 'signal', name: this.#chance.one(heard) }
    if (this.#started === 0 && this.#chance.happens(0.5)) return { type: 'escalation' }
    return { type: 'compensation' }
  }
  /** Plans what an event starts. */
  #startedBy<T>(planned: () => T): T {
    this.#started++
    const result = planned()
    this.#started--
    return result
  }
  #processStartedBySignal(): void {
    const scope = new Growing()
    const from = this.#add(scope, 'startEvent', { event: this.#signal(true) })
    const block = this.#startedBy(() => this.#sequence(scope, DEPTH_MAX))
    scope.flow(from, block.from).flow(block.to, this.#add(scope, 'endEvent'))
    this.#processes.heard = scope
  }

  #blocks(scope: Growing, depth: number): readonly Block[] {
    return Array.from(this.#chance.times('block', { min: 1, max: 3 }), () => this.#block(scope, depth))
  }
  #sequence(scope: Growing, depth: number): Block {
    const blocks = this.#blocks(scope, depth)
    for (const [i, block] of blocks.slice(1).entries()) scope.flow(blocks[i]!.to, block.from)
    return { from: blocks[0]!.from, to: blocks.at(-1)!.to }
  }
  #block(scope: Growing, depth: number): Block {
    const leaves: readonly PlanBlock[] = [
      ...[this.#task, this.#task, this.#task, this.#catch, this.#throw],
      ...[this.#link, this.#undoable],
    ]
    const inner: readonly PlanBlock[] = [
      this.#gateways,
      this.#gateways,
      this.#eventBased,
      this.#subProcess,
      this.#transaction,
      this.#adHoc,
      this.#call,
      this.#loop,
    ]
    const plan = this.#chance.one(depth < DEPTH_MAX ? [...leaves, ...inner] : leaves)
    return plan(scope, depth)
  }

  readonly #task: PlanBlock = (scope, depth) => {
    const kinds: readonly [string, Work?][] = [
      ['task'],
      ['manualTask'],
      ['serviceTask', 'job'],
      ['sendTask', 'job'],
      ['scriptTask', 'script'],
      ['scriptTask', 'job'],
      ['businessRuleTask', 'job'],
      ['userTask', 'person'],
      ['userTask', 'listened person'],
      ['userTask'],
    ]
    if (this.#chance.happens(0.1)) return this.#receive(scope, depth)
    const [type, work] = this.#chance.one(kinds)
    return this.#bounded(scope, depth, this.#add(scope, type, { ...(work && { work }), ...this.#often() }))
  }
  /** Perhaps once for each of some items. */
  #often(): { readonly loop?: PlannedLoop } {
    if (!this.#chance.happens(0.15)) return {}
    const loop = {
      isSequential: this.#chance.happens(0.5),
      items: this.#chance.below(4),
      untilTwo: this.#chance.happens(0.2),
      collection: this.#chance.happens(0.5) ? `results${++this.#ids}` : '',
    }
    return { loop }
  }
  readonly #receive: PlanBlock = (scope, depth) => {
    const message = `m${++this.#ids}`
    return this.#bounded(scope, depth, this.#add(scope, 'receiveTask', { message, ...this.#often() }))
  }
  #event(interrupting = true): PlannedEvent {
    const kind = this.#chance.below(6)
    if (kind === 5) return { type: 'conditional', name: `condition${++this.#ids}` }
    if (kind === 4) return this.#signal(interrupting)
    return kind < 2 ? this.#message() : { type: 'timer', minutes: 1 + this.#chance.below(60) }
  }
  readonly #catch: PlanBlock = (scope) => {
    const id = this.#add(scope, 'intermediateCatchEvent', { event: this.#event() })
    return { from: id, to: id }
  }
  readonly #throw: PlanBlock = (scope) => {
    const kinds = [() => null, () => this.#message(), () => this.#thrown(), () => this.#thrown()]
    const event = this.#chance.one(kinds)()
    const id = this.#add(scope, 'intermediateThrowEvent', event === null ? {} : { event })
    return { from: id, to: id }
  }
  readonly #link: PlanBlock = (scope) => {
    // In an ad-hoc sub-process a client may begin with the catching end, which may stand in the midst of other blocks.
    if (scope.isEndless) return this.#throw(scope, DEPTH_MAX)
    const event = { type: 'link', name: `l${++this.#ids}` } as const
    const from = this.#add(scope, 'intermediateThrowEvent', { event })
    return { from, to: this.#add(scope, 'intermediateCatchEvent', { event }) }
  }
  /** A task with another that undoes it. */
  readonly #undoable: PlanBlock = (scope) => {
    const id = this.#add(scope, 'serviceTask', { work: 'job' })
    const event = this.#add(scope, 'boundaryEvent', { event: { type: 'compensation' }, attachedTo: id })
    const kinds: readonly [string, Work?][] = [['task'], ['serviceTask', 'job'], ['userTask', 'person']]
    const [type, work] = this.#chance.one(kinds)
    const handler = this.#add(scope, type, { ...(work && { work }), isForCompensation: true })
    scope.undoing.push({ event, handler })
    return { from: id, to: id }
  }

  /**
   * Fork and join of one kind, or a choice and its merge. None is inclusive inside a loop: by the way round its join could always be
   * reached by what waits behind it, and both would wait for ever, as in Zeebe.
   */
  readonly #gateways: PlanBlock = (scope, depth) => {
    const types = ['exclusiveGateway', 'parallelGateway', 'inclusiveGateway'] as const
    const type = this.#chance.one(this.#loops > 0 ? types.slice(0, 2) : types)
    const [from, to, otherwise] = [this.#id(), this.#id(), `default${this.#ids}`]
    scope.elements.push({ id: from, type, ...(type !== 'parallelGateway' && { otherwise }) }, { id: to, type })
    const times = this.#chance.times('branch', { min: 1, max: BRANCHES_MAX })
    const branches = Array.from(times, () => this.#sequence(scope, depth + 1))
    for (const [i, block] of branches.entries()) {
      const of = type === 'exclusiveGateway' ? branches.length + 1 : i + 2
      const when = type === 'exclusiveGateway' ? { of, is: i } : { of, isBelow: i + 1 }
      scope.flow(from, block.from, type === 'parallelGateway' ? undefined : when).flow(block.to, to)
    }
    if (type !== 'parallelGateway') scope.named(otherwise, from, to)
    return { from, to }
  }
  readonly #eventBased: PlanBlock = (scope, depth) => {
    const [from, to] = [this.#add(scope, 'eventBasedGateway'), this.#add(scope, 'exclusiveGateway')]
    for (let i = 0; i < 2; i++) {
      const event = this.#add(scope, 'intermediateCatchEvent', { event: this.#event() })
      const block = this.#sequence(scope, depth + 1)
      scope.path(from, event, block.from).flow(block.to, to)
    }
    return { from, to }
  }
  readonly #subProcess: PlanBlock = (scope, depth) => {
    const inner = new Growing()
    this.#body(inner, depth + 1)
    if (this.#chance.happens(0.4)) this.#eventSubProcess(inner, depth + 1)
    if (this.#chance.happens(0.2)) this.#undoingSubProcess(inner)
    return this.#bounded(scope, depth, this.#add(scope, 'subProcess', { inner, ...this.#often() }), true)
  }
  /** Cancelled when a gateway says so, and perhaps from elsewhere inside. */
  readonly #transaction: PlanBlock = (scope, depth) => {
    const inner = new Growing()
    this.#transacted(true, () => {
      const [from, gateway, otherwise] = [this.#add(inner, 'startEvent'), this.#id(), `default${this.#ids}`]
      const block = this.#sequence(inner, depth + 1)
      inner.elements.push({ id: gateway, type: 'exclusiveGateway', otherwise })
      inner.path(from, block.from).flow(block.to, gateway)
      inner.flow(gateway, this.#cancelEnd(inner), { of: 2, is: 0 })
      inner.named(otherwise, gateway, this.#end(inner, depth + 1))
      if (this.#chance.happens(0.4)) this.#eventSubProcess(inner, depth + 1)
    })
    if (this.#chance.happens(0.1)) this.#undoingSubProcess(inner)
    const id = this.#add(scope, 'subProcess', { inner, isTransaction: true })
    const { to } = this.#bounded(scope, depth, id, true)
    const event = this.#add(scope, 'boundaryEvent', { event: { type: 'cancel' }, attachedTo: id })
    scope.flow(event, to)
    return { from: id, to }
  }
  /** Begins when what it stands in is undone, and perhaps undoes what is left. */
  #undoingSubProcess(scope: Growing): void {
    const inner = new Growing()
    const from = this.#add(inner, 'startEvent', { event: { type: 'compensation' }, isInterrupting: true })
    const block = this.#transacted(false, () => this.#startedBy(() => this.#sequence(inner, DEPTH_MAX)))
    const event = this.#chance.happens(0.6) ? { event: { type: 'compensation' } as const } : {}
    inner.flow(from, block.from).flow(block.to, this.#add(inner, 'endEvent', event))
    this.#add(scope, 'subProcess', { inner, isTriggeredByEvent: true })
  }
  #eventSubProcess(scope: Growing, depth: number): void {
    const inner = new Growing()
    const isError = this.#chance.happens(0.3)
    const isInterrupting = isError || this.#chance.happens(0.5)
    const event = this.#startOfEventSubProcess(isError, isInterrupting)
    const from = this.#add(inner, 'startEvent', { event, isInterrupting })
    const block = this.#startedBy(() => this.#sequence(inner, Math.max(depth + 1, DEPTH_MAX)))
    const cancels = this.#inTransaction && this.#chance.happens(0.3)
    inner.flow(from, block.from).flow(block.to, cancels ? this.#cancelEnd(inner) : this.#add(inner, 'endEvent'))
    this.#add(scope, 'subProcess', { inner, isTriggeredByEvent: true })
  }
  #startOfEventSubProcess(isError: boolean, isInterrupting: boolean): PlannedEvent {
    if (isError) return { type: 'error' }
    return this.#chance.happens(0.2) ? { type: 'escalation' } : this.#event(isInterrupting)
  }
  readonly #call: PlanBlock = (scope, depth) => {
    const called = `called${++this.#ids}`
    this.#process(called, depth + 1)
    return this.#bounded(scope, depth, this.#add(scope, 'callActivity', { called, ...this.#often() }), true)
  }
  /** Some elements that begin by themselves, by a client's command, or as a worker says. */
  readonly #adHoc: PlanBlock = (scope, depth) => {
    const inner = new Growing(true)
    const blocks = this.#blocks(inner, depth + 1)
    const entries = blocks.flatMap(({ from }) => (inner.reaches(from) ? [] : [from]))
    // Into a loop there is no way but by a flow.
    if (entries.length === 0) entries.push(this.#add(inner, 'task'))
    const begin = entries.filter(() => this.#chance.happens(0.6))
    const isDriven = this.#chance.happens(0.4)
    const adHoc = {
      begin: isDriven ? ('as a worker says' as const) : begin,
      untilOver: !isDriven && this.#chance.happens(0.5),
      keepsRest: !isDriven && this.#chance.happens(0.5),
    }
    return this.#bounded(scope, depth, this.#add(scope, 'adHocSubProcess', { inner, adHoc }), true)
  }
  /** Again as long as a worker says so. */
  readonly #loop: PlanBlock = (scope, depth) => {
    const [from, work] = [this.#add(scope, 'exclusiveGateway'), this.#add(scope, 'serviceTask', { work: 'job' })]
    this.#loops++
    const block = this.#sequence(scope, depth + 1)
    this.#loops--
    const to = this.#id()
    scope.elements.push({ id: to, type: 'exclusiveGateway', otherwise: `out${to}` })
    const after = this.#add(scope, 'task')
    scope.path(from, block.from).path(block.to, work, to).flow(to, from, 'again').named(`out${to}`, to, after)
    return { from, to: after }
  }

  /** The activity with boundary events or without; where errors may come from inside it, they are always caught. */
  #bounded(scope: Growing, depth: number, id: string, throws = false): Block {
    const events: [PlannedEvent, boolean][] = []
    if (throws || this.#chance.happens(0.1)) events.push([{ type: 'error' }, true])
    if (this.#chance.happens(0.2)) events.push([this.#event(), true])
    if (this.#chance.happens(0.15)) events.push([this.#event(false), false])
    if (throws && this.#chance.happens(0.3)) events.push([{ type: 'escalation' }, this.#chance.happens(0.5)])
    if (events.length === 0) return { from: id, to: id }
    const to = this.#add(scope, 'exclusiveGateway')
    scope.flow(id, to)
    for (const [event, isInterrupting] of events) {
      const boundary = this.#add(scope, 'boundaryEvent', { event, attachedTo: id, isInterrupting })
      const block = this.#startedBy(() => this.#sequence(scope, Math.max(depth + 1, DEPTH_MAX)))
      scope.flow(boundary, block.from).flow(block.to, isInterrupting ? to : this.#plainEnd(scope))
    }
    return { from: id, to }
  }
}
