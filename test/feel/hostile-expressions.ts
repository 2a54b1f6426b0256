/**
 * Texts that nobody should write, by kind. Each is tried with its own variables; `bench:feel -- --hostile` says how long each takes.
 * What is long is generated, so that the table can be read.
 */
import type { Dialect } from '../../engine/feel/index.ts'

export interface Hostile {
  readonly name: string
  readonly source: string
  readonly json: string
  readonly dialect: Dialect
}

const times = (count: number, part: string): string => part.repeat(count)
const nested = (count: number, open: string, core: string, close: string): string =>
  times(count, open) + core + times(count, close)
const listed = (count: number, part: (index: number) => string, separator = ', '): string =>
  Array.from({ length: count }, (_none, index) => part(index)).join(separator)
/** `{b0: first, b1: next(b0), …}`: sizes double with each entry. */
const doubled = (first: string, next: (last: string) => string, result: string): string =>
  `{b0: ${first}, ${listed(60, (index) => `b${index + 1}: ${next(`b${index}`)}`)}, r: ${result}}.r`

type Sources = Readonly<Record<string, string>>

const prefixed = (kind: string, sources: Sources): Sources =>
  Object.fromEntries(Object.entries(sources).map(([name, source]) => [`${kind}: ${name}`, source]))

const a40 = times(40, 'a')
/** Each pattern on a text that nearly matches. */
const patterns: Sources = Object.fromEntries(
  [
    ['^(a+)+$', `${a40}b`],
    ['^(a|a)*$', `${a40}b`],
    ['^(a|aa)+$', `${a40}b`],
    ['(((a*)*)*)*b', a40],
    ['(a*)*(a*)*(a*)*b', a40],
    ['^(a?){40}a{40}$', `${times(39, 'a')}b`],
    ['a*a*a*b', times(20_000, 'a')],
    ['(.*)(.*)(.*)(.*)x', times(200, 'ab')],
    ['(.*)(.*)(.*)\\\\1\\\\2\\\\3x', times(60, 'ab')],
    ['^(a*)\\\\1\\\\1\\\\1b$', times(5_000, 'a')],
    ['(a+)\\\\1+$', `${times(3_000, 'a')}b`],
    ['((a{1,100}){1,100}){1,100}b', times(100, 'a')],
    ['(a{0,9999}){0,9999}b', times(1_000, 'a')],
    ['(ab)*c', times(20_000, 'ab')],
    ['(?:a|b|ab)*c', times(2_000, 'ab')],
    ['(?=(a+))a*b\\\\1', times(2_000, 'a')],
    ['(?!(a+)+b)a+c', times(2_000, 'a')],
    ['(a*?)*?b', times(2_000, 'a')],
    ['(a*+)*b', times(2_000, 'a')],
    ['[a-z&&]*[^\\\\s]*x', times(2_000, 'a')],
    ['(\\\\w+\\\\s?)*$', `${times(500, 'word ')}!`],
    [
      '^([a-zA-Z0-9])(([\\\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$',
      `${times(400, 'a')}!`,
    ],
    ['\\\\b(\\\\w+)\\\\b.*\\\\b\\\\1\\\\b$', listed(400, (index) => `w${index}`, ' ')],
    [nested(90, '(', 'a', ')*'), times(200, 'a')],
    [times(400, '(a|b'), times(200, 'a')],
    [`(${listed(300, (index) => `a{${index}}`, '|')})*b`, times(300, 'a')],
    [times(1_000, 'a?') + times(1_000, 'a'), times(1_000, 'a')],
    [times(300, '[^b]*'), times(300, 'a')],
  ].map(([pattern, text]) => [`'${pattern!.slice(0, 40)}'`, `matches("${text}", "${pattern}")`]),
)

