/**
 * `npm run simulate -- --seed N --runs M`: random processes from that seed on, with all troubles. The first that goes wrong is made as
 * small as it can and told (report.ts); `--story` tells one again.
 */
import { parseArgs } from 'node:util'
import { explain, explainStory } from './explain.ts'
import { tryOut } from './simulation.ts'
import { storyOf, type Told, type Trouble } from './story.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '1000' },
    story: { type: 'string' },
    trials: { type: 'string', default: '1500' },
    help: { type: 'boolean' },
  },
})
if (values.help) {
  console.log(`--seed 1       of the first process
--runs 1000    as many processes, each undisturbed, with crashes and lost batches, and with four clients at once too
--trials 1500  how often a story that goes wrong is tried while it is made smaller
--story '{…}'  one that was told, once more`)
  process.exit()
}

const hows: readonly Trouble[] = [{}, { crashes: true, losses: true }, { crashes: true, losses: true, clients: 4 }]

if (values.story !== undefined) {
  const wrong = await explainStory(JSON.parse(values.story) as Told)
  console.log(wrong === '' ? 'It goes well.' : wrong)
  process.exit(wrong === '' ? 0 : 1)
}
const first = Number(values.seed)
for (let seed = first; seed < first + Number(values.runs); seed++) {
  for (const how of hows) {
    const wrong = await tryOut(storyOf(seed), how).then(
      () => null,
      (error: unknown) => ({ error }),
    )
    if (wrong === null) continue
    console.error(await explain(seed, how, wrong.error, Number(values.trials)))
    process.exit(1)
  }
  if ((seed - first + 1) % 50 === 0) console.log(`${seed - first + 1} runs, up to seed ${seed}`)
}
