/**
 * What the pages cost a server when a town has many practices: `npm run bench:pages -- --help`. Each page is asked for as the person
 * whose it is, in a town of few practices and in one of many, in turn, so that a machine that slows down slows both. Ends with 1 when
 * the slow answers of the large town take more than twice those of the small one, or when an answer is no page.
 */
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { type FilledTown, filledTown } from './pages/practices.ts'
import { listenToStatements, type Reading, readingOf, SEARCH_SETTINGS, statementsOf } from './pages/rows-read.ts'
import { serverTimes } from './pages/server-time.ts'
import { type Visit, visitsTo } from './pages/visits.ts'

const { values: o } = parseArgs({
  options: {
    help: { type: 'boolean' },
    few: { type: 'string', default: '100' },
    many: { type: 'string', default: '10000' },
    /** One town alone, while something is mended. */
    only: { type: 'string' },
    rounds: { type: 'string', default: '60' },
  },
})
if (o.help) {
  console.log('--few 100   --many 10000   --only N  one town alone   --rounds 60  of each page in each town')
  process.exit()
}

/** How many times the p95 of the small town the large one's may be. */
const RATIO_MAX = 2
const WARM_UP_ROUNDS = 5

listenToStatements()

interface Measured {
  readonly town: FilledTown
  readonly visits: readonly Visit[]
  /** Milliseconds by page. */
  readonly times: Map<string, number[]>
  /** What PostgreSQL read for one more, by page: true on any machine, however busy. */
  readonly readings: Map<string, Reading>
}

const seconds = (since: number): string => ((performance.now() - since) / 1_000).toFixed(0)
const show = (text: string): void => void process.stdout.write(process.stdout.isTTY ? `\r\x1b[K${text}` : `${text}\n`)

async function measure(): Promise<void> {
  const rounds = Number(o.rounds)
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    const inTurn = round % 2 === 0 ? towns : towns.toReversed()
    for (let page = 0; page < towns[0]!.visits.length; page++)
      for (const { visits, times } of inTurn) {
        const { name, ms } = await timeOf(visits[page]!)
        if (round >= 0) times.set(name, [...(times.get(name) ?? []), ms])
      }
    if (round >= 0) show(`round ${round + 1} of ${rounds}`)
  }
  console.log()
}

async function timeOf({ name, prepare, ask }: Visit): Promise<{ readonly name: string; readonly ms: number }> {
  await prepare?.()
  const [first] = await serverTimes(ask)
  if (first === undefined || first.status >= 400)
    throw new Error(
      `Expected ${name} to be answered, but it was with ${first?.status}. Look at test/bench/pages/visits.ts.`,
    )
  return { name, ms: first.ms }
}

async function readOnce({ town, visits, readings }: Measured): Promise<void> {
  const observer = new pg.Client({ connectionString: town.town.databaseUrl, options: SEARCH_SETTINGS })
  await observer.connect()
  for (const { name, prepare, ask } of visits) {
    await prepare?.()
    readings.set(name, await readingOf(observer, await statementsOf(ask)))
  }
  await observer.end()
}

function at(share: number, values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
}

function report(): void {
  const names = [...towns[0]!.times.keys()]
  const read = (name: string) =>
    towns.map(({ readings }) => {
      const reading = readings.get(name)
      return reading === undefined ? '' : `${reading.statements}/${reading.rows.toFixed(0)}`.padStart(12)
    })
  const line = (name: string, all: readonly (readonly number[])[]) => {
    const figures = all.flatMap((values) => [at(0.5, values), at(0.95, values)])
    const [, few, , many] = figures
    const ratio = few === undefined || many === undefined ? '' : (many / few).toFixed(2).padStart(8)
    return `${name.padEnd(26)}${figures.map((ms) => ms.toFixed(1).padStart(9)).join('')}${ratio}${read(name).join('')}`
  }
  const heads = towns.flatMap(({ town }) => [`${town.practices}`, 'p95'])
  console.log(
    `${'ms of the server'.padEnd(26)}${heads.map((head) => head.padStart(9)).join('')}${towns.length > 1 ? '   ratio' : ''}`,
  )
  for (const name of names)
    console.log(
      line(
        name,
        towns.map(({ times }) => times.get(name)!),
      ),
    )
  const all = towns.map(({ times }) => [...times.values()].flat())
  console.log(line('all pages', all))
  console.log(`${o.rounds} rounds, ${cpus().length} cores, load average ${loadavg()[0]!.toFixed(1)}`)
  const [few, many] = all.map((values) => at(0.95, values))
  if (few !== undefined && many !== undefined && many > RATIO_MAX * few) process.exitCode = 1
}

const sizes = o.only === undefined ? [Number(o.few), Number(o.many)] : [Number(o.only)]
const towns: Measured[] = []
try {
  for (const size of sizes) {
    const began = performance.now()
    const town = await filledTown(size, (text) => show(`${text}, ${seconds(began)} s`))
    console.log()
    towns.push({ town, visits: await visitsTo(town), times: new Map(), readings: new Map() })
  }
  await measure()
  for (const measured of towns) await readOnce(measured)
  report()
} finally {
  for (const { town } of towns) await town.town.close()
}
