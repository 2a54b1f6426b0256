/** `npm run scenarios`: plays the scenarios beside the diagrams and says what they cover. `--help` tells the rest. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { printed } from './printed.ts'
import type { Played } from './rehearsal.ts'
import { ScriptError } from './script.ts'
import { coverageIn, DELIVERED, playAll, suitesIn } from './suite.ts'

const HELP = `npm run scenarios -- [FOLDER] [--only NAME] [--pictures FOLDER] [--trace]

Plays every *.scenari under FOLDER (default: processes) on the engine, in memory, with the program's own workers before
the sandboxes, and says which flows, boundary events and rules of decisions no scenario has taken.

  --only NAME        scenarios whose name contains NAME
  --pictures FOLDER  writes a picture of each diagram: green what was taken, red what was not
  --trace            prints every step of every scenario, not only of those that fail

The language is described in docs/scenarios.md.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    pictures: { type: 'string' },
    trace: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) console.log(HELP)
else await run(resolve(positionals[0] ?? DELIVERED))

async function run(folder: string): Promise<void> {
  if (!existsSync(folder)) return refuse(`Expected a folder with scenarios, but ${folder} does not exist`)
  const played: Played[] = []
  try {
    for (const suite of await suitesIn(folder)) {
      const scenarios = suite.scenarios.filter(({ name }) => name.includes(values.only ?? ''))
      for (const one of await playAll({ ...suite, scenarios })) {
        played.push(one)
        for (const line of printed(one, relative(process.cwd(), suite.file), values.trace)) console.log(line)
      }
    }
  } catch (error) {
    if (error instanceof ScriptError) return refuse(`line ${error.line}: ${error.message}`)
    throw error
  }
  if (played.length === 0) return refuse(`Expected a scenario under ${folder}, but found none`)
  await tellCoverage(folder, played)
  const failed = played.filter(({ fault }) => fault !== null).length
  console.log(`${played.length - failed} of ${played.length} scenarios hold`)
  if (failed > 0) process.exitCode = 1
}

function refuse(message: string): void {
  console.error(message)
  process.exitCode = 2
}

async function tellCoverage(folder: string, played: readonly Played[]): Promise<void> {
  console.log('')
  for (const { name, total, missed, picture } of await coverageIn(folder, played)) {
    console.log(
      `${name}: ${total - missed.length} of ${total}${missed.length === 0 ? '' : `, not: ${missed.join(', ')}`}`,
    )
    if (picture === null || values.pictures === undefined) continue
    mkdirSync(values.pictures, { recursive: true })
    writeFileSync(join(values.pictures, `${name}.svg`), picture)
  }
  console.log('')
}
