/** What DMN 1.5 can say in tables and boxed expressions: `what → inputs → result`. */
import { literal } from './dmn-file.ts'
import { allows, answer, base, check, context, d, entry, item } from './standard-rows.ts'

/** Of one input `x`; a rule is its test and its outputs. */
function table(attributes: string, outputs: string, ...rules: readonly (readonly string[])[]): string {
  const rows = rules.map(([cell, ...results]) => {
    const entries = results.map((text) => `<outputEntry><text>${text}</text></outputEntry>`).join('')
    return `<rule><inputEntry><text><![CDATA[${cell}]]></text></inputEntry>${entries}</rule>`
  })
  return `<decisionTable ${attributes}><input><inputExpression><text>x</text></inputExpression></input>${outputs}${rows.join('')}</decisionTable>`
}
const ONE = '<output/>'
const TWO = '<output name="a"/><output name="b"/>'
const ranked =
  '<output name="a"><outputValues><text>"hi","lo"</text></outputValues></output><output name="b"><outputValues><text>3,2,1</text></outputValues></output>'
const answers = [
  ['> 1', '"lo"', '3'],
  ['> 2', '"hi"', '1'],
  ['> 3', '"hi"', '2'],
] as const
const withDefault = (name: string, value: string): string =>
  `<output name="${name}"><defaultOutputEntry><text>${value}</text></defaultOutputEntry></output>`
const collect = (aggregation: string, ...outputs: readonly string[]): string =>
  d(table(`hitPolicy="COLLECT" ${aggregation}`, ONE, ...outputs.map((output) => ['> 1', output])))

check([
  ['UNIQUE without a match is null', d(table('', ONE, ['> 1', '1'])), '{"x":0}', 'null'],
  [
    'ANY of several outputs',
    d(table('hitPolicy="ANY"', TWO, ['> 1', '1', '2'], ['> 2', '1', '2'])),
    '{"x":5}',
    '{"a":1,"b":2}',
  ],
  [
    'COLLECT of several outputs',
    d(table('hitPolicy="COLLECT"', TWO, ['> 1', '1', '2'], ['> 2', '3', '4'])),
    '{"x":5}',
    '[{"a":1,"b":2},{"a":3,"b":4}]',
  ],
  ['SUM', collect('aggregation="SUM"', '1.5', '2'), '{"x":5}', '3.5'],
  ['COUNT counts equal outputs each', collect('aggregation="COUNT"', '"a"', '"a"'), '{"x":5}', '2'],
  ['MIN of dates', collect('aggregation="MIN"', 'date("2020-01-02")', 'date("2019-01-02")'), '{"x":5}', '"2019-01-02"'],
  ['MAX of texts', collect('aggregation="MAX"', '"a"', '"b"'), '{"x":5}', '"b"'],
  [
    'PRIORITY looks at the outputs from left to right',
    d(table('hitPolicy="PRIORITY"', ranked, ...answers)),
    '{"x":5}',
    '{"a":"hi","b":2}',
  ],
  [
    'OUTPUT ORDER too',
    d(table('hitPolicy="OUTPUT ORDER"', ranked, ...answers)),
    '{"x":5}',
    '[{"a":"hi","b":2},{"a":"hi","b":1},{"a":"lo","b":3}]',
  ],
  [
    'PRIORITY by the allowed values of the type',
    item('tP', base('string', allows('"hi","lo"'))) +
      d(table('hitPolicy="PRIORITY"', '<output typeRef="tP"/>', ['> 1', '"lo"'], ['> 2', '"hi"'])),
    '{"x":5}',
    '"hi"',
  ],
  [
    'defaults of all outputs',
    d(table('', withDefault('a', '9') + withDefault('b', '8'), ['> 1', '1', '2'])),
    '{"x":0}',
    '{"a":9,"b":8}',
  ],
  [
    'an output without a default is null beside one that has one',
    d(table('', `${withDefault('a', '9')}<output name="b"/>`, ['> 1', '1', '2'])),
    '{"x":0}',
    '{"a":9,"b":null}',
  ],
  ['an empty output is null', d(table('', ONE, ['-', ''])), '{"x":1}', 'null'],
  [
    'a table without inputs',
    d(`<decisionTable>${ONE}<rule><outputEntry><text>1</text></outputEntry></rule></decisionTable>`),
    '{}',
    '1',
  ],
  [
    'an input that is not among its values',
    d(
      table('', ONE, ['-', '1']).replace(
        '</inputExpression>',
        '</inputExpression><inputValues><text>"a","b"</text></inputValues>',
      ),
    ),
    '{"x":"c"}',
    "/input 'x' is not one of its allowed values/",
  ],
  [
    'a column gives its type to a variable that nothing declares',
    d(table('', ONE, ['< date("2021-01-01")', '1']).replace('<inputExpression>', '<inputExpression typeRef="date">')),
    '{"x":"2020-05-05"}',
    '1',
  ],
  ['an output of another type is null', d(table('', '<output typeRef="number"/>', ['-', '"a"'])), '{"x":1}', 'null'],
])

