/** Our regular expressions against the host's: random patterns and texts, where both must find the same pieces. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resultOf } from './evaluation.ts'
import { generator } from './generator.ts'

const atoms = ['a', 'b', '.', '[ab]', '[^a]', '\\w', '^', '$', 'ab', '\\b']
const quantifiers = ['', '', '', '*', '+', '?', '{2}', '{1,2}', '*?', '+?', '??', '{1,}?']

function pattern(random: (below: number) => number, depth: number): string {
  const parts = Array.from({ length: 1 + random(3) }, () => {
    const atom = depth > 0 && random(3) === 0 ? `(?:${pattern(random, depth - 1)})` : atoms[random(atoms.length)]!
    const isAnchor = /^(?:\^|\$|\\b)$/.test(atom)
    return isAnchor || atom === 'ab' ? atom : atom + quantifiers[random(quantifiers.length)]
  })
  return random(4) === 0 ? `${parts.join('')}|${pattern(random, 0)}` : parts.join('')
}

test('random patterns find what the host finds', () => {
  const random = generator(29)
  for (let count = 0; count < 3_000; count++) {
    const source = pattern(random, 2)
    const text = Array.from({ length: random(9) }, () => 'abc'[random(3)]).join('')
    const expected = JSON.stringify(text.match(new RegExp(source, 'gu')) ?? [])
    const quoted = source.replaceAll('\\', '\\\\')
    assert.equal(resultOf(`extract("${text}", "${quoted}")`), expected, `${source} in '${text}'`)
  }
})

test('a pattern that is none is null with a warning', () => {
  for (const source of ['(', 'a)', '[', '[]', 'a**', '{1}', '(?<n>a)', '\\\\p{Nothing}', '[b-a]', 'a{2,1}', '\\\\1(a)'])
    assert.equal(resultOf(`matches("a", "${source}")`), 'null', source)
})

const facts: readonly (readonly [source: string, result: string])[] = [
  ['matches("ABC", "abc", "i")', 'true'],
  ['matches("a" + "\\n" + "b", "a.b")', 'false'],
  ['matches("a" + "\\n" + "b", "a.b", "s")', 'true'],
  ['matches("a" + "\\n" + "b", "^b$", "m")', 'true'],
  ['matches("abab", "^(ab)\\\\1$")', 'true'],
  ['matches("aaa", "a*+a")', 'false'],
  ['matches("foobar", "foo(?=bar)")', 'true'],
  ['matches("foobar", "foo(?!bar)")', 'false'],
  ['matches("xyz", "[a-z-[xyz]]")', 'false'],
  ['matches("😀", "^.$")', 'true'],
  ['replace("a1b22", "[0-9]+", "<$0>")', '"a<1>b<22>"'],
  ['split("1, 2,3", ",\\\\s*")', '["1","2","3"]'],
]
for (const [source, result] of facts) test(source, () => assert.equal(resultOf(source), result))
