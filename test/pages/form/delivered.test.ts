/** The delivered forms against the diagrams and decisions that use them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Component } from '../../../forms/server/form/schema.ts'
import { parseForm } from '../../../forms/server/form/schema.ts'
import { filesLike, textOf } from '../../house/sources.ts'

const forms = new Map(
  filesLike('forms/*.form').map((file) => [file.slice('forms/'.length, -'.form'.length), parseForm(textOf(file))]),
)
const diagrams = filesLike('processes/**/*.bpmn').map(textOf).join('\n')
/** Those that a diagram asks, with what they require: a decision that no procedure asks yet has no form that answers it. */
const decisions = filesLike('processes/**/*.dmn')
  .map(textOf)
  .filter((text) => [...text.matchAll(/<decision id="([^"]+)"/g)].some(([, id]) => diagrams.includes(id!)))
  .join('\n')

test('each form that a diagram names exists under its id, and each form is named', () => {
  const named = new Set([...diagrams.matchAll(/formId="([^"]+)"/g)].map(([, id]) => id!))
  assert.deepEqual([...forms.keys()].sort(), [...named].sort())
  for (const [name, form] of forms) assert.equal(form.id, name)
})

function* pathsOf(components: readonly Component[]): Generator<string> {
  for (const component of components) {
    if ('key' in component) yield component.key
    if (component.type === 'dynamiclist') yield component.path
    else if ('components' in component) yield* pathsOf(component.components)
  }
}

const paths = new Set([...forms.values()].flatMap((form) => [...pathsOf(form.components)]))
/** What people enter; the rest of a procedure's variables come from workers and rules. */
const ENTERED = /\b(?:istanza|accertamento|valutazione|preavviso|rinunciaTardiva|verificaVersamento)(?:\.\w+)+/g

test('what conditions and decisions read of an entry is a field of a form', () => {
  const conditions = [...diagrams.matchAll(/<bpmn:conditionExpression[^>]*>([^<]*)</g)].map(([, text]) => text!)
  const read = new Set([conditions.join('\n'), decisions].flatMap((text) => text.match(ENTERED) ?? []))
  assert.ok(read.size > 8)
  // What a called process gives back bears the name of its caller's choice.
  const mapped = new Set([...diagrams.matchAll(/<zeebe:output [^>]*target="([^"]+)"/g)].map(([, target]) => target!))
  assert.deepEqual(
    [...read]
      .filter((path) => !mapped.has(path))
      .filter((path) => ![...paths].some((field) => field === path || field.startsWith(`${path}.`))),
    [],
  )
})

test('no two fields of a form share a place, and none lies inside another', () => {
  for (const [name, form] of forms) {
    const keys = [...pathsOf(form.components)]
    assert.equal(new Set(keys).size, keys.length, name)
    for (const key of keys) assert.ok(!keys.some((other) => other.startsWith(`${key}.`)), `${name}: ${key}`)
  }
})

test('an answer that a condition compares with is an answer that a form offers', () => {
  const offered = new Set([...forms.values()].flatMap((form) => JSON.stringify(form).match(/"value":"[A-Z_]+"/g) ?? []))
  const compared = [...diagrams.matchAll(/(?:esito|decisione) !?= "([A-Z_]+)"/g)].map(([, value]) => value!)
  const decided = new Set(['ASSENTE'])
  assert.deepEqual(
    compared.filter((value) => !decided.has(value) && !offered.has(`"value":"${value}"`)),
    [],
  )
})
