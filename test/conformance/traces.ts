/**
 * What recorded Zeebe does, against Iter: `npm run traces -- --help`. Plays the scenarios of the shared data with their own runner
 * and compares the numbers reached with ratchet.json, which only rises.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { sharedPath, sharedText, without } from '../shared-data.ts'
import { type Ports, startInMemory, startOnPostgres } from './engine-under-test.ts'

type Level = 'L1' | 'L2' | 'L3'
type Score = Readonly<Record<'n' | Level, number>>
interface Outcome {
  readonly total: Score
  readonly results: readonly ({ readonly name: string } & Readonly<Record<Level, boolean>>)[]
}

const { values: o } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    set: { type: 'string', default: 'first-light' },
    only: { type: 'string', default: '' },
    require: { type: 'string', default: 'L2' },
    memory: { type: 'boolean', default: false },
    limit: { type: 'string', default: '40' },
    update: { type: 'boolean', default: false },
  },
})
if (o.help) {
  console.log(`--set first-light|all   --only 'timers/*'   --require L2   --limit 40  lines of difference shown for each scenario
--memory  no database   --update  raise the ratchet to what was reached`)
  process.exit()
}
const reason = without('zeebe-traces')
if (reason) throw new Error(reason)

const ratchetFile = fileURLToPath(new URL('./ratchet.json', import.meta.url))
const ratchet = JSON.parse(readFileSync(ratchetFile, 'utf8')) as Record<string, Score>

const folder = mkdtempSync(join(tmpdir(), 'iter-traces-'))
const under = await (o.memory ? startInMemory() : startOnPostgres(join(folder, 'data')))
try {
  const outcome = await play(under.ports, join(folder, 'outcome.json'))
  if (o.only === '') judge(outcome)
} finally {
  await under.close()
  rmSync(folder, { recursive: true, force: true })
}

function scenarioFolders(): readonly string[] {
  if (o.set === 'all') return [sharedPath('zeebe-traces')]
  const lines = sharedText(`zeebe-traces/${o.set}.txt`)
    .split('\n')
    .filter((line) => line !== '')
  return lines.map((line) => sharedPath(`zeebe-traces/${line}`))
}

async function play({ grpc, rest, management }: Ports, json: string): Promise<Outcome> {
  const proto = fileURLToPath(new URL('../../engine/gateway/gateway.proto', import.meta.url))
  const args = ['--proto', proto, '--gateway', grpc, '--rest', `http://${rest}`, '--management', `http://${management}`]
  const choice = ['--clock', 'rest', '--require', o.require, '--limit', o.limit, '--json', json, '--only', o.only]
  const runner = spawn(
    process.execPath,
    [sharedPath('zeebe-traces/run.mjs'), ...args, ...choice, ...scenarioFolders()],
    {
      stdio: 'inherit',
    },
  )
  await new Promise((resolve) => runner.once('exit', resolve))
  return JSON.parse(readFileSync(json, 'utf8')) as Outcome
}

/** Fails where fewer scenarios agree than before. */
function judge({ total }: Outcome): void {
  const before = ratchet[o.set]
  const fallen = (['n', 'L1', 'L2', 'L3'] as const).filter((level) => total[level] < (before?.[level] ?? 0))
  console.log(
    `${o.set}: ${total.L2} of ${total.n} at L2 (${((100 * total.L2) / total.n).toFixed(1)} %), before ${before?.L2 ?? 0}`,
  )
  if (fallen.length > 0) {
    console.error(`Expected no fewer scenarios than in ratchet.json, but ${fallen.join(', ')} fell.`)
    process.exitCode = 1
  } else if (o.update) writeFileSync(ratchetFile, `${JSON.stringify({ ...ratchet, [o.set]: total }, null, 2)}\n`)
}
