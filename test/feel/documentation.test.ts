/** docs/feel.md: every example gives the result that stands beside it, and every function has its entry, with an example. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Context,
  compileExpression,
  compileUnaryTests,
  type Dialect,
  evaluate,
  explainFault,
  explainWarning,
  fromJson,
  signatures,
  type Value,
} from '../../engine/feel/index.ts'
import { textOf } from '../house/sources.ts'
import { evaluationOf, outcomeOf } from './evaluation.ts'
import { type Block, blocksOf, type Example, examplesIn, rowsOf } from './markdown.ts'

const page = textOf('docs/feel.md')
const variables = blocksOf(page).find(({ language }) => language === 'json')!.text
const examples = blocksOf(page).flatMap(examplesIn)

for (const { source, dialects, result } of examples)
  for (const dialect of dialects) test(`${dialect}: ${source}`, () => assertGives(source, result, dialect))

/** `result` is FEEL as well, so that a date is told from its text; or it says why there is none. */
function assertGives(source: string, result: string, dialect: Dialect): void {
  const outcome = outcomeOf(source, variables, dialect)
  const reason = /^(?:no FEEL|fails)(?:: (.*))?$/.exec(result)
  if (reason === null) {
    if (value(`[${source}] = [${result}]`, dialect) !== true)
      assert.equal(value(`string([${source}])`, dialect), value(`string([${result}])`, dialect))
  } else {
    assert.ok(!outcome.ok, `${dialect}: ${source}`)
    assert.equal(outcome.message.startsWith('no FEEL'), result.startsWith('no FEEL'))
    assert.ok(outcome.message.includes(reason[1] ?? ''), outcome.message)
  }
}

function value(source: string, dialect: Dialect): Value {
  const outcome = outcomeOf(source, variables, dialect)
  assert.ok(outcome.ok, outcome.ok ? '' : `${dialect}: ${source}: ${outcome.message}`)
  return outcome.value
}

for (const [cell, of, passes] of rowsOf(page, 'cell'))
  test(`cell ${cell} of ${of}`, () => {
    for (const dialect of ['camunda', 'standard'] as const) {
      const compiled = compileUnaryTests(cell!, dialect)
      const input = outcomeOf(of!, variables, dialect)
      assert.ok(compiled.ok && input.ok)
      const outcome = evaluate(compiled.expression, evaluationOf(variables, { input: input.value }))
      assert.ok(outcome.ok)
      assert.equal(String(outcome.value), passes, dialect)
    }
  })

for (const [, source, camunda, standard] of rowsOf(page, 'difference'))
  if (source !== '')
    test(`the dialects differ: ${source}`, () => {
      assert.notEqual(camunda, standard)
      assertGives(source!, camunda!, 'camunda')
      assertGives(source!, standard!, 'standard')
    })