const texts: Sources = {
  'matches by parts': `replace("${times(20_000, 'a')}", "a", "${times(200, 'b')}")`,
  'replacing by groups': `replace("${times(10_000, 'a')}", "(a)", "${times(100, '$1')}")`,
  'replacing in replaced': nested(30, 'replace(', `"${times(100, 'a')}"`, ', "a", "aaaa")'),
  'splitting everywhere': `split("${times(20_000, 'a')}", "")`,
  'splitting by splits': `for x in split("${times(300, 'a')}", "a"), y in split("${times(300, 'b')}", "b") return x + y`,
  'extracting everything': `extract("${times(20_000, 'a')}", "a*")`,
  'doubling by +': doubled('"xxxxxxxxxx"', (last) => `${last} + ${last}`, 'string length(b60)'),
  'doubling by string join': doubled('"xxxxxxxxxx"', (last) => `string join([${last}, ${last}], ${last})`, 'b60'),
  'doubling by replace': doubled('"ab"', (last) => `replace(${last}, "b", "bb")`, 'b60'),
  'doubling by string': doubled('["x"]', (last) => `[string(${last}), string(${last})]`, 'b60'),
  'doubling by upper case': doubled('"ß"', (last) => `upper case(${last} + ${last})`, 'b60'),
  'doubling by substring': doubled('"xy"', (last) => `substring(${last} + ${last}, 2)`, 'b60'),
  'doubling by to base64': doubled('"xxxxxxxx"', (last) => `to base64(${last} + ${last})`, 'b60'),
  'text of a shared tree': doubled('[1]', (last) => `[${last}, ${last}]`, 'string(b60)'),
  'text of shared contexts': doubled('{a: 1}', (last) => `{a: ${last}, b: ${last}}`, 'string(b60)'),
  'joining a million': 'string join(for i in 1..1000000 return "x", ",")',
  'joining long texts': `string join(for i in 1..5000 return "${times(1_000, 'x')}")`,
  'growing in a loop': 'for i in 1..100000 return string join(for j in 1..i return "x")',
  'lengths of long texts': `sum(for i in 1..100000 return string length("${times(5_000, 'x')}"))`,
  'searching long texts': `for i in 1..100000 return contains("${times(10_000, 'a')}", "${times(5_000, 'a')}b")`,
  'comparing long texts': `for i in 1..100000 return "${times(20_000, 'a')}b" < "${times(20_000, 'a')}c"`,
  'equal long texts': `for i in 1..100000 return "${times(20_000, 'a')}" + "b" = "${times(20_000, 'a')}" + "c"`,
  'trimming long texts': `for i in 1..100000 return trim("${times(10_000, ' ')}x${times(10_000, ' ')}")`,
  'blank long texts': `for i in 1..100000 return is blank("${times(20_000, ' ')}")`,
  'numbers in long texts': `for i in 1..100000 return number("${times(20_000, '9')}")`,
  'numbers with groups': `for i in 1..100000 return number("${times(10_000, '9,')}9", ",", ".")`,
  'dates in long texts': `for i in 1..100000 return date("${times(20_000, '9')}")`,
  'durations in long texts': `for i in 1..100000 return duration("P${times(20_000, '9')}D")`,
  'places of texts': `for i in 1..100000 return substring before("${times(20_000, 'a')}b", "b")`,
  'parts of texts': `for i in 1..100000 return substring("${times(20_000, 'é')}", -5)`,
  'from base64': `for i in 1..10000 return from base64("${times(4_000, 'AAAA')}")`,
  'showing long texts in warnings': `for i in 1..100000 return "${times(20_000, 'a')}" * 2`,
  'showing long lists in warnings': 'for i in 1..100000 return (for j in 1..1000 return j) + 1',
  uuids: 'for i in 1..1000000 return uuid()',
}

