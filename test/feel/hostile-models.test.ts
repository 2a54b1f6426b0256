/** Decision models that would go on for ever, or deeper than any stack: each is refused or fails with a reason. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileDecisions, evaluateDecision, IMPORTS_MAX } from '../../engine/feel/index.ts'
import { decision, file, knows, literal, requires } from './dmn-file.ts'
import { evaluationOf } from './evaluation.ts'

const LONG = 3_000
const numbers = Array.from({ length: LONG }, (_none, at) => at)
const bkm = (id: string, text: string, required: string): string =>
  `<businessKnowledgeModel id="${id}" name="${id}"><encapsulatedLogic>${literal(text)}</encapsulatedLogic>${required}</businessKnowledgeModel>`
const service = (id: string, output: string): string =>
  `<decisionService id="${id}" name="${id}"><outputDecision href="#${output}"/></decisionService>`

const failing: Readonly<Record<string, string>> = {
  'a service whose decision calls it': decision('d', knows('s') + literal('s()')) + service('s', 'd'),
  'a chain of thousands of decisions':
    decision('d', requires('c0') + literal('c0')) +
    numbers
      .map((at) => decision(`c${at}`, at + 1 < LONG ? requires(`c${at + 1}`) + literal(`c${at + 1}`) : literal('1')))
      .join(''),
  'a chain of thousands of knowledge models':
    decision('d', knows('b0') + literal('b0()')) +
    numbers
      .map((at) => (at + 1 < LONG ? bkm(`b${at}`, `b${at + 1}()`, knows(`b${at + 1}`)) : bkm(`b${at}`, '1', '')))
      .join(''),
  'a type that is itself': `<itemDefinition name="A"><typeRef>A</typeRef></itemDefinition>${decision('d', `<variable name="d" typeRef="A"/>${literal('1')}`)}`,
}
for (const [name, content] of Object.entries(failing))
  test(`${name} fails`, () => {
    const compiled = compileDecisions(file(content, ''))
    assert.ok(compiled.ok, compiled.ok ? '' : compiled.message)
    const { failure } = evaluateDecision(compiled.model, 'd', evaluationOf())
    assert.match(failure?.message ?? '', /Expected functions to nest at most/)
  })

test('more imports than a person needs are refused', () => {
  const imports = Array.from({ length: IMPORTS_MAX + 1 }, (_none, at) => `<definitions namespace="m${at}"/>`)
  const compiled = compileDecisions(file(decision('d', literal('1')), ''), { imports })
  assert.ok(!compiled.ok)
  assert.match(compiled.message, /at most 20 imported models/)
})
