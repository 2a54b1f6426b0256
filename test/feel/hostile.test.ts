/**
 * Texts that nobody should write. Each ends within the budget of steps, in a value or in a failure that says why, and the same
 * way every time. The wall clock is only a coarse net below.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  compileDecisions,
  compileExpression,
  compileUnaryTests,
  evaluate,
  fromJson,
  toJson,
} from '../../engine/feel/index.ts'
import { evaluationOf } from './evaluation.ts'

/** Generous, because machines are slow at times; what is hung takes for ever. */
const MILLISECONDS_MAX = 2_000

const times = (count: number, part: string): string => part.repeat(count)
const nested = (count: number, open: string, core: string, close: string): string =>
  times(count, open) + core + times(count, close)

const hostile: Readonly<Record<string, string>> = {
  'a range without end': 'count(for i in 1..1000000000000 return i)',
  'a filter over a cartesian product': 'for a in 1..1000, b in 1..1000, c in 1..1000 return a + b + c',
  'a quantifier that never settles': 'some a in 1..10000, b in 1..10000 satisfies a + b < 0',
  'growing partial results': 'for i in 1..100000 return count(partial)',
  'nested partial results': 'for i in 1..40 return partial',
  'doubling a text': nested(40, 'string join([', '"ab"', ',"x"])').replaceAll(',"x"', ',"y"'),
  'doubling by contexts': `{a: "xxxxxxxxxx", ${Array.from({ length: 60 }, (_n, i) => `b${i}: ${i === 0 ? 'a + a' : `b${i - 1} + b${i - 1}`}`).join(', ')}}`,
  'doubling a list': `{a: [1], ${Array.from({ length: 60 }, (_n, i) => `b${i}: concatenate(${i === 0 ? 'a, a' : `b${i - 1}, b${i - 1}`})`).join(', ')}}.b59`,
  'a tree that shares its branches': `{a: [1], ${Array.from({ length: 60 }, (_n, i) => `b${i}: ${i === 0 ? '[a, a]' : `[b${i - 1}, b${i - 1}]`}`).join(', ')}, t: string(b59)}`,
  'comparing shared branches': `{a: [1], ${Array.from({ length: 60 }, (_n, i) => `b${i}: ${i === 0 ? '[a, a]' : `[b${i - 1}, b${i - 1}]`}`).join(', ')}, t: b59 = flatten(b59)}`,
  'a function that calls itself': '{f: function(g, n) g(g, n), r: f(function(h, n) h(h, n + 1), 0)}',
  'functions that call each other deeply':
    '{y: function(f, n) if n = 0 then 0 else f(f, n - 1), r: y(function(f, n) if n = 0 then 0 else f(f, n - 1), 100000)}',
  'a power of powers': '9 ** 9 ** 9 ** 9',
  'a great power': '1.0000001 ** 999999999',
  'many powers': 'for i in 1..100000 return 1.0000001 ** 99999999',
  'a long division': 'for i in 1..100000 return 1 / 3 / 7 / 11',
  'a sort that lies': 'sort(for i in 1..5000 return i, function(x, y) true)',
  'a sort that is slow': 'sort(for i in 1..2000 return i, function(x, y) count(for j in 1..1000 return j) > 0)',
  'distinct contexts': 'distinct values(for i in 1..5000 return {a: i})',
  duplicates: 'duplicate values(for i in 1..5000 return i)',
  'an index in an index': nested(200, 'l[', '1', ']'),
  'filters in filters': nested(20, '[1,2,3][', 'item > 0 and true', ']'),
  'a catastrophic pattern': `matches("${times(40, 'a')}b", "^(a+)+$")`,
  'alternatives that overlap': `matches("${times(40, 'a')}b", "^(a|a)*$")`,
  'nested quantifiers': `matches("${times(30, 'a')}", "(((a*)*)*)*b")`,
  'quadratic search': `matches("${times(20_000, 'a')}", "a*a*a*b")`,
  'back-references': `matches("${times(60, 'ab')}", "(.*)(.*)(.*)\\\\1\\\\2\\\\3x")`,
  'a group over a long text': `matches("${times(20_000, 'ab')}", "(ab)*c")`,
  'counted quantifiers': `matches("${times(100, 'a')}", "((a{1,100}){1,100}){1,100}b")`,
  'replacing everything': `replace("${times(20_000, 'a')}", "a", "${times(200, 'b')}")`,
  'splitting everywhere': `split("${times(20_000, 'a')}", "")`,
  'deep brackets': nested(20_000, '(', '1', ')'),
  'open brackets': times(60_000, '['),
  'deep lists': nested(5_000, '[', '1', ']'),
  'deep contexts': nested(3_000, '{a: ', '1', '}'),
  'deep conditions': `${times(3_000, 'if true then ')}1`,
  'deep functions': nested(3_000, 'function(x) ', 'x', ''),
  'deep calls': nested(4_000, 'not(', 'true', ')'),
  'minus signs': `${times(30_000, '- ')}1`,
  'a long sum': `1${times(20_000, ' + 1')}`,
  'a long comparison': `1${times(10_000, ' < 1')}`,
  'a long path': `a${times(20_000, '.a')}`,
  'a long name': times(30_000, 'a '),
  'many names': `{${Array.from({ length: 4_000 }, (_n, i) => `key ${i}: 1`).join(', ')}}`,
  'an open string': `"${times(60_000, 'a')}`,
  'an open comment': `/* ${times(60_000, '*')}`,
  'broken intervals': times(10_000, '[1..'),
  'broken quantifiers': times(5_000, 'some x in '),
  'a text beyond the bound': times(70_000, '1+'),
  'a great number': `${times(6_000, '9')} * ${times(6_000, '9')}`,
  'a number beyond decimal128': '10 ** 7000',
  'a great duration': 'duration("P999999999999D") * 999999999999999',
  'a date beyond the calendar': 'date("9999-12-31") + duration("P999999999Y")',
  'prototype names':
    '[{}.__proto__, {}.constructor, "".length, [].map, constructor, __proto__, toString, hasOwnProperty]',
  'a context of prototype names': '{__proto__: 1, constructor: 2, toString: 3, valueOf: 4}',
  'prototype functions': 'constructor("return process")()',
  'prototype of a function': '(function(x) x).constructor',
  'properties of a date': '@"2024-01-01".constructor',
}

