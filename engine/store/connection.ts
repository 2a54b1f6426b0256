/** A connection to PostgreSQL with the statements it has parsed, and what its errors mean. */
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { StoreError } from './store.ts'
import { Exchange, type Results, submit } from './wire.ts'

/** So long a database that went away is waited for: the time of a restart with recovery. */
const PATIENCE_MS = 30_000
const RETRY_MS = 50
const CONNECT_MS = 10_000
/** Generic plans of indexes: the rows of a hot table come and go faster than its statistics. */
const settings = '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off'

export class Connection {
  readonly client: pg.Client
  readonly #known = new Set<string>()
  isLost = false

  constructor(connectionString: string, applicationName: string) {
    this.client = new pg.Client({
      connectionString,
      application_name: applicationName,
      options: settings,
      connectionTimeoutMillis: CONNECT_MS,
      keepAlive: true,
    })
    // The query under way is told as well.
    this.client.on('error', () => this.lose())
    this.client.on('end', () => {
      this.isLost = true
    })
  }
  exchange(build: (exchange: Exchange) => void): Buffer {
    const exchange = new Exchange(this.#known)
    build(exchange)
    return exchange.finish()
  }
  /** After an error the connection is given up: what it has parsed is not known any more. */
  async submit(exchange: Buffer): Promise<Results> {
    try {
      return await submit(this.client, exchange)
    } catch (error) {
      this.lose()
      throw error
    }
  }
  lose(): void {
    this.end().catch(() => {}) // it is gone either way
  }
  async end(): Promise<void> {
    if (this.isLost) return
    this.isLost = true
    await this.client.end()
  }
}

/** Anything but the server's word about the statement itself: the connection broke, or the server is going down or coming up. */
export const isLoss = (error: unknown): boolean =>
  !(error instanceof pg.DatabaseError) || /^(08(?!P01)|57P0[1-3])/.test(error.code ?? '')

export const unavailable = (purpose: string, error: unknown): StoreError =>
  new StoreError(
    'unavailable',
    `Expected to ${purpose}, but PostgreSQL says: ${error instanceof Error ? error.message || error.name : error}. See whether the database runs.`,
    { cause: error },
  )

/**
 * Connects, and again while the database is starting or away.
 * Rejects: StoreError `unavailable` once patience is over, at once when the server refuses us.
 * @param prepare called with a fresh connection; false means to try again
 */
export async function connected(
  connectionString: string,
  applicationName: string,
  prepare: (connection: Connection) => Promise<boolean> = async () => true,
  patienceMs = PATIENCE_MS,
): Promise<Connection> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    const connection = new Connection(connectionString, applicationName)
    let trouble: unknown = 'another session holds the partition'
    try {
      await connection.client.connect()
      if (await prepare(connection)) return connection
    } catch (error) {
      connection.lose()
      if (error instanceof StoreError) throw error
      trouble = error
      if (!isLoss(error)) throw unavailable('use the database', error)
    }
    connection.lose()
    if (performance.now() > deadline) throw unavailable('connect to the database', trouble)
    await pause(RETRY_MS)
  }
}

/** One connection for reading, opened again when it is lost: a read may be repeated. */
export class Reader {
  readonly #connectionString: string
  #connection: Promise<Connection> | null = null

  constructor(connectionString: string) {
    this.#connectionString = connectionString
  }
  async read(build: (exchange: Exchange) => void): Promise<Results> {
    for (;;) {
      const connection = await this.#open()
      const bytes = connection.exchange(build)
      try {
        return await connection.submit(bytes)
      } catch (error) {
        if (!isLoss(error)) throw unavailable('read the database', error)
      }
    }
  }
  async #open(): Promise<Connection> {
    const known = await this.#connection
    if (known && !known.isLost) return known
    const opening = connected(this.#connectionString, 'iter reader')
    this.#connection = opening
    opening.catch(() => {
      if (this.#connection === opening) this.#connection = null
    })
    return opening
  }
  async close(): Promise<void> {
    await (await this.#connection?.catch(() => null))?.end()
  }
}
