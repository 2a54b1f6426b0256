/**
 * One story: a random process, an instance of it, and what clients and the world do to it by chance until it has ended. The same
 * choices give the same story, to the byte of the log.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { compileBpmn } from '../../engine/model/compile-resource.ts'
import { GatewayError } from '../../engine/protocol/gateway.ts'
import type { Entry } from '../../engine/store/store.ts'
import { type Act, allowed, messagesIn, possible, type Scene } from './acts.ts'
import { type Faults, NO_FAULTS } from './faulty-store.ts'
import { hotRows, replayed, rowsOf } from './fold.ts'
import { rests } from './judging.ts'
import { namedTooSoon } from './keys.ts'
import { giveUp, meddling } from './meddling.ts'
import type { Plans } from './plan.ts'
import type { Chance } from './random.ts'
import { Judge } from './reference/judge.ts'
import { SimulatedWorld } from './simulated-world.ts'
import { isSuspended, resuming } from './suspending.ts'
import { Counting, type Tally } from './tally.ts'
import { VirtualTime } from './virtual-time.ts'

/** After so many steps clients do only what leads to the end; after so many more it must have come. */
const WILD_STEPS = 60
/** In so many stories somebody meddles, and there with so many steps. */
const MEDDLED_STORIES = 0.3
const MEDDLED_STEPS = 0.1
const CALM_STEPS = 2_000
/** After so many calm steps what somebody has meddled with is given up. */
const PATIENT_STEPS = 300
/** Longer than any message lives. */
const EVER_MS = 400 * 86_400_000
/** Between two things that a client of a crowd does. */
const THOUGHT_MAX_MS = 30
/** What disturbs a step comes so soon, or after it. */
const SOON_MAX_MS = 12

export interface Conditions {
  readonly faults: Faults
  /** How often, of all steps, the engine ends while the step is under way. */
  readonly crashes: number
  readonly takeOvers: number
  /** 1 waits until all is quiet before it goes on; more do not wait for one another. */
  readonly clients: number
}
export const UNDISTURBED: Conditions = { faults: NO_FAULTS, crashes: 0, takeOvers: 0, clients: 1 }
/** Whatever happens here, a single client need not notice it. */
export const TROUBLED: Conditions = {
  faults: {
    slow: 0.03,
    readFails: 0.03,
    writeFails: 0.05,
    writeRefused: 0,
    outcomeFound: 0.03,
    outcomeLost: 0.02,
  },
  crashes: 0.1,
  takeOvers: 0.05,
  clients: 1,
}
export const CROWDED: Conditions = { ...TROUBLED, faults: { ...TROUBLED.faults, writeRefused: 0.03 }, clients: 4 }

/** What chance decides beside the process: what clients do, what befalls the engine. */
export interface Script {
  readonly clients: Chance
  readonly trouble: Chance
}
/** What there is to see of a story while it is told. */
export interface Witness {
  readonly plans: Plans
  readonly log: readonly Entry[]
}
export interface Deployed {
  readonly plans: Plans
  readonly diagram: Buffer
  readonly compile: typeof compileBpmn
}
export interface Played {
  readonly log: readonly Entry[]
  readonly happened: Tally
}

/** Throws what is wrong with the story. */
export function play(
  deployed: Deployed,
  script: Script,
  conditions: Conditions,
  witness: Witness = { plans: {}, log: [] },
): Promise<Played> {
  const time = new VirtualTime()
  const one = new Play(time, deployed, script, conditions)
  Object.assign(witness, { plans: deployed.plans, log: one.log })
  return uncaughtToo(time, one.played())
}

/** What nobody catches ends the story as well: in production it would end the program. */
async function uncaughtToo<T>(time: VirtualTime, story: Promise<T>): Promise<T> {
  const { promise: uncaught, reject } = Promise.withResolvers<never>()
  process.on('uncaughtException', reject)
  try {
    return await time.until(Promise.race([story, uncaught]))
  } finally {
    process.off('uncaughtException', reject)
  }
}

class Play {
  readonly #time: VirtualTime
  readonly #deployed: Deployed
  readonly #script: Script
  readonly #conditions: Conditions
  readonly #world: SimulatedWorld
  readonly #happened = new Counting()
  readonly #judge: Judge
  readonly #messages: readonly string[]
  readonly #mayMeddle: boolean
  /** What was to come to its end may not be able to any more. */
  #isMeddled = false

