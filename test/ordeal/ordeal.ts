/**
 * Kills Iter and its database while practices are under way and platforms lose their answers, and asks the surviving sandboxes and
 * clients what is true in the end. `npm run ordeal -- --kills 100 --practices 200 --seed N`, or `--only pagamento,firma` for some
 * families of practice. The sandboxes live here, so that they can pull the trigger at the worst moment: before they answer, after they
 * have, and between.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startSandboxes } from '../../connectors/sandboxes.ts'
import { actBpmn } from './acts.ts'
import { numbers } from './chance.ts'
import { Codes } from './codes.ts'
import { debtBpmn } from './debts.ts'
import { managerAt } from './desk-signer.ts'
import { IterProcess } from './iter-process.ts'
import { troubleIn } from './judge.ts'
import { type KillCounts, Kills } from './kills.ts'
import { FAMILY_EFFECTS, type Kind, type OwnFamily } from './kind.ts'
import { kindsOf } from './kinds.ts'
import { deciderAt } from './office.ts'
import { otherEffectsBpmn } from './other-effects.ts'
import { People } from './practices.ts'
import { type RestClient, restClient } from './rest-client.ts'
import { standstill } from './standstill.ts'
import { countOf, isIdle, isStill, reconciledTimes } from './stillness.ts'
import { troubleFor } from './trouble.ts'
import { type Truth, truth } from './truth.ts'
import { waits } from './waits.ts'

export interface OrdealOptions {
  readonly kills: number
  readonly practices: number
  readonly seed: number
  /** Families of practices; all when none is named. */
  readonly only?: readonly OwnFamily[]
  readonly log: (line: string) => void
}
export interface OrdealOutcome extends Truth {
  /** How many were filed. */
  readonly practices: number
  readonly kills: KillCounts
  /** What was killed when. */
  readonly struck: readonly string[]
}

/** So much faster than real time goes the town's: what backs off or times out is soon tried again. */
const SPEED = 20
const CLOCK_MS = 250
const STARTED_AT = Date.UTC(2027, 2, 1, 9)
const DAY_MS = 86_400_000
const QUARTER_MS = 15 * 60_000
/** In real time, as the ledger counts: the connector gives a call up sooner (connectors/pec/client.ts). */
const PEC_SETTLE_MS = 20_000
/** So many practices find the protocol down. */
const WITHOUT_PROTOCOL = 3
/** While kills are left so many practices at least are under way: a kill of an idle program tries nothing. */
const BUSY_MIN = 6
/** Of the kills, so many before the notices have run out; the rest strike while what was confirmed too early is undone. */
const FIRST_SHARE = 0.7
/**
 * So often nothing has moved before anything counts as over, and before time leaps at all: each leap of days wakes the morning's
 * reconciliation, which takes a second, so that after a leap at every look nothing would ever have been still twice.
 */
const QUIET_MIN = 2
/** How long anything may be waited for: some seconds for each practice and kill are enough on a quiet machine. */
const WAIT_MS = 10 * 60_000
const WAIT_MS_EACH = 10_000
/** What was not put to the test by the first practices is by more of them, so often at most. */
const ROUNDS_MAX = 3

