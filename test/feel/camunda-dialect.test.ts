/**
 * What the `camunda` dialect answers, as Zeebe 8.8.0 does: each line was answered by its FEEL (feel-engine 1.19.3) in the same words.
 * `no FEEL` where it does not parse; `fails:` with its reason where the evaluation has no value.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileExpression } from '../../engine/feel/index.ts'
import { outcomeOf, resultOf } from './evaluation.ts'

const table = `
    5 in [1..9] and true                                                     | true
    5 in [1..9] and false                                                    | false
    5 in [1..9] or false                                                     | true
    5 in > 3 and true                                                        | true
    true and 5 in [7..9] or true                                             | true
    "a" in ("a") and false                                                   | false
    5 in (< 3)                                                               | false
    5 in ((< 3) or (> 4))                                                    | true
    5 in (true)                                                              | true
    5 in true                                                                | null
    false in (false)                                                         | true
    5 in (not(5))                                                            | false
    5 in not(5)                                                              | false
    5 in ]4..5[                                                              | false
    5 in [null..9]                                                           | null
    [1..5]                                                                   | null
    [< 5]                                                                    | [null]
    [1..5] = [1..5]                                                          | no FEEL
    [1..3][1]                                                                | no FEEL
    1 < 2 = true                                                             | no FEEL
    1 + if true then 1 else 2                                                | no FEEL
    +5                                                                       | no FEEL
    before(1, [2..5])                                                        | true
    includes(["a".."c"], "b")                                                | null
    includes(1, 1)                                                           | fails: scala.MatchError: (1,1) (of class scala.Tuple2)
    coincides(5, [5..5])                                                     | false
    meets(1, 1)                                                              | fails: scala.MatchError: (1,1) (of class scala.Tuple2)
    finishes(range: [1..5], point: 5)                                        | true
    includes(point: 6, range: [5..10])                                       | true
    floor                                                                    | null
    get or else(floor, "d")                                                  | "d"
    {f: function(x) x + 1}                                                   | {}
    {f: function(x) x + 1, r: f(2)}                                          | {"r":3}
    {f: function(x) x, g: f}.g                                               | null
    {floor: function(x, y) x, r: floor(1.5)}.r                               | 1
    {o: {f: function(x) x}, r: o.f(1)}.r                                     | 1
    {o: {a: 1}, r: o.a(1)}                                                   | fails: No function found with name 'a' and 1 parameters
    missing.f(1)                                                             | fails: Expected context but found 'null'
    (function(x) x)(1)                                                       | no FEEL
    {f: function(x: number) x, r: f(1)}.r                                    | no FEEL
    for i in [[1, 2]], j in i return j                                       | null
    for i in [1, 2], j in [i, 3] return j                                    | [null,3,null,3]
    some x in [[1, 2]], y in x satisfies y = 2                               | null
    for i in [1..3] return i                                                 | no FEEL
    for i in ([1..3]) return i                                               | null
    for i in 1 + 1..2 * 2 return i                                           | [2,3,4]
    {a b: 1}.\`a b\`                                                         | 1
    {a-b: 1}                                                                 | {"a-b":1}
    {a b: 1}.a b                                                             | no FEEL
    "\\b\\f"                                                                 | "\\b\\f"
    1 instance of foo                                                        | false
    1 instance of any                                                        | false
    null instance of Null                                                    | false
    date("2024-01-01") instance of date and time                             | false
    date("2024-01-01") instance of date time                                 | no FEEL
    (function(x) x) instance of function                                     | true
    date and time("2024-01-01T00:00:00Z") instance of date and time          | true
    cycle(3, duration("PT1H"))                                               | "R3/PT1H"
    cycle(duration("P1D"))                                                   | "R/P1D"
    cycle(null, duration("P1M"))                                             | "R/P1M"
    cycle(3.7, duration("PT1.5S"))                                           | "R3/PT1S"
    cycle("a")                                                               | null
    list contains([{a: 1}], {a: 1})                                          | false
    list contains([1.0], 1)                                                  | true
    index of([{a: 1}], {a: 1})                                               | []
    distinct values([{a: 1}, {a: 1.0}])                                      | [{"a":1}]
    [1, 2] < [1, 2]                                                          | fails: java.lang.IllegalArgumentException: [1, 2] can not be compared to [1, 2]
    min([[1], [2]])                                                          | fails: java.lang.IllegalArgumentException: [1] can not be compared to [2]
    max([true])                                                              | null
    stddev([47])                                                             | fails: java.lang.ArithmeticException: Division undefined
    sublist([1, 2, 3], -5)                                                   | [1,2,3]
    string join(["a", "b"], ",", "<", null)                                  | null
    string join(["a", "b"], ",", "<", ">")                                   | "<a,b>"
    append(list: [1], items: [2])                                            | [1,2]
    append(list: 1, items: 2)                                                | null
    min(list: 1)                                                             | null
    context merge(contexts: {a: 1})                                          | null
    get value(context: {a: {b: 2}}, key: ["a", "b"])                         | 2
    put({a: 1}, ["a", "b"], 1)                                               | {"a":{"b":1}}
    assert(1, true, 2)                                                       | 1
    assert(1, false, 2)                                                      | fails: Illegal arguments: '1', 'false', '2'
    assert(1, null, "why")                                                   | fails: why
    substring("foobar", 10)                                                  | fails: java.lang.StringIndexOutOfBoundsException: Range [9, 6) out of bounds for length 6
    substring("foobar", 3, -1)                                               | fails: java.lang.StringIndexOutOfBoundsException: Range [2, 1) out of bounds for length 6
    modulo(5, 0)                                                             | fails: java.lang.ArithmeticException: Division by zero
    0 ** -2                                                                  | fails: java.lang.ArithmeticException: Division by zero
    -2 ** 2.5                                                                | fails: java.lang.NumberFormatException: Character N is neither a decimal digit number, decimal point, nor "e" notation exponential mark.
    log(0)                                                                   | fails: java.lang.NumberFormatException: Character I is neither a decimal digit number, decimal point, nor "e" notation exponential mark.
    sqrt(-1)                                                                 | null
    decimal(1, 2000000)                                                      | 1
    round half up(1.5, 0)                                                    | 2
    from base64("RkVFTA==")                                                  | null
    to base64("FEEL")                                                        | "RkVFTA=="
    trim("\ta\t")                                                            | "a"
    is blank(" ")                                                            | true
    split("abc", "")                                                         | ["a","b","c",""]
    number("1,000.5", ",", ".")                                              | 1000.5
    number("1,5", null, ",")                                                 | 1.5
    number("1,5", null, null)                                                | null
    number("1 5", "x")                                                       | null
    date("2024-02-30")                                                       | null
    date("12024-01-01")                                                      | "+12024-01-01"
    time("24:00:00")                                                         | "00:00"
    time("10:00Z")                                                           | null
    time("10:00:00z")                                                        | null
    time("10:00:00@EST")                                                     | null
    time(10, 0, 0.5)                                                         | "10:00:00.500"
    time(10, 0, 0.5, null)                                                   | "10:00"
    date and time("2024-02-29T10:00Z")                                       | "2024-02-29T10:00:00Z"
    date and time("2024-03-31T02:30:00@Europe/Rome")                         | "2024-03-31T03:30:00+02:00[Europe/Rome]"
    date and time("2024-10-27T02:30:00@Europe/Rome")                         | "2024-10-27T02:30:00+02:00[Europe/Rome]"
    date and time("2024-07-29T10:00:00+02:00[Europe/Rome]")                  | null
    date and time(date and time("2024-01-01T10:00:00Z"), "+02:00")           | "2024-01-01T12:00:00+02:00"
    date and time(date and time("2024-01-01T10:00:00Z"), "Nowhere")          | fails: java.time.zone.ZoneRulesException: Unknown time-zone ID: Nowhere
    date and time(date: date and time("2024-01-01T10:00:00"), time: "Europe/Rome") | "2024-01-01T10:00:00+01:00[Europe/Rome]"
    date and time("2024-02-29T10:00:00Z") < date and time("2024-02-29T11:00:00+01:00") | true
    date and time("2024-02-29T10:00:00Z") = date and time("2024-02-29T11:00:00+01:00") | false
    time("10:00:00Z") - time("11:00:00Z")                                    | "PT1H"
    time("10:00:00") - time("11:00:00")                                      | "-PT1H"
    duration("-PT1.5S")                                                      | "-PT2S"
    duration("-PT1.5S").seconds                                              | -2
    time("10:11:12.5").second                                                | 12
    duration("P-1Y2M")                                                       | "-P10M"
    duration("-PT-1H")                                                       | "PT1H"
    duration("p1d")                                                          | "P1D"
    duration("PT1,5S")                                                       | "PT1S"
    duration("P1Y") / duration("P5M")                                        | 2
    duration("P1D") / duration("PT5H")                                       | 4
    duration("PT0.1234567891S")                                              | null
    @"P1W"                                                                   | null
    matches("b", "[a-c&&[^b]]")                                              | false
    matches("c", "[a-c&&[^b]]")                                              | true
    matches("ab", "(?>a+)ab")                                                | false
    matches("É", "é", "i")                                                   | false
    replace("Abc", "(?i)a", "x")                                             | "xbc"
    replace("abc", "b", "$1")                                                | null
    matches("]", "]")                                                        | true
    matches("a", "A", "q")                                                   | false
    null or 1                                                                | null
`

function answerOf(source: string): string {
  if (!compileExpression(source).ok) return 'no FEEL'
  const outcome = outcomeOf(source)
  return outcome.ok ? resultOf(source) : `fails: ${outcome.message}`
}

for (const line of table.split('\n').filter((one) => one.trim() !== '')) {
  const at = line.lastIndexOf(' | ')
  const [source, expected] = [line.slice(0, at).trim(), line.slice(at + 3).trim()]
  test(source, () => assert.equal(answerOf(source), expected))
}

const warnings: readonly (readonly [source: string, warnings: readonly string[]])[] = [
  ['missing.a.b', ["[NO_VARIABLE_FOUND] No variable found with name 'missing'"]],
  ['null or 1', ["[INVALID_TYPE] Expected boolean but found 'null'"]],
  ['1 != "a"', ["[NOT_COMPARABLE] Can't compare '1' with '\"a\"'", "[INVALID_TYPE] Expected boolean but found 'null'"]],
  [
    '1 between "a" and 2',
    ["[NOT_COMPARABLE] Can't compare '1' with '\"a\"'", "[INVALID_TYPE] Expected boolean but found 'null'"],
  ],
  ['not(1 = "a")', ["[NOT_COMPARABLE] Can't compare '1' with '\"a\"'"]],
  [
    'for i in missing, j in 5 return i',
    [
      "[NO_VARIABLE_FOUND] No variable found with name 'missing'",
      "[INVALID_TYPE] Expected list but found 'null'",
      "[INVALID_TYPE] Expected list but found '5'",
    ],
  ],
  ['some x in [1, "a"] satisfies x', ["[INVALID_TYPE] Expected boolean but found '1'"]],
  ['floor(1, 2, 3)', ["[NO_FUNCTION_FOUND] No function found with name 'floor' and 3 parameters"]],
  ['{a: 1, b: missing(a.x)}', ["[NO_FUNCTION_FOUND] No function found with name 'missing' and 1 parameters"]],
  [
    'append(null, 1)',
    ["[FUNCTION_INVOCATION_FAILURE] Failed to invoke function 'append': Illegal arguments: 'null', '[1]'"],
  ],
  ['[1, 2][item != 1]', ["[NO_VARIABLE_FOUND] No variable found with name 'item'"]],
  [
    'string join([1, "a"])',
    [
      "[FUNCTION_INVOCATION_FAILURE] Failed to invoke function 'string join': expected a list of strings but found 'List(1, \"a\")'",
    ],
  ],
  [
    'time("10:00:00").day',
    [
      "[NO_PROPERTY_FOUND] No property found with name 'day' of value '10:00:00'. Available properties: 'timezone', 'second', 'time offset', 'minute', 'hour'",
    ],
  ],
  ['date("x" + "")', ["[FUNCTION_INVOCATION_FAILURE] Failed to invoke function 'date': Failed to parse date from 'x'"]],
  [
    'time("x" + "Z")',
    ["[FUNCTION_INVOCATION_FAILURE] Failed to invoke function 'time': Failed to parse local-time from 'xZ'"],
  ],
  [
    'date and time("2024-01-0x" + "")',
    [
      "[FUNCTION_INVOCATION_FAILURE] Failed to invoke function 'date and time': Failed to parse date-time from '2024-01-0x'",
    ],
  ],
  [
    'duration("P" + "")',
    [
      "[FUNCTION_INVOCATION_FAILURE] Failed to invoke function 'duration': Failed to parse year-month-duration from 'P'",
    ],
  ],
  [
    'number("1 5", "x")',
    [
      "[FUNCTION_INVOCATION_FAILURE] Failed to invoke function 'number': illegal argument for grouping. Must be one of ' ', ',' or '.'",
    ],
  ],
  [
    'cycle(3, null)',
    [
      "[FUNCTION_INVOCATION_FAILURE] Failed to invoke function 'cycle': cycle function expected a repetitions (number) and an interval (duration) parameter, but found '[3, null]'",
    ],
  ],
  ['{f: function(x) x}.f', ["[NO_CONTEXT_ENTRY_FOUND] No context entry found with key 'f'. The context is empty"]],
]

for (const [source, expected] of warnings)
  test(`warns of ${source}`, () => {
    const found = outcomeOf(source).warnings.map(({ kind, message }) => `[${kind}] ${message}`)
    assert.deepEqual(found, expected)
  })
