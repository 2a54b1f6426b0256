/**
 * The stage of a scenario: the engine on a store in memory, what comes with the program deployed, the town's own workers before the
 * sandboxes of their platforms. Time stands still but for `moveTo`; nothing happens but what a scenario does and what follows from it.
 */
import type { JobWorker } from '../../connectors/zeebe/index.ts'
import { embeddedGateway } from '../../engine/gateway/index.ts'
import { compileBpmn } from '../../engine/model/compile-resource.ts'
import type { Gateway } from '../../engine/protocol/gateway.ts'
import { startEngine } from '../../engine/runtime/embedded-engine.ts'
import { MemoryStore } from '../../engine/store/memory.ts'
import type { Entry } from '../../engine/store/store.ts'
import { feelCalendar } from '../../processes/calendar.ts'
import { type DeployableResource, deliveredResources } from '../../processes/resources.ts'
import { loadTown } from '../../processes/town.ts'
import { jobWorkers } from '../../workers/index.ts'
import { openPlatforms } from '../connectors/platforms.ts'
import { awaitedMail } from './awaited-mail.ts'
import { awaitedNotices } from './awaited-notices.ts'
import { isStartedByClock } from './clock-starts.ts'

export const TOWN_ZONE = 'Europe/Rome'

export interface Stage extends AsyncDisposable {
  readonly gateway: Gateway
  /** Job types that the program has a worker for. */
  readonly workers: ReadonlyMap<string, JobWorker>
  /** Whether time alone starts something: then no end is the last. */
  readonly isNeverOver: boolean
  now(): number
  moveTo(instant: number): Promise<void>
  /** When the next timer, retry or message's end is due, up to and including `until`; null when nothing is. */
  nextDue(until: number): Promise<number | null>
  /** Resolves when the engine has done all it can do at this time. */
  settle(): Promise<void>
  /** The log after a position. */
  log(after: number): Promise<readonly Entry[]>
}

/** Before any scenario says otherwise. */
export const FIRST_DAY = Temporal.PlainDateTime.from('2027-01-01T00:00')

const compiled = new Map<string, ReturnType<typeof compileBpmn>>()
/** Each diagram is compiled once for all scenarios: graphs are frozen and shared (M1). */
const compileOnce: typeof compileBpmn = (...of) => {
  const text = JSON.stringify(of)
  const known = compiled.get(text) ?? compileBpmn(...of)
  compiled.set(text, known)
  return known
}

export interface SandboxedWorkers extends AsyncDisposable {
  readonly byType: ReadonlyMap<string, JobWorker>
  /** When to look for what may have come; null when nothing is awaited. */
  nextLook(): number | null
  /** Resolves with whether something has come. */
  look(): Promise<boolean>
}
/** The program's workers before sandboxes of their own, for whichever engine. */
export async function sandboxedWorkers(
  gateway: Pick<Gateway, 'publishMessage'>,
  now: () => number,
): Promise<SandboxedWorkers> {
  const town = await loadTown()
  let looks = 0
  // SEND counts how often its stream is read in real time, which a scenario outruns.
  const platforms = await openPlatforms({ now, tokenNow: () => Date.now() + looks * 1_000 })
  const { connectors } = platforms
  const awaited = [awaitedMail({ gateway, connectors, now }), awaitedNotices({ gateway, connectors, now })]
  const workers = jobWorkers({ gateway, town, connectors, now, log: () => {} })
  return {
    byType: new Map(
      workers.map((worker) => [
        worker.type,
        awaited.reduce<JobWorker>((watched, platform) => platform.watched(watched), worker),
      ]),
    ),
    nextLook() {
      const next = awaited.map((platform) => platform.nextLook()).filter((look) => look !== null)
      return next.length === 0 ? null : Math.min(...next)
    },
    async look() {
      looks += 1
      const come = []
      for (const platform of awaited) come.push(await platform.look())
      return come.includes(true)
    },
    [Symbol.asyncDispose]: () => platforms[Symbol.asyncDispose](),
  }
}

/** What comes with the program, but for what the clock starts: that would go on in every scenario, day after day. */
export const STAGED = await (async (): Promise<readonly DeployableResource[]> => {
  const delivered = deliveredResources()
  const startsItself = await Promise.all(delivered.map(isStartedByClock))
  return delivered.filter((_, index) => !startsItself[index])
})()

/** `resources` are deployed after those that come with the program. */
export async function openStage(resources: readonly DeployableResource[] = []): Promise<Stage> {
  const store = new MemoryStore()
  const log = () => {}
  const town = await loadTown()
  const locality = { zone: TOWN_ZONE, calendar: feelCalendar(town.calendario) }
  const engine = await startEngine({ store, isClockControlled: true, locality, compile: compileOnce, log })
  engine.clock.pin(FIRST_DAY.toZonedDateTime(TOWN_ZONE).epochMilliseconds)
  const now = () => engine.clock.now()
  const gateway = embeddedGateway(engine, { host: '127.0.0.1', port: 0 })
  const workers = await sandboxedWorkers(gateway, now)
  await gateway.deployResources({ resources: [...STAGED, ...resources] })
  const startsItself = await Promise.all(resources.map(isStartedByClock))
  return {
    gateway,
    workers: workers.byType,
    isNeverOver: startsItself.includes(true),
    now,
    async moveTo(instant) {
      engine.clock.pin(instant)
      await engine.idle()
    },
    async nextDue(until) {
      const look = workers.nextLook()
      return (
        (await store.dueUntil(Math.min(look ?? until, until), 1))[0]?.at ??
        (look !== null && look <= until ? look : null)
      )
    },
    async settle() {
      await engine.idle()
      if (await workers.look()) await engine.idle()
    },
    log: (after) => store.read(after, Number.MAX_SAFE_INTEGER),
    async [Symbol.asyncDispose]() {
      await engine.close()
      await workers[Symbol.asyncDispose]()
    },
  }
}
