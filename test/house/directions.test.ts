/**
 * Imports point one way. The table says, for each part, which other parts and which modules it may import; a part that is
 * not in the table may not exist. Type-only imports count: what is named is known.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Node, SyntaxKind } from 'typescript/unstable/ast'
import { importsOf, nodesOf, placeOf, sources } from './sources.ts'

const ANY_MODULE = 'any module'

interface Part {
  readonly parts: readonly string[]
  /** Modules from npm and Node. */
  readonly modules: typeof ANY_MODULE | readonly string[]
}

const PROTOCOL = 'engine/protocol'
const FEEL = 'engine/feel'
const MODEL = 'engine/model'
const CORE_LANGUAGE = [
  'engine/core/state',
  'engine/core/documents.ts',
  'engine/core/lists.ts',
  'engine/core/lifecycle.ts',
  PROTOCOL,
]
const CORE_DECISIONS = [...CORE_LANGUAGE, 'engine/core/processing.ts', 'engine/core/prepared.ts', FEEL, MODEL]

/** A path belongs to the longest name it starts with. */
const PARTS: Readonly<Record<string, Part>> = {
  'main.ts': {
    parts: [
      'engine',
      'engine/gateway',
      'engine/runtime',
      'engine/store',
      PROTOCOL,
      'connectors',
      'connectors/contabilita',
      'connectors/documents',
      'connectors/zeebe',
      'workers',
      'forms',
      'processes',
    ],
    modules: ANY_MODULE,
  },
  engine: {
    parts: ['engine/gateway', 'engine/runtime', 'engine/store', 'engine/core', MODEL, FEEL, PROTOCOL],
    modules: ANY_MODULE,
  },
  'engine/gateway': { parts: ['engine/runtime', PROTOCOL], modules: ANY_MODULE },
  'engine/runtime': { parts: ['engine/core', ...CORE_DECISIONS, 'engine/store'], modules: ANY_MODULE },
  'engine/store': { parts: ['engine/core/state', PROTOCOL], modules: ANY_MODULE },
  'engine/core': {
    parts: [...CORE_DECISIONS, 'engine/core/commands', 'engine/core/elements', 'engine/core/appliers'],
    modules: [],
  },
  'engine/core/commands': { parts: [...CORE_DECISIONS, 'engine/core/behaviors', 'engine/core/elements'], modules: [] },
  'engine/core/elements': { parts: [...CORE_DECISIONS, 'engine/core/behaviors'], modules: [] },
  'engine/core/behaviors': { parts: CORE_DECISIONS, modules: [] },
  'engine/core/processing.ts': { parts: [...CORE_DECISIONS, 'engine/core/appliers'], modules: [] },
  'engine/core/appliers': { parts: CORE_LANGUAGE, modules: [] },
  'engine/core/prepared.ts': { parts: [FEEL, MODEL, PROTOCOL], modules: [] },
  'engine/core/state': { parts: [PROTOCOL], modules: [] },
  'engine/core/lists.ts': { parts: ['engine/core/state', PROTOCOL], modules: [] },
  'engine/core/documents.ts': { parts: [PROTOCOL], modules: [] },
  'engine/core/lifecycle.ts': { parts: [PROTOCOL], modules: [] },
  'engine/model': { parts: [FEEL, PROTOCOL], modules: ANY_MODULE },
  'engine/feel': { parts: [], modules: ['@bpmn-io/lezer-feel', '@lezer/common', '@lezer/lr', 'saxes'] },
  'engine/protocol': { parts: [], modules: [] },
  forms: {
    parts: [
      'connectors/zeebe',
      'connectors/contabilita',
      'connectors/documents',
      'connectors/gis/geometry',
      'connectors/schema.ts',
      'processes',
      FEEL,
      PROTOCOL,
    ],
    modules: ANY_MODULE,
  },
  workers: {
    parts: [
      'connectors',
      'connectors/zeebe',
      'connectors/contabilita',
      'connectors/documents',
      'connectors/gis/geometry',
      'connectors/rest',
      'processes',
      FEEL,
      PROTOCOL,
    ],
    modules: ANY_MODULE,
  },
  'connectors/zeebe': { parts: ['connectors', PROTOCOL], modules: ANY_MODULE },
  connectors: {
    parts: [
      'connectors/contabilita',
      'connectors/documents',
      'connectors/gis/geometry',
      'connectors/rest',
      'connectors/schema.ts',
    ],
    modules: ANY_MODULE,
  },
  'connectors/gis/geometry': { parts: [], modules: [] },
  'connectors/contabilita': { parts: ['connectors', 'connectors/schema.ts'], modules: ANY_MODULE },
  'connectors/documents': { parts: ['connectors', 'connectors/schema.ts'], modules: ANY_MODULE },
  'connectors/schema.ts': { parts: [], modules: ['knex'] },
  'connectors/rest': { parts: ['connectors', FEEL], modules: ANY_MODULE },
  processes: { parts: [], modules: ANY_MODULE },
  test: { parts: [], modules: ANY_MODULE },
}

