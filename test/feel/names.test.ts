/** Which variables an expression reads, one a line: source, then the names. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileExpression } from '../../engine/feel/index.ts'

const table = `
  x > 10                                                  | x
  x > 10 and y < 5 or x = 0                               | x y
  order.total.net >= 100                                  | order
  if ready then a else b                                  | ready a b
  abs(x) + count(list)                                    | x list
  string length(\`full name\`) > 3                          | full name
  for i in list, j in 1..n return i + j + k               | list n k
  some item in orders satisfies item.late                 | orders
  people[age > limit]                                     | people age limit
  people[item.age > 3]                                    | people
  {a: 1, b: a + c}.b                                      | c
  {f: function(a) a + b, r: f(1)}.r                       | b
  x in [1..limit]                                         | x limit
  date(day) < now()                                       | day
  "x" = "y"                                               |
  true                                                    |
`

for (const line of table.trim().split('\n')) {
  const [source = '', names = ''] = line.split('|').map((part) => part.trim())
  test(`${source} reads ${names === '' ? 'nothing' : names}`, () => {
    const compiled = compileExpression(source)
    assert.ok(compiled.ok)
    const expected = names === 'full name' ? ['full name'] : names.split(' ').filter((name) => name !== '')
    assert.deepEqual(compiled.expression.names, expected)
  })
}
