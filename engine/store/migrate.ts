/**
 * The schema, brought to this program's version by the numbered files of migrations/. A file that has been released is never changed.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { StoreError } from './store.ts'

const directory = join(import.meta.dirname, 'migrations')
/** Any number that no one else uses: two programs that start at once take turns. */
const LOCK = 7_357_001

interface Migration {
  readonly number: number
  readonly sql: string
}
const migrations: readonly Migration[] = readdirSync(directory)
  .filter((file) => file.endsWith('.sql'))
  .sort()
  .map((file) => ({ number: Number.parseInt(file, 10), sql: readFileSync(join(directory, file), 'utf8') }))

/** Rejects: StoreError `schema-newer`. */
export async function migrate(client: pg.Client): Promise<void> {
  await client.query('BEGIN')
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
    await client.query(`CREATE SCHEMA IF NOT EXISTS engine`)
    await client.query(
      `CREATE TABLE IF NOT EXISTS engine.migration (number int PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())`,
    )
    const { rows } = await client.query<{ number: number }>('SELECT number FROM engine.migration')
    const done = new Set(rows.map(({ number }) => number))
    requireKnown(Math.max(0, ...done))
    for (const { number, sql } of migrations) {
      if (done.has(number)) continue
      await client.query(sql)
      await client.query('INSERT INTO engine.migration (number) VALUES ($1)', [number])
    }
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {}) // the connection may be gone; the first error says why
    throw error
  }
}

function requireKnown(newest: number): void {
  const known = migrations.at(-1)!.number
  if (newest <= known) return
  throw new StoreError(
    'schema-newer',
    `Expected a database of schema ${known} or older, but it has schema ${newest}. Start the newer Iter that wrote it.`,
  )
}
