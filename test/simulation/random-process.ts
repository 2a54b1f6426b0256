/**
 * A process planned by chance from blocks with one way in and one way out, so that whatever happens inside it can always come to its
 * end. The kinds of blocks are the kinds of elements the engine has. Of what chance offers the simplest stands first (random.ts).
 */
import { type Block, Growing } from './growing.ts'
import type { Plan, PlannedEvent, Plans, Work } from './plan.ts'
import { Planning } from './planning.ts'
import type { Chance } from './random.ts'

const DEPTH_MAX = 3
const BRANCHES_MAX = 3

type PlanBlock = (scope: Growing, depth: number) => Block

export class RandomProcess {
  readonly #by: Planning
  readonly #chance: Chance
  readonly #processes: Record<string, Plan> = {}
  #loops = 0

  constructor(chance: Chance) {
    this.#by = new Planning(chance)
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
    this.#by.transacted(false, () => this.#body(scope, depth))
    if (this.#chance.happens(0.3)) this.#by.transacted(false, () => this.#eventSubProcess(scope, depth))
    this.#processes[id] = scope
  }
  /** A start, some blocks, an end. */
  #body(scope: Growing, depth: number): void {
    const from = this.#by.add(scope, 'startEvent')
    const block = this.#sequence(scope, depth)
    scope.flow(from, block.from).flow(block.to, this.#end(scope, depth))
  }
  #end(scope: Growing, depth: number): string {
    const kind = this.#chance.below(10)
    if (kind === 9) return this.#by.add(scope, 'endEvent', { event: { type: 'terminate' } })
    if (kind === 8) return this.#by.add(scope, 'endEvent', { event: this.#by.message() })
    if (kind === 7 && depth > 0) return this.#by.add(scope, 'endEvent', { event: { type: 'error' } })
    if (kind === 6) return this.#by.add(scope, 'endEvent', { event: this.#by.thrown() })
    if (kind === 5 && this.#by.inTransaction) return this.#cancelEnd(scope)
    return this.#plainEnd(scope)
  }
  #plainEnd(scope: Growing): string {
    return this.#by.add(scope, scope.isEndless ? 'task' : 'endEvent')
  }

