/** Reads the log back: batches of the partition, or those of one process instance, with the salts that unseal them. */
import type pg from 'pg'
import type { Key } from '../protocol/records.ts'
import { decodeBatch, rootsIn } from './log-format.ts'
import type { LogKeys } from './log-keys.ts'
import type { Entry } from './store.ts'
import { PARTITION } from './write.ts'

/** Batches read at once, and their bytes: the last may go beyond. */
const BATCHES_MAX = 64
const BYTES_MAX = 16 * 1024 * 1024

interface BatchRow {
  readonly position: string
  readonly salt: Buffer | null
  readonly records: Buffer
}

export class LogReader {
  readonly #pool: pg.Pool
  readonly #keys: LogKeys

  constructor(pool: pg.Pool, keys: LogKeys) {
    this.#pool = pool
    this.#keys = keys
  }

  async read(after: number, limit: number): Promise<readonly Entry[]> {
    let entries: readonly Entry[] = []
    let bytes = 0
    for (let from = after; entries.length < limit && bytes < BYTES_MAX; ) {
      const batches = await this.#batchesAfter(from)
      if (batches.length === 0) break
      const found = await this.#decoded(batches)
      bytes += batches.reduce((sum, { records }) => sum + records.length, 0)
      entries = entries.concat(found.filter(({ position }) => position > after))
      from = found.at(-1)!.position
    }
    return entries.slice(0, limit)
  }
  async #batchesAfter(position: number): Promise<readonly BatchRow[]> {
    const { rows } = await this.#pool.query<BatchRow>(
      `SELECT position, salt, records FROM (
         SELECT *, sum(octet_length(records)) OVER (ORDER BY position) - octet_length(records) AS before FROM (
           SELECT position, salt, records FROM engine.log
           WHERE partition = $1 AND position + positions - 1 > $2 AND records IS NOT NULL AND position >= coalesce(
             (SELECT max(position) FROM engine.log WHERE partition = $1 AND position <= $2), 0)
           ORDER BY position LIMIT ${BATCHES_MAX}) AS batch) AS measured
       WHERE before < ${BYTES_MAX} ORDER BY position`,
      [PARTITION, position],
    )
    return rows
  }

  async readInstance(processInstanceKey: Key): Promise<readonly Entry[]> {
    const { rows } = await this.#pool.query<BatchRow>(
      `SELECT position, salt, records FROM engine.log WHERE partition = $2 AND position IN (
         SELECT position FROM engine.log_instance WHERE process_instance_key = $1
         UNION ALL SELECT log_position FROM engine.element_instance_history WHERE key = $1 AND log_position IS NOT NULL)
       ORDER BY position`,
      [processInstanceKey, PARTITION],
    )
    return this.#decoded(rows, processInstanceKey)
  }

  async #decoded(batches: readonly BatchRow[], only: Key | null = null): Promise<readonly Entry[]> {
    const roots = new Set(batches.flatMap(({ records }) => rootsIn(records)))
    // Read afresh, because a salt may have been wiped since.
    await this.loadSalts([...roots].filter((root) => root > 0))
    return batches.flatMap(({ position, salt, records }) =>
      decodeBatch(records, Number(position), this.#keys.sealFor(salt), only),
    )
  }

  async loadSalts(roots: readonly Key[]): Promise<void> {
    const { rows } = await this.#pool.query<{ key: string; salt: Buffer | null }>(
      'SELECT key, salt FROM engine.element_instance_all WHERE key = ANY($1::bigint[])',
      [roots],
    )
    const salts = new Map(rows.map(({ key, salt }) => [Number(key), salt]))
    for (const root of roots) this.#keys.found(root, salts.get(root) ?? null)
  }
}