/** The entries of the functions: a heading of the fourth level, its signatures, its examples. */
const entries = new Map(
  page
    .split(/^#### /m)
    .slice(1)
    .map((entry) => {
      const [, name = '', dialect = null] = /^(.*?)(?: \((camunda|standard)\))?\n/.exec(entry) ?? []
      const blocks = blocksOf(entry.split(/^##/m)[0]!)
      return [name, { dialect, blocks }] as const
    }),
)
const names = new Set(signatures.map(({ name }) => name))

test('every function has an entry, and every entry is of a function', () => {
  assert.deepEqual([...entries.keys()].toSorted(), [...names].toSorted())
})

for (const name of names) {
  const own = signatures.filter((one) => one.name === name)
  const entry = entries.get(name) ?? { dialect: null, blocks: [] }
  const told = signaturesIn(entry)

  test(`the entry of ${name} tells its signatures as they are`, () => {
    const defined = own.map(({ signature, dialect }) => `${signature} ${dialect}`)
    assert.deepEqual(
      told.map(({ signature, dialect }) => `${signature} ${dialect}`).filter((one) => !defined.includes(one)),
      [],
    )
  })

  test(`the entry of ${name} tells each way to call it`, () => {
    for (const dialect of dialectsOf(own)) assert.deepEqual(waysIn(told, dialect), waysIn(own, dialect))
  })

  test(`an example calls ${name} in each dialect that knows it`, () => {
    const calls = entry.blocks.flatMap(examplesIn).filter(({ source }) => source.includes(`${name}(`))
    const missing = dialectsOf(own).filter((dialect) => !calls.some(({ dialects }) => dialects.includes(dialect)))
    assert.deepEqual(missing, [])
  })
}

type Signature = (typeof signatures)[number]

function signaturesIn({
  dialect,
  blocks,
}: {
  dialect: string | null
  blocks: readonly Block[]
}): readonly Omit<Signature, 'name'>[] {
  const lines =
    blocks
      .find(({ language }) => language === '')
      ?.text.trim()
      .split('\n') ?? []
  return lines.map((line) => {
    const [, signature = '', only = dialect] = /^(.*?\))(?: +(camunda|standard))?$/.exec(line) ?? []
    return { signature, dialect: only as Dialect | null }
  })
}

/** The names of the parameters; variants that differ in types only are one way to call. */
const waysIn = (list: readonly Omit<Signature, 'name'>[], dialect: Dialect): readonly string[] =>
  [...new Set(list.filter((one) => one.dialect === null || one.dialect === dialect).map(waysOf))].toSorted()
const waysOf = ({ signature }: Omit<Signature, 'name'>): string => signature.replace(/: [^,)]+/g, '')

const dialectsOf = (own: readonly { readonly dialect: Dialect | null }[]): readonly Dialect[] =>
  (['camunda', 'standard'] as const).filter((one) => own.some(({ dialect }) => dialect === null || dialect === one))

/** Only what takes nothing else is asked: `any` has a meaning for null, and so may a list. */
const typed = signatures.filter(({ signature }) => !/any|\.\.\.|: null|\(\)/.test(signature))
test('null where a signature names a type makes the call null', () => {
  for (const { name, signature, dialect } of typed) {
    const nulls = signature.split(', ').map(() => 'null')
    for (const one of dialectsOf([{ dialect }])) assertGives(`${name}(${nulls.join(', ')})`, 'null', one)
  }
})

test('the page has what it takes to prove it', () => {
  const sources = (list: readonly Example[]): number => new Set(list.map(({ source }) => source)).size
  assert.ok(sources(examples) > 300)
  assert.ok([...rowsOf(page, 'difference')].length > 20)
})

const known = { dialect: 'camunda', variables: [...(fromJson(variables) as Context).keys()] } as const

for (const [source, result, warning] of rowsOf(page, 'evaluated'))
  test(`the warning of ${source}`, () => {
    assertGives(source!, result!, 'camunda')
    const { warnings } = outcomeOf(source!, variables)
    assert.deepEqual([explainWarning(warnings[0]!, known)], [warning])
  })

for (const [source, answer] of rowsOf(page, 'written'))
  test(`the fault of ${source}`, () => {
    const compiled = compileExpression(source!)
    assert.ok(!compiled.ok)
    const column = compiled.fault.at + 1
    assert.equal(
      explainFault(source!, compiled.fault),
      `${answer!.replaceAll('\\`', '`')}\n  ${source}\n  ${' '.repeat(column - 1)}^`,
    )
  })

/** As GitHub makes them of headings. */
const anchorsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )

for (const path of ['docs/feel.md', 'docs/dmn.md'])
  test(`the links of ${path} lead somewhere, its headings differ`, () => {
    const text = textOf(path)
    const anchors = anchorsOf(text)
    assert.deepEqual(anchors, [...new Set(anchors)])
    const links = [...text.matchAll(/\]\(((?:\w+\.md)?)#([\w-]+)\)/g)].map(([, file, anchor]) => ({
      file: file!,
      anchor: anchor!,
    }))
    const dead = links.filter(
      ({ file, anchor }) => !(file === '' ? anchors : anchorsOf(textOf(`docs/${file}`))).includes(anchor),
    )
    assert.deepEqual(dead, [])
  })
