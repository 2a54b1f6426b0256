/** `npm run test:zeebe`: scenarios of the delivered procedures on a real Zeebe broker, unchanged. `--help` tells the rest. */
import { basename, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { fetchOnce, withoutZeebe, ZEEBE_VERSION } from '../bench/zeebe-broker.ts'
import { printed } from '../rehearsal/printed.ts'
import { play } from '../rehearsal/rehearsal.ts'
import { DELIVERED, suitesIn } from '../rehearsal/suite.ts'
import { openZeebeStage } from './stage.ts'

/** A plain case of the residence change and of public land, and one of each that is refused. */
const PLAYED = ['R1:', 'R3:', 'richiesta.scenari O1:', 'richiesta.scenari O5:']

const HELP = `npm run test:zeebe -- [--only NAME,NAME] [--trace]

Plays scenarios of the delivered procedures on Zeebe ${ZEEBE_VERSION}, the newest broker on Maven Central that is whole: the same
diagrams, decisions, forms and workers as on the embedded engine. Needs Java 21 or newer; Maven fetches the broker once, for tests
alone (its licence allows no production without Camunda's consent).

  --only NAME,NAME   scenarios whose name begins so, with the name of their file before it only those of that file
                     (default: ${PLAYED.join(',')})
  --trace            prints every step`

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: PLAYED.join(',') },
    trace: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) console.log(HELP)
else await run(values.only.split(','))

/** Says why the broker could not be fetched, or null. */
function notFetched(): string | null {
  try {
    fetchOnce()
    return null
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}. Is Maven's repository reachable?`
  }
}

async function run(names: readonly string[]): Promise<void> {
  const absent = withoutZeebe() ?? notFetched()
  if (absent !== null) return console.log(`0 scenarios on Zeebe. Not run: ${absent}`)
  const all = (await suitesIn(DELIVERED)).flatMap(({ file, scenarios }) =>
    scenarios.map((scenario) => ({ scenario, file: relative(process.cwd(), file) })),
  )
  type Played = (typeof all)[number]
  const isMeant = ({ scenario: { name }, file }: Played, wanted: string): boolean =>
    name.startsWith(wanted) || `${basename(file)} ${name}`.startsWith(wanted)
  const unknown = names.filter((wanted) => !all.some((one) => isMeant(one, wanted)))
  if (unknown.length > 0) throw new Error(`Expected scenarios whose names begin so, but there are none: ${unknown}`)
  const chosen = all.filter((one) => names.some((wanted) => isMeant(one, wanted)))
  let held = 0
  for (const { scenario, file } of chosen) {
    const played = await play(scenario, [], openZeebeStage)
    if (played.fault === null) held++
    for (const line of printed(played, file, values.trace)) console.log(line)
  }
  console.log(`${held} of ${chosen.length} scenarios hold on Zeebe ${ZEEBE_VERSION}`)
  if (held < chosen.length || held === 0) process.exitCode = 1
}
