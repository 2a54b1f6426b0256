/**
 * What the Modeler and the docs say of job types and call activities is what their schemas say: nothing is out of date, nothing is
 * untold, each template is one the Modeler takes, and each example is one the worker takes.
 */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { validateZeebe } from '@bpmn-io/element-templates-validator'
import { z } from 'zod'
import { compileExpression, evaluate, fromJson, toJson } from '../../engine/feel/index.ts'
import { many, one, readDiagram, text } from '../../processes/diagram.ts'
import { sharedProcesses } from '../../processes/shared-processes.ts'
import type { ElementTemplate } from '../../workers/kit/element-template.ts'
import { feelText } from '../../workers/kit/feel-text.ts'
import type { Json } from '../../workers/kit/fields.ts'
import { untold } from '../../workers/kit/fields.ts'
import { generated, PAGES, present, TEMPLATES } from '../../workers/kit/generate.ts'
import { exampleXml } from '../../workers/kit/page.ts'
import { describedWorkers, everyStep } from '../../workers/kit/step.ts'
import { root, textOf } from './sources.ts'

const steps = await everyStep()
const files = await generated()
const templates = [...files]
  .filter(([path]) => path.startsWith(TEMPLATES))
  .flatMap(([, written]) => JSON.parse(written) as readonly ElementTemplate[])

/** The value of FEEL without variables. */
function feelValue(feel: string): Json {
  const compiled = compileExpression(feel)
  assert.ok(compiled.ok, feel)
  const outcome = evaluate(compiled.expression, { lookup: () => undefined, now: 0, random: () => 0 })
  assert.ok(outcome.ok && outcome.warnings.length === 0, feel)
  return JSON.parse(toJson(outcome.value)) as Json
}

test('templates, pages and what is applied in the diagrams are as the schemas say: npm run templates writes them', () => {
  const differing = [...files].filter(([path, written]) => !existsSync(join(root, path)) || textOf(path) !== written)
  assert.deepEqual(
    differing.map(([path]) => `${path}: out of date. Run npm run templates`),
    [],
  )
  assert.deepEqual(
    present(root).filter((path) => !files.has(path)),
    [],
    'of no step: npm run templates removes them',
  )
})

test('every field has a title and a description: .meta({ title, description }) in the schema', () => {
  const silent = steps.flatMap(({ id, inputs, outputs }) => [
    ...untold(inputs).map((path) => `${id} reads ${path}`),
    ...untold(outputs).map((path) => `${id} gives ${path}`),
  ])
  assert.deepEqual(silent, [])
})

test('every step says what it is', () => {
  const silent = steps.filter(({ title, purpose }) => title === '' || !purpose.endsWith('.'))
  assert.deepEqual(
    silent.map(({ id }) => `${id}: a title, and a purpose that is a sentence`),
    [],
  )
  assert.equal(new Set(steps.map(({ title }) => title)).size, steps.length, 'two steps with one title')
})

test('every template is one that the Modeler takes', () => {
  assert.equal(templates.length, steps.length)
  const faults = templates.flatMap((template) =>
    (validateZeebe(template).errors ?? []).map(({ message }) => `${template.id}: ${message}`),
  )
  assert.deepEqual(faults, [])
})

test('every template has an icon of ours: one drawn line, nothing fetched', () => {
  for (const { icon, id } of templates) {
    const [, drawing = ''] = icon.contents.split('data:image/svg+xml;utf8,')
    const svg = decodeURIComponent(drawing)
    assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^>]*><path [^>]*\/><\/svg>$/, id)
    assert.doesNotMatch(svg.replace('http://www.w3.org/2000/svg', ''), /https?:|NaN|undefined/, id)
  }
})

test('what a template fills in is FEEL', () => {
  const filled = templates.flatMap(({ properties }) => properties).flatMap(({ value }) => value ?? [])
  const feel = filled.filter((value) => typeof value === 'string').filter((value) => value.startsWith('='))
  assert.ok(feel.length > steps.length)
  assert.deepEqual(
    feel.filter((source) => !compileExpression(source.slice(1)).ok),
    [],
  )
})

test('the example of every worker is one that it takes', async () => {
  const workers = await describedWorkers()
  for (const { id, inputs } of steps.filter(({ kind }) => kind === 'job')) {
    const example = Object.fromEntries(inputs.map((field) => [field.name, feelValue(feelText(field.example))]))
    const read = workers.find(({ type }) => type === id)!.input.safeParse(example)
    assert.ok(read.success, `${id}: ${read.error && z.prettifyError(read.error)}. Give .meta({ examples: […] })`)
  }
})

test('the example of every call activity is one that its interface takes', async () => {
  for (const { id, ingresso } of await sharedProcesses()) {
    const { inputs } = steps.find((step) => step.id === id)!
    const example = Object.fromEntries(inputs.map((field) => [field.name, feelValue(feelText(field.example))]))
    const read = z.fromJSONSchema(ingresso as z.core.JSONSchema.JSONSchema).safeParse(example)
    assert.ok(read.success, `${id}: ${read.error && z.prettifyError(read.error)}. Give "examples"`)
  }
})

test('the XML of every page is what a diagram takes', async () => {
  for (const step of steps) {
    const xml = exampleXml(step)
    assert.ok(textOf(`${PAGES}/${step.area}.md`).includes(xml), step.id)
    const { definitions } = await readDiagram(
      `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="urn:x"><bpmn:process id="p"><bpmn:serviceTask id="t"><bpmn:extensionElements>${xml}</bpmn:extensionElements></bpmn:serviceTask></bpmn:process></bpmn:definitions>`,
    )
    const [process] = many(definitions, 'rootElements')
    const [task] = many(process!, 'flowElements')
    const values = many(one(task!, 'extensionElements')!, 'values')
    const inputs = values.flatMap((value) => (value.$type === 'zeebe:IoMapping' ? many(value, 'inputParameters') : []))
    const read = inputs.map((input) => {
      const source = text(input, 'source')
      return [text(input, 'target'), source.startsWith('=') ? feelValue(source.slice(1)) : source]
    })
    assert.deepEqual(
      Object.fromEntries(read),
      Object.fromEntries(step.inputs.map(({ name, example }) => [name, example])),
      step.id,
    )
  }
})

test('FEEL keeps what JSON says', () => {
  const all = { 'a b': [1.5, -2, null, true], c: { "d'e": 'è "così"\n\\' }, ñ_1: [] }
  assert.equal(toJson(fromJson(JSON.stringify(feelValue(feelText(all))))), JSON.stringify(all))
})
