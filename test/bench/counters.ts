import { loadavg } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { BACKEND_REPORTS_AFTER_MS, type DatabaseCounters, readCounters } from './database-counters.ts'
import { data, type Embedded, measured } from './measured.ts'
import { complete, deploy, open } from './one-task.ts'
import { countRoundTrips, type RoundTrips, roundTrips } from './round-trips.ts'

const { values: o } = parseArgs({
  options: {
    help: { type: 'boolean' },
    open: { type: 'string', default: '100000' },
    warmup: { type: 'string', default: '5000' },
    count: { type: 'string', default: '10000' },
    flight: { type: 'string', default: '64' },
    data,
  },
})
if (o.help) {
  console.log(`--open 100000  instances wait meanwhile   --warmup 5000  instances   --count 10000  are counted
--flight 64  instances at once   --data DIR  removed at the end`)
  process.exit()
}

/** Bounds of one instance, and of one batch. */
const TUPLES_MAX = 16
const WAL_BYTES_MAX = 5_000
const ROUND_TRIPS_MAX = 1

const WAITING = 'bench-waiting'
const ONE_TASK = 'bench-one-task'
const count = Number(o.count)
const flight = Number(o.flight)

interface Reading {
  readonly database: DatabaseCounters
  readonly trips: RoundTrips
}

countRoundTrips()
await measured(o.data, measure)

async function measure({ gateway, database }: Embedded): Promise<void> {
  const observer = new pg.Client({ connectionString: database.connectionString })
  await observer.connect()
  const counters = async () => {
    await delay(BACKEND_REPORTS_AFTER_MS)
    return readCounters(observer, database.pid!)
  }
  await deploy(gateway, WAITING)
  await deploy(gateway, ONE_TASK)
  await open(gateway, WAITING, Number(o.open), 256)
  await complete(gateway, ONE_TASK, Number(o.warmup), flight)
  await observer.query('VACUUM ANALYZE')
  // The first change of a page after a checkpoint writes its whole image: the counted instances pay for all.
  await observer.query('CHECKPOINT')

  const before: Reading = { database: await counters(), trips: await roundTrips(observer) }
  const [cpu, began] = [process.cpuUsage(), performance.now()]
  await complete(gateway, ONE_TASK, count, flight)
  const seconds = (performance.now() - began) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  const trips = await roundTrips(observer)
  const after: Reading = { trips, database: await counters() }
  await observer.end()
  report(before, after, seconds, (user + system) / 1_000)
}

function report(before: Reading, after: Reading, seconds: number, engineMs: number): void {
  const spent = (of: (counters: DatabaseCounters) => number) => of(after.database) - of(before.database)
  const batches = spent(({ batches }) => batches)
  const tuples = spent(({ inserts, updates, deletes }) => inserts + updates + deletes) / count
  const scanned = scannedBetween(before.database, after.database)
  const kinds = (['inserts', 'updates', 'deletes'] as const).map((kind) => `${each(spent((c) => c[kind]))} ${kind}`)
  const walBytes = spent((counters) => counters.walBytes) / count
  const perBatch = (kind: keyof RoundTrips) => (after.trips[kind] - before.trips[kind]) / batches
  const rows: readonly Row[] = [
    {
      of: 'instances a second',
      is: count / seconds,
      also: `${flight} in flight, load average ${loadavg()[0]!.toFixed(1)}`,
    },
    { of: 'engine CPU ms', is: engineMs / count, also: 'this client included' },
    { of: 'PostgreSQL CPU ms', is: spent(({ cpuMs }) => cpuMs) / count },
    { of: 'instances in a batch', is: count / batches },
    { of: 'read round trips a batch', is: perBatch('read'), atMost: ROUND_TRIPS_MAX },
    { of: 'write round trips a batch', is: perBatch('write'), atMost: ROUND_TRIPS_MAX },
    { of: 'tuple operations', is: tuples, atMost: TUPLES_MAX, also: kinds.join(', ') },
    {
      of: 'WAL bytes',
      is: walBytes,
      atMost: WAL_BYTES_MAX,
      also: `${spent((c) => c.fullPageImages)} full-page images`,
    },
    { of: 'fsyncs a batch', is: spent(({ fsyncs }) => fsyncs) / batches },
    { of: 'scans of large tables', is: scanned.length, atMost: 0, also: scanned.join(', ') },
  ]
  print(rows)
}
function each(value: number): string {
  return (value / count).toFixed(2)
}

/** Tables of over 1,000 rows that were read from end to end. */
function scannedBetween(before: DatabaseCounters, after: DatabaseCounters): readonly string[] {
  const scans = [...after.sequentialScans].filter(
    ([table, scans]) => scans > (before.sequentialScans.get(table) ?? scans),
  )
  return scans.map(([table]) => table)
}

interface Row {
  readonly of: string
  readonly is: number
  readonly atMost?: number
  readonly also?: string
}
function print(rows: readonly Row[]): void {
  console.log(
    `${count} one-task instances with ${o.open} others open; figures for one of them where nothing else is said`,
  )
  for (const { of, is, atMost, also = '' } of rows) {
    const bound = atMost === undefined ? '' : `${is > atMost ? 'BROKEN, ' : ''}at most ${atMost}`
    console.log(`${of.padEnd(28)}${is.toFixed(3).padStart(10)}  ${[bound, also].filter(Boolean).join('; ')}`)
  }
  if (rows.some(({ is, atMost }) => atMost !== undefined && is > atMost)) process.exitCode = 1
}
