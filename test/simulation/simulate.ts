/** `npm run simulate -- --seed N --runs M`: random processes from that seed on, with all troubles; ends at the first that goes wrong. */
import { parseArgs } from 'node:util'
import { assertSame, simulate } from './simulation.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '1000' },
    help: { type: 'boolean' },
  },
})
if (values.help) {
  console.log(
    '--seed 1  of the first process   --runs 1000  as many processes, each with crashes, lost batches and four clients too',
  )
  process.exit()
}
const first = Number(values.seed)
for (let seed = first; seed < first + Number(values.runs); seed++) {
  try {
    const trace = await simulate(seed)
    assertSame(await simulate(seed, { crashes: true, losses: true }), trace, 'neither crash nor loss leaves a trace')
    await simulate(seed, { crashes: true, losses: true, clients: 4 })
  } catch (error) {
    console.error(`Seed ${seed}. Run it again: npm run simulate -- --seed ${seed} --runs 1`)
    throw error
  }
  if ((seed - first + 1) % 50 === 0) console.log(`${seed - first + 1} runs, up to seed ${seed}`)
}
