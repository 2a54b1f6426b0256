/** The scenarios that come with the procedures hold. */
import assert from 'node:assert/strict'
import { relative } from 'node:path'
import { test } from 'node:test'
import { play } from './rehearsal.ts'
import { DELIVERED, suitesIn } from './suite.ts'

for (const { file, scenarios } of suitesIn(DELIVERED)) {
  for (const scenario of scenarios) {
    test(`${relative(DELIVERED, file)}: ${scenario.name}`, async () => {
      const { fault, told } = await play(scenario)
      assert.equal(fault, null, fault === null ? '' : `line ${fault.line}: ${fault.message}\n${told.trace.join('\n')}`)
    })
  }
}
