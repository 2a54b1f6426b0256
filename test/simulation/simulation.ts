/**
 * A random process along one path: what its clients do is played in a world where nothing goes wrong, in one where everything does, and
 * by a crowd. The first two leave the same log: neither crash nor loss may be told from it.
 */
import assert from 'node:assert/strict'
import { type Compiled, compileBpmn } from '../../engine/model/compile-resource.ts'
import type { EventOf } from '../../engine/protocol/records.ts'
import { draw } from './draw.ts'
import { told } from './keys.ts'
import type { Plans } from './plan.ts'
import { type Conditions, CROWDED, hashOf, type Played, play, TROUBLED, UNDISTURBED, type Witness } from './play.ts'
import { Chance } from './random.ts'
import { RandomProcess } from './random-process.ts'
import { type How, type Story, storyAgain, storyOf, tell } from './story.ts'
import { Counting, type Tally } from './tally.ts'

const conditions: Readonly<Record<How, Conditions>> = {
  undisturbed: UNDISTURBED,
  troubled: TROUBLED,
  crowded: CROWDED,
}

/** A process that is compiled once, however often it is deployed. */
class Drawn {
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

function assertSame(troubled: Played, undisturbed: Played): void {
  assert.deepEqual(told(troubled.log), told(undisturbed.log), 'neither crash nor loss leaves a trace')
}

/** Plays a story; throws what is wrong with it. */
export async function tryOut(story: Story, how: How, witness?: Witness): Promise<void> {
  const drawn = new Drawn(story.process)
  const played = await play(drawn, story, conditions[how], witness)
  if (how === 'troubled') assertSame(played, await play(drawn, storyAgain(tell(story, how)), UNDISTURBED))
}

export interface Simulated {
  /** Of the logs of all stories. */
  readonly hashes: readonly string[]
  readonly happened: Tally
  /** How often which kind of element was activated. */
  readonly covered: Tally
}
/** Something is wrong in one of them. */
export class WrongStory extends Error {
  override readonly name = 'WrongStory'
  readonly path: number
  readonly how: How
  constructor(path: number, how: How, cause: unknown) {
    super('Something is wrong in a story', { cause })
    this.path = path
    this.how = how
  }
}

/** The process of that seed along some paths, in all worlds. Rejects: WrongStory. */
export async function simulate(seed: number, paths: number): Promise<Simulated> {
  const drawn = new Drawn(new Chance(seed))
  const hashes: string[] = []
  const happened = new Counting()
  const covered = new Counting()
  for (let path = 0; path < paths; path++) {
    const playedIn = async (how: How, like: Played | null = null): Promise<Played> => {
      try {
        const played = await play(drawn, storyOf(seed, path), conditions[how])
        if (like !== null) assertSame(played, like)
        hashes.push(hashOf(played.log))
        happened.addAll(played.happened)
        for (const { record } of played.log)
          if (record.valueType === 'PROCESS_INSTANCE' && record.intent === 'ELEMENT_ACTIVATED')
            covered.add(kindOf(record.value))
        return played
      } catch (error) {
        throw new WrongStory(path, how, error)
      }
    }
    await playedIn('troubled', await playedIn('undisturbed'))
    await playedIn('crowded')
  }
  return { hashes, happened, covered }
}

const kindOf = ({ bpmnElementType, bpmnEventType }: EventOf<'PROCESS_INSTANCE'>['value']): string =>
  [bpmnElementType, bpmnEventType].filter((kind) => kind !== 'UNSPECIFIED').join(' ')
