/**
 * Does the simulation find bugs? Copies of the engine get one each; the simulation, run on the copy in a process of its own, must find
 * it and make it small.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type PlantedBug, plantedBugs } from './planted-bugs.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const COPIED = ['engine', 'test/simulation', 'package.json']
/** What it is made small to. */
const BLOCKS_MAX = 6
const TRIALS = 300

describe('planted bugs are found', { concurrency: 2 }, () => {
  for (const bug of plantedBugs)
    test(bug.name, async () => {
      const told = await simulated(bug)
      const [, blocks] = /: (\d+) blocks, \d+ steps\.$/m.exec(told) ?? []
      assert.ok(blocks !== undefined, `it was not found within ${bug.runs} processes:\n${told}`)
      assert.ok(Number(blocks) <= BLOCKS_MAX, `it was made no smaller than this:\n${told}`)
      assert.match(told, /^Again: npm run simulate -- --story '/m)
    })
})

/** What the simulation says of a copy with the bug. */
async function simulated(bug: PlantedBug): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'planted-'))
  try {
    for (const path of COPIED) await cp(join(ROOT, path), join(folder, path), { recursive: true })
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
    await plant(join(folder, bug.file), bug)
    const options = { runs: bug.runs, paths: 1, jobs: 1, trials: TRIALS }
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])
    return await output(folder, [...args, '--until-wrong'])
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function plant(path: string, { file, from, to }: PlantedBug): Promise<void> {
  const text = await readFile(path, 'utf8')
  const times = text.split(from).length - 1
  assert.equal(
    times,
    1,
    `Expected ${file} to say once\n${from}\nbut it says so ${times} times. Plant this bug elsewhere.`,
  )
  await writeFile(
    path,
    text.replace(from, () => to),
  )
}

function output(folder: string, args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, ['test/simulation/simulate.ts', ...args], { cwd: folder })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (more) => (text += more))
  return new Promise((resolve, reject) => child.on('error', reject).on('close', () => resolve(text)))
}
