/**
 * Durability on PostgreSQL: hot and history tables and the log, one exchange for each batch, one for each load.
 *
 * Owns: joining owner, reader, log keys and search. Does not own: SQL of rows (write.ts, load.ts), the fence (owner.ts), the log's bytes
 * (log-format.ts).
 */
import pg from 'pg'
import type { Want } from '../core/state/miss.ts'
import type { Loaded } from '../core/state/state.ts'
import type { BatchOperationItem } from '../protocol/batch-operations.ts'
import type { Query } from '../protocol/query.ts'
import type { Instant, Key } from '../protocol/records.ts'
import { type Connection, connected, isLoss, Reader, unavailable } from './connection.ts'
import { requireSecret } from './installation.ts'
import { loading, residents } from './load.ts'
import { LogKeys, SALT_BYTES } from './log-keys.ts'
import { LogReader } from './log-reader.ts'
import { migrate } from './migrate.ts'
import { Owner } from './owner.ts'
import { databaseOf } from './query/database.ts'
import { postgresQuery } from './query/index.ts'
import { selectedItems } from './query/selection.ts'
import { randomBytes } from './random-bytes.ts'
import { type BatchWrite, type Due, type Entry, type Opened, type Selection, type Store, StoreError } from './store.ts'
import type { Statement } from './wire.ts'
import { batchWriter, type Writing } from './write.ts'

/**
 * A page of rows is short work: to start processes or to compile for it takes longer than the page. Its rows are a few among many and
 * lie in memory, so that to look one up costs hardly more than to read on; else a whole table would be read for some dozens of them.
 */
const QUERY_SETTINGS = '-c max_parallel_workers_per_gather=0 -c jit=off -c random_page_cost=1.1'
/** Connections for searches, and how long one of them may take. */
const QUERY_CONNECTIONS = 4
const QUERY_MS = 30_000
/** So long a start waits for a database that does not answer: time enough to start beside it, not so long that one wonders. */
const FIRST_PATIENCE_MS = 10_000
/** So often a start begins again because the database went away in the middle of it. */
const OPENINGS_MAX = 10

export interface PostgresStoreOptions {
  readonly connectionString: string
  /** From which the log's keys are derived: at least 32 random bytes, the same for the life of the database. */
  readonly secret: Uint8Array
  readonly log: (line: string) => void
}

export const openPostgresStore = (options: PostgresStoreOptions): Store => new PostgresStore(options)

class PostgresStore implements Store {
  readonly #connectionString: string
  readonly #owner: Owner
  readonly #reader: Reader
  readonly #pool: pg.Pool
  readonly #keys: LogKeys
  readonly #writeBatch: ReturnType<typeof batchWriter>
  readonly #logReader: LogReader
  readonly query: Query
  /** Of the last batch that is durable. */
  #lastPosition = 0
  #turn: Promise<void> = Promise.resolve()
  #closed: Promise<void> | null = null

