/** Diagrams of other people: each compiles, or is refused in words; none gets the better of us. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileBpmn } from '../../engine/model/compile-resource.ts'
import { sharedFiles, sharedText, withoutShared } from './diagrams.ts'

const refusalsExpected = new Set(['deploy-rejections', 'expr-bad-at-deploy'])

test('every recorded scenario of the first elements compiles', { skip: withoutShared }, async () => {
  const scenarios = sharedText('zeebe-traces/first-light.txt').trim().split('\n')
  const accepted = scenarios.filter((scenario) => !scenario.split('/').some((part) => refusalsExpected.has(part)))
  const files = accepted.flatMap((scenario) => sharedFiles(`zeebe-traces/${scenario}/*.bpmn`))
  assert.ok(files.length > 100)
  for (const path of files) {
    const result = await compileBpmn(path, sharedText(path))
    assert.ok(result.ok, result.ok ? '' : result.message)
  }
})

test('every diagram at hand compiles or is refused in words that name the file', { skip: withoutShared }, async () => {
  const files = [...sharedFiles('conformance/**/*.bpmn'), ...sharedFiles('zeebe-traces/**/*.bpmn')]
  assert.ok(files.length > 500)
  let compiled = 0
  for (const path of files) {
    const result = await compileBpmn(path, sharedText(path))
    if (result.ok) compiled += 1
    else assert.match(result.message, /^['`].+['`]: (- (Element|Process): \S|(Fatal )?Error: URI=null Line=\d+: \S)/)
  }
  assert.ok(compiled > 200, `${compiled} of ${files.length} compiled`)
})