const loops: Sources = {
  'a range without end': 'count(for i in 1..1000000000000 return i)',
  'a range downwards': 'count(for i in 1000000000000..1 return i)',
  'a range of fractions': 'count(for i in 0.1..1000000000000 return i)',
  'a range of great decimals': `count(for i in 1${times(40, '0')}..2${times(40, '0')} return 1)`,
  'a cartesian product': 'for a in 1..1000, b in 1..1000, c in 1..1000 return a + b + c',
  'eight iterators': `for ${listed(8, (index) => `x${index} in 1..10`)} return 1`,
  'an empty product': 'for a in 1..1000000, b in [] return 1',
  'a quantifier that never settles': 'some a in 1..10000, b in 1..10000 satisfies a + b < 0',
  'every of everything': 'every a in 1..10000, b in 1..10000 satisfies true',
  'quantifiers in quantifiers': nested(8, 'every x in 1..100 satisfies ', 'true', ''),
  'loops in loops': nested(8, 'for x in 1..100 return ', '1', ''),
  'loops of loops': 'for i in (for j in 1..100000 return j), k in (for l in 1..100000 return l) return i + k',
  'growing partial results': 'for i in 1..100000 return count(partial)',
  'nested partial results': 'for i in 1..40 return partial',
  'sums of partial results': 'for i in 1..100000 return sum(partial) + 1',
  'a filter over a product': '(for a in 1..1000, b in 1..1000 return a)[item > 999]',
  'filters in filters': nested(20, '[1,2,3][', 'item > 0 and true', ']'),
  'filters of filters': `[1,2,3]${times(500, '[item > 0]')}`,
  'filters over a loop': '(for i in 1..100 return i)[count((for j in 1..1000 return j)[item > 0]) > 0]',
  'a filter that compares all': '{l: for i in 1..3000 return i, r: l[count(l[item = 1]) > 0]}.r',
  'an index in an index': nested(200, 'l[', '1', ']'),
  'dates of a century': 'count(for d in date("0001-01-01")..date("9999-12-31") return d)',
}

const recursion: Sources = {
  'a function that calls itself': '{f: function(g, n) g(g, n), r: f(function(h, n) h(h, n + 1), 0)}',
  'deep calls':
    '{y: function(f, n) if n = 0 then 0 else f(f, n - 1), r: y(function(f, n) if n = 0 then 0 else f(f, n - 1), 100000)}',
  'two calls each time': '{f: function(f, n) if n = 0 then 1 else f(f, n - 1) + f(f, n - 1), r: f(f, 40)}.r',
  'mutual calls': '{a: function(a, b, n) b(a, b, n + 1), b: function(a, b, n) a(a, b, n + 1), r: a(a, b, 0)}.r',
  'through sort': '{f: function(f) sort([2, 1, 3], function(x, y) f(f)), r: f(f)}.r',
  'through a filter': '{f: function(f) [1, 2, 3][f(f)], r: f(f)}.r',
  'through for': '{f: function(f) for i in 1..3 return f(f), r: f(f)}.r',
  'through some': '{f: function(f) some i in 1..3 satisfies f(f), r: f(f)}.r',
  'through every': '{f: function(f) every i in 1..3 satisfies f(f), r: f(f)}.r',
  'through a context': '{f: function(f) {a: f(f), b: f(f)}, r: f(f)}.r',
  'through a list': '{f: function(f) [f(f), f(f)], r: f(f)}.r',
  'through a test': '{f: function(f) 1 in (f(f)), r: f(f)}.r',
  'through an interval': '{f: function(f) [1..f(f)], r: f(f)}.r',
  'through arguments by name': '{f: function(f) f(f: f), r: f(f)}.r',
  'a list that grows': '{f: function(f, l) f(f, concatenate(l, l)), r: f(f, [1])}.r',
  'a text that grows': '{f: function(f, t) f(f, t + t), r: f(f, "x")}.r',
  'a number that grows': '{f: function(f, n) f(f, n * n), r: f(f, 9.5)}.r',
  'a context that grows':
    '{f: function(f, c) f(f, context put(c, string(count(get entries(c))), c)), r: f(f, {a: 1})}.r',
  'a function of functions': nested(40, '(function(x) [x, x])(', '1', ')'),
  'a body of 300 levels': `{f: function(f, n) ${nested(300, '(', 'f(f, n + 1)', ')')}, r: f(f, 0)}.r`,
}

