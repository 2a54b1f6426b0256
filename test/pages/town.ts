/** A whole town for tests, in this process: engine and database, sandboxes, workers, pages, and a clock that can be set. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { z } from 'zod'
import type { faultSchema } from '../../connectors/faults.ts'
import { connectors } from '../../connectors/index.ts'
import { type RunningSandboxes, startSandboxes } from '../../connectors/sandboxes.ts'
import { type OpenStores, openStores } from '../../connectors/stores.ts'
import { type PagesConfig, type RunningPages, startPages } from '../../forms/server/index.ts'
import type { RegisterLookup } from '../../forms/server/register.ts'
import { openTownDatabase } from '../../forms/server/store/town-database.ts'
import { deliveredResources } from '../../processes/resources.ts'
import { loadTown } from '../../processes/town.ts'
import { startWorkers } from '../../workers/index.ts'
import { type Embedded, startAlone } from '../embedded.ts'
import { Browser } from './browser.ts'

const HOST = '127.0.0.1'
const POLL_MS = 50
const PATIENCE_MS = 30_000
const PAYMENT_POLL_MS = 200

export type TownUnderTest = Awaited<ReturnType<typeof openTown>>

interface Options {
  /** An ISO instant to which the clock is set before anything happens. */
  readonly at?: string
  /** What the population register says; without it the pages have none to ask. */
  readonly register?: RegisterLookup
  /** How often the pages look for what was never sent. */
  readonly sweepMs?: number
  /** How often certified mail is looked for. */
  readonly mailPollMs?: number
}

export async function openTown(options: Options = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'iter-town-'))
  const stops: (() => Promise<void>)[] = [async () => rmSync(directory, { recursive: true, force: true })]
  const close = async () => {
    for (const stop of stops.splice(0).reverse()) await stop()
  }
  try {
    return { ...(await start(directory, options, stops)), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function start(
  directory: string,
  { at, register, sweepMs, mailPollMs }: Options,
  stops: (() => Promise<void>)[],
) {
  const log: string[] = []
  const note = (line: string) => void log.push(line)
  const engine = await startAlone(directory, { isClockControlled: true, log: note })
  stops.push(engine.close)
  const { gateway, now, secret, addresses, database } = engine
  if (at !== undefined) await setClock(addresses.rest, at)
  const town = await loadTown()
  const sandboxes = await startSandboxes({ directory: join(directory, 'sandboxes'), now })
  stops.push(sandboxes.close)
  const stores = await openStores(database.connectionString, now)
  stops.push(stores.close)
  const { accounts, documents, ledger: effects } = stores
  const workers = await workersOf(engine, sandboxes, stores, {
    log: note,
    ...(mailPollMs !== undefined && { mailPollMs }),
  })
  const { signer } = workers
  stops.push(workers.close)
  const databaseUrl = database.connectionString
  const openPages = async (differences: Partial<PagesConfig> = {}): Promise<RunningPages> => {
    const config = { host: HOST, port: 0, publicUrl: null, secret, identity: 'embedded', ...differences } as const
    const pages = await startPages({
      gateway,
      databaseUrl,
      town,
      documents,
      effects,
      accounts,
      ...(register && { register }),
      map: workers.map.sheet,
      checkout: (avviso, ritorno) => workers.checkout.open({ avvisi: [avviso], ritorno }),
      ...(sweepMs !== undefined && { sweepMs }),
      now,
      config,
      log: note,
    })
    stops.push(pages.close)
    return pages
  }
  const pages = await openPages()
  const tables = await openTownDatabase(databaseUrl)
  stops.push(() => tables.destroy())
  return {
    url: pages.address,
    /** Of the engine's ports. */
    addresses,
    gateway,
    town,
    /** The pages' own tables. */
    database: tables,
    documents,
    /** Whether the signatures on a document are valid now. */
    verifySignatures: (content: Uint8Array) => signer.verify(content, now()),
    /** What the workers remember of outside effects. */
    effects,
    /** The money of the practices. */
    accounts,
    log,
    setClock: (instant: string) => setClock(addresses.rest, instant),
    browser: () => new Browser(pages.address),
    /** Further pages on the same database, as another program or after a restart. */
    openPages,
    /** Something goes wrong with a platform's next call. */
    async plan(platform: keyof typeof sandboxes.platforms, fault: z.input<typeof faultSchema>): Promise<void> {
      const { url } = sandboxes.platforms[platform]
      const { status } = await fetch(`${url}/_sandbox/faults`, { method: 'POST', body: JSON.stringify(fault) })
      assert.equal(status, 200)
    },
    /** From here on the workers take no job. */
    restWorkers: workers.rest,
    databaseUrl,
    /** Of the engine's clock, epoch milliseconds. */
    now,
    /** What a platform's sandbox received, oldest first. */
    async journal(platform: keyof typeof sandboxes.platforms, what = 'journal'): Promise<readonly unknown[]> {
      const { url } = sandboxes.platforms[platform]
      return (await (await fetch(`${url}/_sandbox/${what}`)).json()) as readonly unknown[]
    },
  }
}

async function setClock(rest: string, instant: string): Promise<void> {
  const body = JSON.stringify({ timestamp: Date.parse(instant) })
  const headers = { 'content-type': 'application/json' }
  const { status } = await fetch(`http://${rest}/v2/clock`, { method: 'PUT', headers, body })
  assert.equal(status, 204, `Expected the clock to be set to ${instant}`)
}

async function workersOf(
  { gateway, now }: Embedded,
  { platforms }: RunningSandboxes,
  stores: OpenStores,
  looks: { readonly log: (line: string) => void; readonly mailPollMs?: number },
) {
  const town = await loadTown()
  const tools = connectors({ platforms, body: town, ...stores, now })
  await gateway.deployResources({ resources: deliveredResources() })
  const workers = startWorkers({ gateway, town, connectors: tools, now, ...looks, paymentPollMs: PAYMENT_POLL_MS })
  return {
    signer: tools.signer,
    map: tools.map,
    checkout: tools.checkout,
    rest: workers.close,
    async close() {
      await workers.close()
      tools.close()
    },
  }
}

/** Asks again until it holds; fails with the last answer when patience ends. */
export async function until<T>(ask: () => Promise<T>, holds: (answer: T) => boolean): Promise<T> {
  const end = Date.now() + PATIENCE_MS
  for (;;) {
    const answer = await ask()
    if (holds(answer)) return answer
    assert.ok(
      Date.now() < end,
      `Expected this to become true within ${PATIENCE_MS} ms, but the last answer was: ${answer}`,
    )
    await pause(POLL_MS)
  }
}

/** Opens the page again until its text matches. */
export const untilShown = async (browser: Browser, path: string, pattern: RegExp): Promise<string> =>
  until(
    async () => (await browser.open(path)).text,
    (text) => pattern.test(text),
  )