const fn = (parameter: string, body: string): string =>
  `<functionDefinition><formalParameter ${parameter}/>${literal(body)}</functionDefinition>`
const iterated = (kind: string, source: string, part: string, body: string): string =>
  `<${kind} iteratorVariable="i"><in>${literal(source)}</in><${part}>${literal(body)}</${part}></${kind}>`
const filtered = (source: string, match: string): string =>
  `<filter><in>${literal(source)}</in><match>${literal(match)}</match></filter>`

check([
  ['names of several words in a context', d(context(entry('a b', literal('1')), answer('a b + 1'))), '{}', '2'],
  [
    'a context within a context',
    d(context(entry('a', context(entry('b', literal('1')))), entry('c', literal('a.b + 1')))),
    '{}',
    '{"a":{"b":1},"c":2}',
  ],
  ['a boxed function', d(context(entry('f', fn('name="n"', 'n * 2')), answer('f(4)'))), '{}', '8'],
  [
    'a boxed function calls itself',
    d(context(entry('f', fn('name="n"', 'if n < 2 then 1 else n * f(n - 1)')), answer('f(4)'))),
    '{}',
    '24',
  ],
  [
    'a parameter that does not fit is null',
    d(context(entry('f', fn('name="n" typeRef="number"', 'n')), answer('f("a")'))),
    '{}',
    'null',
  ],
  [
    'a boxed invocation of a boxed function',
    d(
      context(
        entry('f', fn('name="n"', 'n * 2')),
        `<contextEntry><invocation>${literal('f')}<binding><parameter name="n"/>${literal('5')}</binding></invocation></contextEntry>`,
      ),
    ),
    '{}',
    '10',
  ],
  [
    'columns of a relation have types',
    d(
      `<relation><column name="a" typeRef="number"/><column name="b c"/><row>${literal('"x"')}${literal('2')}</row></relation>`,
    ),
    '{}',
    '[{"a":null,"b c":2}]',
  ],
  ['a list within a list', d(`<list>${literal('1')}<list>${literal('2')}</list></list>`), '{}', '[1,[2]]'],
  [
    'conditional',
    d(
      `<conditional><if>${literal('x > 1')}</if><then>${literal('"y"')}</then><else>${literal('"n"')}</else></conditional>`,
    ),
    '{"x":2}',
    '"y"',
  ],
  ['filter by the entries of the item', d(filtered('[{a: 1}, {a: 2}]', 'a > 1')), '{}', '[{"a":2}]'],
  ['filter by a position', d(filtered('[5, 6]', '-1')), '{}', '6'],
  ['filter at no position', d(filtered('[5, 6]', '0')), '{}', 'null'],
  ['for sees what it has so far', d(iterated('for', '[1, 2]', 'return', 'i * 2 + count(partial)')), '{}', '[2,5]'],
  ['for over a range', d(iterated('for', '[1..3]', 'return', 'i')), '{}', '[1,2,3]'],
  ['some', d(iterated('some', '[1, 2]', 'satisfies', 'i > 1')), '{}', 'true'],
  ['every', d(iterated('every', '[1, 2]', 'satisfies', 'i > 1')), '{}', 'false'],
  ['every of nothing', d(iterated('every', '[]', 'satisfies', 'false')), '{}', 'true'],
])

check([
  [
    'string() writes what can be read again',
    d(literal('string({"{": "\\"foo\\""})')),
    '{}',
    JSON.stringify('{"{": "\\"foo\\""}'),
  ],
  [
    'a function says how many arguments it takes',
    d(literal('[abs instance of function<number>->number, (function(a, b) a) instance of function<Any>->Any]')),
    '{}',
    '[true,false]',
  ],
  ['a context of text has each key once', d(literal('{a: 1, a: 2}')), '{}', 'null'],
  [
    'a function in a context of text calls itself',
    d(literal('{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(4)}.r')),
    '{}',
    '24',
  ],
  ['nothing is before nothing', d(literal('before(1, null)')), '{}', 'null'],
  [
    '= and != are ranges of their own',
    d(literal('[(= 10) = [10..10], (= 10) = (= 10), 5 in (!= 10), {r: (!= 10), x: 10 in r}.x]')),
    '{}',
    '[false,true,true,false]',
  ],
])