const LIST = 'l: for i in 1..40000 return i'
const overList = (use: string): string => `{${LIST}, r: ${use}}.r`
/** A list of 10^6 is beyond the budget by itself; as a variable it is given. */
const lists: Sources = {
  'a million items': 'count(for i in 1..1000000 return i)',
  'doubling by concatenate': doubled('[1]', (last) => `concatenate(${last}, ${last})`, 'b60'),
  'doubling by append': doubled('[1]', (last) => `append(${last}, ${last})`, 'count(flatten(b60))'),
  'doubling by union': doubled('[1, {a: 1}]', (last) => `union(${last}, [count(${last})], ${last})`, 'b60'),
  'doubling by flatten': doubled('[1]', (last) => `flatten([${last}, ${last}])`, 'b60'),
  'doubling by for': doubled('[1, 2]', (last) => `for x in ${last}, y in ${last} return x`, 'b60'),
  'a deep list': `{b0: [1], ${listed(1_500, (index) => `b${index + 1}: [b${index}]`)}, r: [b1500 = b1500, b1500.a, flatten(b1500), b1500]}.r`,
  'the text of a deep list': `{b0: [1], ${listed(1_500, (index) => `b${index + 1}: [b${index}]`)}, r: string(b1500)}.r`,
  'equal deep lists': `{a0: [1], b0: [1], ${listed(1_200, (index) => `a${index + 1}: [a${index}], b${index + 1}: [b${index}]`)}, r: a1200 = b1200}.r`,
  'a path through a deep list': `{b0: [1], ${listed(1_500, (index) => `b${index + 1}: [b${index}]`)}, r: b1500.a}.r`,
  'a list made deep by calls':
    '{f: function(f, n, l) if n = 0 then l else f(f, n - 1, [l]), a: f(f, 100, []), b: f(f, 100, a), r: for i in 1..10 return f(f, 100, b)}.r',
  'a shared tree as it is': doubled('[1]', (last) => `[${last}, ${last}]`, 'b60'),
  'a shared tree, compared': doubled('[1]', (last) => `[${last}, ${last}]`, 'b60 = flatten(b60)'),
  'shared trees, compared': `{a: ${doubled('[1]', (last) => `[${last}, ${last}]`, 'b60')}, b: ${doubled('[1]', (last) => `[${last}, ${last}]`, 'b60')}, r: a = b}.r`,
  'a shared tree, flat': doubled('[1]', (last) => `[${last}, ${last}]`, 'flatten(b60)'),
  'a shared tree, distinct': doubled('[1]', (last) => `[${last}, ${last}]`, 'distinct values([b60, b59, b58])'),
  'a sort that lies': 'sort(for i in 1..5000 return i, function(x, y) true)',
  'a sort that is slow': 'sort(for i in 1..2000 return i, function(x, y) count(for j in 1..1000 return j) > 0)',
  'a sort of many': overList('sort(l, function(x, y) x > y)'),
  'distinct contexts': 'distinct values(for i in 1..5000 return {a: i})',
  'distinct numbers': overList('distinct values(l)'),
  'distinct decimals': 'distinct values(for i in 1..20000 return i / 7)',
  duplicates: 'duplicate values(for i in 1..5000 return i)',
  'in a long list': overList('for x in l return x in l'),
  'contained in a long list': overList('for x in l return list contains(l, 0)'),
  'places in a long list': overList('for x in l return index of(l, x)'),
  'parts of a long list': overList('for x in l return sublist(l, x)'),
  'removals from a long list': overList('for x in l return remove(l, x)'),
  'insertions into a long list': overList('for x in l return insert before(l, x, 0)'),
  'reversals of a long list': overList('for x in l return reverse(l)'),
  'appends to a long list': overList('for x in l return append(l, x)'),
  'partitions of a long list': overList('for x in l return partition(l, 1)'),
  'sums of a long list': overList('for x in l return sum(l)'),
  'products of a long list': overList('product(l)'),
  'means of a long list': overList('for x in l return mean(l)'),
  'medians of a long list': overList('for x in l return median(l)'),
  'modes of a long list': overList('for x in l return mode(l)'),
  'deviations of a long list': overList('for x in l return stddev(l)'),
  'extremes of a long list': overList('for x in l return max(l) - min(l)'),
  'truths of a long list': overList('for x in l return all(for y in l return true)'),
  'counts of a long list': overList('for x in l return count(l)'),
  'equal long lists': overList('for x in l return l = reverse(reverse(l))'),
  'paths of a long list': overList('for x in l return l.a'),
  'a thousand arguments': `sum(${listed(10_000, String)})`,
  'many lists in a call': `concatenate(${listed(5_000, () => 'l')})`,
}

