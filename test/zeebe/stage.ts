/**
 * The stage of a scenario on a real Zeebe broker: the same diagrams, decisions and forms deployed, the same workers before the same
 * sandboxes. What the engine in memory tells by its log, the broker tells by its debug exporter; time is its controlled clock.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { deployInPortions, remoteGateway } from '../../connectors/zeebe/index.ts'
import type { Entry } from '../../engine/store/store.ts'
import type { DeployableResource } from '../../processes/resources.ts'
import { startZeebe } from '../bench/zeebe-broker.ts'
import { FIRST_DAY, STAGED, type Stage, sandboxedWorkers, TOWN_ZONE } from '../rehearsal/stage.ts'
import { BrokerLog } from './broker-log.ts'

const POLL_MS = 20
/** Until the broker answers, and until it has done what a scenario waits for. */
const PATIENCE_MS = 120_000
/** So many marks in a row with nothing between them: nothing more is on its way. */
const QUIET_MARKS = 3

export async function openZeebeStage(resources: readonly DeployableResource[] = []): Promise<Stage> {
  const directory = await mkdtemp(join(tmpdir(), 'iter-zeebe-'))
  const broker = await startZeebe(join(directory, 'broker'), 1, { isObserved: true })
  const log = new BrokerLog(broker.logFile)
  const gateway = remoteGateway({ grpc: { address: broker.gateway }, rest: { url: broker.rest } })
  let time = FIRST_DAY.toZonedDateTime(TOWN_ZONE).epochMilliseconds
  const now = () => time
  const timers = new OpenTimers()
  const read = (): void => timers.tell(log.after(timers.position))

  const patiently = async <T>(what: string, ask: () => Promise<T | null>): Promise<T> => {
    for (const end = performance.now() + PATIENCE_MS; ; ) {
      broker.ended.throwIfAborted()
      const answer = await ask()
      if (answer !== null) return answer
      if (performance.now() > end) throw new Error(`Expected ${what} within ${PATIENCE_MS} ms, but it was not so`)
      await pause(POLL_MS)
    }
  }
  const setClock = async (instant: number): Promise<void> => {
    const body = JSON.stringify({ epochMilli: instant })
    const headers = { 'content-type': 'application/json' }
    const { ok, status } = await fetch(`${broker.management}/actuator/clock/pin`, { method: 'POST', headers, body })
    if (!ok) throw new Error(`Expected the broker to take the clock, but it answered ${status}`)
    time = instant
  }
  let marks = 0
  /** A message nobody waits for: once its record is written, what was on its way before it has been done. */
  const mark = async (): Promise<number> => {
    const name = `mark-${++marks}`
    await gateway.publishMessage({ name, correlationKey: '', timeToLiveMs: 0, variables: '{}' })
    const isMark = ({ record }: Entry) =>
      record.valueType === 'MESSAGE' && record.intent === 'EXPIRED' && record.value.name === name
    const from = timers.position
    const found = await patiently('a mark in the log', async () => log.after(from).find(isMark) ?? null)
    return found.position
  }
  const settle = async (): Promise<void> => {
    await patiently('what is due to happen', async () => {
      read()
      return timers.isDue(time) ? null : true
    })
    for (let quiet = 0, last = await mark(); quiet < QUIET_MARKS; ) {
      const next = await mark()
      const between = log
        .after(last)
        .filter(({ position, record }) => position < next && record.valueType !== 'MESSAGE')
      quiet = between.length === 0 ? quiet + 1 : 0
      last = next
    }
    read()
    if (timers.isDue(time)) await settle()
  }

  const workers = await sandboxedWorkers(gateway, now)
  const close = async (): Promise<void> => {
    gateway.close()
    await workers[Symbol.asyncDispose]()
    await broker.stop()
    await rm(directory, { recursive: true, force: true })
  }
  try {
    await deployInPortions(gateway, [...STAGED, ...resources], {
      patienceMs: PATIENCE_MS,
      goesOn: () => broker.ended.throwIfAborted(),
    })
    await setClock(time)
  } catch (error) {
    await close()
    throw error
  }
  return {
    gateway,
    workers: workers.byType,
    isNeverOver: false,
    now,
    async moveTo(instant) {
      if (instant !== time) await setClock(instant)
    },
    nextDue: async (until) => {
      read()
      const look = workers.nextLook()
      return timers.next(Math.min(look ?? until, until)) ?? (look !== null && look <= until ? look : null)
    },
    async settle() {
      await settle()
      if (await workers.look()) await settle()
    },
    log: async (after) => log.after(after),
    [Symbol.asyncDispose]: close,
  }
}

class OpenTimers {
  readonly #due = new Map<number, number>()
  position = 0

  tell(entries: readonly Entry[]): void {
    for (const { position, record } of entries) {
      this.position = position
      if (record.recordType !== 'EVENT' || record.valueType !== 'TIMER') continue
      if (record.intent === 'CREATED') this.#due.set(record.key, record.value.dueDate ?? 0)
      else this.#due.delete(record.key)
    }
  }
  next(until: number): number | null {
    const due = [...this.#due.values()].filter((at) => at <= until)
    return due.length === 0 ? null : Math.min(...due)
  }
  isDue(now: number): boolean {
    return this.next(now) !== null
  }
}
