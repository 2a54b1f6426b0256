/** A whole town for tests, in this process: engine and database, sandboxes, workers, pages, and a clock that can be set. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { connectors } from '../../connectors/index.ts'
import { openLedger } from '../../connectors/ledger/database.ts'
import { startSandboxes } from '../../connectors/sandboxes.ts'
import { startEmbedded } from '../../engine/index.ts'
import { startPages } from '../../forms/server/index.ts'
import { openTownDatabase } from '../../forms/server/store/town-database.ts'
import { deliveredResources } from '../../processes/resources.ts'
import { loadTown } from '../../processes/town.ts'
import { startWorkers } from '../../workers/index.ts'
import { Browser } from './browser.ts'

const HOST = '127.0.0.1'
const POLL_MS = 50
const PATIENCE_MS = 30_000

export type TownUnderTest = Awaited<ReturnType<typeof openTown>>

/** `at`: an ISO instant to which the clock is set before anything happens. */
export async function openTown({ at }: { readonly at?: string } = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'iter-town-'))
  const log: string[] = []
  const note = (line: string) => void log.push(line)
  const ports = { grpcPort: 0, restPort: 0, managementPort: 0 }
  const own = { dataDir: directory, databaseUrl: null, host: HOST, hostNames: [], origins: [], apiUsers: null }
  const engine = await startEmbedded({ ...own, ...ports, isClockControlled: true, version: 'test', log: note })
  const { gateway, now, secret, addresses } = engine
  const setClock = async (instant: string): Promise<void> => {
    const body = JSON.stringify({ timestamp: Date.parse(instant) })
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`http://${addresses.rest}/v2/clock`, { method: 'PUT', headers, body })
    assert.equal(answer.status, 204)
  }
  if (at !== undefined) await setClock(at)
  const databaseUrl = engine.database.connectionString
  const town = await loadTown()
  const sandboxes = await startSandboxes({ directory: join(directory, 'sandboxes'), now })
  const ledger = await openLedger(databaseUrl)
  const { codiceIpa, codiceAoo, email } = town
  const depositor = { ambiente: 'SANDBOX', ente: codiceIpa, struttura: codiceAoo, userId: 'iter' }
  const platforms = connectors({ addresses: sandboxes.addresses, ledger, from: email, depositor, archivePassword: 'x' })
  await gateway.deployResources({ resources: deliveredResources() })
  const workers = startWorkers({ gateway, town, connectors: platforms, now, log: note })
  const config = { host: HOST, port: 0, publicUrl: null, secret, identity: 'embedded' } as const
  const pages = await startPages({ gateway, databaseUrl, town, now, config, log: note })
  const database = await openTownDatabase(databaseUrl)

  return {
    url: pages.address,
    gateway,
    database,
    town,
    log,
    setClock,
    browser: () => new Browser(pages.address),
    /** What a platform's sandbox received, oldest first. */
    async journal(platform: keyof typeof sandboxes.addresses, what = 'journal'): Promise<readonly unknown[]> {
      const { url } = sandboxes.addresses[platform]
      return (await (await fetch(`${url}/_sandbox/${what}`)).json()) as readonly unknown[]
    },
    async close() {
      await database.destroy()
      await pages.close()
      await workers.close()
      platforms.mail.close()
      await ledger.close()
      await sandboxes.close()
      await engine.close()
      rmSync(directory, { recursive: true, force: true })
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