const contexts: Sources = {
  'doubling contexts': doubled('{a: 1}', (last) => `{a: ${last}, b: ${last}}`, 'b60 = b59'),
  'equal contexts': 'for i in 1..100000 return {a: {b: {c: i}}} = {a: {b: {c: i}}}',
  'merged contexts':
    '{c: context(for i in 1..1000 return {key: string(i), value: i}), r: for i in 1..100000 return context merge([c, c])}.r',
  'put contexts':
    '{c: context(for i in 1..1000 return {key: string(i), value: i}), r: for i in 1..100000 return context put(c, "a", i)}.r',
  'entries of contexts':
    '{c: context(for i in 1..1000 return {key: string(i), value: i}), r: for i in 1..100000 return get entries(c)}.r',
  'values of contexts': '{c: {a: {a: {a: 1}}}, r: for i in 1..1000000 return get value(c, ["a", "a", "a"])}.r',
  'names with signs':
    '{c: context(for i in 1..1000 return {key: "a - " + string(i), value: i}), r: for i in 1..100000 return c.`a-b`}.r',
  'missing names in warnings':
    '{c: context(for i in 1..1000 return {key: string(i), value: i}), r: for i in 1..100000 return c.missing}.r',
  'a long key': `{"${times(60_000, 'a')}": 1}`,
  'many keys': `{${listed(6_000, (index) => `k${index}: ${index}`)}}`,
  'a name of one long word': `{${times(30_000, 'a')} b: 1}`,
  'deep contexts by put':
    '{f: function(f, n, c) if n = 0 then c else f(f, n - 1, context put({}, "c", c)), r: f(f, 200, {})}.r',
  'many names': `{${listed(4_000, (index) => `key ${index}: 1`)}}`,
  'many similar names': `{${listed(1_500, (index) => `${times(20, 'a ')}${index}: 1`)}}`,
  'many parameters': `(function(${listed(5_000, (index) => `p${index}`)}) p0)(1)`,
  'many variables': listed(8_000, (index) => `v${index}`, ' + '),
  'a long chain of scopes': `{${listed(2_000, (index) => `k${index}: ${index === 0 ? '1' : 'k0'}`)}}`,
  'entries that read the first': `{k0: 1, ${listed(400, (index) => `k${index + 1}: for i in 1..1000 return k0`)}}`,
}

