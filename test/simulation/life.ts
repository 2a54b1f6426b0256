/** One engine from its start to its death, which may come wherever it waits. */
import { embeddedGateway } from '../../engine/gateway/index.ts'
import type { Gateway } from '../../engine/protocol/gateway.ts'
import { type EngineOptions, type RunningEngine, startEngine } from '../../engine/runtime/embedded-engine.ts'
import type { Pace } from '../../engine/runtime/pace.ts'
import type { Lifetime } from './virtual-time.ts'

/** An engine that could not open its store is started again. */
const RETRY_MS = 20

export interface Running {
  readonly engine: RunningEngine
  readonly gateway: Gateway
}

export class Life {
  readonly died: Promise<'died'>
  readonly #lifetime: Lifetime
  readonly #dead: () => void
  #running: Running | null = null

  constructor(lifetime: Lifetime) {
    const { promise, resolve } = Promise.withResolvers<'died'>()
    this.died = promise
    this.#dead = () => resolve('died')
    this.#lifetime = lifetime
  }
  get pace(): Pace {
    return this.#lifetime.pace
  }
  /** Null while it is starting. */
  get running(): Running | null {
    return this.#running
  }
  /** Resolves once it has taken over the store; never when it dies before. */
  async start(options: EngineOptions): Promise<Running> {
    for (;;) {
      const engine = await startEngine({ ...options, isClockControlled: true, pace: this.pace }).catch(() => null)
      if (engine !== null) {
        this.#running = { engine, gateway: embeddedGateway(engine, { host: '127.0.0.1', port: 0 }) }
        return this.#running
      }
      await new Promise<void>((resolve) => this.pace.after(RETRY_MS, resolve))
    }
  }
  /** As if its machine had lost its power. */
  die(): void {
    this.#lifetime.end()
    this.#dead()
  }
}
