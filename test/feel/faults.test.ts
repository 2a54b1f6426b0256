/** What is said of texts that are no FEEL: place, what was expected, what was found, what to write. One text a line. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  compileExpression,
  compileUnaryTests,
  explainFailure,
  explainFault,
  explainWarning,
} from '../../engine/feel/index.ts'
import { generator } from './generator.ts'

const table = `
    1 +                        | 1:4: Expected a value after '+', but the expression ends.
    (1                         | 1:3: Expected ')' for the '(' at 1:1, but the expression ends.
    "abc                       | 1:1: Expected the text at 1:1 to end with '"', but it does not.
    if true then 1             | 1:15: Expected 'else' for the 'if' at 1:1, but the expression ends.
    if x > 3 1 else 2          | 1:10: Expected an operator or 'then' for the 'if' at 1:1, but found '1'.
    if x then 1 else           | 1:17: Expected a value after 'else', but the expression ends.
    for x in l                 | 1:11: Expected 'return' for the 'for' at 1:1, but the expression ends.
    for x in [1,2] x + 1       | 1:16: Expected an operator or 'return' for the 'for' at 1:1, but found 'x'.
    'a'                        | 1:1: Expected an expression, but found '''. Texts stand in double quotes: "…".
    a = = b                    | 1:3: Expected an operator or the end, but found '='.
    {a 1}                      | 1:5: Expected a name and ':', but found '}'.
    {a: 1                      | 1:6: Expected '}' for the '{' at 1:1, but the expression ends.
    [1,                        | 1:4: Expected a value after ',', but the expression ends.
    [1 2]                      | 1:4: Expected an operator, ',' or ']' for the '[' at 1:1, but found '2'.
    x ? 1 : 2                  | 1:3: Expected an operator or the end, but found '?'. A choice is written if … then … else ….
    1 == 1                     | 1:3: Expected an operator or the end, but found '=='. Two values are compared with a single '='.
    a && b                     | 1:3: Expected an operator or the end, but found '&&'. Write 'and'.
    !a                         | 1:1: Expected an expression, but found '!'. 'Is not equal' is '!=', 'not' is not(…).
    a != = b                   | 1:3: Expected an operator or the end, but found '!='. 'Is not equal' is '!=', 'not' is not(…).
    a <> b                     | 1:3: Expected an operator or the end, but found '<>'. 'Is not equal' is '!='.
    a % 2                      | 1:3: Expected an operator or the end, but found '%'. 22 % is written 0.22 or 22 / 100; a remainder is modulo(a, b).
    repeat("ab", 3) 1          | 1:17: Expected an operator or the end, but found '1'.
    unknown function(1)        | 1:9: Expected an operator or the end, but found 'function'.
    1e3                        | 1:1: Expected an expression, but found '1'. Write the number without an exponent.
    l[2..3]                    | 1:4: Expected an operator, ',' or ']' for the '[' at 1:2, but found '..'. A part of a list is sublist(list, start, length).
    {f: function(x) x + 1}.f(2) | 1:25: Expected an operator or the end, but found '('. Only a function with a name of its own can be called in this dialect.
    l instance of list<number> | 1:19: Expected an operator or the end, but found '<'. A type has no parameters in this dialect.
    1,5 * 2                    | 1:2: Expected an operator or the end, but found ','. The decimal sign is a point: 1.5.
    importo * 22%              | 1:13: Expected an operator or the end, but found '%'. 22 % is written 0.22 or 22 / 100; a remainder is modulo(a, b).
    “ciao”                     | 1:1: Expected an expression, but found '“'. Texts stand in straight double quotes: "…".
    "a" & "b"                  | 1:5: Expected an operator or the end, but found '&'. Texts are joined with '+'.
    a;                         | 1:2: Expected an operator or the end, but found ';'. There is no ';'.
    a := 3                     | 1:3: Expected an operator or the end, but found ':='. An expression gives a value; nothing can be assigned.
    a == null                  | 1:3: Expected an operator or the end, but found '=='. Two values are compared with a single '='.
    x between 1, 5             | 1:12: Expected an operator or 'and' for the 'between' at 1:3, but found ','.
    x between 1 and            | 1:16: Expected a value after 'and', but the expression ends.
    x in                       | 1:5: Expected a value after 'in', but the expression ends.
    some x in [1,2] x > 1      | 1:17: Expected an operator or 'satisfies' for the 'some' at 1:1, but found 'x'.
    every x satisfies x > 1    | 1:9: Expected an operator or 'in' for the 'every' at 1:1, but found 'satisfies'.
    function x) x              | 1:10: Expected a value after 'function', but found 'x'.
    function(x)                | 1:12: Expected a value after ')', but the expression ends.
    date(2024-01-01            | 1:16: Expected ')' for the '(' at 1:5, but the expression ends.
    date("2024-01-01"))        | 1:19: Expected an operator or the end, but found ')'. No bracket is open for it.
    @2024-01-01                | 1:2: Expected a date, time or duration in double quotes after '@', but found '2024'.
    @"2024-01-01               | 1:2: Expected the text at 1:2 to end with '"', but it does not.
    10 €                       | 1:4: Expected an operator or the end, but found '€'. An amount is a number without its currency.
    € 10                       | 1:3: Expected a value after '€', but found '10'. An amount is a number without its currency.
    #a                         | 1:1: Expected an expression, but found '#'.
    $a                         | 1:1: Expected an expression, but found '$'. An amount is a number without its currency.
    a.b.                       | 1:5: Expected a name after '.', but the expression ends.
    a..b                       | 1:2: Expected an operator or the end, but found '..'.
    .a                         | 1:1: Expected an expression, but found '.'.
    .5.5                       | 1:3: Expected an operator or the end, but found '.5'.
    5.                         | 1:3: Expected a name after '.', but the expression ends.
    1.2.3                      | 1:4: Expected an operator or the end, but found '.3'.
    [1..]                      | 1:6: Expected more, but the expression ends.
    [..5]                      | 1:2: Expected a value after '[', but found '..'.
    [1..5                      | 1:6: Expected ']' for the '[' at 1:1, but the expression ends.
    )                          | 1:1: Expected an expression, but found ')'. No bracket is open for it.
    ()                         | 1:2: Expected a value after '(', but found ')'.
    []]                        | 1:4: Expected more, but the expression ends.
    {:1}                       | 1:2: Expected a name and ':', but found ':'.
    {"a" 1}                    | 1:6: Expected a name and ':', but found '1'.
    {a: }                      | 1:5: Expected a value after ':', but found '}'.
    a instance                 | 1:11: Expected a value after 'instance', but the expression ends.
    a instance of              | 1:14: Expected a type after 'instance of', but the expression ends.
    if                         | 1:3: Expected a value after 'if', but the expression ends.
    else                       | 1:1: Expected an expression, but found 'else'.
    return 1                   | 1:1: Expected an expression, but found 'return'.
    x => x + 1                 | 1:3: Expected an operator or the end, but found '=>'. A function is written function(x) x + 1.
    a[0                        | 1:4: Expected ']' for the '[' at 1:2, but the expression ends.
    a[                         | 1:3: Expected a value after '[', but the expression ends.
    a["x"                      | 1:6: Expected ']' for the '[' at 1:2, but the expression ends.
    null null                  | 1:6: Expected an operator or the end, but found 'null'.
    true false                 | 1:6: Expected an operator or the end, but found 'false'.
    "a" "b"                    | 1:5: Expected an operator or the end, but found '"b"'.
    1 1                        | 1:3: Expected an operator or the end, but found '1'.
    a AND b                    | 1:3: Expected an operator or the end, but found 'AND'. Write 'and', in small letters.
    a And b                    | 1:3: Expected an operator or the end, but found 'And'. Write 'and', in small letters.
    a OR b                     | 1:3: Expected an operator or the end, but found 'OR'. Write 'or', in small letters.
    NOT a                      | 1:5: Expected an operator or the end, but found 'a'. Write 'not', in small letters.
    a is null                  | 1:6: Expected an operator or the end, but found 'null'. Two values are compared with '='.
    a == "x" and b = "y"       | 1:3: Expected an operator or the end, but found '=='. Two values are compared with a single '='.
    a = "x" and and b          | 1:13: Expected a value after 'and', but found 'and'.
    and a                      | 1:1: Expected an expression, but found 'and'.
    a or                       | 1:5: Expected a value after 'or', but the expression ends.
    a **                       | 1:5: Expected a value after '**', but the expression ends.
    -                          | 1:2: Expected a value after '-', but the expression ends.
    +1                         | 1:1: Expected an expression, but found '+'.
    a -                        | 1:4: Expected a value after '-', but the expression ends.
    * 2                        | 1:1: Expected an expression, but found '*'.
    a !                        | 1:3: Expected an operator or the end, but found '!'. 'Is not equal' is '!=', 'not' is not(…).
    /* open                    | 1:1: Expected the comment at 1:1 to end with '*/', but it does not.
    // only a comment          | 1:18: Expected an expression, but found nothing.
    "è" +                      | 1:6: Expected a value after '+', but the expression ends.
    "line1                     | 1:1: Expected the text at 1:1 to end with '"', but it does not.
    line2"                     | 1:6: Expected the text at 1:6 to end with '"', but it does not.