const numbers: Sources = {
  'a power of powers': '9 ** 9 ** 9 ** 9',
  'a great power': '1.0000001 ** 999999999',
  'a great negative power': '1.0000001 ** -999999999',
  'a fractional power': 'for i in 1..100000 return 1.234567 ** 0.7654321',
  'many powers': 'for i in 1..100000 return 1.0000001 ** 99999999',
  'many small powers': 'for i in 1..100000 return i ** 15',
  'beyond decimal128': '10 ** 7000',
  'below decimal128': '10 ** -7000',
  'a great number': `${times(6_000, '9')} * ${times(6_000, '9')}`,
  'many great numbers': `for i in 1..100000 return ${times(10_000, '9')} * ${times(10_000, '7')}`,
  'sums of great numbers': `for i in 1..100000 return ${times(20_000, '9')} + ${times(20_000, '7')}`,
  'great numbers compared': `for i in 1..100000 return ${times(20_000, '9')}8 < ${times(20_000, '9')}9`,
  'great numbers negated': `for i in 1..100000 return -${times(20_000, '9')}`,
  'great numbers as text': `for i in 1..100000 return string(${times(20_000, '9')})`,
  'remainders of great numbers': 'for i in 1..100000 return modulo(10 ** 6000, 7)',
  'remainders of tiny numbers': 'for i in 1..100000 return modulo(10 ** 6000, 10 ** -6000)',
  'long quotients': 'for i in 1..100000 return 1 / 3 / 7 / 11',
  roots: 'for i in 1..100000 return sqrt(i)',
  logarithms: 'for i in 1..100000 return log(i + 0.1)',
  'logarithms of great numbers': 'for i in 1..100000 return log(10 ** 6000)',
  exponentials: 'for i in 1..100000 return exp(i / 7)',
  'a great exponential': 'exp(10 ** 30)',
  'small exponentials': 'for i in 1..100000 return exp(-10000 - i)',
  'rounding to the last digit': 'for i in 1..100000 return decimal(1 / 3, 6000)',
  'rounding great numbers': 'for i in 1..100000 return round up(10 ** 6000, -6000)',
  'rounding far beyond': 'for i in 1..100000 return floor(1 / 3, 100000)',
  'whole parts of great numbers': 'for i in 1..100000 return floor(10 ** 6000 / 7)',
  'parity of great numbers': 'for i in 1..100000 return even(10 ** 6000)',
  'a place beyond all': '[1, 2, 3][10 ** 6000]',
  'a text from a place beyond all': 'substring("abc", 10 ** 300)',
  'products without end': 'product(for i in 1..20000 return i + 0.5)',
  'sums of unlike decimals': 'sum(for i in 1..20000 return 10 ** (i / 10))',
  'deviations of decimals': 'stddev(for i in 1..20000 return i / 7)',
}

const calendar: Sources = {
  'a great duration': 'duration("P999999999999D") * 999999999999999',
  'a duration times a great number': 'duration("P1D") * 10 ** 6000',
  'a duration by a tiny number': 'duration("P1D") / 10 ** -6000',
  'beyond the calendar': 'date("9999-12-31") + duration("P999999999Y")',
  'before the calendar': 'date("-999999999-01-01") - duration("P1D")',
  'days beyond the calendar': 'date("2024-01-01") + duration("P9999999999999999D")',
  'a last year': 'for i in 1..100000 return date("999999999-12-31") - duration("P1D")',
  'no such day': '[date("2023-02-30"), date("2024-13-01"), date(2024, 0, 0), date("0000-00-00")]',
  'years beyond all': '[date(10 ** 6000, 1, 1), date(1, 10 ** 300, 1), time(25, 61, 99)]',
  'an offset beyond all': 'time(1, 1, 1, duration("P9999D"))',
  'a zone that is none': 'date and time("2024-01-01T00:00:00@Nowhere/None")',
  'many zones that are none': 'for i in 1..100000 return date and time("2024-01-01T00:00:00@Zone/" + string(i))',
  'a zone of another world': 'date and time("2024-01-01T00:00:00@../../etc/passwd")',
  'zones over and over':
    'for i in 1..100000 return date and time("2024-01-01T00:00:00@Europe/Rome") + duration("P" + string(i) + "D")',
  'zones of all years':
    'for i in 1..100000 return date and time(string(i + 1000) + "-06-01T00:00:00@Europe/Rome").time offset',
  'zones before all':
    'date and time("-999999999-01-01T00:00:00@Europe/Rome") < date and time("999999999-01-01T00:00:00@Europe/Rome")',
  'many moments': 'for i in 1..100000 return now() - now()',
  'many dates': 'for i in 1..100000 return date("2024-01-01") + duration("P1D")',
  'many months': 'for i in 1..100000 return years and months duration(date("0001-01-01"), date("9999-12-31"))',
  'many weeks': 'for i in 1..100000 return week of year(date("2024-01-01"))',
  'a sum of durations': 'sum(for i in 1..100000 return duration("P1D"))',
}

const ranges: Sources = {
  'a range of nothing': '[null..null]',
  'a range of unlike ends': '[1.."a"]',
  'ranges of ranges': nested(100, '[', '1..2', '..2]'),
  'in a range of texts': `for i in 1..100000 return "${times(10_000, 'a')}" in ["${times(10_000, 'a')}".."${times(10_000, 'b')}"]`,
  'tests without end': `1 in (${listed(8_000, String)})`,
  'ranges compared': 'for i in 1..100000 return overlaps([1..i], [2..i])',
  'tests over a long list': overList('l[item in (for x in l return x)]'),
}

