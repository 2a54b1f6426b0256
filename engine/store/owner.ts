/**
 * The one session that writes: it holds the partition, appends in order, and finds out what became of a batch whose answer was lost.
 *
 * Invariants
 * O1 One writer: a session lock keeps a second engine waiting, and its first row of the log, an epoch, takes the position that the old
 *    owner's next batch needs. So the old owner cannot write even where the lock has failed.
 * O2 A batch is sent only after the one before it has committed.
 * O3 The outcome of a lost commit is read under the lock, when the lost session has ended for certain.
 */
import pg from 'pg'
import { type Connection, connected, isLoss, unavailable } from './connection.ts'
import { StoreError } from './store.ts'
import { PARTITION } from './write.ts'

/** Session locks of Iter's partitions: this and the partition's number. */
const LOCK = 7_357
const FIRST_KEY = PARTITION * 2 ** 51 + 1
const UNIQUE_VIOLATION = '23505'
/** Malformed or impossible data, broken constraints, limits exceeded. */
const DATA_FAULT = /^(08P01|22|23|54)/

/** The last row of the log. */
export interface LogEnd {
  readonly lastPosition: number
  readonly epoch: number
  readonly nextKey: number
}

export class Owner {
  readonly #connectionString: string
  readonly #log: (line: string) => void
  #connection: Connection | null = null
  #epoch = 0

  constructor(connectionString: string, log: (line: string) => void) {
    this.#connectionString = connectionString
    this.#log = log
  }
  get epoch(): number {
    return this.#epoch
  }
  /** Null while it is lost. */
  get connection(): Connection | null {
    return this.#connection?.isLost ? null : this.#connection
  }

  /** Waits until no other engine holds the partition, then shuts it out of the log. */
  async take(): Promise<LogEnd> {
    this.#connection = await connected(this.#connectionString, 'iter owner')
    const { client } = this.#connection
    try {
      if (!(await tryLock(client))) {
        this.#log('Another engine works on this database; standing by until it ends.')
        await client.query('SELECT pg_advisory_lock($1, $2)', [LOCK, PARTITION])
      }
      for (;;) {
        const end = await this.#beginEpoch(client)
        if (end !== null) return end
      }
    } catch (error) {
      throw unavailable('take over the partition', error)
    }
  }
  /** Null when an owner without the lock was faster. */
  async #beginEpoch(client: pg.Client): Promise<LogEnd | null> {
    const last = await lastOf(client)
    const end = { lastPosition: last.lastPosition + 1, epoch: last.epoch + 1, nextKey: last.nextKey }
    const { rowCount } = await client.query(
      `INSERT INTO engine.log (partition, position, positions, epoch, next_key) VALUES ($1, $2, 1, $3, $4) ON CONFLICT DO NOTHING`,
      [PARTITION, end.lastPosition, end.epoch, end.nextKey],
    )
    if (rowCount === 0) return null
    this.#epoch = end.epoch
    return end
  }

  /**
   * Resolves once the batch is durable, whatever becomes of the connection meanwhile.
   * Rejects: StoreError; `unavailable` and `refused` when it was certainly not written.
   * @param exchange the batch for that connection
   */
  async write(position: number, exchange: (connection: Connection) => Buffer): Promise<void> {
    let isUnknown = false
    for (;;) {
      const connection = this.connection ?? (await this.#again(isUnknown))
      try {
        if (isUnknown && (await this.#isWritten(connection.client, position))) return
        // Made only to be sent: the connection counts on what it parses.
        await connection.submit(exchange(connection))
        return
      } catch (error) {
        if (!isLoss(error)) throw refused(error)
        isUnknown = true
      }
    }
  }
  async #isWritten(client: pg.Client, position: number): Promise<boolean> {
    const { rowCount } = await client.query(
      'SELECT FROM engine.log WHERE partition = $1 AND position = $2 AND epoch = $3',
      [PARTITION, position, this.#epoch],
    )
    return rowCount === 1
  }

  /** Comes back with the lock, if no other engine has taken over. */
  async #again(isUnknown: boolean): Promise<Connection> {
    try {
      this.#connection = await connected(this.#connectionString, 'iter owner', async ({ client }) => {
        const isHeld = await tryLock(client)
        if ((await lastOf(client)).epoch !== this.#epoch) throw fenced()
        return isHeld
      })
      return this.#connection
    } catch (error) {
      if (!isUnknown || (error instanceof StoreError && error.reason === 'fenced')) throw error
      const reason = error instanceof Error ? error.message : String(error)
      throw new StoreError('unknown-outcome-lost', `Expected to learn whether the last batch was written. ${reason}`)
    }
  }
  async close(): Promise<void> {
    await this.#connection?.end()
  }
}

async function tryLock(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS held', [
    LOCK,
    PARTITION,
  ])
  return rows[0]!.held
}

async function lastOf(client: pg.Client): Promise<LogEnd> {
  const { rows } = await client.query<{ last: string; epoch: number; next_key: string }>(
    `SELECT position + positions - 1 AS last, epoch, next_key FROM engine.log WHERE partition = $1 ORDER BY position DESC LIMIT 1`,
    [PARTITION],
  )
  const [row] = rows
  if (row === undefined) return { lastPosition: 0, epoch: 0, nextKey: FIRST_KEY }
  return { lastPosition: Number(row.last), epoch: row.epoch, nextKey: Number(row.next_key) }
}

const fenced = () =>
  new StoreError('fenced', 'Expected to own the partition, but another engine has taken over. Stop this one.')

function refused(error: unknown): StoreError {
  if (error instanceof StoreError) return error
  if (!(error instanceof pg.DatabaseError)) return unavailable('write a batch', error)
  const { code = '', table = '' } = error
  if (code === UNIQUE_VIOLATION && table === 'log') return fenced()
  if (!DATA_FAULT.test(code)) return unavailable('write a batch', error)
  // Without the server's text, which may quote what a client sent.
  return new StoreError('refused', `Expected to write a batch, but PostgreSQL refuses its data (${code} ${table}).`)
}
