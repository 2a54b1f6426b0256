/** docs/dmn.md: its tables decide what stands below them, its commands print what stands below them, its requests are answered. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type CompiledDecisions,
  compileDecisions,
  type Dialect,
  evaluateDecision,
  shown,
} from '../../engine/feel/index.ts'
import { startInMemory } from '../conformance/engine-under-test.ts'
import { textOf } from '../house/sources.ts'
import { commandsIn, shell, shellBlocksOf } from '../readme/shell.ts'
import { evaluationOf, outcomeOf } from './evaluation.ts'
import { rowsOf, tablesOf } from './markdown.ts'

const page = textOf('docs/dmn.md')

const policies: Readonly<Record<string, string>> = {
  U: 'UNIQUE',
  F: 'FIRST',
  A: 'ANY',
  P: 'PRIORITY',
  O: 'OUTPUT ORDER',
  R: 'RULE ORDER',
  C: 'COLLECT',
}
const aggregations: Readonly<Record<string, string>> = { '+': 'SUM', '<': 'MIN', '>': 'MAX', '#': 'COUNT' }

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
const of = (name: string, text: string): string => `<${name}><text>${escaped(text)}</text></${name}>`

/** A table of the page as a file: inputs stand as code in its head, outputs in bold; the row `values` lists the output values. */
function fileOf([head = [], ...rows]: readonly (readonly string[])[]): string {
  const [corner = '', ...columns] = head
  const isOutput = columns.map((column) => column.startsWith('**'))
  const values = rows.find(([label]) => label === 'values')?.slice(1) ?? []
  const declared = columns.map((column, at) => {
    if (!isOutput[at]) return `<input label="${column}">${of('inputExpression', column)}</input>`
    const allowed = values[at] === undefined ? '' : of('outputValues', values[at])
    return `<output name="${column.replaceAll('*', '')}">${allowed}</output>`
  })
  const rules = rows
    .filter(([label]) => label !== 'values')
    .map(
      ([, ...cells]) =>
        `<rule>${cells.map((cell, at) => of(isOutput[at] ? 'outputEntry' : 'inputEntry', cell)).join('')}</rule>`,
    )
  const aggregation = aggregations[corner.slice(1)]
  const attributes = `hitPolicy="${policies[corner[0]!]}"${aggregation === undefined ? '' : ` aggregation="${aggregation}"`}`
  // Inputs of the standard are required by name.
  const inputs = columns.filter((_column, at) => !isOutput[at])
  return `<definitions id="t" name="t" namespace="urn:t">${inputs.map((name) => `<inputData id="${name}" name="${name}"/>`).join('')}
    <decision id="d" name="d">${inputs.map((name) => `<informationRequirement><requiredInput href="#${name}"/></informationRequirement>`).join('')}
    <decisionTable ${attributes}>${declared.join('')}${rules.join('')}</decisionTable></decision></definitions>`
}

function assertGives(compiled: CompiledDecisions, variables: string, expected: string, dialect: Dialect): void {
  assert.ok(compiled.ok, compiled.ok ? '' : compiled.message)
  const { output, failure } = evaluateDecision(compiled.model, 'd', evaluationOf(variables))
  if (expected.startsWith('fails: ')) {
    assert.ok(failure?.message.includes(expected.slice('fails: '.length)), failure?.message ?? '')
    return
  }
  assert.equal(failure?.message, undefined)
  const wanted = outcomeOf(expected, '{}', dialect)
  assert.ok(wanted.ok, expected)
  assert.equal(shown(output), shown(wanted.value))
}

const tables = tablesOf(page)
const answersOf = (at: number): readonly (readonly string[])[] =>
  tables[at + 1]?.[0]?.[0] === 'with' ? tables[at + 1]!.slice(1) : []

for (const [at, table] of tables.entries())
  if (/^[UFAPORC][+<>#]?$/.test(table[0]?.[0] ?? ''))
    for (const dialect of ['camunda', 'standard'] as const)
      for (const [variables = '', expected = ''] of answersOf(at))
        test(`${dialect}: table ${table[0]!.join(' ')} with ${variables}`, () => {
          assertGives(compileDecisions(fileOf(table), { dialect }), variables, expected, dialect)
        })

test('every hit policy and aggregation has a table with an answer', () => {
  const corners = tables.flatMap(([head], at) => (answersOf(at).length > 0 ? [head![0]!] : []))
  assert.deepEqual(
    ['U', 'F', 'A', 'P', 'O', 'R', 'C', 'C+', 'C<', 'C>', 'C#'].filter((corner) => !corners.includes(corner)),
    [],
  )
})

const model = /```xml\n([\s\S]*?)```\n\n(\| with[\s\S]*?)\n\n/.exec(page)
for (const [variables = '', expected = ''] of rowsOf(model?.[2] ?? '', 'with'))
  test(`standard: types with ${variables}`, () => {
    assertGives(compileDecisions(model![1]!), variables, expected, 'standard')
  })

for (const [cell, refused] of rowsOf(page, 'a cell'))
  test(`a cell '${cell}' is ${refused === '' ? 'none that is' : ''} refused`, () => {
    const file = fileOf([
      ['U', 'importo', '**o**'],
      ['1', cell!, '1'],
    ])
    const compiled = compileDecisions(file, { dialect: 'camunda' })
    assert.equal(compiled.ok ? '' : compiled.message.replace(/^- /, ''), refused)
    assert.ok(compileDecisions(file, { dialect: 'standard' }).ok)
  })

for (const { command, printed } of shellBlocksOf(page).filter(({ command }) => command.startsWith('npm run')))
  test(`${command.split('\n')[0]} prints what stands below it`, async () => {
    const { stdout, status } = await shell(command)
    assert.deepEqual([status, stdout], [0, printed])
  })

test('the requests are answered', async (t) => {
  const { ports, close } = await startInMemory()
  t.after(close)
  const answers: string[] = []
  for (const command of commandsIn(page, ports.rest)) {
    const { stdout, status } = await shell(command)
    assert.equal(status, 0, command)
    answers.push(stdout)
  }
  const { output, evaluatedDecisions } = JSON.parse(answers.at(-1)!)
  assert.equal(output, '2.88')
  assert.equal(evaluatedDecisions[0].matchedRules[0].ruleIndex, 2)
})