  constructor(time: VirtualTime, deployed: Deployed, script: Script, conditions: Conditions) {
    this.#time = time
    this.#deployed = deployed
    this.#judge = new Judge(deployed.plans)
    this.#messages = messagesIn(deployed.plans)
    this.#mayMeddle = script.clients.happens(MEDDLED_STORIES)
    this.#script = script
    this.#conditions = conditions
    this.#world = new SimulatedWorld({
      time,
      chance: script.trouble,
      faults: conditions.faults,
      compile: deployed.compile,
      happened: (what) => this.#happened.add(what),
      isAlone: conditions.clients === 1,
    })
  }
  get log(): readonly Entry[] {
    return this.#world.fold.entries
  }
  get #scene(): Scene {
    const { client, fold, now } = this.#world
    return {
      client,
      fold,
      now,
      plans: this.#deployed.plans,
      messages: this.#messages,
      advance: (ms) => this.#world.advance(ms),
      mayWait: this.#conditions.clients > 1,
    }
  }
  get #isOpen(): boolean {
    const { fold } = this.#world
    const isAtWork = fold.rows('elementInstance').length > 0 || fold.rows('batchOperation').length > 0
    return isAtWork || isSuspended(this.#scene)
  }

  async played(): Promise<Played> {
    const { clients: chance } = this.#script
    const { diagram: content } = this.#deployed
    const world = this.#world
    await this.#surely(() => world.client.deployResources({ resources: [{ name: 'diagram.bpmn', content }] }))
    const variables = `{"key":"k","choice":${chance.below(12)},"again":false}`
    await this.#surely(() => world.client.createProcessInstance({ bpmnProcessId: 'main', variables }))
    await this.#rest()
    if (this.#conditions.clients === 1) await this.#alone()
    else await this.#crowd()
    for (let count = 0; this.#isOpen; count++) {
      if (count === CALM_STEPS) assert.fail(`it has not ended: ${this.#left()}`)
      await this.#step(count)
    }
    for (let count = 0; count === 0 || world.fold.rows('message').length > 0; count++) {
      assert.ok(count < CALM_STEPS, 'what has no instance ends with time')
      world.advance(EVER_MS)
      await this.#rest()
    }
    for (const { key } of world.fold.rows('processDefinition'))
      await this.#surely(() => world.client.deleteResource(String(key)))
    await world.check()
    assert.deepEqual(rowsOf(world.store), await replayed(world.store), 'the log says what the rows say')
    assert.deepEqual(hotRows(world.store), [], 'nothing is left')
    assert.deepEqual(namedTooSoon(this.log), [], 'a key appears first in the turn that gives it out')
    return { log: this.log, happened: this.#happened }
  }
  /** Again, until it has been done; in a crowd perhaps more than once. */
  async #surely(call: () => Promise<unknown>): Promise<void> {
    for (;;) {
      const isAnswered = await call().then(
        () => true,
        (refused: unknown) => !(refused instanceof GatewayError && refused.status === 'UNAVAILABLE'),
      )
      if (isAnswered) return
      await this.#time.pause(1)
    }
  }

  async #alone(): Promise<void> {
    for (const count of this.#script.clients.times('step', { max: WILD_STEPS, more: 0.97 })) {
      if (!this.#isOpen) return
      await this.#step(null)
      if (count % 8 === 0) await this.#world.check()
    }
  }
  /** @param calm how many calm steps have been taken; null while clients are wild */
  async #step(calm: number | null): Promise<void> {
    this.#disturb()
    await this.#act(calm)
    await this.#rest()
  }
  async #rest(): Promise<void> {
    await this.#world.idle()
    const before = this.#judge.resigned
    await rests(this.#judge, this.#world.store)
    if (before === null && this.#judge.resigned !== null)
      this.#happened.add(`not judged by the reference after ${this.#judge.resigned}`)
  }
  async #act(calm: number | null): Promise<void> {
    const { clients: chance } = this.#script
    const does = this.#mayDo(calm)
    const isExcused = calm === null && (this.#isMeddled || this.#conditions.clients > 1)
    if (does.length === 0 && isExcused) return
    if (does.length === 0) assert.fail(`it waits for nothing that can come: ${this.#left()}`)
    const act = chance.one(does)
    this.#happened.add(`${act.name} ${await allowed(act.run(this.#scene, chance))}`)
  }
  #mayDo(calm: number | null): readonly Act[] {
    if (calm === null && this.#mayMeddle && this.#script.clients.happens(MEDDLED_STEPS)) {
      this.#isMeddled = true
      return meddling(this.#scene)
    }
    if (calm !== null && isSuspended(this.#scene)) return resuming(this.#scene)
    const does = possible(this.#scene, calm === null)
    const isHopeless = this.#isMeddled && calm !== null && (does.length === 0 || calm > PATIENT_STEPS)
    return isHopeless ? giveUp(this.#scene) : does
  }
  /** Perhaps something will go wrong in a moment. */
  #disturb(): void {
    const { trouble } = this.#script
    const { crashes, takeOvers } = this.#conditions
    if (crashes > 0 && trouble.happens(crashes)) void this.#soon(() => this.#world.crash())
    if (takeOvers > 0 && trouble.happens(takeOvers)) void this.#soon(() => this.#world.takeOver())
  }
  async #soon(what: () => unknown): Promise<void> {
    await this.#time.pause(this.#script.trouble.below(SOON_MAX_MS))
    await what()
  }

  async #crowd(): Promise<void> {
    const one = async () => {
      for (const _ of this.#script.clients.times('step', { max: WILD_STEPS / this.#conditions.clients, more: 0.97 })) {
        if (!this.#isOpen) return
        this.#disturb()
        await this.#act(null)
        await this.#time.pause(this.#script.clients.below(THOUGHT_MAX_MS))
        await this.#world.fold.catchUp()
      }
    }
    await Promise.all(Array.from({ length: this.#conditions.clients }, one))
    await this.#rest()
    await this.#world.check()
  }

  #left(): string {
    const open = this.#world.fold.rows('elementInstance')
    return JSON.stringify(
      open.map(({ elementId, state, childCount, takenFlows }) => ({ elementId, state, childCount, takenFlows })),
    )
  }
}

/** Of all records in order, with positions, keys and times. */
export function hashOf(log: readonly Entry[]): string {
  const hash = createHash('sha256')
  for (const entry of log) hash.update(JSON.stringify(entry))
  return hash.digest('hex')
}
