/**
 * `npm run new:connector -- name`: lays out a connector with its sandbox, its first worker and a contract test that fails until it is
 * written, and adds the lines by which the rest of the house knows them.
 * Invariant: nothing is written unless all of it can be.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { AREAS } from './areas.ts'
import { type ConnectorNames, connectorNames } from './connector-names.ts'
import { newFiles } from './connector-texts.ts'

const USAGE = `Lays out a connector: client, sandbox, a first worker, and a contract test that says what to write next.

  npm run new:connector -- pesi-pubblici
  npm run new:connector -- pesi-pubblici --job pesi.invia

Usage: npm run new:connector -- NAME [options]

  NAME        of the folder in connectors/: lower case, with hyphens
  --job TYPE  its first job type, area.azione; none: NAME without hyphens, then .invia
  --help      this text

Exit status: 0 it is laid out, 1 nothing was written. The guide: docs/a-connector-in-an-hour.md`

/** A line to add: before the first `before` that follows `after`. */
interface Line {
  readonly after: string
  readonly before: string
  readonly text: string
}

/** The lines of the registries, by file. */
function registryLines(names: ConnectorNames): ReadonlyMap<string, readonly Line[]> {
  const { folder, key, port, area, action, factory, title } = names
  const imported = (text: string): Line => ({ after: '\nimport ', before: '\nimport ', text: `\n${text}` })
  const areas: readonly (readonly [string, readonly Line[]])[] = Object.hasOwn(AREAS, area)
    ? []
    : [
        [
          'workers/kit/areas.ts',
          [
            {
              ...{ after: 'export const AREAS', before: '\n}' },
              text: `\n  ${area}: { name: '${title}', outline: 'M3 3h12v12H3zM6 9h6' },`,
            },
          ],
        ],
      ]
  return new Map([
    [
      'connectors/index.ts',
      [
        imported(
          `import { ${key}Client } from './${folder}/client.ts'\nimport type { ${port} } from './${folder}/types.ts'`,
        ),
        {
          after: 'export interface Connectors {',
          before: '\n  readonly ledger:',
          text: `\n  readonly ${key}: ${port}`,
        },
        { after: '\n  return {', before: '\n    ledger,', text: `\n    ${key}: ${key}Client(platforms.${key}),` },
      ],
    ],
    [
      'connectors/platforms.ts',
      [
        { after: 'export interface Platforms {', before: '\n}', text: `\n  readonly ${key}: { readonly url: string }` },
        { after: 'const platformsSchema', before: '\n})', text: `\n  ${key}: z.strictObject({ url }),` },
      ],
    ],
    [
      'connectors/sandboxes.ts',
      [
        imported(`import * as ${key}Sandbox from './${folder}/sandbox.ts'`),
        {
          ...{ after: 'export async function startSandboxes', before: '\n    const platforms = {' },
          text: `\n    const { url: ${key}Url } = await started(${key}Sandbox.start(of('${key}')))`,
        },
        { after: '\n    const platforms = {', before: '\n    }\n', text: `\n      ${key}: { url: ${key}Url },` },
      ],
    ],
    [
      'workers/index.ts',
      [
        imported(`import { ${factory} } from './${area}/${action}.ts'`),
        {
          after: 'export function jobWorkers',
          before: '\n  ]\n',
          text: `\n    jobWorker(${factory}(connectors), log),`,
        },
      ],
    ],
    ...areas,
  ])
}

/** Every file to write, whole. Throws an `Error` when one is in the way or a registry has no place for its line. */
function laidOut(root: string, names: ConnectorNames): ReadonlyMap<string, string> {
  const files = newFiles(names)
  const inTheWay = [`connectors/${names.folder}`, ...files.keys()].find((path) => existsSync(join(root, path)))
  if (inTheWay !== undefined)
    throw new Error(
      `Expected ${inTheWay} to be free, but it is there. Choose another name, or --job for another job type.`,
    )
  const read = (path: string): string => readFileSync(join(root, path), 'utf8')
  for (const path of ['connectors/platforms.ts', 'connectors/index.ts'])
    if (new RegExp(`readonly ${names.key}\\??:`).test(read(path)))
      throw new Error(`Expected the name ${names.key} to be free in ${path}, but it is taken. Choose another.`)
  const registries = [...registryLines(names)].map(
    ([path, lines]) => [path, lines.reduce((text, line) => withLine(path, text, line), read(path))] as const,
  )
  return new Map([...files, ...registries])
}

function withLine(path: string, text: string, { after, before, text: line }: Line): string {
  const start = text.indexOf(after)
  const place = text.indexOf(before, start + after.length)
  if (start < 0 || place < 0)
    throw new Error(`Expected a place for a new line in ${path}, but found none. Add it by hand:${line}`)
  return `${text.slice(0, place)}${line}${text.slice(place)}`
}

/** Imports in order, lines of the house's length; templates and docs pages of the new job type. */
function tidied(root: string, paths: readonly string[]): void {
  const run = (program: string, ...words: readonly string[]) =>
    spawnSync(program, words, { cwd: root, encoding: 'utf8' })
  const biome = join(root, 'node_modules/.bin/biome')
  for (const { status, stderr } of [
    run(biome, 'check', '--write', ...paths),
    run(process.execPath, 'workers/kit/generate.ts'),
  ])
    if (status !== 0) console.error(stderr)
}

function nextSteps({ folder, job, area, action }: ConnectorNames): string {
  const steps = [
    [`node --test test/connectors/${folder}.test.ts`, 'fails, and says what to write'],
    [`connectors/${folder}/`, 'the platform’s own words, requests, states and refusals'],
    [`workers/${area}/${action}.ts`, 'what a diagram gives and gets, with titles for the Modeler'],
    ['npm run templates', 'after each change of a schema'],
    [`a service task of type ${job}`, 'in a diagram, by its template'],
  ] as const
  const width = Math.max(...steps.map(([what]) => what.length))
  const lines = steps.map(([what, why], index) => `  ${index + 1}. ${what.padEnd(width)}  ${why}`)
  return ['', 'Next:', ...lines, '', 'The guide: docs/a-connector-in-an-hour.md'].join('\n')
}

function main(words: readonly string[]): void {
  const { values, positionals } = parseArgs({
    ...{ args: [...words], allowPositionals: true },
    options: { help: { type: 'boolean', short: 'h' }, job: { type: 'string' } },
  })
  if (values.help) {
    console.log(USAGE)
    return
  }
  const [folder, ...others] = positionals
  if (folder === undefined || others.length > 0)
    throw new Error(`Expected one name, but found ${positionals.length}. See --help.`)
  const names = connectorNames(folder, values.job)
  const root = fileURLToPath(new URL('../../', import.meta.url))
  const files = laidOut(root, names)
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
    console.log(path)
  }
  tidied(root, [...files.keys()])
  console.log(nextSteps(names))
}

if (import.meta.main) {
  try {
    main(process.argv.slice(2))
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
