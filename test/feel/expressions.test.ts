/** One expression a line: source, then the result as JSON. `standard` where the standard answers otherwise than Zeebe. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Dialect } from '../../engine/feel/index.ts'
import { outcomeOf, resultOf } from './evaluation.ts'

const tables: Readonly<Record<Dialect, string>> = {
  camunda: `
    0.1 + 0.2                                                       | 0.3
    0.1 + 0.2 = 0.3                                                 | true
    1.15 * 100                                                      | 115
    100000000000000000000 + 1                                       | 100000000000000000001
    9223372036854775807 + 1                                         | 9223372036854775808
    12345678901234567890.12 + 0.01                                  | 12345678901234567890.13
    1/3 * 3                                                         | 0.9999999999999999999999999999999999
    decimal(2.5, 0)                                                 | 2
    decimal(3.5, 0)                                                 | 4
    decimal(1.005, 2)                                               | 1
    decimal(1.015, 2)                                               | 1.02
    round half up(1.005, 2)                                         | 1.01
    round half up(2.5, 0)                                           | 3
    round half down(2.5, 0)                                         | 2
    round up(1.001, 2)                                              | 1.01
    round down(-1.019, 2)                                           | -1.01
    decimal(1.555, 2, "half_up")                                    | 1.56
    floor(-1.5)                                                     | -2
    ceiling(1.21, 1)                                                | 1.3
    round half up(1234, -2)                                         | 1200
    sum([0.1, 0.2, 0.3])                                            | 0.6
    mean([0.1, 0.2])                                                | 0.15
    2 ** 100                                                        | 1267650600228229401496703205376
    modulo(-12, 5)                                                  | 3
    7 - 7.0                                                         | 0
    -2 ** 2                                                         | 4
    1 / 0                                                           | null
    null + 1                                                        | null
    1 = "1"                                                         | null
    null = null                                                     | true
    null != 1                                                       | true
    false and null                                                  | false
    true or null                                                    | true
    if null then 1 else 2                                           | 2
    "a" + "b"                                                       | "ab"
    "a" in ("a", "b")                                               | true
    5 in [1..10]                                                    | true
    5 in (5..10]                                                    | false
    5 in (< 3, > 4)                                                 | true
    3 between 1 and 3                                               | true
    some x in [1, 2], y in [2, 3] satisfies x = y                   | true
    every x in [] satisfies false                                   | true
    for i in 3..1 return i                                          | [3,2,1]
    for i in 1..4 return if i < 3 then 1 else partial[-1] + partial[-2] | [1,1,2,3]
    for x in [1, 2], y in [3, 4] return x * y                       | [3,4,6,8]
    [1, 2, 3, 4][item > 2]                                          | [3,4]
    [{a: 1}, {a: 2}][a = 2].a                                       | [2]
    {a: {b: 1}}.a.b                                                 | 1
    {a: 1}.b                                                        | null
    {a: {b: {c: "x"}}, r: contains(a.b.c, a.b.c)}.r                | true
    {a: 5, b: 2, r: max(a-b-1, a-b-1)}.r                            | 2
    {"__proto__": 1, constructor: 2}                                | {"__proto__":1,"constructor":2}
    {}.constructor                                                  | null
    (function(x) x).name                                            | null
    @"2024-02-29" + duration("P1Y")                                 | "2025-02-28"
    date("2024-03-01") - date("2024-02-01")                         | "P29D"
    date("2023-02-29")                                              | null
    date("2024-02-29").weekday                                      | 4
    time("10:00:00") + duration("PT15H")                            | "01:00"
    date and time("2026-03-29T01:30:00@Europe/Rome") + duration("PT1H") | "2026-03-29T03:30:00+02:00[Europe/Rome]"
    date and time("2026-10-25T01:30:00@Europe/Rome") + duration("PT2H") | "2026-10-25T02:30:00+01:00[Europe/Rome]"
    time("10:00:00.5")                                              | "10:00:00.500"
    time("10:00:00@Europe/Rome")                                    | "10:00:00@Europe/Rome"
    [1..2]                                                          | null
    duration("P1Y") / 5                                             | "P2M"
    last day of month(date("2024-02-01"))                           | "2024-02-29"
    week of year(date("2021-01-03"))                                | 53
    day of week(date("2026-03-01"))                                 | "Sunday"
    years and months duration(date("2024-05-31"), date("2024-02-29")) | "-P3M"
    today()                                                         | "2026-03-01"
    now()                                                           | "2026-03-01T10:00:00Z"
    1 instance of number                                            | true
    "x" instance of string                                          | true
    null instance of number                                         | false
    sort([3, 1, 2], function(x, y) x < y)                           | [1,2,3]
    string length(string: "abc")                                    | 3
    substring(string: "foobar", start position: 3)                  | "obar"
    partition([1, 2, 3, 4, 5], 2)                                   | [[1,2],[3,4],[5]]
    distinct values([1, 1.0, "1", 1])                               | [1,"1"]
    duplicate values([1, 2, 1])                                     | [1]
    number("1.234,5", ".", ",")                                     | 1234.5
    to base64("Città")                                              | "Q2l0dMOg"
    matches("IT60X0542811101000000123456", "^IT[0-9]{2}[A-Z][0-9]{10}[0-9A-Z]{12}$") | true
    replace("2026-03-01", "(\\d+)-(\\d+)-(\\d+)", "$3/$2/$1")       | "01/03/2026"
    list replace([1, 2], 1, 9)                                      | null
    /* note */ 1 // and more                                        | 1
    \`a b\`                                                         | null
  `,
  standard: `
    string length("ü€😀")                                           | 3
    substring("foobar", 10)                                         | null
    modulo(5, 0)                                                    | null
    "\\u00e9"                                                       | "é"
    list replace([1, 2], 1, 9)                                      | [9,2]
    1[1]                                                            | 1
    -duration("PT1H")                                               | "-PT1H"
    [1, 2] instance of list<number>                                 | true
    {f: function(x) x + 1}.f(2)                                     | 3
    1e3                                                             | 1000
    [1..3] instance of range<number>                                | true
    date("999999999-12-31")                                         | "+999999999-12-31"
    date("-0044-03-15").year                                        | -44
    for d in @"2024-02-28"..@"2024-03-01" return d                  | ["2024-02-28","2024-02-29","2024-03-01"]
    {a b: 1, c: a b + 1}.c                                          | 2
    date and time("2024-01-02T00:00:00Z") = date and time("2024-01-02T01:00:00+01:00") | true
  `,
}

