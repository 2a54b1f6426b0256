/** `npm run simulate`: random processes with random clients on a world that goes wrong, as many as one likes. */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { campaign } from './campaign.ts'
import { explain, explainStory } from './explain.ts'
import type { Told } from './story.ts'
import { lineOf } from './tally.ts'

const HELP = `npm run simulate -- [--seed 1] [--runs 1000] [--paths 5] [--jobs ${availableParallelism()}]

  --seed N   the first process is drawn from this seed, the others from those that follow
  --runs N   so many processes
  --paths N  along so many paths each: what clients do, and what befalls the engine
  --jobs N   on so many threads; what comes out does not depend on it
  --until-wrong no other process begins when one has gone wrong
  --trials N how often the first story that goes wrong is tried while it is made smaller (1500)
  --story S  instead of all that, one that was told: once more

Each path is played in a world where nothing goes wrong, again in one where everything does, and by a crowd of clients that do not wait
for one another. Ends with 1 if anything was wrong.`
/** How many of those that went wrong are told. */
const TOLD_MAX = 5

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '1000' },
    paths: { type: 'string', default: '5' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    'until-wrong': { type: 'boolean', default: false },
    trials: { type: 'string', default: '1500' },
    story: { type: 'string' },
    help: { type: 'boolean' },
  },
})
if (values.help) {
  console.log(HELP)
  process.exit()
}
if (values.story !== undefined) {
  const wrong = await explainStory(JSON.parse(values.story) as Told)
  console.log(wrong === '' ? 'It goes well.' : wrong)
  process.exit(wrong === '' ? 0 : 1)
}
const campaigned = {
  seed: numberOf('seed'),
  runs: numberOf('runs'),
  paths: numberOf('paths'),
  jobs: numberOf('jobs'),
  untilWrong: values['until-wrong'],
}
const trials = numberOf('trials')
const { runs, paths } = campaigned
function numberOf(name: 'seed' | 'runs' | 'paths' | 'jobs' | 'trials'): number {
  const number = Number(values[name])
  if (!(Number.isSafeInteger(number) && number > 0)) {
    console.error(`Expected a whole number above 0 for --${name}, but found '${values[name]}'`)
    process.exit(2)
  }
  return number
}

const started = performance.now()
const seconds = () => Math.round((performance.now() - started) / 1_000)
const every = Math.max(1, Math.ceil(runs / 20))
const outcome = await campaign(campaigned, (count) => {
  if (count % every === 0) console.log(`${count} of ${runs} processes, ${seconds()} s`)
})
console.log(`\nElements: ${lineOf(outcome.covered)}`)
console.log(`\nWhat happened: ${lineOf(outcome.happened)}`)
for (const { seed, path, how, text } of outcome.wrong.slice(0, TOLD_MAX))
  console.error(`\nSeed ${seed}, path ${path}, ${how}: ${text}`)
console.log(
  `\n${runs} processes along ${paths} paths each in ${seconds()} s: ${outcome.wrong.length} went wrong. Hash of all logs: ${outcome.hash}`,
)
process.exitCode = outcome.wrong.length > 0 ? 1 : 0
const [first] = outcome.wrong
if (first !== undefined) console.error(`\n${await explain(first, trials)}`)
