import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KINDS } from './kinds.ts'
import { faultsIn, ordeal } from './ordeal.ts'

test('four kills over all connectors: every practice ends, every declared effect loses its answer at least once, nothing is done twice, nothing acknowledged is lost', async (t) => {
  const log = (line: string) => t.diagnostic(line)
  const outcome = await ordeal({ kills: 4, practices: KINDS.length, seed: 7, log })
  const faults = faultsIn(outcome, KINDS)
  assert.ok(faults.length === 0, faults.join('\n'))
})
