/**
 * A random process along one path: what its clients do is played in a world where nothing goes wrong, in one where everything does, and
 * by a crowd. The first two leave the same log: neither crash nor loss may be told from it.
 */
import assert from 'node:assert/strict'
import { type Compiled, compileBpmn } from '../../engine/model/compile-resource.ts'
import type { EventOf } from '../../engine/protocol/records.ts'
import { draw } from './draw.ts'
import type { Plans } from './plan.ts'
import {
  type Conditions,
  CROWDED,
  hashOf,
  type Played,
  play,
  type Script,
  TROUBLED,
  told,
  UNDISTURBED,
} from './play.ts'
import { Chance } from './random.ts'
import { RandomProcess } from './random-process.ts'
import { Counting, type Tally } from './tally.ts'

export const worlds = {
  undisturbed: UNDISTURBED,
  troubled: TROUBLED,
  crowded: CROWDED,
} as const satisfies Readonly<Record<string, Conditions>>
export type World = keyof typeof worlds

/** A process that is compiled once, however often it is deployed. */
export class Drawn {
  readonly plans: Plans
  readonly diagram: Buffer
  readonly #compiled = new Map<string, Promise<Compiled>>()

  constructor(chance: Chance) {
    this.plans = new RandomProcess(chance).plan()
    this.diagram = draw(this.plans)
  }
  readonly compile: typeof compileBpmn = (resourceName, xml) => {
    const compiled = this.#compiled.get(xml) ?? compileBpmn(resourceName, xml)
    this.#compiled.set(xml, compiled)
    return compiled
  }
}

/** A story by its choices, as Chance.repeating takes them. */
export interface Choices {
  readonly process: readonly number[]
  readonly clients: readonly number[]
  readonly trouble: readonly number[]
}
/** Something is wrong in a story. */
export class Violation extends Error {
  override readonly name = 'Violation'
  readonly world: World
  readonly choices: Choices
  constructor(world: World, choices: Choices, cause: unknown) {
    super(`${world}: ${cause instanceof Error ? cause.message : cause}`, { cause })
    this.world = world
    this.choices = choices
  }
}

/** Tells the same story again. Resolves with what is wrong in it, null if nothing is. */
export async function violationIn(world: World, { process, clients, trouble }: Choices): Promise<Violation | null> {
  const chance = Chance.repeating(process)
  try {
    const script = () => ({ clients: Chance.repeating(clients), trouble: Chance.repeating(trouble) })
    await tell(world, chance, new Drawn(chance), script)
    return null
  } catch (error) {
    if (error instanceof Violation) return error
    throw error
  }
}

/** @param undisturbed what a troubled story must be like; told here if it is not given */
async function tell(
  world: World,
  process: Chance,
  drawn: Drawn,
  script: () => Script,
  undisturbed?: Played,
): Promise<Played> {
  const { clients, trouble } = script()
  try {
    const played = await play(drawn, { clients, trouble }, worlds[world])
    if (world !== 'troubled') return played
    const { log } = undisturbed ?? (await play(drawn, script(), UNDISTURBED))
    assert.deepEqual(told(played.log), told(log), 'neither crash nor loss leaves a trace')
    return played
  } catch (error) {
    const choices = { process: process.choices, clients: clients.choices, trouble: trouble.choices }
    throw new Violation(world, choices, error)
  }
}

export interface Simulated {
  /** Of the logs of all stories. */
  readonly hashes: readonly string[]
  readonly happened: Tally
  /** How often which kind of element was activated. */
  readonly covered: Tally
}
const PATHS_MAX = 100

/** The process of that seed along some paths, in all worlds. Rejects: Violation. */
export async function simulate(seed: number, paths: number): Promise<Simulated> {
  const process = new Chance(seed)
  const drawn = new Drawn(process)
  const hashes: string[] = []
  const happened = new Counting()
  const covered = new Counting()
  for (let path = 0; path < paths; path++) {
    const [clients, trouble] = [2 ** 30, 2 ** 31].map((from) => from + seed * PATHS_MAX + path)
    const script = () => ({ clients: new Chance(clients!), trouble: new Chance(trouble!) })
    const undisturbed = await tell('undisturbed', process, drawn, script)
    const troubled = await tell('troubled', process, drawn, script, undisturbed)
    const crowded = await tell('crowded', process, drawn, script)
    for (const played of [undisturbed, troubled, crowded]) {
      hashes.push(hashOf(played.log))
      happened.addAll(played.happened)
      for (const { record } of played.log)
        if (record.valueType === 'PROCESS_INSTANCE' && record.intent === 'ELEMENT_ACTIVATED')
          covered.add(kindOf(record.value))
    }
  }
  return { hashes, happened, covered }
}

const kindOf = ({ bpmnElementType, bpmnEventType }: EventOf<'PROCESS_INSTANCE'>['value']): string =>
  [bpmnElementType, bpmnEventType].filter((kind) => kind !== 'UNSPECIFIED').join(' ')
