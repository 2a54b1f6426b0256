/** House rules that neither the compiler nor the linter can say. Each failure names the file, the line and the remedy. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path/posix'
import { test } from 'node:test'
import { type Node, SyntaxKind } from 'typescript/unstable/ast'
import { isAsExpression, isStringLiteral } from 'typescript/unstable/ast/is'
import { filesLike, nodesOf, placeOf, root, type Source, sources, textOf } from './sources.ts'

const nothing = (found: readonly string[]): void => assert.deepEqual(found, [])
const nodesWhere = (holds: (node: Node) => boolean): string[] =>
  sources.flatMap((source) => [...nodesOf(source.ast)].filter(holds).map((node) => placeOf(source, node)))

const TOP_LEVEL = new Set([
  ...['engine', 'workers', 'processes', 'forms', 'connectors', 'test', 'docs', 'main.ts'],
  ...['package.json', 'package-lock.json', 'tsconfig.json', 'biome.json', 'docker-compose.yml', 'publiccode.yml'],
  ...['README.md', 'LICENSE', 'NOTICE', 'CONTRIBUTING.md', 'CHANGELOG.md'],
])
const GENERATED = new Set(['node_modules', 'data', 'build'])

test('the top level stays as it is', () => {
  const names = readdirSync(root).filter((name) => !name.startsWith('.') && !GENERATED.has(name))
  nothing(names.filter((name) => !TOP_LEVEL.has(name)))
})

test('no file is named after nothing in particular: name what it owns', () => {
  const empty = /^(?:utils?|helpers?|types|common|misc|shared|lib|interfaces?|constants|managers?|services?)\.ts$/
  // A platform's connector is client, types, sandbox: there "types" are the platform's own words.
  const isPlatform = (path: string): boolean => /^connectors\/[^/]+\/types\.ts$/.test(path)
  nothing(sources.map(({ path }) => path).filter((path) => empty.test(basename(path)) && !isPlatform(path)))
})

test('file names are kebab-case', () => {
  const kebab = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(?:test|generate|d))?\.ts$/
  nothing(sources.map(({ path }) => path).filter((path) => !kebab.test(basename(path))))
})

test('types are never switched off', () => {
  nothing(nodesWhere(({ kind }) => kind === SyntaxKind.AnyKeyword))
  nothing(nodesWhere((node) => isAsExpression(node) && /\bas unknown$/.test(node.expression.getText())))
  const silenced = /@ts-(?:ignore|nocheck|expect-error)|(?:eslint|biome)-(?:disable|ignore)/
  nothing(
    sources
      .filter(({ path, ast }) => silenced.test(ast.text) && path !== 'test/house/tidy.test.ts')
      .map(({ path }) => path),
  )
})

test('no test is skipped without a reason, singled out, put off or paced by sleep', () => {
  const excuse = /\b(?:test|it|describe)\.(?:only|todo|skip)\(|\bskip: true\b|setTimeout\(resolve/
  const tests = sources.filter(({ path }) => path.endsWith('.test.ts') && path !== 'test/house/tidy.test.ts')
  nothing(tests.filter(({ ast }) => excuse.test(ast.text)).map(({ path }) => path))
})

const FUNCTIONS = new Set([
  SyntaxKind.FunctionDeclaration,
  SyntaxKind.FunctionExpression,
  SyntaxKind.ArrowFunction,
  SyntaxKind.MethodDeclaration,
  SyntaxKind.Constructor,
  SyntaxKind.GetAccessor,
  SyntaxKind.SetAccessor,
])
const lines = (text: string): number => text.split('\n').length
const isOfTheProduct = ({ path }: Source): boolean => !path.startsWith('test/')
const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((one, other) => one - other)[Math.ceil(values.length * share) - 1] ?? 0

test('functions and files stay small', () => {
  const product = sources.filter(isOfTheProduct)
  const functions = product.flatMap((source) =>
    [...nodesOf(source.ast)]
      .filter(({ kind }) => FUNCTIONS.has(kind))
      .map((node) => ({ place: placeOf(source, node), lines: lines(node.getText()) })),
  )
  const fileLines = product.map(({ ast }) => lines(ast.text))
  nothing(functions.filter(({ lines }) => lines > 70).map(({ place, lines }) => `${place}: ${lines} lines`))
  assert.ok(
    percentile(
      functions.map(({ lines }) => lines),
      0.95,
    ) <= 45,
  )
  assert.ok(percentile(fileLines, 0.5) <= 100)
  assert.ok(percentile(fileLines, 0.95) <= 350)
})

/** Files of ours that a source names relative to itself: imported, started as a thread or process, sent to the browser. */
const namedBy = ({ path, ast }: Source): string[] =>
  [...nodesOf(ast)]
    .filter(isStringLiteral)
    .filter(({ text }) => /^\.\.?\//.test(text))
    .map(({ text }) => join(dirname(path), text))

test('no file is dead: main.ts or a script of package.json leads to each', () => {
  const byPath = new Map(sources.map((source) => [source.path, source]))
  const scripts = textOf('package.json')
  const reached = new Set<string>()
  const reach = (path: string): void => {
    const source = byPath.get(path)
    if (source === undefined || reached.has(path)) return
    reached.add(path)
    for (const next of namedBy(source)) reach(next)
  }
  for (const path of byPath.keys()) if (path === 'main.ts' || scripts.includes(path)) reach(path)
  const described = sources.map(({ path }) => path).filter((path) => !path.endsWith('.d.ts'))
  nothing(described.filter((path) => !path.startsWith('test/') && !reached.has(path)))
})

test('the text speaks of the product alone', () => {
  // A socket's path must be short, so that a folder in /tmp bears our name.
  const elsewhere = /\/work\/|\/tmp\/(?!iter-)|\bsubagent|\bcoding agent|\bthis session of\b|\bLLM\b/
  const texts = filesLike('**/*.{ts,md,yml,json,bpmn,dmn,form}').filter(
    (path) => path !== 'package-lock.json' && path !== 'test/house/tidy.test.ts',
  )
  nothing(texts.filter((path) => elsewhere.test(textOf(path))))
})
