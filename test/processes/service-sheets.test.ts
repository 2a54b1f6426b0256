/** The sheet beside a procedure's diagram: what citizens read of it fits what the diagram does. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { ModdleElement } from 'bpmn-moddle'
import { many, one, text } from '../../processes/diagram.ts'
import { loadServiceSheets, type Milestone } from '../../processes/service-sheets.ts'
import { loadTown } from '../../processes/town.ts'
import { textOf } from '../house/sources.ts'
import { diagrams, extensions } from './diagrams.ts'

const sheets = loadServiceSheets()
const headOf = (path: string): string => path.split('.', 1)[0]!
const diagramOf = (processId: string) =>
  diagrams.find(({ definitions }) => many(definitions, 'rootElements').some(({ id }) => id === processId))

test('every procedure of the sample town has a sheet, and every sheet a delivered procedure', async () => {
  const { procedimenti } = await loadTown()
  assert.deepEqual([...sheets.keys()].sort(), procedimenti.map(({ id }) => id).sort())
  assert.deepEqual(
    [...sheets.keys()].filter((id) => diagramOf(id) === undefined),
    [],
  )
})

for (const [id, sheet] of sheets) {
  const { elements } = diagramOf(id)!
  const scripts = elements.flatMap((element) => extensions(element, 'Script'))

  test(`${id}: every outcome that the diagram can reach has its words, and no other`, () => {
    const outcomes = scripts
      .filter((script) => text(script, 'resultVariable') === 'esito')
      .map((script) => /^="(\w+)"$/.exec(text(script, 'expression'))?.[1] ?? text(script, 'expression'))
    assert.deepEqual(Object.keys(sheet.it.esiti).sort(), [...new Set(outcomes)].sort())
  })

  test(`${id}: milestones are read from variables that the diagram or a form of it writes`, () => {
    assert.deepEqual(unwritten(elements, sheet.tappe), [])
  })

  const { seguito } = sheet
  if (seguito === undefined) continue
  const after = diagramOf(seguito.processo)!

  test(`${id}: what goes on after it is started by the message of its sheet, with what it reads of it`, () => {
    const start = many(after.definitions, 'rootElements').flatMap((root) =>
      many(root, 'flowElements').flatMap((element) =>
        element.$type === 'bpmn:StartEvent' ? many(element, 'eventDefinitions') : [],
      ),
    )
    assert.deepEqual(
      start.map((definition) => text(one(definition, 'messageRef')!, 'name')),
      [seguito.messaggio],
    )
    const given = elements.flatMap((element) => {
      const inputs = extensions(element, 'IoMapping').flatMap((mapping) => many(mapping, 'inputParameters'))
      const source = (target: string) => inputs.find((input) => text(input, 'target') === target)
      const data = source('nome') && text(source('nome')!, 'source') === seguito.messaggio ? source('dati') : undefined
      return data === undefined ? [] : [...text(data, 'source').matchAll(/(\w+):/g)].map(([, name]) => name!)
    })
    assert.deepEqual(unwritten(after.elements, seguito.tappe, given), [])
  })

  test(`${id}: every state of what goes on after it has its words, and no other`, () => {
    const outputs = after.elements
      .flatMap((element) => extensions(element, 'IoMapping'))
      .flatMap((mapping) => many(mapping, 'outputParameters'))
    const written = [
      ...outputs.map((output) => [text(output, 'target'), text(output, 'source')] as const),
      ...after.elements
        .flatMap((element) => extensions(element, 'Script'))
        .map((script) => [text(script, 'resultVariable'), text(script, 'expression')] as const),
    ]
    const states = written.flatMap(([name, source]) =>
      seguito.stato.includes(name) ? (/^="(\w+)"$/.exec(source)?.[1] ?? source) : [],
    )
    assert.deepEqual(Object.keys(seguito.it.stati).sort(), [...new Set(states)].sort())
  })
}

/** Paths of milestones that nobody writes. */
function unwritten(
  elements: readonly ModdleElement[],
  milestones: readonly Milestone[],
  given: readonly string[] = [],
) {
  const outputs = elements
    .flatMap((element) => extensions(element, 'IoMapping'))
    .flatMap((mapping) => many(mapping, 'outputParameters'))
  const forms = elements.flatMap((element) => extensions(element, 'FormDefinition'))
  const answers = forms.flatMap((form) => [
    ...textOf(`forms/${text(form, 'formId')}.form`).matchAll(/"key": "([\w.]+)"/g),
  ])
  const written = new Set([
    ...given,
    ...elements.flatMap((element) => extensions(element, 'Script')).map((script) => text(script, 'resultVariable')),
    ...outputs.map((output) => headOf(text(output, 'target'))),
    ...answers.map(([, key]) => headOf(key!)),
  ])
  const read = milestones.flatMap(({ fatta, quando, prevista }) => [fatta, quando, prevista ?? fatta])
  return read.filter((path) => !written.has(headOf(path)))
}

test('a sheet that lacks something, or whose languages name different outcomes, is refused with file and field', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'iter-sheets-'))
  t.after(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'prova'))
  const load = (content: string) => {
    writeFileSync(join(folder, 'prova', 'scheda.json'), content)
    return loadServiceSheets(pathToFileURL(`${folder}/`))
  }
  const [sheet] = [...sheets.values()]
  const { sintesi: _, ...poor } = sheet!.it
  assert.throws(() => load(JSON.stringify({ ...sheet, it: poor })), /prova\/scheda\.json.*sintesi/s)
  const other = { ...sheet!.en, esiti: { NUOVO: 'new' } }
  assert.throws(() => load(JSON.stringify({ ...sheet, en: other })), /the same outcomes/)
  assert.throws(() => load('{'), /prova\/scheda\.json to be JSON/)
  assert.equal(load(JSON.stringify(sheet)).size, 1)
})
