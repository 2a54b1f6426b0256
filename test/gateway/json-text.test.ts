import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  JSON_DEPTH_MAX,
  JsonText,
  memberText,
  objectText,
  withVariablesAsText,
  writeJson,
} from '../../engine/gateway/json-text.ts'

const nested = (depth: number) => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`

test('the text of an object is handed on unchanged', () => {
  for (const text of ['{"n":100000000000000000000.10}', '{ "a" : 1.0 }', '{"a":1,"a":2}', nested(JSON_DEPTH_MAX)]) {
    assert.equal(objectText(text), text)
  }
})

test('nothing means the empty object', () => {
  for (const text of [undefined, '', ' \n', 'null']) assert.equal(objectText(text), '{}')
})

const refused: Readonly<Record<string, string>> = {
  'a list': '[1]',
  'a number': '1',
  'a text': '"{}"',
  'no JSON': '{a:1}',
  'two values': '{} {}',
  'a raw NUL': '{"a":"\0"}',
  'nesting beyond the bound': nested(JSON_DEPTH_MAX + 1),
  'deep nesting': `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`,
  'very deep nesting': '['.repeat(1_000_000),
}
for (const [what, text] of Object.entries(refused)) {
  test(`${what} is refused without repeating it`, () => {
    assert.throws(
      () => objectText(text),
      (error: Error & { status?: string }) => {
        return error.status === 'INVALID_ARGUMENT' && error.message.length < 120
      },
    )
  })
}

test('brackets in text are not depth', () => {
  const text = JSON.stringify({ a: '['.repeat(500), b: '\\"[{' })
  assert.equal(objectText(text), text)
})

const members: readonly (readonly [text: string, found: string | undefined])[] = [
  ['{"variables":{"n":10000000000000000001}}', '{"n":10000000000000000001}'],
  ['{"a":{"variables":1},"variables" : {"x":[1,{"variables":2}]} , "z":0}', '{"x":[1,{"variables":2}]}'],
  ['{"variables":1,"variables":2}', '2'],
  ['{"v\\u0061riables":"}\\"{"}', '"}\\"{"'],
  ['{"other":"variables"}', undefined],
  ['{}', undefined],
]
for (const [text, found] of members) {
  test(`the member of ${text} is ${found}`, () => assert.equal(memberText(text, 'variables'), found))
}

test('written JSON keeps texts and leaves out what is not there', () => {
  const value = { a: new JsonText('{"n":1.10}'), b: undefined, c: [null, 'x"', new JsonText('1e400')], d: {} }
  assert.equal(writeJson(value), '{"a":{"n":1.10},"c":[null,"x\\"",1e400],"d":{}}')
})

test('objects called variables stay text, digit by digit, wherever they lie', () => {
  const kept = (text: string) => writeJson(withVariablesAsText(JSON.parse(text), text))
  for (const text of [
    '{"variables":{"n":10000000000000000001}}',
    '{"elements":[{"elementId":"a","variables":{"n":1.10}},{"elementId":"b"}],"variables":[1]}',
    '{"result":{"activateElements":[ {"variables" : {"a":{"variables":{"n":1e400}}}} ]}}',
    '[{"variables":{}},[],{},1]',
  ])
    assert.equal(kept(text), text.replaceAll(/ (?=[:{}\]])|(?<=[:[]) /g, ''))
})