/** Rejects with what was waited for, what is open and what Iter said last when the practices do not come to their ends. */
export async function ordeal(options: OrdealOptions): Promise<OrdealOutcome> {
  const { kills: killsMax, practices, seed, only = [], log } = options
  const kinds = kindsOf(only)
  const folder = mkdtempSync(join(tmpdir(), 'iter-ordeal-'))
  const chance = numbers(seed)
  const began = performance.now()
  const ending = new AbortController()
  const { signal } = ending
  const kills = new Kills({ chance, signal, log })
  const until = waits({ signal, withinMs: WAIT_MS + (practices + killsMax) * WAIT_MS_EACH })
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
      kills.perhaps(iter, `${platform}.${operation} ${moment}`)
    },
  })
  const { platforms } = sandboxes
  const trouble = troubleFor(platforms, chance)
  const reached = join(folder, 'platforms.json')
  writeFileSync(reached, JSON.stringify({ ...platforms, pec: { ...platforms.pec, settleMs: PEC_SETTLE_MS } }))
  try {
    const running = await IterProcess.start({ dataDir: join(folder, 'data'), sandboxes: reached, now })
    iter = running
    const client = restClient(running.rest, signal)
    const decide = deciderAt(running.pages, journals)
    const codes = new Codes(journals, now)
    const sign = managerAt(running.pages, codes)
    const people = new People({ client, now, codes, decide, sign, platforms, kinds, journals })
    try {
      return await Promise.race([through(running, client, people), running.failed])
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      const struck = kills.struck.join('; ')
      const told = [`${why} (seed ${seed}).`, `Killed: ${struck}`, await standstill(client, people, running)]
      throw new Error(told.join('\n'), { cause: error })
    }
  } finally {
    ending.abort()
    await iter?.stop()
    await sandboxes.close()
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 500 })
  }

  async function through(running: IterProcess, client: RestClient, people: People): Promise<OrdealOutcome> {
    const clock = keepTime(client, now, signal)
    await client.surely('POST', '/deployments', deployment())
    const judged = () => {
      const { codes } = people
      const { database: databaseUrl } = running
      return truth({ client, people, directory: journals, databaseUrl, codes, only })
    }
    await trouble.everywhereOnce()
    const say = (what: string) => log(`${secondsSince(began)} s: ${JSON.stringify(kills.counts)}; ${what}`)
    const killer = allow(running, Math.ceil(killsMax * FIRST_SHARE))
    trouble.begin()
    await fileAll(client, people)
    say('all filed')
    await workThrough(people, killer)
    // A code whose answer was lost is known to be lost after a minute: where codes are many, those minutes are for kills.
    if (only.length > 0) trouble.end()
    await rest(client, people)
    say('who waits for the notice to run out')
    leapMs += 11 * DAY_MS
    trouble.begin()
    await workThrough(people, allow(running, killsMax))
    trouble.end()
    await rest(client, people)
    say('who waits for the silence')
    await allEnd(client, people)
    let found = await judged()
    for (let round = 1; round < ROUNDS_MAX && practices >= kinds.length && found.untried.length > 0; round++) {
      say(`once more for ${found.untried.join('; ')}`)
      await trouble.everywhereOnce()
      const from = kinds.length * Math.ceil(people.filed.length / kinds.length)
      await Promise.all(lanes(8, from, from + kinds.length, (n) => people.file(n)))
      await rest(client, people)
      leapMs += 11 * DAY_MS
      await rest(client, people)
      await allEnd(client, people)
      found = await judged()
    }
    ending.abort()
    await clock
    say(`went wrong: ${troubleIn(found.evidence.calls)}`)
    return { practices: people.filed.length, kills: kills.counts, struck: kills.struck, ...found }
  }

  /** So many kills in all, at random moments from now on. Resolves when all have been made. */
  function allow(running: IterProcess, count: number): Promise<void> {
    kills.allow(count)
    const killer = kills.atRandom(running)
    // It fails when the program does, and that is told elsewhere.
    killer.catch(() => {})
    return killer
  }

  /** Where all kinds are, the first find the protocol down, until one of them has its number of the emergency register. */
  async function fileAll(client: RestClient, people: People): Promise<void> {
    if (only.length > 0) return void (await Promise.all(lanes(8, 0, practices, (n) => people.file(n))))
    const first = Math.min(WITHOUT_PROTOCOL, practices)
    const isEntered = () => countOf(client, 'jobs', { type: 'emergenza.registra', state: 'COMPLETED' })
    const down = until(
      'an entry in the emergency register',
      async () => {
        await trouble.protocolDownUntil(now() + QUARTER_MS)
        return (await isEntered()) > 0
      },
      500,
    )
    await Promise.all([down, ...lanes(first, 0, first, (n) => people.file(n))])
    await trouble.protocolDownUntil(now())
    await Promise.all(lanes(8, first, practices, (n) => people.file(n)))
  }

  async function workThrough(people: People, killer: Promise<void>): Promise<void> {
    await until(
      'all kills of this part',
      async () => {
        await people.work()
        if (kills.left > 0) await keepBusy(people)
        return kills.left <= 0
      },
      300,
    )
    await killer
  }

  async function keepBusy(people: People): Promise<void> {
    const busy = (await people.open()).filter(({ kind }) => !kind.waitsForTime).length
    if (busy < BUSY_MIN) await people.file(people.filed.length)
  }

  /** Until all that is left waits for days to pass. What waits for a quarter of an hour is helped along. */
  function rest(client: RestClient, people: People): Promise<void> {
    const what = 'every practice to end or to wait for days to pass'
    const isOver = async () => (await people.open()).every(({ kind }) => kind.waitsForTime) && (await isIdle(client))
    return pass(client, people, { what, isOver, leap: QUARTER_MS, after: 6 })
  }
  async function allEnd(client: RestClient, people: People): Promise<void> {
    const isOver = async () => (await people.open()).length === 0 && (await isIdle(client))
    await pass(client, people, { what: 'every practice to end', isOver, leap: 2 * DAY_MS, after: QUIET_MIN })
    await flowsRead(client, people)
  }
  /** What pagoPA does not tell of a payment, the flow of the next morning does. */
  async function flowsRead(client: RestClient, people: People): Promise<void> {
    const before = await reconciledTimes(client)
    leapMs += 2 * DAY_MS
    const isOver = async () => (await reconciledTimes(client)) > before && (await isIdle(client))
    await pass(client, people, { what: "pagoPA's flows to be read", isOver, leap: QUARTER_MS, after: 6 })
  }
  /** People work, and each time that nothing has moved at so many looks the town's time leaps: never while anything is under way. */
  async function pass(client: RestClient, people: People, { what, isOver, leap, after }: Passing): Promise<void> {
    let quiet = 0
    await until(
      what,
      async () => {
        quiet = (await people.work()) === 0 && (await isStill(client)) ? quiet + 1 : 0
        if (quiet >= QUIET_MIN && (await isOver())) return true
        if (quiet > 0 && quiet % after === 0) leapMs += leap
        return false
      },
      400,
    )
  }
}

