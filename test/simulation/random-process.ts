/**
 * A process drawn by chance from blocks with one way in and one way out, so that whatever happens inside it can always come to its
 * end. The kinds of blocks are the kinds of elements the engine has.
 */
import {
  adHoc,
  calls,
  compensation,
  completion,
  diagram,
  error,
  escalation,
  extensions,
  jobType,
  link,
  listened,
  message,
  multiInstance,
  Scope,
  script,
  signal,
  taskListeners,
  terminate,
  timer,
} from './diagram.ts'
import type { Chance } from './random.ts'

const DEPTH_MAX = 3
const BRANCHES_MAX = 3
export const ERROR_CODE = 'E'
const ESCALATION_CODE = 'X'
/** Begins the names of signals that start something beside what already runs. */
export const SIGNAL_BESIDE = 'beside'
/** The variable that keys all messages, and the one by which gateways choose. */
const KEY = '=key'
const remainder = (of: number) => `=modulo(choice, ${of})`

/** A drawn block: where tokens go in and come out. */
interface Block {
  readonly from: string
  readonly to: string
}
type Draw = (scope: Scope, depth: number) => Block

export class RandomProcess {
  readonly #chance: Chance
  readonly #messages: Record<string, string> = {}
  readonly #processes: Record<string, Scope> = {}
  readonly #signals: string[] = []
  #ids = 0
  #loops = 0
  /** Inside what events start: who throws there what had started it would never come to an end. */
  #started = 0

  constructor(chance: Chance) {
    this.#chance = chance
  }
  /** The diagram of a process `main` and of those it calls. */
  draw(): Buffer {
    this.#process('main', 0)
    if (this.#chance.happens(0.2)) this.#processStartedBySignal()
    const { errors, escalations } = { errors: [ERROR_CODE], escalations: [ESCALATION_CODE] }
    return diagram({
      processes: this.#processes,
      messages: this.#messages,
      signals: this.#signals,
      errors,
      escalations,
    })
  }

  #process(id: string, depth: number): void {
    const scope = new Scope()
    this.#body(scope, depth)
    if (this.#chance.happens(0.3)) this.#eventSubProcess(scope, depth)
    this.#processes[id] = scope
  }
  /** A start, some blocks, an end. */
  #body(scope: Scope, depth: number, start = ''): void {
    const from = this.#add(scope, 'startEvent', start)
    const block = this.#sequence(scope, depth)
    scope.flow(from, block.from).flow(block.to, this.#end(scope, depth))
  }
  #end(scope: Scope, depth: number): string {
    if (this.#endless.has(scope)) return this.#add(scope, 'task')
    const kind = this.#chance.below(10)
    if (kind === 0) return this.#add(scope, 'endEvent', terminate.replace('"terminate"', `"t${this.#ids}"`))
    if (kind === 1) return this.#add(scope, 'endEvent', jobType('work') + this.#message('throw'))
    if (kind === 2 && depth > 0) return this.#add(scope, 'endEvent', error(ERROR_CODE))
    if (kind === 3) return this.#add(scope, 'endEvent', this.#thrown())
    return this.#plainEnd(scope)
  }
  #plainEnd(scope: Scope): string {
    return this.#add(scope, this.#endless.has(scope) ? 'task' : 'endEvent')
  }

  /** Of ad-hoc sub-processes: no end event may stand there. */
  readonly #endless = new WeakSet<Scope>()

