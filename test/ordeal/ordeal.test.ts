import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ordeal } from './ordeal.ts'

test('five kills: every practice ends, nothing is done twice, nothing acknowledged is lost', async (t) => {
  const { violations } = await ordeal({ kills: 5, practices: 12, seed: 7, log: (line) => t.diagnostic(line) })
  assert.deepEqual(violations, [])
})
