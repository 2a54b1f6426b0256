/** A run that has gone wrong, made small and told. */

import type { Witness } from './play.ts'
import { report } from './report.ts'
import { shrink, toldBy } from './shrink.ts'
import { tryOut } from './simulation.ts'
import { type How, storyAgain, storyOf, type Told } from './story.ts'

/** @param trials so often the story may be tried while it is made smaller */
export async function explain(
  { seed, path, how }: { readonly seed: number; readonly path: number; readonly how: How },
  trials: number,
): Promise<string> {
  const headline = `Seed ${seed}, path ${path}, ${how}: npm run simulate -- --seed ${seed} --runs 1 --paths ${path + 1}`
  const story = await toldBy(storyOf(seed, path), how, tryOut)
  const { told, trials: used, blocks, steps } = await shrink(story, tryOut, trials)
  const size = `Made smaller in ${used} trials: ${blocks} blocks, ${steps} steps.`
  return [headline, size, await explainStory(told)].join('\n\n')
}

/** Tells the story again; empty when it goes well. */
export async function explainStory(told: Told): Promise<string> {
  const witness: Witness = { plans: {}, log: [] }
  const wrong = await tryOut(storyAgain(told), told.how, witness).then(
    () => null,
    (error: unknown) => ({ error }),
  )
  if (wrong === null) return ''
  return report(told, wrong.error, { plans: witness.plans, log: witness.log.map(({ record }) => record) })
}