  constructor({ connectionString, secret, log }: PostgresStoreOptions) {
    this.#connectionString = connectionString
    this.#owner = new Owner(connectionString, log)
    this.#reader = new Reader(connectionString)
    this.#pool = new pg.Pool({
      connectionString,
      application_name: 'iter search',
      max: QUERY_CONNECTIONS,
      statement_timeout: QUERY_MS,
      options: QUERY_SETTINGS,
    })
    // An idle connection that ends is replaced by the next search.
    this.#pool.on('error', () => {})
    this.#keys = new LogKeys(secret)
    this.#writeBatch = batchWriter(this.#keys)
    this.#logReader = new LogReader(this.#pool, this.#keys)
    this.query = postgresQuery(this.#pool)
  }

  /** May be begun again: what was done of a step of the schema is taken back, and one more epoch shuts nobody out but us. */
  async open(): Promise<Opened> {
    for (let tries = 1; ; tries++) {
      const patience = tries === 1 ? FIRST_PATIENCE_MS : undefined
      const connection = await connected(this.#connectionString, 'iter migration', undefined, patience)
      try {
        return await this.#openBy(connection)
      } catch (error) {
        if (!wasCutOff(error) || tries === OPENINGS_MAX) throw error
      }
    }
  }
  async #openBy(connection: Connection): Promise<Opened> {
    try {
      await migrate(connection.client)
      await requireSecret(connection.client, this.#keys.secretDigest)
    } catch (error) {
      throw error instanceof StoreError ? error : unavailable('bring the schema up to date', error)
    } finally {
      await connection.end()
    }
    const { lastPosition, nextKey } = await this.#owner.take()
    this.#lastPosition = lastPosition
    const resident = residents.loaded(await this.#reader.read(residents.ask))
    return { nextKey, lastPosition, resident }
  }

  async load(wants: readonly Want[]): Promise<Loaded> {
    const { ask, loaded } = loading(wants)
    return loaded(await this.#reader.read(ask))
  }

  append(batch: BatchWrite): Promise<void> {
    const unknown = this.#rootsWithoutSalt(batch)
    // Made into bytes at once, while the batch before it commits.
    const ready = unknown.length === 0 ? this.#prepared(batch) : null
    const written = this.#turn.then(async () => {
      if (unknown.length > 0) await this.#logReader.loadSalts(unknown)
      await this.#write(batch, ready ?? this.#prepared(batch))
    })
    this.#turn = written.catch(() => {}) // its caller hears of it
    return written
  }
  async #write({ entries }: BatchWrite, exchange: (connection: Connection) => Buffer): Promise<void> {
    const { position } = entries[0]!
    if (position !== this.#lastPosition + 1) {
      const problem = `position ${position} after ${this.#lastPosition}`
      throw new StoreError(
        'unavailable',
        `Expected the batch that follows the last, but found ${problem}. One was lost.`,
      )
    }
    await this.#owner.write(position, exchange)
    this.#lastPosition = position + entries.length - 1
  }
  /** The bytes of the batch; once more if the connection they were made for is gone by then. */
  #prepared(batch: BatchWrite): (connection: Connection) => Buffer {
    const salt = randomBytes(SALT_BYTES)
    const writing: Writing = { ...batch, epoch: this.#owner.epoch, salt, seal: this.#keys.sealFor(salt) }
    const bytesFor = (connection: Connection) => connection.exchange((exchange) => this.#writeBatch(exchange, writing))
    const first = this.#owner.connection
    const bytes = first === null ? null : bytesFor(first)
    return (connection) => (connection === first && bytes !== null ? bytes : bytesFor(connection))
  }

  /** Gives salts to the root instances born in the batch; names those whose salt must be read. */
  #rootsWithoutSalt({ entries, changes }: BatchWrite): readonly Key[] {
    const { inserted = [], ended = [], deleted = [] } = changes.elementInstance ?? {}
    const gone = new Set(deleted)
    const born = [...inserted, ...ended.filter(({ key }) => !gone.has(key))]
    for (const { key, rootProcessInstanceKey } of born) if (key === rootProcessInstanceKey) this.#keys.born(key)
    const roots = new Set([
      ...entries.map((entry) => entry.rootProcessInstanceKey),
      ...ended.filter((row) => row.key === row.rootProcessInstanceKey).map(({ key }) => key),
    ])
    return [...roots].filter((root) => root > 0 && !this.#keys.knows(root))
  }

  async dueUntil(horizon: Instant, limit: number): Promise<readonly Due[]> {
    const parameters = [horizon, limit].map((value) => ({ type: 'int8' as const, value }))
    const [rows] = await this.#reader.read((exchange) => exchange.scalars(due, parameters))
    return rows!.map(([kind, key, at]) => ({ kind: kind as Due['kind'], key: Number(key), at: Number(at) }))
  }

  select(selection: Selection): Promise<readonly BatchOperationItem[]> {
    return selectedItems(databaseOf(this.#pool), selection)
  }

  read(after: number, limit: number): Promise<readonly Entry[]> {
    return this.#logReader.read(after, limit)
  }
  readInstance(processInstanceKey: Key): Promise<readonly Entry[]> {
    return this.#logReader.readInstance(processInstanceKey)
  }
  close(): Promise<void> {
    this.#closed ??= this.#end()
    return this.#closed
  }
  async #end(): Promise<void> {
    await this.#turn
    await Promise.all([this.#owner.close(), this.#reader.close(), this.#pool.end()])
  }
}

/** By the end of the database, not by what it said. */
const wasCutOff = (error: unknown): boolean =>
  error instanceof StoreError && error.reason === 'unavailable' && isLoss(error.cause)

const dueIn = (kind: Due['kind'], table: string, column: string, where = 'true') =>
  `(SELECT '${kind}', key, ${column} AS at FROM engine.${table} WHERE ${column} <= $1 AND ${where} ORDER BY ${column} LIMIT $2)`
const due: Statement = {
  name: 'due',
  sql: `${[
    dueIn('timer', 'timer', 'due_date'),
    dueIn('jobDeadline', 'job', 'deadline', `state = 'ACTIVATED'`),
    dueIn('jobBackoff', 'job', 'recurring_time'),
    dueIn('message', 'message', 'deadline'),
    `(SELECT CASE batch WHEN 'ACTIVATE' THEN 'activateBatch' ELSE 'terminateBatch' END, key, 0 AS at FROM engine.element_instance WHERE batch IS NOT NULL LIMIT $2)`,
    `(SELECT 'batchOperation', key, 0 AS at FROM engine.batch_operation WHERE state IN ('ACTIVE', 'CANCELED', 'FAILED') LIMIT $2)`,
    `(SELECT 'release', key, 0 AS at FROM engine.suspension WHERE state = 'RESUMING' LIMIT $2)`,
  ].join(' UNION ALL ')} ORDER BY at LIMIT $2`,
}
