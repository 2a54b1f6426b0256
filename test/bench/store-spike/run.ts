/**
 * The storage spike of docs/decisions/0001-storage.md: one-task instances through several designs and ways to write, with counters.
 * `node test/bench/store-spike/run.ts --help`
 */
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { startEmbeddedPostgres } from '../../../engine/store/embedded.ts'
import { difference, read } from './counters.ts'
import { batch, type Instance } from './workload.ts'
import { type Writer, writers } from './writers.ts'

const { values: o } = parseArgs({
  options: {
    help: { type: 'boolean' },
    only: { type: 'string', default: '' },
    flight: { type: 'string', default: '1,32,256' },
    seconds: { type: 'string', default: '4' },
    open: { type: 'string', default: '100000' },
    variables: { type: 'string', default: '0' },
    rounds: { type: 'string', default: '1' },
    level: { type: 'string', default: '1' },
    aged: { type: 'boolean', default: false },
    set: { type: 'string', default: '' },
    past: { type: 'string', default: '3' },
    data: { type: 'string', default: join(tmpdir(), 'iter-store-spike') },
  },
})
if (o.help) {
  console.log(`--only 'TEXT;TEXT'  writers whose name contains one   --flight 1,32,256   --seconds 4   --open 100000  instances open meanwhile
--variables 0  per instance   --rounds 1  alternate so often   --level 1  of zstd   --data DIR
--aged  ends instances opened long ago, at random, with --past 3 ended instances between them for each open one
--set 'SET wal_compression = off'  SQL for the measured connection\nwriters:\n  ${Object.keys(writers).join('\n  ')}`)
  process.exit()
}
const level = Number(o.level)
const variables = Number(o.variables)

const server = await startEmbeddedPostgres({ dataDir: o.data })
const observer = await connect()
const chosen = Object.entries(writers).filter(([name]) => o.only.split(';').some((part) => name.includes(part)))
console.log(
  '| writer | in flight | PI/s | client ms | server ms | WAL B | FPI | tuples | fsyncs | trips |\n|---|---|---|---|---|---|---|---|---|---|',
)
try {
  for (let round = 0; round < Number(o.rounds); round++) {
    for (const flight of o.flight.split(',').map(Number))
      for (const [name, writer] of chosen) await measure(name, writer, flight)
  }
} finally {
  await observer.end()
  await server.stop()
  await rm(o.data, { recursive: true })
}

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: server.connectionString })
  client.on('error', () => {}) // the rejected write says it better
  await client.connect()
  await client.query('SET search_path = spike')
  return client
}

async function measure(name: string, writer: Writer, flight: number): Promise<void> {
  await observer.query(writer.schema)
  const lanes = writer.batches ? (flight === 1 ? 1 : 2) : Math.min(flight, 16)
  // Batches share one connection, in order; transactions per command have one each.
  const clients = await Promise.all(Array.from({ length: writer.batches ? 1 : lanes }, connect))
  let position = 1
  const old: Instance[] = []
  const load = async (creations: number, endings: readonly Instance[]) => {
    const made = batch(position++, creations, endings, variables, level)
    await writer.write(clients[0]!, made.batch)
    return made.created
  }
  for (let left = Number(o.open); left > 0; left -= 1_000) {
    const born = await load(o.aged ? 1_000 * (1 + Number(o.past)) : 1_000, [])
    const stay = born.filter((_, i) => i % (1 + Number(o.past)) === 0)
    old.push(...(o.aged ? stay : born))
    if (o.aged)
      await load(
        0,
        born.filter((_, i) => i % (1 + Number(o.past)) !== 0),
      )
  }
  /** Instances end in no order: the one picked makes room for the one just born. */
  const age = (instance: Instance): Instance => {
    const at = Math.floor(Math.random() * old.length)
    const aged = old[at]!
    old[at] = instance
    return aged
  }
  await observer.query('VACUUM ANALYZE')
  await observer.query('CHECKPOINT')

  let ended = 0
  let trips = 0
  let stopAt = 0
  let turn: Promise<unknown> = Promise.resolve()
  const lane = async (client: pg.Client, share: number) => {
    let running: Instance[] = []
    const waiting: Instance[] = []
    while (performance.now() < stopAt) {
      // Steady state: about half of what is in flight begins, the other half ends.
      const endings = running.length > share / 2 || share === 1 ? running : []
      const creations = share - endings.length - waiting.length
      const made = batch(
        position++,
        Math.max(creations, share === 1 ? 1 - endings.length : 0),
        endings,
        variables,
        level,
      )
      const write = () => writer.write(client, made.batch)
      turn = writer.batches ? turn.then(write) : write()
      await turn
      trips++
      ended += endings.length
      running = o.aged ? made.created.map(age) : made.created
    }
  }
  const run = async (seconds: number) => {
    ;[ended, trips] = [0, 0]
    stopAt = performance.now() + seconds * 1_000
    await Promise.all(
      Array.from({ length: lanes }, (_, i) => lane(clients[i % clients.length]!, writer.batches ? flight / lanes : 1)),
    )
  }
  if (o.set) for (const client of clients) await client.query(o.set)
  await run(1)
  await observer.query('CHECKPOINT')
  for (const client of clients) await client.query('SELECT pg_stat_force_next_flush()')
  const before = await read(observer, server.pid)
  await run(Number(o.seconds))
  for (const client of clients) await client.query('SELECT pg_stat_force_next_flush()')
  for (const client of clients) await client.end()
  await new Promise((done) => setTimeout(done, 300))
  const used = difference(await read(observer, server.pid), before)
  const each = (value: number, digits: number) => (value / ended).toFixed(digits)
  console.log(
    `| ${name} | ${flight} | ${((ended * 1_000) / (Number(o.seconds) * 1_000)).toFixed(0)} | ${each(used.clientMs, 3)} | ${each(used.serverMs, 3)} | ${each(used.walBytes, 0)} | ${each(used.fullPageImages, 3)} | ${each(used.tuples, 1)} | ${each(used.fsyncs, 3)} | ${each(trips, 3)} |`,
  )
}
