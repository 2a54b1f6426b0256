/** Decision models: hit policies, boxed expressions, requirements, dialects, and where a fault is. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  compileDecisions,
  type DecisionModel,
  type DecisionOutcome,
  evaluateDecision,
  evaluateInvocable,
  fromJson,
  toJson,
} from '../../engine/feel/index.ts'
import { CLOUD, decision, file, knows, literal, requires, table, takes } from './dmn-file.ts'
import { evaluationOf } from './evaluation.ts'

function modelOf(content: string, platform = CLOUD): DecisionModel {
  const compiled = compileDecisions(file(content, platform))
  assert.ok(compiled.ok, compiled.ok ? '' : compiled.message)
  return compiled.model
}
const decide = (content: string, id: string, variables = '{}', platform = CLOUD): DecisionOutcome =>
  evaluateDecision(modelOf(content, platform), id, evaluationOf(variables))

const one = '<output id="o" name="o"/>'
const rules = [
  ['> 1', '1'],
  ['> 2', '2'],
  ['> 3', '2'],
] as const

const policies: readonly (readonly [attributes: string, result: string])[] = [
  ['hitPolicy="FIRST"', '1'],
  ['hitPolicy="RULE ORDER"', '[1,2,2]'],
  ['hitPolicy="COLLECT"', '[1,2,2]'],
  ['hitPolicy="COLLECT" aggregation="SUM"', '5'],
  ['hitPolicy="COLLECT" aggregation="COUNT"', '3'],
  ['hitPolicy="COLLECT" aggregation="MIN"', '1'],
  ['hitPolicy="COLLECT" aggregation="MAX"', '2'],
]
for (const [attributes, result] of policies)
  test(`a table with ${attributes}`, () => {
    const outcome = decide(decision('d', table(attributes, rules, one)), 'd', '{"x":5}')
    assert.equal(toJson(outcome.output), result)
  })

test('UNIQUE and ANY fail where several rules answer', () => {
  for (const policy of ['UNIQUE', 'ANY']) {
    const { failure } = decide(decision('d', table(`hitPolicy="${policy}"`, rules, one)), 'd', '{"x":5}')
    assert.match(failure?.message ?? '', new RegExp(`^Expected to evaluate decision 'd', but .* ${policy} hit policy`))
  }
})

test('PRIORITY and OUTPUT ORDER follow the output values', () => {
  const ordered = '<output id="o" name="o"><outputValues><text>"a","b"</text></outputValues></output>'
  const both = [
    ['> 1', '"b"'],
    ['> 2', '"a"'],
  ] as const
  const answered = (policy: string): string =>
    toJson(decide(decision('d', table(`hitPolicy="${policy}"`, both, ordered)), 'd', '{"x":5}').output)
  assert.equal(answered('PRIORITY'), '"a"')
  assert.equal(answered('OUTPUT ORDER'), '["a","b"]')
})

test('several outputs are a context, and defaults answer where no rule does', () => {
  const two = `${one}<output id="p" name="p"><defaultOutputEntry><text>0</text></defaultOutputEntry></output>`
  const content = decision('d', table('', [['> 1', '1', '"y"']], two))
  assert.equal(toJson(decide(content, 'd', '{"x":5}').output), '{"o":1,"p":"y"}')
  assert.equal(toJson(decide(content, 'd', '{"x":0}').output), '0')
})

test('cells: lists, not, dash, intervals and expressions with the input', () => {
  const cells = ['1, 2', 'not(3)', '-', '[1..2]', '? * 2 = 4', '', 'count([?]) = 1', '"a", null']
  const found = cells.map((cell) => decide(decision('d', table('', [[cell, '1']], one)), 'd', '{"x":2}').output)
  assert.deepEqual(found, [1, 1, 1, 1, 1, 1, 1, null])
})

test('boxed expressions: context, list, relation, invocation, business knowledge', () => {
  const parameters = '<formalParameter name="a"/><formalParameter name="b"/>'
  const content = `
    <businessKnowledgeModel id="k" name="add"><encapsulatedLogic>${parameters}${literal('a + b')}</encapsulatedLogic></businessKnowledgeModel>
    ${decision('invoked', `${knows('k')}<invocation>${literal('add')}<binding><parameter name="a"/>${literal('x')}</binding><binding><parameter name="b"/>${literal('1')}</binding></invocation>`)}
    ${decision('called', `${knows('k')}${literal('add(b: x, a: 2)')}`)}
    ${decision('context', `<context><contextEntry><variable name="a"/>${literal('x')}</contextEntry><contextEntry><variable name="b"/>${literal('a + 1')}</contextEntry></context>`)}
    ${decision('result', `<context><contextEntry><variable name="a"/>${literal('x')}</contextEntry><contextEntry>${literal('a * 2')}</contextEntry></context>`)}
    ${decision('list', `<list>${literal('x')}${literal('"y"')}</list>`)}
    ${decision('relation', `<relation><column name="a"/><column name="b"/><row>${literal('1')}${literal('x')}</row></relation>`)}`
  const results = {
    invoked: '6',
    called: '7',
    context: '{"a":5,"b":6}',
    result: '10',
    list: '[5,"y"]',
    relation: '[{"a":1,"b":5}]',
  }
  for (const [id, result] of Object.entries(results))
    assert.equal(toJson(decide(content, id, '{"x":5}').output), result)
  const types = Object.keys(results).map((id) => decide(content, id, '{"x":5}').evaluated.at(-1)?.decisionType)
  assert.deepEqual(types, ['INVOCATION', 'LITERAL_EXPRESSION', 'CONTEXT', 'CONTEXT', 'LIST', 'RELATION'])
})

const diamond = `${decision('base', literal('x'))}${decision('left', requires('base') + literal('base + 1'))}
  ${decision('right', requires('base') + literal('base + 2'))}${decision('top', requires('left', 'right') + literal('left * right'))}`

test('a decision that several require is evaluated once, and told as often as Zeebe tells it', () => {
  const outcome = decide(diamond, 'top', '{"x":1}')
  assert.equal(outcome.output, 6)
  assert.deepEqual(
    outcome.evaluated.map(({ decisionId }) => decisionId),
    ['base', 'left', 'base', 'right', 'top'],
  )
})

test('the file says which dialect it speaks, and the caller may know better', () => {
  const content = decision('d', literal('[1, 2] instance of list<number>'))
  assert.equal(decide(content, 'd', '{}', '').output, true)
  const refused = compileDecisions(file(content))
  assert.ok(!refused.ok)
  assert.match(refused.message, /Decision 'd'/)
  assert.ok(compileDecisions(file(content), { dialect: 'standard' }).ok)
})

test('in the standard, names may have spaces, inputs have types, services are functions', () => {
  const content = `<itemDefinition name="tAge"><typeRef>number</typeRef><allowedValues><text>[0..150]</text></allowedValues></itemDefinition>
    <inputData id="in" name="Birth Date"><variable name="Birth Date" typeRef="date"/></inputData>
    <inputData id="age" name="Age"><variable name="Age" typeRef="tAge"/></inputData>
    <decision id="y" name="Birth Year"><variable name="Birth Year"/>${takes('in')}${literal('Birth Date.year')}</decision>
    <decision id="a" name="Checked Age"><variable name="Checked Age"/>${takes('age')}${literal('Age')}</decision>
    <decisionService id="s" name="Service"><outputDecision href="#y"/><inputData href="#in"/></decisionService>`
  const variables = '{"Birth Date":"1980-05-01","Age":151}'
  assert.equal(decide(content, 'y', variables, '').output, 1980)
  assert.equal(decide(content, 'a', variables, '').output, null)
  const args = new Map([['Birth Date', fromJson('"1999-01-01"')]])
  assert.equal(evaluateInvocable(modelOf(content, ''), 's', args, evaluationOf()).output, 1999)
})

test('decisions stand in the order in which Zeebe tells them', () => {
  const content = ['dmn-drg-fail-base', 'dmn-drg-fail-d'].map((id) => decision(id, literal('1'))).join('')
  const ids = (platform: string): readonly string[] => modelOf(content, platform).decisions.map(({ id }) => id)
  assert.deepEqual(ids(CLOUD), ['dmn-drg-fail-d', 'dmn-drg-fail-base'])
  assert.deepEqual(ids(''), ['dmn-drg-fail-base', 'dmn-drg-fail-d'])
})

test('a version tag is read, and all faults are told with their place', () => {
  const tagged = modelOf(
    decision('d', `<extensionElements><versionTag value="gold"/></extensionElements>${literal('1')}`),
  )
  assert.equal(tagged.decisions[0]?.versionTag, 'gold')
  const broken = compileDecisions(file(decision('d', table('', [['>', '1 +']], one)) + decision('e', '')))
  assert.ok(!broken.ok)
  assert.deepEqual(
    broken.message.split('\n').map((line) => line.split(':')[0]),
    ["- Decision 'd', rule 1 'r1', input 'x'", "- Decision 'd', rule 1 'r1', output 'o'", "- Decision 'e'"],
  )
})

/** As Camunda Modeler begins a file, with a first rule that nobody has filled in. */
const fresh = `<decision id="Decision_1" name="Decision 1"><decisionTable id="DecisionTable_1">
  <input id="Input_1"><inputExpression id="InputExpression_1" typeRef="string"><text></text></inputExpression></input><output id="Output_1" typeRef="string"/>
  <rule id="Rule_1"><inputEntry id="UnaryTests_1"><text></text></inputEntry><outputEntry id="LiteralExpression_1"><text></text></outputEntry></rule></decisionTable></decision>`

