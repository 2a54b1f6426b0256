/** What a diagram names exists: forms, decisions, called processes, workers, throwers of errors, offices. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ModdleElement } from 'bpmn-moddle'
import { isStringLiteral } from 'typescript/unstable/ast/is'
import { isA, many, one, text } from '../../processes/diagram.ts'
import { sharedProcesses } from '../../processes/shared-processes.ts'
import { loadTown } from '../../processes/town.ts'
import type { Field } from '../../workers/kit/fields.ts'
import { describedWorkers, everyStep, type Step } from '../../workers/kit/step.ts'
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

test('nothing refers to its own deployment: what is delivered is deployed in portions', () => {
  const bindings = ['FormDefinition', 'CalledDecision', 'CalledElement'].flatMap((each) => named(each, 'bindingType'))
  assert.deepEqual(
    bindings.filter((binding) => binding !== 'latest'),
    [],
  )
})

test('every job type has a worker', () => {
  nothingMissing(named('TaskDefinition', 'type'), spokenByWorkers)
})

const steps: ReadonlyMap<string, Step> = new Map((await everyStep()).map((step) => [step.id, step]))
/** Each element that does a step, with what it assigns and takes: `[where, step, inputs, outputs]`. */
const uses = everyElement.flatMap(({ path, element }) => {
  const named = [...extensions(element, 'TaskDefinition'), ...extensions(element, 'CalledElement')]
  const mappings = extensions(element, 'IoMapping')
  const inputs = mappings.flatMap((mapping) => many(mapping, 'inputParameters'))
  const outputs = mappings.flatMap((mapping) => many(mapping, 'outputParameters'))
  return named.flatMap((what) => {
    const step = steps.get(text(what, 'type') || text(what, 'processId'))
    return step === undefined ? [] : [{ where: `${path}#${element.id}`, what, step, inputs, outputs }]
  })
})
const headOf = (target: string): string => target.split('.')[0]!
const wrongValue = ({ shape }: Field, source: string): boolean =>
  shape.kind === 'choice' && !source.startsWith('=') && !shape.choices.some(({ value }) => value === source)

test('what an element assigns, its job type or called process reads, and a fixed value is one it knows', () => {
  assert.ok(uses.length > 0, 'nothing was looked at')
  const wrong = uses.flatMap(({ where, step, inputs }) =>
    inputs.flatMap((input) => {
      const target = headOf(text(input, 'target'))
      const field = step.inputs.find(({ name }) => name === target)
      if (field === undefined) return [`${where}: ${step.id} reads no ${target}`]
      return wrongValue(field, text(input, 'source')) ? [`${where}: ${target} is no ${text(input, 'source')}`] : []
    }),
  )
  assert.deepEqual(wrong, [])
})

test('what a call activity must be given it is given, and what is taken from it it gives', () => {
  const calls = uses.filter(
    ({ step, what }) => step.kind === 'process' && what.get('propagateAllParentVariables') === false,
  )
  assert.ok(calls.length > 0, 'nothing was looked at')
  const wrong = calls.flatMap(({ where, step, inputs, outputs }) => {
    const given = new Set(inputs.map((input) => headOf(text(input, 'target'))))
    const missing = step.inputs.filter(({ name, isRequired }) => isRequired && !given.has(name))
    const taken = outputs.map((output) => text(output, 'source').match(/^=\s*(\p{L}[\p{L}\p{N}_]*)\s*(?:\.|$)/u)?.[1])
    const unknown = taken.filter((name) => name !== undefined && !step.outputs.some((field) => field.name === name))
    return [
      ...missing.map(({ name }) => `${where}: ${step.id} needs ${name}`),
      ...unknown.map((name) => `${where}: ${step.id} gives no ${name}`),
    ]
  })
  assert.deepEqual(wrong, [])
})

test('the errors of a shared process are those its end events and workers throw to whoever calls it', async () => {
  const workers = await describedWorkers()
  for (const { id, errori } of await sharedProcesses()) {
    const own = diagrams.find(({ definitions }) =>
      many(definitions, 'rootElements').some((element) => element.id === id),
    )
    const outermost = own!.elements.filter(({ $parent }) => $parent !== undefined && isA($parent, 'Process'))
    const codesAt = (elements: readonly ModdleElement[]): string[] =>
      elements
        .flatMap((element) => many(element, 'eventDefinitions'))
        .filter((definition) => isA(definition, 'ErrorEventDefinition'))
        .flatMap((definition) => one(definition, 'errorRef') ?? [])
        .map((error) => text(error, 'errorCode'))
    const boundaryOf = (element: ModdleElement): readonly ModdleElement[] =>
      outermost.filter((other) => isA(other, 'BoundaryEvent') && one(other, 'attachedToRef')?.id === element.id)
    /** One that names no error catches every one. */
    const catchesAll = (element: ModdleElement): boolean =>
      boundaryOf(element)
        .flatMap((event) => many(event, 'eventDefinitions'))
        .some((definition) => isA(definition, 'ErrorEventDefinition') && one(definition, 'errorRef') === undefined)
    const byWorkers = outermost.flatMap((element) => {
      const types = extensions(element, 'TaskDefinition').map((definition) => text(definition, 'type'))
      const codes = workers.filter(({ type }) => types.includes(type)).flatMap(({ errors }) => Object.keys(errors))
      return catchesAll(element) ? [] : codes.filter((code) => !codesAt(boundaryOf(element)).includes(code))
    })
    const thrown = [...codesAt(outermost.filter((element) => isA(element, 'EndEvent'))), ...byWorkers]
    assert.deepEqual([...new Set(thrown)].sort(), Object.keys(errori).sort(), id)
  }
})

test('every error that is caught is thrown, by an end event or a worker', () => {
  const codes = (isThrown: boolean): string[] =>
    everyElement
      .filter(({ element }) => isA(element, 'ThrowEvent') === isThrown)
      .flatMap(({ element }) => many(element, 'eventDefinitions'))
      .filter((definition) => isA(definition, 'ErrorEventDefinition'))
      .flatMap((definition) => one(definition, 'errorRef') ?? [])
      .map((error) => text(error, 'errorCode'))
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
