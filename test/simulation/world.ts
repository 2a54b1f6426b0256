/**
 * An engine on a store in memory, as a test meets it: its gateway, its clock, what its log tells and what its rows say. It may be
 * killed and opened again at any time.
 */
import type { Locality } from '../../engine/feel/index.ts'
import { embeddedGateway } from '../../engine/gateway/index.ts'
import type { Gateway } from '../../engine/protocol/gateway.ts'
import type { Event } from '../../engine/protocol/records.ts'
import { type RunningEngine, startEngine } from '../../engine/runtime/embedded-engine.ts'
import { MemoryStore, type MemoryStoreOptions } from '../../engine/store/memory.ts'

export const STARTED_AT = Date.UTC(2026, 0, 1)
/** Longer than any message lives. */
export const EVER_MS = 400 * 86_400_000

export { hotRows, replayed, rowsOf } from './fold.ts'

export type WorldOptions = MemoryStoreOptions & {
  readonly locality?: Locality
  readonly hasUniqueBusinessIds?: boolean
}

export class World {
  readonly store: MemoryStore
  #engine: RunningEngine | null = null
  #gateway: Gateway | null = null
  #now = STARTED_AT

  /** Of the engine that is opened next. */
  locality: Locality
  readonly #hasUniqueBusinessIds: boolean

  constructor({ locality = {}, hasUniqueBusinessIds = false, ...options }: WorldOptions = {}) {
    this.store = new MemoryStore(options)
    this.locality = locality
    this.#hasUniqueBusinessIds = hasUniqueBusinessIds
  }
  static async opened(options: WorldOptions = {}): Promise<World> {
    const world = new World(options)
    await world.open()
    return world
  }
  /** With these deployed, one after the other. When one is refused the world ends, because its engine would keep the process alive. */
  static async deployed(...contents: readonly Buffer[]): Promise<World> {
    const world = await World.opened()
    try {
      for (const content of contents) await world.deploy(content)
      return world
    } catch (error) {
      await world[Symbol.asyncDispose]()
      throw error
    }
  }
  /** Starts an engine on what the store holds; the one before, if any, is left as if it had been killed. */
  async open(): Promise<void> {
    const crashed = this.#engine
    this.#engine = await startEngine({
      store: this.store.session(),
      isClockControlled: true,
      locality: this.locality,
      hasUniqueBusinessIds: this.#hasUniqueBusinessIds,
    })
    this.#engine.clock.pin(this.#now)
    this.#gateway = embeddedGateway(this.#engine, { host: '127.0.0.1', port: 0 })
    await crashed?.close()
    await this.idle()
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#engine?.close()
  }

  get engine(): RunningEngine {
    return this.#engine!
  }
  get client(): Gateway {
    return this.#gateway!
  }
  get now(): number {
    return this.#now
  }
  async deploy(content: Buffer): Promise<void> {
    await this.client.deployResources({ resources: [{ name: 'diagram.bpmn', content }] })
  }
  async advance(ms: number): Promise<void> {
    this.#now += ms
    this.engine.clock.pin(this.#now)
    await this.idle()
  }
  idle(): Promise<void> {
    return this.engine.idle()
  }

  async events(): Promise<readonly Event[]> {
    const entries = await this.store.read(0, Number.MAX_SAFE_INTEGER)
    return entries.flatMap(({ record }) => (record.recordType === 'EVENT' ? [record] : []))
  }
  /** What became of elements and flows, a line each: `task ELEMENT_ACTIVATED`. */
  async trace(): Promise<readonly string[]> {
    return (await this.events()).flatMap((event) =>
      event.valueType === 'PROCESS_INSTANCE' ? [`${event.value.elementId} ${event.intent}`] : [],
    )
  }
}