for (const [dialect, table] of Object.entries(tables) as [Dialect, string][])
  for (const line of table.split('\n').filter((one) => one.trim() !== '')) {
    const at = line.lastIndexOf('|')
    const [source, expected] = [line.slice(0, at).trim(), line.slice(at + 1).trim()]
    test(`${dialect}: ${source}`, () => assert.equal(resultOf(source, '{}', dialect), expected))
  }

const warnings: readonly (readonly [source: string, warning: string])[] = [
  ['missing', "[NO_VARIABLE_FOUND] No variable found with name 'missing'"],
  ['{a: 1}.b', "[NO_CONTEXT_ENTRY_FOUND] No context entry found with key 'b'. Available keys: 'a'"],
  ['{}.b', "[NO_CONTEXT_ENTRY_FOUND] No context entry found with key 'b'. The context is empty"],
  ['1 + "a"', `[INVALID_TYPE] Can't add '"a"' to '1'`],
  ['1 < "a"', `[NOT_COMPARABLE] Can't compare '1' with '"a"'`],
  ['unheard(1)', "[NO_FUNCTION_FOUND] No function found with name 'unheard' and 1 parameters"],
  ['floor("x")', `[FUNCTION_INVOCATION_FAILURE] Failed to invoke function 'floor': Illegal arguments: '"x"'`],
  ['date("x" + "")', "[FUNCTION_INVOCATION_FAILURE] Failed to invoke function 'date': Failed to parse date from 'x'"],
  ['if 1 then 2 else 3', "[INVALID_TYPE] Expected boolean but found '1'"],
]
for (const [source, warning] of warnings)
  test(`warns of ${source}`, () => {
    assert.deepEqual(
      outcomeOf(source).warnings.map(({ kind, message }) => `[${kind}] ${message}`),
      [warning],
    )
  })

test('a number keeps every digit from JSON to JSON', () => {
  const json =
    '{"a":12345678901234567890123456789012345678901234567890,"b":0.1000000000000000055511151231257827,"c":-0.50}'
  assert.equal(
    resultOf('[a, b, c]', json),
    `[12345678901234567890123456789012345678901234567890,0.1000000000000000055511151231257827,-0.5]`,
  )
})