function answer(source: string): string {
  const compiled = compileExpression(source)
  if (!compiled.ok) return `no FEEL: ${compiled.fault.message}`
  const outcome = evaluate(compiled.expression, evaluationOf('{"l":[1,2,3]}'))
  return outcome.ok ? `value ${JSON.stringify(outcome.warnings.length)}` : outcome.message
}

for (const [name, source] of Object.entries(hostile))
  test(`${name} ends`, () => {
    const start = performance.now()
    const first = answer(source)
    assert.ok(performance.now() - start < MILLISECONDS_MAX, `took ${performance.now() - start} ms`)
    assert.equal(answer(source), first)
  })

test('no name reaches what JavaScript has under it', () => {
  const compiled = compileExpression(hostile['prototype names']!)
  assert.ok(compiled.ok)
  const outcome = evaluate(compiled.expression, evaluationOf())
  assert.ok(outcome.ok)
  assert.equal(toJson(outcome.value), '[null,null,null,[],null,null,null,null]')
})

test('hostile unary tests end', () => {
  for (const source of [
    times(20_000, '1,'),
    nested(5_000, 'not(', '1', ')'),
    times(20_000, '> '),
    `1${times(10_000, ',1')}`,
  ])
    assert.equal(typeof compileUnaryTests(source).ok, 'boolean')
})

test('JSON that nests too deeply is refused, not a crash', () => {
  assert.throws(() => fromJson(nested(100_000, '[', '', ']')), /levels/)
})

const decisions: Readonly<Record<string, string>> = {
  'an entity bomb': '<!DOCTYPE d [<!ENTITY a "b">]><definitions/>',
  'no XML': '<definitions',
  'another vocabulary': '<process/>',
  'deep elements': nested(1_000, '<a>', '', '</a>'),
  'a circle': `<definitions id="d"><decision id="a"><informationRequirement><requiredDecision href="#a"/></informationRequirement>
    <literalExpression><text>1</text></literalExpression></decision></definitions>`,
  'a broken cell': `<definitions id="d" executionPlatform="Camunda Cloud"><decision id="a"><decisionTable><input label="x"><inputExpression><text>x</text></inputExpression></input>
    <output name="o"/><rule id="r"><inputEntry><text>&gt; &gt;</text></inputEntry><outputEntry><text>1</text></outputEntry></rule></decisionTable></decision></definitions>`,
}
for (const [name, xml] of Object.entries(decisions))
  test(`${name} is refused with a reason`, () => {
    const compiled = compileDecisions(xml)
    assert.ok(!compiled.ok)
    assert.ok(compiled.message.length > 10)
    if (name === 'a broken cell') assert.match(compiled.message, /Decision 'a', rule 1 'r', input 'x'/)
  })
