/**
 * Iter and Zeebe on the same machine under the same load, in turn: `npm run bench:zeebe -- --help`.
 * The figure is the knee: the most instances a second over the numbers in flight. Both servers stand ready from the first to the last run, so
 * that whatever else the machine does falls on both; the one that is not asked costs a few hundredths of a core.
 */
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { without } from '../shared-data.ts'
import { type LoadReport, measure, untilReady } from './load.ts'
import { type Server, startIter } from './server.ts'
import { startZeebe, withoutZeebe } from './zeebe-broker.ts'

const { values: o } = parseArgs({
  options: {
    help: { type: 'boolean' },
    flight: { type: 'string', default: '32,64,128' },
    seconds: { type: 'string', default: '20' },
    warmup: { type: 'string', default: '60' },
    rounds: { type: 'string', default: '1' },
    partitions: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
  },
})
if (o.help) {
  console.log(`--flight 32,64,128  instances in flight   --seconds 20  each   --warmup 60  seconds for each engine
--rounds 1  so often     --partitions 1  of Zeebe   --only iter  or zeebe`)
  process.exit()
}
const flights = o.flight.split(',').map(Number)
const absent = without('bench/load.mjs') || (o.only === 'iter' ? null : withoutZeebe())
if (absent) {
  console.log(`Not compared with Zeebe: ${absent}`)
  process.exit()
}

const directory = join(tmpdir(), `iter-bench-${process.pid}`)
const servers: Server[] = []
try {
  if (o.only !== 'iter') servers.push(await startZeebe(join(directory, 'zeebe'), Number(o.partitions)))
  if (o.only !== 'zeebe') servers.push(await startIter(join(directory, 'iter')))
  await compare()
} finally {
  for (const server of servers) await server.stop()
  await rm(directory, { recursive: true, force: true })
}

async function compare(): Promise<void> {
  for (const server of servers) {
    await untilReady(server)
    await measure(server, { concurrency: flights[0]!, warmupSeconds: Number(o.warmup), seconds: 1 })
  }
  console.log(
    '| engine | in flight | PI/s | server CPU ms | client CPU ms | PI p50 ms | p99 ms | memory MB | others % |',
  )
  console.log('|---|---|---|---|---|---|---|---|---|')
  for (let round = 0; round < Number(o.rounds); round++) {
    const [first, second] = await knees()
    if (first && second) printRatio(first, second)
  }
}

/** The best report of each server. */
async function knees(): Promise<readonly LoadReport[]> {
  const best = new Map<Server, LoadReport>()
  for (const concurrency of flights)
    for (const server of servers) {
      const report = await measure(server, { concurrency, warmupSeconds: 3, seconds: Number(o.seconds) })
      printRow(server.name, concurrency, report)
      if (report.piPerSecond > (best.get(server)?.piPerSecond ?? 0)) best.set(server, report)
    }
  return servers.flatMap((server) => best.get(server) ?? [])
}

function printRow(name: string, concurrency: number, { piPerSecond, piMs, refusals, cost }: LoadReport): void {
  const { serverCpuMsPerInstance, clientCpuMsPerInstance, machineShare, memoryMB } = cost
  const cpu = `${serverCpuMsPerInstance} | ${clientCpuMsPerInstance}`
  const rest = `${piMs.p50} | ${piMs.p99} | ${memoryMB.after.own} | ${machineShare.others}`
  console.log(`| ${name} | ${concurrency} | ${piPerSecond} | ${cpu} | ${rest} |`)
  const failed = Object.entries(refusals.failed)
  if (failed.length > 0) console.log(`Failed calls: ${JSON.stringify(refusals.failed)}`)
}

function printRatio(zeebe: LoadReport, iter: LoadReport): void {
  const faster = (iter.piPerSecond / zeebe.piPerSecond).toFixed(2)
  const cheaper = (zeebe.cost.serverCpuMsPerInstance / iter.cost.serverCpuMsPerInstance).toFixed(2)
  console.log(
    `Iter to Zeebe at their knees: ${faster} times the instances a second, ${cheaper} times the instances per CPU`,
  )
}
