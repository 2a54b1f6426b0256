/**
 * Kills Iter and its database while practices are under way and platforms lose their answers, and asks the surviving sandboxes and
 * clients what is true in the end. `npm run ordeal -- --kills 100 --practices 200 --seed N`. The sandboxes live here, so that they can
 * pull the trigger at the worst moment: before they answer, after they have, and between.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startSandboxes } from '../../connectors/sandboxes.ts'
import { IterProcess } from './iter-process.ts'
import { lastCodeIn } from './journals.ts'
import { troubleIn } from './judge.ts'
import { KINDS } from './kinds.ts'
import { deciderAt } from './office.ts'
import { otherEffectsBpmn } from './other-effects.ts'
import { type Items, People, until } from './practices.ts'
import { type RestClient, restClient } from './rest-client.ts'
import { troubleFor } from './trouble.ts'
import { type Truth, truth } from './truth.ts'

export interface OrdealOptions {
  readonly kills: number
  readonly practices: number
  readonly seed: number
  readonly log: (line: string) => void
}
export interface OrdealOutcome extends Truth {
  readonly kills: Readonly<Record<'sandbox' | 'timed' | 'database', number>>
}

/** So much faster than real time goes the town's: what backs off or times out is soon tried again. */
const SPEED = 20
const CLOCK_MS = 250
const STARTED_AT = Date.UTC(2027, 2, 1, 9)
const DAY_MS = 86_400_000
const QUARTER_MS = 15 * 60_000
/** Every so many-th call of a sandbox may be the last thing the program sees of it. */
const SANDBOX_CHANCE = 0.03
const KILL_EVERY_MS = [400, 3_000] as const
/** One in so many timed kills hits the database. */
const DATABASE_CHANCE = 0.15
/** In real time, as the ledger counts: no call to a sandbox lives longer. */
const PEC_SETTLE_MS = 10_000
/** So many practices find the protocol down. */
const WITHOUT_PROTOCOL = 3
/** Of the kills, so many before the notices have run out; the rest strike while what was confirmed too early is undone. */
const FIRST_SHARE = 0.7

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
  let allowed = Math.ceil(kills * FIRST_SHARE)
  const left = () => allowed - done.sandbox - done.timed - done.database
  const began = performance.now()
  let leapMs = 0
  const now = () => STARTED_AT + Math.round((performance.now() - began) * SPEED) + leapMs
  let iter: IterProcess | null = null

  const journals = join(folder, 'sandboxes')
  mkdirSync(journals, { recursive: true })
  const sandboxes = await startSandboxes({
    directory: journals,
    now,
    observe: (platform, moment, operation) => {
      if (moment === 'answered') trouble.perhaps(platform, operation)
      if (left() > 0 && chance() < SANDBOX_CHANCE && iter?.kill()) done.sandbox++
    },
  })
  const { platforms } = sandboxes
  const trouble = troubleFor(platforms, chance)
  const reached = join(folder, 'platforms.json')
  writeFileSync(reached, JSON.stringify({ ...platforms, pec: { ...platforms.pec, settleMs: PEC_SETTLE_MS } }))
  const ending = new AbortController()
  try {
    const running = await IterProcess.start({ dataDir: join(folder, 'data'), sandboxes: reached })
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
    const decide = deciderAt(running.pages, journals)
    const people = new People({ client, now, code: () => lastCodeIn(journals), decide, platforms })
    const clock = keepTime(client, now, ending.signal)
    await client.surely('POST', '/deployments', deployment('altri-effetti.bpmn', otherEffectsBpmn()))
    await trouble.everywhereOnce()
    const killer = killAtRandom(running)
    await fileAll(client, people)
    const say = (what: string) => log(`${secondsSince(began)} s: ${JSON.stringify(done)}; ${what}`)
    say('all filed')
    await workUntil(people, async () => left() <= 0)
    await rest(client, people)
    say('who waits for the notice to run out')
    allowed = kills
    leapMs += 11 * DAY_MS
    const secondKiller = killAtRandom(running)
    await workUntil(people, async () => left() <= 0)
    await Promise.all([killer, secondKiller])
    trouble.end()
    await rest(client, people)
    say('who waits for the silence')
    await until(async () => {
      leapMs += 2 * DAY_MS
      await people.work()
      return (await people.open()).length === 0 && (await isIdle(client))
    }, 500)
    ending.abort()
    await clock
    const found = await truth(client, people, journals)
    say(`went wrong: ${troubleIn(found.evidence.calls)}`)
    return { kills: done, ...found }
  }

  /** The first find the protocol down, until one of them has its number of the emergency register. */
  async function fileAll(client: RestClient, people: People): Promise<void> {
    const first = Math.min(WITHOUT_PROTOCOL, practices)
    const filing = Promise.all(lanes(first, 0, first, (n) => people.file(n)))
    await until(async () => {
      await trouble.protocolDownUntil(now() + QUARTER_MS)
      return (await countOf(client, 'jobs', { type: 'emergenza.registra', state: 'COMPLETED' })) > 0
    }, 500)
    await trouble.protocolDownUntil(now())
    await filing
    await Promise.all(lanes(8, first, practices, (n) => people.file(n)))
  }

  /** Until all that is left waits for days to pass. What waits for a quarter of an hour is helped along. */
  async function rest(client: RestClient, people: People): Promise<void> {
    let quiet = 0
    await until(async () => {
      const worked = await people.work()
      const isStill = worked === 0 && (await countOf(client, 'jobs', { state: 'CREATED' })) === 0
      const isAwaited = (await countOf(client, 'message-subscriptions', AWAITED_RECEIPT)) > 0
      quiet = isStill && !isAwaited ? quiet + 1 : 0
      if (quiet >= 2 && (await people.open()).every(({ kind }) => kind.waitsForTime) && (await isIdle(client)))
        return true
      if (quiet > 0 && quiet % 6 === 0) leapMs += QUARTER_MS
      return false
    }, 400)
  }

  async function workUntil(people: People, isOver: () => Promise<boolean>): Promise<void> {
    await until(async () => {
      await people.work()
      return isOver()
    }, 300)
  }

  async function killAtRandom(running: IterProcess): Promise<void> {
    while (left() > 0 && !ending.signal.aborted) {
      const [least, most] = KILL_EVERY_MS
      await pause(least + chance() * (most - least))
      await running.serving
      if (left() <= 0) return
      if (chance() < DATABASE_CHANCE) done.database += Number(running.killDatabase())
      else done.timed += Number(running.kill())
      if ((done.timed + done.database) % 10 === 0) log(`${secondsSince(began)} s: ${JSON.stringify(done)}`)
    }
  }
}

