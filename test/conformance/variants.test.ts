/**
 * Scenarios of our own beside the recorded ones, each played on Zeebe 8.8.0 as well: `expected.json` is what it did. Played by the
 * runner of the shared traces, which says where we differ.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { sharedPath, without } from '../shared-data.ts'
import { startInMemory } from './engine-under-test.ts'

const variants = fileURLToPath(new URL('./variants', import.meta.url))
const proto = fileURLToPath(new URL('../../engine/gateway/gateway.proto', import.meta.url))

test('what Zeebe did in our own scenarios is done, in the same order', { skip: without('zeebe-traces') }, async (t) => {
  const { ports, close } = await startInMemory()
  t.after(close)
  const to = ['--gateway', ports.grpc, '--rest', `http://${ports.rest}`, '--management', `http://${ports.management}`]
  const how = ['--proto', proto, '--clock', 'rest', '--require', 'L3']
  const run = await new Promise<{ failed: boolean; text: string }>((resolve) =>
    execFile(process.execPath, [sharedPath('zeebe-traces/run.mjs'), ...how, ...to, variants], (error, stdout, stderr) =>
      resolve({ failed: error !== null, text: stdout + stderr }),
    ),
  )
  assert.ok(!run.failed, run.text)
})