  #cancelEnd(scope: Growing): string {
    return this.#by.add(scope, 'endEvent', { event: { type: 'cancel' } })
  }
  #processStartedBySignal(): void {
    const scope = new Growing()
    const from = this.#by.add(scope, 'startEvent', { event: this.#by.signal(true) })
    const block = this.#by.startedBy(() => this.#sequence(scope, DEPTH_MAX))
    scope.flow(from, block.from).flow(block.to, this.#by.add(scope, 'endEvent'))
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
    return this.#bounded(scope, depth, this.#by.add(scope, type, { ...(work && { work }), ...this.#by.often() }))
  }
  readonly #receive: PlanBlock = (scope, depth) => {
    const message = this.#by.named('m')
    return this.#bounded(scope, depth, this.#by.add(scope, 'receiveTask', { message, ...this.#by.often() }))
  }
  readonly #catch: PlanBlock = (scope) => {
    const id = this.#by.add(scope, 'intermediateCatchEvent', { event: this.#by.event() })
    return { from: id, to: id }
  }
  readonly #throw: PlanBlock = (scope) => {
    const kinds = [() => null, () => this.#by.message(), () => this.#by.thrown(), () => this.#by.thrown()]
    const event = this.#chance.one(kinds)()
    const id = this.#by.add(scope, 'intermediateThrowEvent', event === null ? {} : { event })
    return { from: id, to: id }
  }
  readonly #link: PlanBlock = (scope) => {
    // In an ad-hoc sub-process a client may begin with the catching end, which may stand in the midst of other blocks.
    if (scope.isEndless) return this.#throw(scope, DEPTH_MAX)
    const event = { type: 'link', name: this.#by.named('l') } as const
    const from = this.#by.add(scope, 'intermediateThrowEvent', { event })
    return { from, to: this.#by.add(scope, 'intermediateCatchEvent', { event }) }
  }
  /** A task with another that undoes it. */
  readonly #undoable: PlanBlock = (scope) => {
    const id = this.#by.add(scope, 'serviceTask', { work: 'job' })
    const event = this.#by.add(scope, 'boundaryEvent', { event: { type: 'compensation' }, attachedTo: id })
    const kinds: readonly [string, Work?][] = [['task'], ['serviceTask', 'job'], ['userTask', 'person']]
    const [type, work] = this.#chance.one(kinds)
    const handler = this.#by.add(scope, type, { ...(work && { work }), isForCompensation: true })
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
    const [from, to, otherwise] = [this.#by.id(), this.#by.id(), `default${this.#by.latest}`]
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
    const [from, to] = [this.#by.add(scope, 'eventBasedGateway'), this.#by.add(scope, 'exclusiveGateway')]
    for (let i = 0; i < 2; i++) {
      const event = this.#by.add(scope, 'intermediateCatchEvent', { event: this.#by.event() })
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
    return this.#bounded(scope, depth, this.#by.add(scope, 'subProcess', { inner, ...this.#by.often() }), true)
  }
  /** Cancelled when a gateway says so, and perhaps from elsewhere inside. */
  readonly #transaction: PlanBlock = (scope, depth) => {
    const inner = new Growing()
    this.#by.transacted(true, () => {
      const [from, gateway, otherwise] = [this.#by.add(inner, 'startEvent'), this.#by.id(), `default${this.#by.latest}`]
      const block = this.#sequence(inner, depth + 1)
      inner.elements.push({ id: gateway, type: 'exclusiveGateway', otherwise })
      inner.path(from, block.from).flow(block.to, gateway)
      inner.flow(gateway, this.#cancelEnd(inner), { of: 2, is: 0 })
      inner.named(otherwise, gateway, this.#end(inner, depth + 1))
      if (this.#chance.happens(0.4)) this.#eventSubProcess(inner, depth + 1)
    })
    if (this.#chance.happens(0.1)) this.#undoingSubProcess(inner)
    const id = this.#by.add(scope, 'subProcess', { inner, isTransaction: true })
    const { to } = this.#bounded(scope, depth, id, true)
    const event = this.#by.add(scope, 'boundaryEvent', { event: { type: 'cancel' }, attachedTo: id })
    scope.flow(event, to)
    return { from: id, to }
  }
  /** Begins when what it stands in is undone, and perhaps undoes what is left. */
  #undoingSubProcess(scope: Growing): void {
    const inner = new Growing()
    const from = this.#by.add(inner, 'startEvent', { event: { type: 'compensation' }, isInterrupting: true })
    const block = this.#by.transacted(false, () => this.#by.startedBy(() => this.#sequence(inner, DEPTH_MAX)))
    const event = this.#chance.happens(0.6) ? { event: { type: 'compensation' } as const } : {}
    inner.flow(from, block.from).flow(block.to, this.#by.add(inner, 'endEvent', event))
    this.#by.add(scope, 'subProcess', { inner, isTriggeredByEvent: true })
  }
  #eventSubProcess(scope: Growing, depth: number): void {
    const inner = new Growing()
    const isError = this.#chance.happens(0.3)
    const isInterrupting = isError || this.#chance.happens(0.5)
    const event = this.#startOfEventSubProcess(isError, isInterrupting)
    const from = this.#by.add(inner, 'startEvent', { event, isInterrupting })
    const block = this.#by.startedBy(() => this.#sequence(inner, Math.max(depth + 1, DEPTH_MAX)))
    const cancels = this.#by.inTransaction && this.#chance.happens(0.3)
    inner.flow(from, block.from).flow(block.to, cancels ? this.#cancelEnd(inner) : this.#by.add(inner, 'endEvent'))
    this.#by.add(scope, 'subProcess', { inner, isTriggeredByEvent: true })
  }
  #startOfEventSubProcess(isError: boolean, isInterrupting: boolean): PlannedEvent {
    if (isError) return { type: 'error' }
    return this.#chance.happens(0.2) ? { type: 'escalation' } : this.#by.event(isInterrupting)
  }
  readonly #call: PlanBlock = (scope, depth) => {
    const called = this.#by.named('called')
    this.#process(called, depth + 1)
    return this.#bounded(scope, depth, this.#by.add(scope, 'callActivity', { called, ...this.#by.often() }), true)
  }
  /** Some elements that begin by themselves, by a client's command, or as a worker says. */
  readonly #adHoc: PlanBlock = (scope, depth) => {
    const inner = new Growing(true)
    const blocks = this.#blocks(inner, depth + 1)
    const entries = blocks.flatMap(({ from }) => (inner.reaches(from) ? [] : [from]))
    // Into a loop there is no way but by a flow.
    if (entries.length === 0) entries.push(this.#by.add(inner, 'task'))
    const begin = entries.filter(() => this.#chance.happens(0.6))
    const isDriven = this.#chance.happens(0.4)
    const adHoc = {
      begin: isDriven ? ('as a worker says' as const) : begin,
      untilOver: !isDriven && this.#chance.happens(0.5),
      keepsRest: !isDriven && this.#chance.happens(0.5),
    }
    return this.#bounded(scope, depth, this.#by.add(scope, 'adHocSubProcess', { inner, adHoc }), true)
  }
  /** Again as long as a worker says so. */
  readonly #loop: PlanBlock = (scope, depth) => {
    const [from, work] = [this.#by.add(scope, 'exclusiveGateway'), this.#by.add(scope, 'serviceTask', { work: 'job' })]
    this.#loops++
    const block = this.#sequence(scope, depth + 1)
    this.#loops--
    const to = this.#by.id()
    scope.elements.push({ id: to, type: 'exclusiveGateway', otherwise: `out${to}` })
    const after = this.#by.add(scope, 'task')
    scope.path(from, block.from).path(block.to, work, to).flow(to, from, 'again').named(`out${to}`, to, after)
    return { from, to: after }
  }

  /** The activity with boundary events or without; where errors may come from inside it, they are always caught. */
  #bounded(scope: Growing, depth: number, id: string, throws = false): Block {
    const events: [PlannedEvent, boolean][] = []
    if (throws || this.#chance.happens(0.1)) events.push([{ type: 'error' }, true])
    if (this.#chance.happens(0.2)) events.push([this.#by.event(), true])
    if (this.#chance.happens(0.15)) events.push([this.#by.event(false), false])
    if (throws && this.#chance.happens(0.3)) events.push([{ type: 'escalation' }, this.#chance.happens(0.5)])
    if (events.length === 0) return { from: id, to: id }
    const to = this.#by.add(scope, 'exclusiveGateway')
    scope.flow(id, to)
    for (const [event, isInterrupting] of events) {
      const boundary = this.#by.add(scope, 'boundaryEvent', { event, attachedTo: id, isInterrupting })
      const block = this.#by.startedBy(() => this.#sequence(scope, Math.max(depth + 1, DEPTH_MAX)))
      scope.flow(boundary, block.from).flow(block.to, isInterrupting ? to : this.#plainEnd(scope))
    }
    return { from: id, to }
  }
}
