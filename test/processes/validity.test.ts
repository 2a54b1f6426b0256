/** The delivered diagrams as the Modeler's rules and our engine see them. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { compileBpmn } from '../../engine/model/compile-resource.ts'
import { isA, many } from '../../processes/diagram.ts'
import { filesLike, root, textOf } from '../house/sources.ts'
import { everyElement } from './diagrams.ts'

const paths = filesLike('processes/**/*.bpmn')

test('bpmnlint finds nothing, with the rules for Camunda 8.8', async () => {
  const lint = ['node_modules/bpmnlint/bin/bpmnlint.js', '--max-warnings=0', ...paths]
  const { stdout, stderr } = await promisify(execFile)(process.execPath, lint, { cwd: root })
  assert.equal(stdout.trim() + stderr.trim(), '')
})

for (const path of paths) {
  test(`${path} has only elements that the engine runs`, async () => {
    const compiled = await compileBpmn(path, textOf(path))
    assert.ok(compiled.ok, compiled.ok ? '' : compiled.message)
  })
}

test('every event, activity and fork has a name', () => {
  const isFork = (element: (typeof everyElement)[number]['element']): boolean =>
    isA(element, 'Gateway') && many(element, 'outgoing').length > 1
  const unnamed = everyElement
    .filter(({ element }) => isA(element, 'Event') || isA(element, 'Activity') || isFork(element))
    .filter(({ element }) => (element.get('name') ?? '') === '')
  assert.deepEqual(
    unnamed.map(({ path, element }) => `${path}: ${element.id}`),
    [],
  )
})

test('every user task, rule, sub-process and call says why it is there', () => {
  const explained = ['UserTask', 'BusinessRuleTask', 'SubProcess', 'CallActivity']
  const silent = everyElement
    .filter(({ element }) => explained.some((type) => isA(element, type)))
    .filter(({ element }) => many(element, 'documentation').length === 0)
  assert.deepEqual(
    silent.map(({ path, element }) => `${path}: ${element.id}`),
    [],
  )
})