`

const rows = table.split('\n').filter((line) => line.trim() !== '')
for (const row of rows) {
  const at = row.lastIndexOf(' | ')
  const [source, said] = [row.slice(0, at).trim(), row.slice(at + 3)]
  test(`no FEEL: ${source}`, () => {
    const compiled = compileExpression(source)
    assert.ok(!compiled.ok)
    assert.equal(explainFault(source, compiled.fault).split('\n')[0], said)
  })
}

test('a fault in a long line is shown with what stands around it', () => {
  const source = `${'1 + '.repeat(100)} * ${'+ 1'.repeat(100)}`
  const compiled = compileExpression(source)
  assert.ok(!compiled.ok)
  const [, shown, caret] = explainFault(source, compiled.fault).split('\n')
  assert.ok(shown!.length < 130)
  assert.equal(shown![caret!.indexOf('^')], '*')
})

test('a fault in a later line is shown with that line', () => {
  const source = '{\n  a: 1,\n  b: * 2\n}'
  const compiled = compileExpression(source)
  assert.ok(!compiled.ok)
  assert.match(explainFault(source, compiled.fault), /^3:6: .*\n {4}b: \* 2\n {7}\^$/)
})

/** Pieces of expressions in any order: most are no FEEL. */
const pieces = [
  '1',
  '"a"',
  'x',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ':',
  ',',
  '+',
  '..',
  '.',
  'if',
  'then',
  'else',
  'for',
  'in',
  'return',
]
const more = [
  'some',
  'satisfies',
  'between',
  'and',
  'function',
  'not',
  '@',
  '"',
  '`',
  '/*',
  '//',
  '\n',
  '==',
  '!',
  '<',
  '=',
  '?',
  '-',
  '€',
]