const AWAITED_RECEIPT = { messageName: 'pec.consegnata', messageSubscriptionState: 'CREATED' }
const secondsSince = (began: number): string => ((performance.now() - began) / 1000).toFixed(0)

async function countOf(client: RestClient, resource: string, filter: object): Promise<number> {
  const { items } = await client.surely<Items<unknown>>('POST', `/${resource}/search`, { filter, page: { limit: 1 } })
  return items.length
}
/** No job is waited for, and the protocol has all entries of the emergency register. */
async function isIdle(client: RestClient): Promise<boolean> {
  const waiting = { state: { $in: ['CREATED', 'FAILED', 'RETRIES_UPDATED', 'TIMED_OUT'] } }
  const recovering = { processDefinitionId: 'comune.protocollo.emergenza', state: 'ACTIVE' }
  return (await countOf(client, 'jobs', waiting)) + (await countOf(client, 'process-instances', recovering)) === 0
}

function deployment(name: string, xml: string): FormData {
  const form = new FormData()
  form.append('resources', new Blob([xml], { type: 'application/xml' }), name)
  return form
}

/** The clock of a program that was killed is the real one again until it is told. */
async function keepTime(client: RestClient, now: () => number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await client.once('PUT', '/clock', { timestamp: now() }).catch(() => {})
    await pause(CLOCK_MS)
  }
}

function lanes(count: number, from: number, to: number, run: (n: number) => Promise<void>): Promise<void>[] {
  let next = from
  return Array.from({ length: count }, async () => {
    while (next < to) await run(next++)
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
  const faults = [...outcome.violations, ...(practices < KINDS.length ? [] : outcome.untried)]
  console.log(`${practices} practices, kills ${JSON.stringify(outcome.kills)}, seed ${seed}, ${minutes} minutes`)
  console.log(faults.length === 0 ? 'No violation.' : faults.join('\n'))
  process.exitCode = faults.length === 0 ? 0 : 1
}
