/** A run that has gone wrong, made small and told. */
import { report } from './report.ts'
import { shrink, toldBy } from './shrink.ts'
import { tryOut, type Witness } from './simulation.ts'
import { storyAgain, type Told, type Trouble } from './story.ts'

/** @param trials so often the story may be tried while it is made smaller */
export async function explain(seed: number, how: Trouble, error: unknown, trials: number): Promise<string> {
  const headline = `Seed ${seed} goes wrong: npm run simulate -- --seed ${seed} --runs 1\n${error}`
  const shrunk = await shrink(await toldBy(seed, how, tryOut), tryOut, trials)
  return [headline, `Made smaller in ${shrunk.trials} trials.`, await explainStory(shrunk.told)].join('\n\n')
}

/** Tells the story again; empty when it goes well. */
export async function explainStory(told: Told): Promise<string> {
  const witness: Witness = { plans: {}, store: null }
  const wrong = await tryOut(storyAgain(told), told.how, witness).then(
    () => null,
    (error: unknown) => ({ error }),
  )
  if (wrong === null) return ''
  const log = (await witness.store?.read(0, Number.MAX_SAFE_INTEGER)) ?? []
  return report(told, wrong.error, { plans: witness.plans, log: log.map(({ record }) => record) })
}
