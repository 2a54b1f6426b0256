/** The sheet beside a procedure's diagram: what citizens read of it fits what the diagram does. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { many, text } from '../../processes/diagram.ts'
import { loadServiceSheets } from '../../processes/service-sheets.ts'
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
    const outputs = elements
      .flatMap((element) => extensions(element, 'IoMapping'))
      .flatMap((mapping) => many(mapping, 'outputParameters'))
    const forms = elements.flatMap((element) => extensions(element, 'FormDefinition'))
    const answers = forms.flatMap((form) => [
      ...textOf(`forms/${text(form, 'formId')}.form`).matchAll(/"key": "([\w.]+)"/g),
    ])
    const written = new Set([
      ...scripts.map((script) => text(script, 'resultVariable')),
      ...outputs.map((output) => headOf(text(output, 'target'))),
      ...answers.map(([, key]) => headOf(key!)),
    ])
    const read = sheet.tappe.flatMap(({ fatta, quando, prevista }) => [fatta, quando, prevista ?? fatta])
    assert.deepEqual(
      read.filter((path) => !written.has(headOf(path))),
      [],
    )
  })
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
