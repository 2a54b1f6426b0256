/** What DMN 1.5 can say with types, knowledge and services: `what → inputs → result`. */
import { decision, knows, literal, requires, takes } from './dmn-file.ts'
import { allows, answer, base, COLLECTION, check, context, d, echo, input, item } from './standard-rows.ts'

const person = item(
  'tPerson',
  '<itemComponent name="full name"><typeRef>string</typeRef></itemComponent><itemComponent name="born"><typeRef>date</typeRef></itemComponent>',
)
const days = item('tDays', '<itemComponent name="days" isCollection="true"><typeRef>date</typeRef></itemComponent>')
const letters = item('tL', base('string', allows('"a","b"')), COLLECTION)
const pairs = item('tL', base('number', '<typeConstraint><text>count(?) > 1</text></typeConstraint>'), COLLECTION)
const small = item('tSmall', base('number', allows('[0..10]')))

check([
  ['a list of one for its item', echo('number'), '{"x":[5]}', '5'],
  ['an item for a list of one', item('tL', base('number'), COLLECTION) + echo('tL'), '{"x":5}', '[5]'],
  ['a date for its first moment', d(literal('date("2020-01-02")'), 'date and time'), '{}', '"2020-01-02T00:00:00Z"'],
  ['a text is no date once it was computed', d(literal('"2020-01-02"'), 'date'), '{}', 'null'],
  ['another type is null', echo('number'), '{"x":"a"}', 'null'],
  ['a value that is not allowed', small + echo('tSmall'), '{"x":11}', 'null'],
  [
    'constraints of the base hold too',
    small + item('tMore', base('tSmall', allows('> 5'))) + echo('tMore'),
    '{"x":4}',
    'null',
  ],
  ['allowed values of a collection constrain its items', letters + echo('tL'), '{"x":["a","c"]}', 'null'],
  ['a type constraint looks at the whole collection', pairs + echo('tL'), '{"x":[1]}', 'null'],
  ['and lets it pass', pairs + echo('tL'), '{"x":[1,2]}', '[1,2]'],
  [
    'entries get their types from JSON',
    person + echo('tPerson', 'x.full name + string(x.born.year)'),
    '{"x":{"full name":"A","born":"1980-01-01"}}',
    '"A1980"',
  ],
  ['items within entries too', days + echo('tDays', 'x.days.year'), '{"x":{"days":["1980-01-01"]}}', '[1980]'],
  ['durations', echo('yearMonthDuration', 'x.years'), '{"x":"P2Y"}', '2'],
  [
    'instance of an item definition',
    small + d(literal('[5 instance of tSmall, 50 instance of tSmall]')),
    '{}',
    '[true,false]',
  ],
  [
    'instance of a structure',
    person + d(literal('[{full name: "A", born: null} instance of tPerson, {born: null} instance of tPerson]')),
    '{}',
    '[true,false]',
  ],
  [
    'a function takes arguments of item definitions',
    small + d(literal('[(function(a: tSmall) a)(5), (function(a: tSmall) a)(50)]')),
    '{}',
    '[5,null]',
  ],
  [
    'a function type',
    item('tF', '<functionItem outputTypeRef="number"><parameters name="a" typeRef="number"/></functionItem>') +
      d(
        context(
          `<contextEntry><variable name="f" typeRef="tF"/>${literal('function(a) a + 1')}</contextEntry>`,
          answer('f(1)'),
        ),
      ),
    '{}',
    '2',
  ],
])

const bkm = (id: string, parameters: string, body: string, more = '', typeRef = 'Any'): string =>
  `<businessKnowledgeModel id="${id}" name="${id}"><variable name="${id}" typeRef="${typeRef}"/><encapsulatedLogic>${parameters}${body}</encapsulatedLogic>${more}</businessKnowledgeModel>`
const a = '<formalParameter name="a"/>'
const asNumber = '<formalParameter name="a" typeRef="number"/>'
const service = (outputs: string, inputs: string): string =>
  `<decisionService id="s" name="my service"><variable name="my service"/>${outputs}${inputs}</decisionService>`
const output = (id: string): string => `<outputDecision href="#${id}"/>`

check([
  [
    'knowledge requires knowledge',
    bkm('g', a, literal('a * 2')) + bkm('f', a, literal('g(a) + 1'), knows('g')) + d(knows('f') + literal('f(5)')),
    '{}',
    '11',
  ],
  [
    'knowledge calls itself',
    bkm('f', a, literal('if a < 2 then 1 else a * f(a - 1)')) + d(knows('f') + literal('f(5)')),
    '{}',
    '120',
  ],
  [
    'the result has the type of the variable',
    bkm('f', a, literal('a'), '', 'number') + d(knows('f') + literal('f("x")')),
    '{}',
    'null',
  ],
  [
    'an argument is coerced',
    bkm('f', asNumber, literal('a')) + d(knows('f') + literal('[f([7]), f("x")]')),
    '{}',
    '[7,null]',
  ],
  [
    'knowledge is a value',
    bkm('f', a, literal('a * 3')) + d(knows('f') + literal('for i in [1, 2] return f(i)')),
    '{}',
    '[3,6]',
  ],
  [
    'knowledge does not see the inputs',
    input('x') + bkm('f', a, literal('x')) + d(knows('f') + takes('x') + literal('f(1)')),
    '{"x":3}',
    'null',
  ],
  ['a decision does not see what it does not require', decision('e', literal('1')) + d(literal('e')), '{}', 'null'],
  ['it does see what nothing declares', d(literal('y + 1')), '{"y":1}', '2'],
  [
    'a service by position and by name',
    input('p') +
      input('q') +
      decision('e', takes('p', 'q') + literal('p - q')) +
      service(output('e'), '<inputData href="#p"/><inputData href="#q"/>') +
      d(knows('s') + literal('[my service(3, 1), my service(q: 3, p: 1)]')),
    '{}',
    '[2,-2]',
  ],
  [
    'a service with a decision made outside',
    decision('e', literal('"inside"')) +
      decision('o', requires('e') + literal('e + "!"')) +
      service(output('o'), '<inputDecision href="#e"/>') +
      d(knows('s') + literal('my service("outside")')),
    '{}',
    '"outside!"',
  ],
  [
    'a service with several outputs',
    decision('e', literal('1')) +
      decision('o', literal('2')) +
      service(output('e') + output('o'), '') +
      d(knows('s') + literal('my service()')),
    '{}',
    '{"e":1,"o":2}',
  ],
  [
    'names in any script',
    `<inputData id="h" name="🐎 età"><variable name="🐎 età"/></inputData>${d(takes('h') + literal('🐎 età + 1'))}`,
    '{"🐎 età":1}',
    '2',
  ],
  ['a decision without logic is null', d(''), '{}', 'null'],
  [
    'another expression language fails its own decision',
    d(
      literal('1').replace(
        '<literalExpression',
        '<literalExpression expressionLanguage="http://www.w3.org/1999/XPath"',
      ),
    ),
    '{}',
    '/Expected the expression language FEEL/',
  ],
])
