/**
 * A batch operation on many instances, and what a neighbour feels of it: `npm run bench:batch-operation -- --help`.
 * Ends with 1 when a bound is broken. All are ratios within one run; the load of the machine is shown.
 */
import { loadavg } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Gateway } from '../../engine/protocol/gateway.ts'
import { data, measured } from './measured.ts'
import { felt, isDisturbed, Neighbour } from './neighbour.ts'
import { deploy, open } from './one-task.ts'

const { values: o } = parseArgs({
  options: {
    help: { type: 'boolean' },
    instances: { type: 'string', default: '100000' },
    data,
  },
})
if (o.help) {
  console.log('--instances 100000   --data DIR  removed at the end')
  process.exit()
}

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
    ...felt(quiet, busy),
    ['resident MB', `${(before / 1e6).toFixed(0)} before, ${(most / 1e6).toFixed(0)} at most`],
    ['load average', loadavg()[0]!.toFixed(1)],
  ]
  for (const [what, is] of rows) console.log(`${what!.padEnd(22)} ${is}`)
  if (isDisturbed(quiet, busy) || most - before > RESIDENT_GROWTH_BYTES_MAX) process.exitCode = 1
}

await measured(o.data, ({ gateway }) => measure(gateway).finally(() => stop.abort()))