const partOf = (path: string): string | undefined =>
  Object.keys(PARTS)
    .filter((part) => path === part || path.startsWith(`${part}/`))
    .sort((one, other) => other.length - one.length)[0]

const isOurs = (name: string): boolean => name.endsWith('.ts') || partOf(name) !== undefined

function mayImport(from: string, name: string): boolean {
  const { parts, modules } = PARTS[from]!
  if (!isOurs(name)) return modules === ANY_MODULE || modules.includes(name)
  const to = partOf(name)
  return from === 'test' || to === from || (to !== undefined && parts.includes(to))
}

test('every file belongs to a part of the house', () => {
  assert.deepEqual(
    sources.map(({ path }) => path).filter((path) => partOf(path) === undefined),
    [],
  )
})

test('imports point one way', () => {
  const wrong = sources.flatMap((source) => {
    const from = partOf(source.path) ?? 'test'
    return importsOf(source)
      .filter((name) => !mayImport(from, name))
      .map(
        (name) =>
          `${source.path} imports ${name}: ${from} may see ${PARTS[from]!.parts.join(', ') || 'nothing of ours'}`,
      )
  })
  assert.deepEqual(wrong, [])
})

test('no file imports itself in a circle', () => {
  const imports = new Map(sources.map((source) => [source.path, importsOf(source)]))
  const finished = new Set<string>()
  const circles: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(' → '))
    if (finished.has(path) || trail.includes(path)) return
    for (const next of imports.get(path) ?? []) visit(next, [...trail, path])
    finished.add(path)
  }
  for (const path of imports.keys()) visit(path, [])
  assert.deepEqual(circles, [])
})

// What would let time, chance or the world into a function of (state, command, now). Date.UTC is arithmetic, and so is
// Date.parse of a text that names its offset.
const IMPURE =
  /^(?:new )?(?:Date\b(?!\.UTC|\.parse$|\.parse\(`[^`]*Z`\))|Temporal\.Now|Math\.random|(?:performance|crypto|console|globalThis)\.|process\.(?:env|argv|hrtime|nextTick|exit|std)|(?:set(?:Timeout|Interval|Immediate)|queueMicrotask|fetch)\()/
const EXPRESSIONS = new Set([SyntaxKind.PropertyAccessExpression, SyntaxKind.CallExpression, SyntaxKind.NewExpression])
const PROMISES = new Set([SyntaxKind.AsyncKeyword, SyntaxKind.AwaitExpression])

const isImpure = (node: Node): boolean =>
  PROMISES.has(node.kind) || (EXPRESSIONS.has(node.kind) && IMPURE.test(node.getText()))

test('the core, FEEL and the protocol know no clock, chance, world or promise', () => {
  const pure = sources.filter(({ path }) => /^engine\/(?:core|feel|protocol)\//.test(path))
  const found = pure.flatMap((source) =>
    [...nodesOf(source.ast)].filter(isImpure).map((node) => `${placeOf(source, node)} ${node.getText()}`),
  )
  assert.deepEqual(found, [])
})
