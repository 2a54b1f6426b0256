/** The scenarios that come with the procedures hold, and together they take every flow, boundary event and rule. */
import assert from 'node:assert/strict'
import { relative } from 'node:path'
import { test } from 'node:test'
import { filesLike, textOf } from '../house/sources.ts'
import type { Played } from './rehearsal.ts'
import { coverageIn, DELIVERED, playAll, suitesIn } from './suite.ts'

const suites = await suitesIn(DELIVERED)
const played: Played[] = []
for (const suite of suites) played.push(...(await playAll(suite)))
const covered = await coverageIn(DELIVERED, played)

for (const { scenario, fault, told } of played) {
  test(`scenario ${scenario.name}`, () => {
    assert.equal(fault, null, fault === null ? '' : `line ${fault.line}: ${fault.message}\n${told.trace.join('\n')}`)
  })
}

for (const { name, missed } of covered) {
  test(`${name}: nothing is left that no scenario takes`, () => assert.deepEqual(missed, []))
}

/** Written by `npm run scenarios -- --pictures docs/pictures/scenarios`. */
test('the pictures in the docs show the diagrams as they are', () => {
  const drawn = covered.flatMap(({ name, picture }) => (picture === null ? [] : [[`${name}.svg`, picture] as const]))
  const kept = filesLike('docs/pictures/scenarios/*.svg')
  assert.deepEqual(
    kept.map((path) => relative('docs/pictures/scenarios', path)).sort(),
    drawn.map(([name]) => name).sort(),
  )
  for (const [name, picture] of drawn)
    assert.ok(textOf(`docs/pictures/scenarios/${name}`) === picture, `${name} is out of date: write the pictures again`)
})
