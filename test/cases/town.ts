/**
 * A town of one's own for a case: the program as `npm start` runs it, with real database, workers and sandboxes, in a folder that
 * goes when the case is over. Owns: its clock, and when it has come to rest. Does not own: what people do in it (people.ts).
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Row } from '../../engine/protocol/query.ts'
import { loadTown, type TownCalendar } from '../../processes/town.ts'
import { type RestClient, restClient } from '../ordeal/rest-client.ts'
import { inRome, type Journals, readJournals } from './journals.ts'

const main = fileURLToPath(new URL('../../main.ts', import.meta.url))
const REST_WITHIN_MS = 120_000
const LOOK_AGAIN_MS = 20
const NEXT_ATTEMPT_MS = 10_000
/** Less than the minute to which cases tell the time. */
const ATTEMPTS_WITHIN_MS = 50_000

export interface TownUnderTest {
  /** Address of the pages. */
  readonly pages: string
  readonly rest: RestClient
  /** Address of a platform's sandbox, where testers play the other side. */
  sandbox(platform: string): string
  /** Sets the clock to a time in Rome, `2027-03-01T10:00`, and waits until everything that is due has been done. */
  at(romanTime: string, stuck?: readonly string[]): Promise<void>
  /**
   * Resolves once no command, due timer or job waits. Throws when an incident is open. Ids of elements that are `stuck`, because the
   * case is about them, are passed over: they wait for their next attempt, or for a person.
   */
  atRest(stuck?: readonly string[]): Promise<void>
  journals(): Journals
  /** As platforms do: no call of that platform has any effect until that time in Rome. */
  down(platform: string, until: string): Promise<void>
  /** As platforms do: the next calls of that operation, so many, are answered with an error and have no effect. */
  refuse(platform: string, operation: string, times: number): Promise<void>
  /** How the practice stands; `at` is when it ended, in Rome. */
  outcome(id: string): Promise<{ readonly state: string; readonly esito: string | null; readonly at: string | null }>
}

/** Runs until the test is over. `calendar`: what is otherwise in the calendar of the sample town. */
export async function openTown(t: TestContext, calendar: Partial<TownCalendar> = {}): Promise<TownUnderTest> {
  const dataDir = mkdtempSync(join(tmpdir(), 'iter-case-'))
  const calendarFile = join(dataDir, 'calendar.json')
  writeFileSync(calendarFile, JSON.stringify({ ...(await loadTown()).calendario, ...calendar }))
  const table = await startIter(t, dataDir, calendarFile)
  const rest = restClient(addressIn(table, 'REST /v2'))
  const management = new URL(addressIn(table, 'Management')).origin
  let clock = 0
  const set = async (timestamp: number): Promise<void> => {
    clock = timestamp
    await rest.once('PUT', '/clock', { timestamp })
  }
  const atRest = (stuck?: readonly string[]) => {
    const until = clock + ATTEMPTS_WITHIN_MS
    const pass = async () => (clock < until ? set(clock + NEXT_ATTEMPT_MS) : undefined)
    return comeToRest(rest, management, pass, stuck)
  }
  const sandbox = (platform: string): string => addressIn(table, `Sandbox ${platform} `)
  const tell = (platform: string, door: string, what: object) => posted(`${sandbox(platform)}/_sandbox/${door}`, what)
  return {
    pages: addressIn(table, 'Pages'),
    ...{ rest, sandbox },
    async at(romanTime, stuck) {
      await set(zoned(romanTime).epochMilliseconds)
      await atRest(stuck)
    },
    atRest,
    journals: () => readJournals(join(dataDir, 'sandboxes')),
    down: (platform, until) => tell(platform, 'down', { until: zoned(until).toInstant().toString() }),
    refuse: (platform, operation, times) => tell(platform, 'faults', { operation, kind: 'error-before', times }),
    outcome: (id) => outcomeOf(rest, id),
  }
}

const zoned = (romanTime: string): Temporal.ZonedDateTime =>
  Temporal.PlainDateTime.from(romanTime).toZonedDateTime('Europe/Rome')

async function posted(url: string, body: object): Promise<void> {
  const { status } = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
  if (status !== 200) throw new Error(`Expected ${url} to take ${JSON.stringify(body)}, but it answered ${status}`)
}

