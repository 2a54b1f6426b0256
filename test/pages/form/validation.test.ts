/** One line an entry: component, what was typed, the variables that result or the fault. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { submissionOf } from '../../../forms/server/form/data.ts'
import { typedIn, withRowPressed } from '../../../forms/server/form/typed.ts'
import { validate } from '../../../forms/server/form/validate.ts'
import { filled } from './filled.ts'

const values = [
  { label: 'Uno', value: 'UNO' },
  { label: 'Due', value: 'DUE' },
]
const text = { type: 'textfield', key: 'x' }
const number = { type: 'number', key: 'x' }
const date = { type: 'datetime', key: 'x', subtype: 'date' }

type Case = readonly [component: Readonly<Record<string, unknown>>, typed: unknown, expected: string]

/** `!kind` is a fault; else the JSON text of the value. */
const entries: readonly Case[] = [
  [text, ' Mario ', '"Mario"'],
  [text, 'a\tb\nc\u0000', '"a b c"'],
  [{ ...text, validate: { required: true } }, '   ', '!required'],
  [{ ...text, validate: { minLength: 3 } }, '', '""'],
  [{ ...text, validate: { minLength: 3 } }, 'ab', '!minLength'],
  [{ ...text, validate: { maxLength: 3 } }, 'abcd', '!maxLength'],
  [{ ...text, validate: { maxLength: '=1 + 2' } }, 'abcd', '!maxLength'],
  [text, 'x'.repeat(2_001), '!maxLength'],
  [{ ...text, validate: { pattern: '^[0-9]*$' } }, '12a', '!pattern'],
  [{ ...text, validate: { pattern: '[0-9]' } }, 'a1b', '"a1b"'],
  [{ ...text, validate: { pattern: '^(a+)+$' } }, `${'a'.repeat(1_000)}!`, '!pattern'],
  [{ ...text, validate: { validationType: 'email' } }, 'mario.rossi@posta.example', '"mario.rossi@posta.example"'],
  [{ ...text, validate: { validationType: 'email' } }, 'mario@posta', '!email'],
  [{ ...text, validate: { validationType: 'email' } }, 'a@b.it, c@d.it', '!email'],
  [{ ...text, validate: { validationType: 'phone' } }, '333 1234567', '"+393331234567"'],
  [{ ...text, validate: { validationType: 'phone' } }, '0039 06 123456', '"+3906123456"'],
  [{ ...text, validate: { validationType: 'phone' } }, '12', '!phone'],
  [{ type: 'textarea', key: 'x' }, 'uno\r\ndue', '"uno\\ndue"'],
  [number, '12,5', '12.5'],
  [number, '1.234,5', '1234.5'],
  [number, '1.234', '!ambiguousNumber'],
  [number, '1.234.567', '1234567'],
  [number, '12345678901234567890123456789012', '12345678901234567890123456789012'],
  [number, '0,1', '0.1'],
  [number, 'dodici', '!number'],
  [number, '', 'null'],
  [{ ...number, validate: { required: true } }, '0', '0'],
  [{ ...number, serializeToString: true }, '007,50', '"7.5"'],
  [{ ...number, validate: { min: 1, max: 3 } }, '4', '!max'],
  [{ ...number, validate: { min: '=2 * 2' } }, '3', '!min'],
  [{ ...number, decimalDigits: 0 }, '1,5', '!decimals'],
  [{ ...number, increment: 0.1 }, '0,3', '0.3'],
  [{ ...number, increment: 0.1 }, '0,35', '!increment'],
  [{ type: 'checkbox', key: 'x' }, ['', 'true'], 'true'],
  [{ type: 'checkbox', key: 'x', validate: { required: true } }, '', '!confirm'],
  [date, '2027-02-28', '"2027-02-28"'],
  [date, '28/02/2027', '"2027-02-28"'],
  [date, '30/02/2027', '!date'],
  [{ ...date, disallowPassedDates: true }, '2027-02-28', '!pastDate'],
  [{ ...date, subtype: 'datetime' }, ['2027-03-28', '01:30'], '"2027-03-28T01:30+01:00"'],
  [{ ...date, subtype: 'datetime' }, ['2027-03-28', '02:30'], '!time'],
  [{ ...date, subtype: 'time', timeSerializingFormat: 'no_timezone', timeInterval: 15 }, '10:20', '!minutes'],
  [{ type: 'radio', key: 'x', values }, 'DUE', '"DUE"'],
  [{ type: 'radio', key: 'x', values }, 'TRE', '!option'],
  [{ type: 'select', key: 'x', values, validate: { required: true } }, '', '!choose'],
  [{ type: 'select', key: 'x', valuesExpression: '=[1, {value: {a: 2}}]' }, '{"a":2}', '{"a":2}'],
  [{ type: 'checklist', key: 'x', values }, ['', 'DUE', 'UNO'], '["UNO","DUE"]'],
  [{ type: 'checklist', key: 'x', values }, ['', 'TRE'], '!option'],
  [{ type: 'taglist', key: 'x', values, validate: { required: true } }, '', '!choose'],
]

for (const [component, typed, expected] of entries) {
  test(`${JSON.stringify(component).slice(0, 90)} ← ${JSON.stringify(typed).slice(0, 40)}`, () => {
    const nodes = filled([component], '{}', { x: typed })
    const fault = validate(nodes).get('x')
    assert.equal(
      fault ? `!${fault.kind}` : submissionOf(nodes),
      expected.startsWith('!') ? expected : `{"x":${expected}}`,
    )
  })
}

