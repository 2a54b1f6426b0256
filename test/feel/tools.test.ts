/** `npm run feel` and `npm run decide` as an analyst uses them: what they print, where, and how they end. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { root } from '../house/sources.ts'

interface Ended {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

function run(tool: 'feel' | 'decide', words: readonly string[], input = ''): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, `engine/tools/${tool}.ts`), ...words], {
    cwd: root,
    input,
    encoding: 'utf8',
  })
  return { status, out: stdout.trimEnd(), err: stderr.trimEnd() }
}
const feel = (...words: readonly string[]): Ended => run('feel', words)
const decide = (...words: readonly string[]): Ended => run('decide', words)

const folder = mkdtempSync(join(tmpdir(), 'iter-tools-'))
after(() => rmSync(folder, { recursive: true }))
function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

test('feel: a value with its type; variables from a file, from the command line or standard input', () => {
  const expected = { status: 0, out: '122  (number)', err: '' }
  assert.deepEqual(feel('importo * 1.22', file('variables.json', '{"importo": 100}')), expected)
  assert.deepEqual(feel('importo * 1.22', '{"importo": 100}'), expected)
  assert.deepEqual(run('feel', ['importo * 1.22', '-'], '{"importo": 100}'), expected)
  assert.deepEqual(feel('100 * 1.22'), expected)
  assert.deepEqual(feel('= 100 * 1.22'), expected)
})

test('feel: warnings go to standard error and tell what was meant', () => {
  const { status, out, err } = feel('imporot', '{"importo": 100}')
  assert.deepEqual([status, out], [0, 'null  (null)'])
  assert.equal(err, "warning: variable 'imporot' not found, null used. Did you mean 'importo'?")
})

test('feel: a fault stands at its line and column, with a caret', () => {
  const { status, out, err } = feel('1 +\n2 *')
  assert.deepEqual([status, out], [1, ''])
  assert.equal(err, "error: at 2:4: Expected a value after '*', but the expression ends.\n  2 *\n     ^")
})

test('feel: a failure is a sentence', () => {
  const { status, err } = feel('substring("Bari", 9)')
  assert.equal(status, 1)
  assert.match(err, /^error: The position lies outside the text\./)
})

test('feel: the tests of a cell', () => {
  assert.equal(feel('--input', '120', '[100..200), > 500').out, 'true  (boolean)')
  assert.equal(feel('--input', 'comune', '"Bari", "Trani"', '{"comune": "Andria"}').out, 'false  (boolean)')
  assert.deepEqual(feel('--input', '1 +', '-').status, 1)
})

test('feel: dialect, clock and zone, budget, JSON', () => {
  assert.equal(feel('--dialect', 'standard', 'list replace([1], 1, 2)').out, '[2]  (list)')
  assert.equal(feel('--now', '2026-03-01T23:30:00Z', '--zone', 'Europe/Rome', 'today()').out, '2026-03-02  (date)')
  assert.match(feel('--steps', '10', 'for i in 1..100 return i').err, /budget of steps/)
  assert.equal(feel('--json', '{ a: @"2026-03-01" }').out, '{"a":"2026-03-01"}')
})

test('feel: long values stand on several lines', () => {
  const { out } = feel('for i in 1..20 return "numero " + string(i)')
  assert.equal(out.split('\n').length, 22)
})

test('feel: a file of expressions, each answered, the exit status tells that one was not', () => {
  const path = file('expressions.feel', '// due\n1 + 1\n\n1 +\n"a"\n')
  const { status, out, err } = feel('--file', path)
  assert.equal(status, 1)
  assert.equal(out, '1 + 1\n2  (number)\n1 +\n"a"\n"a"  (string)')
  assert.match(err, /^error: at 1:4/)
})

test('feel: the functions with a word in their names', () => {
  assert.equal(feel('--functions', 'last day').out.split('\n')[0], 'last day of month(date: date)')
})

const mensa = 'docs/first-steps/mensa.dmn'
const definitions = (content: string, attributes = ''): string =>
  `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="m" namespace="urn:m" ${attributes}>${content}</definitions>`

test('decide: each decision, its inputs, the rule that fired and what its author wrote beside it', () => {
  assert.deepEqual(decide(mensa, '{"isee": 4000, "figli": 3}'), {
    status: 0,
    out: [
      'Fascia ISEE (fascia, decision table) = "A"',
      '  input   ISEE = 4000',
      '  rule 1  Fascia = "A"  da verificare: delibera annuale',
      'Tariffa mensa (tariffa, literal expression) = 1.68',
    ].join('\n'),
    err: '',
  })
})

test('decide: one decision, by id or name', () => {
  const fascia = decide(mensa, '{"isee": 8500}', '--decision', 'fascia')
  assert.match(fascia.out, /= "B"$/m)
  assert.doesNotMatch(fascia.out, /Tariffa/)
  assert.deepEqual(decide(mensa, '{"isee": 8500}', '--decision', 'Fascia ISEE'), fascia)
})

const graph = `<inputData id="i" name="reddito"/>
  <decision id="base" name="Base"><variable name="base"/><informationRequirement><requiredInput href="#i"/></informationRequirement>
    <literalExpression><text>reddito / 10</text></literalExpression></decision>
  <decision id="sconto" name="Sconto"><variable name="sconto"/><informationRequirement><requiredDecision href="#base"/></informationRequirement>
    <literalExpression><text>base / 2</text></literalExpression></decision>
  <decision id="conto" name="Conto"><informationRequirement><requiredDecision href="#base"/></informationRequirement>
    <informationRequirement><requiredDecision href="#sconto"/></informationRequirement>
    <knowledgeRequirement><requiredKnowledge href="#f"/></knowledgeRequirement>
    <literalExpression><text>{totale: f(base) - sconto, valuta: "EUR"}</text></literalExpression></decision>
  <businessKnowledgeModel id="f" name="f"><encapsulatedLogic><formalParameter name="n"/>
    <literalExpression><text>n * 2</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>`
const cloud = 'xmlns:modeler="http://camunda.org/schema/modeler/1.0" modeler:executionPlatform="Camunda Cloud"'

test('decide: a decision that several require is shown once', () => {
  const { out, status } = decide(file('graph.dmn', definitions(graph, cloud)), '{"reddito": 100}')
  assert.equal(status, 0)
  assert.deepEqual(out.split('\n'), [
    'Base (base, literal expression) = 10',
    'Sconto (sconto, literal expression) = 5',
    'Conto (conto, literal expression) = {totale:15, valuta:"EUR"}',
  ])
})

test('decide: what each decision requires, as a tree', () => {
  const { out, status } = decide(file('graph.dmn', definitions(graph, cloud)), '--tree')
  assert.equal(status, 0)
  assert.deepEqual(out.split('\n'), [
    'Conto (conto, literal expression)',
    '  Base (base, literal expression)',
    '    input reddito',
    '  Sconto (sconto, literal expression)',
    '    Base (base, literal expression), as above',
    '  function f',
  ])
})

test('decide: only a part of what it gives', () => {
  const path = file('graph.dmn', definitions(graph, cloud))
  assert.match(decide(path, '{"reddito": 100}', '--show', 'totale').out, /^Conto .* = 15$/m)
  const many = decide(path, '[{"reddito": 100}, {"reddito": 30}]', '--show', 'totale * 2')
  assert.deepEqual(many.out.split('\n'), ['   reddito  Conto  rules', '1      100     30', '2       30      9'])
  assert.match(decide(path, '{}', '--show', '1 +').err, /^error: Expected --show with FEEL: /)
})

test('decide: warnings name the decision', () => {
  const { status, err } = decide(mensa, '{"isee": 8500}')
  assert.equal(status, 0)
  assert.match(err, /^warning: tariffa: variable 'figli' not found, null used\.$/m)
})

test('decide: a list of inputs gives a table', () => {
  const { status, out } = decide(mensa, '[{"isee": 8500, "figli": 3}, {"isee": 20000, "figli": 1}]')
  assert.equal(status, 0)
  assert.deepEqual(out.split('\n'), [
    '    isee  figli  Tariffa mensa  rules',
    '1   8500      3           2.88  fascia 2',
    '2  20000      1              5  fascia 3',
  ])
})

test('decide: the trace as JSON', () => {
  const { tariffa } = JSON.parse(decide(mensa, '{"isee": 8500, "figli": 1}', '--json').out)
  assert.equal(tariffa.output, 3.6)
  assert.deepEqual(tariffa.evaluated[0].rules[0].id, 'fascia_2')
})

const literal = (id: string, text: string): string =>
  `<decision id="${id}" name="${id}"><literalExpression><text>${text}</text></literalExpression></decision>`

test('decide: what fails is told, of one input and of many', () => {
  const path = file('fails.dmn', definitions(literal('d', 'assert(x, x &gt; 0, "x is not positive")')))
  const one = decide(path, '{"x": -1}')
  assert.deepEqual([one.status, one.out], [1, 'd (literal expression) = failed'])
  assert.match(one.err, /error: Expected to evaluate decision 'd', but .*x is not positive/)
  const many = decide(path, '[{"x": 1}, {"x": -1}]')
  assert.equal(many.status, 1)
  assert.match(many.out, /^1\s+1\s+1$/m)
  assert.match(many.err, /^line 2: error: /m)
})

test('decide: models that are imported are given as further files', () => {
  const types = file('imported.dmn', definitions(literal('iva', '0.22')).replaceAll('urn:m', 'urn:types'))
  const main = file(
    'main.dmn',
    definitions(
      `<import name="fisco" namespace="urn:types" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>
       <decision id="lordo" name="lordo"><informationRequirement><requiredDecision href="urn:types#iva"/></informationRequirement>
       <literalExpression><text>100 * (1 + fisco.iva)</text></literalExpression></decision>`,
    ),
  )
  assert.match(decide(main, types).out, /lordo \(literal expression\) = 122$/)
  const alone = decide(main)
  assert.equal(alone.status, 1)
  assert.match(alone.err, /urn:types/)
})

test('what cannot be used is one sentence, and exit status 2', () => {
  const cases: readonly (readonly [Ended, RegExp])[] = [
    [feel('1', 'absent.json'), /^error: Cannot read 'absent.json': there is no such file$/],
    [feel('1', 'docs'), /^error: Cannot read 'docs': it is a folder$/],
    [feel('1', '{"a"'), /^error: the JSON given: Expected ':' at character 5/],
    [feel('1', '[1]'), /^error: Expected a JSON object with the variables/],
    [feel('1', '{}', '{}'), /^error: Expected one source of variables/],
    [feel('--dialect', 'java', '1'), /^error: Expected --dialect camunda or standard, but found 'java'\.$/],
    [feel('--now', 'ieri', '1'), /^error: Expected --now as/],
    [feel('--zone', 'Roma', '1'), /^error: Expected --zone as Europe\/Rome, but found 'Roma'\.$/],
    [feel('--steps', 'molti', '1'), /^error: Expected --steps with a number/],
    [feel('--nothing'), /^error: Unknown option '--nothing'/],
    [decide('absent.dmn'), /^error: Cannot read 'absent.dmn'/],
    [decide(mensa, '{}', '--decision', 'x'), /has 'fascia' \(Fascia ISEE\), 'tariffa' \(Tariffa mensa\)\.$/],
    [decide(mensa, '[1]'), /^error: Expected a JSON object with the variables/],
  ]
  for (const [{ status, out, err }, sentence] of cases) {
    assert.match(err, sentence)
    assert.deepEqual([status, out, err.split('\n').length], [2, '', 1])
  }
})

test('--help tells how, and so does a command without words', () => {
  for (const tool of ['feel', 'decide'] as const) {
    const helped = run(tool, ['--help'])
    assert.equal(helped.status, 0)
    assert.match(helped.out, new RegExp(`Usage: npm run ${tool} -- `))
    const { status, err } = run(tool, [])
    assert.deepEqual([status, err], [2, helped.out])
  }
})
