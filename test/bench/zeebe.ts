/**
 * Iter and Zeebe on the same machine, one after the other, under the same load: `npm run bench:zeebe -- --help`.
 * The figure is the knee: the most instances a second over the numbers in flight.
 */
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
  console.log(`--flight 32,64,128  instances in flight   --seconds 20  each   --warmup 60  seconds before the first
--rounds 1  both engines so often, in turn   --partitions 1  of Zeebe   --only iter  or zeebe`)
  process.exit()
}
const flights = o.flight.split(',').map(Number)
const absent = without('bench/load.mjs') || (o.only === 'iter' ? null : withoutZeebe())
if (absent) {
  console.log(`Not compared with Zeebe: ${absent}`)
  process.exit()
}

const directory = join(tmpdir(), `iter-bench-${process.pid}`)
const starts: readonly (() => Promise<Server>)[] = [
  ...(o.only === 'iter' ? [] : [() => startZeebe(join(directory, 'zeebe'), Number(o.partitions))]),
  ...(o.only === 'zeebe' ? [] : [() => startIter(join(directory, 'iter'))]),
]
console.log('| engine | in flight | PI/s | server CPU ms | client CPU ms | PI p50 ms | p99 ms | memory MB | others % |')
console.log('|---|---|---|---|---|---|---|---|---|')
for (let round = 0; round < Number(o.rounds); round++) {
  const knees: LoadReport[] = []
  for (const start of starts) knees.push(await kneeOf(await start()))
  const [zeebe, iter] = knees
  if (zeebe && iter) printRatio(zeebe, iter)
}

async function kneeOf(server: Server): Promise<LoadReport> {
  const reports: LoadReport[] = []
  try {
    await untilReady(server)
    for (const [nth, concurrency] of flights.entries()) {
      const warmupSeconds = nth === 0 ? Number(o.warmup) : 5
      const report = await measure(server, { concurrency, warmupSeconds, seconds: Number(o.seconds) })
      printRow(server.name, concurrency, report)
      reports.push(report)
    }
  } finally {
    await server.stop()
  }
  return reports.reduce((best, report) => (report.piPerSecond > best.piPerSecond ? report : best))
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
