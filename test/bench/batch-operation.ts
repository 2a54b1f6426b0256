/**
 * A batch operation on many instances, and what a neighbour feels of it: `npm run bench:batch-operation -- --help`.
 * Ends with 1 when a bound is broken. All are ratios within one run; the load of the machine is shown.
 */
import { rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startEmbedded } from '../../engine/index.ts'
import type { Gateway } from '../../engine/protocol/gateway.ts'
import { Neighbour } from './neighbour.ts'
import { deploy, open } from './one-task.ts'

const { values: o } = parseArgs({
  options: {
    help: { type: 'boolean' },
    instances: { type: 'string', default: '100000' },
    data: { type: 'string', default: join(tmpdir(), `iter-bench-${process.pid}`) },
  },
})
if (o.help) {
  console.log('--instances 100000   --data DIR  removed at the end')
  process.exit()
}

const LATENCY_RATIO_MAX = 3
const RESIDENT_GROWTH_BYTES_MAX = 256e6
const QUIET_MS = 10_000
const CROWD = 'bench-crowd'
const stop = new AbortController()

async function measure(gateway: Gateway): Promise<void> {
  const count = Number(o.instances)
  await deploy(gateway, CROWD)
  await open(gateway, CROWD, count, 64)
  const neighbour = await Neighbour.of(gateway, stop.signal)
  await neighbour.during(delay(QUIET_MS / 4))
  const quiet = await neighbour.during(delay(QUIET_MS))
  const before = process.memoryUsage().rss
  let most = before
  let ms = 0
  const cancelled = async () => {
    const began = performance.now()
    const filter = { filter: [{ field: 'processDefinitionId', operator: '$eq', value: CROWD } as const] }
    const { batchOperationKey } = await gateway.createBatchOperation({ type: 'CANCEL_PROCESS_INSTANCE', filter })
    for (;;) {
      const row = await gateway.query.get('batch-operations', batchOperationKey)
      if (row?.operationsFailedCount !== 0) throw new Error('Expected every item to succeed')
      most = Math.max(most, process.memoryUsage().rss)
      if (row.state === 'COMPLETED' && row.operationsCompletedCount === count) break
      await delay(200)
    }
    ms = performance.now() - began
  }
  const busy = await neighbour.during(cancelled())
  const rows = [
    ['instances', `${count}, ${Math.round(count / (ms / 1_000))} each second`],
    ['neighbour, quiet', `p50 ${quiet.p50.toFixed(1)}, p99 ${quiet.p99.toFixed(1)} ms of ${quiet.count}`],
    ['neighbour, meanwhile', `p50 ${busy.p50.toFixed(1)}, p99 ${busy.p99.toFixed(1)} ms of ${busy.count}`],
    ['its p99', `${(busy.p99 / quiet.p99).toFixed(1)} times, bound ${LATENCY_RATIO_MAX}`],
    ['resident MB', `${(before / 1e6).toFixed(0)} before, ${(most / 1e6).toFixed(0)} at most`],
    ['load average', loadavg()[0]!.toFixed(1)],
  ]
  for (const [what, is] of rows) console.log(`${what!.padEnd(22)} ${is}`)
  if (busy.p99 / quiet.p99 > LATENCY_RATIO_MAX || most - before > RESIDENT_GROWTH_BYTES_MAX) process.exitCode = 1
}

const engine = await startEmbedded({
  ...{ dataDir: o.data, databaseUrl: null, host: '127.0.0.1', hostNames: [], origins: [], apiUsers: null },
  ...{ grpcPort: 0, restPort: 0, managementPort: 0, isClockControlled: false, version: 'bench', log: console.error },
})
try {
  await measure(engine.gateway)
} finally {
  stop.abort()
  await engine.close()
  await rm(o.data, { recursive: true, force: true })
}
