import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KINDS } from './kinds.ts'
import { ordeal } from './ordeal.ts'

test('four kills over all connectors: every practice ends, nothing is done twice, nothing acknowledged is lost', async (t) => {
  const log = (line: string) => t.diagnostic(line)
  const { violations, untried } = await ordeal({ kills: 4, practices: KINDS.length, seed: 7, log })
  assert.deepEqual(violations, [])
  assert.deepEqual(untried, [], 'every effect that a worker declares was exercised, and lost its answer at least once')
})
