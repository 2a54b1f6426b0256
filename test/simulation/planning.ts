/**
 * What all parts of a plan draw from: names that are used once, single elements and events, and where planning stands: inside what an
 * event starts, inside a transaction. Which blocks there are is random-process.ts.
 */
import type { Growing } from './growing.ts'
import { type PlannedElement, type PlannedEvent, type PlannedLoop, SIGNAL_BESIDE } from './plan.ts'
import type { Chance } from './random.ts'

type Rest = Omit<PlannedElement, 'id' | 'type'>

export class Planning {
  readonly chance: Chance
  readonly #signals: string[] = []
  #ids = 0
  /** Inside what events start: who throws there what had started it would never come to an end. */
  #started = 0
  /** Inside a transaction. */
  inTransaction = false

  constructor(chance: Chance) {
    this.chance = chance
  }

  /** Of names that have a number the latest one's. */
  get latest(): number {
    return this.#ids
  }
  named(prefix: string): string {
    return `${prefix}${++this.#ids}`
  }
  id(): string {
    return this.named('n')
  }
  add(scope: Growing, type: string, rest: Rest = {}): string {
    const id = this.id()
    const listeners = this.#listeners(type)
    scope.elements.push({ id, type, ...rest, ...(listeners.length > 0 && { listeners }) })
    return id
  }
  /** Perhaps with listeners before and after. */
  #listeners(type: string): readonly ('start' | 'end')[] {
    if (!this.chance.happens(0.12)) return []
    const hasStart = type !== 'startEvent' && type !== 'boundaryEvent'
    const hasEnd = type !== 'endEvent' && !type.endsWith('Gateway')
    const events = [...(hasStart ? (['start'] as const) : []), ...(hasEnd ? (['end'] as const) : [])]
    return events.filter(() => this.chance.happens(0.7))
  }
  message(): PlannedEvent {
    return { type: 'message', name: this.named('m') }
  }
  signal(interrupting: boolean): PlannedEvent {
    const name = this.named(interrupting ? 'signal' : SIGNAL_BESIDE)
    this.#signals.push(name)
    return { type: 'signal', name }
  }
  /** What an event throws inside the engine. */
  thrown(): PlannedEvent {
    const heard = this.#signals.filter((name) => !name.startsWith(SIGNAL_BESIDE))
    const isSignal = heard.length > 0 && this.chance.happens(0.4)
    if (this.#started === 0 && isSignal) return { type: 'signal', name: this.chance.one(heard) }
    if (this.#started === 0 && this.chance.happens(0.5)) return { type: 'escalation' }
    return { type: 'compensation' }
  }
  /** Plans what an event starts. */
  startedBy<T>(planned: () => T): T {
    this.#started++
    const result = planned()
    this.#started--
    return result
  }
  /** Plans what stands in a transaction, or in none. */
  transacted<T>(inTransaction: boolean, planned: () => T): T {
    const around = this.inTransaction
    this.inTransaction = inTransaction
    const result = planned()
    this.inTransaction = around
    return result
  }

  event(interrupting = true): PlannedEvent {
    const kind = this.chance.below(6)
    if (kind === 5) return { type: 'conditional', name: this.named('condition') }
    if (kind === 4) return this.signal(interrupting)
    return kind < 2 ? this.message() : { type: 'timer', minutes: 1 + this.chance.below(60) }
  }
  /** Perhaps once for each of some items. */
  often(): { readonly loop?: PlannedLoop } {
    if (!this.chance.happens(0.15)) return {}
    const loop = {
      isSequential: this.chance.happens(0.5),
      items: this.chance.below(4),
      untilTwo: this.chance.happens(0.2),
      collection: this.chance.happens(0.5) ? this.named('results') : '',
    }
    return { loop }
  }
}
