/**
 * A town of one's own for a case: the program as `npm start` runs it, with real database, workers and sandboxes, in a folder that
 * goes when the case is over. Owns: its clock, and when it has come to rest. Does not own: what people do in it (people.ts).
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { PopulationJournalEntry } from '../../connectors/anagrafe/sandbox.ts'
import type { Deposited } from '../../connectors/conservazione/deposited.ts'
import type { ReceivedCall } from '../../connectors/faults.ts'
import { readMessage } from '../../connectors/mail/mime.ts'
import type { DeliveredMail } from '../../connectors/mail/types.ts'
import type { ProtocolJournalEntry } from '../../connectors/protocollo/sandbox.ts'
import type { Row } from '../../engine/protocol/query.ts'
import { type RestClient, restClient } from '../ordeal/rest-client.ts'
import { PROCESS_ID } from '../pages/declaration.ts'

const main = fileURLToPath(new URL('../../main.ts', import.meta.url))
const REST_WITHIN_MS = 60_000
const LOOK_AGAIN_MS = 20

/** What the platforms have seen, oldest first. */
export interface Journals {
  readonly protocol: readonly ProtocolJournalEntry[]
  readonly mail: readonly {
    readonly at: string
    readonly to: string
    readonly subject: string
    readonly text: string
  }[]
  readonly archive: readonly Deposited[]
  readonly population: readonly PopulationJournalEntry[]
  /** Changes of the town's register and reads of the national one. */
  readonly populationCalls: readonly ReceivedCall[]
}

export interface TownUnderTest {
  /** Address of the pages. */
  readonly pages: string
  readonly rest: RestClient
  /** Sets the clock to a time in Rome, `2027-03-01T10:00`, and waits until everything that is due has been done. */
  at(romanTime: string): Promise<void>
  /** Resolves once no command, due timer or job waits. Throws when an incident is open. */
  atRest(): Promise<void>
  journals(): Journals
  /** How the practice stands; `at` is when it ended, in Rome. */
  outcome(id: string): Promise<{ readonly state: string; readonly esito: string | null; readonly at: string | null }>
  /** Those of these elements that the practice has ever entered. */
  elements(id: string, among: readonly string[]): Promise<readonly string[]>
  /** Ids of all practices, by the mark on their instances. */
  practices(): Promise<readonly string[]>
}

/** Runs until the test is over. */
export async function openTown(t: TestContext): Promise<TownUnderTest> {
  const dataDir = mkdtempSync(join(tmpdir(), 'iter-case-'))
  const table = await startIter(t, dataDir)
  const rest = restClient(addressIn(table, 'REST /v2'))
  const management = new URL(addressIn(table, 'Management')).origin
  const atRest = () => comeToRest(rest, management)
  return {
    pages: addressIn(table, 'Pages'),
    rest,
    async at(romanTime) {
      const instant = Temporal.PlainDateTime.from(romanTime).toZonedDateTime('Europe/Rome')
      await rest.once('PUT', '/clock', { timestamp: instant.epochMilliseconds })
      await atRest()
    },
    atRest,
    journals: () => readJournals(join(dataDir, 'sandboxes')),
    ...practicesOf(rest),
  }
}

/** Resolves with the table that the program prints when it serves. */
async function startIter(t: TestContext, dataDir: string): Promise<string> {
  const ports = ['grpc', 'rest', 'management', 'pages'].flatMap((port) => [`--${port}-port`, '0'])
  const iter = spawn(process.execPath, [main, '--data-dir', dataDir, '--clock', 'controlled', ...ports])
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

const MARK = 'pratica:'

function practicesOf(rest: RestClient): Pick<TownUnderTest, 'outcome' | 'elements' | 'practices'> {
  const search = async (resource: string, filter: object) =>
    (await rest.once<Found>('POST', `/${resource}/search`, { filter })).items
  const instanceOf = async (id: string): Promise<Row> => {
    const [instance] = await search('process-instances', { tags: [`${MARK}${id}`] })
    if (instance === undefined) throw new Error(`Expected practice ${id} to have an instance, but it has none`)
    return instance
  }
  return {
    async outcome(id) {
      const { processInstanceKey, state, endDate } = await instanceOf(id)
      const own = { processInstanceKey, scopeKey: processInstanceKey, name: 'esito' }
      const [esito] = await search('variables', own)
      const at = typeof endDate === 'string' ? inRome(endDate) : null
      return { state: String(state), esito: esito === undefined ? null : JSON.parse(String(esito.value)), at }
    },
    async elements(id, among) {
      const { processInstanceKey } = await instanceOf(id)
      const found = await search('element-instances', { processInstanceKey, elementId: { $in: among } })
      return found.map(({ elementId }) => String(elementId))
    },
    async practices() {
      const instances = await search('process-instances', { processDefinitionId: PROCESS_ID })
      return instances.map(({ tags }) => String(tags).replace(MARK, ''))
    },
  }
}

/** An instant as people in the town tell it, to the minute. */
export const inRome = (instant: string): string =>
  Temporal.Instant.from(instant)
    .toZonedDateTimeISO('Europe/Rome')
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' })

interface Found {
  readonly items: readonly Row[]
}

async function comeToRest(rest: RestClient, management: string): Promise<void> {
  const waiting = { filter: { state: { $in: ['CREATED', 'FAILED', 'RETRIES_UPDATED', 'TIMED_OUT'] } } }
  const receipts = { filter: { messageName: 'pec.consegnata', messageSubscriptionState: 'CREATED' } }
  const until = performance.now() + REST_WITHIN_MS
  for (;;) {
    await fetch(`${management}/idle`, { method: 'POST' })
    const { items: incidents } = await rest.once<Found>('POST', '/incidents/search', { filter: { state: 'ACTIVE' } })
    if (incidents.length > 0) throw new Error(`Expected no incident, but found ${JSON.stringify(incidents)}`)
    const { items: jobs } = await rest.once<Found>('POST', '/jobs/search', waiting)
    // The provider has written the receipt; the mailbox is looked into every quarter of a minute.
    const { items: awaited } = await rest.once<Found>('POST', '/message-subscriptions/search', receipts)
    if (jobs.length === 0 && awaited.length === 0) return
    if (performance.now() > until)
      throw new Error(`Expected the workers to be done, but found ${JSON.stringify([...jobs, ...awaited])}`)
    await pause(LOOK_AGAIN_MS)
  }
}

function readJournals(directory: string): Journals {
  const lines = <Entry>(name: string): readonly Entry[] =>
    readFileSync(join(directory, `${name}.ndjson`), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Entry)
  return {
    protocol: lines('protocollo'),
    mail: lines<DeliveredMail>('mail').map(({ at, to, raw }) => {
      const { subject, text } = readMessage(raw)
      return { at, to: to.join(), subject, text }
    }),
    archive: lines('conservazione'),
    population: lines('anagrafe'),
    populationCalls: [...lines<ReceivedCall>('anagrafe.calls'), ...lines<ReceivedCall>('anpr.calls')],
  }
}
