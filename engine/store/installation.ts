/**
 * Which installation a database belongs to. One that is opened with another secret would answer with nulls for what was sealed before
 * and seal the rest anew, so that neither secret could read the whole log: it is refused instead.
 */
import type pg from 'pg'
import { StoreError } from './store.ts'

/** The first secret that opens the database is its own. Rejects: StoreError `other-secret`. */
export async function requireSecret(client: pg.Client, digest: Buffer): Promise<void> {
  await client.query('INSERT INTO engine.installation (secret_digest) VALUES ($1) ON CONFLICT DO NOTHING', [digest])
  const { rows } = await client.query<{ secret_digest: Buffer }>('SELECT secret_digest FROM engine.installation')
  if (rows[0]!.secret_digest.equals(digest)) return
  throw new StoreError(
    'other-secret',
    "Expected the secret that this database was first opened with, but the data directory holds another. Put back that installation's file 'secret'.",
  )
}
