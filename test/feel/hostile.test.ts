/**
 * Texts that nobody should write (hostile-expressions.ts). Each ends in a fault, a failure or a value, having spent the same number of
 * steps every time and no more than there are; what leaves can be written as JSON. How long a step takes is not a test's to say:
 * `bench:feel -- --hostile`.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  compileDecisions,
  compileExpression,
  compileUnaryTests,
  evaluate,
  fromJson,
  isContext,
  type Outcome,
  STEPS,
  toJson,
  type Value,
} from '../../engine/feel/index.ts'
import { type Hostile, hostile } from './hostile-expressions.ts'

/** A value within the budget is no longer than this as JSON. */
const JSON_MAX = 64 * 2 ** 20

const times = (count: number, part: string): string => part.repeat(count)
const nested = (count: number, open: string, core: string, close: string): string =>
  times(count, open) + core + times(count, close)

const values = new Map<string, Value>()
function valuesOf(json: string): Value {
  const known = values.get(json) ?? fromJson(json)
  values.set(json, known)
  return known
}

/** Null where the text is no FEEL. */
function outcomeOf({ source, dialect, json }: Hostile): Outcome | null {
  const compiled = compileExpression(source, dialect)
  if (!compiled.ok) {
    assert.ok(compiled.fault.message.length > 0)
    return null
  }
  const variables = valuesOf(json)
  return evaluate(compiled.expression, {
    lookup: (name) => (isContext(variables) ? variables.get(name) : undefined),
    now: 0,
    random: () => 0.5,
  })
}

const answered = (outcome: Outcome | null): string =>
  outcome === null ? 'no FEEL' : `${outcome.spent} steps: ${outcome.ok ? toJson(outcome.value) : outcome.message}`

test('there are many of them, and no two alike', () => {
  assert.ok(hostile.length >= 200)
  assert.equal(new Set(hostile.map(({ name }) => name)).size, hostile.length)
})

for (const one of hostile)
  test(`${one.name} ends`, () => {
    const outcome = outcomeOf(one)
    if (outcome?.ok) assert.ok(outcome.spent <= STEPS)
    const answer = answered(outcome)
    assert.ok(answer.length < JSON_MAX)
    assert.equal(answered(outcomeOf(one)), answer)
  })

test('nothing of the host is reached by any name', () => {
  for (const one of hostile.filter(({ name }) => name.startsWith('prototype'))) {
    const outcome = outcomeOf(one)
    if (outcome !== null)
      assert.match(answered(outcome), /^\d+ steps: (?:[[\]{}",:1null_a-zA-Z]*|Expected .*)$/, one.name)
  }
  assert.equal(Object.hasOwn(Object.prototype, 'constructor') && Object.keys(Object.prototype).length, 0)
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