test('a table that nobody has filled in is refused with every empty place, as in Zeebe; in the standard it answers null', () => {
  const refused = compileDecisions(file(fresh))
  assert.ok(!refused.ok)
  const reason = 'Expected an expression, but found none. Write null where there is no value.'
  assert.deepEqual(refused.message.split('\n'), [
    `- Decision 'Decision_1' (Decision 1), input 1: ${reason}`,
    `- Decision 'Decision_1' (Decision 1), rule 1 'Rule_1', output 1: ${reason}`,
  ])
  const { output, failure } = decide(fresh, 'Decision_1', '{}', '')
  assert.deepEqual([output, failure], [null, undefined])
})

test('several outputs need names', () => {
  const refused = compileDecisions(
    file(decision('d', table('', [['-', '1', '2']], `${one}<output id="p" label="Price"/>`))),
  )
  assert.ok(!refused.ok)
  assert.match(refused.message, /Decision 'd', output 'Price': Expected a name/)
})

test('in the standard a decision with a fault fails whole, whichever rule is asked for, and the others answer', () => {
  const half = decision(
    'half',
    table(
      'hitPolicy="FIRST"',
      [
        ['> 1', '1'],
        ['> 0', '2 +'],
      ],
      one,
    ),
  )
  const compiled = compileDecisions(file(half + decision('other', literal('7')), ''))
  assert.ok(compiled.ok)
  assert.match(compiled.faults.join(), /Decision 'half', rule 2 'r2', output 'o'/)
  assert.equal(evaluateDecision(compiled.model, 'other', evaluationOf()).output, 7)
  assert.match(evaluateDecision(compiled.model, 'half', evaluationOf('{"x":5}')).failure?.message ?? '', /rule 2 'r2'/)
})