const names = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '__defineGetter__',
  'process',
  'globalThis',
  'require',
]
/** Each name as a variable, a path of each kind of value, a key, a function, a parameter. */
const prototypes: Sources = Object.fromEntries(
  names.flatMap((name) => [
    [`${name} as a variable`, name],
    [`${name} as a path`, `[{}.${name}, "".${name}, [].${name}, (1).${name}, true.${name}, null.${name}]`],
    [
      `${name} of functions and times`,
      `[(function(x) x).${name}, @"2024-01-01".${name}, @"P1D".${name}, [1..2].${name}]`,
    ],
    [`${name} as a key`, `{${name}: 1}.${name}`],
    [`${name} as a function`, `${name}("return process")`],
    [`${name} as a parameter`, `(function(${name}) ${name})(${name}: 1)`],
    [
      `${name} by get value`,
      `[get value({}, "${name}"), context put({}, "${name}", 1), get value(context put({}, "${name}", {}), ["${name}", "constructor"])]`,
    ],
  ]),
)

const KB64 = 64 * 1024
const filled = (part: string): string => times(Math.floor((KB64 - 1) / part.length), part)
/** 64 kB of one token. */
const broken: Sources = Object.fromEntries(
  [
    ...[
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '`',
      '@',
      ',',
      '.',
      '..',
      ':',
      ';',
      '?',
      '-',
      '+',
      '*',
      '**',
      '/',
      '//',
      '/*',
      '*/',
      '<',
      '>',
      '=',
      '!=',
      '\\',
      '#',
      '0',
      '1 ',
      '1.',
      '.1',
      '1e',
      'a',
      'a ',
      'a.',
      'a-',
      'é',
      '😀',
      '\u0000',
      '\n',
      ' ',
    ],
    ...[
      'null ',
      'true ',
      'not ',
      'not(',
      'if ',
      'if 1 then ',
      'if 1 then 1 else ',
      'for ',
      'for x in ',
      'for x in 1 return ',
      'some x in ',
      'every x in 1 satisfies ',
      'function ',
      'function(x) ',
      'function(x) external ',
      'x instance of ',
      'x instance of list<',
      'x between ',
      'x between 1 and ',
      'x in ',
      'x in (',
      'and ',
      'or ',
      '1 or ',
      'a(',
      'a[',
      'a: ',
      '{a: ',
      '{"a": ',
      '[1..',
      '(1..',
      ']1..',
      '> ',
      '>= 1 and ',
      '@"2024-01-01" ',
      'date("2024',
      'f(x: ',
      '1,',
      '- ',
      '1 - ',
      '1 + 1 ',
      'a < b ',
      '"a" + ',
      '-1 ** ',
    ],
  ].map((part) => [`64 kB of ${JSON.stringify(part)}`, filled(part)]),
)

/** Each kind of bracket, as deep as 64 kB allow, closed and open. */
const depth: Sources = Object.fromEntries(
  [
    ['(', '1', ')'],
    ['[', '1', ']'],
    ['{a: ', '1', '}'],
    ['l[', '1', ']'],
    ['f(', '1', ')'],
    ['not(', 'true', ')'],
    ['[1..', '2', ']'],
    ['if true then ', '1', ' else 2'],
    ['for x in ', '[1]', ' return x'],
    ['some x in ', '[true]', ' satisfies x'],
    ['function(x) ', 'x', ''],
    ['(function(x) x)(', '1', ')'],
    ['x in (', '1', ')'],
    ['1 between ', '1', ' and 2'],
    ['1 + (', '1', ')'],
    ['- ', '1', ''],
    ['{a: 1}.a + (', '1', ')'],
  ].flatMap(([open, core, close]) =>
    [100, 450, 3_000].map((count) => [`${count} of '${open}'`, nested(count, open!, core!, close!)] as const),
  ),
)

