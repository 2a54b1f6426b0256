/** Random processes in random worlds, and that chance decides nothing but what it is asked. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { campaign, type Outcome } from './campaign.ts'
import { explain } from './explain.ts'
import { simulate } from './simulation.ts'

const PROCESSES = 300
const PATHS = 5
/** How often a story that goes wrong is tried while it is made smaller. */
const TRIALS = 300

let outcome: Outcome
test(`${PROCESSES} processes along ${PATHS} paths each: nothing is wrong`, async () => {
  outcome = await campaign({ seed: 1, runs: PROCESSES, paths: PATHS, jobs: availableParallelism() })
  const [first] = outcome.wrong
  if (first !== undefined) assert.fail(`${first.text}\n${await explain(first, TRIALS)}`)
})

test('whatever may go wrong did', () => {
  const expected = [
    ...['crash', 'take-over', 'open failed', 'load failed', 'due failed', 'write failed', 'write refused'],
    ...['outcome found, written', 'outcome found, not written', 'outcome lost, written', 'outcome lost, not written'],
  ]
  assert.deepEqual(
    expected.filter((what) => !outcome.happened.has(what)),
    [],
  )
})

test('the same seed leaves the same log, to the byte', async () => {
  for (const seed of [1, 2, 3]) assert.deepEqual(await simulate(seed, 2), await simulate(seed, 2))
})

test('in another process, and however many threads there are', async () => {
  const run = promisify(execFile)
  const args = ['test/simulation/simulate.ts', '--seed', '7', '--runs', '4', '--paths', '2']
  const hashWith = async (jobs: number) => {
    const { stdout } = await run(process.execPath, [...args, '--jobs', String(jobs)])
    return /Hash of all logs: (\w+)/.exec(stdout)?.[1]
  }
  const { hash } = await campaign({ seed: 7, runs: 4, paths: 2, jobs: 2 })
  assert.deepEqual([await hashWith(1), await hashWith(3)], [hash, hash])
})