interface Passing {
  readonly what: string
  readonly isOver: () => Promise<boolean>
  /** Milliseconds of the town's time. */
  readonly leap: number
  readonly after: number
}

const secondsSince = (began: number): string => ((performance.now() - began) / 1000).toFixed(0)

/** What is wrong, a line each, with the kills that may have led to it; empty when nothing is. Fewer practices than kinds try less. */
export function faultsIn(
  { violations, untried, struck, practices }: OrdealOutcome,
  kinds: readonly Kind[],
): readonly string[] {
  const faults = [...violations, ...(practices < kinds.length ? [] : untried)]
  return faults.length === 0 ? [] : [...faults, `Killed: ${struck.join('; ')}`]
}

function deployment(): FormData {
  const form = new FormData()
  const own = { 'altri-effetti': otherEffectsBpmn(), pagamento: debtBpmn(), atto: actBpmn() }
  for (const [name, xml] of Object.entries(own))
    form.append('resources', new Blob([xml], { type: 'application/xml' }), `${name}.bpmn`)
  return form
}

/** The program's clock stands still between one telling and the next. */
async function keepTime(client: RestClient, now: () => number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await client.once('PUT', '/clock', { timestamp: now() }).catch(() => {})
    await pause(CLOCK_MS, undefined, { signal }).catch(() => {})
  }
}

function lanes(count: number, from: number, to: number, run: (n: number) => Promise<void>): Promise<void>[] {
  let next = from
  return Array.from({ length: count }, async () => {
    while (next < to) await run(next++)
  })
}

function familiesIn(names: string): readonly OwnFamily[] {
  const known = Object.keys(FAMILY_EFFECTS) as readonly OwnFamily[]
  return names.split(',').flatMap((name) => {
    if (name === '') return []
    const family = known.find((one) => one === name)
    if (family === undefined) throw new RangeError(`Expected families among ${known.join(', ')}, but there is ${name}.`)
    return [family]
  })
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '100' },
      practices: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string', default: '' },
    },
  })
  const [kills, practices, seed] = [Number(values.kills), Number(values.practices), Number(values.seed)]
  const only = familiesIn(values.only)
  const began = performance.now()
  const outcome = await ordeal({ kills, practices, seed, only, log: (line) => console.log(line) })
  const minutes = ((performance.now() - began) / 60_000).toFixed(1)
  const faults = faultsIn(outcome, kindsOf(only))
  const { sandbox, timed, database } = outcome.kills
  console.log(
    `${outcome.practices} practices, kills ${JSON.stringify(outcome.kills)}, seed ${seed}, ${minutes} minutes`,
  )
  console.log(faults.length === 0 ? `No violation after ${sandbox + timed + database} kills.` : faults.join('\n'))
  process.exitCode = faults.length === 0 ? 0 : 1
}
