/** Decision models of one decision `d`, and rows of them with what they answer, in the standard dialect. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileDecisions, evaluateDecision, toJson } from '../../engine/feel/index.ts'
import { decision, file, literal, takes } from './dmn-file.ts'
import { evaluationOf } from './evaluation.ts'

/** Of the decision `d`, as JSON; or why it failed. */
function resultOf(content: string, inputs: string): string {
  const compiled = compileDecisions(file(content, ''))
  assert.ok(compiled.ok, compiled.ok ? '' : compiled.message)
  const { output, failure } = evaluateDecision(compiled.model, 'd', evaluationOf(inputs))
  return failure?.message ?? toJson(output, 'standard')
}
export type Row = readonly [what: string, content: string, inputs: string, result: string]
export function check(rows: readonly Row[]): void {
  for (const [what, content, inputs, result] of rows)
    test(what, () => {
      if (result.startsWith('/')) assert.match(resultOf(content, inputs), new RegExp(result.slice(1, -1)))
      else assert.equal(resultOf(content, inputs), result)
    })
}

export const d = (body: string, typeRef = ''): string =>
  decision('d', `<variable name="d"${typeRef === '' ? '' : ` typeRef="${typeRef}"`}/>${body}`)
export const item = (name: string, inner: string, attributes = ''): string =>
  `<itemDefinition name="${name}" ${attributes}>${inner}</itemDefinition>`
export const base = (type: string, constraint = ''): string => `<typeRef>${type}</typeRef>${constraint}`
export const allows = (tests: string): string => `<allowedValues><text>${tests}</text></allowedValues>`
export const COLLECTION = 'isCollection="true"'
export const input = (name: string, typeRef = 'Any'): string =>
  `<inputData id="${name}" name="${name}"><variable name="${name}" typeRef="${typeRef}"/></inputData>`
/** The decision that answers its typed input x. */
export const echo = (typeRef: string, text = 'x'): string => input('x', typeRef) + d(takes('x') + literal(text))

export const entry = (name: string, body: string): string =>
  `<contextEntry><variable name="${name}"/>${body}</contextEntry>`
export const context = (...entries: readonly string[]): string => `<context>${entries.join('')}</context>`
export const answer = (text: string): string => `<contextEntry>${literal(text)}</contextEntry>`
