/** The DMN TCK's score may not fall. External Java functions, imports of other models and `(= 10)` as a range of its own are missing. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { kit, runKit } from '../conformance/dmn-tck.ts'

const missing: string | false = existsSync(kit) ? false : 'the DMN TCK is not beside the clone'

test('level 2 passes whole', { skip: missing }, () => {
  const { status, stdout } = runKit('--level', '2', '--require', '1', '--failures', '5')
  assert.equal(status, 0, String(stdout))
})

test('level 3 passes but for what is known to be missing', { skip: missing }, () => {
  const { status, stdout } = runKit('--level', '3', '--require', '0.987', '--failures', '40')
  assert.equal(status, 0, String(stdout))
})