  #id(): string {
    return `n${++this.#ids}`
  }
  #add(scope: Scope, type: string, inner = '', attributes = ''): string {
    const id = this.#id()
    scope.add(type, id, this.#listened(type, inner), attributes)
    return id
  }
  /** Perhaps with listeners before and after. */
  #listened(type: string, inner: string): string {
    if (!this.#chance.happens(0.12)) return inner
    const hasStart = type !== 'startEvent' && type !== 'boundaryEvent'
    const hasEnd = type !== 'endEvent' && !type.endsWith('Gateway')
    const events = [...(hasStart ? (['start'] as const) : []), ...(hasEnd ? (['end'] as const) : [])]
    return listened(inner, ...events.filter(() => this.#chance.happens(0.7)))
  }
  #message(use: 'catch' | 'throw'): string {
    const name = `m${++this.#ids}`
    this.#messages[name] = use === 'catch' ? KEY : ''
    return message(name)
  }

  #signal(interrupting: boolean): string {
    const name = `${interrupting ? 'signal' : SIGNAL_BESIDE}${++this.#ids}`
    this.#signals.push(name)
    return signal(name)
  }
  /** What an event throws inside the engine. */
  #thrown(): string {
    const heard = this.#signals.filter((name) => !name.startsWith(SIGNAL_BESIDE))
    const isSignal = heard.length > 0 && this.#chance.happens(0.4)
    if (this.#started === 0 && isSignal) return signal(this.#chance.one(heard))
    if (this.#started === 0 && this.#chance.happens(0.5)) return escalation(ESCALATION_CODE)
    return compensation(`c${++this.#ids}`)
  }
  /** Draws what an event starts. */
  #startedBy<T>(drawn: () => T): T {
    this.#started++
    const result = drawn()
    this.#started--
    return result
  }
  #processStartedBySignal(): void {
    const scope = new Scope()
    const from = this.#add(scope, 'startEvent', this.#signal(true))
    const block = this.#startedBy(() => this.#sequence(scope, DEPTH_MAX))
    scope.flow(from, block.from).flow(block.to, this.#add(scope, 'endEvent'))
    this.#processes.heard = scope
  }

  #sequence(scope: Scope, depth: number): Block {
    const blocks = Array.from({ length: 1 + this.#chance.below(3) }, () => this.#block(scope, depth))
    for (const [i, block] of blocks.slice(1).entries()) scope.flow(blocks[i]!.to, block.from)
    return { from: blocks[0]!.from, to: blocks.at(-1)!.to }
  }
  #block(scope: Scope, depth: number): Block {
    const leaves: readonly Draw[] = [
      ...[this.#task, this.#task, this.#task, this.#catch, this.#throw],
      ...[this.#link, this.#undoable],
    ]
    const inner: readonly Draw[] = [
      this.#gateways,
      this.#gateways,
      this.#eventBased,
      this.#subProcess,
      this.#adHoc,
      this.#call,
      this.#loop,
    ]
    const draw = this.#chance.one(depth < DEPTH_MAX ? [...leaves, ...inner] : leaves)
    return draw(scope, depth)
  }

  readonly #task: Draw = (scope, depth) => {
    const kinds: readonly [string, string][] = [
      ['serviceTask', jobType('work')],
      ['sendTask', jobType('work')],
      ['scriptTask', script('=choice + 1', 'choice')],
      ['scriptTask', jobType('work')],
      ['businessRuleTask', jobType('work')],
      ['userTask', extensions('<zeebe:userTask/>')],
      ['userTask', extensions('<zeebe:userTask/>', taskListeners('creating', 'assigning', 'completing', 'canceling'))],
      ['userTask', ''],
      ['manualTask', ''],
      ['task', ''],
    ]
    if (this.#chance.happens(0.1)) return this.#receive(scope, depth)
    const [type, inner] = this.#chance.one(kinds)
    const id = this.#add(scope, type, inner + this.#often())
    return this.#bounded(scope, depth, id)
  }
  /** Perhaps the mark of a multi-instance activity. */
  #often(): string {
    if (!this.#chance.happens(0.15)) return ''
    return multiInstance({
      isSequential: this.#chance.happens(0.5),
      items: `[${Array.from({ length: this.#chance.below(4) }, (_, i) => i)}]`,
      until: this.#chance.happens(0.2) ? 'numberOfCompletedInstances = 2' : '',
      collection: this.#chance.happens(0.5) ? `results${++this.#ids}` : '',
    })
  }
  readonly #receive: Draw = (scope, depth) => {
    const name = `m${++this.#ids}`
    this.#messages[name] = KEY
    return this.#bounded(scope, depth, this.#add(scope, 'receiveTask', this.#often(), `messageRef="${name}"`))
  }
  #event(interrupting = true): string {
    const kind = this.#chance.below(5)
    if (kind === 0) return this.#signal(interrupting)
    return kind < 3 ? this.#message('catch') : timer('timeDuration', `PT${1 + this.#chance.below(60)}M`)
  }
  readonly #catch: Draw = (scope) => {
    const id = this.#add(scope, 'intermediateCatchEvent', this.#event())
    return { from: id, to: id }
  }
  readonly #throw: Draw = (scope) => {
    const kinds = [() => '', () => jobType('work') + this.#message('throw'), () => this.#thrown(), () => this.#thrown()]
    const id = this.#add(scope, 'intermediateThrowEvent', this.#chance.one(kinds)())
    return { from: id, to: id }
  }
  readonly #link: Draw = (scope) => {
    const name = `l${++this.#ids}`
    const from = this.#add(scope, 'intermediateThrowEvent', link(`${name}from`, name))
    return { from, to: this.#add(scope, 'intermediateCatchEvent', link(`${name}to`, name)) }
  }
  /** A task with another that undoes it. */
  readonly #undoable: Draw = (scope) => {
    const id = this.#add(scope, 'serviceTask', jobType('work'))
    const event = this.#add(scope, 'boundaryEvent', compensation(`c${++this.#ids}`), `attachedToRef="${id}"`)
    const kinds: readonly [string, string][] = [
      ['serviceTask', jobType('work')],
      ['userTask', extensions('<zeebe:userTask/>')],
      ['task', ''],
    ]
    const [type, inner] = this.#chance.one(kinds)
    scope.association(event, this.#add(scope, type, inner, 'isForCompensation="true"'))
    return { from: id, to: id }
  }

  /**
   * Fork and join of one kind, or a choice and its merge. None is inclusive inside a loop: by the way round its join could always be
   * reached by what waits behind it, and both would wait for ever, as in Zeebe.
   */
  readonly #gateways: Draw = (scope, depth) => {
    const types = ['exclusiveGateway', 'parallelGateway', 'inclusiveGateway'] as const
    const type = this.#chance.one(this.#loops > 0 ? types.slice(0, 2) : types)
    const branches = 1 + this.#chance.below(BRANCHES_MAX)
    const [from, to, otherwise] = [this.#id(), this.#id(), `default${this.#ids}`]
    scope.add(type, from, '', type === 'parallelGateway' ? '' : `default="${otherwise}"`)
    scope.add(type, to)
    for (let i = 0; i < branches; i++) {
      const condition =
        type === 'exclusiveGateway' ? `${remainder(branches + 1)} = ${i}` : `${remainder(i + 2)} &lt; ${i + 1}`
      const block = this.#sequence(scope, depth + 1)
      scope.flow(from, block.from, type === 'parallelGateway' ? undefined : condition).flow(block.to, to)
    }
    if (type !== 'parallelGateway') scope.named(otherwise, from, to)
    return { from, to }
  }
  readonly #eventBased: Draw = (scope, depth) => {
    const [from, to] = [this.#add(scope, 'eventBasedGateway'), this.#add(scope, 'exclusiveGateway')]
    for (let i = 0; i < 2; i++) {
      const event = this.#add(scope, 'intermediateCatchEvent', this.#event())
      const block = this.#sequence(scope, depth + 1)
      scope.path(from, event, block.from).flow(block.to, to)
    }
    return { from, to }
  }
  readonly #subProcess: Draw = (scope, depth) => {
    const inner = new Scope()
    this.#body(inner, depth + 1)
    if (this.#chance.happens(0.4)) this.#eventSubProcess(inner, depth + 1)
    return this.#bounded(scope, depth, this.#add(scope, 'subProcess', this.#often() + inner.xml), true)
  }
  #eventSubProcess(scope: Scope, depth: number): void {
    const inner = new Scope()
    const isError = this.#chance.happens(0.3)
    const interrupting = isError || this.#chance.happens(0.5)
    const start = isError
      ? error(ERROR_CODE)
      : this.#chance.happens(0.2)
        ? escalation(ESCALATION_CODE)
        : this.#event(interrupting)
    const from = this.#add(inner, 'startEvent', start, `isInterrupting="${interrupting}"`)
    const block = this.#startedBy(() => this.#sequence(inner, Math.max(depth + 1, DEPTH_MAX)))
    inner.flow(from, block.from).flow(block.to, this.#add(inner, 'endEvent'))
    this.#add(scope, 'subProcess', inner.xml, 'triggeredByEvent="true"')
  }
  readonly #call: Draw = (scope, depth) => {
    const id = `called${++this.#ids}`
    this.#process(id, depth + 1)
    return this.#bounded(scope, depth, this.#add(scope, 'callActivity', calls(id) + this.#often()), true)
  }
  /** Some elements that begin by themselves, by a client's command, or as a worker says. */
  readonly #adHoc: Draw = (scope, depth) => {
    const inner = new Scope()
    this.#endless.add(inner)
    const blocks = Array.from({ length: 1 + this.#chance.below(3) }, () => this.#block(inner, depth + 1))
    const first = blocks.filter(({ from }) => !inner.reaches(from) && this.#chance.happens(0.6))
    const begin = first.map(({ from }) => `&quot;${from}&quot;`)
    const isDriven = this.#chance.happens(0.4)
    const own = isDriven ? jobType('work') : adHoc(`[${begin.join(',')}]`)
    const until = !isDriven && this.#chance.happens(0.5) ? completion('again = false') : ''
    const keepsRest = !isDriven && this.#chance.happens(0.5) ? 'cancelRemainingInstances="false"' : ''
    return this.#bounded(scope, depth, this.#add(scope, 'adHocSubProcess', own + inner.xml + until, keepsRest), true)
  }
  /** Again as long as a worker says so. */
  readonly #loop: Draw = (scope, depth) => {
    const [from, work] = [this.#add(scope, 'exclusiveGateway'), this.#add(scope, 'serviceTask', jobType('work'))]
    this.#loops++
    const block = this.#sequence(scope, depth + 1)
    this.#loops--
    const to = this.#id()
    scope.add('exclusiveGateway', to, '', `default="out${to}"`)
    const after = this.#add(scope, 'task')
    scope.path(from, block.from).path(block.to, work, to).flow(to, from, '=again = true').named(`out${to}`, to, after)
    return { from, to: after }
  }

  /** The activity with boundary events or without; where errors may come from inside it, they are always caught. */
  #bounded(scope: Scope, depth: number, id: string, throws = false): Block {
    const events: [string, boolean][] = []
    if (throws || this.#chance.happens(0.1)) events.push([error(ERROR_CODE), true])
    if (this.#chance.happens(0.2)) events.push([this.#event(), true])
    if (this.#chance.happens(0.15)) events.push([this.#event(false), false])
    if (throws && this.#chance.happens(0.3)) events.push([escalation(ESCALATION_CODE), this.#chance.happens(0.5)])
    if (events.length === 0) return { from: id, to: id }
    const to = this.#add(scope, 'exclusiveGateway')
    scope.flow(id, to)
    for (const [event, interrupting] of events) {
      const boundary = this.#add(
        scope,
        'boundaryEvent',
        event,
        `attachedToRef="${id}" cancelActivity="${interrupting}"`,
      )
      const block = this.#startedBy(() => this.#sequence(scope, Math.max(depth + 1, DEPTH_MAX)))
      scope.flow(boundary, block.from).flow(block.to, interrupting ? to : this.#plainEnd(scope))
    }
    return { from: id, to }
  }
}