test('a paper at the counter may lack what is required, but nothing may be wrong', () => {
  const nodes = filled(
    [
      { ...text, validate: { required: true } },
      { ...number, key: 'n' },
    ],
    '{}',
    { x: '', n: 'zero' },
  )
  assert.deepEqual([...validate(nodes, { requires: false }).keys()], ['n'])
})

test('readonly, disabled, certified and computed fields keep their value whatever is posted', () => {
  const nodes = filled(
    [
      { type: 'textfield', key: 'a', readonly: true },
      { type: 'textfield', key: 'b', disabled: true },
      { type: 'textfield', key: 'c', properties: { source: 'spid' } },
      { type: 'expression', key: 'd', expression: '=a + c' },
    ],
    '{"a":"1","b":"2","c":"3"}',
    { a: 'x', b: 'x', c: 'x', d: 'x', e: 'x' },
    ['spid'],
  )
  assert.equal(submissionOf(nodes), '{"a":"1","c":"3","d":"13"}')
})

test('a hidden field is neither judged nor sent, and for expressions has its stored value', () => {
  const components = [
    { type: 'checkbox', key: 'estero' },
    { type: 'textfield', key: 'stato', conditional: { hide: '=not(estero)' }, validate: { required: true } },
    { type: 'expression', key: 'e', expression: '=stato' },
  ]
  const hidden = filled(components, '{"stato":"Francia"}', { estero: '', stato: 'Spagna' })
  assert.equal(validate(hidden).size, 0)
  assert.equal(submissionOf(hidden), '{"estero":false,"e":"Francia"}')
  assert.equal(
    submissionOf(filled(components, '{}', { estero: ['', 'true'], stato: 'Spagna' })),
    '{"estero":true,"stato":"Spagna","e":"Spagna"}',
  )
})

const condition = (hide: string, data: string) =>
  filled([{ type: 'textfield', key: 'x', conditional: { hide } }], data)[0]!.isHidden

for (const [hide, data, isHidden] of [
  ['=flag', '{}', true],
  ['=flag', '{"flag":null}', true],
  ['=flag', '{"flag":false}', false],
  ['=n > 3', '{}', true],
  ['=not(flag)', '{}', false],
  ['=not(flag)', '{"flag":false}', true],
  ['=not(x = "A")', '{}', true],
  ['=flag != true', '{}', true],
  ['=flag = true', '{}', false],
  ['=x.y = 1', '{}', false],
  ['=1', '{}', false],
  ['=)', '{}', false],
  ['true', '{}', false],
] as const) {
  test(`hide ${hide} with ${data} ${isHidden ? 'hides' : 'shows'}`, () => assert.equal(condition(hide, data), isHidden))
}

const list = {
  type: 'dynamiclist',
  path: 'o.persone',
  defaultRepetitions: 0,
  components: [
    { type: 'textfield', key: 'nome', id: 'n', validate: { required: true } },
    { type: 'textfield', key: 'gradi', id: 'g', conditional: { hide: '=not(this.nome = "Ugo")' } },
  ],
}

test('rows: each is judged by its own values, and an emptied list is sent empty', () => {
  const nodes = filled([list], '{}', {
    'o.persone[]': '2',
    'o.persone[0].nome': 'Ugo',
    'o.persone[0].gradi': '1',
    'o.persone[1].nome': '',
  })
  assert.deepEqual([...validate(nodes).keys()], ['o.persone[1].nome'])
  assert.equal(submissionOf(nodes), '{"o":{"persone":[{"nome":"Ugo","gradi":"1"},{"nome":""}]}}')
  assert.equal(
    submissionOf(filled([list], '{"o":{"persone":[{"nome":"A"}]}}', { 'o.persone[]': '0' })),
    '{"o":{"persone":[]}}',
  )
})

test('a press adds a row at the end or takes one out of the middle; the others keep their texts', () => {
  const posted = { 'l[]': '3', 'l[0].a': 'x', 'l[1].a': 'y', 'l[2].a': 'z' }
  const added = withRowPressed(typedIn({ ...posted, riga: '+l' }))!
  assert.deepEqual(added.get('l[]'), ['4'])
  const removed = withRowPressed(typedIn({ ...posted, riga: '-l[1]' }))!
  assert.deepEqual(
    [removed.get('l[]'), removed.get('l[0].a'), removed.get('l[1].a'), removed.get('l[2].a')],
    [['2'], ['x'], ['z'], undefined],
  )
  assert.equal(withRowPressed(typedIn(posted)), null)
})

test('a list never has more than a hundred rows, whatever a page says', () => {
  assert.equal(JSON.parse(submissionOf(filled([list], '{}', { 'o.persone[]': '9999' }))).o.persone.length, 100)
})

test('names of prototypes are names like any other', () => {
  const nodes = filled(
    [
      { type: 'textfield', key: '__proto__.x' },
      { type: 'textfield', key: 'constructor' },
    ],
    '{}',
    JSON.parse('{"__proto__.x":"a","constructor":"b"}'),
  )
  assert.equal(submissionOf(nodes), '{"__proto__":{"x":"a"},"constructor":"b"}')
  assert.equal(({} as Record<string, unknown>).x, undefined)
})

test('computed values come to rest whatever their order, and a circle ends', () => {
  const chain = ['a', 'b', 'c', 'd'].map((key, index, keys) => ({
    type: 'expression',
    key,
    expression: `=${keys[index + 1] ?? 'start'} + 1`,
  }))
  assert.equal(submissionOf(filled(chain, '{"start":1}')), '{"a":5,"b":4,"c":3,"d":2}')
  filled([{ type: 'expression', key: 'a', expression: '=if a = null then 1 else a + 1' }])
})