const long: Sources = Object.fromEntries(
  (
    [
      ['1', ' + 1'],
      ['1', ' * 1.5'],
      ['1', ' < 1'],
      ['1', ' ** 1'],
      ['1', ' - -1'],
      ['true', ' and true'],
      ['false', ' or false'],
      ['a', '.a'],
      ['a', '[1]'],
      ['a', '(1)'],
      ['"a"', ' + "a"'],
      ['1', ' in [1..2]'],
      ['1', ' between 1 and 2'],
      ['x', ' instance of number'],
      ['[1', ', 1'],
      ['{a: 1', ', a: 1'],
      ['f(1', ', 1'],
      ['@"2024-01-01"', ' + @"P1D"'],
      ['a b c', ' d e f'],
    ] as const
  ).map(
    ([first, next]) =>
      [`'${first}' and '${next}' to 64 kB`, first + times(Math.floor((KB64 - 20) / next.length), next)] as const,
  ),
)

const JSON_TEXT = JSON.stringify({ l: [1, 2, 3] })
const BIG_JSON = JSON.stringify({ big: Array.from({ length: 1_000_000 }, (_none, index) => index) })
/** The variable `big` has a million numbers. */
const given: Sources = Object.fromEntries(
  [
    'big',
    'count(big)',
    'sum(big)',
    'mean(big)',
    'median(big)',
    'mode(big)',
    'stddev(big)',
    'max(big)',
    'sort(big, function(x, y) x > y)',
    'distinct values(big)',
    'union(big, big)',
    'concatenate(big, big)',
    'append(big, 1)',
    'flatten([big, big])',
    'reverse(big)',
    'remove(big, 1)',
    'insert before(big, 1, 0)',
    'sublist(big, 2)',
    'index of(big, -1)',
    'list contains(big, -1)',
    'list replace(big, 1, 0)',
    'list replace(big, function(x, y) x > 0, 0)',
    'string(big)',
    'string join(for x in big return string(x))',
    'big = reverse(big)',
    'big[item > 0]',
    'big.a',
    '1 in big',
    '-1 in (big)',
    'some x in big satisfies x < 0',
    'for x in big return x',
    'partition(big, 3)',
    'duplicate values(big)',
    'product(big)',
    'all(big)',
    'big instance of list<number>',
    'to json(big)',
  ].map((source) => [source, source]),
)

const deepJson = (count: number): string => `{"deep": ${nested(count, '[', '1', ']')}}`
const deep: Sources = Object.fromEntries(
  [
    'deep = deep',
    'flatten(deep)',
    'string(deep)',
    'to json(deep)',
    'distinct values([deep, deep])',
    'deep[1][1][1]',
    'deep.a',
    'deep instance of list<number>',
    'deep + 1',
  ].map((source) => [source, source]),
)

function of(kind: string, sources: Sources, json = JSON_TEXT, dialects: readonly Dialect[] = ['camunda']): Hostile[] {
  return dialects.flatMap((dialect) =>
    Object.entries(prefixed(kind, sources)).map(([name, source]) => ({
      name: dialect === 'camunda' ? name : `${name}, standard`,
      source,
      json,
      dialect,
    })),
  )
}

const BOTH: readonly Dialect[] = ['camunda', 'standard']

export const hostile: readonly Hostile[] = [
  ...of('pattern', patterns),
  ...of('text', texts, JSON_TEXT, BOTH),
  ...of('loop', loops, JSON_TEXT, BOTH),
  ...of('recursion', recursion, JSON_TEXT, BOTH),
  ...of('list', lists, JSON_TEXT, BOTH),
  ...of('context', contexts, JSON_TEXT, BOTH),
  ...of('number', numbers),
  ...of('calendar', calendar, JSON_TEXT, BOTH),
  ...of('range', ranges, JSON_TEXT, BOTH),
  ...of('prototype', prototypes, JSON_TEXT, BOTH),
  ...of('broken', broken),
  ...of('depth', depth),
  ...of('long', long, JSON_TEXT, BOTH),
  ...of('a million given', given, BIG_JSON, BOTH),
  ...of('deep JSON', deep, deepJson(900), BOTH),
]
