/**
 * The DMN TCK against Iter: `npm run tck -- --help`. Plays the cases of the shared data with their own runner, in this program's
 * evaluator and through the protocol, and compares the numbers reached with ratchet.json, which only rises.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { sharedPath } from '../shared-data.ts'
import { startInMemory } from './engine-under-test.ts'

/** `engine`: typed values, nothing is inexpressible. `gateway`: JSON; a refused model is tried decision by decision. `whole`: it is not. */
export const modes = ['engine', 'gateway', 'whole'] as const
export type Mode = (typeof modes)[number]

interface Tally {
  readonly passed: number
  readonly failed: number
  readonly inexpressible: number
}
interface Case {
  readonly dir: string
  readonly id: string
  readonly result: keyof Tally
  /** Whether a value is expected, not null or an error. */
  readonly value: boolean
  readonly why?: string
}
export interface Score {
  readonly passed: number
  readonly passedWithValue: number
  /** Without those in Java. */
  readonly failed: readonly string[]
  /** What no engine outside Java can do: functions that name a class and a method of Java. */
  readonly java: readonly string[]
  readonly levels: Readonly<Record<string, Tally>>
}

/** Where the kit lies, if it does. Its runner does nothing when it is started through a symbolic link. */
const place = sharedPath('conformance/dmn-tck')
export const kit = existsSync(place) ? realpathSync(place) : null

export async function play(mode: Mode, choice: readonly string[] = []): Promise<Score> {
  if (mode === 'engine') return run(['--engine', fileURLToPath(new URL('./dmn-adapter.ts', import.meta.url))], choice)
  const under = await startInMemory()
  const proto = fileURLToPath(new URL('../../engine/gateway/gateway.proto', import.meta.url))
  const target = ['--gateway', under.ports.grpc, '--proto', proto, ...(mode === 'whole' ? ['--whole'] : [])]
  try {
    return await run(target, choice)
  } finally {
    await under.close()
  }
}

async function run(target: readonly string[], choice: readonly string[]): Promise<Score> {
  if (kit === null) throw new Error(`Expected the DMN TCK in ${place}, but it is not there.`)
  const folder = mkdtempSync(join(tmpdir(), 'iter-tck-'))
  const json = join(folder, 'outcome.json')
  try {
    const args = [join(kit, 'run.mjs'), ...target, ...choice, '--failures', '1', '--json', json, join(kit, 'TestCases')]
    const runner = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] })
    await new Promise((resolve) => runner.once('exit', resolve))
    return scoreOf(JSON.parse(readFileSync(json, 'utf8')) as { levels: Score['levels']; cases: readonly Case[] })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const isJava = ({ dir }: Case): boolean => /external-java/.test(dir)
const named = ({ dir, id, why = '' }: Case): string => `${dir.replace('compliance-level-', '')}/${id}: ${why}`

function scoreOf({ levels, cases }: { readonly levels: Score['levels']; readonly cases: readonly Case[] }): Score {
  const passed = cases.filter(({ result }) => result === 'passed')
  const failed = cases.filter(({ result }) => result === 'failed')
  return {
    passed: passed.length,
    passedWithValue: passed.filter(({ value }) => value).length,
    failed: failed.filter((one) => !isJava(one)).map(named),
    java: failed.filter(isJava).map(named),
    levels,
  }
}

const ratchetFile = fileURLToPath(new URL('./ratchet.json', import.meta.url))
interface Reached {
  readonly passed: number
  readonly passedWithValue: number
  readonly failed: number
  readonly java: number
}
const readRatchet = () => JSON.parse(readFileSync(ratchetFile, 'utf8')) as Record<string, unknown>
const reached = ({ passed, passedWithValue, failed, java }: Score): Reached => ({
  passed,
  passedWithValue,
  failed: failed.length,
  java: java.length,
})

/** What fell since, in words; empty when nothing did. */
export function fallen(mode: Mode, score: Score): readonly string[] {
  const now = reached(score)
  const before = readRatchet()[`tck ${mode}`] as Reached | undefined
  if (before === undefined) return []
  return [
    ...(['passed', 'passedWithValue'] as const).filter((name) => now[name] < before[name]),
    ...(['failed', 'java'] as const).filter((name) => now[name] > before[name]),
  ].map((name) => `${mode}: ${name} ${now[name]}, before ${before[name]}`)
}

async function main(): Promise<void> {
  const { values: o } = parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      mode: { type: 'string' },
      level: { type: 'string' },
      only: { type: 'string' },
      update: { type: 'boolean', default: false },
    },
  })
  if (o.help)
    return console.log(`--mode engine|gateway|whole  one of them, else all three   --level 2|3   --only '*duration*'
--update  raise the ratchet to what was reached`)
  const choice = [...(o.level ? ['--level', o.level] : []), ...(o.only ? ['--only', o.only] : [])]
  for (const mode of modes.filter((one) => o.mode === undefined || o.mode === one)) {
    const score = await play(mode, choice)
    show(mode, score)
    if (choice.length > 0) continue
    const worse = fallen(mode, score)
    for (const line of worse) console.error(`Expected no worse than in ratchet.json, but ${line}.`)
    if (worse.length > 0) process.exitCode = 1
    else if (o.update)
      writeFileSync(ratchetFile, `${JSON.stringify({ ...readRatchet(), [`tck ${mode}`]: reached(score) }, null, 2)}\n`)
  }
}

function show(mode: Mode, { passedWithValue, failed, java, levels }: Score): void {
  for (const [level, { passed, failed, inexpressible }] of Object.entries(levels))
    console.log(`${mode}, ${level}: ${passed} passed, ${failed} failed, ${inexpressible} inexpressible`)
  console.log(`${mode}: ${passedWithValue} of those that passed expect a value`)
  for (const one of failed) console.log(`  failed  ${one}`)
  for (const one of java) console.log(`  in Java ${one}`)
}

if (import.meta.main) await main()
