/** Models that use what others declare. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type CompileOptions,
  compileDecisions,
  type DecisionModel,
  evaluateDecision,
  readDecisionHeader,
  toJson,
} from '../../engine/feel/index.ts'
import { decision, literal } from './dmn-file.ts'
import { evaluationOf } from './evaluation.ts'

const DMN = 'https://www.omg.org/spec/DMN/20230324/MODEL/'
const model = (namespace: string, content: string): string =>
  `<definitions xmlns="${DMN}" id="${namespace}" name="${namespace}" namespace="${namespace}">${content}</definitions>`
const imports = (name: string, namespace: string): string =>
  `<import name="${name}" namespace="${namespace}" importType="${DMN}"/>`
const requirement = (kind: string, what: string, href: string): string => `<${kind}><${what} href="${href}"/></${kind}>`
const decided = (href: string): string => requirement('informationRequirement', 'requiredDecision', href)
const given = (href: string): string => requirement('informationRequirement', 'requiredInput', href)
const known = (href: string): string => requirement('knowledgeRequirement', 'requiredKnowledge', href)

const tariffs = model(
  'tariffs',
  `<itemDefinition name="tRate"><typeRef>number</typeRef><allowedValues><text>[0..1]</text></allowedValues></itemDefinition>
   <inputData id="area" name="Area in use"><variable name="Area in use" typeRef="number"/></inputData>
   <decision id="d" name="Base fee">${given('#area')}${literal('Area in use * 2')}</decision>
   <businessKnowledgeModel id="k" name="round up"><encapsulatedLogic><formalParameter name="n"/>${literal('ceiling(n)')}</encapsulatedLogic></businessKnowledgeModel>
   <decisionService id="s" name="fee of"><outputDecision href="#d"/><inputData href="#area"/></decisionService>`,
)
const reductions = model(
  'reductions',
  `${imports('T', 'tariffs')}<inputData id="rate" name="Rate"><variable name="Rate" typeRef="T.tRate"/></inputData>
   <decision id="d" name="Reduced">${decided('tariffs#d')}${given('#rate')}${literal('T.Base fee * (1 - Rate)')}</decision>`,
)

function modelOf(xml: string, options: CompileOptions): DecisionModel {
  const compiled = compileDecisions(xml, options)
  assert.ok(compiled.ok, compiled.ok ? '' : compiled.message)
  return compiled.model
}
const decide = (xml: string, variables: string, files: readonly string[] = [reductions, tariffs]) =>
  evaluateDecision(modelOf(xml, { imports: files }), 'top', evaluationOf(variables))

test('decisions, inputs, functions and services of an imported model stand under its name', () => {
  const bodies = [
    [decided('tariffs#d'), 'My tariffs.Base fee + 1', '8'],
    [given('tariffs#area'), 'My tariffs.Area in use', '3.5'],
    [known('tariffs#k'), 'My tariffs.round up(n: 1.2)', '2'],
    [known('tariffs#s'), 'My tariffs.fee of(10)', '20'],
    [decided('tariffs#d') + known('tariffs#k'), 'My tariffs.round up(My tariffs.Base fee / 4)', '2'],
  ] as const
  for (const [required, text, result] of bodies) {
    const xml = model('main', imports('My tariffs', 'tariffs') + decision('top', required + literal(text)))
    assert.equal(toJson(decide(xml, '{"Area in use":3.5}').output), result)
  }
})

test('models may import others, and the same id in two of them is two decisions', () => {
  const both = decided('tariffs#d') + decided('reductions#d') + literal('[T.Base fee, R.Reduced]')
  const xml = model('main', imports('T', 'tariffs') + imports('R', 'reductions') + decision('top', both))
  const outcome = decide(xml, '{"Area in use":10,"Rate":0.5}')
  assert.equal(toJson(outcome.output), '[20,10]')
  assert.deepEqual(
    outcome.evaluated.map(({ namespace, decisionId }) => `${namespace}#${decisionId}`),
    ['tariffs#d', 'reductions#d', 'main#top'],
  )
})

test('an imported type constrains', () => {
  const xml = model(
    'main',
    imports('R', 'reductions') + decision('top', decided('reductions#d') + literal('R.Reduced')),
  )
  assert.equal(toJson(decide(xml, '{"Area in use":10,"Rate":2}').output), 'null')
})

test('an import without a name brings its elements among the own ones', () => {
  const xml = model('main', imports('', 'tariffs') + decision('top', decided('tariffs#d') + literal('Base fee + 1')))
  assert.equal(toJson(decide(xml, '{"Area in use":1}').output), '3')
})

test('a missing import and a circle of imports are refused by name; other kinds of files are nobody’s business', () => {
  const alone = compileDecisions(reductions)
  assert.ok(!alone.ok)
  assert.match(alone.message, /Import 'T': Expected the model with the namespace 'tariffs'/)
  const circle = compileDecisions(model('a', imports('b', 'b')), {
    imports: [model('b', imports('a', 'a')), model('a', imports('b', 'b'))],
  })
  assert.ok(!circle.ok)
  assert.match(circle.message, /imports itself/)
  const pmml = '<import name="p" namespace="p" importType="http://www.dmg.org/PMML-4_2"/>'
  assert.equal(toJson(decide(model('main', pmml + decision('top', literal('1'))), '{}').output), '1')
})

test('what was deployed once and lost its import fails where it needs it', () => {
  const xml = reductions.replace('</definitions>', `${decision('top', literal('1'))}</definitions>`)
  const lonely = modelOf(xml, { isDeployed: true })
  assert.equal(evaluateDecision(lonely, 'top', evaluationOf()).output, 1)
  const { failure } = evaluateDecision(lonely, 'd', evaluationOf())
  assert.match(failure?.message ?? '', /namespace 'tariffs'/)
})

test('a header says what a file needs', () => {
  assert.deepEqual(readDecisionHeader(reductions), { namespace: 'reductions', imports: ['tariffs'] })
  assert.equal(readDecisionHeader('<process/>'), null)
})
