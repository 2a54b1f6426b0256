/** Random processes, each played undisturbed, through crashes, through losses, and by several clients at once. */
import { test } from 'node:test'
import { explain } from './explain.ts'
import { tryOut } from './simulation.ts'
import { storyOf, type Trouble } from './story.ts'

const SEEDS = 100
/** How often a story that goes wrong is tried while it is made smaller. */
const TRIALS = 300
/** A lost batch costs a pause: not every seed has them. */
const howsOf = (seed: number): readonly Trouble[] => [
  {},
  { crashes: true },
  { clients: 4 },
  ...(seed % 10 === 0 ? [{ losses: true }, { losses: true, crashes: true, clients: 4 }] : []),
]

for (let seed = 1; seed <= SEEDS; seed++) {
  test(`seed ${seed}`, async () => {
    for (const how of howsOf(seed))
      await tryOut(storyOf(seed), how).catch(async (error: unknown) => {
        throw new Error(await explain(seed, how, error, TRIALS), { cause: error })
      })
  })
}
