/** What a diagram names exists: forms, decisions, called processes, workers, throwers of errors, offices. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isStringLiteral } from 'typescript/unstable/ast/is'
import { isA, many, one, text } from '../../processes/diagram.ts'
import { loadTown } from '../../processes/town.ts'
import { filesLike, nodesOf, sources, textOf } from '../house/sources.ts'
import { diagrams, everyElement, extensions } from './diagrams.ts'

function nothingMissing(used: readonly string[], existing: ReadonlySet<string>): void {
  assert.ok(used.length > 0, 'nothing was looked at')
  assert.deepEqual([...new Set(used)].filter((name) => !existing.has(name)).sort(), [])
}
/** One attribute of one Zeebe extension, wherever it is set to a fixed value. */
const named = (extension: string, attribute: string): string[] =>
  everyElement
    .flatMap(({ element }) => extensions(element, extension))
    .map((found) => text(found, attribute))
    .filter((value) => value !== '' && !value.startsWith('='))

const rootElements = diagrams.flatMap(({ definitions }) => many(definitions, 'rootElements'))
const spokenByWorkers = new Set(
  sources
    .filter(({ path }) => path.startsWith('workers/'))
    .flatMap(({ ast }) => [...nodesOf(ast)].filter(isStringLiteral))
    .map((literal) => literal.text),
)

test('every form that a task or start names is in forms/', () => {
  const forms = filesLike('forms/*.form').map((path) => JSON.parse(textOf(path)) as { readonly id: string })
  nothingMissing(named('FormDefinition', 'formId'), new Set(forms.map(({ id }) => id)))
})

test('a form lies in the file named after it', () => {
  const wrong = filesLike('forms/*.form').filter((path) => JSON.parse(textOf(path)).id !== path.slice(6, -5))
  assert.deepEqual(wrong, [])
})

test('every decision that a task names is in a table', () => {
  const tables = filesLike('processes/**/*.dmn').map(textOf)
  const decisions = tables.flatMap((xml) => [...xml.matchAll(/<decision id="([^"]+)"/g)].map(([, id]) => id!))
  nothingMissing(named('CalledDecision', 'decisionId'), new Set(decisions))
})

test('every called process is delivered', () => {
  const processes = rootElements.filter((element) => isA(element, 'Process')).map(({ id }) => id!)
  nothingMissing(named('CalledElement', 'processId'), new Set(processes))
})

test('every job type has a worker', () => {
  nothingMissing(named('TaskDefinition', 'type'), spokenByWorkers)
})

test('every error that is caught is thrown, by an end event or a worker', () => {
  const codes = (isThrown: boolean): string[] =>
    everyElement
      .filter(({ element }) => isA(element, 'ThrowEvent') === isThrown)
      .flatMap(({ element }) => many(element, 'eventDefinitions'))
      .filter((definition) => isA(definition, 'ErrorEventDefinition'))
      .map((definition) => text(one(definition, 'errorRef')!, 'errorCode'))
  nothingMissing(codes(false), new Set([...codes(true), ...spokenByWorkers]))
})

test('every candidate group is an office of the sample town', async () => {
  const { uffici } = await loadTown()
  nothingMissing(named('AssignmentDefinition', 'candidateGroups'), new Set(uffici.map(({ gruppo }) => gruppo)))
})

test('job types, messages and errors are named as the register of names says', () => {
  const messages = rootElements.filter((element) => isA(element, 'Message')).map((element) => text(element, 'name'))
  const errors = rootElements.filter((element) => isA(element, 'Error')).map((element) => text(element, 'errorCode'))
  const names = [...named('TaskDefinition', 'type'), ...messages]
  assert.deepEqual(
    names.filter((name) => !/^[a-z]+\.[a-z]+(-[a-z]+)*$/.test(name)),
    [],
  )
  assert.deepEqual(
    errors.filter((code) => !/^[A-Z]+(_[A-Z]+)*$/.test(code)),
    [],
  )
})
