/**
 * Kills Iter and its database while practices are under way, and asks the surviving sandboxes and clients what is true in the end.
 * `npm run ordeal -- --kills 100 --seed N`. The sandboxes live here, so that they can pull the trigger at the worst moment:
 * before they answer, after they have, and between.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startSandboxes } from '../../connectors/sandboxes.ts'
import { IterProcess } from './iter-process.ts'
import { endsBySilence, People, until } from './practices.ts'
import { restClient } from './rest-client.ts'
import { violations } from './truth.ts'

export interface OrdealOptions {
  readonly kills: number
  readonly practices: number
  readonly seed: number
  readonly log: (line: string) => void
}
export interface OrdealOutcome {
  readonly kills: Readonly<Record<'sandbox' | 'timed' | 'database', number>>
  readonly violations: readonly string[]
}

/** So much faster than real time goes the town's: what backs off or times out is soon tried again. */
const SPEED = 20
const CLOCK_MS = 250
const STARTED_AT = Date.UTC(2027, 2, 1, 9)
const DAY_MS = 86_400_000
/** Every so many-th call of a sandbox may be the last thing the program sees of it. */
const SANDBOX_CHANCE = 0.08
const KILL_EVERY_MS = [400, 3_000] as const
/** One in so many timed kills hits the database. */
const DATABASE_CHANCE = 0.15

/** The same numbers for the same seed (mulberry32). */
function numbers(seed: number): () => number {
  let at = seed
  return () => {
    at = (at + 0x6d2b79f5) | 0
    let t = Math.imul(at ^ (at >>> 15), 1 | at)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

export async function ordeal({ kills, practices, seed, log }: OrdealOptions): Promise<OrdealOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'iter-ordeal-'))
  const chance = numbers(seed)
  const done = { sandbox: 0, timed: 0, database: 0 }
  const left = () => kills - done.sandbox - done.timed - done.database
  const began = performance.now()
  let leapMs = 0
  const now = () => STARTED_AT + Math.round((performance.now() - began) * SPEED) + leapMs
  let iter: IterProcess | null = null

  const journals = join(folder, 'sandboxes')
  mkdirSync(journals, { recursive: true })
  const sandboxes = await startSandboxes({
    directory: journals,
    now,
    observe: () => {
      if (left() > 0 && chance() < SANDBOX_CHANCE && iter?.kill()) done.sandbox++
    },
  })
  const platforms = join(folder, 'platforms.json')
  writeFileSync(platforms, JSON.stringify(sandboxes.platforms))
  const ending = new AbortController()
  try {
    const running = await IterProcess.start({ dataDir: join(folder, 'data'), sandboxes: platforms })
    iter = running
    return await Promise.race([through(running), running.failed])
  } finally {
    ending.abort()
    await iter?.stop()
    await sandboxes.close()
    rmSync(folder, { recursive: true, force: true })
  }

  async function through(running: IterProcess): Promise<OrdealOutcome> {
    const client = restClient(running.rest)
    const people = new People(client, now)
    const clock = keepTime(client, now, ending.signal)
    const killer = killAtRandom(running)
    await Promise.all(lanes(8, practices, (n) => people.file(n)))
    log(`${practices} practices filed, ${kills - left()} kills`)
    await until(async () => {
      await people.work()
      return left() <= 0
    }, 300)
    await killer
    log(`${JSON.stringify(done)}; waiting for what people and workers do`)
    // No day may pass before: an effect cut off by a kill settles in real seconds (ledger), in which the leaps below pass the 45 days.
    await until(async () => {
      await people.work()
      return (await people.open()).every(endsBySilence)
    }, 300)
    log('waiting for the terms to end')
    await until(async () => {
      leapMs += DAY_MS
      await people.work()
      return (await people.open()).length === 0
    }, 500)
    ending.abort()
    await clock
    return { kills: done, violations: await violations(client, people, journals) }
  }

  async function killAtRandom(running: IterProcess): Promise<void> {
    while (left() > 0 && !ending.signal.aborted) {
      const [least, most] = KILL_EVERY_MS
      await pause(least + chance() * (most - least))
      await running.serving
      if (left() <= 0) return
      if (chance() < DATABASE_CHANCE) done.database += Number(running.killDatabase())
      else done.timed += Number(running.kill())
      if ((done.timed + done.database) % 10 === 0) log(`${JSON.stringify(done)}`)
    }
  }
}

/** The clock of a program that was killed is the real one again until it is told. */
async function keepTime(client: ReturnType<typeof restClient>, now: () => number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await client.once('PUT', '/clock', { timestamp: now() }).catch(() => {})
    await pause(CLOCK_MS)
  }
}

function lanes(count: number, total: number, run: (n: number) => Promise<void>): Promise<void>[] {
  let next = 0
  return Array.from({ length: count }, async () => {
    while (next < total) await run(next++)
  })
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '100' },
      practices: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1' },
    },
  })
  const [kills, practices, seed] = [Number(values.kills), Number(values.practices), Number(values.seed)]
  const began = performance.now()
  const outcome = await ordeal({ kills, practices, seed, log: (line) => console.log(line) })
  const minutes = ((performance.now() - began) / 60_000).toFixed(1)
  console.log(`${practices} practices, kills ${JSON.stringify(outcome.kills)}, seed ${seed}, ${minutes} minutes`)
  console.log(outcome.violations.length === 0 ? 'No violation.' : outcome.violations.join('\n'))
  process.exitCode = outcome.violations.length === 0 ? 0 : 1
}
