/**
 * The embedded engine as one thing: database, store, engine and ports. What main.ts joins to workers and pages.
 * Owns: the order of starting and stopping, and the sentence for what went wrong. Does not own: options (config.ts).
 */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Dialect, Locality } from './feel/index.ts'
import { embeddedGateway, type RunningGateway, startGateway } from './gateway/index.ts'
import type { Gateway } from './protocol/gateway.ts'
import { type RunningEngine, startEngine } from './runtime/embedded-engine.ts'
import { EmbeddedPostgresError, startEmbeddedPostgres } from './store/embedded.ts'
import { openPostgresStore } from './store/postgres.ts'
import { StoreError } from './store/store.ts'

export { type Config, ConfigError, helpText, readConfig, withoutPassword } from './config.ts'

export interface EmbeddedOptions {
  readonly dataDir: string
  /** Null: PostgreSQL from npm, in `dataDir`. */
  readonly databaseUrl: string | null
  readonly host: string
  readonly hostNames: readonly string[]
  readonly grpcPort: number
  readonly restPort: number
  readonly managementPort: number
  /** Origins of our own pages. */
  readonly origins: readonly string[]
  /** Path of the API users' file. */
  readonly apiUsers: string | null
  readonly isClockControlled: boolean
  /** Where a controlled clock stands from the start (ms since 1970); null or absent: where the real one is. */
  readonly clockAt?: number | null
  /** Of all decision models; null or absent: each says its own. */
  readonly dmnDialect?: Dialect | null
  /** Of timers and FEEL; without zone and calendar all is as in Zeebe. */
  readonly locality?: Locality
  readonly hasUniqueBusinessIds?: boolean
  readonly version: string
  readonly log: (line: string) => void
}

export interface Embedded {
  readonly gateway: Gateway
  readonly now: () => number
  /** Resolves when the engine may no longer write; the program should end, so that its next start reads what stands. */
  readonly failed: Promise<Error>
  readonly addresses: RunningGateway['addresses']
  readonly database: { readonly connectionString: string; readonly pid: number | null }
  /** A secret of this installation, for what must not be forged or read without it. */
  readonly secret: Buffer
  /** The engine first, then the database. */
  close(): Promise<void>
}

interface Database {
  readonly connectionString: string
  readonly pid: number | null
  stop(): Promise<void>
}

/** Starts everything; when one part cannot start, those before it are stopped again. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { dataDir, host, grpcPort, log } = options
  const started: (() => Promise<void>)[] = []
  const close = async () => {
    for (const stop of started.splice(0).reverse()) await stop()
  }
  try {
    mkdirSync(dataDir, { recursive: true })
    const secret = installationSecret(dataDir)
    const database = await openDatabase(options)
    started.push(() => database.stop())
    const { connectionString, pid } = database
    const store = openPostgresStore({ connectionString, secret, log })
    const { isClockControlled, clockAt, dmnDialect = null, locality = {}, hasUniqueBusinessIds = false } = options
    const engine = await startEngine({
      ...{ store, isClockControlled, clockAt, dmnDialect, locality, hasUniqueBusinessIds, log },
    })
    started.push(() => engine.close())
    const gateway = embeddedGateway(engine, { host, port: grpcPort })
    const ports = await openPorts(options, engine, gateway)
    started.push(() => ports.close())
    return {
      gateway,
      now: engine.clock.now,
      failed: engine.failed,
      addresses: ports.addresses,
      database: { connectionString, pid },
      secret,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function openDatabase({ databaseUrl, dataDir, log }: EmbeddedOptions): Promise<Database> {
  if (databaseUrl !== null) return { connectionString: databaseUrl, pid: null, stop: async () => {} }
  return startEmbeddedPostgres({ dataDir, log })
}

function openPorts(options: EmbeddedOptions, engine: RunningEngine, gateway: Gateway): Promise<RunningGateway> {
  const { host, hostNames, grpcPort, restPort, managementPort, origins, isClockControlled, version, log } = options
  const apiUsers = options.apiUsers === null ? null : readFileSync(options.apiUsers, 'utf8')
  const ports = { host, hostNames, grpcPort, restPort, managementPort, origins }
  return startGateway({ engine, gateway, config: { ...ports, apiUsers, isClockControlled, version }, log })
}

const SECRET_BYTES = 32
/** Made at the first start; a copy of the database without it reads no variables of the log. */
function installationSecret(dataDir: string): Buffer {
  const file = join(dataDir, 'secret')
  if (!existsSync(file)) writeFileSync(file, randomBytes(SECRET_BYTES).toString('base64'), { mode: 0o600, flag: 'wx' })
  return Buffer.from(readFileSync(file, 'utf8'), 'base64')
}

/** Why a file or folder that an option names cannot be used. */
const UNUSABLE: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'we are not permitted to',
  EEXIST: 'it is a file, not a folder',
  ENOTDIR: 'a part of it is a file, not a folder',
  EISDIR: 'it is a folder, not a file',
  EROFS: 'its disk is read-only',
}

/** What an administrator reads when the start failed; null for what is a fault of ours. */
export function sentenceFor(error: unknown): string | null {
  if (error instanceof EmbeddedPostgresError || error instanceof StoreError) return error.message
  if (!(error instanceof Error)) return null
  const { code, path, port, address } = error as NodeJS.ErrnoException & { port?: number; address?: string }
  if (code === 'EADDRINUSE')
    return `Expected port ${port} to be free, but another program listens on it. Choose another (see --help).`
  if (code === 'EADDRNOTAVAIL')
    return `Expected ${address} to be an address of this machine, but it is not. Set ITER_HOST.`
  if (code === 'EACCES' && port !== undefined)
    return `Expected to be allowed to listen on port ${port}, but it is not permitted. Choose another.`
  if (path !== undefined && code !== undefined && code in UNUSABLE)
    return `Expected to use ${path}, but ${UNUSABLE[code]}. Name another (see --help).`
  return error.message.startsWith('Expected ') ? error.message : null
}