test('whatever is written, a fault has its place in the text and says something', () => {
  const random = generator(7)
  const all = [...pieces, ...more]
  for (let count = 0; count < 3_000; count++) {
    const source = Array.from({ length: 1 + random(12) }, () => all[random(all.length)]).join(
      random(2) === 0 ? ' ' : '',
    )
    for (const compile of [compileExpression, compileUnaryTests])
      for (const dialect of ['camunda', 'standard'] as const) {
        const compiled = compile(source, dialect)
        if (compiled.ok) continue
        const { at, message } = compiled.fault
        assert.ok(at >= 0 && at <= source.length, source)
        assert.match(message, /^Expected .+, but .+/s, source)
        assert.match(explainFault(source, compiled.fault), /^\d+:\d+: /, source)
      }
  }
})

test('what Java says is told in words, with the text itself for those who look for it', () => {
  const said = explainFailure('java.lang.ArithmeticException: Division by zero')
  assert.equal(said, 'A number was divided by zero. (java.lang.ArithmeticException: Division by zero)')
  assert.equal(explainFailure('Importo oltre il limite'), 'Importo oltre il limite')
})

test('names that are far from any other are not guessed', () => {
  const warning = { kind: 'NO_VARIABLE_FOUND', message: '', name: 'xyz' } as const
  assert.equal(
    explainWarning(warning, { dialect: 'camunda', variables: ['importo'] }),
    "variable 'xyz' not found, null used.",
  )
})