/** Resolves with the table that the program prints when it serves. */
async function startIter(t: TestContext, dataDir: string, calendar: string): Promise<string> {
  const ports = ['grpc', 'rest', 'management', 'pages'].flatMap((port) => [`--${port}-port`, '0'])
  const given = ['--data-dir', dataDir, '--calendar', calendar, '--clock', 'controlled', '--pec-poll', '1']
  const iter = spawn(process.execPath, [main, ...given, ...ports])
  const ended = new Promise<void>((resolve) => iter.once('close', () => resolve()))
  t.after(async () => {
    iter.kill('SIGTERM')
    await ended
    rmSync(dataDir, { recursive: true, force: true })
  })
  return new Promise((resolve, reject) => {
    let output = ''
    const heard = (chunk: Buffer) => {
      output += chunk
      if (/^Stop\b/m.test(output)) resolve(output)
    }
    iter.stdout.on('data', heard)
    iter.stderr.on('data', heard)
    void ended.then(() => reject(new Error(`Expected Iter to start, but it ended:\n${output}`)))
  })
}

function addressIn(table: string, row: string): string {
  const line = table.split('\n').find((each) => each.startsWith(row))
  const address = /\S+$/.exec(line ?? '')?.[0]
  if (address === undefined) throw new Error(`Expected the start table to have a row '${row}', but it is:\n${table}`)
  return address
}

async function outcomeOf(rest: RestClient, id: string): ReturnType<TownUnderTest['outcome']> {
  const search = async (resource: string, filter: object) =>
    (await rest.once<Found>('POST', `/${resource}/search`, { filter })).items
  const [instance] = await search('process-instances', { tags: [`pratica:${id}`] })
  if (instance === undefined) throw new Error(`Expected practice ${id} to have an instance, but it has none`)
  const { processInstanceKey, state, endDate } = instance
  const [esito] = await search('variables', { processInstanceKey, scopeKey: processInstanceKey, name: 'esito' })
  const at = typeof endDate === 'string' ? inRome(endDate) : null
  return { state: String(state), esito: esito === undefined ? null : JSON.parse(String(esito.value)), at }
}

interface Found {
  readonly items: readonly Row[]
  readonly page: { readonly totalItems: number }
}

const WAITING = { state: { $in: ['CREATED', 'FAILED', 'RETRIES_UPDATED', 'TIMED_OUT'] } }
const RECEIPTS = { messageName: 'pec.consegnata', messageSubscriptionState: 'CREATED' }

/** `pass` lets some seconds pass: on a busy machine a document may take longer than is waited for, and is tried again after a while. */
async function comeToRest(
  rest: RestClient,
  management: string,
  pass: () => Promise<void>,
  stuck: readonly string[] = [],
): Promise<void> {
  const search = async (resource: string, filter: object) =>
    (await rest.once<Found>('POST', `/${resource}/search`, { filter })).items.filter(
      ({ elementId }) => !stuck.includes(String(elementId)),
    )
  const idle = async () => (await fetch(`${management}/idle`, { method: 'POST' })).body?.cancel()
  const jobsEver = async () => (await rest.once<Found>('POST', '/jobs/search', {})).page.totalItems
  const until = performance.now() + REST_WITHIN_MS
  for (;;) {
    const before = await jobsEver()
    await idle()
    const incidents = await search('incidents', { state: 'ACTIVE' })
    if (incidents.length > 0) throw new Error(`Expected no incident, but found ${JSON.stringify(incidents)}`)
    const jobs = await search('jobs', WAITING)
    await idle()
    // The provider has written the receipt; the mailbox is looked into every second.
    const awaited = await search('message-subscriptions', RECEIPTS)
    await idle()
    // A receipt that came between two of these questions has brought a job.
    if (jobs.length === 0 && awaited.length === 0 && (await jobsEver()) === before) return
    if (performance.now() > until)
      throw new Error(`Expected the workers to be done, but found ${JSON.stringify([...jobs, ...awaited])}`)
    if (jobs.some(({ state }) => state === 'FAILED')) await pass()
    await pause(LOOK_AGAIN_MS)
  }
}
